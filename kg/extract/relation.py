"""Decides what a mention says of the other document: the words that govern it in its sentence in, relation and trigger out.

依据 and 贯彻 make based_on and implements only where a document states its grounds: its first paragraphs, article 1, an opening
总体要求. A text asked for is `calls_for_revision`, never `amends`. Repeals are decided in `repeal`.
"""

import re
from dataclasses import dataclass

from kg.model import Relation

_HARDLY = "(?:进一步|深入|全面|认真|切实|扎实|更好地?|加快|大力|坚决|有效|积极|着力|严格|持续|抓好|做好)"
_GROUND = "根据|依据|依照|按照|遵照|遵循|按"
_CARRY_OUT = rf"(?:深入|扎实|全面|大力|加快)推进(?=◆?$)|(?:为(?:了)?|以)?{_HARDLY}{{0,4}}(?:贯彻落实|贯彻执行|贯彻实施|贯彻|落实好?|推进实施|实施好?|践行|执行)"
_GOVERNS = re.compile(rf"(?P<ground>{_GROUND})|(?P<carry>{_CARRY_OUT})")
# Between a governing word and a title stand only other titles, bodies, dates: no new verb after a comma.
_LIST_ONLY = re.compile(r"(?:[^，,；;：:]|[，,](?=[◆]|$|和|及|以及|并(?:结合|参照|按照)|(?:全国|国务院|中共中央|党中央|省|市|[一-鿿]{2,12}(?:部|委|局|厅|院))[一-鿿、]{0,20}◆))*")
_WEAK = re.compile("参照|参考|对照|比照|依托|结合|不得|违反|符合|适用|援引|除")
_ASKED = (
    "研究制定|研究制订|研究编制|研究修订|研究起草|研究出台|制定出台|制定完善|制定实施|制定|制订|编制|起草|修订完善|修改完善|修订|修改|制修订|修编|动态调整|优化调整|调整优化|优化细化|更新完善"
)
_ASKED_LEFT = re.compile(
    rf"(?:(?P<modal>将|应|应当|要|尽快|抓紧|适时|加快|推动|推进|研究|组织|探索|协调|配合|争取|积极|及时|定期|年底前|鼓励|支持|指导|会同[^，。]{{0,24}})[^，。；《》◆]{{0,8}})?"
    rf"(?P<verb>{_ASKED}|出台|发布|印发|公布|完善|优化|细化|更新)(?P<gap>(?:(?!按照|根据|依照|依据|符合|遵守|应当|必须|违反|适用)[^，,。；《》◆]){{0,10}})$"
)
_LIST_LEFT = re.compile(r"(?:◆(?:[、和及与]|以及|等)?|[、和及])+$")
_ASKED_RIGHT = re.compile(
    rf"^(?:◆|[、和及与])*(?:等[^，。；◆]{{0,16}}?)?(?:的)?(?:立法|{_ASKED}|制定修订|立改废释|出台|修法)(?:[、和及]?(?:修订|修改|完善|出台|实施))?(?:工作|进程|任务|步伐)?(?=[，。；、]|$|工作|进程)"
)
# 制定《X》实施细则 makes the rules, not X; 《X》执法检查 is an inspection.
_OBJECT_ENDS = re.compile("[、，。；：）)◆（(]|$|和|及|与|等|以及|并|中|的(?:要求|工作)")
_LISTED = re.compile(r"将[^，。；《》◆]{2,80}?(?:增补)?(?:列入|纳入|增列入|补充进)$")
_PAST = re.compile(r"(?:已|已经|曾|刚刚|近日|此前|先后|联合|共同|会同.{0,20}|年|月|日|了|国务院|部|委|局|厅|院)$")
_AMEND_RIGHT = re.compile(
    r"^(?:[（(][^（）()]{0,60}[）)])?(?:的)?(?:[^，。；《》]{0,40})?(?:修改为|修订为|调整为|替换为|改为|作(?:出)?(?:如下|以下)(?:修改|修订|调整|补充)|进行(?:如下|以下)(?:修改|修订|调整))"
    r"|^(?:[（(][^（）()]{0,60}[）)])?(?:的)?(?:有效期限?|执行期限?|实施期限?|施行期限?)(?:延长|顺延|延续)"
)
_CHANGED_RIGHT = re.compile(r"^(?:[（(][^（）()]{0,60}[）)])?(?:的)?[^，。；《》◆]{0,20}?(?:予以|作(?:出)?(?:相应|部分)?|进行(?:相应|部分)?)(?:修改|修订|修正)(?=[。；，：]|$)")
_EXTENDED_RIGHT = re.compile(r"^[^。；◆]{0,60}?(?:有效|执行|实施|施行)期限?(?:延长|顺延|延续)(?:至|到)")
_SUSPENDED_LEFT = re.compile(r"(?P<words>(?:暂停|暂时停止|中止|暂缓)(?:执行|实施|施行|适用)|暂时调整(?:实施|适用|执行))(?:◆|[、和及])*$")
_REPLACES_LEFT = re.compile(r"本(?:办法|规定|细则|通知|意见|条例|方案|标准)(?:代替|取代|替代)(?:◆|[、和及])*$")
_AMEND_LEFT = re.compile(r"(?:将|对|把)(?:[^，。；《》◆]{0,16}◆?[、和])*[^，。；《》◆]{0,16}$")
_REPLACED_RIGHT = re.compile(r"^(?:[（(][^（）()]{0,40}[）)])?(?:由|被|以)本[一-鿿]{1,4}?(?:所)?(?:代替|替代|取代)")
_FORWARD_NOW = re.compile(r"^(?:[（(][^（）()]{0,60}[）)])?(?:已经|业经|已|经)?[^，。]{0,24}(?:同意|批准|审定)[，,]现(?:予以?)?(?:转发|批转)")
_DUTY = re.compile("(?:应当|应|须|必须|要|不得|可以|可|需|请)[^，。；]{0,8}$")
_FORWARD = re.compile(r"^(?:[（(][^（）()]{0,60}[）)])?[^，。；]{0,10}(?:转发|批转)(?:给你们|你们|给你)")
_REQUEST = re.compile(r"^(?:[（(][^（）()]{0,60}[）)])?(?:等文件|及附件|均)?(?:收悉|悉|收到)")
_REQUEST_TITLE = re.compile(r"(?:请示|函|报告|申请|来函|请求)(?:[（(].{0,20}[）)])?$")


@dataclass(frozen=True, slots=True)
class Context:
    """What the decision sees: the sentence with every other name masked, the place in the document, and what kind of document speaks."""

    left: str  # sentence before the mention; other names are ◆
    right: str  # after the mention and its number; other names are ◆
    preamble: bool
    retells: bool  # 解读, 答记者问, a press report: it tells of others' acts
    reply: bool  # 批复, 复函
    quoted: bool


def decide(context: Context, title: str | None) -> tuple[Relation, str | None]:
    """Relation and trigger of one mention.

    >>> decide(Context("为贯彻落实", "，制定本方案", True, False, False, True), "国家标准化发展纲要")
    ('implements', '为贯彻落实')
    """
    left, right = context.left, context.right
    if context.reply and _REQUEST.search(right) and _REQUEST_TITLE.search(title or ""):
        return "responds_to", "收悉"
    if not context.retells:
        m = _FORWARD.search(right)
        if m and re.search("现将|将", left) or _FORWARD_NOW.search(right):
            return "forwards", "转发"
        m = _AMEND_RIGHT.search(right)
        if m and (_AMEND_LEFT.search(left) or "有效期" in m[0] or "执行期" in m[0] or "作" in m[0] or re.search("第.{1,6}[条款项]", m[0])) and not re.search("建议|拟|研究|征求", left):
            return "amends", _tail(m[0])
        hearsay = re.search("已(?:经)?$|曾|建议|拟|研究|征求|如需|需要", left[-40:])
        if not hearsay and (_CHANGED_RIGHT.search(right) and re.search("对|将", left[-30:]) or _EXTENDED_RIGHT.search(right)):
            return "amends", "修改" if _CHANGED_RIGHT.search(right) else "期限延长"
        suspended = _SUSPENDED_LEFT.search(left)
        if suspended and not re.search("已(?:经)?$|曾|建议|拟$", left[: suspended.start()][-8:]):
            return "amends", suspended["words"]
        if re.search("(?:删去|删除)$", left) and re.match("(?:[（(].{0,60}?[）)])?(?:第|中的?第)", right):
            return "amends", "删去"
        if _REPLACED_RIGHT.search(right) or _REPLACES_LEFT.search(left):
            return "replaces", "代替"
        if re.search(r"(?:目录|清单|名录)(?:[（(][^（）()]{1,12}[）)])?$", title or "") and _LISTED.search(left) and _OBJECT_ENDS.match(right):
            return "calls_for_revision", _tail(left[-6:])
        asked = _asked(context)
        if asked:
            return "calls_for_revision", asked
    governs = _governing(left)
    if governs is None:
        return "cites", None
    word, kind = governs
    if not context.preamble or context.retells:
        return "cites", word
    return ("based_on", word) if kind == "ground" else ("implements", word)


def _governing(left: str) -> tuple[str, str] | None:
    """The last governing word that reaches the mention, and its kind."""
    last = None
    for m in _GOVERNS.finditer(left):
        last = m
    if last is None:
        return None
    between = left[last.end() :]
    if len(between) > 160 or not _LIST_ONLY.fullmatch(between) or _WEAK.search(re.sub("◆.*", "", between)) and "◆" not in between:
        return None
    if re.search("[一-鿿]{2,}(?:的)?(?:规定|要求)[，,]", between) or _DUTY.search(left[: last.start()]):
        return None
    if last["carry"] and last[0] in ("实施", "执行", "践行") and not re.search("[，。；、为]$|^$", left[: last.start()][-1:]):
        return None
    return last[0], "ground" if last["ground"] else "carry"


def _asked(context: Context) -> str | None:
    """The words that ask for the named text to be made or revised, if any do."""
    left = _LIST_LEFT.sub("", context.left) if context.left.endswith(("、", "和", "及", "◆")) else context.left
    m = _ASKED_LEFT.search(left)
    if m and not context.preamble:
        before = left[: m.start()]
        firm = m["verb"] in _ASKED.split("|")
        past = _PAST.search(before) and not m["modal"] or "了" in m["gap"] or re.search("已|印发的|的$", m["gap"])
        opens = m["verb"] == "出台" and not before.strip("，、 ")  # a task list: 出台《X条例》及有关实施细则
        if not past and (firm or m["modal"] or opens) and not m["gap"].endswith("的") and _OBJECT_ENDS.match(context.right):
            return (m["modal"] or "") + m["verb"]
    m = _ASKED_RIGHT.search(context.right)
    if m and m[0] and not re.search("(?:根据|按照|依据|依照)[^，]{0,40}$", context.left):
        if re.search("推动|推进|加快|抓紧|研究|启动|适时|组织|开展|完成|做好|配合", context.left[-60:]) or "等" in m[0]:
            return _tail(m[0])
    return None


def _tail(text: str) -> str:
    return re.sub("[◆，。；]", "", text)[-12:]
