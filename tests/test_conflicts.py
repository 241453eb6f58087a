"""Conflicts from text to report: each contradiction is found, and what only looks like one is not."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

from kg.build import build
from kg.conflict_checks import CHECKS
from kg.conflicts import SEVERITIES, conflicts, kinds, rows, text, to_json
from kg.graph.store import open_graph

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "conflicts.jsonl").read_text(encoding="utf-8").splitlines()]


def graph_of(case: dict, folder: Path) -> Path:
    """A graph of the case's files."""
    source = folder / "in"
    source.mkdir()
    for name, content in case["files"].items():
        (source / name).write_text(content, encoding="utf-8")
    build([source], folder / "graph", jobs=1)
    return folder / "graph"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_finds_this_and_nothing_else(case: dict, tmp_path: Path) -> None:
    found = conflicts(open_graph(graph_of(case, tmp_path)))
    assert sorted({c.kind for c in found}) == case["kinds"], case["why"]
    for c in found:
        assert c.severity == kinds()[c.kind].severity
        assert "{" not in c.message_zh + c.message_en
        assert c.evidence
        for e in c.evidence:
            lines = case["files"][Path(e.file).name].count("\n") + 1
            assert 1 <= e.line <= lines
        assert c.documents or c.kind == "contents_item_not_found"


def test_every_kind_has_a_case_and_every_case_a_kind() -> None:
    found = {kind for case in CASES for kind in case["kinds"]}
    assert found <= set(kinds())
    # the contents' misprints need a compilation whose numbers no table explains; the corpus has one of each
    assert set(kinds()) - found == {"contents_number_shared", "contents_number_repaired", "not_in_contents"}
    assert len(CHECKS) == len(set(CHECKS))


def test_the_table_is_in_order_of_severity_and_speaks_both_languages() -> None:
    assert {k.severity for k in kinds().values()} == set(SEVERITIES)
    for k in kinds().values():
        assert any("一" <= ch <= "鿿" for ch in k.zh)
        assert not any("一" <= ch <= "鿿" for ch in k.en.replace("条例", ""))
        assert {name.removesuffix("_zh") for name in re.findall(r"{(\w+)}", k.zh)} == set(re.findall(r"{(\w+)}", k.en))


@pytest.fixture(scope="module")
def shared_number(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graph_of(next(case for case in CASES if case["name"] == "number-shared"), tmp_path_factory.mktemp("shared-number"))


def test_all_forms_tell_the_same(shared_number: Path) -> None:
    found = conflicts(open_graph(shared_number))
    (record,) = to_json(found)
    (row,) = rows(found)
    assert record["message"]["zh"] == row["message_zh"]
    assert [d["number"] for d in record["documents"]] == ["豫工信节〔2021〕45号"] * 2
    assert row["places"].split(" | ") == [f"{e['file']}:{e['line']}" for e in record["evidence"]] == ["in/a.txt:1", "in/b.txt:1"]
    assert f"  - in/a.txt:1: {record['evidence'][0]['sentence']}" in text(found).splitlines()
    assert text([]) == ""


def test_the_command_tells_by_its_exit_code_and_keeps_to_the_severity(run_kg, shared_number: Path) -> None:
    done = run_kg("conflicts", "--graph", shared_number, "--format", "csv")
    assert done.returncode == 1
    assert [row["kind"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["number_shared"]
    assert json.loads(run_kg("conflicts", "--graph", shared_number, "--format", "json", "--severity", "error").stdout)[0]["severity"] == "error"


def test_a_graph_without_conflicts_is_quiet(run_kg, tmp_path: Path) -> None:
    graph = graph_of(next(case for case in CASES if case["name"] == "printed-twice"), tmp_path)
    done = run_kg("conflicts", "--graph", graph)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.slow
def test_finds_the_misprints_of_the_compilations(shared: Path, tmp_path: Path) -> None:
    build([shared / "corpus" / "seeds"], tmp_path / "graph")
    found = {(c.kind, number) for c in conflicts(open_graph(tmp_path / "graph")) for number in (
        "豫发改环资〔2021〕893号", "豫政〔2021〕22号", "漂节减办〔2021〕7号") if number in c.message_zh}
    assert found == {("contents_number_shared", "豫发改环资〔2021〕893号"), ("contents_number_differs", "豫政〔2021〕22号"),
                     ("contents_number_repaired", "漂节减办〔2021〕7号")}
