"""Draws one thing's neighbourhood as one HTML file: a store and a match go in, a page that needs no network comes out."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Store

from kg.errors import PolicyKgError
from kg.graph.namespaces import CLASS_IRI
from kg.graph.ontology import labels
from kg.lookup import Match
from kg.neighbourhood import WEIGHT, neighbourhood
from kg.placement import bends, positions
from kg.show import card, references, relation_words

if TYPE_CHECKING:
    import networkx

# Relation → colour and dash; red tones end a document's force, blue and green carry it, grey is a mention.
EDGE_STYLE: dict[str, tuple[str, list[int] | bool]] = {
    "repeals": ("#c92a2a", False), "replaces": ("#e64980", False), "supersedes": ("#862e2e", False), "amends": ("#e8590c", False),
    "based_on": ("#1c64d9", False), "implements": ("#0b8a52", False), "interprets": ("#7048e8", False), "forwards": ("#0c8599", False),
    "responds_to": ("#5c7a00", False), "calls_for_revision": ("#b8860b", [8, 4]), "cites": ("#8b96a3", [3, 4]),
    "issuer": ("#b9c0c9", [1, 4]), "jurisdiction": ("#b9c0c9", [1, 4]),
}
OTHER_EDGES = {"issuer": "发文机关 issuer", "jurisdiction": "地域 region"}
FONT = "'Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei','Source Han Sans SC',sans-serif"
LINE, LINES = 12, 3  # a label's characters a line and lines, before the number
TEMPLATES = Path(__file__).parent / "templates"


def page(store: Store, centre: Match, *, hops: int = 2, max_nodes: int = 120) -> str:
    """The HTML. The same graph gives the same page; nothing is read from the network, nothing is written to disk."""
    graph = neighbourhood(store, centre, hops=hops, max_nodes=max_nodes)
    return render(graph, centre, details(store, graph))


def details(store: Store, graph: "networkx.MultiDiGraph") -> dict[str, Any]:
    """What the page says of each node and each edge once it is clicked: title, number, dates, sentences with file and line."""
    nodes: dict[str, Any] = {}
    said: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for iri, data in graph.nodes(data=True):
        nodes[iri] = {"hop": data["hop"], **_facts(store, data["match"])}
        if data["match"].kind == "document":
            for reference in references(store, iri, outgoing=True):
                other, relation = reference.pop("other"), reference.pop("relation")
                if other in graph:
                    said.setdefault((iri, other, relation), []).append({k: v for k, v in reference.items() if v not in (None, [])})
    edges = [{"id": n, "from": citing, "to": cited, "relation": data["relation"], "said": said.get((citing, cited, data["relation"]), [])}
             for n, (citing, cited, data) in enumerate(_edges(graph))]
    return {"nodes": nodes, "edges": edges}


def render(graph: "networkx.MultiDiGraph", centre: Match, known: dict[str, Any]) -> str:
    """The page of a network whose nodes carry `match` and `hop`; `known` is what `details` returns."""
    net = _pyvis_network()
    place = positions(graph, centre.iri, list(EDGE_STYLE))
    for iri, data in graph.nodes(data=True):
        x, y = place[iri]
        net.add_node(iri, x=x, y=y, physics=False, **_node_style(data["match"], data["hop"]))
    thick = 2.5 if len(known["edges"]) < 60 else 1.4
    for edge, bend in zip(known["edges"], bends([(e["from"], e["to"]) for e in known["edges"]], place), strict=True):
        colour, dash = EDGE_STYLE[edge["relation"]]
        net.add_edge(edge["from"], edge["to"], id=edge["id"], color=colour, dashes=dash, width=thick if WEIGHT.get(edge["relation"], 0) > 2 else 1.2,
                     title=_words(edge["relation"]), relation=edge["relation"],
                     smooth={"enabled": True, "type": bend[0], "roundness": bend[1]} if bend else False)
    present = [r for r in EDGE_STYLE if any(e["relation"] == r for e in known["edges"])]
    net.templateEnv.globals.update(
        centre=centre.iri, page_title=centre.label, known=known, left_out=graph.graph.get("left_out", 0),
        relations=[{"name": r, "words": _words(r), "colour": EDGE_STYLE[r][0], "dashed": bool(EDGE_STYLE[r][1])} for r in present],
        kinds=[k for k in ("document", "cited", "agency", "region") if k in {_kind(d["match"]) for _, d in graph.nodes(data=True)}],
        font=FONT,
    )
    return net.generate_html()


def _pyvis_network() -> Any:
    """A pyvis network that renders our own page: pyvis' template loads Bootstrap from the network and prints its heading twice."""
    try:
        from jinja2 import ChoiceLoader, Environment, FileSystemLoader
        from pyvis.network import Network
    except ImportError as e:
        raise PolicyKgError(f"page: {e.name} is missing; install it with: pip install pyvis") from e
    net = Network(directed=True, cdn_resources="in_line", height="100%", width="100%")
    net.templateEnv = Environment(loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(net.template_dir)]), autoescape=True)
    net.path = "page.html"
    net.set_options("""{"physics": {"enabled": false}, "layout": {"improvedLayout": false},
      "interaction": {"hover": true, "tooltipDelay": 150, "keyboard": {"enabled": true, "bindToWindow": false}, "multiselect": false},
      "edges": {"arrows": {"to": {"enabled": true, "scaleFactor": 0.6}},
                "selectionWidth": 2, "hoverWidth": 1},
      "nodes": {"scaling": {"label": {"drawThreshold": 2}}, "margin": 8, "borderWidth": 1.5, "borderWidthSelected": 3}}""")
    return net


def _facts(store: Store, match: Match) -> dict[str, Any]:
    record = card(store, match)
    facts: dict[str, Any] = {"kind": _kind(match), "title": match.label, "iri": match.iri}
    if match.kind == "document":
        level = record["effect_level"]
        facts |= {
            "number": "、".join(record["numbers"]), "issuers": "、".join(i["name"] for i in record["issuers"]),
            "level": f"{labels('zh').get(CLASS_IRI[level], '')} {level}".strip() if level else None, "type": record["document_type"],
            "issued": record["issued"], "effective": record["effective"], "expires": record["expires"],
            "region": record["jurisdiction"]["name"] if record["jurisdiction"] else None,
            "printed": [f"{p['file']}:{p['start_line']}–{p['end_line']}" for p in record["printed_in"]],
            "sources": [url for url in record["sources"] if url.startswith(("http://", "https://"))],
            "also": record["alternative_titles"],
        }
    else:
        facts |= {"also": record["other_names"], "code": record.get("code")}
    return {k: v for k, v in facts.items() if v not in (None, "", [])}


def _kind(match: Match) -> str:
    return "cited" if match.kind == "document" and not match.in_corpus else match.kind


def _node_style(match: Match, hop: int) -> dict[str, Any]:
    kind = _kind(match)
    fill, border, ink = {"document": ("#e7f0ff", "#2b5fc7", "#14233f"), "cited": ("#ffffff", "#8b96a3", "#3c4650"),
                         "agency": ("#fff4d6", "#c58a00", "#4a3500"), "region": ("#e3f6ea", "#2f9e5c", "#123d24")}[kind]
    if hop == 0:
        fill, border, ink = "#1b3a78", "#0d2350", "#ffffff" if kind != "region" else "#123d24"  # a hexagon's label is below it
    size = 17 if hop == 0 else 14
    style = {
        "label": label(match), "title": match.label, "shape": {"agency": "ellipse", "region": "hexagon"}.get(kind, "box"),
        "color": {"background": fill, "border": border, "highlight": {"background": fill if hop == 0 else "#ffe8a3", "border": "#d9480f"},
                  "hover": {"background": fill, "border": "#d9480f"}},
        "font": {"color": ink, "size": size, "face": FONT, "align": "center", "multi": "html",
                 "mono": {"size": size + 5, "face": FONT, "color": ink},
                 "ital": {"size": size - 2, "face": FONT, "color": "#c5d4f2" if hop == 0 else "#5b6775", "mod": ""}},
        "shapeProperties": {"borderDashes": [5, 4] if kind == "cited" else False, "borderRadius": 5},
    }
    return style | ({"size": 16} if kind == "region" else {})


def label(match: Match) -> str:
    """A title cut to what fits a box, with the number below it, in the mark-up of vis' labels.

    The empty `<code>`, set in a larger size, opens up the lines: vis has no line height, and Chinese characters would touch.
    """
    text = match.label
    if len(text) > LINE * LINES:
        text = f"{text[:LINE * LINES - 1]}…"
    count = max(1, math.ceil(len(text) / LINE))
    width = math.ceil(len(text) / count)  # lines of one length, not a last line of one character
    lines = [f"{_marked(text[i:i + width])}<code> </code>" for i in range(0, len(text), width)]
    below = match.number if match.number != match.label else None
    if match.kind == "document" and (below or match.issued):
        below = below or match.issued or ""
        lines.append(f"<i>{_marked(below if len(below) <= 16 else f'{below[:15]}…')}</i><code> </code>")
    return "\n".join(lines)


def _marked(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _words(relation: str) -> str:
    return OTHER_EDGES.get(relation) or relation_words(relation)


def _edges(graph: "networkx.MultiDiGraph") -> list[tuple[str, str, dict[str, Any]]]:
    return sorted(graph.edges(data=True), key=lambda e: (e[0], e[1], e[2]["relation"]))
