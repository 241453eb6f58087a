"""Tests of kg.extract.document_number, issuer_code and number_repair: cases in tests/cases/document_number*.csv, number_*.csv."""

import csv
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import TableError
from kg.extract import issuer_code
from kg.extract.document_number import (
    find_numbers,
    issuers_of_number,
    normalise_number,
    number_key,
    parse_number,
    region_of_number,
    repair_number,
)
from kg.extract.issuer_code import central_issuers, is_joint, local_issuers
from kg.regions import abbreviations

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, str]]:
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases("document_number"), ids=lambda c: c["text"])
def test_find_numbers(case: dict[str, str]) -> None:
    found = find_numbers(case["text"])
    assert "|".join(m.number.text for m in found) == case["expected"], case["why"]
    for m in found:
        printed = case["text"][m.start : m.end]
        assert normalise_number(printed) == m.number.text or re.fullmatch(r"\d+号|(?:\d{4}年)?第\d+号", printed) and m.number.text.endswith(printed)


@pytest.mark.parametrize("case", cases("document_number_parts"), ids=lambda c: c["text"])
def test_parse_number_takes_a_number_apart(case: dict[str, str]) -> None:
    number = parse_number(case["text"])
    assert number is not None
    parts = (number.issuer_code, number.year, number.session, number.serial, number.form)
    assert tuple("" if p is None else str(p) for p in parts) == tuple(case[c] for c in ("issuer_code", "year", "session", "serial", "form"))
    assert number.joint == (case["joint"] == "yes")


@pytest.mark.parametrize("text", ["", "通知", "根据国发〔2018〕32号", "国发〔2018〕32号 国发〔2018〕33号", "2018年", "（2018）1104 期", "号"])
def test_parse_number_refuses_more_or_less_than_a_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize("case", cases("number_issuers"), ids=lambda c: c["number"] + c["jurisdiction"])
def test_issuers_and_region_of_number(case: dict[str, str]) -> None:
    number = parse_number(case["number"])
    assert number is not None
    where = case["jurisdiction"] or None
    assert "|".join(issuers_of_number(number, jurisdiction=where)) == case["issuers"], case["why"]
    assert (region_of_number(number, jurisdiction=where) or "") == case["region"], case["why"]


@pytest.mark.parametrize("case", cases("number_repairs"), ids=lambda c: c["text"] + c["names"])
def test_repair_number(case: dict[str, str]) -> None:
    repaired = repair_number(case["text"], known_issuers=[case["names"]] if case["names"] else [])
    assert (repaired[0].text if repaired else "") == case["expected"], case["why"]


def test_every_province_numbers_its_government() -> None:
    for letters, region in abbreviations().items():
        if len(letters) == 1 and region[0] in "123456" and letters not in "申秦蜀陇蒙":
            read = {x.region for code in (letters + "政办发", letters + "府办发") for x in local_issuers(code, 2022, region) if x.agency}
            assert region in read or region == "660000", letters


def test_number_key_joins_spellings_and_keeps_numbers_apart() -> None:
    assert number_key("财政部 税务总局公告2019年第39号") == number_key("财政部、税务总局公告2019年第39号")
    assert number_key("中国人民银行令[2018]第1号") == number_key("中国人民银行令〔2018〕1号")
    assert number_key("国发〔2018〕32号") != number_key("国发〔2018〕3号")


def test_joint_letter_is_no_part_of_a_name() -> None:
    assert [is_joint(c) for c in ("工信部联节", "国市监联发", "残联发", "妇联字", "全联厅发", "文联发")] == [True, True, False, False, False, False]


def test_central_table_is_large_and_dated() -> None:
    assert central_issuers("国税发", 1999) == ("国家税务总局",)
    assert central_issuers("国税发", 1990) == ("国家税务局",)
    assert central_issuers("国税发", 1970) == ()


def test_a_year_that_is_none_names_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"code": "国发", "agency": "国务院", "valid_from": "1949年", "valid_to": "", "note": ""}
    monkeypatch.setattr(issuer_code, "table", lambda *a, **k: iter([row]))
    issuer_code._central.cache_clear()
    with pytest.raises(TableError, match="issuer_codes.csv: 国发: valid_from is '1949年'"):
        issuer_code._central()
    issuer_code._central.cache_clear()


@given(st.text(alphabet="国发办财税豫政令公告第号年〔〕[]()（）0123456789 、\n的和根据一二三", max_size=60))
def test_spans_lie_in_the_text_and_normalising_twice_is_normalising_once(text: str) -> None:
    end = 0
    for m in find_numbers(text):
        assert end <= m.start < m.end <= len(text)
        end = m.end
        assert normalise_number(m.number.text) == m.number.text
    assert normalise_number(normalise_number(text)) == normalise_number(text)


@pytest.mark.parametrize("unit", ["〔2021〕", "第", "国", "（2019", "令第1号", "1", "财政部 ", "〔 ", "国发〔2018〕32号"])
def test_time_is_linear(unit: str) -> None:
    def seconds(times: int) -> float:
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            find_numbers(unit * times)
            best = min(best, time.process_time() - start)
        return best

    seconds(100)
    assert seconds(40_000) < 16 * seconds(4_000) + 0.05
