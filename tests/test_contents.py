"""kg.contents: items, numbers and sections of contents pages as converters leave them; cases in tests/cases/contents.jsonl."""

import pytest
from case_rows import rows

from kg.contents import Contents, ItemIndex, read_contents
from kg.extract.document_number import parse_number
from kg.text import Source

BODY = ["{title}", "（国务院令第1号）", "各省、自治区、直辖市人民政府：", "现将有关事项通知如下，请各地结合实际认真执行，并于每年年底前把执行的情况报送。"]


def read(lines: list[str]) -> Contents | None:
    return read_contents(Source("a.txt", "\n".join(lines), "utf-8"))


def normalised(number: str | None) -> str | None:
    return parse_number(number).text if number else None


@pytest.mark.parametrize("case", rows("contents.jsonl"), ids=lambda c: c["why"])
def test_items(case: dict) -> None:
    contents = read(case["lines"])
    if case["items"] is None:
        assert contents is None
        return
    assert contents is not None
    assert [[i.title, normalised(i.number)] for i in contents.items] == [[title, normalised(number)] for title, number in case["items"]]
    assert contents.sections == frozenset(case.get("sections", ()))
    assert all(case["lines"][i.line - 1] and i.title[:4] in case["lines"][i.line - 1] for i in contents.items)


@pytest.mark.parametrize("case", [c for c in rows("contents.jsonl") if c["items"]], ids=lambda c: c["why"])
def test_contents_end_where_the_first_document_begins(case: dict) -> None:
    body = [line.format(title=case["items"][0][0]) for line in BODY]
    contents = read(["某某汇编", "", *case["lines"], "", *body])
    assert contents is not None
    assert (contents.start_line, contents.end_line) == (3, 2 + len(case["lines"]))
    assert [i.title for i in contents.items] == [title for title, _ in case["items"]]


THINGS = "碳排放 地下水 废旧物资 医疗废物 无废城市 节能监察 分时电价 排污许可 土壤修复 噪声监测 绿色数据 专精特新".split()
PLACES = "北京市 天津市 河北省 山西省 辽宁省 吉林省".split()
TITLES = [f"{place}人民政府关于加强{thing}管理工作的通知" for thing in THINGS for place in PLACES]


@pytest.fixture(scope="module")
def long_contents() -> ItemIndex:
    contents = read(["目录", *(f"{n}. {title}......{n}" for n, title in enumerate(TITLES, 1))])
    assert contents is not None and len(contents.items) == len(TITLES) > ItemIndex.FEW
    return ItemIndex(contents)


@pytest.mark.parametrize("n", [0, 17, 71])
def test_of_a_long_contents_page_few_items_are_looked_at_and_the_right_one_is_among_them(long_contents: ItemIndex, n: int) -> None:
    title = TITLES[n]
    for printed in (title, title.replace("人民政府", ""), title.replace("加强", "做好"), f"转发{title}"):
        found = long_contents.like(printed)
        assert n in found and list(found) == sorted(set(found))
    assert not long_contents.like("本条例自公布之日起施行")


def test_a_short_contents_page_is_looked_at_whole() -> None:
    contents = read(["目录", "1. 排污许可管理条例......1", "2. 地下水管理条例......15", "3. 医疗废物管理条例......20"])
    assert contents is not None
    assert list(ItemIndex(contents).like("某某规定")) == [0, 1, 2]


def test_a_drawn_line_ends_the_contents_of_a_digest() -> None:
    contents = read(["本期导读", "🔹 甲省出台医药产业措施", "🔹 甲市发布游艇停泊通告", "————————————", "▍01 甲省出台22条措施支持医药产业", "近日，甲省印发措施。"])
    assert contents is not None
    assert (contents.end_line, [i.title for i in contents.items]) == (3, ["甲省出台医药产业措施", "甲市发布游艇停泊通告"])
