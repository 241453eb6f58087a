"""kg.extract.relation and what stands round it: from a sentence in its place to the relation; cases in relation.csv, title_relations.jsonl."""

import pytest
from case_rows import parts, rows

from kg.extract.relation import Context, decide
from kg.record import read_record
from kg.text import Source

HEAD = ["国家发展改革委关于做好节能工作的通知", "发改环资〔2023〕18号", "各省、自治区、直辖市发展改革委："]
SIGNED = ["国家发展改革委", "2023年1月6日"]
PLACES = {
    "preamble": [*HEAD, "{}", "一、抓紧部署，年底前见到成效。", *SIGNED],
    "article": ["甲省节能办法", "甲省人民政府令第9号", "{}", "第九条 本办法自2021年1月1日起施行。"],
    "overall": [*HEAD, "节能是长久之计，现通知如下。", "一、总体要求", "{}", "二、重点任务", "各地自定路线。", *SIGNED],
    "body": [*HEAD, "现将有关事项通知如下，请认真执行。", "一、加强领导。各级要把这件事摆上日程。", "二、抓好落实。{}", *SIGNED],
}


def relations(lines: list[str]) -> list[str]:
    record = read_record(Source("a.txt", "\n".join(lines), "utf-8"))
    assert len(record.passages) == 1
    return [f"{r.relation} {r.number or r.title}" for r in record.passages[0].references]


@pytest.mark.parametrize("case", rows("relation.csv"), ids=lambda c: f"{c['place']} {c['sentence']}")
def test_relation_of_a_sentence(case: dict[str, str]) -> None:
    lines = "\n".join(PLACES[case["place"]]).format(case["sentence"]).split("\n")
    assert relations(lines) == parts(case["expected"]), case["why"]


@pytest.mark.parametrize("case", rows("title_relations.jsonl"), ids=lambda c: c["why"])
def test_relations_of_a_document(case: dict) -> None:
    found = set(relations(case["lines"]))
    assert set(case.get("includes", ())) <= found
    assert not set(case.get("excludes", ())) & found
    assert "only" not in case or found == set(case["only"])


def test_every_relation_of_the_table_has_a_trigger_where_words_decided_it() -> None:
    for case in rows("relation.csv"):
        lines = "\n".join(PLACES[case["place"]]).format(case["sentence"]).split("\n")
        for r in read_record(Source("a.txt", "\n".join(lines), "utf-8")).passages[0].references:
            assert r.trigger or r.relation == "cites", case["sentence"]
            assert r.scope == ("partial" if case["why"].startswith("a partial") else "whole")


@pytest.mark.parametrize(("left", "right", "preamble", "expected"), [
    ("为贯彻落实", "，制定本方案", True, "implements"), ("为贯彻落实", "，制定本方案", False, "cites"), ("根据", "，制定本办法", True, "based_on"),
    ("根据◆、", "，制定本办法", True, "based_on"), ("根据◆，加快建设，对照", "要求", True, "cites"), ("", "", True, "cites"),
])
def test_decide_reads_the_words_left_and_right(left: str, right: str, preamble: bool, expected: str) -> None:
    assert decide(Context(left, right, preamble=preamble, retells=False, reply=False, quoted=True), "甲办法")[0] == expected
    assert decide(Context(left, right, preamble=preamble, retells=True, reply=False, quoted=True), "甲办法")[0] == "cites"
