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


def test_what_stands_below_a_name_changes_it_and_what_stands_in_its_column_is_replaced() -> None:
    changed = ["甲省人民政府关于修改部分规章的决定", "甲省人民政府令第9号", "一、修改下列规章", "（一）《节能监察办法》", "将第六条第二款修改为：“应当自受理之日起作出。”",
               "（二）《能源统计办法》", "第二十六条修改为：“由主管部门处罚。”", "二、保留下列规章", "（一）《采石管理办法》", "本决定自公布之日起施行。"]
    assert relations(changed) == ["amends 节能监察办法", "amends 能源统计办法", "cites 采石管理办法"]
    table = [*HEAD[:2], "现将批准的国家标准予以公布，自2019年7月1日起实施，请遵照执行。", *SIGNED, "|序号|标准编号|标准名称|代替标准号|", "|---|---|---|---|",
             "|1|GB/T 1576-2018|工业锅炉水质|GB/T 1576-2008|", "|2|GB/T 8163-2018|无缝钢管||", "|序号|标准编号|标准名称|修改单|", "|1|GB/T 27025-2018|实验室要求|GB/T 27025-2008|"]
    assert [r for r in relations(table) if r.startswith("replaces")] == ["replaces GB/T 1576-2008"]


def test_a_text_forwarded_is_another_documents_though_it_is_printed_below() -> None:
    lines = ["国务院批转国家发展改革委关于深化改革工作意见的通知", "国发〔2016〕21号", "各省、自治区、直辖市人民政府：",
             "国务院同意国家发展改革委《关于深化改革工作的意见》，现转发给你们，请认真贯彻执行。", "国务院", "2016年3月25日",
             "关于深化改革工作的意见", "国家发展改革委", "根据《政府工作部署要点》，现就深化改革工作提出以下意见。", "一、推进改革，抓好落实。"]
    assert relations(lines) == ["forwards 关于深化改革工作的意见", "based_on 政府工作部署要点"]


def test_what_a_clear_out_says_of_documents_that_stay() -> None:
    head = ["甲省人民政府关于公布规范性文件清理结果的公告", "甲政发〔2020〕9号", "各市人民政府：", "现将清理结果公布如下，请认真组织实施。"]
    listed = [*head, "一、下列文件予以废止：", "1.《采石管理办法》（甲政发〔1999〕12号）", "二、下列文件由起草部门抓紧修改后重新公布：", "1.《节能监察办法》（甲政发〔2001〕3号）",
              "2.《能源统计办法》（甲政发〔2002〕7号）", "三、下列文件继续有效，不再修改：", "1.《水资源管理办法》（甲政发〔2003〕8号）"]
    assert relations(listed) == ["repeals 甲政发〔1999〕12号", "calls_for_revision 甲政发〔2001〕3号", "calls_for_revision 甲政发〔2002〕7号", "cites 甲政发〔2003〕8号"]
    decided = [*head[:3], "一、对下列政府规章作出修改", "（一）《节能监察办法》", "1.将第九条修改为：“实行定点监察。”", "二、下列政府规章予以修改：《能源统计办法》等。"]
    assert not [r for r in relations(decided) if r.startswith("calls")]
    column = [*head, "|序号|文件名称|文号|清理结果|", "|1|节能监察办法|甲政发〔2001〕3号|拟修改|", "|2|能源统计办法|甲政发〔2002〕7号|继续有效|", "|3|采石管理办法|甲政发〔1999〕12号|废止|"]
    assert [r for r in relations(column) if not r.startswith("cites")] == ["calls_for_revision 甲政发〔2001〕3号", "repeals 甲政发〔1999〕12号"]
    annex = [*head, "附件2：需修改的规范性文件目录", "1.《节能监察办法》（甲政发〔2001〕3号）", "附件3：继续有效的规范性文件目录", "1.《水资源管理办法》（甲政发〔2003〕8号）"]
    assert relations(annex) == ["calls_for_revision 甲政发〔2001〕3号", "cites 甲政发〔2003〕8号"]


def test_a_list_of_documents_that_stay_in_force_for_longer() -> None:
    lines = ["甲省人民政府关于延长部分规范性文件有效期的通知", "甲政发〔2020〕10号", "各市人民政府：", "经研究，下列规范性文件有效期延长至2025年12月31日：",
             "1.《节能监察办法》（甲政发〔2001〕3号）", "2.《能源统计办法》（甲政发〔2002〕7号）", "请各地遵照执行《水资源管理办法》。"]
    assert relations(lines) == ["amends 甲政发〔2001〕3号", "amends 甲政发〔2002〕7号", "cites 水资源管理办法"]
    table = [*lines[:3], "部分规范性文件的有效期已经届满，现予延长，请遵照执行。", "|序号|文件名称|文号|有效期延长至|", "|1|节能监察办法|甲政发〔2001〕3号|2025年12月31日|", "|2|能源统计办法|甲政发〔2002〕7号|2026年12月31日|"]
    assert relations(table) == ["amends 甲政发〔2001〕3号", "amends 甲政发〔2002〕7号"]
