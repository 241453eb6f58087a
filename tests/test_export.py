"""Exports: the same graph gives the same bytes, and other libraries read them back."""

import csv
import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import networkx
import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.export import CSV_COLUMNS, FORMATS, export, network
from kg.graph.namespaces import DCTERMS, PKG

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its own use of its own names


def exported(store: Store, format) -> bytes:
    out = io.BytesIO()
    export(store, format, out)
    return out.getvalue()


def shuffled(ntriples: bytes, seed: int) -> Store:
    lines = ntriples.splitlines(keepends=True)
    random.Random(seed).shuffle(lines)
    store = Store()
    for n in range(0, len(lines), 100):
        store.load(b"".join(lines[n:n + 100]), pyoxigraph.RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize("format", FORMATS)
def test_same_bytes_in_any_order_of_loading(store: Store, ntriples: bytes, format) -> None:
    assert exported(shuffled(ntriples, 7), format) == exported(store, format)


@pytest.mark.parametrize("format", FORMATS)
def test_same_bytes_in_another_process_on_another_day(store: Store, policies: Path, format) -> None:
    script = ("import sys, time, datetime\nreal = time.time\ntime.time = lambda: real() + 9e6\n"
              "class D(datetime.datetime):\n    now = classmethod(lambda c, tz=None: datetime.datetime(1999, 1, 1))\n"
              "    today = classmethod(lambda c: datetime.datetime(1999, 1, 1))\ndatetime.datetime = D\n"
              "from kg.export import export; from kg.graph.store import open_graph\nexport(open_graph(sys.argv[1]), sys.argv[2], sys.stdout.buffer)")
    done = subprocess.run([sys.executable, "-c", script, str(policies), format], check=True, capture_output=True, cwd=ROOT,
                          env={"PYTHONHASHSEED": "12345", "TZ": "Asia/Shanghai"})
    assert done.stdout == exported(store, format)


def test_nquads_are_sorted_and_whole(store: Store) -> None:
    lines = exported(store, "nquads").splitlines()
    assert lines == sorted(lines)
    again = Store()
    again.load(exported(store, "nquads"), pyoxigraph.RdfFormat.N_QUADS)
    assert set(again) == set(store)


@pytest.mark.parametrize(("format", "name"), [("turtle", "turtle"), ("jsonld", "json-ld"), ("nquads", "nquads")])
def test_rdflib_reads_the_same_triples(store: Store, format, name: str) -> None:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=exported(store, format), format=name)
    wanted = rdflib.Graph().parse(data=pyoxigraph.serialize([q.triple for q in store], format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt")
    assert set(graph.triples((None, None, None))) == set(wanted)


def test_jsonld_values_keep_language_and_type(store: Store) -> None:
    things = {thing["@id"]: thing for thing in json.loads(exported(store, "jsonld"))["@graph"]}
    document = next(t for t in things.values() if {"@value": "国办发〔2024〕39号"} in t.get("pkg:documentNumber", []))
    assert document["@type"] == ["pkg:NormativeDocument", "pkg:PolicyDocument"]
    assert document["dcterms:issued"] == [{"@value": "2024-07-30", "@type": "xsd:date"}]
    assert things["https://w3id.org/policy-kg/id/region/410000"]["skos:prefLabel"] == [{"@value": "河南省", "@language": "zh"}]


def test_graphml_and_gexf_come_back_as_the_network(store: Store) -> None:
    wanted = network(store)
    for format, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        found = read(io.BytesIO(exported(store, format)))
        assert set(found.nodes) == set(wanted.nodes)
        assert sorted((a, b, d["relation"]) for a, b, d in found.edges(data=True)) == sorted((a, b, d["relation"]) for a, b, d in wanted.edges(data=True))
        node = next(d for _, d in found.nodes(data=True) if d.get("number") == "国办发〔2024〕39号")
        assert (node["in_corpus"], node["issued"], node["level"]) == (True, "2024-07-30", "NormativeDocument")


def test_network_has_the_most_specific_relation_and_its_evidence(store: Store) -> None:
    graph = network(store)
    number = {data.get("number"): iri for iri, data in graph.nodes(data=True)}
    edge = graph.get_edge_data(number["国务院令第746号"], number["国务院令第156号"])[0]
    assert (edge["relation"], edge["confidence"], edge["file"], edge["line"]) == ("repeals", 0.95, "bulletins/2021-08.txt", 178)


def test_gexf_has_no_date_of_the_day(store: Store) -> None:
    assert not re.search(rb"lastmodified|\d{4}-\d\d-\d\dT", exported(store, "gexf"))


def test_csv_rows(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv").decode(), newline="")))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert len(rows) == network(store).number_of_edges() == 28
    row = next(r for r in rows if r["relation"] == "forwards")
    assert (row["citing_number"], row["cited_number"], row["file"], row["line"]) == ("豫政办〔2019〕32号", "工信部联企业〔2018〕248号", "bulletins/2019-03.txt", "5")


def test_text_that_xml_or_a_spreadsheet_would_choke_on(ntriples: bytes) -> None:
    store = shuffled(ntriples, 1)
    document = NamedNode("https://w3id.org/policy-kg/id/document/国办发〔2024〕39号")
    store.remove(next(store.quads_for_pattern(document, NamedNode(DCTERMS.title), None)))
    store.add(Quad(document, NamedNode(DCTERMS.title), Literal('=HYPERLINK("x")\x0c<&>\x00末')))
    assert network(store).nodes[document.value]["title"].endswith("\x00末")
    title = networkx.read_graphml(io.BytesIO(exported(store, "graphml"))).nodes[document.value]["title"]
    assert title == '=HYPERLINK("x")\ufffd<&>\ufffd末'
    networkx.read_gexf(io.BytesIO(exported(store, "gexf")))
    assert "'=HYPERLINK(" in exported(store, "csv").decode()


def test_a_reference_without_evidence_is_still_an_edge() -> None:
    store = Store()
    a, b, reference = (NamedNode(f"https://w3id.org/policy-kg/id/{n}") for n in "abr")
    for node in (a, b):
        store.add(Quad(node, NamedNode(PKG.inCorpus), Literal(False)))
    store.add(Quad(reference, NamedNode(PKG.citingDocument), a))
    store.add(Quad(reference, NamedNode(PKG.citedDocument), b))
    assert list(network(store).edges(data=True)) == [(a.value, b.value, {"relation": "cites"})]
    for format in FORMATS:
        assert exported(store, format)
