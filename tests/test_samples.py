"""The samples from end to end, through the command line: what the contract promises of every build."""

import csv
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from kg.export import export
from kg.graph.store import open_graph
from kg.query import query

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
EDGES = list(csv.DictReader((ROOT / "tests" / "cases" / "sample_edges.csv").open(encoding="utf-8", newline="")))
Run = Callable[..., CompletedProcess[str]]
Build = tuple[Path, CompletedProcess[str]]

pytestmark = pytest.mark.slow


def ask(graph: Path, sparql: str) -> list[dict[str, str]]:
    answer = json.loads(query(graph, sparql, format="json"))
    return [{k: v["value"] for k, v in row.items()} for row in answer["results"]["bindings"]]


def text_of(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def exported(graph: Path) -> bytes:
    out = io.BytesIO()
    export(open_graph(graph), "nquads", out)
    return out.getvalue()


@pytest.fixture(scope="module")
def build(run_kg: Run, tmp_path_factory: pytest.TempPathFactory) -> Build:
    graph = tmp_path_factory.mktemp("samples") / "graph"
    done = run_kg("build", "samples", "--graph", str(graph))
    assert done.returncode == 0, done.stderr
    return graph, done


@pytest.fixture(scope="module")
def graph(build: Build) -> Path:
    return build[0]


REFERENCES = """SELECT ?file ?line ?start ?end ?quote ?sentence ?trigger WHERE {
  ?r a pkg:Reference ; pkg:quote ?quote ; pkg:sentence ?sentence ; pkg:startLine ?line ; pkg:startOffset ?start ; pkg:endOffset ?end ;
     pkg:inPassage/pkg:sourceFile ?file . OPTIONAL { ?r pkg:trigger ?trigger } }"""


def assert_evidence(graph: Path, folder: Path) -> int:
    """Every reference of the graph is what its file says at its offsets; returns how many there are."""
    rows = ask(graph, REFERENCES)
    texts = {file: text_of(folder / file) for file in {row["file"] for row in rows}}
    for row in rows:
        text, start, end = texts[row["file"]], int(row["start"]), int(row["end"])
        assert text[start:end] == row["quote"], row
        assert text.count("\n", 0, start) + 1 == int(row["line"]), row
        assert row["quote"] in row["sentence"] and row["sentence"] in text, row
    assert len(rows) == int(ask(graph, "SELECT (COUNT(?r) AS ?n) WHERE { ?r a pkg:Reference }")[0]["n"])
    return len(rows)


def test_every_quote_is_what_the_file_says_at_its_offsets(graph: Path) -> None:
    assert assert_evidence(graph, ROOT) >= len(EDGES)


@pytest.mark.parametrize("edge", EDGES, ids=lambda e: f"{e['citing']} {e['relation']} {e['cited']}")
def test_expected_edge(graph: Path, edge: dict[str, str]) -> None:
    """The edge, its reference with provision and date, and the edge's super-properties."""
    found = ask(
        graph,
        f"""SELECT ?provision ?effective WHERE {{
        ?citing pkg:documentNumber "{edge["citing"]}" . ?cited dcterms:title|dcterms:alternative "{edge["cited"]}" .
        ?citing pkg:{edge["relation"]} ?cited ; pkg:cites ?cited .
        ?r pkg:citingDocument ?citing ; pkg:citedDocument ?cited ; pkg:relation pkg:{edge["relation"]} .
        OPTIONAL {{ ?r pkg:provision ?provision }} OPTIONAL {{ ?r pkg:effectiveDate ?effective }} }}""",
    )
    assert found
    if edge["provision"]:
        assert edge["provision"] in {row.get("provision") for row in found}
    if edge["effective"]:
        assert {row["effective"] for row in found if "effective" in row} <= {edge["effective"]}


def test_who_repealed_it_and_since_when(graph: Path) -> None:
    rows = ask(
        graph,
        """SELECT ?number ?old ?since WHERE {
        ?new pkg:repeals ?edition ; pkg:documentNumber ?number ; pkg:effectiveDate ?since .
        ?edition dcterms:title "固定资产投资项目节能审查办法" ; pkg:documentNumber ?old }""",
    )
    assert [(r["number"], r["old"], r["since"]) for r in rows] == [
        ("国家发展和改革委员会令2023年第2号", "国家发展和改革委员会令第44号", "2023-06-01")
    ]


def test_nothing_repeals_itself_and_no_repeal_runs_backwards(graph: Path) -> None:
    assert not ask(graph, "SELECT ?d WHERE { ?d pkg:cites ?d }")
    assert not ask(graph, "SELECT ?a ?b WHERE { ?a pkg:supersedes ?b . ?b pkg:supersedes+ ?a }")
    assert not ask(
        graph, "SELECT ?a ?b WHERE { ?a pkg:supersedes ?b ; dcterms:issued ?late . ?b dcterms:issued ?early FILTER(?late < ?early) }"
    )


def test_documents_of_different_files_meet(graph: Path) -> None:
    rows = ask(
        graph,
        """SELECT DISTINCT ?file WHERE { ?d pkg:documentNumber "发改价监〔2017〕1849号" ; pkg:inCorpus true ; pkg:printedIn/pkg:sourceFile ?file }""",
    )
    assert [r["file"] for r in rows] == ["samples/fair-competition-notice-2017.txt"]
    citing = ask(
        graph,
        """SELECT DISTINCT ?file WHERE { ?d pkg:documentNumber "发改价监〔2017〕1849号" .
        ?r pkg:citedDocument ?d ; pkg:inPassage/pkg:sourceFile ?file }""",
    )
    assert [r["file"] for r in citing] == ["samples/bulletin-2023-07.txt"]


def test_contradiction_between_contents_and_body_is_a_warning_with_its_place(build: Build) -> None:
    said = [line for line in (build[1].stdout + build[1].stderr).splitlines() if "国市监反垄规〔2021〕12号" in line]
    assert said and all("samples/bulletin-2023-07.txt:" in line for line in said)
    numbers = ask(build[0], "SELECT ?n WHERE { ?d pkg:documentNumber ?n FILTER(STRSTARTS(?n, '国市监反垄规')) }")
    assert [r["n"] for r in numbers] == ["国市监反垄规〔2021〕2号"]


def test_graph_conforms_to_its_shapes(run_kg: Run, graph: Path) -> None:
    done = run_kg("check", "--graph", str(graph))
    assert done.returncode == 0, done.stdout + done.stderr


def test_order_of_files_and_processes_change_nothing(run_kg: Run, tmp_path: Path, graph: Path) -> None:
    files = sorted(str(p.relative_to(ROOT)) for p in SAMPLES.iterdir() if p.suffix in (".txt", ".md"))
    random.Random(7).shuffle(files)
    once = run_kg("build", *files, "--graph", str(tmp_path / "shuffled"), "--jobs", "2")
    again = run_kg("build", *files[::-1], "--graph", str(tmp_path / "reversed"), "--jobs", "1")
    assert (once.returncode, again.returncode) == (0, 0), once.stderr + again.stderr
    expected = exported(graph)
    assert exported(tmp_path / "shuffled") == expected
    assert exported(tmp_path / "reversed") == expected


def test_bad_inputs_are_named_in_one_line_each_and_the_others_go_on(run_kg: Run, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = "关于做好档案工作的通知\n\n国办发〔2020〕1号\n\n各省、自治区、直辖市人民政府：\n\n根据《中华人民共和国档案法》，现通知如下。\n\n国务院办公厅\n2020年1月2日\n"
    (folder / "good.txt").write_text(good, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.md").write_text(" \n\n", encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "unknown.txt").write_bytes("通知\n".encode() + b"\xff\xfe\x81" * 40)
    names = ("empty.txt", "blank.md", "binary.txt", "unknown.txt")
    done = run_kg("build", *(f"in/{n}" for n in ("good.txt", *names, "missing.txt")), "--graph", "graph", cwd=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in (*names, "missing.txt"):
        assert len([line for line in done.stderr.splitlines() if f"in/{name}" in line]) == 1, f"{name}: {done.stderr}"
    assert [r["n"] for r in ask(tmp_path / "graph", "SELECT ?n WHERE { ?d pkg:documentNumber ?n }")] == ["国办发〔2020〕1号"]


def test_nothing_readable_leaves_the_old_graph(run_kg: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "关于做好档案工作的通知\n\n国办发〔2020〕1号\n\n各省人民政府：\n\n现通知如下。\n\n国务院办公厅\n2020年1月2日\n", encoding="utf-8"
    )
    assert run_kg("build", "a.txt", "--graph", "graph", cwd=tmp_path).returncode == 0
    before = exported(tmp_path / "graph")
    assert run_kg("build", "missing.txt", "--graph", "graph", cwd=tmp_path).returncode == 2
    assert exported(tmp_path / "graph") == before


@pytest.mark.parametrize("variant", ["bom", "crlf", "gb18030"])
def test_encodings_and_line_ends_change_no_edge(run_kg: Run, tmp_path: Path, graph: Path, variant: str) -> None:
    """The same text in another dress gives the same documents and references; offsets are those of the file as it is."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for path in SAMPLES.iterdir():
        if path.suffix not in (".txt", ".md"):
            continue
        text = text_of(path)
        data = {"bom": b"\xef\xbb\xbf" + text.encode(), "crlf": text.replace("\n", "\r\n").encode(), "gb18030": text.encode("gb18030")}[
            variant
        ]
        (folder / path.name).write_bytes(data)
    done = run_kg("build", "samples", "--graph", "graph", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert_evidence(tmp_path / "graph", tmp_path)
    edges = "SELECT ?citing ?relation ?cited ?line WHERE { ?r pkg:citingDocument ?citing ; pkg:citedDocument ?cited ; pkg:relation ?relation ; pkg:startLine ?line }"
    assert sorted(map(str, ask(tmp_path / "graph", edges))) == sorted(map(str, ask(graph, edges)))


def test_page_of_a_sample_opens_from_one_file(run_kg: Run, tmp_path: Path, graph: Path) -> None:
    out = tmp_path / "page.html"
    done = run_kg("page", "国市监反垄规〔2021〕2号", "--graph", str(graph), "--out", str(out))
    assert done.returncode == 0, done.stderr
    html = out.read_text(encoding="utf-8")
    assert json.dumps("公平竞争审查制度实施细则（暂行）")[1:-1] in html  # the page holds its data as JSON
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_annotations_describe_the_samples_that_are_there() -> None:
    """Every raw text of the annotations stands on the line they name, but for titles that a page break cuts."""
    files = {p.stem: p for p in SAMPLES.iterdir() if p.suffix in (".txt", ".md")}
    annotated = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in (SAMPLES / "annotations").glob("*.json")}
    assert set(files) == set(annotated)
    for stem, entries in annotated.items():
        lines = text_of(files[stem]).split("\n")
        for entry in entries:
            for r in [*entry["references"], *entry["not_references"]]:
                assert entry["line_start"] <= r["line"] <= entry["line_end"], (entry["id"], r["raw"])
                line = lines[r["line"] - 1]
                assert r["raw"] in line or line.endswith(r["raw"][: len(line) - line.rindex("《")]), (entry["id"], r["raw"])


def test_samples_fit_in_a_clean_folder(run_kg: Run, tmp_path: Path) -> None:
    """`kg build samples` in a copy of the folder alone: nothing else of the checkout is needed."""
    shutil.copytree(SAMPLES, tmp_path / "samples")
    done = run_kg("build", "samples", "--graph", "graph", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
