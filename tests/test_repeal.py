"""Repeals: what counts as one, what does not, and what is read of each."""

import time

import pytest
from case_rows import rows

from kg.extract.document_number import find_numbers
from kg.extract.repeal import Repeal, find_repeals
from kg.extract.repeal_reader import Reader
from kg.extract.repeal_target import is_bound, iso_date, names_maker, origin
from kg.extract.repeal_title import is_repealing_decision
from kg.extract.title import find_titles
from kg.text import Source, clean_view


def found(text: str) -> list[Repeal]:
    return find_repeals(Reader(text, find_titles(text), find_numbers(text)))


def view(repeal: Repeal, keys: set[str]) -> dict:
    """A repeal as a case row writes it: what the row does not speak of is left out."""
    every = {
        "title": repeal.title, "number": repeal.number, "scope": repeal.scope, "date": repeal.date, "issuers": repeal.issuers_text,
        "effective": repeal.effective_date, "provisions": list(repeal.provisions), "exception": repeal.exception,
    }
    return {k: every[k] for k in every if k in keys or k == "scope"}


@pytest.mark.parametrize("row", rows("repeal.jsonl"), ids=lambda r: r["why"])
def test_repeal_found(row):
    got = found(row["text"])
    want = [{"scope": "whole", **r} for r in row["repeals"]]
    keys = [set(r) for r in want] + [{"title", "number"}] * max(0, len(got) - len(want))
    assert [view(r, k) for r, k in zip(got, keys, strict=False)] == want


@pytest.mark.parametrize("row", rows("repeal_none.jsonl"), ids=lambda r: r["why"])
def test_repeal_refused(row):
    assert [(r.title or r.number, r.trigger) for r in found(row["text"])] == []


@pytest.mark.parametrize("row", rows("repeal_titles.jsonl"), ids=lambda r: r["title"])
def test_repealing_decision_by_title(row):
    assert is_repealing_decision(row["title"]) is row["repeals"], row["why"]


@pytest.mark.parametrize("row", rows("repeal.jsonl"), ids=lambda r: r["why"])
def test_repeal_offsets_lie_on_name_and_trigger(row):
    text = row["text"]
    for r in found(text):
        assert text[r.trigger_start : r.trigger_end] == r.trigger
        name = text[r.start : r.end]
        assert r.title is None or r.title in name
        assert r.title is not None or r.number is not None
        assert 0 < r.confidence <= 1


def test_repeal_found_once_however_often_said():
    text = "《采石管理办法》同时废止。\n自本办法施行之日起，《采石管理办法》停止执行。"
    assert [r.title for r in found(text)] == ["采石管理办法", "采石管理办法"]
    assert len({r.start for r in found(text)}) == 2


def test_repeal_across_a_wrapped_line():
    raw = "第九条 本办法自2020年3月1日起施行。2001年6月5日省人民政府公布的《河道采砂\n管理办法》同时废止。\n"
    text = clean_view(Source("a.txt", raw, "utf-8"), 1, 2).text
    assert [(r.title, r.date, r.effective_date) for r in found(text)] == [("河道采砂管理办法", "2001-06-05", "2020-03-01")]


@pytest.mark.parametrize(("lead", "date", "issuer"), [
    ("1990年6月3日国务院批准、1990年7月1日水利部发布的", "1990-07-01", "水利部"),
    ("2001年4月2日甲市第十一届人民代表大会常务委员会第二十次会议通过、2001年6月9日某省第九届人民代表大会常务委员会第二十二次会议批准的", "2001-04-02",
     "甲市第十一届人民代表大会常务委员会第二十次会议"),
    ("国务院一九八四年四月七日发布的", "1984-04-07", "国务院"),
    ("财政部1986年发布的", "1986", "财政部"),
    ("2006年1月1日起施行的", None, None),
    ("2014年5月8日第二次修订的", None, None),
    ("原水利电力部发布的", None, "原水利电力部"),
    ("", None, None),
])
def test_repeal_origin(lead, date, issuer):
    assert (origin(lead).date, origin(lead).issuers_text) == (date, issuer)


@pytest.mark.parametrize(("text", "iso"), [("一九五七年六月一日", "1957-06-01"), ("2013年2月30日", None), ("2011年度", None), ("1954年3月", "1954-03")])
def test_repeal_iso_date(text, iso):
    assert iso_date(text) == iso


@pytest.mark.parametrize(("lead", "bound", "maker"), [
    ("根据", True, False), ("印发", True, False), ("2003年5月1日省政府发布的", False, True), ("现行有效的", False, False), ("", False, True),
])
def test_repeal_lead(lead, bound, maker):
    assert (is_bound(lead), names_maker(lead)) == (bound, maker)


def test_repeal_is_linear_in_its_input():
    def seconds(text: str) -> float:
        names, numbers = find_titles(text), find_numbers(text)
        best = []
        for _ in range(3):
            start = time.perf_counter()
            find_repeals(Reader(text, names, numbers))
            best.append(time.perf_counter() - start)
        return min(best)

    for unit in ("本办法自2020年1月1日起施行。1999年5月4日省政府发布的《采石管理办法》同时废止。\n", "《甲》、", "废止", "同时废止，", "（《甲办法》", "根据《甲》修正的"):
        small, large = unit * (20_000 // len(unit)), unit * (200_000 // len(unit))
        assert seconds(large) < 30 * seconds(small) + 0.2, unit
