"""What is cited and missing: counted by documents, with relations and citers, the most wanted first."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from kg.gaps import gaps, rows, to_json
from kg.graph.namespaces import PKG


def test_missing_documents_come_by_how_many_documents_cite_them(store: Store) -> None:
    found = gaps(store)
    counts = [(g.cited_by, g.references) for g in found]
    assert counts == sorted(counts, reverse=True)
    assert {g.iri for g in found} == {
        row["d"].value for row in store.query(f"SELECT DISTINCT ?d WHERE {{ ?d <{PKG.inCorpus}> false . ?r <{PKG.citedDocument}> ?d }}")}
    assert gaps(store, 2) == found[:2]
    assert gaps(store, 0) == ()


def test_counts_are_those_of_the_graph(store: Store) -> None:
    for g in gaps(store):
        answer = next(iter(store.query(
            f"SELECT (COUNT(?r) AS ?n) (COUNT(DISTINCT ?by) AS ?m) WHERE {{ ?r <{PKG.citedDocument}> <{g.iri}> ; <{PKG.citingDocument}> ?by }}")))
        assert (g.references, g.cited_by) == (int(answer["n"].value), int(answer["m"].value))
        assert len(g.citing) <= g.cited_by <= sum(n for _, n in g.relations)


def test_rows_and_json_say_the_same(store: Store) -> None:
    found = gaps(store)
    for row, record in zip(rows(found), to_json(found), strict=True):
        assert (row["iri"], row["cited_by"]) == (record["iri"], str(record["cited_by"]))
        assert row["relations"].count(":") == len(record["relations"])


def test_what_may_be_in_the_corpus_says_so() -> None:
    store = Store()
    store.load(f"""
        <urn:a> <{PKG.inCorpus}> true . <urn:x> <{PKG.inCorpus}> false .
        <urn:r> <{PKG.citingDocument}> <urn:a> ; <{PKG.citedDocument}> <urn:x> ; <{PKG.relation}> <{PKG.basedOn}> ; <{PKG.candidate}> <urn:b>, <urn:c> .
    """.encode(), format=RdfFormat.TURTLE)
    (gap,) = gaps(store)
    assert (gap.maybe, gap.relations, gap.title) == (("urn:b", "urn:c"), (("based_on", 1),), "urn:x")


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_command(run_kg, policies: Path, form: str) -> None:
    done = run_kg("gaps", "--graph", policies, "--format", form, "--limit", "3")
    assert done.returncode == 0, done.stderr
    if form == "json":
        assert len(json.loads(done.stdout)) == 3
    elif form == "csv":
        assert len(list(csv.DictReader(io.StringIO(done.stdout)))) == 3
    else:
        assert "引用文件数" in done.stdout


def test_command_refuses_a_limit_that_is_no_number(run_kg, policies: Path) -> None:
    done = run_kg("gaps", "--graph", policies, "--limit", "-1")
    assert done.returncode == 2
    assert "whole number" in done.stderr
