"""kg.statutes: names are found whatever their print, and the table keeps its own rules."""

import csv
from pathlib import Path

import pytest

from kg.statutes import statute_by_name, statutes

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "statutes.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_a_name_gives_its_statute(case: dict[str, str]) -> None:
    found = statute_by_name(case["name"])
    assert (found.title if found else "") == case["title"], case["why"]


def test_every_statute_is_found_by_each_of_its_names() -> None:
    for s in statutes():
        for name in (s.title, s.full_title, *s.short_names):
            assert statute_by_name(name) is s


def test_no_statute_comes_into_force_before_it_is_adopted_or_lapses_before_that() -> None:
    for s in statutes():
        dates = [d for d in (s.adopted, s.effective, s.repealed_on) if d]
        assert dates == sorted(dates), s.title


def test_a_successor_is_in_force_by_the_day_of_the_repeal() -> None:
    """Not by the day before: 民法典 repeals 合同法 on the day it comes into force."""
    for s in statutes():
        if s.repealed_by and s.repealed_on:
            successor = statute_by_name(s.repealed_by)
            assert successor is not None
            assert successor.effective is None or successor.effective <= s.repealed_on, s.title
            assert successor is not s


@pytest.mark.parametrize(("name", "repealed_on", "repealed_by"), [
    ("合同法", "2021-01-01", "民法典"), ("中外合资经营企业法", "2020-01-01", "外商投资法"), ("执业医师法", "2022-03-01", "医师法"),
    ("公司登记管理条例", "2022-03-01", "市场主体登记管理条例"), ("公司法", None, None),
])
def test_former_statutes_name_their_successor(name: str, repealed_on: str | None, repealed_by: str | None) -> None:
    found = statute_by_name(name)
    assert found is not None and (found.repealed_on, found.repealed_by) == (repealed_on, repealed_by)
