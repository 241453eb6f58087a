"""Finding by any name, and cards that show each edge's evidence."""

import csv
import io
import itertools
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.namespaces import DCTERMS, PKG, RDF
from kg.lookup import find, folded, near
from kg.show import card, print_card, print_matches, references

CASES = list(csv.DictReader((Path(__file__).parent / "cases" / "lookups.csv").open(encoding="utf-8", newline="")))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['what']}: {case['why']}" for case in CASES])
def test_finds(store: Store, case: dict[str, str]) -> None:
    matches = find(store, case["what"])
    assert [match.label for match in matches] == [label for label in case["found"].split("|") if label]
    assert {match.by for match in matches} == ({case["by"]} if case["by"] else set())


def test_partial_matches_come_in_a_fixed_order_read_ones_first(store: Store) -> None:
    matches = find(store, "办法")
    assert len(matches) == 7
    assert [match.in_corpus for match in matches] == sorted((match.in_corpus for match in matches), reverse=True)
    assert find(store, "办法") == matches


def test_order_does_not_depend_on_the_order_of_loading(ntriples: bytes, store: Store) -> None:
    other = Store()
    for line in reversed(ntriples.splitlines(keepends=True)):
        other.load(line, pyoxigraph.RdfFormat.N_TRIPLES)
    for what in ("办法", "固定资产投资项目节能审查办法", "碳达峰"):
        assert find(other, what) == find(store, what)
    assert near(other, "固定资产节能审察") == near(store, "固定资产节能审察")


def test_a_former_name_of_a_resource_still_finds_it(ntriples: bytes) -> None:
    store = Store()
    store.load(ntriples, pyoxigraph.RdfFormat.N_TRIPLES)
    document = find(store, "国办发〔2024〕39号")[0]
    store.add(Quad(NamedNode(document.iri), NamedNode(PKG.alias), NamedNode("https://w3id.org/policy-kg/id/document/former")))
    assert [m.iri for m in find(store, "https://w3id.org/policy-kg/id/document/former")] == [document.iri]


def test_near_names_help_who_mistyped(store: Store) -> None:
    assert [m.label for m in near(store, "企业环境信息披露管理法")][0] == "企业环境信息依法披露管理办法"
    assert near(store, "qwertyuiop") == []
    assert near(store, "") == []


@pytest.mark.parametrize(("left", "right"), [
    ("国办发 [2021] 024号", "国办发〔2021〕24号"), ("《办法》", "办法"), ("国办发【2021】24号", "国办发﹝2021﹞第24号"), ("GB/T ２３３３１", "gb/t23331"),
])
def test_folded_brings_writings_together(left: str, right: str) -> None:
    assert folded(left) == folded(right)
    assert folded(folded(left)) == folded(left)


def test_folded_keeps_apart_what_differs() -> None:
    names = ["国办发〔2021〕24号", "国办发〔2021〕240号", "国办函〔2021〕24号", "《〈办法〉解读》", "办法解读"]
    assert all(folded(a) != folded(b) for a, b in itertools.combinations(names, 2))


def test_document_card(store: Store) -> None:
    record = card(store, find(store, "国家发展和改革委员会令第2号")[0])
    assert (record["title"], record["numbers"], record["effect_level"]) == ("固定资产投资项目节能审查办法", ["国家发展和改革委员会令第2号"], "DepartmentalRule")
    assert [i["name"] for i in record["issuers"]] == ["国家发展和改革委员会"]
    assert record["jurisdiction"]["name"] == "全国"
    assert (record["issued"], record["effective"], record["expires"]) == ("2023-03-28", "2023-06-01", None)
    assert record["printed_in"] == [{"file": "bulletins/2023-04.txt", "start_line": 4, "end_line": 88, "compilation": "政策快讯 2023-04"}]
    assert [(group["relation"], [d["title"] for d in group["documents"]]) for group in record["cites"]] == [
        ("based_on", ["中华人民共和国节约能源法"]), ("repeals", ["固定资产投资项目节能审查办法"])]
    evidence = record["cites"][1]["documents"][0]["evidence"]
    assert [(e["file"], e["line"], e["scope"]) for e in evidence] == [("bulletins/2023-04.txt", 87, "whole")]
    assert "同时废止" in evidence[0]["sentence"]
    assert [(g["relation"], len(g["documents"])) for g in record["cited_by"]] == [("calls_for_revision", 1)]


def test_a_document_that_says_something_twice_is_listed_once_with_both_sentences(store: Store) -> None:
    record = card(store, find(store, "豫政〔2021〕58号")[0])
    cited = {d["title"]: len(d["evidence"]) for group in record["cites"] for d in group["documents"]}
    assert cited["中华人民共和国节约能源法"] == 2


def test_agency_card_names_predecessors(store: Store) -> None:
    record = card(store, find(store, "市场监管总局")[0])
    assert [a["name"] for a in record["predecessors"]] == ["国家工商行政管理总局", "国家质量监督检验检疫总局"]
    assert [a["name"] for a in card(store, find(store, "环境保护部")[0])["successors"]] == ["生态环境部"]
    assert [d["number"] for d in card(store, find(store, "环境保护部")[0])["issued"]] == ["环境保护部令第31号"]


def test_region_card(store: Store) -> None:
    record = card(store, find(store, "漯河")[0])
    assert (record["code"], record["within"]["name"]) == ("411100", "河南省")
    assert [d["number"] for d in record["documents"]] == ["漯政〔2021〕22号"]


def test_references_come_by_file_and_line(store: Store) -> None:
    lines = [r["line"] for r in references(store, find(store, "国办发〔2024〕39号")[0].iri, outgoing=True)]
    assert lines == sorted(lines)
    assert len(lines) == 7


@pytest.mark.parametrize("what", ["国办发〔2024〕39号", "国务院令第156号", "生态环境部", "河南省"])
def test_a_card_fits_the_terminal(store: Store, what: str) -> None:
    from rich.cells import cell_len
    from rich.console import Console

    out = io.StringIO()
    print_card(card(store, find(store, what)[0]), Console(file=out, width=100, highlight=False))
    assert find(store, what)[0].label in out.getvalue()
    assert all(cell_len(line) <= 100 for line in out.getvalue().splitlines())


def test_a_card_says_where_each_sentence_stands(store: Store) -> None:
    from rich.console import Console

    out = io.StringIO()
    print_card(card(store, find(store, "企业环境信息依法披露管理办法")[0]), Console(file=out, width=120))
    text = out.getvalue()
    for expected in ("废止", "bulletins/2022-01.txt:388", "第三十条、部分 partial", "解读", "现就《企业环境信息依法披露管理办法》答问如下。"):
        assert expected in text


def test_titles_are_shown_as_they_are_not_as_markup() -> None:
    from rich.console import Console

    store = Store()
    node = NamedNode("https://w3id.org/policy-kg/id/document/x")
    for predicate, value in ((RDF.type, NamedNode(PKG.PolicyDocument)), (PKG.inCorpus, Literal(True)), (DCTERMS.title, Literal("关于[bold]的:smile:办法"))):
        store.add(Quad(node, NamedNode(predicate), value))
    out = io.StringIO()
    matches = find(store, "关于")
    print_matches(matches, Console(file=out, width=100))
    print_card(card(store, matches[0]), Console(file=out, width=100))
    assert out.getvalue().count("关于[bold]的:smile:办法") == 2
