"""kg.split: the documents of small compilations, line by line, and what their contents say otherwise; cases in tests/cases/split.txt."""

import re
from dataclasses import dataclass, field

import pytest
from case_rows import CASES
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.contents import read_contents
from kg.split import split
from kg.text import Source


@dataclass
class Case:
    why: str
    titles: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)  # "" for a line of no document


def read_cases() -> list[Case]:
    cases: list[Case] = []
    for n, line in enumerate((CASES / "split.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("==="):
            cases.append(Case(line[3:].strip()))
        elif cases and line.strip():
            case = cases[-1]
            if m := re.fullmatch(r"(\d+| )\|(.*)", line):
                case.lines.append(m[2])
                case.owners.append(m[1].strip())
            elif m := re.fullmatch(r"(\d+): (.+)", line):
                assert int(m[1]) == len(case.titles) + 1, f"split.txt:{n}: documents are numbered in their order"
                case.titles.append(m[2])
            else:
                assert line.startswith("! "), f"split.txt:{n}: {line!r} is neither a title, a warning nor a line of text"
                case.warnings.append(line[2:])
    return cases


READ = read_cases()


def run(text: str):
    source = Source("a.txt", text, "utf-8")
    return split(source, read_contents(source))


def owners(case: Case, passages: list) -> list[str]:
    """The document of every line that the case gives to one; blank lines and furniture inside a document are nobody's to judge."""
    return [
        str(next((n for n, p in enumerate(passages, 1) if p.start_line <= i <= p.end_line), "")) for i in range(1, len(case.lines) + 1)
    ]


@pytest.mark.parametrize("case", READ, ids=lambda c: c.why)
@pytest.mark.parametrize("blank", [False, True], ids=["dense", "blank lines between"])
def test_documents_of_a_compilation(case: Case, blank: bool) -> None:
    if blank:
        case = Case(case.why, case.titles, case.warnings, [x for line in case.lines for x in (line, "")], [x for o in case.owners for x in (o, "")])
    passages, warnings = run("\n".join(case.lines))
    assert [p.title for p in passages] == case.titles
    source = Source("a.txt", "\n".join(case.lines), "utf-8")
    inside = [i for i, line in enumerate(case.lines) if line.strip() and i not in source.furniture]
    found = owners(case, passages)
    assert [f"{found[i]}|{case.lines[i]}" for i in inside] == [f"{case.owners[i]}|{case.lines[i]}" for i in inside]
    assert [w.code for w in warnings] == case.warnings
    assert all(w.line and case.lines[w.line - 1].strip() for w in warnings)


def test_page_furniture_of_the_cases_is_no_documents() -> None:
    for case in READ:
        source = Source("a.txt", "\n".join(case.lines), "utf-8")
        assert not [case.lines[i] for i in source.furniture if case.owners[i]], case.why


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(READ), st.data())
def test_lines_dropped_repeated_and_joined_never_make_passages_overlap(case: Case, data: st.DataObject) -> None:
    lines = []
    for line in case.lines:
        fate = data.draw(st.sampled_from("keep keep keep keep drop twice blank heading".split()))
        lines += {"keep": [line], "drop": [], "twice": [line, line], "blank": [line, ""], "heading": ["## " + line]}[fate]
    passages, warnings = run("\n".join(lines))
    end = 0
    for p in passages:
        assert end < p.start_line <= p.end_line <= len(lines)
        end = p.end_line
    assert all(w.line is None or 1 <= w.line <= len(lines) for w in warnings)


@pytest.mark.parametrize("text", ["", "\n\n", "甲", "目录", "目录\n1. 甲", "# ", "— 1 —", "目录\n\n\n1、关于甲的通知\n2、关于乙的通知\n"])
def test_next_to_nothing_gives_at_most_one_document(text: str) -> None:
    assert len(run(text)[0]) <= 1
