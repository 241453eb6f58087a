"""Puts the mentions of one passage together: names in marks, numbers, standards, unquoted statutes in; what is cited, each once said, out.

A number in brackets after a title belongs to it; a short title (以下简称《方案》) and a bare 文种 in marks stand for what they were
introduced for; the document's own name, forms and certificates are no references.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kg import lines as line_kind
from kg.extract.date import parse_date
from kg.extract.document_number import NumberMention
from kg.extract.not_document import why_not_document
from kg.extract.standard import StandardMention
from kg.extract.statute_name import StatuteMention
from kg.extract.title import TitleMention
from kg.model import DocumentNumber

_SERIAL = "[〇○零一二三四五六七八九十百千\\d]"
_PART = rf"第\s?{_SERIAL}{{1,6}}\s?(?:编|篇|章|节|条|款|项|目|部分)(?:之[一二三四五六七八九十])?|第\s?[（(]{_SERIAL}{{1,3}}[）)]\s?项|第\s?\d{{1,3}}(?:\.\d{{1,3}}){{1,3}}\s?[节条]"
_PROVISIONS = re.compile(rf"(?:的)?((?:{_PART})(?:[、和及至]?(?:{_PART})){{0,12}})")
_BRACKET = re.compile(r"\s?[（(]((?:[^（）()\n]|[（(][^（）()\n]{0,30}[）)]){1,160})[）)〕]")
_SHORT = re.compile(r"以下(?:统|合|均|一并)?(?:简)?称(?:为|作)?[：:]?\s?(?:原|两办|新)?[《“\"‘]([^《》“”\"’]{1,30})[》”\"’]")
_INSIDE_NUMBER = re.compile(r"[（(][^（）()]{2,30}?[〔\[（(【]\d{4}[〕\])）】]\s?第?\d{1,5}\s?号[）)]$")
_BARE_SERIAL = re.compile(rf"第\s?({_SERIAL}{{1,5}})\s?号(?:令|公告)?")
# Words that alone in marks name no document but stand for one named before.
BARE_TYPES = frozenset(
    "意见 方案 办法 通知 规划 纲要 条例 决定 规定 细则 目录 批复 公告 指南 通告 计划 清单 标准 规范 规则 指引 措施 函 决议 报告 章程 制度 要点 "
    "实施意见 指导意见 若干意见 实施方案 行动方案 工作方案 总体方案 行动计划 实施办法 管理办法 暂行办法 实施细则 若干措施 若干规定 暂行规定 指导目录 指标体系 建设指南 "
    "解释 公约 协定 议定书 法 请示 汇报 工作意见 三年行动计划 暂行条例 实施条例 专项规划 发展规划 总体规划 建设规划 规划纲要 通则 导则 准则 规程 补充通知 草案 名录 名单 预案 应急预案 大纲 协议 备忘录 纪要 管理规范 技术规范".split()
)


@dataclass(frozen=True, slots=True)
class Cited:
    """One mention of another document. `start`…`end` is the name itself; `reach` is the end of what belongs to it (its number, 简称)."""

    start: int
    end: int
    reach: int
    title: str | None = None
    number: str | None = None
    numbers: tuple[str, ...] = ()
    date: str | None = None
    short_titles: tuple[str, ...] = ()
    provisions: tuple[str, ...] = ()
    anaphor_of: int | None = None  # start of the mention it stands for
    quoted: bool = True
    standard: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """What a document is called by itself."""

    titles: tuple[str, ...]
    numbers: tuple[str, ...]
    year: int | None
    document_type: str | None
    handed_on: tuple[str, ...] = ()  # annexes that others issued

    def keys(self) -> frozenset[str]:
        keys = set()
        for title in self.titles:
            k = line_kind.key(title)
            keys.add(k)
            m = re.search(r"关于(?:联合)?(?:印发|发布|公布|颁发|下发|颁布)(?:实施)?[《〈]?(.{4,}?)[》〉]?的(?:通知|公告|决定|函|令|通告)$", title)
            if m:
                keys.add(line_kind.key(m[1]))
        bare = {line_kind.key(re.sub(r"[（(][^（）()]{1,14}[）)]$", "", t)) for t in self.titles}
        return frozenset(k for k in keys | bare if len(k) >= 4)


def find_cited(
    text: str,
    titles: Sequence[TitleMention],
    numbers: Sequence[NumberMention],
    standards: Sequence[StandardMention],
    statutes: Sequence[StatuteMention],
    own: Own,
    *,
    interpreted: str | None = None,
    skip_until: int = 0,
    is_target: Callable[[int], bool] = lambda start: False,
) -> tuple[list[Cited], list[tuple[int, str]]]:
    """Everything the passage mentions that is another document, in order; and (position, reason) of what was left undecided.

    `interpreted`: title of the document a 解读 explains. `skip_until`: end of the head, where the document's own number stands.
    `is_target(start)`: the name at `start` is repealed here, so an equal title is an older document, not this one.
    """
    standing = _Numbers([*numbers, *(NumberMention(s.start, s.end, DocumentNumber(s.number)) for s in standards)])
    named = _Named(text, standing, own, interpreted, is_target)
    for mention in titles:
        named.read(mention)
    marks = _Spans([(m.start, m.end) for m in titles])
    of_standards = {s.start for s in standards}
    cited = named.cited
    for n in standing.all:
        known = n.start in named.taken or n.start in of_standards or n.number.text.replace("中华人民共和国", "") in named.own_numbers
        if not known and n.start >= skip_until and not marks.holds(n.start):
            cited.append(Cited(n.start, n.end, n.end, number=n.number.text, numbers=(n.number.text,), quoted=False, provisions=_provisions(text, n.end)))
    for s in standards:
        if s.start not in named.taken and not marks.holds(s.start):
            cited.append(Cited(s.start, s.end, s.end, title=s.title, number=s.number, numbers=(s.number,), quoted=False, standard=True))
    for u in statutes:
        if line_kind.key(u.title) not in named.own_keys:
            cited.append(Cited(u.start, u.end, u.end, title=u.title, quoted=False, provisions=_provisions(text, u.end)))
    return _without_doubles(cited), named.undecided


class _Named:
    """The names in marks of one passage, read in order: what each stands for depends on what was named and called in short before."""

    def __init__(self, text: str, numbers: "_Numbers", own: Own, interpreted: str | None, is_target: Callable[[int], bool]) -> None:
        self.text, self.numbers, self.own, self.interpreted, self.is_target = text, numbers, own, interpreted, is_target
        self.own_keys = own.keys()
        self.own_numbers = {n.replace("中华人民共和国", "") for n in own.numbers}
        self.cited: list[Cited] = []
        self.undecided: list[tuple[int, str]] = []
        self.taken: set[int] = set()  # starts of numbers that belong to a title
        self._at_start: dict[int, Cited] = {}
        self._by_type: dict[str, dict[str, int]] = {}  # bare 文种 → titles that end in it → start of the first mention
        self._shorts: dict[str, int | None] = {}  # short title → start of its antecedent; None: the document itself
        self._last_book: int | None = None  # end of the form or book just passed over: what is listed with it is another

    def read(self, mention: TitleMention) -> None:
        """Takes the mention in as a citation, as another name of one, or as none."""
        c = _with_surroundings(self.text, mention, self.numbers, self.taken)
        target = self.is_target(mention.start)
        if self._is_anaphor(c, target):
            return
        if not target and (self._is_own(c) or not c.number and _is_issued_here(self.text, c)):
            self._shorts.update(dict.fromkeys(c.short_titles))
        elif not target and self._is_no_document(c, mention):
            self._last_book = _after_volume(self.text, mention.end)
        elif c.number or c.title in self.own.handed_on or not _sees_annex(self.text, c.reach):
            self._cite(c)

    def _is_anaphor(self, c: Cited, target: bool) -> bool:
        """Whether the name stands for something introduced before; what it stands for is cited again, or left undecided."""
        title = c.title or ""
        bare = title in BARE_TYPES
        if title in self._shorts and (bare or not target):
            antecedent = self._shorts[title]
            if antecedent is not None and c.start >= self._at_start[antecedent].reach:  # 以下简称《方案》 itself says nothing of the plan
                self.cited.append(_anaphor(c, self._at_start[antecedent]))
            return True
        if not bare and (c.number is not None or len(title) > 8 or not _edition_of_short(title, self._shorts)):
            return False
        found = _antecedent(c, self._by_type, self.own, self.interpreted, self._shorts)
        if isinstance(found, int):
            self.cited.append(_anaphor(c, self._at_start[found]))
        elif found == "ambiguous":
            self.undecided.append((c.start, title))
        return True

    def _is_own(self, c: Cited) -> bool:
        return not _is_of_another_year(self.text, c, self.own) and _is_own(c, self.own, self.own_keys, self.own_numbers)

    def _is_no_document(self, c: Cited, mention: TitleMention) -> bool:
        """A form, a book, or what is listed beside one."""
        title, text = c.title or "", self.text
        if self._last_book is not None and text[self._last_book : mention.start] in ("、", "和", "") and not line_kind.TITLE_END.search(title):
            return True
        return why_not_document(title, text[max(0, mention.start - 30) : mention.start], text[mention.end : mention.end + 30]) is not None

    def _cite(self, c: Cited) -> None:
        self.cited.append(c)
        self._at_start[c.start] = c
        for word in _bare_types(c.title or ""):
            self._by_type.setdefault(word, {}).setdefault(c.title or "", c.start)
        self._shorts.update(dict.fromkeys(c.short_titles, c.start))


class _Spans:
    """Stretches that do not overlap, asked whether they hold a position."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [a for a, _ in spans]
        self._ends = [b for _, b in spans]

    def holds(self, position: int) -> bool:
        i = bisect_right(self._starts, position) - 1
        return i >= 0 and position < self._ends[i]


class _Numbers:
    """The number mentions of a text, found by where they start or end."""

    def __init__(self, numbers: Sequence[NumberMention]) -> None:
        self.all = sorted(numbers, key=lambda n: n.start)
        self._starts = [n.start for n in self.all]
        self._by_end = {n.end: n for n in self.all}
        self._by_start = {n.start: n for n in self.all}

    def starting_at(self, position: int) -> NumberMention | None:
        return self._by_start.get(position)

    def between(self, start: int, end: int) -> list[NumberMention]:
        return self.all[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def ending_before(self, position: int, text: str) -> NumberMention | None:
        for gap in range(7):
            n = self._by_end.get(position - gap)
            if n and "\n" not in text[n.end : position] and text[n.end : position].strip() in ("", "文", "文件", "发布的", "印发的", "文件印发的", "公布的"):
                return n
        return None


def _with_surroundings(text: str, mention: TitleMention, numbers: _Numbers, taken: set[int]) -> Cited:
    """The title with the number, date and short title printed around it."""
    title, inside = mention.title, None
    m = _INSIDE_NUMBER.search(title)
    if m:
        inside, title = m[0], title[: m.start()]
    found: list[str] = []
    shorts: list[str] = []
    date = None
    reach = mention.end
    for _ in range(3):
        m = _BRACKET.match(text, reach)
        if not m:
            break
        within = numbers.between(m.start(), m.end())
        names = _SHORT.findall(m[1])
        dated = parse_date(m[1]) if re.search("通过|公布|发布|颁布|批准|印发|施行", m[1]) else None
        bare = _BARE_SERIAL.search(m[1])
        if not (within or names or dated or bare and len(m[1]) < 30 or re.search("以下|下称|试行|修订|修正|年本|年版", m[1])):
            break
        found += [n.number.text for n in within]
        taken.update(n.start for n in within)
        if not within and bare and len(m[1]) < 30:
            found.append(f"第{int(bare[1])}号" if bare[1].isdigit() else bare[0])
        shorts += names
        date = date or dated
        reach = m.end()
    beside = None if found else numbers.starting_at(reach + (text[reach : reach + 1] == " "))
    if beside:  # 《…的通知》财税〔2016〕36号
        found.append(beside.number.text)
        taken.add(beside.start)
        reach = beside.end
    before = numbers.ending_before(mention.start, text)
    if before and before.start in taken:
        before = None
    if before and not found:
        found.append(before.number.text)
        taken.add(before.start)
    if inside and not found:
        found += [n.number.text for n in numbers.between(mention.start, mention.end)[-1:]]
    taken.update(n.start for n in numbers.between(mention.start, mention.end))
    return Cited(
        mention.start, mention.end, reach, title=title, number=found[0] if found else None, numbers=tuple(dict.fromkeys(found)), date=date,
        short_titles=tuple(dict.fromkeys(s for s in shorts if s != title)), provisions=_provisions(text, reach),
    )


def _provisions(text: str, at: int) -> tuple[str, ...]:
    m = _PROVISIONS.match(text, at)
    return (re.sub(r"\s", "", m[1]),) if m else ()


def _anaphor(c: Cited, of: Cited) -> Cited:
    return replace(c, title=of.title, number=of.number, numbers=of.numbers, date=of.date, anaphor_of=of.start)


def _bare_types(title: str) -> list[str]:
    """The bare 文种 a title may be called by later: 管理办法 and 办法; the inner one of 关于印发《X方案》的通知 as well."""
    found = []
    for form in (title, re.sub(r"[》〉]?的(?:通知|公告|决定)$", "", title)):
        form = re.sub(r"[（(][^（）()]{1,16}[）)][》〉]?$", "", form).rstrip("》〉")
        found += [form[-n:] for n in range(1, 7) if form[-n:] in BARE_TYPES]
    return list(dict.fromkeys(found))


def _edition_of_short(title: str, shorts: dict[str, int | None]) -> bool:
    return any(title.startswith(s) and re.fullmatch(r"[（(].{1,8}[）)]", title[len(s) :]) for s in shorts)


def _antecedent(
    c: Cited, by_type: dict[str, dict[str, int]], own: Own, interpreted: str | None, shorts: dict[str, int | None]
) -> int | str | None:
    """What a bare 文种 in marks stands for: a start, "own", "ambiguous", or None where nothing fits."""
    word = re.sub(r"[（(].{1,8}[）)]$", "", c.title or "")
    if word in shorts:
        antecedent = shorts[word]
        return "own" if antecedent is None else antecedent
    named = by_type.get(word, {})
    if interpreted and word in _bare_types(interpreted):
        first = next((start for title, start in named.items() if line_kind.key(title) == line_kind.key(interpreted)), None)
        if first is not None:
            return first
    if any(word in _bare_types(t) for t in own.titles) or own.document_type and word.endswith(own.document_type):
        return "own" if not named else "ambiguous"
    if len(named) == 1:
        return next(iter(named.values()))
    return "ambiguous" if named else None


def _is_own(c: Cited, own: Own, own_keys: frozenset[str], own_numbers: set[str]) -> bool:
    if c.number:
        if c.number.replace("中华人民共和国", "") in own_numbers:
            return True
        year = re.search(r"(?:19|20)\d{2}", c.number)
        if own_numbers or own.year and year and int(year[0]) != own.year:
            return False
    k = line_kind.key(c.title or "")
    return k in own_keys or line_kind.key(re.sub(r"[（(][^（）()]{1,14}[）)]$", "", c.title or "")) in own_keys


_MADE_IN = re.compile(r"(?P<year>(?:19|20)\d{2})年(?:\d{1,2}月(?:\d{1,2}日)?)?[^，。；《》\n]{0,30}(?:发布|公布|颁布|印发|制定|出台|下发)的$")


def _is_of_another_year(text: str, c: Cited, own: Own) -> bool:
    """2015年中共中央颁布的《X（试行）》 in the text that revises X: the edition before it."""
    made = _MADE_IN.search(text, max(0, c.start - 50), c.start)
    return made is not None and own.year is not None and int(made["year"]) != own.year


def _after_volume(text: str, at: int) -> int:
    m = re.match("第[一二三四五六七八九十]{1,2}[卷册辑]", text[at : at + 6])
    return at + m.end() if m else at


_ISSUED_NOW = re.compile(r"[^。；]{0,24}[，,]?现(?:予以?)?(?:印发|公布|发布|公开征求|向社会)")
_ISSUED_HERE = re.compile(r"[^，。；]{0,12}(?:印发|下发|发)给你们|[^，。；]{0,30}现予(?:以)?(?:印发|公布|发布)|[^，。；]{0,12}印发你们")


def _is_issued_here(text: str, c: Cited) -> bool:
    """现将《X》印发给你们: X is the text this notice issues."""
    before = text[max(0, c.start - 16) : c.start]
    if re.search("现将[^，。；]{0,12}$", before) and _ISSUED_HERE.match(text, c.reach):
        return True
    return bool(re.search("(?:制定|制订|编制|起草|签署|修订|拟定|拟订)了?$", before) and _ISSUED_NOW.match(text, c.reach))


def _sees_annex(text: str, at: int) -> bool:
    """《…清单》（见附件1）: an annex of the document itself."""
    return bool(re.match(r"\s?[（(](?:见|详见|附后|附件)", text[at : at + 6]))


def _without_doubles(cited: list[Cited]) -> list[Cited]:
    """A name found by two ways is one mention; the one in marks, then the longer one, stays."""
    kept: list[Cited] = []
    for c in sorted(cited, key=lambda c: (c.start, not c.quoted, -c.end)):
        if kept and c.start < kept[-1].end:
            if (c.quoted, c.end - c.start) > (kept[-1].quoted, kept[-1].end - kept[-1].start):
                kept[-1] = c
            continue
        kept.append(c)
    return kept
