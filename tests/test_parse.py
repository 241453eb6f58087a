"""Tests of kg.parse: cases in tests/cases/parse.csv, and the catalogue of the shared corpus where it is there."""

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.parse import parse, parse_lines


def cases() -> list[dict[str, str]]:
    with (Path(__file__).parent / "cases" / "parse.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda c: c["title"] + c["number"])
def test_parse(case: dict[str, str]) -> None:
    (row,) = parse([{"title": case["title"] or None, "number": case["number"] or None}])
    assert "|".join(row["issuers"]) == case["issuers"], case["why"]
    assert (row["region"] or "") == case["region"], case["why"]
    assert (row["document_type"] or "") == case["document_type"]
    assert (row["effect_level"] or "") == case["effect_level"]


def test_row_keeps_its_keys_and_gains_the_contracts() -> None:
    (row,) = parse([{"id": 7, "title": "市科技局转发省科技厅《关于申报项目的通知》", "number": "武汉市人民代表大会常务委员会公告〔14届〕第44号"}])
    assert set(row) == {"id", "title", "number", "issuers", "region", "document_type", "effect_level", "number_parts", "relations"}
    assert row["number_parts"] == {"issuer_code": "武汉市人民代表大会常务委员会", "year": None, "session": 14, "serial": 44, "form": "公告"}
    assert row["relations"] == [{"relation": "forwards", "target": "关于申报项目的通知"}]


def test_null_title_and_null_number_say_nothing() -> None:
    (row,) = parse([{"title": None, "number": None}])
    assert row["issuers"] == [] and row["relations"] == []
    assert all(row[k] is None for k in ("region", "document_type", "effect_level", "number_parts"))


def test_lines_in_lines_out() -> None:
    out = io.StringIO()
    lines = '\ufeff{"title": "关于甲的通知", "number": null}\n\n{"title": null, "number": "国发〔2018〕32号"}\n'
    assert parse_lines(io.StringIO(lines), out) == 0
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["document_type"] == "通知"
    assert second["issuers"] == ["国务院"] and second["region"] == "100000"
    assert "国发" in out.getvalue()  # characters, not escapes


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: '\\[\\]' is no object"),
        ("7", "line 2: '7' is no object"),
        ('{"title": 7, "number": null}', "line 2: title is a int"),
        ('{"titel": "x"}', 'line 2: neither "title" nor "number" among titel'),
        ('{"title": "' + "甲" * 3000 + '"}', "line 2: title is 3000 characters long"),
    ],
)
def test_a_bad_line_is_named_and_the_other_rows_are_answered(line: str, said: str) -> None:
    out, err = io.StringIO(), io.StringIO()
    assert parse_lines(io.StringIO('{"title": "关于甲的通知"}\n' + line + '\n{"title": "关于乙的意见"}\n'), out, err) == 1
    first, bad, last = (json.loads(row) for row in out.getvalue().splitlines())
    assert (first["document_type"], last["document_type"]) == ("通知", "意见")
    assert bad["line"] == 2 and re.match(said.removeprefix("line 2: "), bad["error"])
    assert re.match(f"kg: {said}", err.getvalue())


def test_bytes_that_are_not_utf8_are_named() -> None:
    stream = io.TextIOWrapper(io.BytesIO('{"title": "关于"}\n'.encode("gb18030")), encoding="utf-8")
    with pytest.raises(UsageError, match="line 1: not UTF-8"):
        parse_lines(stream, io.StringIO())


def test_catalogue_is_parsed_in_under_a_second_and_its_numbers_are_read(shared: Path) -> None:
    with (shared / "corpus" / "titles.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    list(parse(rows[:50]))  # tables are read once
    start = time.process_time()
    parsed = list(parse([{"title": r["title"], "number": r["number"]} for r in rows]))
    assert time.process_time() - start < 2
    unread = [r["number"] for r, p in zip(rows, parsed, strict=True) if r["number"] and "号" in r["number"] and p["number_parts"] is None]
    assert unread == []
