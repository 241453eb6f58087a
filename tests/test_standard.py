"""kg.extract.standard: numbers of standards are read however they are printed, and models and telephones are not."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.standard import find_standards

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "standard.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[c["text"] for c in CASES])
def test_numbers_of_standards(case: dict[str, str]) -> None:
    found = find_standards(case["text"])
    assert "|".join(m.number for m in found) == case["expected"], case["why"]
    if case["title"]:
        assert [m.title for m in found] == [case["title"]]


@given(st.sampled_from(["GB/T", "GB", "HJ/T", "YY/T", "JGJ", "DB41/T", "T/CECS"]), st.integers(100, 99999), st.integers(1950, 2030),
       st.sampled_from(["-", "—", "–", "－", " - "]), st.sampled_from(["", " "]))
def test_a_normalised_number_stays_as_it_is(code: str, serial: int, year: int, dash: str, space: str) -> None:
    wanted = f"{code} {serial}-{year}"
    assert [m.number for m in find_standards(f"{code}{space}{serial}{dash}{year}")] == [wanted]
    assert [m.number for m in find_standards(wanted)] == [wanted]


def test_time_grows_with_the_text_alone() -> None:
    started = time.perf_counter()
    find_standards("GB/T 1234567.1.1.1.1 - 20 DB41 / T ISO/IEC 12-34-56-《" * 10_000)
    assert time.perf_counter() - started < 8
