"""kg.extract.identity: who issued a document, under which number, when, of what kind; cases in tests/cases/identity.jsonl."""

from typing import Any

import pytest
from case_rows import rows

from kg import lines as line_kind
from kg.contents import ContentsItem
from kg.extract.history import read_history
from kg.extract.identity import Identity, read_identity
from kg.layout import read_layout
from kg.text import Source, clean_view

NOTICE = ["国家发展改革委关于做好节能工作的通知", "发改环资〔2021〕1310号", "各省发展改革委：", "现通知如下，请认真执行。", "国家发展改革委", "2021年9月11日"]


def identity(lines: list[str], *, title: str | None = None, number: str | None = None, shared: bool = False, whole_file: bool = False) -> Identity:
    source = Source("a.txt", "\n".join(lines), "utf-8")
    text = clean_view(source, 1, len(lines)).text
    title = title or next(t for t in (line_kind.bare(line) for line in lines) if not line_kind.is_masthead(t))
    layout = read_layout(text, title=title)
    item = ContentsItem(title, number, 3, line_kind.key(title)) if number else None
    return read_identity(text, layout, read_history(layout.history), item, shared_number=shared, whole_file=whole_file)


def view(found: Identity) -> dict[str, Any]:
    return {
        "title": found.title, "numbers": list(found.numbers), "issuers": list(found.issuers), "issued": found.issued,
        "effective_date": found.effective_date, "expiry_date": found.expiry_date, "document_type": found.document_type,
        "effect_level": found.effect_level, "jurisdiction": found.jurisdiction, "retells": found.retells, "problems": [code for code, _ in found.problems],
    }


@pytest.mark.parametrize("case", rows("identity.jsonl"), ids=lambda c: c["why"])
def test_identity(case: dict) -> None:
    found = view(identity(case["lines"], title=case.get("title"), number=case.get("contents_number"), shared=case.get("shared", False)))
    assert {k: found[k] for k in case["expect"]} == case["expect"]


def test_a_silent_notice_of_its_own_file_is_presumed_in_force_from_its_day_and_says_so() -> None:
    alone, reprinted = identity(NOTICE, whole_file=True), identity(NOTICE)
    assert (alone.effective_date, alone.effective_basis) == ("2021-09-11", "presumed")
    assert (reprinted.effective_date, reprinted.effective_basis) == (None, None)
    stated = identity([*NOTICE[:4], "本通知自2022年1月1日起施行。", *NOTICE[4:]], whole_file=True)
    assert (stated.effective_date, stated.effective_basis) == ("2022-01-01", "stated")


def test_what_was_seen_and_done_is_said_of_a_number_that_differs() -> None:
    (code, message), = identity(NOTICE, number="发改环资〔2021〕1301号").problems
    assert code == "contents_number_differs"
    assert "发改环资〔2021〕1301号" in message and "发改环资〔2021〕1310号" in message and "line 3" in message
