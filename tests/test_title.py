"""kg.extract.title: outermost 《…》, nested, wrapped and unbalanced."""

import pytest
from case_rows import parts, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.extract.title import LONGEST, find_titles
from kg.text import squeeze


@pytest.mark.parametrize("case", rows("title.csv"), ids=lambda c: c["text"])
def test_find_titles(case: dict[str, str]) -> None:
    assert [m.title for m in find_titles(case["text"])] == parts(case["expected"]), case["why"]


@pytest.mark.parametrize("case", rows("title.csv"), ids=lambda c: c["text"])
def test_offsets_reach_from_mark_to_mark_or_to_where_one_is_missing(case: dict[str, str]) -> None:
    for m in find_titles(case["text"]):
        assert squeeze(case["text"][m.start : m.end]) in (f"《{m.title}》", f"《{m.title}")


def test_a_title_has_a_greatest_length() -> None:
    assert [len(m.title) for m in find_titles(f"《{'甲' * LONGEST}》《{'乙' * (LONGEST + 1)}》")] == [LONGEST]


@settings(deadline=None)
@given(st.text(alphabet="《》〈〉<>甲乙办法的决定关于修改。；、和（）\n ", max_size=80))
def test_mentions_lie_in_order_and_apart(text: str) -> None:
    end = 0
    for m in find_titles(text):
        assert end <= m.start < m.end <= len(text)
        assert text[m.start] == "《" and "\n" not in m.title and "。" not in m.title
        end = m.end
