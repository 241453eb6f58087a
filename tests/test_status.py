"""Was it in force on that day: questions answered by reading the corpus, each rule on a graph made by hand, rows on stdin, the same in SPARQL."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from case_rows import parts, rows
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import UsageError
from kg.force import Documents, as_day
from kg.graph.namespaces import DCTERMS, PKG, RELATION_IRI, XSD
from kg.graph.ontology import ontology_path
from kg.graph.store import open_graph
from kg.status import ALIVE, status, status_of, statuses

CASES = rows("status.csv")
BASE = "https://w3id.org/policy-kg/id/document/"


@pytest.fixture(scope="module")
def asked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The graph of the texts that the table asks about."""
    from kg.build import build

    directory = tmp_path_factory.mktemp("status") / "graph"
    build(sorted({shared / "corpus" / "laws" / name for case in CASES for name in parts(case["files"])}), directory)
    return open_graph(directory)


@pytest.mark.corpus
@pytest.mark.parametrize("case", CASES, ids=[f"{c['what']} {c['edition']} on {c['on']}" for c in CASES])
def test_answers_as_the_texts_do(asked: Store, case: dict[str, str]) -> None:
    answer = status(asked, case["what"], on=case["on"], edition=case["edition"] or None)
    assert answer.status == case["status"], case["why"]
    if case["since"]:
        assert answer.since == case["since"]
    assert answer.because, "every answer says why"
    for reason in answer.because:
        assert reason.file is None or reason.line


def test_the_table_is_large_enough_and_asks_for_every_status() -> None:
    assert len(CASES) >= 40
    assert {case["status"] for case in CASES} == {*ALIVE, "not_yet_in_force", "repealed", "expired", "unknown"}


# ---- the rules, one by one -----------------------------------------------------------------------------------------------------

class Graph:
    """A graph made by hand: documents with their days, and what they say of each other."""

    def __init__(self) -> None:
        self.store = Store()
        self.references = 0

    def add(self, subject: str, predicate: str, value: str | bool | NamedNode) -> None:
        if isinstance(value, bool):
            value = Literal(value)
        elif isinstance(value, str):
            dated = predicate in (DCTERMS.issued, PKG.effectiveDate, PKG.expiryDate, PKG.adoptedDate)
            value = Literal(value, datatype=NamedNode(XSD.date)) if dated else Literal(value)
        self.store.add(Quad(NamedNode(subject), NamedNode(predicate), value))

    def document(self, name: str, *, title: str | None = None, issued: str | None = None, effective: str | None = None, expiry: str | None = None,
                 adopted: tuple[str, ...] = (), read: bool = True) -> str:
        iri = BASE + name
        self.add(iri, PKG.inCorpus, read)
        self.add(iri, DCTERMS.title, title or name)
        for predicate, day in ((DCTERMS.issued, issued), (PKG.effectiveDate, effective), (PKG.expiryDate, expiry), *((PKG.adoptedDate, a) for a in adopted)):
            if day:
                self.add(iri, predicate, day)
        return iri

    def says(self, by: str, relation: str, of: str, *, on: str | None = None, scope: str = "whole", sentence: str = "同时废止。", quote: str = "",
             provision: str | None = None, candidates: tuple[str, ...] = ()) -> None:
        self.references += 1
        iri = f"https://w3id.org/policy-kg/id/reference/{self.references}"
        edge = NamedNode(RELATION_IRI[relation])  # type: ignore[index]
        for predicate, value in ((PKG.citingDocument, NamedNode(BASE + by)), (PKG.citedDocument, NamedNode(BASE + of)), (PKG.relation, edge),
                                 (PKG.scope, scope), (PKG.sentence, sentence), (PKG.quote, quote or of)):
            self.add(iri, predicate, value)
        for other in candidates:
            self.add(iri, PKG.candidate, NamedNode(BASE + other))
        if on:
            self.add(iri, PKG.effectiveDate, on)
        if provision:
            self.add(iri, PKG.provision, provision)
        self.add(BASE + by, str(edge.value), NamedNode(BASE + of))

    def on(self, what: str, day: str, edition: str | None = None) -> str:
        return status(self.store, what, on=day, edition=edition).status


@pytest.fixture
def graph() -> Graph:
    return Graph()


def test_in_force_only_from_a_known_day_of_effect(graph: Graph) -> None:
    graph.document("甲办法", issued="2010-01-01", effective="2010-03-01")
    graph.document("乙办法", issued="2010-01-01")
    assert [graph.on("甲办法", day) for day in ("2009-12-31", "2010-02-28", "2010-03-01")] == ["not_yet_in_force", "not_yet_in_force", "in_force"]
    assert [graph.on("乙办法", day) for day in ("2009-12-31", "2010-03-01", "2024-01-01")] == ["not_yet_in_force", "unknown", "unknown"]


def test_a_repeal_shows_that_its_target_was_in_force(graph: Graph) -> None:
    graph.document("旧办法", issued="2000-01-01", read=False)
    graph.document("无日期办法", read=False)
    graph.document("新办法", issued="2010-01-01", effective="2010-03-01")
    for old in ("旧办法", "无日期办法"):
        graph.says("新办法", "repeals", old, on="2010-03-01")
    assert [graph.on("旧办法", day) for day in ("1999-12-31", "2000-06-01", "2005-01-01", "2010-02-28", "2010-03-01")] == [
        "not_yet_in_force", "unknown", "in_force", "in_force", "repealed"]
    assert [graph.on("无日期办法", day) for day in ("2005-01-01", "2010-02-28", "2010-03-01")] == ["unknown", "in_force", "repealed"]


def test_a_repeal_on_an_unknown_day_leaves_nothing_in_force(graph: Graph) -> None:
    graph.document("旧办法", issued="2000-01-01", effective="2000-01-01")
    graph.document("新办法")
    graph.says("新办法", "repeals", "旧办法")
    answer = status(graph.store, "旧办法", on="2005-01-01")
    assert answer.status == "unknown"
    assert answer.because[0].relation == "repeals" and answer.because[0].note
    graph.document("更旧办法", issued="2000-01-01", effective="2000-01-01")
    graph.document("有日期办法", issued="2010-01-01")
    graph.says("有日期办法", "repeals", "更旧办法")
    assert [graph.on("更旧办法", day) for day in ("2009-12-31", "2010-01-01")] == ["in_force", "repealed"]  # its own day, where the sentence has none


def test_a_repeal_that_may_be_of_another_leaves_both_unknown(graph: Graph) -> None:
    for name in ("甲办法(2000-01-01)", "甲办法(2005-01-01)"):
        graph.document(name, title="甲办法", issued=name[-11:-1], effective=name[-11:-1])
    graph.document("甲办法", read=False)
    graph.document("新办法", issued="2010-01-01", effective="2010-03-01")
    graph.says("新办法", "repeals", "甲办法", on="2010-03-01", candidates=("甲办法(2000-01-01)", "甲办法(2005-01-01)"))
    assert graph.on("甲办法", "2010-02-28", "2000-01-01") == "in_force"
    assert graph.on("甲办法", "2010-03-01", "2000-01-01") == graph.on("甲办法", "2010-03-01", "2005-01-01") == "unknown"


def test_of_two_candidates_the_one_left_is_repealed(graph: Graph) -> None:
    for name in ("甲办法(2000-01-01)", "甲办法(2005-01-01)"):
        graph.document(name, title="甲办法", issued=name[-11:-1], effective=name[-11:-1])
    graph.says("甲办法(2005-01-01)", "replaces", "甲办法(2000-01-01)", on="2005-01-01")
    graph.document("甲办法", read=False)
    graph.document("新办法", effective="2010-03-01")
    graph.says("新办法", "repeals", "甲办法", on="2010-03-01", candidates=("甲办法(2000-01-01)", "甲办法(2005-01-01)"))
    found = [status(graph.store, "甲办法", on=day) for day in ("2004-12-31", "2010-02-28", "2010-03-01")]
    assert [a.document for a in found] == [f"{BASE}甲办法({day})" for day in ("2000-01-01", "2005-01-01", "2005-01-01")]
    assert [a.status for a in found] == ["in_force", "in_force", "repealed"]


def test_a_repealed_repealer_does_not_revive(graph: Graph) -> None:
    for name, day in (("一", "2000-01-01"), ("二", "2005-01-01"), ("三", "2010-01-01")):
        graph.document(f"{name}号办法", issued=day, effective=day)
    graph.says("二号办法", "repeals", "一号办法", on="2005-01-01")
    graph.says("三号办法", "repeals", "二号办法", on="2010-01-01")
    answer = status(graph.store, "一号办法", on="2015-01-01")
    assert (answer.status, answer.since) == ("repealed", "2005-01-01")


def test_a_repeal_older_than_its_target_ends_nothing(graph: Graph) -> None:
    graph.document("新办法", issued="2010-01-01", effective="2010-03-01")
    graph.document("旧办法", issued="2000-01-01", effective="2000-01-01")
    graph.says("旧办法", "repeals", "新办法", on="2000-01-01")
    assert graph.on("新办法", "2015-01-01") == "in_force"


def test_a_partial_repeal_names_its_provisions_and_a_later_whole_one_wins(graph: Graph) -> None:
    graph.document("旧办法", issued="2000-01-01", effective="2000-01-01")
    graph.document("新办法", issued="2010-01-01", effective="2010-03-01")
    graph.document("更新办法", issued="2020-01-01", effective="2020-03-01")
    graph.says("新办法", "amends", "旧办法", on="2010-03-01", scope="partial", provision="第五条")
    graph.says("更新办法", "replaces", "旧办法", on="2020-03-01")
    answer = status(graph.store, "旧办法", on="2010-03-01")
    assert (answer.status, answer.since, answer.because[0].provisions) == ("partly_repealed", "2010-03-01", ("第五条",))
    assert answer.because[0].note == "in part · 部分"
    assert graph.on("旧办法", "2010-02-28") == "in_force"
    assert graph.on("旧办法", "2020-03-01") == "repealed"


def test_amended_since_the_last_amendment(graph: Graph) -> None:
    graph.document("旧办法", issued="2000-01-01", effective="2000-01-01")
    for day in ("2005-01-01", "2010-01-01"):
        graph.document(f"决定({day})", issued=day)
        graph.says(f"决定({day})", "amends", "旧办法", on=day, sentence="第一次修正")
    found = [status(graph.store, "旧办法", on=day) for day in ("2004-12-31", "2005-01-01", "2012-01-01")]
    assert [(a.status, a.since) for a in found] == [("in_force", "2000-01-01"), ("amended", "2005-01-01"), ("amended", "2010-01-01")]


@pytest.mark.parametrize(("sentence", "days"), [
    ("2001年1月13日通过，根据2010年7月30日会议修正的《旧办法》同时废止。", ["2010-07-30"]),
    ("1987年2月15日公布，2000年6月2日国务院批准修订、2000年6月15日公布，2005年12月16日国务院修订的《旧办法》同时废止。", ["2000-06-02", "2005-12-16"]),
    ("1996年通过，根据2010年7月30日《关于修改部分办法的决定》修正的《旧办法》同时废止。", ["2010-07-30"]),
    ("2001年1月13日通过、2004年5月27日修正的《别的办法》和1998年11月21日通过的《旧办法》同时废止。", []),
    ("1998年11月21日《关于修改甲的决定》通过的《旧办法》同时废止。", []),
    ("《旧办法》同时废止。", []),
])
def test_the_repealing_sentence_tells_of_amendments(graph: Graph, sentence: str, days: list[str]) -> None:
    graph.document("旧办法", issued="1980-01-01", read=False)
    graph.document("新办法", issued="2020-01-01", effective="2020-03-01")
    graph.says("新办法", "repeals", "旧办法", on="2020-03-01", sentence=sentence, quote="《旧办法》")
    assert [s.told_changes() for s in Documents(graph.store).sayings(BASE + "旧办法")] == [days]
    assert graph.on("旧办法", "2020-02-29") == ("amended" if days else "in_force")


@pytest.mark.parametrize(("sentence", "last"), [
    ("《旧办法》有效期延长至2027年12月31日。", "2027-12-31"), ("将《旧办法》有效期延长五年。", "2027-06-30"), ("《旧办法》继续执行至2023年6月30日。", "2023-06-30"),
])
def test_an_extension_moves_the_end(graph: Graph, sentence: str, last: str) -> None:
    graph.document("旧办法", issued="2017-06-01", effective="2017-07-01", expiry="2022-06-30")
    graph.document("通知", issued="2022-09-01")
    assert [graph.on("旧办法", day) for day in ("2022-06-30", "2022-07-01")] == ["in_force", "expired"]
    graph.says("通知", "amends", "旧办法", on="2022-09-01", sentence=sentence)
    assert graph.on("旧办法", "2022-07-01") == "expired"  # between its end and the notice that revives it
    assert graph.on("旧办法", "2022-09-01") == graph.on("旧办法", last) == "in_force"
    answer = status(graph.store, "旧办法", on=f"{int(last[:4]) + 1}{last[4:]}")
    assert answer.status == "expired" and answer.since and answer.since > last


def test_an_extension_without_an_end_is_not_taken_for_force(graph: Graph) -> None:
    graph.document("旧办法", issued="2017-06-01", effective="2017-07-01", expiry="2022-06-30")
    graph.document("通知", issued="2022-06-01")
    graph.says("通知", "amends", "旧办法", on="2022-06-01", sentence="《旧办法》继续执行。")
    assert [graph.on("旧办法", day) for day in ("2022-06-30", "2022-07-01")] == ["in_force", "unknown"]


def test_before_the_effect_of_a_revised_text_its_former_text_is_not_denied(graph: Graph) -> None:
    graph.document("甲条例", issued="2020-10-07", effective="2020-12-01", adopted=("1999-05-23", "2020-10-07"))
    graph.document("决定", issued="2003-12-20")
    graph.says("决定", "amends", "甲条例", on="2003-12-20", sentence="修订")
    assert [graph.on("甲条例", day) for day in ("1999-05-22", "2000-01-01", "2003-12-20", "2020-12-01")] == [
        "not_yet_in_force", "unknown", "amended", "amended"]


def test_an_edge_without_a_reference_counts(graph: Graph) -> None:
    graph.document("旧办法", issued="2000-01-01", effective="2000-01-01")
    graph.document("新办法", issued="2010-01-01", effective="2010-03-01")
    graph.add(BASE + "新办法", PKG.repeals, NamedNode(BASE + "旧办法"))
    answer = status(graph.store, "旧办法", on="2010-03-01")
    assert (answer.status, answer.since, answer.because[0].by) == ("repealed", "2010-03-01", BASE + "新办法")


def test_a_presumed_day_of_effect_is_called_so(graph: Graph) -> None:
    iri = graph.document("通知", issued="2010-01-01", effective="2010-01-01")
    graph.add(iri, PKG.effectiveDateBasis, "presumed")
    answer = status(graph.store, "通知", on="2010-01-01")
    assert answer.status == "in_force"
    assert "presumed" in (answer.because[0].note or "")


def test_the_day_of_effect_comes_with_its_words(graph: Graph) -> None:
    iri = graph.document("甲办法", issued="2010-01-01", effective="2010-03-01")
    said, passage = "https://w3id.org/policy-kg/id/statement/1", "https://w3id.org/policy-kg/id/passage/1"
    for subject, predicate, value in ((said, PKG.about, NamedNode(iri)), (said, PKG.states, NamedNode(PKG.effectiveDate)), (said, PKG.inPassage, NamedNode(passage)),
                                      (said, PKG.startLine, "9"), (said, PKG.sentence, "本办法自2010年3月1日起施行。"), (passage, PKG.sourceFile, "a.md")):
        graph.add(subject, predicate, value)
    reason = status(graph.store, "甲办法", on="2020-01-01").because[0]
    assert (reason.relation, reason.sentence, reason.file, reason.line, reason.on) == ("effective_date", "本办法自2010年3月1日起施行。", "a.md", 9, "2010-03-01")


# ---- which document ------------------------------------------------------------------------------------------------------------

@pytest.fixture
def editions(graph: Graph) -> Graph:
    graph.document("中华人民共和国甲条例(1990-05-01)", title="中华人民共和国甲条例", issued="1990-05-01", effective="1990-05-01", read=False)
    graph.document("国务院令第999号", title="中华人民共和国甲条例", issued="2010-06-01", effective="2010-09-01", adopted=("2010-05-20",))
    graph.add(BASE + "国务院令第999号", PKG.documentNumber, "国务院令第999号")
    graph.add(BASE + "国务院令第999号", PKG.alias, NamedNode(BASE + "甲条例的旧名"))
    graph.says("国务院令第999号", "repeals", "中华人民共和国甲条例(1990-05-01)", on="2010-09-01")
    return graph


@pytest.mark.parametrize(("what", "edition"), [
    ("国务院令第999号", None), ("中华人民共和国国务院令第999号", None), (" 国务院令第 999 号 ", None), ("甲条例", "2010-06-01"), ("《甲条例》", "2010-05-20"),
    ("《中华人民共和国甲条例》", "2010"), ("中华人民共和国甲条例", "2010-06"), ("甲条例（2010年6月1日）", None), ("甲条例(2010-06-01)", None),
    ("甲条例（国务院令第999号）", None), (f"{BASE}国务院令第999号", None), (f"<{BASE}国务院令第999号>", None), (f"{BASE}甲条例的旧名", None),
    (f"{BASE}%E5%9B%BD%E5%8A%A1%E9%99%A2%E4%BB%A4%E7%AC%AC999%E5%8F%B7", None), ("甲条例", "2010-06-20"),
])
def test_finds_the_edition(editions: Graph, what: str, edition: str | None) -> None:
    assert status(editions.store, what, on="2020-01-01", edition=edition).document == f"{BASE}国务院令第999号"


def test_without_an_edition_the_one_of_the_day_is_meant(editions: Graph) -> None:
    for day, name in (("2010-08-31", "中华人民共和国甲条例(1990-05-01)"), ("2010-09-01", "国务院令第999号"), ("1985-01-01", "中华人民共和国甲条例(1990-05-01)")):
        assert status(editions.store, "甲条例", on=day).document == BASE + name


def test_two_of_one_name_that_cannot_be_told_apart_are_both_named(graph: Graph) -> None:
    for name in ("甲", "乙"):
        graph.document(f"{name}-职责规定", title="职责规定", issued="2010-01-01", effective="2010-01-01")
    answer = status(graph.store, "职责规定", on="2020-01-01")
    assert (answer.document, answer.status) == (None, "unknown")
    assert [c.document for c in answer.candidates] == [f"{BASE}乙-职责规定", f"{BASE}甲-职责规定"]
    assert answer.because[0].note


@pytest.mark.parametrize(("what", "edition"), [("丙条例", None), ("甲条例", "1970-01-01"), ("条例", None), ("https://w3id.org/policy-kg/id/document/无", None), ("《》", None)])
def test_what_is_not_there_is_unknown_with_an_error(editions: Graph, what: str, edition: str | None) -> None:
    answer = status(editions.store, what, on="2020-01-01", edition=edition)
    assert (answer.document, answer.status) == (None, "unknown")
    assert answer.error
    assert bool(answer.candidates) == (what == "甲条例")


# ---- days, rows, the command line ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("text", "whole", "day"), [("2022-03-01", True, "2022-03-01"), ("2022年3月1日", True, "2022-03-01"), ("二〇二二年三月一日", True, "2022-03-01"),
                                                    ("2006", False, "2006"), ("2006-05", False, "2006-05")])
def test_days(text: str, whole: bool, day: str) -> None:
    assert as_day(text, whole=whole) == day


@pytest.mark.parametrize(("text", "whole"), [("2022-02-30", True), ("2006", True), ("明天", True), ("2022年13月1日", True), ("20x6", False)])
def test_what_is_no_day_is_refused(text: str, whole: bool) -> None:
    with pytest.raises(UsageError, match="2022-03-01"):
        as_day(text, whole=whole)


def test_rows_are_answered_in_order_and_a_bad_one_stops_nothing(editions: Graph) -> None:
    asked: list[Any] = [{"what": "甲条例", "edition": "1990-05-01", "on": "2010-09-01"}, {"what": "甲条例", "on": "早"}, None, [], {"on": "2010-01-01"},
                        {"what": 7}, {"what": "甲条例", "edition": 1990, "on": "2010-01-01"}, {"what": "甲条例", "edition": None, "on": None}]
    found = list(statuses(editions.store, asked))
    assert [a.status for a in found] == ["repealed", *["unknown"] * 6, "in_force"]
    assert [bool(a.error) for a in found] == [False, *[True] * 6, False]


def test_the_object_is_the_contracts(editions: Graph) -> None:
    data = status(editions.store, "甲条例", on="2010-09-01", edition="1990-05-01").as_json()
    assert list(data) == ["document", "title", "status", "since", "because"]
    assert list(data["because"][0])[:5] == ["relation", "by", "sentence", "file", "line"]


def test_the_command_answers_one_and_many(policies: Path, run_kg: Callable[..., Any]) -> None:
    done = run_kg("status", "国务院令第746号", "--graph", policies, "--on", "2022-02-28", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (0, "not_yet_in_force")
    shown = run_kg("status", "国务院令第746号", "--graph", policies, "--on", "2022-03-01")
    assert "有效 in force" in shown.stdout and "2022-03-01" in shown.stdout
    stdin = '{"what": "国务院令第746号", "on": "2022-03-01"}\n\nnot json\n{"what": "无此文件", "on": "2022-03-01"}\n'
    many = run_kg("status", "--stdin", "--graph", policies, stdin=stdin)
    assert [json.loads(line)["status"] for line in many.stdout.splitlines()] == ["in_force", "unknown", "unknown"]
    assert many.returncode == 1
    assert run_kg("status", "--graph", policies).returncode == 2
    missing = run_kg("status", "无此文件", "--graph", policies, "--format", "json")
    assert (missing.returncode, json.loads(missing.stdout)["status"]) == (2, "unknown")


def test_a_thousand_rows_take_seconds(sample_graph: Path) -> None:
    store = open_graph(sample_graph)
    titles = [q.object.value for q in store.quads_for_pattern(None, NamedNode(DCTERMS.title), None)]
    asked = [{"what": titles[n % len(titles)], "on": f"20{n % 25:02}-06-01"} for n in range(1000)]
    start = time.perf_counter()
    assert len(list(statuses(store, asked))) == 1000
    assert time.perf_counter() - start < 5


# ---- the same in SPARQL --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("day", ["1995-06-30", "2011-03-01", "2018-12-31", "2021-01-01", "2024-01-01"])
@pytest.mark.parametrize("which", ["policies", "sample_graph", "asked"])
def test_the_query_gives_the_same_set(which: str, day: str, request: pytest.FixtureRequest) -> None:
    there = request.getfixturevalue(which)
    store = there if isinstance(there, Store) else open_graph(there)
    query = (ontology_path() / "queries" / "09-in-force-on-a-day.rq").read_text(encoding="utf-8")
    assert query.count("2022-06-01") == 1
    asked = {row["document"].value for row in store.query(query.replace("2022-06-01", day))}
    documents = Documents(store)
    every = [q.subject.value for q in store.quads_for_pattern(None, NamedNode(PKG.inCorpus), None)]
    known = [iri for iri in every if (f := documents.facts(iri)).in_corpus and f.effective and f.effective <= day]
    assert asked == {iri for iri in known if status_of(documents, iri, day).status in ALIVE}


# ---- the benchmark -------------------------------------------------------------------------------------------------------------

def test_the_benchmark_counts_right_answers_and_groups_wrong_ones(editions: Graph, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.status.__main__ import score

    editions.document("另一办法", issued="2000-01-01", effective="2000-01-01")
    annotated = [
        {"title": "甲条例", "effective": "2010-09-01", "repeals": [{"title": "甲条例", "date": "1990-05-01", "scope": "whole"},
                                                                   {"title": "另一办法", "date": "2000-01-01", "scope": "whole"},
                                                                   {"title": "无此办法", "date": None, "scope": "whole"},
                                                                   {"title": "部分办法", "date": None, "scope": "partial"}]},
        {"title": "无日期", "effective": None, "repeals": [{"title": "甲条例", "date": "1990-05-01", "scope": "whole"}]},
    ]
    asked, wrong = score(editions.store, iter(annotated))
    assert asked == {False: 3, True: 3}
    assert {why: len(answers) for why, answers in wrong.items()} == {"in_force on the day": 1, "not found": 2}
