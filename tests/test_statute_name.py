"""kg.extract.statute_name: complete names are found in running text, and words that hold them are not."""

import csv
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.statute_name import find_statute_names
from kg.text import clean_view, read_source

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "statute_name.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[c["text"] for c in CASES])
def test_names_of_statutes(case: dict[str, str]) -> None:
    assert "|".join(m.title for m in find_statute_names(case["text"])) == case["expected"], case["why"]


@pytest.mark.parametrize("case", CASES, ids=[c["text"] for c in CASES])
def test_offsets_cut_the_name_out(case: dict[str, str]) -> None:
    for m in find_statute_names(case["text"]):
        assert case["text"][m.start : m.end] == m.title


@given(st.lists(st.sampled_from(["公司法", "宪法", "制定", "、", "和", "《", "》", "河南省", "节约能源条例", "实施", "法", "办法", "关于", "的决定", "\n", "。", "第一条"]), max_size=20))
@settings(max_examples=300)
def test_mentions_lie_in_order_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = find_statute_names(text)
    assert all(text[m.start : m.end] == m.title for m in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


def test_time_grows_with_the_text_alone() -> None:
    """The worst a scan can bring: one line without an end, full of names and of marks that never close."""
    piece = "依照公司法、制定节约能源法和河南省节约能源条例《的规定关于"
    find_statute_names(piece)
    started = time.perf_counter()
    find_statute_names(piece * 10_000)
    assert time.perf_counter() - started < 8


@pytest.mark.corpus
def test_names_in_real_statutes_are_read_at_speed(shared: Path) -> None:
    paths = sorted((shared / "corpus" / "laws").rglob("*.md"))[:200]
    texts = [clean_view(s, 1, len(s.lines)).text for s in map(read_source, paths)]
    size = sum(len(t.encode()) for t in texts) / 1e6
    started = time.perf_counter()
    found = sum(len(find_statute_names(t)) for t in texts)
    assert found > 10
    assert size / (time.perf_counter() - started) > 10
