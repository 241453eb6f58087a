"""kg.contents: items, numbers and sections of contents pages as converters leave them; cases in tests/cases/contents.jsonl."""

import pytest
from case_rows import rows

from kg.contents import Contents, read_contents
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
