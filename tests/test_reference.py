"""kg.extract.reference: what a passage cites, with the numbers, short titles and provisions around; cases in tests/cases/reference.jsonl."""

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.document_number import find_numbers
from kg.extract.reference import Cited, Own, find_cited
from kg.extract.standard import find_standards
from kg.extract.statute_name import find_statute_names
from kg.extract.title import find_titles

CASES = rows("reference.jsonl")


NOBODY = Own((), (), None, None)


def cited(text: str, own: Own = NOBODY) -> tuple[list[Cited], list[tuple[int, str]]]:
    return find_cited(text, find_titles(text), find_numbers(text), find_standards(text), find_statute_names(text), own)


def own(case: dict) -> Own:
    return Own(tuple(case.get("own", ())), tuple(case.get("own_numbers", ())), None, case.get("own_type"))


def view(c: Cited, keys: set[str]) -> dict:
    every = {
        "title": c.title, "number": c.number, "date": c.date, "short_titles": list(c.short_titles), "provisions": list(c.provisions),
        "anaphor": c.anaphor_of is not None, "quoted": c.quoted,
    }
    return {k: v for k, v in every.items() if k in keys}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_what_is_cited(case: dict) -> None:
    found, undecided = cited(case["text"], own(case))
    keys = [set(c) for c in case["cited"]] + [{"title", "number"}] * max(0, len(found) - len(case["cited"]))
    assert [view(c, k) for c, k in zip(found, keys, strict=False)] == case["cited"]
    assert [word for _, word in undecided] == case.get("undecided", [])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_positions_and_reach(case: dict) -> None:
    end = 0
    for c in cited(case["text"], own(case))[0]:
        assert end <= c.start < c.end <= c.reach <= len(case["text"])
        assert not c.quoted or case["text"][c.start] == "《"
        end = c.end


PIECES = sorted({p for case in CASES for p in case["text"].replace("）", "）\0").replace("》", "》\0").split("\0") if p})


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_mentions_lie_apart_and_anaphors_point_back(text: str) -> None:
    found, undecided = cited(text, Own(("甲市节能工作方案",), ("甲政发〔2021〕8号",), 2021, "方案"))
    end = 0
    starts = set()
    for c in found:
        assert end <= c.start < c.end <= c.reach <= len(text)
        assert c.title or c.number
        assert c.anaphor_of is None or c.anaphor_of in starts
        end = c.end
        starts.add(c.start)
    assert all(text[at] == "《" for at, _ in undecided)
