"""Queries: their formats, their refusals, and that nothing they ask leaves the machine."""

import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import UsageError
from kg.query import answer, query, refuse_unsafe

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "service_clauses.csv").open(encoding="utf-8", newline="")))
TITLES = "SELECT ?title WHERE { ?d dcterms:title ?title ; pkg:documentNumber '国办发〔2024〕39号' }"
TITLE = "国务院办公厅关于加快构建碳排放双控制度体系工作方案的通知"


class Listener:
    """A server on this machine that counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.socket.close()


def two_triples() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    for value in (1, True):
        store.add(pyoxigraph.Quad(pyoxigraph.NamedNode("http://example.org/a"), pyoxigraph.NamedNode("http://example.org/p"), pyoxigraph.Literal(value)))
    return store


@pytest.mark.parametrize("case", CASES, ids=[case["why"] for case in CASES])
def test_service_is_refused_before_it_runs(case: dict[str, str], listener: Listener) -> None:
    sparql = case["query"].replace("⏎", "\n").replace("URL", listener.url)
    store = two_triples()
    if case["refused"] == "no":
        answer(store, sparql)
        assert listener.calls == 0
        return
    with pytest.raises(UsageError, match=r"query, line \d, column \d+: SERVICE is refused"):
        answer(store, sparql)
    assert listener.calls == 0
    try:  # the row is real: left to itself, the engine calls out
        result = store.query(sparql)
        list(result)
    except (OSError, RuntimeError, SyntaxError):
        pass
    deadline = time.monotonic() + 2
    while not listener.calls and time.monotonic() < deadline:
        time.sleep(0.01)
    assert listener.calls > 0


@pytest.mark.parametrize("sparql", [
    "SELECT * FROM <http://example.org/g> { ?s ?p ?o }", "SELECT * from named <http://example.org/g> { ?s ?p ?o }",
    "PREFIX e: <http://e/> CONSTRUCT { ?s ?p ?o } FROM e:g { ?s ?p ?o }", "ASK #x\nFROM<http://example.org/g> {}",
])
def test_from_is_refused(sparql: str) -> None:
    with pytest.raises(UsageError, match="FROM is refused"):
        refuse_unsafe(sparql)


@pytest.mark.parametrize("sparql", [
    "SELECT ?from { ?s ?from 'FROM <http://example.org/g>' } # FROM <g>", "SELECT * { ?s <http://example.org/from> ?o }",
    "PREFIX from: <http://e/> SELECT * { ?s from:from ?o . ?o from:x <http://from> }",
])
def test_from_in_names_is_not_a_clause(sparql: str) -> None:
    refuse_unsafe(sparql)


@pytest.mark.parametrize(("sparql", "word"), [
    ("INSERT DATA { <http://a> <http://b> 1 }", "INSERT"), ("# tidy\nPREFIX a: <http://a>\ndelete where { ?s ?p ?o }", "DELETE"),
    ("LOAD <http://example.org/>", "LOAD"), ("CLEAR ALL", "CLEAR"), ("DROP DEFAULT", "DROP"),
])
def test_updates_are_refused(policies: Path, sparql: str, word: str) -> None:
    with pytest.raises(UsageError, match=f"^query: {word} is an update and is refused"):
        query(policies, sparql)


def test_json_is_the_recommendations_and_nothing_else(policies: Path) -> None:
    found = json.loads(query(policies, TITLES, format="json"))
    assert found == {"head": {"vars": ["title"]}, "results": {"bindings": [{"title": {"type": "literal", "value": TITLE}}]}}


def test_csv(policies: Path) -> None:
    out = query(policies, "SELECT ?n ?x { VALUES (?n ?x) { ('a,\"b\"' UNDEF) ('中' <http://example.org/x>) } }", format="csv").decode()
    assert list(csv.reader(io.StringIO(out, newline=""))) == [["n", "x"], ['a,"b"', ""], ["中", "http://example.org/x"]]


def test_table_columns_stand_under_each_other(policies: Path) -> None:
    from rich.cells import cell_len

    lines = query(policies, "SELECT ?t ?n { ?d dcterms:title ?t ; pkg:documentNumber ?n } ORDER BY ?n").decode().splitlines()
    assert len({cell_len(line) for line in lines[:-1]}) == 1
    assert lines[-1] == "20 rows"
    assert TITLE in "".join(lines)


def test_table_shows_markup_as_text(policies: Path) -> None:
    assert "[red]x[/red] :smile:" in query(policies, "SELECT ('[red]x[/red] :smile:' AS ?x) {}").decode()


@pytest.mark.parametrize(("sparql", "said"), [("ASK { ?s a pkg:Agency }", b"true\n"), ("ASK { ?s a pkg:Nothing }", b"false\n")])
@pytest.mark.parametrize("format", [None, "table", "csv"])
def test_ask(policies: Path, sparql: str, said: bytes, format) -> None:
    assert query(policies, sparql, format=format) == said


def test_construct_and_describe_are_turtle_in_a_fixed_order(policies: Path) -> None:
    import rdflib

    sparql = "CONSTRUCT { ?d dcterms:title ?t ; dcterms:issued ?i } WHERE { ?d dcterms:title ?t ; dcterms:issued ?i }"
    first, second = query(policies, sparql), query(policies, sparql, format="turtle")
    assert first == second
    assert len(rdflib.Graph().parse(data=first, format="turtle")) == 50
    assert b"^^xsd:date" in first
    assert b"dcterms:title" in query(policies, "DESCRIBE ?d { ?d pkg:documentNumber '国办发〔2024〕39号' }")


@pytest.mark.parametrize(("sparql", "format"), [("SELECT * { ?s ?p ?o }", "turtle"), ("ASK {}", "turtle"), ("CONSTRUCT WHERE { ?s ?p ?o }", "json")])
def test_a_format_that_does_not_fit_is_named(policies: Path, sparql: str, format) -> None:
    with pytest.raises(UsageError, match="--format"):
        query(policies, sparql, format=format)


@pytest.mark.parametrize(("sparql", "message"), [
    ("SELECT ?n {\n ?d pkg:documentNumber ?n", "line 2, column 26: the query ends too early"),
    ("SELECT ?x { ?s foo:p ?o }", "prefix foo: is not declared; known without declaring: dcterms, eli, org, pkg, prov, rdf, rdfs, skos, xsd"),
    ("SELECT ?x { ?s 标题 ?o }", "line 1, column"),
    ("", "the query is empty"),
    ("SELEC * {}", "line 1, column"),
])
def test_a_query_that_does_not_parse_is_one_line_with_its_place(policies: Path, sparql: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        query(policies, sparql)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 220


def test_what_a_query_declares_itself_wins(policies: Path) -> None:
    assert query(policies, "PREFIX pkg: <http://example.org/> ASK { ?s a pkg:Agency }") == b"false\n"
    assert query(policies, "ASK { ?s a pkg:Agency }") == b"true\n"


def test_timeout_stops_a_query_and_lets_others_answer(policies: Path) -> None:
    start = time.monotonic()
    with pytest.raises(UsageError, match="no answer within 0.5 s"):
        query(policies, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.5)
    assert time.monotonic() - start < 3
    assert json.loads(query(policies, TITLES, format="json", timeout=20))["results"]["bindings"][0]["title"]["value"] == TITLE


def test_errors_come_through_from_the_killable_process(policies: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="^query, line 1, column"):
        query(policies, "SELECT * { ?s", timeout=20)
    with pytest.raises(Exception, match="no graph is here"):
        query(tmp_path / "none", "ASK {}", timeout=20)
    with pytest.raises(UsageError, match="above 0"):
        query(policies, "ASK {}", timeout=0)
