"""Finds what a person names: a number, a title or a part of one, an IRI, an agency or a region go in, matches in a fixed order come out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode, Store

from kg.graph.namespaces import DCTERMS, PKG, RDF, SKOS

Kind = Literal["document", "agency", "region"]
By = Literal["iri", "number", "title", "name", "code", "alternative", "part"]
_CLASS: dict[Kind, str] = {"document": PKG.PolicyDocument, "agency": PKG.Agency, "region": PKG.Region}
# Full-width forms to ASCII first; then one kind of bracket for all that stand round a year, one for all that stand round a title.
_ONE_FORM = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)} | dict.fromkeys("[［【(（﹝「", "〔")
                          | dict.fromkeys("]］】)）﹞」", "〕") | dict.fromkeys("〈‹", "《") | dict.fromkeys("〉›", "》"))
_LEADING_ZEROS = re.compile(r"(?<=〕)第?0*(?=\d)")


@dataclass(frozen=True, slots=True)
class Match:
    """One thing of the graph that a name may mean; `by` says which of its names matched."""

    iri: str
    kind: Kind
    label: str  # a document's title, an agency's or region's full name
    number: str | None  # a document's number, a region's code
    issued: str | None
    in_corpus: bool | None
    by: By


def find(store: Store, what: str) -> list[Match]:
    """All that `what` may name. Where something bears the name exactly, only that; otherwise everything a name of which contains it.

    Documents whose text was read come first, then short names before long ones, then older before younger.
    """
    named = _by_iri(store, what.strip())
    if named:
        return named
    wanted = folded(what)
    if not wanted:
        return []
    numbered = store.quads_for_pattern(None, NamedNode(PKG.documentNumber), RdfLiteral(what.strip()))
    if same := sorted({quad.subject.value for quad in numbered}):  # spares the walk over all names
        return sorted((_match(store, iri, "document", "number") for iri in same), key=lambda match: _order((0, match)))
    exact: dict[str, tuple[int, Match]] = {}
    part: dict[str, tuple[int, Match]] = {}
    for rank, (iri, kind, by, name) in _names(store):
        if name == wanted:
            into = exact
        elif wanted in name:
            into, rank, by = part, len(name), "part"
        else:
            continue
        if iri not in into or rank < into[iri][0]:
            into[iri] = (rank, _match(store, iri, kind, by))
    chosen = exact or part
    if exact and min(rank for rank, _ in exact.values()) == 0:  # a former or short title counts only where no title is the same
        chosen = {iri: found for iri, found in exact.items() if found[0] == 0}
    return [match for _, match in sorted(chosen.values(), key=_order)]


def near(store: Store, what: str, *, limit: int = 5) -> list[Match]:
    """The documents, agencies and regions with names most like `what`: for the person who mistyped."""
    wanted = _pairs(folded(what))
    if not wanted:
        return []
    best: dict[str, tuple[float, Kind]] = {}
    for _, (iri, kind, _, name) in _names(store):
        pairs = _pairs(name)
        likeness = 2 * len(wanted & pairs) / (len(wanted) + len(pairs)) if pairs else 0.0
        if likeness >= 0.3 and likeness > best.get(iri, (0.0, kind))[0]:
            best[iri] = (likeness, kind)
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:limit]
    return [_match(store, iri, kind, "part") for iri, (_, kind) in ranked]


def folded(name: str) -> str:
    """What two writings of one name have in common: no white space, one kind of bracket, digits in ASCII, no leading zeros, no 《》 around.

    `folded("国办发 [2021] 024号") == folded("国办发〔2021〕24号")`.
    """
    text = "".join(name.split()).translate(_ONE_FORM).lower()
    if "〕" in text:
        text = _LEADING_ZEROS.sub("", text)
    return text[1:-1] if text.startswith("《") and text.endswith("》") and text.count("《") == 1 else text


def _names(store: Store) -> Iterator[tuple[int, tuple[str, Kind, By, str]]]:
    """Every name in the graph, folded, with its rank: 0 for official names and numbers, 1 for others."""
    regions = {q.subject for q in store.quads_for_pattern(None, NamedNode(RDF.type), NamedNode(PKG.Region))}
    agencies = {q.subject for q in store.quads_for_pattern(None, NamedNode(RDF.type), NamedNode(PKG.Agency))}
    documents = {q.subject for q in store.quads_for_pattern(None, NamedNode(PKG.inCorpus), None)}
    plan: tuple[tuple[str, set, Kind, By, int], ...] = (
        (PKG.documentNumber, documents, "document", "number", 0),
        (DCTERMS.title, documents, "document", "title", 0),
        (DCTERMS.alternative, documents, "document", "alternative", 1),
        (SKOS.prefLabel, agencies, "agency", "name", 0),
        (SKOS.altLabel, agencies, "agency", "name", 1),
        (SKOS.prefLabel, regions, "region", "name", 0),
        (SKOS.notation, regions, "region", "code", 0),
        (SKOS.altLabel, regions, "region", "name", 1),
    )
    for predicate, subjects, kind, by, rank in plan:
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None):
            if quad.subject in subjects and isinstance(quad.object, RdfLiteral):
                yield rank, (quad.subject.value, kind, by, folded(quad.object.value))


def _by_iri(store: Store, what: str) -> list[Match]:
    what = what[1:-1] if what.startswith("<") and what.endswith(">") else what
    if not re.match(r"(?:https?|urn):", what):
        return []
    for iri in dict.fromkeys((what, unquote(what))):
        try:
            node = NamedNode(iri)
        except ValueError:
            continue
        for subject in (node, *(q.subject for q in store.quads_for_pattern(None, NamedNode(PKG.alias), node))):
            kind = kind_of(store, subject.value)
            if kind:
                return [_match(store, subject.value, kind, "iri")]
    return []


def kind_of(store: Store, iri: str) -> Kind | None:
    """What the thing is, or None where it is none of these three."""
    node = NamedNode(iri)
    if next(store.quads_for_pattern(node, NamedNode(PKG.inCorpus), None), None):
        return "document"
    types = {q.object.value for q in store.quads_for_pattern(node, NamedNode(RDF.type), None)}
    return next((kind for kind, cls in _CLASS.items() if cls in types), None)


def values(store: Store, iri: str, predicate: str) -> list[str]:
    """The values of one property of one thing, literals and IRIs alike as text, sorted."""
    return sorted(q.object.value for q in store.quads_for_pattern(NamedNode(iri), NamedNode(predicate), None))


def value(store: Store, iri: str, predicate: str) -> str | None:
    """The first of `values`, or None."""
    return next(iter(values(store, iri, predicate)), None)


def match_of(store: Store, iri: str) -> Match | None:
    """The thing with this IRI as a match, or None where it is no document, agency or region."""
    kind = kind_of(store, iri)
    return _match(store, iri, kind, "iri") if kind else None


def _match(store: Store, iri: str, kind: Kind, by: By) -> Match:
    if kind == "document":
        label, number = value(store, iri, DCTERMS.title), value(store, iri, PKG.documentNumber)
        in_corpus = value(store, iri, PKG.inCorpus)
        return Match(iri, kind, label or number or iri, number, value(store, iri, DCTERMS.issued), in_corpus == "true", by)
    label = value(store, iri, SKOS.prefLabel) or iri
    return Match(iri, kind, label, value(store, iri, SKOS.notation) if kind == "region" else None, None, None, by)


def _order(found: tuple[int, Match]) -> tuple[object, ...]:
    rank, match = found
    return (match.in_corpus is False, rank, len(match.label), match.issued or "", match.label, match.iri)


def _pairs(text: str) -> set[str]:
    return {text[i:i + 2] for i in range(len(text) - 1)} or {text}
