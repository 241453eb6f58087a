"""A family over time: who is in it and who is not, no end of it in a circle, the tree, and the timeline in a browser."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Store
from test_status import BASE, Graph

from kg.errors import UsageError
from kg.lineage import Lineage, lineage, timeline, written

HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">@DATA@ \' "&amp;'


@pytest.fixture
def family() -> Graph:
    """Four editions one after the other, an amendment of the second, a stranger that the same decision amends, two merged into one."""
    graph = Graph()
    for number, year in enumerate((1980, 1990, 2000, 2010), 1):
        graph.document(f"甲条例{number}", title="甲条例", issued=f"{year}-01-01", effective=f"{year}-03-01", read=number > 1)
    for earlier, later, year, relation in ((1, 2, 1990, "repeals"), (2, 3, 2000, "replaces"), (3, 4, 2010, "repeals")):
        graph.says(f"甲条例{later}", relation, f"甲条例{earlier}", on=f"{year}-03-01", sentence=f"《甲条例》同时废止。\n\n第{later}版", quote="《甲条例》")
    graph.document("乙办法", issued="1985-01-01", effective="1985-01-01")
    graph.says("甲条例4", "repeals", "乙办法", on="2010-03-01")
    graph.document("修改决定", title="关于修改部分法规的决定", issued="1995-06-01")
    graph.document("丙规定", issued="1986-01-01")
    for target in ("甲条例2", "丙规定"):
        graph.says("修改决定", "amends", target, on="1995-06-01", sentence="第一次修正")
    graph.document("丁通知", issued="2005-01-01")
    graph.says("丁通知", "amends", "甲条例3", on="2005-01-01", scope="partial", provision="第九条")
    return graph


def names(found: Lineage, role: str) -> list[str]:
    return sorted(m.iri.removeprefix(BASE) for m in found.members if m.role == role)


def test_the_whole_family_back_and_forward(family: Graph) -> None:
    found = lineage(family.store, "甲条例", edition="1990-01-01")
    assert (names(found, "root"), names(found, "earlier"), names(found, "later")) == (["甲条例2"], ["甲条例1"], ["甲条例3", "甲条例4"])
    assert names(found, "amending") == ["丁通知", "修改决定"]
    assert [m.generation for m in found.members if m.role in ("earlier", "root", "later")] == [-1, 0, 1, 2]
    assert {(m.begins, m.ends) for m in found.members if m.title == "甲条例"} == {
        ("1980-03-01", "1990-03-01"), ("1990-03-01", "2000-03-01"), ("2000-03-01", "2010-03-01"), ("2010-03-01", None)}
    assert "丙规定" not in str(found.members) and "乙办法" not in str(found.members)  # what else the same documents end or amend is no kin
    assert [e.on for e in found.events] == sorted(e.on or "" for e in found.events)


def test_several_editions_of_one_family_give_the_latest(family: Graph) -> None:
    found = lineage(family.store, "《甲条例》")
    assert found.root == f"{BASE}甲条例4"
    assert names(found, "earlier") == ["乙办法", "甲条例1", "甲条例2", "甲条例3"]


def test_an_amending_decision_shows_what_it_amends(family: Graph) -> None:
    found = lineage(family.store, "关于修改部分法规的决定")
    assert names(found, "amended") == ["丙规定", "甲条例2"]
    assert not names(found, "earlier") + names(found, "later")


def test_a_circle_ends(family: Graph) -> None:
    family.says("甲条例1", "repeals", "甲条例4", on="2020-01-01")
    for number in (1, 2, 3, 4):
        found = lineage(family.store, f"{BASE}甲条例{number}")
        assert len([m for m in found.members if m.title == "甲条例"]) == 4
        assert written(found, "tree")


def test_strangers_of_one_title_are_not_mixed(family: Graph) -> None:
    family.document("他处的甲条例", title="甲条例", issued="2015-01-01")
    with pytest.raises(UsageError, match="--edition"):
        lineage(family.store, "甲条例")
    assert lineage(family.store, "甲条例", edition="2015-01-01").root == f"{BASE}他处的甲条例"


@pytest.mark.parametrize(("what", "edition"), [("无此文件", None), ("甲条例", "1970-01-01"), ("https://w3id.org/policy-kg/id/document/无", None)])
def test_nothing_found_is_said(family: Graph, what: str, edition: str | None) -> None:
    with pytest.raises(UsageError, match="nothing in the graph"):
        lineage(family.store, what, edition=edition)


def test_the_tree_names_days_relations_and_places(family: Graph) -> None:
    text = written(lineage(family.store, "甲条例", edition="2000-01-01"), "tree").decode()
    lines = [line.rstrip() for line in text.splitlines()]
    assert lines[0].startswith("甲条例  2000-01-01")
    for wanted in ("2010-03-01  废止 repeals  甲条例  2010-01-01", "2000-03-01  代替 replaces  甲条例  1990-01-01", "第九条", "部分 in part"):
        assert any(wanted in line for line in lines), wanted
    deep = {line.split("甲条例")[0].count("│") + line.split("甲条例")[0].count("    ") for line in lines if "甲条例" in line}
    assert len(deep) > 2, "what is two steps away stands two steps in"


def test_json_holds_every_sentence(family: Graph) -> None:
    data = json.loads(written(lineage(family.store, "甲条例"), "json"))
    assert set(data) == {"root", "members", "events"}
    assert all(set(e) == {"relation", "by", "of", "on", "scope", "certain", "said"} for e in data["events"])
    assert any("第2版" in said["sentence"] for e in data["events"] for said in e["said"])


def test_the_same_each_time_and_nothing_points_to_the_network(family: Graph) -> None:
    other = Store()
    for quad in reversed(list(family.store)):
        other.add(quad)
    page = timeline(lineage(family.store, "甲条例"))
    assert page == timeline(lineage(other, "甲条例"))
    assert not re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href=\"(?!data:)|@import|url\(", page)
    assert "default-src 'none'" in page


def opened(browser: Any, page: str, folder: Path) -> Any:
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    browser.get("about:blank")  # the browser's own first page is still loading when it starts
    for log in ("performance", "browser"):
        browser.get_log(log)
    browser.get(path.as_uri())
    return browser


@pytest.mark.slow
def test_the_timeline_shows_bars_marks_and_words(family: Graph, chromium: Any, tmp_path: Path) -> None:
    browser = opened(chromium, timeline(lineage(family.store, "甲条例")), tmp_path)
    assert browser.title == "甲条例"
    assert len(browser.find_elements("css selector", ".bar")) == 5
    lefts = [bar.rect["x"] for bar in browser.find_elements("css selector", ".bar")]
    assert lefts == sorted(lefts)
    browser.execute_script("document.querySelector('.mark.end').click()")
    panel = browser.find_element("id", "panel").text
    assert "《甲条例》同时废止。" in panel and "1990-03-01" in panel
    browser.execute_script("document.querySelectorAll('.name')[1].click()")
    assert "1985-01-01" in browser.find_element("id", "panel").text
    boxes = [e.rect for e in browser.find_elements("css selector", ".name")]
    chart = browser.find_element("css selector", "main").rect
    assert all(b["x"] >= chart["x"] and b["x"] + b["width"] <= chart["x"] + chart["width"] + 1 for b in boxes), "no name leaves the chart"
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    sent = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = {m["params"]["request"]["url"] for m in sent if m["method"] == "Network.requestWillBeSent"}
    assert {url.split(":")[0] for url in urls} <= {"file", "data"}


@pytest.mark.slow
def test_titles_and_sentences_are_text_and_not_markup(chromium: Any, tmp_path: Path) -> None:
    graph = Graph()
    graph.document("新", title=f"新{HOSTILE}", issued="2010-01-01", effective="2010-03-01")
    graph.document("旧", title=f"旧{HOSTILE}", issued="2000-01-01", effective="2000-01-01")
    graph.says("新", "repeals", "旧", on="2010-03-01", sentence=HOSTILE, quote=HOSTILE, provision=HOSTILE)
    browser = opened(chromium, timeline(lineage(graph.store, f"{BASE}新")), tmp_path)
    browser.execute_script("document.querySelector('.mark').click()")
    assert HOSTILE in browser.find_element("id", "panel").text
    assert browser.execute_script("return window.hacked") is None
    assert not browser.find_elements("css selector", "img")


@pytest.mark.slow
def test_a_family_without_days_is_drawn(chromium: Any, tmp_path: Path) -> None:
    graph = Graph()
    graph.document("新")
    graph.document("旧", read=False)
    graph.says("新", "repeals", "旧")
    browser = opened(chromium, timeline(lineage(graph.store, "新")), tmp_path)
    assert len(browser.find_elements("css selector", ".bar")) == 2
    assert "日期不明" in browser.find_element("id", "panel").text
    assert not [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]


def test_the_command_writes_all_three(policies: Path, run_kg: Callable[..., Any], tmp_path: Path) -> None:
    tree = run_kg("lineage", "国务院令第156号", "--graph", policies)
    assert tree.returncode == 0 and "中华人民共和国市场主体登记管理条例" in tree.stdout and "2022-03-01" in tree.stdout
    data = json.loads(run_kg("lineage", "国务院令第156号", "--graph", policies, "--format", "json").stdout)
    assert len(data["events"]) == 1
    done = run_kg("lineage", "国务院令第156号", "--graph", policies, "--format", "html", "--out", tmp_path / "line.html")
    assert (done.returncode, done.stdout) == (0, "") and (tmp_path / "line.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert run_kg("lineage", "无此文件", "--graph", policies).returncode == 2
