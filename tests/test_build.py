"""kg.build: files and folders in, a graph and a report out; evidence, order, bad inputs, what stays of the old graph."""

import io
import json
import os
import random
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from renew_golden import SAMPLES

from kg import build as module
from kg.build import BuildReport, build
from kg.errors import GraphError, UsageError
from kg.export import export
from kg.graph.store import open_graph
from kg.progress import LineProgress, Progress
from kg.query import query

ROOT = Path(__file__).parents[1]
GOOD = "关于做好档案工作的通知\n国办发〔2020〕1号\n各省、自治区、直辖市人民政府：\n根据《中华人民共和国档案法》，现通知如下。\n国务院办公厅\n2020年1月2日\n"
REFERENCES = """SELECT ?r ?file ?line ?start ?end ?quote ?sentence WHERE {
  ?r a pkg:Reference ; pkg:quote ?quote ; pkg:sentence ?sentence ; pkg:startLine ?line ; pkg:startOffset ?start ; pkg:endOffset ?end ;
     pkg:inPassage ?p . ?p pkg:sourceFile ?file }"""
STATEMENTS = REFERENCES.replace("pkg:Reference", "pkg:Statement")


def ask(graph: Path, sparql: str) -> list[dict[str, str]]:
    return [{k: v["value"] for k, v in row.items()} for row in json.loads(query(graph, sparql, format="json"))["results"]["bindings"]]


def exported(graph: Path) -> bytes:
    out = io.BytesIO()
    export(open_graph(graph), "nquads", out)
    return out.getvalue()


def decoded(path: Path) -> str:
    """The characters of a file, without the package's help."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def assert_evidence(graph: Path, folder: Path, sparql: str = REFERENCES) -> int:
    """Every piece of evidence in the graph is what its file says at its place; returns how many there are."""
    found = ask(graph, sparql)
    texts = {file: decoded(folder / file) for file in {row["file"] for row in found}}
    starts = {file: [0, *(m.end() for m in re.finditer(r"\r\n|\r|\n", text))] for file, text in texts.items()}
    for row in found:
        text, start, end = texts[row["file"]], int(row["start"]), int(row["end"])
        assert text[start:end] == row["quote"] != "", row
        assert row["quote"] in row["sentence"] and row["sentence"] in text, row
        assert starts[row["file"]][int(row["line"]) - 1] <= start, row
        assert int(row["line"]) == len(starts[row["file"]]) or start < starts[row["file"]][int(row["line"])], row
    kind = re.search("a (pkg:[A-Za-z]+)", sparql)[1]
    assert len({row["r"] for row in found}) == int(ask(graph, f"SELECT (COUNT(DISTINCT ?r) AS ?n) WHERE {{ ?r a {kind} }}")[0]["n"])
    return len(found)


def built(paths: Sequence[str | Path], graph: Path, **options) -> BuildReport:
    return build(paths, graph, **options)


def test_every_reference_of_the_samples_is_what_its_file_says(sample_graph: Path) -> None:
    assert assert_evidence(sample_graph, ROOT) > 40
    assert assert_evidence(sample_graph, ROOT, STATEMENTS) > 5


@pytest.mark.corpus
def test_every_reference_of_the_compilations_is_what_its_file_says(shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the same files, one by one in another order, give the same bytes."""
    folder = shared / "corpus" / "seeds"
    monkeypatch.chdir(folder.parent)
    report = built(["seeds"], tmp_path / "g")
    assert report.failures == () and report.passages >= 80
    assert assert_evidence(tmp_path / "g", folder.parent) > 300
    files = [f"seeds/{p.name}" for p in folder.iterdir()]
    random.Random(3).shuffle(files)
    built(files, tmp_path / "h", jobs=1)
    assert exported(tmp_path / "h") == exported(tmp_path / "g")


def test_files_in_any_order_and_by_any_number_of_processes_give_the_same_bytes(
    sample_graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    expected = exported(sample_graph)
    names = [p.relative_to(ROOT) for p in SAMPLES]
    built(names[::-1], tmp_path / "reversed", jobs=1)
    assert exported(tmp_path / "reversed") == expected
    monkeypatch.setattr(module, "_PARALLEL_FROM", 0)
    built([names[2], "samples", names[0]], tmp_path / "parallel", jobs=2)
    assert exported(tmp_path / "parallel") == expected


def test_absolute_paths_are_not_in_the_graph(sample_graph: Path, tmp_path: Path) -> None:
    (tmp_path / "secret place" / "in").mkdir(parents=True)
    for path in SAMPLES:
        shutil.copy(path, tmp_path / "secret place" / "in")
    built([tmp_path / "secret place" / "in"], tmp_path / "g")
    data = exported(tmp_path / "g")
    assert b"in/bulletin-2023-07.txt" in data
    assert not [part for part in (b"secret", str(tmp_path).encode(), os.path.sep.join(("", "in", "")).encode() + b"../") if part in data]
    assert str(ROOT).encode() not in exported(sample_graph)


def test_the_base_names_every_resource(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    built([tmp_path / "a.txt"], tmp_path / "g", base="https://example.org/mine")
    rows = ask(tmp_path / "g", "SELECT DISTINCT ?s WHERE { ?s ?p ?o }")
    assert rows and all(row["s"].startswith("https://example.org/mine/") for row in rows)


def test_the_report_counts_what_the_graph_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = built(["samples"], tmp_path / "g")
    count = lambda what: int(ask(tmp_path / "g", f"SELECT (COUNT(*) AS ?n) WHERE {{ {what} }}")[0]["n"])  # noqa: E731
    assert report.documents == count("?d pkg:inCorpus true")
    assert report.passages == count("?p a pkg:Passage")
    assert sum(sum(pair) for pair in report.references.values()) == count("?r a pkg:Reference")
    assert report.triples == len(exported(tmp_path / "g").splitlines())
    assert report.warnings and all(w.file.startswith("samples/") for w in report.warnings)
    assert report.seconds > 0 and report.characters == sum(len(decoded(p)) for p in SAMPLES)


BAD = {
    "empty.txt": b"", "blank.md": b" \r\n\n", "binary.txt": bytes(range(256)) * 20, "picture.md": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "utf-16.txt": GOOD.encode("utf-16"), "neither.txt": "通知\n".encode() + b"\xff\xfe\x81" * 40,
}


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good file and bad ones of every kind; the working directory is beside it."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    for name, data in BAD.items():
        (folder / name).write_bytes(data)
    monkeypatch.chdir(tmp_path)
    return folder


def test_a_bad_input_is_one_line_that_names_it_and_the_others_go_on(inputs: Path) -> None:
    report = built(["in", "in/missing.txt", "nowhere"], "g")
    assert sorted(line.split(":")[0] for line in report.failures) == sorted([*(f"in/{n}" for n in BAD), "in/missing.txt", "nowhere"])
    assert all(len(line.splitlines()) == 1 and len(line.split(": ", 1)[1]) > 10 for line in report.failures)
    assert [row["n"] for row in ask(Path("g"), "SELECT ?n WHERE { ?d pkg:documentNumber ?n }")] == ["国办发〔2020〕1号"]


def test_several_processes_report_the_same_failures_as_one(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inputs / "zz.txt").write_bytes(b"\0" * 500)
    alone = built(["in"], "g", jobs=1).failures
    monkeypatch.setattr(module, "_PARALLEL_FROM", 0)
    assert built(["in"], "h", jobs=2).failures == alone == tuple(sorted(alone))


def test_an_unreadable_input_is_one_line_that_names_it(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.name == "empty.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    report = built(["in/good.txt", "in/empty.txt"], "g")
    assert report.documents == 1
    assert [line for line in report.failures if re.match("in/empty.txt: cannot be read .Permission denied", line)] == list(report.failures)


def test_a_fault_of_the_program_in_one_file_costs_only_that_file(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inputs / "other.txt").write_text(GOOD.replace("1号", "2号"), encoding="utf-8")
    read = module.read_file

    def fail(path: Path, name: str):
        if path.name == "other.txt":
            raise ZeroDivisionError("division by zero")
        return read(path, name)

    monkeypatch.setattr(module, "read_file", fail)
    report = built(["in/good.txt", "in/other.txt"], "g")
    assert report.documents == 1
    (line,) = report.failures
    assert line.startswith("in/other.txt: ") and "ZeroDivisionError" in line and "\n" not in line


def test_nothing_readable_is_an_error_and_the_old_graph_stays(inputs: Path) -> None:
    built(["in/good.txt"], "g")
    before = exported(Path("g"))
    for paths in (["in/missing.txt"], [f"in/{name}" for name in BAD], []):
        with pytest.raises(UsageError, match="no graph was written"):
            built(paths, "g")
        assert exported(Path("g")) == before


def test_a_directory_of_something_else_is_refused_before_anything_is_read(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "read_file", lambda *job: pytest.fail("read"))
    with pytest.raises(GraphError):
        built(["in/good.txt"], "in")
    assert sorted(p.name for p in inputs.iterdir()) == sorted(["good.txt", *BAD])


def test_a_second_build_takes_the_place_of_the_first(inputs: Path) -> None:
    built(["in/good.txt"], "g")
    (inputs / "good.txt").write_text(GOOD.replace("1号", "7号"), encoding="utf-8")
    built(["in/good.txt"], "g")
    assert [row["n"] for row in ask(Path("g"), "SELECT ?n WHERE { ?d pkg:documentNumber ?n }")] == ["国办发〔2020〕7号"]


def test_odd_glyphs_in_titles_do_not_stop_a_build(inputs: Path) -> None:
    (inputs / "odd.txt").write_text(GOOD.replace("档案工作", "档案\ue5e5工作[试行]<一>\ufffe\"甲\"").replace("1号", "8号"), encoding="utf-8")
    (inputs / "control.txt").write_text(GOOD.replace("档案工作", "档案\x0b\x1f工作").replace("国办发〔2020〕1号\n", ""), encoding="utf-8")
    assert built(["in/odd.txt", "in/control.txt"], "g").documents == 2


class Heard(Progress):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.said: list[tuple] = []

    def begin(self, stage: str, total: int | None = None) -> None:
        self.said.append((stage, total))

    def advance(self, name: str, size: int = 0) -> None:
        self.said.append((name, size))

    def end(self) -> None:
        self.said.append(("end",))


def test_progress_hears_every_file_with_its_size_and_the_end(inputs: Path) -> None:
    heard = Heard()
    built(["in/good.txt", "in/empty.txt"], "g", progress=heard)
    size = len(GOOD.encode())
    assert heard.said[0] == ("read", size)
    assert sorted(heard.said[1:3]) == [("in/empty.txt", 0), ("in/good.txt", size)]
    assert heard.said[-1] == ("end",)


def test_the_library_never_prints(inputs: Path, capfd: pytest.CaptureFixture[str]) -> None:
    built(["in", "nowhere"], "g")
    assert capfd.readouterr() == ("", "")
    stream = io.StringIO()
    built(["in"], "g", progress=LineProgress(stream, every=0))
    assert "in/good.txt" in stream.getvalue() and "/s" in stream.getvalue()
    assert capfd.readouterr() == ("", "")


def test_the_command_says_progress_on_stderr_only_and_ends_with_1_where_inputs_were_bad(run_kg, inputs: Path, tmp_path: Path) -> None:
    done = run_kg("build", "in", "nowhere", "--graph", "g", cwd=tmp_path)
    assert done.returncode == 1
    assert "read:" in done.stderr and "read:" not in done.stdout
    for name in (*(f"in/{n}" for n in BAD), "nowhere"):
        assert len([line for line in done.stderr.splitlines() if line.startswith(f"kg: {name}: ")]) == 1, name
        assert name not in done.stdout
    assert "documents" in done.stdout and "Traceback" not in done.stderr


def test_the_command_ends_with_2_where_nothing_could_be_read_and_0_where_all_could(run_kg, inputs: Path, tmp_path: Path) -> None:
    assert run_kg("build", "in/good.txt", "--graph", "g", cwd=tmp_path).returncode == 0
    before = exported(tmp_path / "g")
    done = run_kg("build", "in/empty.txt", "--graph", "g", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "in/empty.txt" in done.stderr and "Traceback" not in done.stderr
    assert exported(tmp_path / "g") == before
