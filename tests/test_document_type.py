"""Tests of kg.extract.document_type: cases in tests/cases/document_type.csv."""

import csv
from pathlib import Path

import pytest

from kg.extract.document_type import bare_title, document_type


def cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "cases" / "document_type.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["title"])
def test_document_type(case: dict[str, str]) -> None:
    assert (document_type(case["title"]) or "") == case["expected"], case["why"]


def test_bare_title_drops_wraps_marks_and_notes() -> None:
    assert bare_title(" 《甲办法\n（试行）》（2019年修订） ") == "甲办法"
    assert bare_title("关于《甲办法》的通知") == "关于《甲办法》的通知"
