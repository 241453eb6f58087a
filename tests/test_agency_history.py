"""The graph tells what a body was called before and after, so that a question by today's name finds what its predecessors issued."""

from pathlib import Path

import pytest

from kg.agencies import changes
from kg.build import build
from kg.graph.agency_history import change_events, lifetime
from kg.graph.check import check_graph
from kg.graph.ontology import ontology_path
from kg.graph.store import open_graph
from kg.lookup import find
from kg.regions import former_names, region
from kg.show import card

QUERY = (ontology_path() / "queries" / "03-issued-by-agency-and-predecessors.rq").read_text(encoding="utf-8")
TEXT = """{title}

（{day} {number}公布）

第一条 为了规范管理，制定本办法。

第二条 本办法自公布之日起施行。
"""
DOCUMENTS = [
    ("网络交易管理办法", "2014年1月26日", "国家工商行政管理总局令第60号"),
    ("食品召回管理办法", "2015年3月11日", "国家食品药品监督管理总局令第12号"),
    ("药品行政保护条例实施细则", "2000年10月24日", "国家药品监督管理局令第25号"),
    ("中国人民银行行政复议办法", "2001年2月1日", "中国人民银行令2001年第4号"),
]


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    for title, day, number in DOCUMENTS:
        (folder / f"{title}.txt").write_text(TEXT.format(title=title, day=day, number=number), encoding="utf-8")
    build([folder], folder.parent / "graph-of-history", jobs=1)
    return folder.parent / "graph-of-history"


@pytest.mark.parametrize(("asked", "titles"), [
    ("国家市场监督管理总局", {"网络交易管理办法", "食品召回管理办法", "药品行政保护条例实施细则"}),
    ("市场监管总局", {"网络交易管理办法", "食品召回管理办法", "药品行政保护条例实施细则"}),
    ("国家药品监督管理局", {"食品召回管理办法", "药品行政保护条例实施细则"}),
    ("国家工商行政管理总局", {"网络交易管理办法"}),
    ("国家金融监督管理总局", set()),  # the People's Bank gave it duties and goes on: it is no predecessor
])
def test_todays_name_finds_what_predecessors_issued(graph: Path, asked: str, titles: set[str]) -> None:
    store = open_graph(graph)
    assert {row["title"].value for row in store.query(QUERY.replace("生态环境部", asked))} == titles


def test_the_card_lists_predecessors_and_what_they_issued(graph: Path) -> None:
    store = open_graph(graph)
    (match,) = find(store, "国家市场监督管理总局")
    record = card(store, match)
    assert {p["name"] for p in record["predecessors"]} == {"国家工商行政管理总局", "国家质量监督检验检疫总局", "国家食品药品监督管理总局"}
    issued = {row["name"]: [d["title"] for d in row["issued"]] for row in record["issued_by_predecessors"] if row["issued"]}
    assert issued == {"国家工商行政管理总局": ["网络交易管理办法"], "国家食品药品监督管理总局": ["食品召回管理办法"],
                      "国家药品监督管理局": ["药品行政保护条例实施细则"]}
    assert record["valid_from"] == "2018-03-17"


def test_the_graph_of_a_history_conforms(graph: Path) -> None:
    assert check_graph(graph).conforms


@pytest.mark.parametrize(("name", "event", "formers"), [
    ("生态环境部", "2018-03-17-生态环境部", ("环境保护部",)),
    ("国家环境保护总局", "2018-03-17-生态环境部", ("环境保护部",)),
    ("国家金融监督管理总局", "2018-03-17-中国银行保险监督管理委员会", ("中国银行业监督管理委员会", "中国保险监督管理委员会")),
])
def test_histories_lead_back_and_forward(name: str, event: str, formers: tuple[str, ...]) -> None:
    assert formers in [e.formers for e in change_events([name]) if e.name == event]


def test_histories_do_not_lead_to_siblings_or_to_bodies_that_go_on() -> None:
    assert "国家药品监督管理局" not in {e.successor for e in change_events(["国家质量监督检验检疫总局"])}
    assert not {f for e in change_events(["国家金融监督管理总局"]) for f in e.formers} & {"中国人民银行", "中国证券监督管理委员会"}
    assert any(c.former == "中国人民银行" for c in changes()), "the table has the change all the same"


def test_every_event_has_a_name_of_its_own() -> None:
    events = change_events({c.former for c in changes()})
    assert len({e.name for e in events}) == len(events) > 200
    assert all(e.label_zh and e.label_en for e in events)


@pytest.mark.parametrize(("name", "days"), [
    ("环境保护部", ("2008-03-15", "2018-03-17")), ("生态环境部", ("2018-03-17", None)), ("国家药品监督管理局", ("1998-03-10", None)),
    ("漯河市人民政府", (None, None)),
])
def test_lifetimes(name: str, days: tuple[str | None, str | None]) -> None:
    assert lifetime(name) == days


@pytest.mark.parametrize(("code", "former"), [("120110", ("东郊区", "东郊")), ("110101", ()), ("110103", ())])
def test_former_names_of_divisions(code: str, former: tuple[str, ...]) -> None:
    assert former_names(code) == former


def test_an_abolished_division_names_what_took_its_place(tmp_path: Path) -> None:
    assert region("110103").successors == ("110101",)
    (tmp_path / "a.txt").write_text("北京市崇文区人民政府关于加强绿化工作的通知\n\n崇政发〔2008〕12号\n\n各街道办事处：\n\n现就绿化工作通知如下。\n\n"
                                    "北京市崇文区人民政府\n2008年3月1日\n", encoding="utf-8")
    build([tmp_path / "a.txt"], tmp_path / "graph", jobs=1)
    store = open_graph(tmp_path / "graph")
    (match,) = [m for m in find(store, "崇文区") if m.kind == "region"]
    assert [s["name"] for s in card(store, match)["successors"]] == ["东城区"]
