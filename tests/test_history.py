"""kg.extract.history: the note under a statute's title, event by event; cases in tests/cases/history.csv."""

import pytest
from case_rows import parts, rows

from kg.extract.date import find_dates
from kg.extract.history import HistoryEvent, read_history
from kg.layout import Paragraph

CASES = rows("history.csv")


def read(text: str) -> tuple[HistoryEvent, ...]:
    return read_history([Paragraph(0, len(text), text)])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"])
def test_events(case: dict[str, str]) -> None:
    found = [" ".join(x for x in (e.kind, e.date, e.title, e.number) if x) for e in read(case["text"])]
    assert found == parts(case["expected"]), case["why"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"])
def test_positions_cut_out_the_decision_or_the_date(case: dict[str, str]) -> None:
    before = "甲条例\n"
    text = before + case["text"]
    for e in read_history([Paragraph(len(before), len(text), case["text"])]):
        cut = text[e.start : e.end]
        assert e.title in cut if e.title else [m.iso for m in find_dates(cut)] == [e.date]
        assert text[e.paragraph_start : e.paragraph_end] == case["text"]


def test_events_keep_the_order_of_their_paragraphs() -> None:
    notes = ["2007年10月28日第十届全国人民代表大会常务委员会修订", "1997年11月1日第八届全国人民代表大会常务委员会通过"]
    both = read_history([Paragraph(0, len(notes[0]), notes[0]), Paragraph(99, 99 + len(notes[1]), notes[1])])
    assert [(e.kind, e.start >= 99) for e in both] == [("revised", False), ("adopted", True)]
