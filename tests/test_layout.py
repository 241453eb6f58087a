"""kg.layout: the parts of one document by the format of official documents; cases in tests/cases/layout.jsonl."""

from typing import Any

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.layout import Layout, read_layout


def view(layout: Layout, text: str) -> dict[str, Any]:
    """A layout as a case row writes it."""
    body = text[layout.body_start :].split("\n")[0]
    return {
        "title": layout.title, "masthead": layout.masthead, "number": layout.number_line.text if layout.number_line else None,
        "recipients": layout.recipients, "fields": layout.fields, "body": body, "history": [p.text for p in layout.history],
        "signatures": [[s.names, s.date, *(["imprint"] if s.imprint else [])] for s in layout.signatures],
        "preambles": [text[a:b] for a, b in layout.preambles], "annexes": list(layout.annexes), "urls": list(layout.urls),
    }


@pytest.mark.parametrize("case", rows("layout.jsonl"), ids=lambda c: c["why"])
def test_parts_of_a_document(case: dict) -> None:
    text = "\n".join(case["lines"])
    found = view(read_layout(text, title=case["title"], other_titles=tuple(case.get("other", ()))), text)
    if "fields" in case["expect"] and case["expect"]["fields"]:
        found["fields"] = {k: v for k, v in found["fields"].items() if k in case["expect"]["fields"]}
    assert {k: found[k] for k in case["expect"]} == case["expect"]


LINES = sorted({line for case in rows("layout.jsonl") for line in case["lines"]})


@settings(deadline=None)
@given(st.lists(st.sampled_from([*LINES, ""]), max_size=25), st.sampled_from([None, "排污许可管理条例", "关于做好节能工作的通知"]))
def test_positions_lie_in_the_text_whatever_the_order_of_lines(lines: list[str], title: str | None) -> None:
    text = "\n".join(lines)
    layout = read_layout(text, title=title)
    assert 0 <= layout.body_start <= len(text)
    assert all(text[p.start : p.end] == p.text for p in layout.paragraphs)
    assert all(0 <= a < b <= len(text) for a, b in layout.preambles)
    assert all(0 <= s.at <= len(text) and s.date and s.date in text for s in layout.signatures)
