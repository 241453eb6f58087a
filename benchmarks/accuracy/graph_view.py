"""A graph directory goes in; its documents, passages and references come out as plain records, read by the names of the contract."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.accuracy.sameness import fold
from kg.graph.store import open_graph

_PREFIXES = """PREFIX pkg: <https://w3id.org/policy-kg/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_FIELDS = {
    "titles": "dcterms:title|dcterms:alternative",
    "numbers": "pkg:documentNumber",
    "issuers": "pkg:issuer",
    "types": "pkg:documentType",
    "issued": "dcterms:issued",
    "effective": "pkg:effectiveDate",
    "expires": "pkg:expiryDate",
    "agencies": "pkg:mentionsAgency",
    "regions": "pkg:mentionsRegion",
}
_DATES = ("issued", "effective", "expires")


@dataclass(slots=True)
class Document:
    """What the graph says of one document; agencies and regions as resource names."""

    titles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    issued: list[str] = field(default_factory=list)
    effective: list[str] = field(default_factory=list)
    expires: list[str] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    file: str
    start_line: int
    end_line: int
    document: str


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    file: str
    start_line: int
    citing: str
    cited: str
    relation: str  # the local name: basedOn
    quote: str
    scope: str
    trigger: str
    resolved_by: str


@dataclass(slots=True)
class GraphView:
    documents: defaultdict[str, Document]
    labels: dict[str, set[str]]  # resource name of an agency or region → its folded labels
    names: dict[str, str]  # the same → the label to show
    passages: list[Passage]
    references: list[Reference]


def read_graph(directory: Path) -> GraphView:
    """Everything the scorer compares, sorted, so that a graph gives the same outcomes each time. Raises `GraphError` where there is none."""
    store = open_graph(directory)

    def rows(query: str) -> list[dict[str, str]]:
        solutions = store.query(_PREFIXES + query)
        variables = [v.value for v in solutions.variables]
        found = [{v: s[v].value for v in variables if s[v] is not None} for s in solutions]
        return sorted(found, key=lambda row: sorted(row.items()))

    documents: defaultdict[str, Document] = defaultdict(Document)
    for name, path in _FIELDS.items():
        for row in rows(f"SELECT ?d ?v WHERE {{ ?d {path} ?v }}"):
            values = getattr(documents[row["d"]], name)
            value = row["v"][:10] if name in _DATES else row["v"]
            if value not in values:
                values.append(value)
    labels: defaultdict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for row in rows(
        "SELECT ?a ?l ?p WHERE { ?a skos:prefLabel|skos:altLabel ?l ; skos:prefLabel ?p . { ?a a pkg:Agency } UNION { ?a a pkg:Region } }"
    ):
        labels[row["a"]].add(fold(row["l"]))
        names.setdefault(row["a"], row["p"])
    passages = [
        Passage(row["f"], int(row["s"]), int(row["e"]), row["d"])
        for row in rows("SELECT ?d ?f ?s ?e WHERE { ?d pkg:printedIn ?p . ?p pkg:sourceFile ?f ; pkg:startLine ?s ; pkg:endLine ?e }")
    ]
    references = [
        Reference(
            row["f"],
            int(row["l"]),
            row["d"],
            row["c"],
            row["rel"].rsplit("#", 1)[-1],
            row.get("q", ""),
            row.get("s", "whole"),
            row.get("t", ""),
            row.get("by", ""),
        )
        for row in rows(
            "SELECT * WHERE { ?r a pkg:Reference ; pkg:citingDocument ?d ; pkg:citedDocument ?c ; pkg:relation ?rel ; pkg:startLine ?l ;"
            " pkg:inPassage ?p . ?p pkg:sourceFile ?f . OPTIONAL { ?r pkg:quote ?q } OPTIONAL { ?r pkg:scope ?s }"
            " OPTIONAL { ?r pkg:trigger ?t } OPTIONAL { ?r pkg:resolvedBy ?by } }"
        )
    ]
    return GraphView(documents, dict(labels), names, sorted(passages), sorted(references))
