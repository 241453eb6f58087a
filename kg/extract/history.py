"""Reads the note under a statute's title: its paragraphs in, one event a date — passed, approved, published, amended, revised — out.

修正 and 修改 change parts by a decision; 修订 without a decision is a new edition as a whole (立法技术规范（试行）（一）, 全国人大常委会法工委 2009, 17.1).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kg.extract.date import find_dates
from kg.extract.document_number import find_numbers
from kg.extract.title import TitleMention, find_titles
from kg.layout import Paragraph

EventKind = Literal["adopted", "approved", "published", "amended", "revised", "in_force"]
# The deciding session's decision, named without marks of its own: 关于修改《X条例》等十件地方性法规的决定.
_UNQUOTED = re.compile(r"关于(?:修改|修订|修正|废止和修改|修改和废止)(?:(?:部分|有关)?[^，。；《》]{0,16}|[《〈<][^。；]{2,120}?[》〉>][^，。；《》]{0,24})的决定")
_CHANGED = re.compile("修正|修改|修订")
_KINDS: tuple[tuple[EventKind, re.Pattern[str]], ...] = (
    ("approved", re.compile("批准")), ("published", re.compile("公布|发布|颁布|印发|公告")), ("adopted", re.compile("通过|制定|审议")),
    ("in_force", re.compile("施行|实施|生效")),
)
_IN_PART = re.compile("修正|修改")


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One event; positions in the clean text are those of the decision's name where one is printed, else of the date."""

    start: int
    end: int
    date: str
    kind: EventKind
    title: str | None = None  # of the decision that amended
    number: str | None = None
    paragraph_start: int = 0
    paragraph_end: int = 0


def _quoted(text: str, start: int) -> bool:
    """Does the name stand inside marks of its own: 《…关于修改〈X〉的决定》?"""
    return text.rfind("《", 0, start) > text.rfind("》", 0, start)


def read_history(paragraphs: Iterable[Paragraph]) -> tuple[HistoryEvent, ...]:
    """The events of the note, in the order printed."""
    events = []
    for p in paragraphs:
        dates = find_dates(p.text)
        for n, day in enumerate(dates):
            stop = dates[n + 1].start if n + 1 < len(dates) else len(p.text)
            segment = p.text[day.end : stop]
            titles = [TitleMention(m.start(), m.end(), m[0]) for m in _UNQUOTED.finditer(segment) if not _quoted(segment, m.start())] or find_titles(segment)
            outside = segment
            for t in reversed(titles):
                outside = outside[: t.start] + " " * (t.end - t.start) + outside[t.end :]
            numbers = find_numbers(segment)
            number = numbers[0].number.text if numbers else None
            if titles and _CHANGED.search(outside, titles[0].end):
                t = titles[0]
                events.append(HistoryEvent(p.start + day.end + t.start, p.start + day.end + t.end, day.iso, "amended", t.title, number, p.start, p.end))
                continue
            changed: EventKind = "amended" if _IN_PART.search(outside) else "revised"
            kind: EventKind | None = changed if _CHANGED.search(outside) else next((k for k, words in _KINDS if words.search(outside)), None)
            if kind is None and number and re.fullmatch(r"[\s一-鿿、]{0,40}令?\s?第?[〇○零一二三四五六七八九十百\d]+号?\s?令?[\s）)]*", outside):
                kind = "published"  # a day and the order alone
            if kind:
                events.append(HistoryEvent(p.start + day.start, p.start + day.end, day.iso, kind, None, number, p.start, p.end))
    return tuple(events)
