"""kg.numerals: numerals by digits and by units; whatever is none gives None."""

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.numerals import to_int

DIGITS = "〇一二三四五六七八九"


def by_digits(n: int) -> str:
    return "".join(DIGITS[int(c)] for c in str(n))


def by_units(n: int) -> str:
    """一千零八: the way serial numbers and articles are written."""
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, n = divmod(n, unit)
        if digit:
            text += ("零" if gap and text else "") + DIGITS[digit] + name
            gap = False
        else:
            gap = True
    return text


@pytest.mark.parametrize("case", rows("numerals.csv"), ids=lambda c: c["text"] or "empty")
def test_to_int(case: dict[str, str]) -> None:
    expected = int(case["expected"]) if case["expected"] else None
    assert to_int(case["text"]) == expected, case["why"]


@settings(deadline=None)
@given(st.integers(0, 9999))
def test_a_number_written_by_digits_is_read_back(n: int) -> None:
    assert to_int(by_digits(n)) == n


@settings(deadline=None)
@given(st.integers(1, 9999))
def test_a_number_written_by_units_is_read_back(n: int) -> None:
    assert to_int(by_units(n)) == n
    assert to_int(by_units(n).removeprefix("一") if 10 <= n < 20 else by_units(n)) == n


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_text_breaks_it(text: str) -> None:
    assert to_int(text) is None or to_int(text) >= 0
