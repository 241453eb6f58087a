"""Tests of kg.extract.title_relation: cases in tests/cases/title_relation.csv."""

import csv
import re
from pathlib import Path

import pytest

from kg.extract.title_relation import title_relations


def cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "cases" / "title_relation.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["title"])
def test_title_relations(case: dict[str, str]) -> None:
    found = title_relations(case["title"])
    assert "|".join(f"{r.relation}:{r.target_title}" for r in found) == case["expected"], case["why"]
    for r in found:
        assert re.sub(r"\s", "", case["title"][r.start : r.end]) == r.target_title
        assert r.trigger in case["title"]


def test_offsets_count_the_title_as_given() -> None:
    title = "国务院关于废止\n《甲市 专利办法》的决定"
    (relation,) = title_relations(title)
    assert relation.target_title == "甲市专利办法"
    assert title[relation.start : relation.end] == "甲市 专利办法"
