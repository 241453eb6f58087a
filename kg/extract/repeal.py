"""Finds what a document repeals: clean text, names in marks and numbers in; each repealed document with scope, dates and deciding words out.

A false repeal harms the person who relies on the document named. So a repeal is found only where name and verb stand in one of the
forms in which a repeal is drafted, and nothing round them asks for it, plans it, denies it or tells of somebody else's.
"""

import re
from collections.abc import Sequence
from functools import cache

from kg.extract.document_number import NumberMention
from kg.extract.repeal_list import find_listed
from kg.extract.repeal_reader import SINCE, Reader, Trigger, adverb, is_blocked, triggers
from kg.extract.repeal_target import (
    DATE, Name, Origin, Repeal, instrument_end, is_bound, is_history, is_named, is_strong, lapses, names_maker, origin, partial, provisions,
    without_separator,
)
from kg.extract.repeal_title import is_repealing_decision, retells
from kg.extract.title import TitleMention

__all__ = ["Repeal", "find_repeals", "is_repealing_decision"]

_ENDS = "。；，,;！!）)\n：:|"
_KINDS = "(?:规范性|政策)?(?:文件|规定|办法|通知|条例|规章|细则|意见|行政法规|法规|决定|公告|制度)"
_OWN_QUESTION = re.compile("[问答][:：]")


def find_repeals(text: str, titles: Sequence[TitleMention], numbers: Sequence[NumberMention]) -> list[Repeal]:
    """Every document that this text repeals, wholly or in part, in order of place; each name at most once.

    Drafts put out for comment, interpretations and the like tell of repeals and make none: nothing is found in them. `effective_date` is
    the day printed beside the repeal; where it is None the document's own effective date holds.
    """
    if retells(text):
        return []
    reader = Reader(text, titles, numbers)
    found: dict[int, Repeal] = {}
    for trigger in reader.triggers():
        start, end = reader.sentence(trigger.verb)
        if text[end - 1] == "？" or _OWN_QUESTION.match(text, reader.paragraph(trigger.verb)[0]):
            continue
        repeals = _before_verb(reader, trigger, start, end)
        if not repeals and triggers()[text[trigger.verb : trigger.end]]["before_object"] == "yes":
            repeals = _behind_verb(reader, trigger, start, end)
        for repeal in repeals:
            found.setdefault(repeal.start, repeal)
    for repeal in find_listed(reader):
        found.setdefault(repeal.start, repeal)
    return sorted(found.values(), key=lambda r: r.start)


# --- 《A》、《B》和《C》同时废止 -------------------------------------------------------------------------------------------------------------


@cache
def _tails() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    and_more = "(?:(?:及|和|以及)(?:其|有关|相关|配套)[^《》，。；的中与\n]{0,16})"
    and_others = "(?:等[^《》，。；：\n的中与同凡]{0,24})"
    these = rf"(?:[，,]?(?:上述|以上|前述)[^《》，。；的中与\n]{{0,6}}{_KINDS})"
    unless = r"(?:[，,]?除[^《》。；\n]{1,80}?外)"
    kept = rf"{these}?{unless}?(?:[，,、]?{SINCE})?{unless}?[，,]?(?:{adverb()}|{SINCE}){{0,4}}"
    whole = rf"(?:一文|的?通知)?{and_more}?{and_others}?(?:[（(][^（）()《》\n]{{0,60}}[）)])?{kept}"
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
    part: re.Match[str] | None = None
    if names and not whole.fullmatch(text, names[-1].after, trigger.verb):
        rest = text[names[-1].after : trigger.verb]
        part = partial(rest)
        if part and not behind_part.fullmatch(rest, part.end()):
            part = None
        if not part:
            told = bool(story.fullmatch(rest))
            if not told:
                late = _unmarked(reader, names[-1].after, trigger, whole)
                names = [*names, late] if late else []
    elif not names:
        late = _unmarked(reader, start, trigger, whole)
        names = [late] if late else []
    if not names:
        return []
    members = _members(text, names, start)
    if not members:
        return []
    first = members[0]
    lead = text[_lead_start(names, first, start) : first.start]
    clause = re.split("[，,：:]", re.sub(r"[（(][^（）()]{0,80}[）)]", "", lead))[-1]
    if is_bound(without_separator(lead)) or is_blocked(clause) or told and not names_maker(lead) or _TOLD_FORCE.search(text, start, trigger.verb):
        return []
    rest = text[names[-1].after : trigger.end]
    if triggers()[text[trigger.verb : trigger.end]]["alone"] == "no" and not company.search(text[first.start : trigger.verb] if not rest else rest + lead):
        return []
    return _repeals(reader, names, members, trigger, start, end, part)


_TOLD_FORCE = re.compile(rf"(?:已|业已|已经)(?:于|自|从|经)?(?:{DATE})?(?:起)?(?:正式|开始)?(?:施行|实施|执行|生效|废止|失效)")


def _lead_start(names: list[Name], name: Name, start: int) -> int:
    i = names.index(name)
    return names[i - 1].after if i else start


def _members(text: str, names: list[Name], start: int) -> list[Name]:
    """The names of one list that ends with the last of `names`: what goes on before it by 、 or 和, or after a comma by who made it."""
    taken = [names[-1]]
    kept = 1  # of `taken`, from the right: what is certain
    history = False  # the name on the right was an amending decision
    for i in range(len(names) - 2, -1, -1):
        name, right = names[i], names[i + 1]
        gap = text[name.after : right.start]
        if is_history(gap) or history and not without_separator(gap):
            history = True
            continue
        if not is_strong(gap):
            part = partial(gap)
            if part and is_strong(gap[part.end() :]) and gap[part.end() :]:
                gap = gap[part.end() :]
            elif gap[:1] not in "，,":
                break
        lead = without_separator(gap)
        if not (names_maker(lead) or _starts_history(lead) and history):
            break
        history = False
        if not is_strong(gap):
            kept = len(taken)  # a comma: only if what stands left of it turns out a list too
        taken.append(name)
    else:
        i = -1
    leftmost = taken[-1]
    lead = text[_lead_start(names, leftmost, start) : leftmost.start]
    if len(taken) > kept and names_maker(lead) or _no_comma(text, taken):
        kept = len(taken)
    return [n for n in reversed(taken[:kept])]
