"""kg.resolve: which document is it; cases in tests/cases/resolve.jsonl.

A row lists documents with what they cite and the edges wanted: `a repeals b by title`. `?` is a document that is not printed (numbered
where two edges must meet there); `of a,b` are the candidates kept where none was chosen.
"""

import itertools
import random
import re
from pathlib import Path

import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.model import Corpus, FileRecord, PassageRecord, Reference
from kg.record import read_file
from kg.resolve.document import resolve

ROOT = Path(__file__).parents[1]
CASES = rows("resolve.jsonl")


def reference(n: int, cited: dict) -> Reference:
    quote = cited.get("title") or cited["number"]
    return Reference(10 * n, 10 * n + 5, 2 + n, quote, f"…{quote}…", cited["relation"], cited.get("title"), cited.get("number"), cited.get("date"))


def file_of(document: dict, *, prefix: str = "") -> FileRecord:
    name = f"{prefix}{document['id']}.txt"
    cited = tuple(reference(n, c) for n, c in enumerate(document.get("cites", ())))
    passage = PassageRecord(
        name, 0, 900, 1, 90, document["title"], tuple(document.get("also", ())), (document["number"],) if "number" in document else (),
        tuple(document.get("issuers", ())), issued=document.get("issued"), effective_date=document.get("effective"), references=cited,
    )
    return FileRecord(name, "", 900, None, (passage,))


def names(corpus: Corpus) -> dict[str, str]:
    """Identifier of a row's document → name of the document in the corpus."""
    return {p.file.removesuffix(".txt"): d.name for d in corpus.documents for p in d.passages}


def edges(corpus: Corpus) -> list[str]:
    """Edges as a row writes them, but for every document that is not printed a number of its own in order of mention."""
    known = {name: id for id, name in sorted(names(corpus).items(), reverse=True)}
    numbers = (f"?{n}" for n in itertools.count(1))
    found = []
    for r in corpus.references:
        if r.cited not in known:
            known[r.cited] = next(numbers)
        of = f" of {','.join(sorted(known[c] for c in r.candidates))}" if r.candidates else ""
        found.append(f"{known[r.citing]} {r.reference.relation} {known[r.cited]} by {r.resolved_by}{of}")
    return sorted(found)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_documents_meet_and_stay_apart(case: dict) -> None:
    corpus = resolve([file_of(d) for d in case["documents"]])
    found, wanted = edges(corpus), case["edges"]
    if not any(re.search(r"\?\d", edge) for edge in wanted):
        found = [re.sub(r"\?\d+", "?", edge) for edge in found]
    assert found == sorted(wanted)
    together: dict[str, list[str]] = {}
    for id, name in sorted(names(corpus).items()):
        together.setdefault(name, []).append(id)
    assert [ids for ids in together.values() if len(ids) > 1] == case.get("same", [])
    assert [w.code for w in corpus.warnings] == case.get("warnings", [])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_the_order_of_files_changes_nothing(case: dict) -> None:
    files = [file_of(d) for d in case["documents"]]
    expected = resolve(files)
    for order in itertools.permutations(files):
        assert resolve(order) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["why"])
def test_nothing_cites_itself_and_every_end_is_a_document(case: dict) -> None:
    corpus = resolve([file_of(d) for d in case["documents"]])
    known = {d.name for d in corpus.documents}
    assert len(known) == len(corpus.documents)
    for r in corpus.references:
        assert r.citing != r.cited and {r.citing, r.cited, *r.candidates} <= known
        assert not r.candidates or len(r.candidates) > 1 and r.resolved_by == "none" and r.cited not in r.candidates


def test_names_do_not_change_when_other_files_come() -> None:
    documents = [d for case in CASES[5:9] for d in case["documents"]]
    documents = [{**d, "id": f"{n}"} for n, d in enumerate(documents)]
    small = resolve([file_of(documents[0])])
    large = resolve([file_of(d) for d in documents])
    assert names(small)["0"] == names(large)["0"]


@pytest.mark.parametrize("document", [
    {"id": "a", "title": "甲市采石管理办法", "issued": "2021-02-02"}, {"id": "a", "title": "甲市采石管理办法"},
    {"id": "a", "title": "甲市采石管理办法", "number": "甲政发〔2021〕4号", "issued": "2021-02-02"},
], ids=["title and day", "title alone", "number"])
def test_a_name_once_exported_still_resolves_when_its_older_edition_comes(document: dict) -> None:
    before = resolve([file_of(document)]).documents[0].name
    after = resolve([file_of(document), file_of({"id": "0", "title": document["title"], "issued": "1991-02-02"})])
    same = next(d for d in after.documents if any(p.file == "a.txt" for p in d.passages))
    assert before in (same.name, *same.aliases)


def test_cited_forms_are_kept_as_alternative_titles() -> None:
    corpus = resolve([file_of({"id": "a", "title": "国务院关于促进发展的意见", "number": "国发〔2021〕4号"}),
                      file_of({"id": "b", "title": "某通知", "cites": [{"relation": "cites", "title": "促进发展意见", "number": "国发〔2021〕4号"}]})])
    document = next(d for d in corpus.documents if d.numbers)
    assert document.title == "国务院关于促进发展的意见"
    assert document.alternative_titles == ("促进发展意见",)


def test_what_is_only_cited_has_no_passage_and_what_its_title_and_number_tell() -> None:
    cites = [{"relation": "cites", "title": "国务院关于促进发展的意见", "number": "国发〔2021〕4号"}, {"relation": "cites", "number": "GB/T 2589-2020"}]
    corpus = resolve([file_of({"id": "b", "title": "某通知", "cites": cites})])
    cited = next(d for d in corpus.documents if d.numbers == ("国发〔2021〕4号",))
    assert (cited.passages, cited.issuers, cited.document_type, cited.jurisdiction) == ((), ("国务院",), "意见", "100000")
    assert next(d for d in corpus.documents if d.numbers == ("GB/T 2589-2020",)).effect_level == "Standard"


def test_a_repeal_without_a_day_takes_effect_with_its_document() -> None:
    document = {"id": "a", "title": "甲办法", "issued": "2021-01-05", "effective": "2021-03-01", "cites": [{"relation": "repeals", "title": "乙管理办法"}]}
    (said,) = resolve([file_of(document)]).references
    assert said.reference.effective_date == "2021-03-01"
    (said,) = resolve([file_of({**document, "effective": None})]).references
    assert said.reference.effective_date == "2021-01-05"


def test_printings_that_disagree_are_reported_at_the_later_one() -> None:
    first = {"id": "a", "title": "国务院关于促进发展的意见", "number": "国发〔2021〕4号", "issued": "2021-02-02"}
    corpus = resolve([file_of(first), file_of({**first, "id": "b", "issued": "2021-02-03"})])
    assert len([d for d in corpus.documents if d.passages]) == 1
    (warning,) = corpus.warnings
    assert (warning.code, warning.file, warning.line) == ("printings_differ", "b.txt", 1)
    assert "2021-02-02 in a.txt:1" in warning.message and "2021-02-03" in warning.message


TITLES = ["甲市采石管理办法", "甲市采石管理办法（试行）", "关于印发甲市采石管理办法的通知", "国务院关于促进发展的意见", "关于促进发展的意见"]
NUMBERS = [None, "甲政发〔2021〕4号", "国发〔2021〕4号", "甲市人民政府令第9号", "甲市人民政府令2020年第9号"]
DAYS = [None, "2001-02-02", "2020-02-02", "2021-02-02"]
CITED = st.fixed_dictionaries({"relation": st.sampled_from(["cites", "based_on", "repeals", "replaces", "amends"]), "title": st.sampled_from(TITLES)},
                              optional={"number": st.sampled_from(NUMBERS[1:]), "date": st.sampled_from(DAYS[1:])})
DOCUMENT = st.fixed_dictionaries({"title": st.sampled_from(TITLES), "cites": st.lists(CITED, max_size=3)},
                                 optional={"number": st.sampled_from(NUMBERS[1:]), "issued": st.sampled_from(DAYS[1:])})


@settings(deadline=None, max_examples=150)
@given(st.lists(DOCUMENT, max_size=6), st.randoms(use_true_random=False))
def test_order_never_matters_and_nothing_ends_itself(documents: list[dict], chance: random.Random) -> None:
    files = [file_of({**d, "id": f"{n}"}) for n, d in enumerate(documents)]
    corpus = resolve(files)
    shuffled = files[:]
    chance.shuffle(shuffled)
    assert resolve(shuffled) == corpus
    assert len({d.name for d in corpus.documents}) == len(corpus.documents)
    assert all(r.citing != r.cited for r in corpus.references)
    day = {d.name: d.issued for d in corpus.documents if d.passages}
    for r in corpus.references:
        # A number names its document whatever the days; `kg conflicts` reports a repealer that is older.
        if r.reference.relation in ("repeals", "replaces") and r.resolved_by != "number" and day.get(r.citing) and day.get(r.cited):
            assert day[r.cited] < day[r.citing]


@settings(deadline=None, max_examples=100)
@given(st.lists(DOCUMENT, min_size=1, max_size=3), st.lists(DOCUMENT, max_size=3))
def test_a_name_once_exported_is_a_name_or_an_alias_in_any_larger_corpus(first: list[dict], more: list[dict]) -> None:
    files = [file_of({**d, "id": f"m{n}"}) for n, d in enumerate(first)]
    larger = resolve([*files, *(file_of({**d, "id": f"{'az'[n % 2]}{n}"}) for n, d in enumerate(more))])
    known = {name for d in larger.documents for name in (d.name, *d.aliases)}
    assert {d.name for d in resolve(files).documents if d.passages} <= known


def test_samples_resolve_the_same_in_any_order() -> None:
    files = [read_file(p, p.name) for p in sorted((ROOT / "samples").iterdir()) if p.suffix in (".txt", ".md")]
    assert resolve(files[::-1]) == resolve(files)
    assert resolve(iter(files)) == resolve(files)
