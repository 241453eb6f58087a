"""Corrections by a person: read with their faults named, applied before and after documents are told apart, kept as provenance."""

import csv
from pathlib import Path

import pyoxigraph
import pytest

from kg.build import BuildReport, build
from kg.corrections import COLUMNS, corrections_files, read_corrections
from kg.graph.check import check_graph
from kg.graph.namespaces import DCTERMS, PKG, RELATION_IRI
from kg.graph.store import open_graph

ROOT = Path(__file__).parents[1]
ROWS = list(csv.DictReader((Path(__file__).parent / "cases" / "corrections.csv").open(encoding="utf-8", newline="")))
HEAD = ",".join(COLUMNS)
DOCUMENT = "https://w3id.org/policy-kg/id/document/"


def notice(title: str, number: str, body: str, day: str) -> str:
    return f"{title}\n\n{number}\n\n各省辖市工业和信息化局：\n\n{body}\n\n河南省工业和信息化厅\n{day}\n"


FACTORY = notice("河南省工业和信息化厅关于开展绿色工厂评价工作的通知", "豫工信节〔2021〕45号",
                 "为推进绿色制造，根据《河南省节约能源条例》，现就开展绿色工厂评价工作通知如下。\n\n《河南省绿色工厂管理办法》（豫工信节〔2018〕9号）同时废止。", "2021年6月8日")
LIST = notice("河南省工业和信息化厅关于公布绿色工厂名单的通知", "豫工信节〔2021〕99号",
              "按照《河南省工业和信息化厅关于开展绿色工厂评价工作的通知》（豫工信节〔2021〕46号）要求，现公布名单。", "2021年9月8日")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two notices, the second of which misprints the number of the first; the working directory is above it."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(FACTORY, encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text(LIST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def corrected(folder: Path, *rows: str) -> tuple[BuildReport, pyoxigraph.Store]:
    (folder / "in" / "corrections.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    report = build(["in"], "graph", jobs=1)
    assert check_graph("graph").conforms
    return report, open_graph("graph")


def told(store: pyoxigraph.Store, document: str, predicate: str) -> list[str]:
    return sorted(q.object.value.removeprefix(DOCUMENT) for q in store.quads_for_pattern(
        pyoxigraph.NamedNode(DOCUMENT + document), pyoxigraph.NamedNode(predicate), None))


@pytest.mark.parametrize("case", ROWS, ids=[case["why"] for case in ROWS])
def test_reads_rows_and_names_their_faults(case: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text(f"# 说明\n{HEAD}\n\n{case['row']}\n", encoding="utf-8")
    found, problems = read_corrections(path, "in/corrections.csv")
    if case["problem"]:
        assert found == []
        assert len(problems) == 1
        assert problems[0].startswith("in/corrections.csv:4: ")
        assert case["problem"] in problems[0]
    else:
        (c,) = found
        assert problems == []
        assert (c.file, c.line, c.row) == ("in/corrections.csv", 4, case["row"])
        assert path.read_text(encoding="utf-8")[c.start : c.end] == c.row


@pytest.mark.parametrize(("data", "encoding"), [(f"{HEAD}\r\nretitle,甲,,,乙,丙,丁,\r\n", "gb18030"), (f"\ufeff{HEAD}\nretitle,甲,,,乙,丙,丁,\n", "utf-8")])
def test_reads_what_spreadsheets_write(data: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_bytes(data.encode(encoding))
    ((c,), problems) = read_corrections(path)
    assert (c.subject, c.value, c.line, problems) == ("甲", "乙", 2, [])


def test_a_wrong_head_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text("action,subject\nmerge,甲\nmerge,乙\n", encoding="utf-8")
    found, (problem,) = read_corrections(path, "c.csv")
    assert found == []
    assert problem.startswith("c.csv:1: columns are action,subject; they must be action,subject,object")


def test_reads_turtle_with_the_line_of_each(tmp_path: Path) -> None:
    path = tmp_path / "corrections.ttl"
    path.write_text("""@prefix pkg: <https://w3id.org/policy-kg/ontology#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<c1> a pkg:Correction ; pkg:action "withdraw" ; rdf:subject <document/甲> ; rdf:predicate pkg:callsForRevisionOf ; rdf:object <document/乙> ;
    dcterms:creator "法规处" ; pkg:reason "误读" .
<c2> a pkg:Correction ; pkg:action "set_date" ; rdf:subject "甲" ; rdf:predicate pkg:effectiveDate ; pkg:value "2021-07-01" ;
    dcterms:creator "法规处" .
""", encoding="utf-8")
    ((c,), (problem,)) = read_corrections(path, "c.ttl")
    assert (c.line, c.action, c.subject, c.relation, c.object) == (4, "withdraw", f"{DOCUMENT}甲", "calls_for_revision", f"{DOCUMENT}乙")
    assert problem.startswith("c.ttl:6: why is empty")
    path.write_text("<c1> a", encoding="utf-8")
    assert read_corrections(path, "c.ttl")[1][0].startswith("c.ttl:1: is not Turtle")


def test_files_are_found_in_folders_at_any_depth_and_by_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("in/corrections.csv", "in/deep/corrections.ttl", "in/corrections.txt", "in/my-corrections.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert [name for _, name in corrections_files([Path("in")])] == ["in/corrections.csv", "in/deep/corrections.ttl"]


def test_what_was_read_without_corrections(folder: Path) -> None:
    build(["in"], "graph", jobs=1)
    store = open_graph("graph")
    assert told(store, "豫工信节〔2021〕45号", PKG.repeals) == ["豫工信节〔2018〕9号"]
    assert told(store, "豫工信节〔2021〕99号", PKG.cites) != ["豫工信节〔2021〕45号"]


def test_a_corrected_number_brings_its_citations(folder: Path) -> None:
    report, store = corrected(folder, "renumber,豫工信节〔2021〕45号,,,豫工信节〔2021〕46号,法规处,扫描误认,2024-05-06")
    assert (report.corrections, report.failures) == (1, ())
    assert told(store, "豫工信节〔2021〕46号", PKG.documentNumber) == ["豫工信节〔2021〕46号"]
    assert "豫工信节〔2021〕45号" in told(store, "豫工信节〔2021〕46号", PKG.alias), "the former name is still an answer"
    assert "豫工信节〔2021〕46号" in told(store, "豫工信节〔2021〕99号", PKG.cites)


def test_title_and_dates_win_over_what_is_printed(folder: Path) -> None:
    _, store = corrected(
        folder, "retitle,in/a.txt:1,,,河南省绿色工厂评价通知,法规处,简称,", "set_date,豫工信节〔2021〕45号,,effective,2021-08-01,法规处,勘误,",
        "set_date,豫工信节〔2021〕45号,,issued,2021-06-18,法规处,勘误,", "set_date,豫工信节〔2021〕45号,,expiry,2026-07-31,法规处,勘误,")
    name = "豫工信节〔2021〕45号"
    assert told(store, name, DCTERMS.title) == ["河南省绿色工厂评价通知"]
    assert [told(store, name, p) for p in (DCTERMS.issued, PKG.effectiveDate, PKG.expiryDate)] == [["2021-06-18"], ["2021-08-01"], ["2026-07-31"]]


def test_a_withdrawn_edge_is_gone_and_its_correction_is_there(folder: Path) -> None:
    _, store = corrected(folder, "withdraw,豫工信节〔2021〕45号,豫工信节〔2018〕9号,repeals,,法规处,只废止许可,2024-05-06")
    assert told(store, "豫工信节〔2021〕45号", PKG.repeals) == []
    assert not list(store.query(f"SELECT * WHERE {{ ?r <{PKG.relation}> <{PKG.repeals}> ; <{PKG.citingDocument}> ?d }}"))
    (row,) = store.query(f"""PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        SELECT ?who ?why ?cited ?line WHERE {{ ?c a <{PKG.Correction}> ; rdf:predicate <{PKG.repeals}> ; rdf:object ?cited ;
        <{DCTERMS.creator}> ?who ; <{PKG.reason}> ?why ; <{PKG.startLine}> ?line }}""")
    assert [row[k].value for k in ("who", "why", "line")] == ["法规处", "只废止许可", "2"]
    assert row["cited"].value == f"{DOCUMENT}豫工信节〔2018〕9号"


def test_an_added_edge_is_derived_from_its_correction_and_quotes_its_row(folder: Path) -> None:
    _, store = corrected(folder, "# 缺页", 'add,豫工信节〔2021〕99号,《河南省清洁生产办法》,replaces,2021-10-01,法规处,"附件写明,缺页",')
    assert told(store, "豫工信节〔2021〕99号", PKG.supersedes) == ["河南省清洁生产办法"]
    (row,) = store.query(f"""PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT * WHERE {{ ?r prov:wasDerivedFrom ?c ; <{PKG.quote}> ?quote ; <{PKG.startOffset}> ?start ; <{PKG.endOffset}> ?end ;
        <{PKG.effectiveDate}> ?day ; <{PKG.inPassage}>/<{PKG.sourceFile}> ?file . ?c a <{PKG.Correction}> }}""")
    assert (row["file"].value, row["day"].value) == ("in/corrections.csv", "2021-10-01")
    text = (folder / row["file"].value).read_text(encoding="utf-8")
    assert text[int(row["start"].value) : int(row["end"].value)] == row["quote"].value == text.splitlines()[2]


def test_merged_documents_are_one_under_both_names(folder: Path) -> None:
    _, store = corrected(folder, "merge,豫工信节〔2021〕45号,豫工信节〔2021〕46号,,,法规处,后者是误印,")
    assert "豫工信节〔2021〕45号" in told(store, "豫工信节〔2021〕99号", PKG.cites)
    assert not told(store, "豫工信节〔2021〕46号", PKG.inCorpus)
    assert "豫工信节〔2021〕46号" in told(store, "豫工信节〔2021〕45号", PKG.alias)


def test_a_printing_can_be_split_off(folder: Path) -> None:
    (folder / "in" / "c.txt").write_text(FACTORY, encoding="utf-8")
    assert build(["in"], "graph", jobs=1).documents == 2
    report, store = corrected(folder, "split,豫工信节〔2021〕45号,in/c.txt:3,,,法规处,是另一份,", "renumber,in/c.txt:3,,,豫工信节〔2021〕145号,法规处,漏印一位,")
    assert (report.documents, report.failures) == (3, ())
    assert told(store, "豫工信节〔2021〕145号", PKG.inCorpus) == ["true"]


@pytest.mark.parametrize(("row", "problem"), [
    ("retitle,没有这份文件,,,甲,法规处,误读,", "no document is called '没有这份文件'"),
    ("add,豫工信节〔2021〕45号,没有这份文件,cites,,法规处,误读,", "write an unknown one as 《title》"),
    ("add,豫工信节〔2021〕45号,豫工信节〔2021〕45号,cites,,法规处,误读,", "an edge leads to another"),
    ("withdraw,豫工信节〔2021〕45号,豫工信节〔2021〕99号,repeals,,法规处,误读,", "has no repeals to"),
    ("merge,豫工信节〔2021〕45号,in/a.txt:2,,,法规处,误读,", "one document already"),
    ("renumber,豫工信节〔2021〕45号,,,四十六,法规处,误读,", "is no document number"),
    ("split,豫工信节〔2021〕45号,in/a.txt:1,,,法规处,误读,", "in one place only"),
    ("split,豫工信节〔2021〕45号,in/b.txt:1,,,法规处,误读,", "no place where"),
])
def test_what_cannot_be_applied_is_said_and_the_others_go_on(folder: Path, row: str, problem: str) -> None:
    report, store = corrected(folder, row, "set_date,豫工信节〔2021〕99号,,issued,2021-09-09,法规处,勘误,")
    (failure,) = report.failures
    assert failure.startswith("in/corrections.csv:2: ")
    assert problem in failure
    assert told(store, "豫工信节〔2021〕99号", DCTERMS.issued) == ["2021-09-09"]
    assert report.corrections == 1


def test_the_command_takes_a_file_of_any_name_and_tells_of_faults(folder: Path, run_kg) -> None:
    (folder / "mine.csv").write_text(f"{HEAD}\nfly,甲,,,,法规处,误读,\nretitle,豫工信节〔2021〕45号,,,甲乙丙丁通知,法规处,误读,\n", encoding="utf-8")
    done = run_kg("build", "in", "--corrections", "mine.csv", "--graph", "graph", cwd=folder)
    assert done.returncode == 1
    assert "kg: mine.csv:2: action 'fly' is unknown" in done.stderr
    assert told(open_graph("graph"), "豫工信节〔2021〕45号", DCTERMS.title) == ["甲乙丙丁通知"]
    missing = run_kg("build", "in", "--corrections", "none.csv", "--graph", "graph", cwd=folder)
    assert (missing.returncode, "none.csv: no such corrections file" in missing.stderr) == (2, True)


def test_corrections_survive_a_rebuild_and_do_not_depend_on_the_day(folder: Path) -> None:
    rows = ("merge,豫工信节〔2021〕45号,豫工信节〔2021〕46号,,,法规处,误印,", "add,豫工信节〔2021〕99号,豫工信节〔2021〕45号,implements,,法规处,首段写明,")
    _, first = corrected(folder, *rows)
    before = sorted(str(q) for q in first)
    _, second = corrected(folder, *rows)
    assert sorted(str(q) for q in second) == before
    assert told(second, "豫工信节〔2021〕99号", RELATION_IRI["implements"]) == ["豫工信节〔2021〕45号"]


def test_the_example_applies_to_the_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    report = build(["samples"], tmp_path / "graph", corrections=["samples/corrections-example.csv"], jobs=1)
    assert (report.corrections, report.failures) == (3, ())
    assert check_graph(tmp_path / "graph").conforms
