"""Bodies in running text, in signature blocks and in titles."""

import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.agency_labels import labels
from kg.extract.agency import find_agencies, leading_issuers, split_agencies

CASES = Path(__file__).parent / "cases"


def rows(name):
    with (CASES / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def cells(cell):
    return tuple(cell.split("|")) if cell else ()


@pytest.mark.parametrize("case", rows("agency_mentions"), ids=lambda c: c["text"][:30])
def test_find_agencies_names_the_bodies_of_a_text(case):
    found = find_agencies(case["text"], jurisdiction=case["jurisdiction"] or None)
    assert tuple(dict.fromkeys(m.name for m in found)) == cells(case["expected"]), case["why"]


@pytest.mark.parametrize("case", rows("agency_titles"), ids=lambda c: c["title"][:30])
def test_leading_issuers_of_a_title(case):
    assert leading_issuers(case["title"]) == (cells(case["issuers"]), case["rest"]), case["why"]


@pytest.mark.parametrize("case", rows("agency_blocks"), ids=lambda c: c["text"][:30])
def test_split_agencies_of_a_signature_block(case):
    found = split_agencies(case["text"].replace("⏎", "\n"), jurisdiction=case["jurisdiction"] or None)
    assert found == (cells(case["expected"]) or None), case["why"]


def test_find_agencies_decides_an_ambiguous_name_by_the_day():
    for day, name in (("1990-01-01", "国家计划委员会"), ("2000-01-01", "国家发展计划委员会")):
        assert [m.name for m in find_agencies("由国家计委规定", on=day)] == [name]


PIECES = st.sampled_from([c["text"] for c in rows("agency_mentions")] + ["。", "\n", "、", "（", "省", "市", "河南省", "委", " ", "部", "𠮷", "a1"])


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([None, "100000", "410000", "411100", "660000"]))
def test_find_agencies_spans_lie_in_order_inside_the_text(text, jurisdiction):
    found = find_agencies(text, jurisdiction=jurisdiction)
    assert found == find_agencies(text, jurisdiction=jurisdiction)
    assert [(m.start, m.end) for m in found] == sorted((m.start, m.end) for m in found)
    for m in found:
        assert 0 <= m.start < m.end <= len(text)
        assert text[m.start : m.end].strip() == text[m.start : m.end]
        assert labels(m.name)[0] == m.name


@given(st.text(alphabet="财政部省市局委 、\n和（）一河南办公厅等", max_size=40))
def test_split_agencies_takes_any_string(text):
    found = split_agencies(text, jurisdiction="411100")
    assert found is None or all(found)


@pytest.mark.parametrize("unit", ["河南省", "财政部", "财 政 部 ", "领导小组", "区、", "经济技术开发区、", "省发展改革委、", "能源局、", "国务院各", "一", "（", "省委"])
def test_find_agencies_is_linear_in_the_worst_text(unit):
    short, long = unit * (20_000 // len(unit)), unit * (200_000 // len(unit))
    find_agencies(short, jurisdiction="411100")
    begin = time.process_time()
    find_agencies(short, jurisdiction="411100")
    middle = time.process_time()
    find_agencies(long, jurisdiction="411100")
    end = time.process_time()
    assert end - middle < 30 * (middle - begin) + 0.3


@pytest.mark.corpus
def test_find_agencies_reads_ten_megabytes_a_second(shared):
    texts = [p.read_text(encoding="utf-8-sig") for p in sorted((shared / "corpus" / "laws").rglob("*.md"))[:300]]
    find_agencies(texts[0])
    begin = time.process_time()
    for text in texts:
        find_agencies(text, jurisdiction="410000")
    seconds = time.process_time() - begin
    assert sum(len(t.encode()) for t in texts) / 1e6 / seconds > 10


@pytest.mark.corpus
def test_leading_issuers_agree_with_the_catalogue(shared):
    """Titles that print their issuer: at least nine in ten give the catalogue's (the number tells the rest)."""
    right = asked = 0
    for line in (shared / "corpus" / "titles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["issuer"]:
            asked += 1
            want = row["issuer"].strip().replace("(", "（").replace(")", "）")
            names = leading_issuers(row["title"])[0]
            right += any(want in labels(n) or n in (want + "办公室", want + "办公厅") for n in names)
    assert right / asked > 0.9
