"""Chooses what is worth showing round one thing of the graph: a store and a match go in, a bounded network comes out."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from kg.graph.namespaces import PKG, RELATION_IRI, SUPER
from kg.lookup import Match, match_of, values
from kg.model import Relation

if TYPE_CHECKING:
    import networkx

# Strongest first: what changes the force of a document matters more than what it leans on, and that more than a mention.
WEIGHT: dict[str, int] = {
    "repeals": 9, "replaces": 9, "supersedes": 9, "amends": 8, "interprets": 7, "forwards": 7, "responds_to": 7, "based_on": 6,
    "implements": 6, "calls_for_revision": 5, "cites": 2,
}
SECOND_HOP_EACH = 6  # a law that everybody cites must not fill the page with strangers


def neighbourhood(store: Store, centre: Match, *, hops: int = 2, max_nodes: int = 120) -> "networkx.MultiDiGraph":
    """The centre and at most `max_nodes` - 1 things round it, the most relevant first; every edge between those chosen.

    Nodes carry `match` and `hop`; edges `relation`, one for each pair and relation, or `issuer` and `jurisdiction` from a document
    to an agency or region. `graph["left_out"]` counts the neighbours of the centre for which there was no room.
    """
    import networkx

    graph: networkx.MultiDiGraph = networkx.MultiDiGraph()
    graph.add_node(centre.iri, match=centre, hop=0)
    first = _ranked(_beside(store, centre), store)
    room = max_nodes - 1
    for match in first[:room]:
        graph.add_node(match.iri, match=match, hop=1)
    graph.graph["left_out"] = max(0, len(first) - room)
    if hops > 1:
        _add_second_hop(store, graph, first[:room], max_nodes)
    for iri, data in list(graph.nodes(data=True)):
        if data["match"].kind == "document":
            for other, relation in sorted(_outgoing(store, iri)):
                if other in graph:
                    graph.add_edge(iri, other, relation=relation)
    _add_bodies(store, graph, centre, max_nodes)
    return graph


def _add_second_hop(store: Store, graph: "networkx.MultiDiGraph", first: list[Match], max_nodes: int) -> None:
    score: Counter[str] = Counter()
    for match in first:
        if match.kind != "document":
            continue
        near: Counter[str] = Counter()
        for other, relation in _links(store, match.iri):
            if other not in graph:
                near[other] += WEIGHT[relation]
        for other, weight in sorted(near.items(), key=lambda item: (-item[1], item[0]))[:SECOND_HOP_EACH]:
            score[other] += weight
    for match in _ranked(score, store)[:max(0, max_nodes - len(graph))]:
        graph.add_node(match.iri, match=match, hop=2)


def _add_bodies(store: Store, graph: "networkx.MultiDiGraph", centre: Match, max_nodes: int) -> None:
    """The centre's issuers; or, where the centre is an agency or a region, the edges that tie its documents to it."""
    if centre.kind == "document":
        for agency in values(store, centre.iri, PKG.issuer)[:8]:
            match = match_of(store, agency)
            if match and (agency in graph or len(graph) < max_nodes):
                graph.add_node(agency, match=match, hop=1)
                graph.add_edge(centre.iri, agency, relation="issuer")
        return
    predicate, relation = (PKG.issuer, "issuer") if centre.kind == "agency" else (PKG.jurisdiction, "jurisdiction")
    for iri in list(graph.nodes):
        if iri != centre.iri and centre.iri in values(store, iri, predicate):
            graph.add_edge(iri, centre.iri, relation=relation)


def _beside(store: Store, centre: Match) -> Counter[str]:
    score: Counter[str] = Counter()
    if centre.kind == "document":
        for other, relation in _links(store, centre.iri):
            score[other] += WEIGHT[relation]
        return score
    predicate = PKG.issuer if centre.kind == "agency" else PKG.jurisdiction
    for quad in store.quads_for_pattern(None, NamedNode(predicate), NamedNode(centre.iri)):
        score[quad.subject.value] = 1
    for iri in score:
        score[iri] += sum(1 for _ in store.quads_for_pattern(NamedNode(iri), NamedNode(PKG.cites), None))
    return score


def _ranked(score: Counter[str], store: Store) -> list[Match]:
    """Highest score first; among equals, documents whose text was read, then the younger."""
    matches = [(weight, match) for iri, weight in score.items() if (match := match_of(store, iri))]
    by_name = sorted(matches, key=lambda found: found[1].iri)
    by_date = sorted(by_name, key=lambda found: found[1].issued or "", reverse=True)
    return [match for _, match in sorted(by_date, key=lambda found: (-found[0], found[1].in_corpus is False))]


def _links(store: Store, iri: str) -> Iterator[tuple[str, Relation]]:
    yield from _outgoing(store, iri)
    yield from _specific(store, iri, outgoing=False)


def _outgoing(store: Store, iri: str) -> Iterator[tuple[str, Relation]]:
    yield from _specific(store, iri, outgoing=True)


def _specific(store: Store, iri: str, *, outgoing: bool) -> Iterator[tuple[str, Relation]]:
    """The other document and the relation, without the super-properties that the store holds for queries."""
    node = NamedNode(iri)
    found: dict[str, set[Relation]] = {}
    for relation, predicate in RELATION_IRI.items():
        pattern = (node, NamedNode(predicate), None) if outgoing else (None, NamedNode(predicate), node)
        for quad in store.quads_for_pattern(*pattern):
            other = quad.object.value if outgoing else quad.subject.value
            if other != iri:
                found.setdefault(other, set()).add(relation)
    for other, relations in found.items():
        implied = {above for relation in relations for above in SUPER[relation]}
        for relation in relations - implied:
            yield other, relation
