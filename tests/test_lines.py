"""kg.lines: what kind of line is this, from the line alone."""

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import lines

ASKED = {
    "number_line": lines.is_number_line, "masthead": lines.is_masthead, "recipients": lines.is_recipients, "date_line": lines.is_date_line,
    "signature": lines.ends_signature, "imprint": lines.is_imprint, "official_title": lines.is_official_title,
    "headline": lines.is_headline, "annex": lines.is_annex_mark, "paragraph": lines.is_paragraph,
}


@pytest.mark.parametrize("case", rows("lines.csv"), ids=lambda c: f"{c['asked']} {c['line']}")
def test_kind_of_line(case: dict[str, str]) -> None:
    assert ASKED[case["asked"]](lines.bare(case["line"])) is (case["expected"] == "yes"), case["why"]


@pytest.mark.parametrize("case", rows("bare_lines.csv"), ids=lambda c: c["line"])
def test_bare(case: dict[str, str]) -> None:
    assert lines.bare(case["line"]) == case["expected"], case["why"]


def test_every_kind_has_lines_that_are_and_lines_that_are_not() -> None:
    kinds = {(c["asked"], c["expected"]) for c in rows("lines.csv")}
    assert kinds == {(asked, answer) for asked in ASKED for answer in ("yes", "")}


@pytest.mark.parametrize(("line", "level"), [("# 档案", 1), ("### 档案", 3), ("##", 2), ("#档案", 0), ("档案 # 一", 0), ("", 0), ("####### 档案", 0)])
def test_heading_level(line: str, level: int) -> None:
    assert lines.heading_level(line) == level


def test_key_joins_print_variants_and_keeps_titles_apart() -> None:
    same = ["《甲市采石管理办法（２０２１年修订）》", "甲市采石 管理办法(2021年修订)", "甲市采石管理办法〔2021年修订〕"]
    assert len({lines.key(t) for t in same}) == 1
    assert lines.key("甲市采石管理办法") != lines.key("甲市采石管理办法（试行）")


@settings(deadline=None)
@given(st.text(alphabet="关于印发的通知令第号〔〕()（）2019年月日各省人民政府：:。，、《》一二三附件#|- \t　a-z", max_size=120))
def test_no_line_breaks_a_question(line: str) -> None:
    assert {type(asked(lines.bare(line))) for asked in ASKED.values()} == {bool}
