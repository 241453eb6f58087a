"""kg.resolve.title_key: when two printed titles name one document; cases in tests/cases/title_key.csv."""

from collections.abc import Callable

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.resolve.title_key import bare_key, edition_mark, issued_text, title_key, without_issuer

ASKED: dict[str, Callable[[str, str], bool]] = {
    "key": lambda a, b: title_key(a) == title_key(b),
    "issuer": lambda a, b: without_issuer(a)[1] == without_issuer(b)[1],
    "issued": lambda a, b: (issued_text(a) or "") == b and b != "",
    "edition": lambda a, b: (edition_mark(a) or "") == b,
}


@pytest.mark.parametrize("case", rows("title_key.csv"), ids=lambda c: f"{c['asked']} {c['a']} {c['b']}")
def test_titles_meet_or_stay_apart(case: dict[str, str]) -> None:
    assert ASKED[case["asked"]](case["a"], case["b"]) is (case["expected"] == "yes"), case["why"]


def test_issuers_are_named_in_full() -> None:
    assert without_issuer("财政部 税务总局关于延续优惠政策的公告")[0] == ("财政部", "国家税务总局")
    assert without_issuer("关于延续优惠政策的公告")[0] == ()


def test_editions_of_one_text_share_their_bare_key() -> None:
    editions = ["采石管理办法", "采石管理办法（试行）", "《采石管理办法（2021年修订）》", "中华人民共和国采石管理办法"]
    assert len({bare_key(t) for t in editions}) == 1
    assert bare_key("采石管理办法（甲市）") != bare_key("采石管理办法")


@settings(deadline=None)
@given(st.text(alphabet="中华人民共和国原国务院关于印发甲办法的通知（试行）《》〈〉2021年本 　", max_size=40))
def test_a_key_is_a_title_of_its_own(title: str) -> None:
    key = title_key(title)
    assert title_key(f"《{title}》") == key
    assert len(title_key(key)) <= len(key) <= len(title)
