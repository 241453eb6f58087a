"""kg.extract.pipeline: one component a question, each with a span group of its own, on texts and on Docs made by hand."""

import time

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.extract.history import read_history
from kg.extract.identity import read_identity
from kg.extract.pipeline import COMPONENTS, Passage, analyse, pipeline
from kg.extract.reference import Own
from kg.layout import read_layout

TEXT = (
    "国家发展改革委关于做好节能工作的通知\n发改环资〔2023〕18号\n河南省发展改革委：\n根据《中华人民共和国节约能源法》和GB/T 2589—2020，遵守民法典第七条。\n"
    "《节能监察办法》（发改环资〔2012〕1号）同时废止。\n国家发展改革委\n2023年1月6日"
)
GROUPS = {
    "titles": ["《中华人民共和国节约能源法》", "《节能监察办法》"], "document_numbers": ["发改环资〔2023〕18号", "发改环资〔2012〕1号"], "standards": ["GB/T 2589—2020"],
    "statute_names": ["民法典"], "regions": ["河南省"], "repeals": ["《节能监察办法》"],
    "references": ["《中华人民共和国节约能源法》", "GB/T 2589—2020", "民法典", "《节能监察办法》"],
    "relations": ["《中华人民共和国节约能源法》", "GB/T 2589—2020", "民法典", "《节能监察办法》"],
}


def facts(text: str) -> Passage:
    layout = read_layout(text, title=text.split("\n")[0] or None)
    identity = read_identity(text, layout, read_history(layout.history), None)
    return Passage(layout, identity, Own((identity.title,), identity.numbers, 2023, identity.document_type))


@pytest.fixture(scope="module")
def doc() -> Doc:
    return analyse(TEXT, facts(TEXT))


def test_components_stand_in_the_order_of_the_list() -> None:
    assert tuple(pipeline().pipe_names) == COMPONENTS
    assert pipeline() is pipeline()
    assert COMPONENTS.index("titles") < COMPONENTS.index("repeals") < COMPONENTS.index("references") < COMPONENTS.index("relations")


def test_each_component_writes_one_group_under_its_own_name(doc: Doc) -> None:
    assert set(doc.spans) == set(COMPONENTS)
    assert {name: [s.text for s in doc.spans[name]] for name in GROUPS} == GROUPS
    assert {"国家发展改革委", "河南省发展改革委"} <= {s.text for s in doc.spans["agencies"]}


def test_relations_are_labels_of_their_spans(doc: Doc) -> None:
    assert [s.label_ for s in doc.spans["relations"]] == ["based_on", "based_on", "cites", "repeals"]


def test_tokens_are_characters_so_spans_and_offsets_agree(doc: Doc) -> None:
    assert doc.text == TEXT and len(doc) == len(TEXT)
    for name in COMPONENTS:
        for span, found in zip(doc.spans[name], doc.user_data[name] if name != "relations" else [d.cited for d in doc.user_data[name]], strict=True):
            assert (span.start_char, span.end_char) == (found.start, found.end)
            assert TEXT[found.start : found.end] == span.text


def test_a_component_runs_alone_on_a_doc_made_by_hand_and_leaves_other_groups_alone() -> None:
    text = "根据《档案法》办理"
    nlp = spacy.blank("zh")
    doc = Doc(nlp.vocab, words=list(text), spaces=[False] * len(text), user_data={"text": text})
    doc.spans["mine"] = [doc[0:2]]
    component = pipeline().get_pipe("titles")
    start = time.process_time()
    component(doc)
    assert time.process_time() - start < 0.05
    assert [s.text for s in doc.spans["titles"]] == ["《档案法》"]
    assert [s.text for s in doc.spans["mine"]] == ["根据"]
    assert set(doc.spans) == {"mine", "titles"}


def test_nothing_is_found_in_nothing() -> None:
    for text in ("", "\n", "现通知如下。"):
        doc = analyse(text, facts(text))
        assert all(not doc.spans[name] for name in COMPONENTS), text


def test_sentences_hold_their_mention(doc: Doc) -> None:
    sentences = [TEXT[d.sentence_start : d.sentence_end] for d in doc.user_data["relations"]]
    assert sentences[0] == sentences[1] == sentences[2] == TEXT.split("\n")[3]
    assert sentences[3] == TEXT.split("\n")[4]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([p for p in TEXT.replace("，", "，|").replace("\n", "|\n|").replace("。", "。|").replace("》", "》|").split("|") if p]), max_size=30))
def test_every_span_lies_in_its_text_in_order(pieces: list[str]) -> None:
    text = "".join(pieces)
    doc = analyse(text, facts(text))
    for name in COMPONENTS:
        starts = [s.start for s in doc.spans[name]]
        assert starts == sorted(starts), name
        assert all(0 <= s.start < s.end <= len(text) for s in doc.spans[name]), name
    for d in doc.user_data["relations"]:
        assert 0 <= d.sentence_start <= d.cited.start < d.cited.end <= d.sentence_end <= len(text)
