"""kg.extract.not_document: forms, certificates and books are told from documents, and no document is taken for one."""

import csv
import json
from pathlib import Path

import pytest

from kg.extract.not_document import why_not_document
from kg.statutes import statutes

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "not_document.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("case", CASES, ids=[f"{c['before']}《{c['title']}》{c['after']}" for c in CASES])
def test_what_stands_in_title_marks(case: dict[str, str]) -> None:
    assert (why_not_document(case["title"], case["before"], case["after"]) or "") == case["expected"], case["why"]


@pytest.mark.parametrize("before", ["", "填写", "提交", "颁发", "签订", "电影"])
def test_a_statute_is_a_document_whatever_stands_before_it(before: str) -> None:
    assert [s.title for s in statutes() if why_not_document(s.full_title, before, "")] == []


@pytest.mark.corpus
def test_no_title_of_a_catalogue_of_documents_is_a_form(shared: Path) -> None:
    lines = (shared / "corpus" / "titles.jsonl").read_text(encoding="utf-8").splitlines()
    titles = [json.loads(line)["title"] for line in lines]
    assert len(titles) > 1000
    assert [t for t in titles if why_not_document(t, "", "")] == []
