"""Tests of kg.extract.region: cases in tests/cases/region_mentions.csv."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.region import find_regions
from kg.regions import region, regions

CASES = Path(__file__).parent / "cases" / "region_mentions.csv"
WORDS = [
    "河南",
    "省",
    "郑州",
    "、",
    "市",
    "区",
    "港澳台",
    "和",
    "县",
    "吉林",
    "漯河市",
    "朝阳",
    "等",
    "公司",
    "，",
    "西城区",
    "a",
    "临颍",
    "舞阳",
]


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["text"])
def test_find_regions(case: dict[str, str]) -> None:
    found = find_regions(case["text"], jurisdiction=case["jurisdiction"] or None, on=case["on"] or None)
    assert "|".join(m.name for m in found) == case["expected"], case["why"]


def test_mention_has_the_code_of_its_parent() -> None:
    codes = [m.code for m in find_regions("江苏省南京市鼓楼区、徐州市鼓楼区")]
    assert codes == ["320000", "320100", "320106", "320300", "320302"]


@given(st.lists(st.sampled_from(WORDS), max_size=30).map("".join), st.sampled_from([None, "100000", "410000", "411100", "220000"]))
def test_mentions_lie_in_the_text_and_apart(text: str, jurisdiction: str | None) -> None:
    end = 0
    for m in find_regions(text, jurisdiction=jurisdiction):
        assert end <= m.start < m.end <= len(text)
        assert m.name in {r.name for r in regions() if r.code == m.code}
        end = m.end


def test_time_grows_with_the_text_even_for_one_endless_list() -> None:
    def seconds(text: str) -> float:
        def once() -> float:
            start = time.process_time()
            find_regions(text, jurisdiction="410000")
            return time.process_time() - start

        return min(once() for _ in range(3))  # a collection of garbage in between is not the text's doing

    seconds("郑州、")
    for piece in ("郑州、", "河南省", "临颍、", "河南煤", "漯河市源汇区、"):
        assert seconds(piece * 20_000) < 30 * max(seconds(piece * 2_000), 0.005), piece


def test_every_full_name_in_force_is_found_after_its_province() -> None:
    missed = []
    for r in regions():
        if r.valid_to is None and r.level != "province":
            chain = "".join(
                (region(r.code[:2] + "0000").name, *([region(r.parent).name] if r.parent and r.parent[2:] != "0000" else []), r.name)
            )
            if r.code not in {m.code for m in find_regions(chain)}:
                missed.append(chain)
    assert missed == []
