"""Finds names of statutes that stand in running text without title marks: clean text in, mentions with offsets out.

A name counts where it is complete: it begins after a mark or a word that cannot be part of a name, and ends before one. 上市公司法人 does
not name 公司法, 健全法律法规 names nothing, and 河南省节约能源条例 is one name, of a local regulation.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from kg.regions import prefix_region
from kg.statutes import statutes
from kg.tables import table

_COUNTRY = "中华人民共和国"
_HAN = "一-鿿"
_MARKS_BACK = 220  # characters a title in title marks may hold
_TITLE_BACK = 60
_LONGEST_LIST = 20
_LOCAL_BACK = 44
_ENACTING = re.compile("(?:制定|制订|出台|起草)(?:了|和修订|、修订)?([" + _HAN + "]{2,14}?法)(?=[、，。；]|等|和|及|以及|$)")
_PROVISION = re.compile("第[一二三四五六七八九十百千零〇0-9]{1,6}[条章编]|所[称附]|规定的|(?:施行|公布)(?:之|前|后|以)|[和及]本(?:法|条例|办法|规定|细则|实施)")
_ARTICLE = re.compile("第[一二三四五六七八九十百千零〇0-9]{1,6}条$")
_LAWS_AT_LARGE = re.compile("[、和及]?(?:国家|有关|其他|基本){0,2}法[律规]")
_RULES = re.compile("实施(?:条例|细则)")
_AMENDMENT = re.compile("修正案(?:[（(][一二三四五六七八九十]{1,3}[）)])?")
_TRIAL = re.compile("[（(](?:试行|暂行)[）)]")
_DRAFT = re.compile("[（(](?:[" + _HAN + "]{0,6}草案|征求意见稿|送审稿|修订稿)")
_NEXT_LAW = re.compile("(?:、|以及|和|及|与)([" + _HAN + "]{2,14}?法)(?=[、，。；]|等|和|及|与|以及|制[定订修]|修[订改]|$)")
_PREVIOUS_LAW = re.compile("(?:^|[^" + _HAN + "]|和|及|与|以及)([" + _HAN + "]{2,14}法)(?:、|以及|和|及|与)$")
_IN_A_NAME = re.compile("[的和及与等、]|法[律规]")
_NUMBERING = re.compile(r"(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})?[、.．]?|[（(](?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})[）)]")
_CONTENTS_TAIL = re.compile(r"(?:[（(][^（）()\n]{1,40}[）)])?[.．…·\s]{0,50}[0-9]{0,4}")
_HARD = re.compile("[，。；：！？,;:!?《》〈〉“”\"（）()\n|]")
_DIVISION = re.compile("[省市区县州盟旗]$")
_JOINT = re.compile("(?:、|以及|和|及|与)$")
_LISTED = re.compile("[法典例定则章约书案》）)]$")
_FOREIGN = re.compile("[国省市州县区湾港澳本]$")


@dataclass(frozen=True, slots=True)
class StatuteMention:
    """One naming; `title` is as printed, `kg.statutes.statute_by_name` knows what it stands for, unless it is local or not yet made."""

    start: int
    end: int
    title: str


@cache
def _words(kind: str) -> tuple[str, ...]:
    rows = table("statute_name_words", columns=("kind", "text"), key=("kind", "text"))
    return tuple(sorted((r["text"] for r in rows if r["kind"] == kind), key=lambda w: (-len(w), w)))


@cache
def _machine() -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[str, str], ...]]:
    """The matcher, and for each pattern its kind and text: a statute's kind, or enacting, or local (the end of a local regulation's name)."""
    kinds = {name: s.kind for s in statutes() for name in (s.title, s.full_title, *s.short_names)}
    kinds = {name.replace("（", "(").replace("）", ")") if half else name: kind for name, kind in kinds.items() for half in (False, True)}
    patterns: dict[str, str] = {**kinds, **dict.fromkeys(("制定", "制订", "出台", "起草"), "enacting"), **dict.fromkeys(("条例", "办法"), "local")}
    order = tuple(sorted(patterns))
    machine = ahocorasick_rs.AhoCorasick(
        order, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA)
    return machine, tuple((patterns[p], p) for p in order)


def find_statute_names(text: str) -> list[StatuteMention]:
    """Every unquoted, complete name of a statute, a treaty or (after a word such as 根据) a local regulation, in order of place.

    Laws that are asked for (推动应对气候变化法、能源法制定修订) count too. Names inside title marks, behind 简称, inside the unquoted title of
    another document, and of drafts are none. `text` is clean: no white space from wraps.

    >>> [m.title for m in find_statute_names("根据民法典第一百五十三条和税收征管法规定的情形")]
    ['民法典', '税收征管法']
    """
    found: list[StatuteMention] = []
    taken: set[int] = set()
    for mention in _candidates(text):
        stretch = range(mention.start, mention.end)
        if taken.isdisjoint(stretch):
            taken.update(stretch)
            found.append(mention)
    return sorted(found, key=lambda m: m.start)


def _candidates(text: str) -> Iterator[StatuteMention]:
    machine, patterns = _machine()
    for index, start, end in machine.find_matches_as_indexes(text):
        kind, name = patterns[index]
        if kind == "enacting":
            yield from _enacted(text, start)
        elif kind == "local":
            yield from _local(text, end)
        else:
            mention = _national(text, start, end, kind, name)
            if mention is not None:
                yield mention
                if kind == "law":
                    yield from _neighbours(text, mention)
            elif name.endswith(("条例", "办法")):
                yield from _local(text, end)


def _national(text: str, start: int, end: int, kind: str, name: str) -> StatuteMention | None:
    if _in_marks(text, start) or _is_line(text, start, end):
        return None
    if rules := _RULES.match(text, end):
        end = rules.end()
    elif name.endswith(("刑法", "宪法")) and (amendment := _AMENDMENT.match(text, end)):
        end = amendment.end()
        name = text[start:end]
    if not _ends(text, end, text[end - 1]) or not _begins(text, start, end, kind, name) or _in_unquoted_title(text, start, end):
        return None
    return StatuteMention(start, end, text[start:end])


def _in_marks(text: str, position: int) -> bool:
    """Whether the nearest title mark before is an opening one, on the same line."""
    low = max(0, position - _MARKS_BACK)
    opened = text.rfind("《", low, position)
    return opened > text.rfind("》", low, position) and opened > text.rfind("\n", low, position)


def _is_line(text: str, start: int, end: int) -> bool:
    """A name that makes up a line, or a line of a contents page (2、专利代理条例……5), is a heading: a document's own title, not one it cites."""
    low = max(0, start - 8)
    line = text.rfind("\n", low, start)
    head = text[line + 1 if line >= 0 else low : start]
    if (line < 0 and low > 0) or not _NUMBERING.fullmatch(head):
        return False
    stop = text.find("\n", end, end + 60)
    tail = text[end : stop if stop >= 0 else end + 60]
    return (stop >= 0 or len(text) <= end + 60) and _CONTENTS_TAIL.fullmatch(tail) is not None


def _ends(text: str, end: int, last: str) -> bool:
    if text.startswith(_words("after_yes"), end):
        return True
    if _DRAFT.match(text, end):
        return False
    if last == "典":  # 民法典型案例
        return text[end : end + 1] != "型"
    return not text.startswith(_words("after_not"), end)


def _begins(text: str, start: int, end: int, kind: str, name: str) -> bool:
    before = text[max(0, start - 8) : start]
    if before.endswith(("简称", "下称", "简称为")):
        return False
    if name.startswith(_COUNTRY) or kind == "treaty":
        return True
    if before.endswith(_words("strong")):
        return name != "宪法" or not _LAWS_AT_LARGE.match(text, end) or before.endswith(("根据", "依据")) and text[end] == "和"
    provision = _PROVISION.match(text, end) is not None
    joint = _JOINT.search(before)
    if name in _words("ambiguous"):
        return (provision and not _FOREIGN.search(before)) or (joint is not None and text.endswith(_laws(), 0, start - len(joint[0])))
    if kind != "law" and joint is not None and not _LISTED.search(before, 0, joint.start()):
        return False  # 新型墙体材料发展应用与民用建筑节能条例 is one name
    if not before or not _is_han(before[-1]) or _ARTICLE.search(before):
        return True
    if before.endswith(_words("before")):
        return kind == "law" or before[-1] != "的"  # 该行业的发票管理办法 is any such 办法
    return provision and not _FOREIGN.search(before)


@cache
def _laws() -> tuple[str, ...]:
    return tuple(name for s in statutes() if s.kind == "law" for name in (s.title, *s.short_names))


def _is_han(character: str) -> bool:
    return "一" <= character <= "鿿"


def _in_unquoted_title(text: str, start: int, end: int) -> bool:
    """关于修改专利法的决定, 关于实施行政许可法有关问题的通知: the name is part of the title of another document."""
    before = text[max(0, start - _TITLE_BACK) : start]
    cut = max(before.rfind(mark) for mark in "。；，\n》")
    if before.find("关于", cut + 1) < 0:
        return False
    after = _HARD.split(text[end : end + _TITLE_BACK], maxsplit=1)[0]
    return re.search("的[" + _HAN + "]{0,4}?(?:" + "|".join(_words("title_end")) + ")", after) is not None


def _enacted(text: str, start: int) -> Iterator[StatuteMention]:
    m = _ENACTING.match(text, start)
    if m is not None and not _in_marks(text, start):
        yield from _law_to_be(text, m.start(1), m.end(1))
        yield from _next_laws(text, m.end(1))


def _law_to_be(text: str, start: int, end: int) -> Iterator[StatuteMention]:
    """The name of a law between the two offsets, without the words that ask for it (加快制定电信法 gives 电信法)."""
    name = text[start:end]
    asking = (*_words("making"), *_words("before"), *_words("strong"), "应当")
    head = max((name.rfind(w) + len(w) for w in asking if len(w) > 1 and w in name), default=0)
    name = name[head:]
    if len(name) < 3 or name.endswith((*_words("not_law"), *_words("ambiguous"))) or _IN_A_NAME.search(name):
        return
    yield StatuteMention(start + head, end, name)


def _neighbours(text: str, mention: StatuteMention) -> Iterator[StatuteMention]:
    """Laws that are not in the table, in a list with one that is, where the list is asked to be made or revised."""
    cut = max(text.rfind(mark, max(0, mention.start - 80), mention.start) for mark in "。；\n")
    before = text[max(cut + 1, mention.start - 80) : mention.start]
    after = _HARD.split(text[mention.end : mention.end + 80], maxsplit=1)[0]
    if not any(w in before or w in after for w in _words("making")):
        return
    yield from _next_laws(text, mention.end)
    if (m := _PREVIOUS_LAW.search(before)) is not None:
        at = mention.start - len(before)
        yield from _law_to_be(text, at + m.start(1), at + m.end(1))


def _next_laws(text: str, end: int) -> Iterator[StatuteMention]:
    for _ in range(_LONGEST_LIST):
        m = _NEXT_LAW.match(text, end)
        if m is None:
            return
        yield from _law_to_be(text, m.start(1), m.end(1))
        end = m.end(1)


@cache
def _local_start() -> re.Pattern[str]:
    return re.compile("(?:" + "|".join((*_words("strong"), "制定", "出台", "以及", f"(?<=[{_HAN}》）)])、", "和", "及", "与")) + ")")


def _local(text: str, end: int) -> Iterator[StatuteMention]:
    """The local regulation whose name ends here, where a region opens it right after a word that cannot be part of it."""
    if text[end - 3 : end - 2] in "本该此、，。的《" or _in_marks(text, end):
        return
    low = max(0, end - _LOCAL_BACK)
    window = text[low:end]
    hard = max((m.end() for m in _HARD.finditer(window)), default=0)
    if not any(mark in window[hard:] for mark in "省市区县州盟旗"):
        return
    for m in reversed(list(_local_start().finditer(window, hard))):
        start = m.end()
        found = prefix_region(window[start:])
        if found is None:
            continue
        head, rest = window[start : len(window) - len(found[1])], found[1]
        if not _DIVISION.search(head):
            continue
        subject = rest[:-2].removeprefix("实施")
        if len(subject) < 2 or any(v in subject for v in _words("local_verb")) or re.search("的|条例|办法", subject):
            return
        if rest.endswith("办法") and not rest.startswith("实施") and not subject.endswith(_words("local_head")):
            return
        if not _ends(text, end, text[end - 1]) or _in_unquoted_title(text, low + start, end):
            return
        trial = _TRIAL.match(text, end)
        stop = trial.end() if trial else end
        yield StatuteMention(low + start, stop, text[low + start : stop])
        return
