"""The benchmark itself: what counts as the same, how outcomes are counted, and that errors get the cause they have."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.accuracy import runs
from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.annotations import read_annotations
from benchmarks.accuracy.entries import camel, score_entries
from benchmarks.accuracy.graph_view import read_graph
from benchmarks.accuracy.outcomes import Figure, Outcome, figures, gains_and_losses, pair
from benchmarks.accuracy.sameness import same_number, same_title
from benchmarks.accuracy.statements import score_repeals, score_titles
from benchmarks.speed.__main__ import measure_growth, of_size
from kg.errors import UsageError
from kg.graph.store import write_graph

ROOT = Path(__file__).parents[1]
SAME = {"title": same_title, "number": same_number}
CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "sameness.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_sameness(case: dict[str, str]) -> None:
    same = SAME[case["kind"]]
    assert same(case["a"], case["b"]) is (case["same"] == "yes")
    assert same(case["b"], case["a"]) is (case["same"] == "yes")


def test_pair_uses_a_found_value_once() -> None:
    assert pair(["a", "a", "b"], ["b", "a", "c"], str.__eq__) == ([("a", "a"), ("b", "b")], ["a"], ["c"])


def test_figures_of_nothing_expected_and_nothing_found_is_perfect_and_of_extras_is_not() -> None:
    assert (Figure(0, 0, 0).precision, Figure(0, 0, 0).recall) == (1.0, 1.0)
    assert Figure(0, 0, 2).precision == 0.0
    half = figures([Outcome("f", "x", "hit", "1"), Outcome("f", "x", "missed", "2"), Outcome("f", "x", "extra", "3")])["f"]
    assert (half.precision, half.recall, half.f1, half.expected) == (0.5, 0.5, 0.5, 2)


def test_gains_and_losses_ignore_a_change_of_cause() -> None:
    before = [Outcome("f", "x", "missed", "1", "plain"), Outcome("f", "x", "hit", "2"), Outcome("f", "x", "missed", "3", "nested")]
    now = [
        Outcome("f", "x", "hit", "1"),
        Outcome("f", "x", "missed", "2", "plain"),
        Outcome("f", "x", "missed", "3", "wrapped"),
        Outcome("f", "x", "extra", "4", "boundary"),
    ]
    gains, losses = gains_and_losses(before, now)
    assert [(o.kind, o.value) for o in gains] == [("hit", "1")]
    assert sorted((o.kind, o.value) for o in losses) == [("extra", "4"), ("hit", "2")]


def test_relation_names_are_those_of_the_ontology() -> None:
    assert [camel(r) for r in ("repeals", "based_on", "calls_for_revision", "responds_to")] == [
        "repeals",
        "basedOn",
        "callsForRevisionOf",
        "respondsTo",
    ]


NAMES = {"": "https://w3id.org/policy-kg/ontology#", "d": "http://purl.org/dc/terms/", "s": "http://www.w3.org/2004/02/skos/core#"}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def _iri(name: str) -> str:
    if name == "a":
        return f"<{RDF_TYPE}>"
    prefix, _, local = name.rpartition(":")
    return f"<{NAMES[prefix]}{local}>" if ":" in name else f"<https://w3id.org/policy-kg/id/{name}>"


def _graph(directory: Path, triples: str) -> Path:
    """A graph of lines `subject predicate object`; an object in quotes is a literal."""
    lines = []
    for line in triples.strip().splitlines():
        subject, predicate, thing = line.split(maxsplit=2)
        lines.append(f"{_iri(subject)} {_iri(predicate)} {thing if thing.startswith(chr(34)) else _iri(thing)} .\n")
    write_graph(["".join(lines).encode()], directory)
    return directory


DOCUMENT = """
one a :PolicyDocument
one d:title "甲办法"
one :documentNumber "甲发〔2020〕1号"
one :issuer ministry
one d:issued "2020-01-02"
one :mentionsAgency ministry
one :printedIn passage
passage :sourceFile "texts/part-a.txt"
passage :startLine "3"
passage :endLine "20"
ministry a :Agency
ministry s:prefLabel "财政部"
old a :PolicyDocument
old d:title "乙办法"
law a :PolicyDocument
law d:title "丙法"
form a :PolicyDocument
form d:title "申请表"
"""


def _reference(name: str, cited: str, relation: str, line: int, quote: str, scope: str = "whole") -> str:
    return (
        f'{name} a :Reference\n{name} :citingDocument one\n{name} :citedDocument {cited}\n{name} :relation :{relation}\n{name} :startLine "{line}"\n'
        f'{name} :inPassage passage\n{name} :quote "{quote}"\n{name} :scope "{scope}"\n'
    )


ENTRY = {
    "id": "part-a-01",
    "line_start": 4,
    "line_end": 20,
    "title": "甲办法",
    "numbers": ["甲发〔2020〕1号"],
    "numbers_where": "header",
    "doc_type": None,
    "issuers": ["财政部"],
    "date_issued": "2020-01-02",
    "date_effective": "2020-02-01",
    "date_expires": None,
    "agencies": ["财政部", "商务部"],
    "regions": ["cluster:京津冀"],
    "not_references": [{"raw": "《申请表》", "line": 9, "why": "form"}],
    "references": [
        {
            "target_title": "乙办法",
            "target_number": None,
            "kind": "departmental_rule",
            "relation": "repeals",
            "line": 7,
            "raw": "《乙办法》",
        },
        {"target_title": "丙法", "target_number": None, "kind": "law", "relation": "based_on", "line": 5, "raw": "丙法"},
        {"target_title": "丁法", "target_number": None, "kind": "law", "relation": "cites", "line": 6, "raw": "丁法"},
        {"target_title": "戊规划", "target_number": None, "kind": "plan", "relation": "implements", "line": 6, "raw": "戊规划"},
    ],
}


@pytest.fixture
def small_graph(tmp_path: Path) -> Path:
    return _graph(
        tmp_path / "graph",
        DOCUMENT
        + _reference("r1", "old", "amends", 7, "《乙办法》")
        + _reference("r2", "law", "basedOn", 5, "丙法")
        + _reference("r3", "form", "cites", 9, "《申请表》"),
    )


def test_entries_get_the_outcomes_and_causes_they_have(small_graph: Path) -> None:
    outcomes = score_entries(read_graph(small_graph), [ENTRY])
    wrong = {(o.field, o.kind, o.value): o.cause for o in outcomes if o.kind != "hit"}
    assert wrong == {
        ("effective", "missed", "2020-02-01"): "nothing found",
        ("agencies", "missed", "商务部"): "not found",
        ("references", "missed", "丁法"): "unquoted",
        ("references", "extra", "申请表"): "not a reference: form",
        ("repeals", "missed", "乙办法"): "found as amends",
        ("amends", "extra", "乙办法 []"): "is repeals",
    }
    hits = {(o.field, o.value) for o in outcomes if o.kind == "hit"}
    assert {("documents", "line 4"), ("title", "甲办法"), ("issuers", "财政部"), ("references", "乙办法"), ("based_on", "丙法")} <= hits


def test_a_document_that_is_not_found_misses_everything(small_graph: Path) -> None:
    far = ENTRY | {"line_start": 9}
    outcomes = score_entries(read_graph(small_graph), [far])
    assert not [o for o in outcomes if o.kind == "hit"]
    assert {o.cause for o in outcomes if o.kind == "missed" and o.field != "documents"} == {"document not found", "reference not found"}


def test_repeals_are_judged_by_line_and_scope(tmp_path: Path) -> None:
    graph = _graph(
        tmp_path / "graph",
        DOCUMENT + _reference("r1", "old", "repeals", 7, "《乙办法》") + _reference("r2", "law", "repeals", 8, "《丙法》"),
    )
    whole = {"title": "乙办法", "number": None, "scope": "whole", "provision": None, "date": None}
    rows = [
        {"file": "part-a.txt", "line": 7, "repeals": [whole], "not": None},
        {"file": "part-a.txt", "line": 8, "repeals": [], "not": "procedure"},
    ]
    assert [(o.field, o.kind, o.cause) for o in score_repeals(read_graph(graph), rows)] == [
        ("repeals whole", "hit", None),
        ("repeals whole", "extra", "repeals nothing: procedure"),
    ]
    partial = [rows[0] | {"repeals": [whole | {"scope": "partial"}]}]
    assert [(o.field, o.kind, o.cause) for o in score_repeals(read_graph(graph), partial)] == [
        ("repeals whole", "extra", "another target"),
        ("repeals partial", "missed", "found with the other scope"),
    ]


def test_titles_are_judged_field_by_field() -> None:
    rows = [
        {
            "title": "河南省财政厅关于预算的通知",
            "number": "豫财〔2020〕012号",
            "issuer": "河南省财政厅",
            "level": "地方规范性文件",
            "side": "local",
        }
    ]
    good = {
        "issuers": ["河南省财政厅"],
        "region": "410000",
        "effect_level": "NormativeDocument",
        "number_parts": {"year": 2020, "serial": 12},
    }
    divisions = [("河南省", "410000")]
    assert {o.kind for o in score_titles(rows, lambda _: json.dumps(good), divisions)} == {"hit"}
    bad = good | {"region": "320000", "number_parts": {"year": 2020, "serial": 13}}
    assert {(o.field, o.kind) for o in score_titles(rows, lambda _: json.dumps(bad), divisions) if o.kind != "hit"} == {
        ("number serial", "missed"),
        ("number serial", "extra"),
        ("province", "missed"),
        ("province", "extra"),
    }
    with pytest.raises(ValueError, match="1 rows in, 2 out"):
        score_titles(rows, lambda _: "{}\n{}", divisions)


def test_command_saves_a_run_and_compares_with_it(small_graph: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    annotations = tmp_path / "part-a.json"
    annotations.write_text(json.dumps([ENTRY]), encoding="utf-8")
    saved = tmp_path / "run.json"
    assert main([str(annotations), "--graph", str(small_graph), "--save", str(saved)]) == 0
    first = capsys.readouterr().out
    assert "found as amends" in first and "since" not in first
    annotations.write_text(json.dumps([ENTRY | {"date_effective": None}]), encoding="utf-8")
    assert main([str(annotations), "--graph", str(small_graph), "--against", str(saved)]) == 0
    assert "documents: 0 gains, 0 losses" in capsys.readouterr().out
    annotations.write_text(json.dumps([ENTRY | {"title": "别的办法"}]), encoding="utf-8")
    assert main([str(annotations), "--graph", str(small_graph), "--against", str(saved)]) == 0
    assert "loss  title: right: part-a-01: 甲办法" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [("a.json", "[{", "a.json:1: not JSON"), ("a.json", '[{"x": 1}]', "no annotations"), ("a.txt", "", "no .json or .jsonl")],
)
def test_annotations_that_are_none_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_annotations([tmp_path])


def test_missing_annotations_and_commits_end_with_usage(tmp_path: Path, small_graph: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json"), "--graph", str(small_graph)]) == 2
    assert "no such file" in capsys.readouterr().err
    assert main(["samples/annotations", "--against", "HEAD"]) == 2
    assert "add --build" in capsys.readouterr().err


@pytest.fixture(scope="module")
def samples_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, runs.Run]:
    graph = runs.build([ROOT / "samples"], tmp_path_factory.mktemp("samples"))
    return graph, runs.score(read_annotations([ROOT / "samples" / "annotations"]), graph=graph)


# Field → least precision and recall on the annotated samples. What ends a document's force must not be wrong at all.
FLOORS = {
    "documents": (1.0, 1.0),
    "title": (1.0, 1.0),
    "numbers": (1.0, 1.0),
    "issuers": (0.95, 0.95),
    "document type": (0.95, 0.95),
    "issued": (1.0, 0.9),
    "effective": (1.0, 0.9),
    "expires": (1.0, 1.0),
    "references": (0.95, 0.95),
    "repeals": (1.0, 1.0),
    "amends": (1.0, 1.0),
    "based_on": (0.9, 0.9),
    "implements": (0.9, 0.9),
    "interprets": (1.0, 1.0),
    "calls_for_revision": (1.0, 1.0),
    "agencies": (0.9, 0.9),
    "regions": (0.9, 0.9),
}


@pytest.mark.slow
@pytest.mark.parametrize("field", FLOORS)
def test_samples_are_read_right(samples_run: tuple[Path, runs.Run], field: str) -> None:
    outcomes = [o for o in samples_run[1]["documents"] if o.field == field]
    figure = figures(outcomes)[field]
    wrong = "\n".join(f"{o.kind} {o.where}: {o.value}: {o.cause}" for o in outcomes if o.kind != "hit")
    assert figure.precision >= FLOORS[field][0] and figure.recall >= FLOORS[field][1], wrong


@pytest.mark.slow
def test_samples_have_a_floor_for_every_field(samples_run: tuple[Path, runs.Run]) -> None:
    assert set(figures(samples_run[1]["documents"])) == set(FLOORS)


def _judged_by(command: Path, *arguments: str) -> dict[str, tuple[float, float, int]]:
    """The table that another scorer prints: field → precision, recall, n."""
    environment = os.environ | {"KG": f"{sys.executable} -m kg.cli"}
    done = subprocess.run([sys.executable, str(command), *arguments], capture_output=True, text=True, check=True, env=environment, cwd=ROOT)
    rows = [line for line in done.stdout.splitlines()[1:] if line.strip()]
    return {row[:26].strip(): (float(row[26:33]), float(row[33:40]), int(row[47:54])) for row in rows}


@pytest.mark.slow
@pytest.mark.corpus
def test_agrees_with_the_reference_scorer(shared: Path, samples_run: tuple[Path, runs.Run]) -> None:
    scorer = shared / "eval" / "score.py"
    graph, run = samples_run
    golds = sorted(map(str, (ROOT / "samples" / "annotations").glob("*.json")))
    theirs = _judged_by(scorer, "seeds", str(graph), *golds)
    ours = {name: (f.precision, f.recall, f.expected) for name, f in figures(run["documents"]).items()}
    assert set(theirs) == set(ours)
    for name, (precision, recall, n) in theirs.items():
        assert ours[name][2] == n, name
        assert ours[name][:2] == pytest.approx((precision, recall), abs=0.0006), name


def test_text_of_a_size_numbers_its_copies_apart() -> None:
    made = of_size("国办发〔2020〕39号\n国务院令第493号\n", 60)
    assert len(made) == 60
    assert re.findall(r"\d+(?=号)", made)[:4] == ["39", "493", "1039", "1493"]


@pytest.mark.slow
def test_time_grows_in_step_with_the_input(tmp_path: Path) -> None:
    speed = measure_growth([ROOT / "samples"], tmp_path)
    assert speed["1000000"] > speed["100000"] / 2, speed  # half: the machine has other work; quadratic growth would make it a tenth
