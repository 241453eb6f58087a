"""Holds a graph against the shapes of the ontology: a graph directory or Turtle files in, a report that says what to do out.

A store is asked in SPARQL, one query a shape, which takes seconds where a SHACL engine takes minutes and the whole graph in memory;
Turtle files go through pyshacl. Both read shapes.ttl and nothing else, and the tests hold the two to the same answers.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from kg.errors import GraphError
from kg.graph.namespaces import DCTERMS, SPARQL_PREFIXES, XSD
from kg.graph.ontology import ontology_path
from kg.graph.shapes import SHAPE, Shape, Term, read_shapes

Engine = Literal["sparql", "pyshacl"]
SAMPLES = 5  # of each finding, enough to see what goes wrong


@dataclass(frozen=True, slots=True)
class Sample:
    """A node that a shape refuses, the value to blame if there is one, and where the source has it."""

    node: str
    value: str | None = None
    title: str | None = None
    file: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One shape that did not hold: how bad, what to do, how often, and the first places."""

    shape: str  # document-without-title
    severity: Literal["violation", "warning"]
    message_zh: str
    message_en: str
    count: int
    samples: tuple[Sample, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. Warnings tell of the source; only violations make a graph not conform."""

    checked: str  # the graph directory or files
    shapes: int
    triples: int
    findings: tuple[Finding, ...]

    @property
    def conforms(self) -> bool:
        return not any(finding.severity == "violation" for finding in self.findings)

    @property
    def exit_code(self) -> int:
        """0 when the graph conforms, 1 when it has violations."""
        return 0 if self.conforms else 1

    def text(self) -> str:
        """The report for people: violations first, each with what to do and where."""
        lines = []
        for finding in self.findings:
            lines.append(f"{finding.severity} {finding.shape}: {finding.count}")
            lines += [f"    {finding.message_en}", f"    {finding.message_zh}"]
            for sample in finding.samples:
                place = f"{sample.file}:{sample.line}: " if sample.line else f"{sample.file}: " if sample.file else ""
                value = f" = {_cut(sample.value)}" if sample.value else ""
                lines.append(f"  - {place}{_cut(sample.title) + ' ' if sample.title else ''}{sample.node}{value}")
            if finding.count > len(finding.samples):
                lines.append(f"  … {finding.count - len(finding.samples)} more")
        counts = {s: sum(f.count for f in self.findings if f.severity == s) for s in ("violation", "warning")}
        verdict = "conforms 合格" if self.conforms else "does not conform 不合格"
        lines.append(f"{self.checked}: {verdict}: {counts['violation']} violations, {counts['warning']} warnings; "
                     f"{self.shapes} shapes over {self.triples} triples")
        return "\n".join(lines)

    def to_json(self) -> dict[str, object]:
        """The report as plain data."""
        return {"conforms": self.conforms, **asdict(self)}


def check_graph(graph_dir: str | Path, *, engine: Engine = "sparql") -> CheckReport:
    """Checks a built graph. `engine="pyshacl"` reads the graph into memory and takes 20 seconds for 20,000 references.

    Raises `GraphError` when the directory holds no graph.
    """
    from kg.graph.store import open_graph

    return _check_store(open_graph(graph_dir), str(graph_dir), engine)


def check_turtle(paths: Iterable[str | Path], *, engine: Engine = "pyshacl") -> CheckReport:
    """Checks Turtle files, read together as one graph. Raises `GraphError` for a file that is missing or not Turtle."""
    store = ox.Store()
    files = [Path(path) for path in paths]
    for path in files:
        try:
            store.load(path=path, format=ox.RdfFormat.TURTLE)
        except OSError as e:
            raise GraphError(f"{path}: cannot be read: {e.strerror or e}") from e
        except SyntaxError as e:
            raise GraphError(f"{path}: is not Turtle: {e}") from e
    return _check_store(store, ", ".join(str(path) for path in files), engine)


def _check_store(store: ox.Store, checked: str, engine: Engine) -> CheckReport:
    shapes = read_shapes(ontology_path() / "shapes.ttl")
    refused = _refused_by_pyshacl(store) if engine == "pyshacl" else _refused_by_queries(store, shapes)
    findings = []
    for shape in shapes:
        nodes = sorted(refused.get(shape.name, ()), key=lambda pair: (str(pair[0]), str(pair[1] or "")))
        if nodes:
            samples = tuple(_sample(store, node, value) for node, value in nodes[:SAMPLES])
            findings.append(Finding(shape.name, shape.severity, shape.message_zh, shape.message_en, len(nodes), samples))
    findings.sort(key=lambda finding: (finding.severity != "violation", finding.shape))
    return CheckReport(checked, len(shapes), len(store), tuple(findings))


Refused = dict[str, set[tuple[Term, Term | None]]]  # shape → focus nodes, each with the value to blame if there is one


def _refused_by_queries(store: ox.Store, shapes: list[Shape]) -> Refused:
    return {shape.name: {(row["focus"], row["value"]) for row in store.query(shape.query)} for shape in shapes}


def _refused_by_pyshacl(store: ox.Store) -> Refused:
    import logging

    import pyshacl
    import rdflib

    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # it logs a traceback for 2022-02-30, which the report names anyway
    data = rdflib.Graph().parse(data=store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()), format="nt")
    shapes = rdflib.Graph().parse(ontology_path() / "shapes.ttl")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=False, allow_warnings=True)
    sh = rdflib.SH
    refused: Refused = {}
    for result in results.subjects(rdflib.RDF.type, sh.ValidationResult):
        shape = str(results.value(result, sh.sourceShape)).removeprefix(SHAPE)
        component = str(results.value(result, sh.sourceConstraintComponent))
        focus = _as_oxigraph(results.value(result, sh.focusNode))
        value = results.value(result, sh.value)
        if component.endswith(("OrConstraintComponent", "HasValueConstraintComponent")):
            value = None  # the node itself: nothing that the node line does not say
        refused.setdefault(shape, set()).add((focus, None if value is None else _as_oxigraph(value)))
    return refused


def _as_oxigraph(term: object) -> Term:
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype or XSD.string)))


def _sample(store: ox.Store, node: Term, value: Term | None) -> Sample:
    """Where the source has the node: its own lines, the passage that prints it, or the first reference to it."""
    name = node.value
    blamed = None if value is None or value == node else value.value
    if isinstance(node, ox.BlankNode):
        return Sample(name, blamed)
    literal = isinstance(node, ox.Literal)
    title = None if literal else next((q.object.value for q in store.quads_for_pattern(node, ox.NamedNode(DCTERMS.title), None)), None)
    for pattern in _PLACES_OF_NUMBER if literal else _PLACES:
        query = f"{SPARQL_PREFIXES}SELECT ?file ?line WHERE {{ {pattern.replace('?node', str(node))} }} ORDER BY ?file ?line LIMIT 1"
        for row in store.query(query):
            line = row["line"]
            return Sample(name, blamed, title, row["file"].value, int(line.value) if line is not None and line.value.isdigit() else None)
    return Sample(name, blamed, title)


_PLACES = (
    "?node pkg:inPassage/pkg:sourceFile ?file OPTIONAL { ?node pkg:startLine ?line }",
    "?node pkg:sourceFile ?file OPTIONAL { ?node pkg:startLine ?line }",
    "?node pkg:printedIn ?passage . ?passage pkg:sourceFile ?file OPTIONAL { ?passage pkg:startLine ?line }",
    "?reference pkg:citedDocument|pkg:citingDocument ?node ; pkg:inPassage/pkg:sourceFile ?file "
    "OPTIONAL { ?reference pkg:startLine ?line }",
    "?document pkg:printedIn ?passage ; pkg:issuer|pkg:mentionsAgency|pkg:jurisdiction|pkg:mentionsRegion ?node . "
    "?passage pkg:sourceFile ?file OPTIONAL { ?passage pkg:startLine ?line }",
)
_PLACES_OF_NUMBER = (
    "?document pkg:documentNumber ?node ; pkg:printedIn ?passage . ?passage pkg:sourceFile ?file OPTIONAL { ?passage pkg:startLine ?line }",
    "?document pkg:documentNumber ?node . ?reference pkg:citedDocument ?document ; pkg:inPassage/pkg:sourceFile ?file "
    "OPTIONAL { ?reference pkg:startLine ?line }",
)


def _cut(text: str | None) -> str:
    return "" if text is None else text if len(text) <= 60 else f"{text[:59]}…"
