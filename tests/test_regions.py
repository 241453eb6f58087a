"""Tests of kg.regions: cases in tests/cases/region_names.csv, region_prefixes.csv and region_agencies.csv."""

import csv
import json
from pathlib import Path

import pytest

from kg.regions import (
    NATIONAL,
    abbreviations,
    in_force,
    path,
    prefix_region,
    province_of,
    region,
    region_by_abbreviation,
    region_by_name,
    region_of_agency,
    regions,
)

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases("region_names"), ids=lambda c: f"{c['name']}-{c['within']}-{c['on']}")
def test_region_by_name(case: dict[str, str]) -> None:
    found = region_by_name(case["name"], within=case["within"] or None, on=case["on"] or None)
    assert (found.code if found else "") == case["expected"], case["why"]


@pytest.mark.parametrize("case", cases("region_prefixes"), ids=lambda c: c["name"])
def test_prefix_region(case: dict[str, str]) -> None:
    found = prefix_region(case["name"])
    assert (found[0].code if found else "", found[1] if found else "") == (case["expected"], case["rest"]), case["why"]


@pytest.mark.parametrize("case", cases("region_agencies"), ids=lambda c: c["name"])
def test_region_of_agency(case: dict[str, str]) -> None:
    assert region_of_agency(case["name"]) == (case["expected"] or None), case["why"]
    assert region_of_agency(case["name"], central=True) == (case["expected"] or NATIONAL)


def test_table_is_sorted_and_closed() -> None:
    rows = regions()
    assert [r.code for r in rows] == sorted(r.code for r in rows)
    assert all(r.valid_to is None or r.valid_from <= r.valid_to for r in rows)
    assert all(r.successors for r in rows if r.valid_to is not None)
    assert sum(r.level == "province" and r.valid_to is None for r in rows) == 35


def test_every_former_unit_leads_to_one_in_force() -> None:
    alive = {r.code for r in regions() if r.valid_to is None}
    for r in regions():
        assert set(in_force(r.code)) <= alive and in_force(r.code), r


def test_parent_lies_in_the_same_province_and_above() -> None:
    order = {"province": 0, "prefecture": 1, "county": 2}
    for r in regions():
        if r.level == "province":
            assert r.parent is None
        else:
            parent = region(r.parent or "")
            assert parent is not None and order[parent.level] < order[r.level] and parent.code[:2] == r.code[:2], r


def test_no_code_has_two_names_in_force() -> None:
    codes = [r.code for r in regions() if r.valid_to is None]
    assert len(codes) == len(set(codes))


def test_lookups_by_code() -> None:
    assert region("420600", on="2009-05-01").name == "襄樊市"
    assert region("420600").name == "襄阳市"
    assert region("999999") is None
    assert path("411102") == ("河南省", "漯河市", "源汇区")
    assert path("419001") == ("河南省", "济源市")
    assert province_of("411102") == "410000" and province_of(NATIONAL) == NATIONAL
    assert in_force("341400") == ("340100", "340200", "340500")


def test_abbreviations() -> None:
    table = abbreviations()
    assert {table[a] for a in "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新港澳台"} == {
        r.code for r in regions() if r.level == "province" and r.valid_to is None and r.code != "660000"
    }
    assert table["内蒙古"] == table["蒙"] == "150000"
    assert region_by_abbreviation("漯", within="410000").code == "411100"
    assert region_by_abbreviation("漯") is None


@pytest.mark.corpus
def test_units_in_force_are_those_of_the_reference(shared: Path) -> None:
    with (shared / "reference" / "areacodes.csv").open(encoding="utf-8-sig", newline="") as stream:
        reference = {(r["代码"], r["名称"]) for r in csv.DictReader(stream) if r["状态"] == "在用"}
    ours = {(r.code, r.name) for r in regions() if r.valid_to is None}
    assert reference <= ours
    assert {name for _, name in ours - reference} == {"西沙群岛", "南沙群岛", "中沙群岛的岛礁及其海域", "新疆生产建设兵团"}


@pytest.mark.corpus
def test_local_issuers_have_a_region(shared: Path) -> None:
    rows = [json.loads(line) for line in (shared / "corpus" / "titles.jsonl").read_text(encoding="utf-8").splitlines()]
    local = [r["issuer"] for r in rows if r["issuer"] and r["side"] == "local"]
    central = [r["issuer"] for r in rows if r["issuer"] and r["side"] == "central"]
    assert sum(region_of_agency(name) is not None for name in local) >= 0.995 * len(local)
    assert [name for name in central if region_of_agency(name)] == []
