"""A graph is held against the shapes: examples fail for the reason in their name, both engines agree, and the report says what to do."""

import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import GraphError
from kg.graph.check import SAMPLES, CheckReport, check_graph, check_turtle
from kg.graph.namespaces import DCTERMS, DEFAULT_BASE, PKG, RDF
from kg.graph.ontology import ontology_path
from kg.graph.shapes import SHAPE, read_shapes
from kg.graph.store import write_graph

EXAMPLES = ontology_path() / "examples"
VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
SHAPES = {shape.name: shape for shape in read_shapes(ontology_path() / "shapes.ttl")}
Run = Callable[..., subprocess.CompletedProcess[str]]


def graph_of(files: list[Path], directory: Path, *more: ox.Triple) -> Path:
    triples = [quad.triple for file in files for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE)]
    write_graph([ox.serialize([*triples, *more], format=ox.RdfFormat.N_TRIPLES)], directory)
    return directory


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The valid examples and, in one of them, a second title."""
    second = ox.Triple(ox.NamedNode(f"{DEFAULT_BASE}document/国务院令第746号"), ox.NamedNode(DCTERMS.title), ox.Literal("市场主体登记管理条例"))
    return graph_of(VALID, tmp_path_factory.mktemp("broken") / "graph", second)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
@pytest.mark.parametrize("engine", ["sparql", "pyshacl"])
def test_valid_examples_pass_without_a_warning(path: Path, engine: str) -> None:
    assert check_turtle([path], engine=engine).findings == ()


@pytest.mark.parametrize("engine", ["sparql", "pyshacl"])
def test_valid_examples_pass_together(engine: str) -> None:
    report = check_turtle(VALID, engine=engine)
    assert report.findings == ()
    assert report.triples > 500


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_example_fails_for_the_one_reason_in_its_name_on_both_engines(path: Path) -> None:
    by_query, by_pyshacl = (check_turtle([path], engine=engine) for engine in ("sparql", "pyshacl"))
    assert [finding.shape for finding in by_query.findings] == [path.stem]
    assert by_query == by_pyshacl
    assert by_query.conforms == (SHAPES[path.stem].severity == "warning")
    assert by_query.findings[0].samples


def test_every_shape_has_an_invalid_example_and_every_example_a_shape() -> None:
    assert {path.stem for path in INVALID} == set(SHAPES)


def test_all_invalid_examples_together_give_both_engines_the_same_report() -> None:
    # Read together the examples also break each other's shapes: many failures at once, on both engines the same.
    by_query, by_pyshacl = (check_turtle(INVALID, engine=engine) for engine in ("sparql", "pyshacl"))
    assert [(f.shape, f.count) for f in by_query.findings] == [(f.shape, f.count) for f in by_pyshacl.findings]
    assert len(by_query.findings) > 30


@pytest.mark.parametrize("seed", range(4))
def test_both_engines_agree_on_damaged_graphs(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    quads = sorted({quad.triple for path in VALID for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)}, key=str)
    kept = [triple for triple in quads if chance.random() > 0.05]
    crossed = [ox.Triple(chance.choice(kept).subject, triple.predicate, triple.object) for triple in chance.sample(kept, 60)]
    path = tmp_path / "damaged.ttl"
    ox.serialize([*kept, *crossed], path, format=ox.RdfFormat.TURTLE)
    by_query, by_pyshacl = (check_turtle([path], engine=engine) for engine in ("sparql", "pyshacl"))
    assert by_query == by_pyshacl
    assert sum(finding.count for finding in by_query.findings) > 20


def test_report_says_what_to_do_where_and_how_often(broken: Path) -> None:
    report = check_graph(broken)
    text = report.text()
    assert "violation document-with-two-titles: 1" in text
    assert SHAPES["document-with-two-titles"].message_zh in text
    assert SHAPES["document-with-two-titles"].message_en in text
    assert "examples/regulations.txt:12: " in text
    assert "document/国务院令第746号" in text
    assert text.endswith(f"{broken}: does not conform 不合格: 1 violations, 0 warnings; {len(SHAPES)} shapes over {report.triples} triples")
    assert (report.conforms, report.exit_code) == (False, 1)


def test_json_report_is_plain_data(broken: Path) -> None:
    report = check_graph(broken).to_json()
    assert report["conforms"] is False
    finding = report["findings"][0]
    assert (finding["shape"], finding["count"], finding["samples"][0]["line"]) == ("document-with-two-titles", 1, 12)


def test_both_engines_agree_on_a_store(broken: Path) -> None:
    assert check_graph(broken) == check_graph(broken, engine="pyshacl")


def test_warnings_do_not_keep_a_graph_from_conforming() -> None:
    report = check_turtle([EXAMPLES / "invalid" / "document-without-number.ttl"])
    assert [finding.severity for finding in report.findings] == ["warning"]
    assert (report.conforms, report.exit_code) == (True, 0)
    assert "conforms 合格: 0 violations, 1 warnings" in report.text()


def test_only_the_first_places_are_shown_and_all_are_counted(tmp_path: Path) -> None:
    nodes = [ox.NamedNode(f"{DEFAULT_BASE}agency/{n:02}") for n in range(12)]
    agencies = [ox.Triple(node, ox.NamedNode(RDF.type), ox.NamedNode(PKG.Agency)) for node in nodes]
    report = check_graph(graph_of([], tmp_path / "graph", *agencies))
    finding, = report.findings
    assert (finding.shape, finding.count) == ("agency-without-name", 12)
    assert [sample.node for sample in finding.samples] == [node.value for node in nodes[:SAMPLES]]
    assert f"  … {12 - SAMPLES} more" in report.text()


@pytest.mark.parametrize(("name", "place"), [
    ("reference-without-quote", ("examples/regulations.txt", 20)),  # the reference's own line
    ("passage-without-end-line", ("examples/regulations.txt", 12)),  # the passage's first line
    ("document-with-two-issue-dates", ("examples/regulations.txt", 12)),  # the passage that prints the document
    ("edge-to-no-document", ("examples/regulations.txt", 12)),
    ("document-cited-without-reference", (None, None)),  # nothing in the source leads there
    ("agency-without-name", (None, None)),
])
def test_samples_name_file_and_line(name: str, place: tuple[str | None, int | None]) -> None:
    sample = check_turtle([EXAMPLES / "invalid" / f"{name}.ttl"], engine="sparql").findings[0].samples[0]
    assert (sample.file, sample.line) == place


def test_a_cited_document_is_placed_where_it_is_cited(tmp_path: Path) -> None:
    second = ox.Triple(ox.NamedNode(f"{DEFAULT_BASE}document/国务院令第156号"), ox.NamedNode(DCTERMS.title), ox.Literal("公司登记管理条例"))
    report = check_graph(graph_of([EXAMPLES / "valid" / "repeal.ttl"], tmp_path / "graph", second))
    assert (report.findings[0].samples[0].file, report.findings[0].samples[0].line) == ("examples/regulations.txt", 84)


def test_a_number_of_two_documents_is_placed_where_one_of_them_is_printed(tmp_path: Path) -> None:
    other = ox.NamedNode(f"{DEFAULT_BASE}document/漯政〔2021〕22号")
    second = ox.Triple(other, ox.NamedNode(PKG.documentNumber), ox.Literal("国办发〔2021〕24号"))
    files = [EXAMPLES / "valid" / f"{name}.ttl" for name in ("opinion", "local-document")]
    sample = check_graph(graph_of(files, tmp_path / "graph", second)).findings[0].samples[0]
    assert (sample.node, sample.file, sample.line) == ("国办发〔2021〕24号", "examples/bulletin.txt", 10)


def test_a_constraint_that_cannot_be_turned_into_a_query_is_an_error_not_a_gap(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(f"""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix pkg: <{PKG}> .
        <{SHAPE}odd> a sh:PropertyShape ; sh:severity sh:Violation ; sh:targetClass pkg:Agency ;
            sh:path pkg:validFrom ; sh:maxLength 9 .""",
                      encoding="utf-8")
    with pytest.raises(GraphError, match="shape:odd uses sh:maxLength"):
        read_shapes(shapes)


@pytest.mark.parametrize(("text", "said"), [(None, "cannot be read"), ("@prefix broken", "is not Turtle")])
def test_a_file_that_is_missing_or_not_turtle_is_named(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "graph.ttl"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(GraphError, match=f"graph.ttl: {said}") as error:
        check_turtle([path])
    assert isinstance(error.value, GraphError)


def test_reading_a_directory_that_is_no_graph_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GraphError):
        check_graph(tmp_path / "nothing")


def test_the_report_is_the_same_for_the_same_graph(broken: Path) -> None:
    reports: list[CheckReport] = [check_graph(broken) for _ in range(2)]
    assert reports[0].text() == reports[1].text()


def test_an_impossible_date_is_reported_without_a_traceback(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    check_turtle([EXAMPLES / "invalid" / "reference-effective-date-not-a-date.ttl"], engine="pyshacl")
    assert "Traceback" not in capfd.readouterr().err + caplog.text


def test_command_line_exit_codes(broken: Path, tmp_path: Path, run_kg: Run) -> None:
    whole = graph_of(VALID, tmp_path / "whole")
    conforms, violates, absent = (run_kg("check", "--graph", graph) for graph in (whole, broken, tmp_path / "absent"))
    assert (conforms.returncode, violates.returncode, absent.returncode) == (0, 1, 2)
    assert "合格" in conforms.stdout
    assert "document-with-two-titles" in violates.stdout
    assert "Traceback" not in violates.stderr + absent.stderr
