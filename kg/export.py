"""Writes a graph out for other tools: a store goes in, Turtle, N-Quads, JSON-LD, GraphML, GEXF or CSV come out, the same bytes each time."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Store

from kg.graph.namespaces import DCTERMS, PKG, PREFIXES, RDF, RELATION_OF_IRI
from kg.graph.turtle import subjects_of, turtle

if TYPE_CHECKING:
    import networkx

Format = Literal["turtle", "nquads", "jsonld", "graphml", "gexf", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
CSV_COLUMNS = ("citing_number", "citing_title", "relation", "cited_number", "cited_title", "sentence", "file", "line")


def export(store: Store, format: Format, out: IO[bytes]) -> None:
    """Writes the whole graph to `out` in UTF-8. The same graph gives the same bytes, whatever order it was loaded in."""
    {"turtle": _turtle, "nquads": _nquads, "jsonld": _jsonld, "graphml": _graphml, "gexf": _gexf, "csv": _csv}[format](store, out)


def network(store: Store) -> "networkx.MultiDiGraph":
    """Documents and references as a network: a node for each document, an edge for each reference, from citing to cited.

    Nodes have `title`, `number`, `level`, `issued`, `in_corpus`; edges `relation` (the most specific), `confidence`, `sentence`, `file`,
    `line`. What is unknown is left out, as GraphML and GEXF have no null. The order of nodes and edges is fixed.
    """
    import networkx

    graph: networkx.MultiDiGraph = networkx.MultiDiGraph()
    titles, numbers, dates = (_values(store, p) for p in (DCTERMS.title, PKG.documentNumber, DCTERMS.issued))
    levels = {q.subject.value: q.object.value.removeprefix(PKG) for q in store.quads_for_pattern(None, NamedNode(RDF.type), None)
              if q.object.value.startswith(PKG) and q.object.value != PKG.PolicyDocument}
    in_corpus = _values(store, PKG.inCorpus)
    for iri in sorted(in_corpus):
        known = {"title": titles.get(iri), "number": numbers.get(iri), "level": levels.get(iri), "issued": dates.get(iri)}
        graph.add_node(iri, in_corpus=in_corpus[iri] == "true", **{k: v for k, v in known.items() if v is not None})
    properties = {name: _values(store, p) for name, p in {
        "citing": PKG.citingDocument, "cited": PKG.citedDocument, "relation": PKG.relation, "confidence": PKG.confidence,
        "sentence": PKG.sentence, "passage": PKG.inPassage, "line": PKG.startLine}.items()}
    files = _values(store, PKG.sourceFile)
    edges = []
    for reference, citing in properties["citing"].items():
        cited = properties["cited"].get(reference)
        if cited is None:
            continue
        edge: dict[str, Any] = {"relation": RELATION_OF_IRI.get(properties["relation"].get(reference, ""), "cites")}
        if reference in properties["confidence"]:
            edge["confidence"] = float(properties["confidence"][reference])
        if reference in properties["sentence"]:
            edge["sentence"] = properties["sentence"][reference]
        if properties["passage"].get(reference) in files:
            edge["file"] = files[properties["passage"][reference]]
        if reference in properties["line"]:
            edge["line"] = int(properties["line"][reference])
        edges.append((citing, cited, reference, edge))
    for citing, cited, _, edge in sorted(edges, key=lambda e: (e[0], e[1], e[3].get("file", ""), e[3].get("line", 0), e[2])):
        graph.add_edge(citing, cited, **edge)
    return graph


def _values(store: Store, predicate: str) -> dict[str, str]:
    """Subject → value; where there are several, the first in order."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None):
        subject, value = quad.subject.value, quad.object.value
        if subject not in found or value < found[subject]:
            found[subject] = value
    return found


def _lines(store: Store) -> list[str]:
    return sorted(f"{quad} .\n" for quad in store)


def _nquads(store: Store, out: IO[bytes]) -> None:
    out.writelines(line.encode() for line in _lines(store))


def _turtle(store: Store, out: IO[bytes]) -> None:
    out.writelines(piece.encode() for piece in turtle(subjects_of(store)))


def _jsonld(store: Store, out: IO[bytes]) -> None:
    """One object a subject, compacted with the usual prefixes; values are always lists, so that readers need one case only."""
    import json

    context = dict(sorted(PREFIXES.items()))
    out.write(b'{"@context": ' + json.dumps(context).encode() + b',\n"@graph": [')
    for n, triples in enumerate(subjects_of(store)):
        thing: dict[str, Any] = {"@id": _node_id(triples[0].subject)}
        for predicate, group in groupby(triples, key=lambda t: t.predicate):
            if predicate.value == RDF.type:
                thing["@type"] = [_compact(t.object.value) for t in group]
            else:
                thing[_compact(predicate.value)] = [_jsonld_value(t.object) for t in group]
        out.write((b",\n" if n else b"\n") + json.dumps(thing, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _jsonld_value(term: Any) -> Any:
    if not isinstance(term, RdfLiteral):
        return {"@id": _node_id(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return {"@value": term.value}
    return {"@value": term.value, "@type": _compact(term.datatype.value)}


def _node_id(term: Any) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


def _compact(iri: str) -> str:
    """`pkg:Law`; JSON-LD takes any rest, as long as it does not begin with two slashes."""
    for prefix, base in PREFIXES.items():
        if iri.startswith(base) and not iri[len(base):].startswith("//"):
            return f"{prefix}:{iri[len(base):]}"
    return iri


# XML 1.0 cannot carry these, not even escaped; a scanned source may hold them.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _for_xml(store: Store) -> "networkx.MultiDiGraph":
    graph = network(store)
    for _, data in [*graph.nodes(data=True), *((None, d) for _, _, d in graph.edges(data=True))]:
        for key, value in data.items():
            if isinstance(value, str):
                data[key] = _NOT_XML.sub("\ufffd", value)
    return graph


def _graphml(store: Store, out: IO[bytes]) -> None:
    from networkx.readwrite.graphml import GraphMLWriter

    writer = GraphMLWriter(encoding="utf-8", prettyprint=True)
    writer.add_graph_element(_for_xml(store))
    writer.dump(out)
    out.write(b"\n")


def _gexf(store: Store, out: IO[bytes]) -> None:
    """As networkx writes it, without the date of the day, which would make two exports of one graph differ."""
    from networkx.readwrite.gexf import GEXFWriter

    graph = _for_xml(store)
    for _, data in graph.nodes(data=True):
        data["label"] = data.get("title") or data.get("number") or ""
    writer = GEXFWriter(encoding="utf-8", prettyprint=True, version="1.2draft")
    writer.add_graph(graph)
    text = io.BytesIO()
    writer.write(text)
    out.write(re.sub(rb' lastmodifieddate="[^"]*"', b"", text.getvalue(), count=1))
    out.write(b"\n")


def _csv(store: Store, out: IO[bytes]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(_csv_rows(network(store)))
    text.detach()


def _csv_rows(graph: "networkx.MultiDiGraph") -> Iterator[Iterable[str]]:
    for citing, cited, edge in graph.edges(data=True):
        a, b = graph.nodes[citing], graph.nodes[cited]
        sentence = "".join(part.strip() for part in edge.get("sentence", "").splitlines())
        cells = (a.get("number"), a.get("title"), edge["relation"], b.get("number"), b.get("title"), sentence, edge.get("file"), edge.get("line"))
        yield tuple("" if cell is None else _harmless(str(cell)) for cell in cells)


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula gets an apostrophe in front."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
