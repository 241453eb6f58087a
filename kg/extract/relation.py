"""Decides what a mention says of the other document: the words that govern it in its sentence in, relation and trigger out.

依据 and 贯彻 make based_on and implements only where a document states its grounds: its first paragraphs, article 1, an opening
总体要求. A text asked for is `calls_for_revision`, never `amends`; what others did or may do is told, not done. Repeals are decided in
`repeal`.
"""

import re
from dataclasses import dataclass

from kg.model import Relation

_BRACKET = "(?:[（(][^（）()]{0,60}[）)])?"
_END = "(?=[。；，：、]|$)"

# --- grounds and purposes
_HARDLY = "(?:进一步|深入|全面|认真|切实|扎实|更好地?|加快|大力|坚决|有效|积极|着力|严格|持续|抓好|做好)"
_GROUND = "根据|依据|依照|按照|遵照|遵循|按"
_CARRY_OUT = (
    rf"(?:深入|扎实|全面|大力|加快)推进(?=◆?$)|(?:为(?:了)?|以)?{_HARDLY}{{0,4}}(?:贯彻落实|贯彻执行|贯彻实施|贯彻|落实好?|推进实施|实施(?!细则|条例|办法|方案|意见|规定|纲要)好?|践行|执行)"
)
_GOVERNS = re.compile(rf"(?P<ground>{_GROUND})|(?P<carry>{_CARRY_OUT})")
_ENDED = re.compile(rf"{_BRACKET}[^，。；◆]{{0,4}}(?:已经?|业已)?(?:废止|失效|取消|停止执行)的")  # 依据《X》已经废止的文件
# Between a governing word and a title stand only other titles, bodies, dates: no new verb after a comma.
_LIST_ONLY = re.compile(
    r"(?:[^，,；;：:]|[，,][ 《]{0,2}(?=[◆]|$|和|及|以及|并(?:结合|参照|按照)|(?:全国|国务院|中共中央|党中央|中办|国办|两办|省|市|[一-鿿]{2,12}(?:部|委|局|厅|院))[一-鿿、]{0,20}(?:◆|$)))*"
)
_WEAK = re.compile("参照|参考|对照|比照|依托|结合|不得|违反|符合|适用|援引|除")
_DUTY = re.compile("(?:应当|应|须|必须|要|不得|可以|可|需|请|鼓励|支持|引导|允许)[^，。；]{0,8}$")
_OTHER_VERB = re.compile("(?:废止|修订|修改|制定|印发|编制|完善|公布)$")
_TOLD = re.compile("^[^。；]{0,60}(?:取得|成效|进展|收到.{0,6}效果)")

# --- texts asked for
_ASKED = (
    "研究制定|研究制订|研究编制|研究修订|研究起草|研究出台|制定出台|制定完善|制定实施|制定|制订|编制|起草|修订完善|修改完善|修订|修改|制修订|修编|动态更新|动态调整|优化调整|调整优化|优化细化|更新完善"
)
_MODAL = "将|应当|应|要|尽快|抓紧|适时|加快|推动|推进|研究|组织|探索|协调|配合|争取|积极|及时|定期|年底前|月底前|鼓励|支持|指导|会同[^，。]{0,24}"
_ASKED_LEFT = re.compile(
    rf"(?:(?P<modal>{_MODAL})[^，。；《》◆]{{0,8}}?)?(?P<verb>{_ASKED}|出台|发布|印发|公布|完善|优化|细化|更新|调整)"
    r"(?P<gap>(?:(?!动态|按照|根据|依照|依据|符合|遵守|应当|必须|违反|适用)[^，,。；《》◆]){0,10})$"
)
_INSISTS = re.compile("要|应|抓紧|尽快|适时|加快|年底前|月底前")
_LIST_LEFT = re.compile(r"(?:◆(?:[、和及与]|以及|等)?|[、和及])+$")
_ASKED_RIGHT = re.compile(
    rf"^(?:◆|[、和及与])*(?:等[^，。；◆]{{0,16}}?)?(?:的)?(?:立法|{_ASKED}|制定修订|立改废释|出台|修法)(?:[、和及]?(?:修订|修改|完善|出台|实施))?(?:工作|进程|任务|步伐)?(?=[，。；、]|$|工作|进程)"
)
# 制定《X》实施细则 makes the rules, not X; 《X》执法检查 is an inspection.
# 《X》由市财政局负责修订; 《X》列入立法工作计划，有关司局应当抓紧修订
_CHARGED_RIGHT = re.compile(
    rf"{_BRACKET}(?:◆|[、和及与])*(?:暂不废止[，,]|继续有效[，,])?(?:\d{{4}}年(?:\d{{1,2}}月)?底?前(?:完成)?|列入[^，。；]{{2,24}}计划[，,][^，。；]{{0,20}}(?:应当|要)?(?:抓紧|尽快|及时)?|(?:与本[^，。；]{{1,30}}不一致的[，,])?由[^，。；]{{2,50}}?(?:负责|牵头|抓紧|及时|组织|另行)[^，。；]{{0,6}}?)(?P<verb>修订|修改|修编)"
    rf"|{_BRACKET}(?:的?修[改订])(?P<listed>列入)[^，。；]{{2,30}}计划")
_PRESSED = re.compile("(?:工作|进程|任务)?(?:抓紧|加快|尽快|适时)?(?:推进|启动|开展|完成)?")  # 对《X》的修订工作抓紧推进
_OBJECT_ENDS = re.compile("[、，。；：）)◆（(]|$|修订草案|修正案|草案|和|及|与|等|以及|并|中|的(?:要求|工作)")
_LISTED = re.compile(r"将[^，。；《》◆]{2,80}?(?:增补)?(?:列入|纳入|增列入|补充进)$")
_CATALOGUE = re.compile(r"(?:目录|清单|名录)(?:[（(][^（）()]{1,12}[）)])?$")
_PAST = re.compile(r"(?:已|已经|曾|刚刚|近日|此前|先后|联合|共同|会同.{0,20}|年|月|日|了|国务院|部|委|局|厅|院)$")
_WANTED = re.compile("将|下一步|推动|推进|加快|抓紧|尽快|适时|研究(?:制定|出台|制订)|建议|计划")  # what an interview says is still to come
_LATER = re.compile("适时|年底前|月底前|计划|力争|逐步|拟|将来|研究")

# --- acts of the document itself
_EDITION_BY = re.compile("(?:第[一二三四五六七]次)?(?:修正|修订|修改)(?:后)?的◆")  # 根据《…的决定》修正的《X》 tells which text of X
_OWN_ACT = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．])?"
    r"(?:(?![^，]*(?:可以|可|应|须|不得|曾|已|请求|申请|要求|建议|有权|拟|是否)[^，]*(?:决定|同意))[一-鿿]{0,14}(?:决定|同意))?(?:现|兹|特|一并|并且|并|同时|相应|自.{4,18}起|在.{2,40}(?:内|区|范围))?(?:决定)?"
)
_HEARSAY = re.compile("可以|可$|不得|应当?|请求|申请|有权|要求|建议|拟|是否|已经?|曾|如需|需要|必要时|前期|企业|当事人")
_CHANGED_INTO = re.compile(
    rf"^{_BRACKET}(?!将|对|把|已)(?:的)?(?:[^，。；《》“”]|“[^”]{{0,200}}”){{0,60}}?(?:修改为|修订为|(?:第[^，。；]{{1,10}}[条款项]|中的?[“\"]|名称)[^，。；《》]{{0,40}}?(?:调整为|替换为|改为)|作(?:出)?(?:如下|以下)(?:修改|修订|调整|补充)|进行(?:如下|以下)(?:修改|修订|调整)|(?:调整|修改|修订|补充|更正)如下|更正为)"
)
_CHANGED = re.compile(rf"^{_BRACKET}(?:的)?[^，。；《》◆]{{0,20}}?(?:予以|作(?:出)?(?:相应|部分)?|进行(?:相应|部分)?)(?:修改|修订|修正){_END}")
_INSERTED = re.compile(rf"^{_BRACKET}(?:的)?第[^，。；]{{1,12}}条(?:之)?[后前中](?:面)?(?:增加|增设|插入)")
_OBJECT = re.compile(r"(?:将|对|把)(?:◆|[、和及与]|以及)*$")
_EXTENDED = re.compile(
    rf"^{_BRACKET}(?:的)?(?:(?:◆|[、和])*(?:需|应)?继续(?:实施|执行|施行)?(?:有效)?[，,])?(?:有效|执行|实施|施行|试行)期限?[^，。；]{{0,8}}(?:延长|顺延|延续)"
    rf"|^{_BRACKET}(?:◆|[、和])*等[^，。；]{{0,14}}(?:文件|政策|通知)[^。；]{{0,60}}期限?[^，。；]{{0,8}}(?:延长|顺延|延续)"
    rf"|^{_BRACKET}(?:◆|[、和])*规定的[^。；]{{0,30}}政策[^。；]{{0,50}}(?:期限?[^，。；]{{0,8}}(?:延长|顺延|延续)|继续执行)"
)
_CONTINUED = re.compile(rf"^{_BRACKET}(?:◆|[、和])*(?:等[^，。；]{{0,14}})?(?:自\d{{4}}年[^，。；]{{2,10}}起)?继续(?:执行|实施|有效|施行)(?:至\d{{4}}年|[一二三四五六七八九十\d]{{1,2}}年)")
_SUSPENDED = re.compile(r"(?P<words>(?:暂停|暂时停止)(?:执行|实施|施行|适用)|暂时调整(?:实施|适用|执行))(?:◆(?:第[^，。；、]{1,12}条)?|[、和])*$")
# 《X》中有关…的规定暂停执行
_STOPPED = re.compile(rf"^{_BRACKET}(?:(?:中|内)?的?[^，。；《》]{{0,60}}(?:规定|条款|政策|内容)|(?:中的?)?第[^，。；《》]{{1,40}})?(?:[，,]?自[^，。；]{{1,24}}起)?(?P<words>(?:暂停|暂时停止)(?:执行|实施|施行|适用))(?!的|期间|后|前)")
_DELETED = re.compile("(?:删去|删除)$")
_PROVISION = re.compile(rf"{_BRACKET}(?:中的?)?第")
_LISTED_REPLACING = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|\d{1,3}[.．、])?◆(?:[，,][^，。；]{0,16})?[，,]\s?(?:并)?代替(?:◆|[、和])*$")  # 一、《新》（…），代替《旧》（…)
_REPLACED = re.compile(rf"^{_BRACKET}(?:由|被|以)本[一-鿿]{{1,4}}?(?:所)?(?:代替|替代|取代)")
_REPLACING = re.compile(r"本(?:办法|规定|细则|通知|意见|条例|方案|标准)(?:代替|取代|替代)(?:◆|[、和])*$")
_STANDARDS_REPLACING = re.compile(r"(?:批准|发布)(?:发布)?[^。；]{0,80}(?:标准|规范|规程|导则)[^。；，]{0,12}[，,](?:并)?(?:同时)?代替(?:◆|[、和])*$")
_FORWARDED = re.compile(rf"^{_BRACKET}[^，。；]{{0,10}}(?:转发|批转)(?:给你们|你们|给你)")
_FORWARDED_NOW = re.compile(rf"^{_BRACKET}(?:(?:已经|业经|已|经)?[^，。]{{0,24}}(?:同意|批准|审定))?[，,]现(?:予以?)?(?:转发|批转)")
_RECEIVED = re.compile(rf"^{_BRACKET}(?:等文件|[及和][^，。]{{0,16}}(?:材料|附件|报告|函))?(?:均)?(?:收悉|悉|收到)")
_REQUEST = re.compile(r"(?:请示|建议|提案|函|报告|申请|来函|请求)(?:[（(].{0,20}[）)])?$")


@dataclass(frozen=True, slots=True)
class Context:
    """What the decision sees: the sentence with every other name masked, the place in the document, and what kind of document speaks."""

    left: str  # sentence before the mention; other names are ◆
    right: str  # after the mention and its number; other names are ◆
    preamble: bool
    retells: bool  # 解读, 答记者问, a press report: it tells of others' acts
    reply: bool  # 批复, 复函, 答复
    quoted: bool


def decide(context: Context, title: str | None) -> tuple[Relation, str | None]:
    """Relation and trigger of one mention.

    >>> decide(Context("为贯彻落实", "，制定本方案", True, False, False, True), "国家标准化发展纲要")
    ('implements', '为贯彻落实')
    """
    left, right = context.left, context.right
    if (context.reply or re.search("[你您贵][一-鿿]{0,6}$", left)) and _RECEIVED.search(right) and _REQUEST.search(title or ""):
        return "responds_to", "收悉"
    if not context.retells:
        if _FORWARDED.search(right) and re.search("将", left) and not re.search("已(?:经)?将|曾|前期", left) or _FORWARDED_NOW.search(right):
            return "forwards", "转发"
        changed = _change(left, right)
        if changed:
            return changed
        if _CATALOGUE.search(title or "") and _LISTED.search(left) and (_OBJECT_ENDS.match(right) or right[:1] in ("“", '"')):
            return "calls_for_revision", left[-6:]
    asked = _asked(context, title)
    if asked and (not context.retells or _WANTED.search(left)):
        return "calls_for_revision", asked
    governs = _governing(left, right)
    if governs is None:
        return "cites", None
    word, kind = governs
    if not context.preamble or context.retells:
        return "cites", word
    return ("based_on", word) if kind == "ground" else ("implements", word)


def _change(left: str, right: str) -> tuple[Relation, str] | None:
    """amends or replaces where the document itself does it; calls_for_revision where it plans to."""
    if _REPLACED.search(right) or _REPLACING.search(left) or _STANDARDS_REPLACING.search(left) or _LISTED_REPLACING.search(left):
        return "replaces", "代替"
    into = _CHANGED_INTO.search(right) or _INSERTED.search(right)
    m = into or _CHANGED.search(right)
    if m:
        governed = _OBJECT.search(left)
        before = left[: governed.start()] if governed else re.sub("在$", "", left) if into else None
        if before is not None:
            if _own_act(before):
                return "amends", _tail(m[0])
            if governed and into and _LATER.search(_clause(before)):
                return "calls_for_revision", _tail(m[0])
    if (_EXTENDED.search(right) or _CONTINUED.search(right)) and not _HEARSAY.search(_clause(left)) and _governing(left, right) is None:
        return "amends", "期限延长" if "期" in right else "继续执行"
    if (stopped := _STOPPED.match(right)) and not _HEARSAY.search(_clause(left)) and _governing(left, right) is None:
        return "amends", stopped["words"]
    suspended = _SUSPENDED.search(left)
    if suspended and not _HEARSAY.search(_clause(left[: suspended.start()])):
        return "amends", suspended["words"]
    if _DELETED.search(left) and _PROVISION.match(right) and _own_act(left[:-2]):
        return "amends", "删去"
    return None


def _clause(text: str) -> str:
    """The words since the last comma."""
    return re.split("[，,：:；;]", text)[-1]


def _own_act(before: str) -> bool:
    """Does nothing stand before 将 or 对 that makes it another's act, a duty, a wish or a tale?"""
    clause = _clause(before)
    return not clause.endswith("◆") and bool(_OWN_ACT.fullmatch(clause))


def _governing(left: str, right: str) -> tuple[str, str] | None:
    """The last governing word that reaches the mention, and its kind."""
    if _EDITION_BY.match(right) or _ENDED.match(right):
        return None
    last = None
    for m in _GOVERNS.finditer(left):
        last = m
    if last is None:
        return None
    before, between = left[: last.start()], left[last.end() :]
    if len(between) > 160 or not _LIST_ONLY.fullmatch(between) or _WEAK.search(re.sub("◆.*", "", between)) and "◆" not in between:
        return None
    if re.search("[一-鿿]{2,}(?:的)?(?:规定|要求)[，,]", between) or _DUTY.search(before) or _OTHER_VERB.search(between):
        return None
    if last["ground"] and re.search("的[，,]$", before):
        return None  # …的，依照《X》处理: the consequence of a rule
    if last["carry"] and "为" not in last[0] and _TOLD.match(right):
        return None  # 近年来，…认真贯彻落实《X》，取得明显成效
    if last["carry"] and last[0] in ("实施", "执行", "践行") and not re.search("[，。；、为]$|^$", before[-1:]):
        return None
    return last[0], "ground" if last["ground"] else "carry"


def _asked(context: Context, title: str | None) -> str | None:
    """The words that ask for the named text to be made or revised, if any do."""
    left = _LIST_LEFT.sub("", context.left) if context.left.endswith(("、", "和", "及", "◆")) else context.left
    m = _ASKED_LEFT.search(left)
    if m and (not context.preamble or m["modal"] and _INSISTS.search(m["modal"])):
        before = left[: m.start()]
        firm = m["verb"] in _ASKED.split("|")
        past = _PAST.search(before) and not m["modal"] or "了" in m["gap"] or re.search("已|印发的|的$", m["gap"]) or re.search("(?:予以|作出)$", before)
        # A task list goes on: 出台《X条例》及有关实施细则; 修订《A》，出台《B》.
        opens = m["verb"] == "出台" and (not before.strip("，、 ") or before.endswith("，") and bool(re.search(_ASKED, before)))
        changes = m["verb"] != "调整" or bool(_CATALOGUE.search(title or ""))
        if not past and changes and (firm or m["modal"] or opens) and not m["gap"].endswith("的") and _OBJECT_ENDS.match(context.right):
            return left[m.start("modal") if m["modal"] else m.start("verb") : m.end("verb")]
    if charged := _CHARGED_RIGHT.match(context.right):
        return charged["verb"] or charged["listed"]
    m = _ASKED_RIGHT.search(context.right)
    if m and m[0] and not re.search("(?:根据|按照|依据|依照)[^，]{0,40}$", context.left):
        if re.search("推动|推进|加快|抓紧|研究|启动|适时|组织|开展|完成|做好|配合", context.left[-60:] + _PRESSED.match(context.right[m.end() :])[0]) or "等" in m[0]:
            return _tail(m[0])
    return None


def _tail(text: str) -> str:
    """The last words in one piece: a trigger is a slice of its sentence."""
    pieces = [piece.strip("、和及与") for piece in re.split("[◆，。；]", text)]
    return next((piece for piece in reversed(pieces) if piece), "")[-12:]
