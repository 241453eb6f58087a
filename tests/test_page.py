"""The page: it opens from disk with no network, shows the documents, says each edge's sentence, and takes titles for text."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.graph.namespaces import DCTERMS, PKG
from kg.lookup import find
from kg.neighbourhood import neighbourhood
from kg.page import EDGE_STYLE, LINE, label, page
from kg.placement import CELL, bends, curve, positions

NUMBER = "国办发〔2024〕39号"
HOSTILE = '</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">{{ 7*7 }}\' "&amp;'


def star(count: int) -> Store:
    """One document that `count` others cite."""
    store = Store()
    for n in range(count + 1):
        node = NamedNode(f"https://w3id.org/policy-kg/id/document/{n}")
        for predicate, value in ((PKG.inCorpus, Literal(n % 3 > 0)), (DCTERMS.title, Literal(f"关于第{n}号事项的通知")), (DCTERMS.issued, Literal(f"20{n % 20:02}-01-01"))):
            store.add(Quad(node, NamedNode(predicate), value))
        if n:
            relation = PKG.basedOn if n % 5 == 0 else PKG.cites
            store.add(Quad(node, NamedNode(relation), NamedNode("https://w3id.org/policy-kg/id/document/0")))
            store.add(Quad(node, NamedNode(PKG.cites), NamedNode("https://w3id.org/policy-kg/id/document/0")))
    return store


def test_neighbourhood_takes_what_matters_and_every_edge_between(store: Store) -> None:
    graph = neighbourhood(store, find(store, NUMBER)[0])
    edges = {(graph.nodes[a]["match"].number, graph.nodes[b]["match"].label, d["relation"]) for a, b, d in graph.edges(data=True)}
    assert (NUMBER, "固定资产投资项目节能审查办法", "calls_for_revision") in edges
    assert (NUMBER, "国务院办公厅", "issuer") in edges
    assert ("国家发展和改革委员会令第2号", "固定资产投资项目节能审查办法", "repeals") in edges  # two hops away
    assert not [e for e in edges if e[:2] == (NUMBER, "固定资产投资项目节能审查办法") and e[2] == "cites"]  # only the most specific


def test_neighbourhood_is_bounded_and_says_what_it_leaves_out() -> None:
    store = star(300)
    centre = find(store, "关于第0号事项的通知")[0]
    graph = neighbourhood(store, centre, max_nodes=50)
    assert len(graph) == 50
    assert graph.graph["left_out"] == 300 - 49
    relations = [d["relation"] for _, _, d in graph.edges(data=True)]
    assert relations.count("based_on") == 49  # the stronger relation first
    assert len(neighbourhood(store, centre, max_nodes=1)) == 1


def test_one_hop_is_one_hop(store: Store) -> None:
    graph = neighbourhood(store, find(store, NUMBER)[0], hops=1)
    assert {d["hop"] for _, d in graph.nodes(data=True)} == {0, 1}


@pytest.mark.parametrize("count", [0, 1, 2, 9, 40, 119])
def test_no_two_boxes_overlap(count: int) -> None:
    store = star(count)
    centre = find(store, "关于第0号事项的通知")[0]
    graph = neighbourhood(store, centre)
    place = positions(graph, centre.iri, list(EDGE_STYLE))
    assert set(place) == set(graph.nodes)
    assert place[centre.iri] == (0, 0)
    spots = sorted(place.values())
    close = [(a, b) for i, a in enumerate(spots) for b in spots[:i] if abs(a[0] - b[0]) < CELL[0] - 12 and abs(a[1] - b[1]) < CELL[1] - 12]
    assert not close


def test_an_edge_is_led_round_a_box_that_stands_in_its_way() -> None:
    place = {"a": (-500, 0), "b": (500, 0), "between": (0, 0), "aside": (0, 600)}
    (bend,) = bends([("a", "b")], place)
    assert bend is not None
    assert all(abs(y) > CELL[1] / 2 - 4 for x, y in curve(place["a"], place["b"], bend) if abs(x) < CELL[0] / 2 - 8)
    assert bends([("a", "aside")], place) == [None]


def test_several_edges_between_two_boxes_do_not_lie_on_each_other() -> None:
    place = {"a": (-300, 40), "b": (300, 10)}
    pairs = [("a", "b"), ("a", "b"), ("b", "a"), ("b", "a")]
    middles = [curve(place[a], place[b], bend)[12] for (a, b), bend in zip(pairs, bends(pairs, place), strict=True)]
    assert min(abs(p[1] - q[1]) for i, p in enumerate(middles) for q in middles[:i]) > 10


def test_the_same_page_each_time(store: Store, ntriples: bytes) -> None:
    other = Store()
    for line in reversed(ntriples.splitlines(keepends=True)):
        other.load(line, pyoxigraph.RdfFormat.N_TRIPLES)
    assert page(store, find(store, NUMBER)[0]) == page(other, find(other, NUMBER)[0])


def test_nothing_points_to_the_network_and_nothing_is_written(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    html = page(store, find(store, NUMBER)[0])
    assert not list(tmp_path.iterdir())
    assert not re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href=\"(?!data:)|@import|url\(\s*[\"']?(?!data:)[a-z/]", html.replace("#mynetwork", ""))
    assert html.count("<h1>") == 1
    assert "bootstrap" not in html


@pytest.mark.parametrize("title", ["一", "关于" * 40, "中华人民共和国节约能源法", "A&B<C>"])
def test_labels_fit_their_box(store: Store, title: str) -> None:
    from dataclasses import replace

    lines = label(replace(find(store, NUMBER)[0], label=title)).split("\n")
    assert len(lines) <= 4
    shown = [re.sub(r"</?(?:code|i)>", "", line).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").strip() for line in lines]
    assert all(len(line) <= LINE for line in shown)
    assert shown[-1] == NUMBER


def opened(browser: Any, html: str, folder: Path) -> Any:
    """The page, opened from disk, with the logs of what came before thrown away."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    browser.get("about:blank")
    for kind in ("performance", "browser"):
        browser.get_log(kind)
    browser.get(path.as_uri())
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not browser.execute_script("return document.readyState === 'complete' && !!document.querySelector('#panel h2')"):
        time.sleep(0.05)
    time.sleep(0.4)  # the canvas is drawn in the frames that follow
    return browser


def requests(browser: Any) -> list[str]:
    events = (json.loads(entry["message"])["message"] for entry in browser.get_log("performance"))
    urls = [e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"]
    return [url for url in urls if not url.startswith(("file:", "data:"))]


PAINTED = """const c = document.querySelector('canvas'), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();
let painted = 0;
for (let i = 0; i < d.length; i += 4) if (d[i + 3] && !(d[i] > 250 && d[i + 1] > 250 && d[i + 2] > 250)) { painted++; seen.add(d[i] + ',' + d[i + 1] + ',' + d[i + 2]); }
return [painted / (d.length / 4), seen.size];"""


def click_on_canvas(browser: Any, point: dict[str, float]) -> None:
    for kind in ("mousePressed", "mouseReleased"):
        browser.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, "x": point["x"], "y": point["y"], "button": "left", "clickCount": 1})
    time.sleep(0.6)  # vis waits to see whether it is a double click


NODE_AT = """const id = Object.keys(known.nodes).find(i => known.nodes[i].number === arguments[0]), r = container.getBoundingClientRect();
const p = network.canvasToDOM(network.getPosition(id)); return {x: p.x + r.left, y: p.y + r.top};"""


@pytest.mark.slow
def test_opens_from_disk_without_network_or_errors(chromium: Any, store: Store, tmp_path: Path) -> None:
    browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
    share, colours = browser.execute_script(PAINTED)
    assert share > 0.02
    assert colours > 20
    assert browser.execute_script("return network.getScale()") > 0.3
    inside = browser.execute_script("""return Object.keys(known.nodes).filter(id => { const p = network.canvasToDOM(network.getPosition(id));
        return p.x > 0 && p.y > 0 && p.x < container.clientWidth && p.y < container.clientHeight }).length""")
    assert inside == browser.execute_script("return Object.keys(known.nodes).length")
    assert requests(browser) == []
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_a_click_on_a_node_or_an_edge_tells_of_it(chromium: Any, store: Store, tmp_path: Path) -> None:
    browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
    click_on_canvas(browser, browser.execute_script(NODE_AT, "国家发展和改革委员会令第2号"))
    text = browser.execute_script("return panel.innerText")
    for expected in ("固定资产投资项目节能审查办法", "国家发展和改革委员会令第2号", "2023-03-28", "2023-06-01", "bulletins/2023-04.txt:4–88"):
        assert expected in text
    half_way = browser.execute_script("""const e = known.edges.find(e => e.relation === 'calls_for_revision' && known.nodes[e.to].number === '国家发展和改革委员会令第2号');
        const a = network.body.edges[e.id].edgeType.getPoint(0.5), p = network.canvasToDOM(a), r = container.getBoundingClientRect();
        return {x: p.x + r.left, y: p.y + r.top};""")
    click_on_canvas(browser, half_way)
    text = browser.execute_script("return panel.innerText")
    assert "修订《固定资产投资项目节能审查办法》，增加碳排放评价。" in text
    assert "bulletins/2024-08.txt:66" in text
    assert browser.execute_script("return panel.querySelector('mark').innerText") == "《固定资产投资项目节能审查办法》"
    assert browser.get_log("browser") == []


@pytest.mark.slow
def test_edges_run_where_they_were_led(chromium: Any, store: Store, tmp_path: Path) -> None:
    """The curve that is computed here and the one that the browser draws are the same; none runs under the centre's box."""
    browser = opened(chromium, page(store, find(store, "国家发展和改革委员会令第2号")[0]), tmp_path)
    drawn = browser.execute_script("""return known.edges.map(e => { const b = network.body.edges[e.id], s = edges.get(e.id).smooth, c = network.getBoundingBox(centre);
        const points = [0.25, 0.5, 0.75].map(t => b.edgeType.getPoint(t));
        return {from: network.getPosition(e.from), to: network.getPosition(e.to), bend: s ? [s.type, s.roundness] : null, points,
                under: e.from !== centre && e.to !== centre && points.some(p => p.x > c.left && p.x < c.right && p.y > c.top && p.y < c.bottom)}; });""")
    assert any(edge["bend"] for edge in drawn)
    for edge in drawn:
        computed = curve((edge["from"]["x"], edge["from"]["y"]), (edge["to"]["x"], edge["to"]["y"]), edge["bend"])
        for point, (x, y) in zip(edge["points"], (computed[6], computed[12], computed[18]), strict=True):
            assert abs(point["x"] - x) < 1 and abs(point["y"] - y) < 1
        assert not edge["under"]


@pytest.mark.slow
def test_works_from_the_keyboard(chromium: Any, store: Store, tmp_path: Path) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
    browser.execute_script("panel.querySelector('li button').focus()")
    ActionChains(browser).send_keys(Keys.ENTER).perform()
    assert browser.execute_script("return panel.querySelector('blockquote').innerText").startswith("为贯彻落实")
    ActionChains(browser).send_keys(Keys.ESCAPE).perform()
    assert browser.execute_script("return panel.querySelector('h2').innerText") == browser.execute_script("return known.nodes[centre].title")
    browser.execute_script("search.focus()")
    ActionChains(browser).send_keys("2030年前" + Keys.ENTER).perform()
    assert browser.execute_script("return panel.querySelector('h2').innerText") == "2030年前碳达峰行动方案"


@pytest.mark.slow
def test_the_legend_hides_a_relation(chromium: Any, store: Store, tmp_path: Path) -> None:
    browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
    before = browser.execute_script("return shown.length")
    browser.execute_script("document.querySelector('[data-relation=implements]').click()")
    assert browser.execute_script("return shown.length") == before - len([1 for e in browser.execute_script("return known.edges") if e["relation"] == "implements"])
    assert browser.execute_script("return shown.length") < before


@pytest.mark.slow
def test_titles_are_text_not_programs(chromium: Any, ntriples: bytes, tmp_path: Path) -> None:
    store = Store()
    store.load(ntriples, pyoxigraph.RdfFormat.N_TRIPLES)
    for number, predicate in ((NUMBER, DCTERMS.title), ("国发〔2021〕23号", DCTERMS.title)):
        document = NamedNode(find(store, number)[0].iri)
        store.remove(next(store.quads_for_pattern(document, NamedNode(predicate), None)))
        store.add(Quad(document, NamedNode(predicate), Literal(HOSTILE)))
    document = NamedNode(find(store, NUMBER)[0].iri)
    store.add(Quad(document, NamedNode(DCTERMS.source), Literal("javascript:window.hacked=1")))
    browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
    assert browser.execute_script("return window.hacked") is None
    assert browser.execute_script("return document.querySelector('h1').textContent") == HOSTILE
    assert browser.execute_script("return document.querySelectorAll('a[href^=javascript]').length") == 0
    click_on_canvas(browser, browser.execute_script(NODE_AT, "国发〔2021〕23号"))
    assert browser.execute_script("return panel.querySelector('h2').textContent") == HOSTILE
    assert browser.execute_script("return window.hacked") is None
    assert requests(browser) == []


@pytest.mark.slow
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (400, 780)])
def test_nothing_runs_off_the_screen(chromium: Any, store: Store, tmp_path: Path, width: int, height: int) -> None:
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})
    try:
        browser = opened(chromium, page(store, find(store, NUMBER)[0]), tmp_path)
        assert browser.execute_script("return [document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == [width, height]
        assert browser.execute_script("return container.clientHeight") > height * 0.35
        assert browser.execute_script("return panel.clientWidth") > 300
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@pytest.mark.slow
@pytest.mark.parametrize("what", ["生态环境部", "河南省", "国务院令第156号"])
def test_agencies_regions_and_cited_documents_have_pages(chromium: Any, store: Store, tmp_path: Path, what: str) -> None:
    browser = opened(chromium, page(store, find(store, what)[0]), tmp_path)
    assert browser.execute_script(PAINTED)[0] > 0.005
    assert browser.execute_script("return panel.querySelectorAll('li button').length") > 0
    assert browser.get_log("browser") == []


@pytest.fixture(scope="module")
def compilations(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Store:
    from kg.build import build
    from kg.graph.store import open_graph

    directory = tmp_path_factory.mktemp("compilations") / "graph"
    build([shared / "corpus" / "seeds"], directory)
    return open_graph(directory)


@pytest.mark.slow
@pytest.mark.corpus
@pytest.mark.parametrize("number", [NUMBER, "工信部联企业〔2018〕248号"])
def test_pages_of_real_compilations(chromium: Any, compilations: Store, tmp_path: Path, number: str) -> None:
    (match,) = find(compilations, number)
    browser = opened(chromium, page(compilations, match), tmp_path)
    assert browser.execute_script(PAINTED)[0] > 0.02
    assert browser.execute_script("return Object.values(known.nodes).filter(n => n.kind === 'document' || n.kind === 'cited').length") > 1
    assert browser.execute_script("return known.edges.filter(e => e.relation !== 'issuer').every(e => e.said.length > 0)")
    assert requests(browser) == []
    assert browser.get_log("browser") == []
