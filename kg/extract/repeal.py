"""Finds what a document repeals: clean text, names in marks and numbers in; each repealed document with scope, dates and deciding words out.

A false repeal harms the person who relies on the document named. So a repeal is found only where name and verb stand in one of the
forms in which a repeal is drafted, and nothing round them asks for it, plans it, denies it or tells of somebody else's.
"""

import re
from functools import cache

from kg.extract.repeal_list import find_listed
from kg.extract.repeal_member import Member, kept, repeals
from kg.extract.repeal_reader import SINCE, Reader, Trigger, adverb, is_blocked, is_news, triggers, without_names
from kg.extract.repeal_target import (
    DATE,
    Name,
    Repeal,
    instrument_end,
    is_bound,
    is_history,
    is_named,
    is_strong,
    names_maker,
    partial,
    without_separator,
)

__all__ = ["Repeal", "find_repeals"]

_ENDS = "。.；，,;！!）)\n：:|"
_KINDS = "(?:规范性|政策)?(?:文件|规定|办法|通知|条例|规章|细则|意见|行政法规|法规|决定|公告|制度)"
_OWN_QUESTION = re.compile("[问答][:：]")


_NAMES_SOMETHING = re.compile("关于|条例|办法|规定|细则|规则|通知|决定|标准")


def find_repeals(reader: Reader) -> list[Repeal]:
    """Every document that a text repeals, wholly or in part, in order of place; each name at most once.

    Drafts put out for comment, interpretations and the like tell of repeals and make none: nothing is found in them. `effective_date` is
    the day printed beside the repeal; where it is None the document's own effective date holds.
    """
    text = reader.text
    if reader.retells or not reader.titles and not reader.numbers and not _NAMES_SOMETHING.search(text):
        return []
    found: dict[int, Repeal] = {}
    for trigger in reader.triggers():
        start, end = reader.sentence(trigger.verb)
        if text[end - 1] == "？" or _OWN_QUESTION.match(text, reader.paragraph(trigger.verb)[0]):
            continue
        said = _before_verb(reader, trigger, start, end)
        if not said and triggers()[text[trigger.verb : trigger.end]]["before_object"] == "yes":
            said = _behind_verb(reader, trigger, start, end)
        for repeal in said:
            found.setdefault(repeal.start, repeal)
    for repeal in find_listed(reader):
        found.setdefault(repeal.start, repeal)
    return sorted(found.values(), key=lambda r: r.start)


# --- 《A》、《B》和《C》同时废止 -------------------------------------------------------------------------------------------------------------


@cache
def _tails() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    and_more = (
        "(?:(?:及|和|以及)(?:其|有关|相关|配套|以前|此前|过去|原有)(?:[^《》，。；的中与\n]{0,16}"
        "|[^《》，。；\n]{0,40}(?:不一致|抵触|不符|不相符|冲突)的?(?:规定|文件|办法|政策)?))"
    )
    and_others = "(?:等(?!有关|相关|的)[^《》，。；：\n的中与同凡]{0,24})"
    these = rf"(?:[，,]?(?:上述|以上|前述)[^《》，。；的中与\n]{{0,6}}{_KINDS})"
    unless = r"(?:[，,]?除[^《》。；\n]{1,80}?外)"
    kept = rf"{these}?{unless}?(?:[，,、]?{SINCE})?{unless}?[，,]?(?:{adverb()}|{SINCE}){{0,4}}"
    counted = r"(?:等?(?:[一二两三四五六七八九十]{1,3}|\d{1,3})[项件部个][^《》，。；的]{0,16}[，,]?)"
    expired = r"(?:(?:有效期[^《》，。；]{0,24}届满|(?:有效|执行|适用|实施|试行)期限?(?:已经?)?(?:届?满|到期)|确定的(?:目标)?任务已经?完成|与本[一-鿿]{1,4}不(?:一致|符))[，,](?:经[^《》，。；]{1,10})?(?:不再延[长续][，,])?)"
    continued = rf"(?:继续(?:执行|实施|施行|有效)至{DATE}止?[，,])"  # 文继续执行至2024年6月30日，自2024年7月1日起停止执行
    whole = rf"(?:一文|文件|文|的?通知)?{counted}?(?:{expired}|{continued})?{and_more}?{and_others}?(?:[（(][^（）()《》\n]{{0,60}}[）)])?{kept}"
    decided = r"(?=[^，。]{0,24}(?:现|特|兹|决定))"
    story = (
        rf"{and_others}?[^《》。；\n]{{0,160}}[，,]{decided}(?:经[^，。]{{1,20}}[，,]?|为此[，,]?)?(?:我[^，。]{{1,6}}|本[^，。]{{1,4}}|现|特|兹){{0,2}}"
        rf"(?:研究)?(?:决定)?(?:{SINCE}[，,]?)?(?:对其|将其|{adverb()}){{0,4}}"
    )
    company = rf"{adverb()}|{SINCE}"
    return re.compile(whole), re.compile(rf"[，,]?{kept}"), re.compile(story), re.compile(company)


def _before_verb(reader: Reader, trigger: Trigger, start: int, end: int) -> list[Repeal]:
    text = reader.text
    if text[trigger.end : trigger.end + 1] not in _ENDS:
        return []
    opened = text.rfind("（", start, trigger.verb)
    if opened >= 0 and text.find("）", opened, trigger.verb) < 0:
        start = opened + 1  # the whole saying stands in brackets
    names = reader.names(start, trigger.verb)
    whole, behind_part, story, company = _tails()
    told = False
    part: str | None = None
    if len(names) > 1 and _ABOUT.fullmatch(text, names[-2].after, names[-1].start):
        names, inner = names[:-1], names[-1]
        about = _ABOUT_PART.match(text, inner.after, trigger.verb)
        if not about or not behind_part.fullmatch(text, about.end(), trigger.verb):
            return []
        part = text[names[-1].after : about.end()]
    elif names and not whole.fullmatch(text, names[-1].after, trigger.verb):
        rest = text[names[-1].after : trigger.verb]
        found = partial(rest)
        part = found[0] if found and behind_part.fullmatch(rest, found.end()) else None
        if not part:
            told = bool(story.fullmatch(rest))
            if not told:
                late = _unmarked(reader, names[-1].after, trigger, whole)
                names = [*names, late] if late else []
    elif not names:
        late = _unmarked(reader, start, trigger, whole)
        names = [late] if late else []
    if not names or _TOLD.search(without_names(text[start : trigger.verb])) or is_news(text[start : trigger.verb]):
        return []
    members = _members(text, names, start, part)
    first = members[0]
    lead = text[first.lead_start : first.name.start]
    rest = text[names[-1].after : trigger.verb]
    if not _may_stand(without_separator(lead)) or told and not (names_maker(lead) and len(members) == 1):
        return []
    if triggers()[text[trigger.verb : trigger.end]]["alone"] == "no" and not (reader.ends_others or company.search(rest) or company.search(lead)):
        return []
    return repeals(reader, members, trigger, (start, end), unless=kept(text, start, first, rest, trigger.end, end))


_ABOUT = re.compile("(?:中|里)?的?(?:关于|有关|涉及|对)")
_ABOUT_PART = re.compile("的?[^《》，。；]{0,12}(?:部分|规定|内容|条款|条文)")
_TOLD = re.compile(rf"(?:已|业已|已经)(?:于|自|从|经)?(?:{DATE})?(?:起)?(?:正式|开始)?(?:施行|实施|执行|生效|废止|失效)")
_GROUND = re.compile("(?:根据|按照|依据|依照|遵照)[^，]{0,60}?决定")


_BY = re.compile(r"(?:被|已经?由)[^，。；《》]{0,80}$|由$")  # 已被1999年…发布的《X》废止: X is what repealed
_DONE = re.compile(r"(?:废止|失效|停止执行)的$")  # 国发〔2016〕38号文件宣布失效的《X》


def _may_stand(lead: str) -> bool:
    """May a name behind `lead` be what is repealed? Not as an object of 根据 or 印发, nor where the repeal is asked for, denied or told."""
    lead = without_names(lead)
    if _BY.search(lead) or _DONE.search(lead):
        return False
    clause = re.split("[，,：:]", lead)[-1]
    return not is_bound(_GROUND.sub("", clause) if _GROUND.match(clause) else lead) and not is_blocked(clause)


def _members(text: str, names: list[Name], start: int, part: str | None) -> list[Member]:
    """The list that ends with the last of `names`: what stands before it joined by 、 or 和, or after a comma and named by who made it."""
    groups = [[(names[-1], part)]]
    leads = {names[-1].start: start}
    history = False  # the name on the right is an amending decision out of the past of another
    for name, right in zip(names[-2::-1], names[:0:-1], strict=True):
        taken = groups[-1][-1][0]
        leads[taken.start] = name.after
        gap = text[name.after : right.start]
        if is_history(gap) or history and not without_separator(gap):
            history = True
            leads[taken.start] = start
            continue
        own = partial(gap)
        if own and own.end() < len(gap) and (gap[own.end()] in "，," or is_strong(gap[own.end() :])):
            gap = gap[own.end() :]
            leads[taken.start] += own.end()
        else:
            own = None
        lead = without_separator(gap)
        joined = is_strong(gap)
        if not joined and (gap[:1] not in "，," or _FORCE_CLAUSE.search(gap)) or not (names_maker(lead) or history and _PAST.search(lead)):
            break
        history = False
        groups += [[]] if not joined else []
        groups[-1].append((name, own[0] if own else None))
        leads[name.start] = start
    if len(groups) > 1:
        leftmost = groups[-1][-1][0]
        if not names_maker(text[leads[leftmost.start] : leftmost.start]):
            groups.pop()
    return [Member(name, leads[name.start], own) for group in reversed(groups) for name, own in reversed(group)]


_FORCE_CLAUSE = re.compile("(?:施行|实施|执行|实行|生效)[，,]")
_PAST = re.compile(rf"{DATE}|通过|根据|批准")


def _unmarked(reader: Reader, start: int, trigger: Trigger, whole: re.Pattern[str]) -> Name | None:
    """A title without marks right before the verb: …发布的城市道路管理条例同时废止, 城市道路管理办法（国发〔1993〕12号）停止执行."""
    text = reader.text
    low = max(start, trigger.verb - 240)
    stretch = text[low : trigger.verb]
    for m in reversed(list(_instrument().finditer(stretch))):
        if "《" in stretch[m.start() :] or not whole.fullmatch(stretch, m.end()):
            continue
        head = max(stretch.rfind(c, 0, m.start()) for c in "，。；：《》、\n") + 1
        body = stretch[head : m.start("last") + len(m["last"])]
        verbs = list(_MADE.finditer(body))
        made = verbs[-1] if verbs else None
        at = made.end() if made else _UNSAID.match(body).end()
        title = body[at:]
        number = reader.number_between(low + m.start("last"), low + m.end())
        if is_named(title) and (made or number) and not is_blocked(body[:at]) and not _ANYBODY.search(body[:at]):
            begin = low + head + at
            return Name(begin, low + m.start("last") + len(m["last"]), low + m.end(), title, number, quoted=False)
        return None
    return None


@cache
def _instrument() -> re.Pattern[str]:
    return re.compile(rf"(?P<last>{instrument_end()})(?:[（(](?:[^（）()\n《》]|[（(][^（）()\n]{{0,40}}[）)]){{1,80}}[）)]){{0,2}}")


_MADE = re.compile("(?:发布|公布|颁布|颁发|印发|下发|制定|批准|批转|转发|通过|修订|修正)(?:施行|实施)?的(?:原)?")
_ANYBODY = re.compile("有关|相关|各|过去|以前|以往|此前|部门|地方|单位|企业|其他|本[省市县区部局委院厅]")
_UNSAID = re.compile(r"(?:第?[一二三四五六七八九十百\d]{1,5}[条、.．])?(?:原|对|将|把)?")


# --- 决定废止《A》和《B》 --------------------------------------------------------------------------------------------------------------------


_DECIDED = re.compile(r"(?:决定[：:，,]?|宣布|同时|一并|现|特|兹|即日起|起[，,]?|予以|如下[：:]|下列[^。]{0,12}[：:])$")
_OPENS = re.compile(r"^(?:第?[一二三四五六七八九十百\d]{1,4}[条、.．]|[（(][一二三四五六七八九十\d]{1,3}[）)])?$")
_REPORTED = re.compile(rf"{DATE}[，,]?(?![起至])(?:[^，。]{{0,30}}[，,])?[^，。会议]{{0,20}}(?:决定|宣布)$")


def _behind_verb(reader: Reader, trigger: Trigger, start: int, end: int) -> list[Repeal]:
    text = reader.text
    before = text[start : trigger.verb]
    if not (_DECIDED.search(before) or _OPENS.match(before) and _is_decided(reader, start)) or _REPORTED.search(before):
        return []
    if is_blocked(re.split("[，,：:]", text[start : trigger.start])[-1]) or _TOLD.search(without_names(before)) or is_news(before):
        return []
    names = reader.names(trigger.end, end)
    members: list[Member] = []
    position = trigger.end
    for name in names:
        gap = text[position : name.start]
        lead = without_separator(gap) if members else gap
        if not names_maker(lead) or members and not (is_strong(gap) or gap[:1] in "，,") or len(lead) > 400:
            break
        rest = text[name.after : end]
        part = partial(rest)
        members.append(Member(name, position, part[0] if part else None))
        position = name.after + (part.end() if part else 0)
    if not members or not _CLOSES.match(text, position, end) and position < end:
        return []
    return repeals(reader, members, trigger, (start, end), unless="除外" if "除外" in text[position:end] else None)


_CLOSES = re.compile(r"(?:及其[^《》，。；的]{0,16}|等[^《》，。；：]{0,40}|[一二两三四五六七八九十\d]{1,3}[项个件][^《》，。；：的]{0,20})?(?:[（(][^（）()]{0,60}[）)])?(?:[，,。；;：:\n]|$)")


def _is_decided(reader: Reader, start: int) -> bool:
    """Does a sentence that opens with 废止《…》 stand in a decision: its title says so, or 决定如下 stands before it?"""
    return reader.ends_others or bool(_RESOLVED.search(reader.text, max(0, start - 400), start))


_RESOLVED = re.compile(r"决定(?:如下)?[：:]|(?:公告|通知|通告)如下[：:]")
