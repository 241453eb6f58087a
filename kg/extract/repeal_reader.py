"""Looks round the words that may repeal: clean text with its names and numbers in; triggers, sentences and free-standing names out."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from kg.extract.document_number import NumberMention
from kg.extract.repeal_target import DATE, Name, iso_date
from kg.extract.repeal_title import is_repealing_decision, reports_clear_out, retells
from kg.extract.title import TitleMention
from kg.tables import table

_LONGEST_SENTENCE = 6000
_BREAK = re.compile(r"[。；;！？\n]")
SINCE = r"(?:(?:从|自|由)[^《》，。；\n]{1,40}?(?:起|之日)|[于在]本[^《》，。；\n]{1,20}?(?:起|之日|时)|即日起|从即日起)"


@dataclass(frozen=True, slots=True)
class Trigger:
    start: int  # of the adverbs before the verb
    verb: int
    end: int
    text: str


@cache
def triggers() -> dict[str, dict[str, str]]:
    """The rows of the trigger table by word."""
    rows = table("repeal_triggers", columns=("word", "role", "before_object", "alone", "note"), key=("word",))
    return {row["word"]: row for row in rows}


@cache
def adverb() -> str:
    """A pattern for one adverb: 同时, 予以, 即行 …"""
    return "(?:" + "|".join(sorted((w for w, r in triggers().items() if r["role"] == "adverb"), key=len, reverse=True)) + ")"


@cache
def verb() -> re.Pattern[str]:
    return re.compile("|".join(sorted((w for w, r in triggers().items() if r["role"] == "verb"), key=len, reverse=True)))


@cache
def _adverbs_before() -> re.Pattern[str]:
    return re.compile(adverb() + "{1,4}$")


@cache
def _blockers() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    rows = list(table("repeal_blockers", columns=("word", "kind", "note"), key=("word",)))
    news = [r["word"] for r in rows if r["kind"] == "news"]
    words = [r["word"] for r in rows if r["kind"] != "news"]
    long = sorted((w for w in words if len(w) > 1), key=len, reverse=True)
    short = "".join(sorted(w for w in words if len(w) == 1))
    return re.compile("|".join(long)), re.compile(rf"^[{short}]|[{short}](?:对|将|把)?$"), re.compile(rf"(?<!\d)(?:{'|'.join(news)})")  # not 6月30日前


_GROUND = re.compile("^(?:根据|按照|依据|依照|遵照)[^，]{0,60}?(?:现|我[^，]{1,4})?决定")


def is_blocked(clause: str) -> bool:
    """Do the words of the clause that governs a name or a verb leave the repeal asked for, planned, denied or told?

    >>> is_blocked("建议将"), is_blocked("现将")
    (True, False)
    """
    long, short, _ = _blockers()
    clause = _GROUND.sub("", clause)
    return bool(long.search(clause) or short.search(clause))


def is_news(sentence: str) -> bool:
    """Is a sentence a report: 记者获悉, 日前?"""
    return bool(_blockers()[2].search(without_names(sentence)))


def without_names(text: str) -> str:
    """A stretch with names in marks and notes in brackets taken out, so that their words are not read as its own."""
    return _NOTE.sub("", _NAME.sub("", text))


_NAME = re.compile(r"《(?:[^《》]|《[^《》]{0,120}》){0,220}》")
_NOTE = re.compile(r"[（(][^（）()]{0,120}[）)]")


class Reader:
    """A clean text with its names and numbers, ready to be asked what stands where."""

    def __init__(self, text: str, titles: Sequence[TitleMention], numbers: Sequence[NumberMention]) -> None:
        self.text = text
        self.titles = titles
        self.title_starts = [t.start for t in titles]
        self.numbers = numbers
        self.number_starts = [n.start for n in numbers]
        self.head = [line for line in text[:600].split("\n")[:8] if len(line) <= 240]

    @cached_property
    def ends_others(self) -> bool:
        """Is the document by its title a decision that ends the force of others?"""
        return any(map(is_repealing_decision, self._titles))

    @cached_property
    def is_clear_out(self) -> bool:
        """Does the document by its title publish what a clear-out left, changed and ended?"""
        return any(map(reports_clear_out, self._titles))

    @cached_property
    def retells(self) -> bool:
        """Is the document a draft, an interpretation or the like, which changes nothing itself?"""
        return retells(self.text)

    @property
    def _titles(self) -> list[str]:
        """The first lines and each with the one below: a title may stand on two."""
        return [*self.head, *map("".join, pairwise(self.head))]

    def title_at(self, position: int) -> TitleMention | None:
        """The name in marks that holds a position."""
        i = bisect_right(self.title_starts, position) - 1
        return self.titles[i] if i >= 0 and self.titles[i].end > position else None

    def numbers_between(self, start: int, end: int) -> list[NumberMention]:
        i, j = bisect_left(self.number_starts, start), bisect_left(self.number_starts, end)
        return [n for n in self.numbers[i:j] if n.end <= end]

    def number_between(self, start: int, end: int) -> str | None:
        """The first number in a stretch, normalised."""
        found = self.numbers_between(start, end)
        return found[0].number.text if found else None

    def triggers(self) -> Iterator[Trigger]:
        """Verbs that may repeal, with the adverbs before them; those inside a name or a quotation left out."""
        text = self.text
        for m in verb().finditer(text):
            if self.title_at(m.start()) or self._is_quoted(m.start()):
                continue
            window = max(0, m.start() - 14)
            a = _adverbs_before().search(text[window : m.start()])
            start = window + a.start() if a else m.start()
            yield Trigger(start, m.start(), m.end(), text[start : m.end()])

    def _is_quoted(self, position: int) -> bool:
        """Inside “…”: words that a document writes into another, or reports. Marks inside names (《“四荒”使用权办法》) do not count."""
        low = max(0, position - 800)
        if self.text.rfind("“", low, position) < 0:
            return False
        depth = 0
        for m in _QUOTE.finditer(self.text, low, position):
            if self.title_at(m.start()):
                continue
            again = depth and m[0] == "“" and (not m.start() or self.text[m.start() - 1] == "\n")  # each paragraph of a long quotation opens it anew
            depth = depth if again else depth + 1 if m[0] == "“" else max(0, depth - 1)
        return depth > 0

    def sentence(self, position: int) -> tuple[int, int]:
        """Bounds of the sentence round a position, its closing mark included."""
        low = max(0, position - _LONGEST_SENTENCE)
        start = max(self.text.rfind(c, low, position) for c in "。；;！？\n") + 1 or low
        m = _BREAK.search(self.text, position, position + _LONGEST_SENTENCE)
        return start, m.end() if m else min(len(self.text), position + _LONGEST_SENTENCE)

    def paragraph(self, position: int) -> tuple[int, int]:
        """Bounds of the paragraph round a position, its line end left out."""
        end = self.text.find("\n", position)
        return self.text.rfind("\n", 0, position) + 1, len(self.text) if end < 0 else end

    def names(self, start: int, end: int) -> list[Name]:
        """Names that stand free in text[start:end], in order: not in brackets, not inside another name."""
        marks: list[tuple[int, int, str | None, str | None]] = []
        i = bisect_left(self.title_starts, start)
        while i < len(self.titles) and self.titles[i].start < end:
            if self.titles[i].end <= end:
                marks.append((self.titles[i].start, self.titles[i].end, self.titles[i].title, None))
            i += 1
        for n in self.numbers_between(start, end):
            if self._stands_alone(n, start, end):
                marks.append((n.start, n.end, None, n.number.text))
        found: list[Name] = []
        depth, position = 0, start
        marks = [self._with_notice(mark, start, end) for mark in marks]
        for begin, stop, title, number in sorted(marks, key=lambda x: x[0]):
            if begin < position:
                continue
            depth = _depth(self.text, position, begin, depth)
            position = stop
            if depth:
                continue
            after = _behind_brackets(self.text, stop, end)
            if title is None:
                m = _FILE.match(self.text, after, end)
                after = _behind_brackets(self.text, m.end(), end) if m else after
            else:
                close = next((n for n in self.numbers_between(after, end) if not self.text[after : n.start].strip(" \u3000")), None)
                after = close.end if close else after
                number = self.number_between(begin, after)
            found.append(Name(begin, stop, after, title, number))
            position = after
        return found

    def _with_notice(self, mark: tuple[int, int, str | None, str | None], start: int, end: int) -> tuple[int, int, str | None, str | None]:
        """关于印发《…》的通知 without marks of its own names the notice, not what it issues."""
        before = mark[2] and _ABOUT.search(self.text, max(start, mark[0] - 60), mark[0])
        behind = before and _NOTICE.match(self.text, mark[1], end)
        if not before or not behind:
            return mark
        return before.start(), behind.end(), self.text[before.start() : behind.end()], None

    def _stands_alone(self, n: NumberMention, start: int, end: int) -> bool:
        """Is a number itself the name: 国发〔1993〕12号文件同时废止? Not so in 省政府令第7号发布的《…》."""
        if self.title_at(n.start):
            return False
        return bool(_BEHIND_NUMBER.match(self.text, n.end, end) and _BEFORE_NUMBER.search(self.text[max(start, n.start - 8) : n.start]))

    def effective_date(self, start: int, trigger_start: int, end: int) -> str | None:
        """When a repeal takes effect, as printed in its sentence or for the whole document right before or behind it."""
        text = self.text
        days = [m[1] for m in _SINCE_DAY.finditer(text, start, end)]
        if days and days[-1]:
            return iso_date(days[-1])
        force = list(_IN_FORCE.finditer(text, max(0, start - 320), trigger_start))
        found = force[-1] if force else _IN_FORCE.match(text, end, end + 80)
        day = found and (found["day"] or found["bare"])
        return iso_date(day) if day else None


_SELF = r"(?:(?:本|该)[^，。；《》\n]{1,24}?|[》）)]|^|(?<=[。；\n，]))"
_IN_FORCE = re.compile(
    rf"{_SELF}(?:现予公布，)?(?:自|从|于)(?:(?P<day>{DATE})(?:[零〇\d]{{1,2}}时)?起?|[^，。；《》\n]{{0,24}}?(?:公布|发布|印发|颁布|通过|下发|批准|颁发|签发)(?:之日)?(?:后|满|[一二三四五六七八九十\d]{{0,3}}(?:日|天|个月)?)*起?)"
    rf"(?:正式|开始|同时|统一|起)?(?:施行|实施|执行|实行|生效|试行|起用|启用)(?!的)|本[^，。；《》\n]{{1,12}}?(?P<bare>{DATE})起(?:施行|实施|执行|生效)",
    re.M,
)
_SINCE_DAY = re.compile(rf"(?:从|自|由)(?:({DATE})起|[^《》，。；\n]{{1,40}}?(?:之日起?|起))(?![施实执生试]|正式|开始)")
_ABOUT = re.compile(r"关于[^，。；：《》\n]{0,40}$")
_NOTICE = re.compile(r"[^，。；：《》（）()\n]{0,40}?的(?:通知|决定|公告|通告|意见|批复|函|复函|决议)(?=[（(，。；、同自即予一停废失作]|和|及|以及|与|等)")
_QUOTE = re.compile("[“”]")
_FILE = re.compile("号?文件?")
_BEHIND_NUMBER = re.compile(
    r"(?:号?文件?)?(?:[（(][^（）()\n]{0,60}[）)])?(?:[、，,；;。\n]|以及|和|及|与|同时|自|即|予以|废|停|等|作|失|均|都|一|宣|终|不再|现|除|从|第|中|[二两三四五六七八九十\d]{1,3}[项个件]|$)"
)
_BEFORE_NUMBER = re.compile(r"(?:^|[、，,；;：:。.\n]|和|及|与|原|对|将|废止|执行|文件|通知|公告|下列|的)$")
_BRACKETS = re.compile(
    r"[（(](?:[^（）()\n]|[（(](?:[^（）()\n]|[（(][^（）()\n]{0,60}[）)]){0,120}[）)]){0,300}[）)]|〔[^〔〕\n]{0,40}〕|\[[^\[\]\n]{0,60}\]"
)

# 《公共建筑节能设计标准》GB 50189-2005: a standard's code stands behind its name without brackets
_STANDARD = re.compile(r"\s?[A-Z]{2,5}(?:/[TZ])?\s?\d{1,6}(?:\.\d{1,3})?\s?[-—–－]{1,2}\s?\d{2,4}")


def _behind_brackets(text: str, position: int, end: int) -> int:
    for _ in range(4):
        m = _BRACKETS.match(text, position, end) or _STANDARD.match(text, position, end)
        if not m:
            break
        position = m.end()
    return position


def _depth(text: str, start: int, end: int, depth: int) -> int:
    for c in text[start:end]:
        if c in "（(":
            depth += 1
        elif c in "）)" and depth:
            depth -= 1
    return depth
