"""kg.graph.triples: a corpus in, N-Triples out that say each thing once, escaped, with the super-properties of every edge."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_resolve import DOCUMENT, file_of

from kg.graph.identifiers import Identifiers
from kg.graph.namespaces import DCTERMS, PKG, RDF, RELATION_IRI, SKOS, SUPER, XSD
from kg.graph.triples import ntriples
from kg.model import Corpus, FileRecord, PassageRecord, Reference, Warning
from kg.record import read_record
from kg.resolve.document import resolve
from kg.text import Source

ROOT = Path(__file__).parents[1]
IDS = Identifiers("https://example.org/")
DOC = "https://example.org/document/"


def corpus(*references: Reference, title: str = "甲市采石管理办法", warnings: tuple[Warning, ...] = ()) -> Corpus:
    passage = PassageRecord("a.txt", 0, 900, 1, 90, title, (), ("甲政发〔2021〕4号",), ("财政部",), ("各区",), issued="2021-02-02",
                            effective_date="2021-03-01", jurisdiction="410000", references=references)
    return resolve([FileRecord("a.txt", "", 900, None, (passage,), warnings)])


def said(relation: str, title: str, start: int = 10, **more) -> Reference:
    return Reference(start, start + 5, 2, f"《{title}》", f"依据《{title}》。", relation, title, **more)


def lines(c: Corpus) -> list[bytes]:
    return b"".join(ntriples(c, IDS)).splitlines(keepends=True)


def triples(found: Iterable[bytes]) -> set[tuple[str, str, str]]:
    return {(q.subject.value, q.predicate.value, q.object.value) for q in pyoxigraph.parse(b"".join(found), format=pyoxigraph.RdfFormat.N_TRIPLES)}


@pytest.mark.parametrize(("relation", "edges"), [
    ("cites", ["cites"]), ("based_on", ["basedOn", "cites"]), ("calls_for_revision", ["callsForRevisionOf", "cites"]),
    ("repeals", ["cites", "repeals", "supersedes"]), ("replaces", ["cites", "replaces", "supersedes"]), ("responds_to", ["cites", "respondsTo"]),
])
def test_an_edge_is_written_with_its_super_properties(relation: str, edges: list[str]) -> None:
    found = triples(lines(corpus(said(relation, "乙采石办法"))))
    assert sorted(p.removeprefix(PKG) for s, p, o in found
                  if s == f"{DOC}甲政发〔2021〕4号" and o == f"{DOC}乙采石办法") == edges


def test_a_partial_repeal_leaves_the_document_in_force() -> None:
    found = triples(lines(corpus(said("amends", "乙采石办法", scope="partial", provisions=("第五条",)))))
    edges = {p for s, p, o in found if s == f"{DOC}甲政发〔2021〕4号" and o == f"{DOC}乙采石办法"}
    assert edges == {RELATION_IRI["amends"], RELATION_IRI["cites"]}
    (evidence,) = {s for s, p, o in found if p == PKG.scope and o == "partial"}
    assert (evidence, PKG.provision, "第五条") in found


def test_a_relation_said_twice_is_one_edge_and_two_references() -> None:
    found = lines(corpus(said("cites", "乙采石办法"), said("cites", "乙采石办法", 40)))
    assert len([line for line in found if f"<{RELATION_IRI['cites']}> <{DOC}乙采石办法>".encode() in line and b"/document/\xe7\x94\xb2" in line[:60]]) == 1
    assert len([o for _, p, o in triples(found) if p == RDF.type and o == PKG.Reference]) == 2


def test_each_triple_is_written_once_and_the_order_is_the_corpus_s() -> None:
    c = corpus(said("cites", "乙采石办法"), said("repeals", "丙采石办法", 40), warnings=(Warning("a.txt", 3, "x", "y"), Warning("a.txt", 3, "x", "z")))
    assert not [line for line, n in Counter(lines(c)).items() if n > 1]
    assert lines(c) == lines(c)


def test_the_order_does_not_depend_on_the_process() -> None:
    script = """
import sys
from pathlib import Path
from kg.graph.identifiers import Identifiers
from kg.graph.triples import ntriples
from kg.record import read_file
from kg.resolve.document import resolve
sys.stdout.buffer.writelines(ntriples(resolve([read_file(Path(p), "a.txt") for p in sys.argv[1:]]), Identifiers()))
"""
    sample = str(ROOT / "samples" / "fair-competition-notice-2017.txt")
    once, again = (subprocess.run([sys.executable, "-c", script, sample], check=True, capture_output=True, cwd=ROOT,
                                  env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2"))
    assert once and once == again


def test_every_relation_has_an_edge() -> None:
    assert set(RELATION_IRI) == set(SUPER)
    assert all(parent in RELATION_IRI for parents in SUPER.values() for parent in parents)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=40))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    found = triples(lines(corpus(Reference(1, 2, 1, text, text, "cites", "乙采石办法"))))
    assert {o for _, p, o in found if p == PKG.quote} == {text}


def test_titles_with_quotes_backslashes_and_line_ends() -> None:
    title = '关于“甲”的"乙"\\丙\n丁\t的通知'
    assert title in {o for _, p, o in triples(lines(corpus(title=title))) if p == DCTERMS.title}


@settings(deadline=None, max_examples=60)
@given(st.lists(DOCUMENT, max_size=5))
def test_any_corpus_gives_triples_that_parse_with_whole_days(documents: list[dict]) -> None:
    c = resolve([file_of({**d, "id": f"{n}"}) for n, d in enumerate(documents)])
    data = b"".join(ntriples(c, IDS))
    for q in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES):
        if isinstance(q.object, pyoxigraph.Literal) and q.object.datatype.value == XSD.date:
            assert date.fromisoformat(q.object.value)
    assert not [line for line, n in Counter(data.splitlines()).items() if n > 1]


@pytest.mark.parametrize("day", ["1986年", "1986年5月", "1986年5月4日"])
def test_days_known_only_in_part_are_not_written_as_days(day: str) -> None:
    text = f"甲市采石管理办法\n甲市人民政府令第9号\n第一条 为了规范采石，制定本办法。\n第二条 本办法自2021年1月1日起施行。{day}市人民政府发布的《甲市采石规定》同时废止。\n"
    data = b"".join(ntriples(resolve([read_record(Source("a.txt", text, "utf-8"))]), IDS))
    days = [q.object for q in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)
            if isinstance(q.object, pyoxigraph.Literal) and q.object.datatype.value == XSD.date]
    assert days and all(date.fromisoformat(d.value) for d in days)


def test_a_region_goes_by_its_name_with_what_it_lies_in() -> None:
    c = resolve([FileRecord("a.txt", "", 900, None, (PassageRecord("a.txt", 0, 900, 1, 90, "甲办法", regions=("230103",)),), ())])
    found = triples(ntriples(c, IDS))
    (iri,) = {s for s, p, o in found if p == SKOS.notation and o == "230103"}
    labels = {o for s, p, o in found if s == iri and p == SKOS.altLabel}
    assert labels == {"南岗", "哈尔滨市南岗区", "黑龙江省哈尔滨市南岗区"}
