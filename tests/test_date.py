"""kg.extract.date: days in both numeral systems; when a document takes effect and lapses, by its own words only."""

from datetime import date

import pytest
from case_rows import parts, rows
from hypothesis import given, settings
from hypothesis import strategies as st
from test_numerals import by_digits, by_units

from kg.extract.date import find_dates, find_force, parse_date


@pytest.mark.parametrize("case", rows("date.csv"), ids=lambda c: c["text"])
def test_find_dates(case: dict[str, str]) -> None:
    found = find_dates(case["text"])
    assert [m.iso for m in found] == parts(case["expected"]), case["why"]
    assert all(parse_date(case["text"][m.start : m.end]) == m.iso for m in found)


@pytest.mark.parametrize("case", rows("force.csv"), ids=lambda c: c["text"] or "empty")
def test_find_force(case: dict[str, str]) -> None:
    found = find_force(case["text"], issued=case["issued"] or None, titles=parts(case["titles"]))
    assert (found.effective, found.expiry) == (case["effective"] or None, case["expiry"] or None), case["why"]
    for value, at in ((found.effective, found.effective_at), (found.expiry, found.expiry_at)):
        assert (value is None) == (at is None)
        assert at is None or 0 <= at[0] < at[1] <= len(case["text"])


def test_the_first_date_of_a_text_is_read() -> None:
    assert parse_date("2021年2月30日和2022年3月1日") is None  # a slip is not mended by the next date
    assert parse_date("于2022年3月1日发布，2022年4月1日施行") == "2022-03-01"
    assert parse_date("") is None and parse_date(None) is None


@settings(deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back_in_both_numeral_systems(day: date) -> None:
    units = [by_units(n).removeprefix("一") if 10 <= n < 20 else by_units(n) for n in (day.month, day.day)]
    for text in (f"{day.year}年{day.month}月{day.day}日", f"{by_digits(day.year)}年{units[0]}月{units[1]}日"):
        assert [m.iso for m in find_dates(f"于{text}，")] == [day.isoformat()]


@settings(deadline=None)
@given(st.dates(date(1980, 1, 1), date(2060, 12, 31)), st.integers(1, 20))
def test_a_term_ends_the_day_before_its_anniversary(day: date, years: int) -> None:
    text = f"本办法自{day.year}年{day.month}月{day.day}日起施行，有效期{years}年。"
    found = find_force(text, issued=None)
    assert found.effective == day.isoformat()
    end = date.fromisoformat(found.expiry or "")
    assert end.year == day.year + years or (day.month, day.day) == (1, 1) and end.year == day.year + years - 1
    assert 364 <= (end - day).days / years < 366.01
