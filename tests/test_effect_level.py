"""Tests of kg.extract.effect_level: cases in tests/cases/effect_level.csv."""

import csv
from pathlib import Path

import pytest

from kg.extract.document_number import parse_number
from kg.extract.effect_level import effect_level


def cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "cases" / "effect_level.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["title"] + c["number"])
def test_effect_level(case: dict[str, str]) -> None:
    number = parse_number(case["number"])
    assert bool(number) == bool(case["number"])
    issuers = tuple(case["issuers"].split("|")) if case["issuers"] else ()
    assert (effect_level(case["title"], number, issuers) or "") == case["expected"], case["why"]
