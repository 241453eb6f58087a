"""Each question in ontology/queries is answered alike by rdflib and Oxigraph, and the answer on the examples is the right one."""

import csv
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.graph.namespaces import DEFAULT_BASE
from kg.graph.ontology import ontology_path

QUERIES = sorted((ontology_path() / "queries").glob("*.rq"))
VALID = sorted((ontology_path() / "examples" / "valid").glob("*.ttl"))
CASES = Path(__file__).parent / "cases" / "query_answers.csv"
Rows = list[tuple[str | None, ...]]


@pytest.fixture(scope="module")
def in_oxigraph() -> ox.Store:
    store = ox.Store()
    for path in VALID:
        store.load(path=path, format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def in_rdflib() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in VALID:
        graph.parse(path)
    return graph


def ask_oxigraph(store: ox.Store, query: str, columns: list[str]) -> Rows:
    return [tuple(None if row[c] is None else row[c].value for c in columns) for row in store.query(query)]


def ask_rdflib(graph: rdflib.Graph, query: str, columns: list[str]) -> Rows:
    return [tuple(None if row[c] is None else str(row[c]) for c in columns) for row in graph.query(query)]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_both_engines_give_the_same_rows_in_the_same_order(path: Path, in_oxigraph: ox.Store, in_rdflib: rdflib.Graph) -> None:
    query = path.read_text(encoding="utf-8")
    columns = sorted(v.value for v in in_oxigraph.query(query).variables)
    rows = ask_oxigraph(in_oxigraph, query, columns)
    assert rows == ask_rdflib(in_rdflib, query, columns)
    assert len(rows) == len(set(rows)), "no row twice"
    assert bool(rows) == ("There should be none." not in query), "the examples hold an answer to each question"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_each_query_says_its_question_in_both_languages_and_fixes_its_order(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ") and lines[0].isascii()
    assert lines[1].startswith("# ") and not lines[1].isascii()
    assert any(line.startswith("ORDER BY") for line in lines)


def test_queries_are_numbered_without_gaps() -> None:
    assert [int(path.stem[:2]) for path in QUERIES] == list(range(1, len(QUERIES) + 1))


def cases() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['query']}-{case['row']}")
def test_answers(case: dict[str, str], in_oxigraph: ox.Store) -> None:
    """`row` is a row of the answer in the columns of `columns`, or one that must not be there when `expected` is no."""
    path = next(path for path in QUERIES if path.stem == case["query"])
    query = path.read_text(encoding="utf-8")
    for change in filter(None, case["change"].split("|")):
        old, new = change.split("→")
        assert old in query
        query = query.replace(old, new)
    rows = ask_oxigraph(in_oxigraph, query, case["columns"].split("|"))
    shown = {tuple("" if cell is None else cell.removeprefix(DEFAULT_BASE) for cell in row) for row in rows}
    assert (tuple(case["row"].split("|")) in shown) == (case["expected"] == "yes"), case["why"]


def test_every_query_has_a_case_but_the_one_without_rows() -> None:
    assert {path.stem for path in QUERIES} - {case["query"] for case in cases()} == {"24-edges-without-evidence"}


def test_edges_without_evidence_finds_one(in_oxigraph: ox.Store) -> None:
    query = (ontology_path() / "queries" / "24-edges-without-evidence.rq").read_text(encoding="utf-8")
    store = ox.Store()
    store.extend(in_oxigraph)
    reference = next(store.quads_for_pattern(None, ox.NamedNode("https://w3id.org/policy-kg/ontology#candidate"), None)).subject
    for quad in list(store.quads_for_pattern(reference, None, None)):
        store.remove(quad)
    assert ask_oxigraph(store, query, ["citing", "cited"]) == [
        (f"{DEFAULT_BASE}document/国发〔2013〕30号", f"{DEFAULT_BASE}document/节能减排综合性工作方案")]
