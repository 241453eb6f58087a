"""What is cited and not in the corpus: a store in, the missing documents out, the most wanted first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode, Store

from kg.graph.namespaces import CLASS_IRI, DCTERMS, PKG, RDF, RELATION_OF_IRI, SKOS
from kg.lookup import value, values
from kg.model import EffectLevel, Relation

if TYPE_CHECKING:
    from rich.console import Console

_LEVEL: dict[str, EffectLevel] = {iri: level for level, iri in CLASS_IRI.items()}


@dataclass(frozen=True, slots=True)
class Gap:
    """A document to fetch. `relations` counts citing documents by relation; `maybe` are documents of the corpus that it may be."""

    iri: str
    title: str
    number: str | None
    issuers: tuple[str, ...]
    issued: str | None
    effect_level: EffectLevel | None
    cited_by: int  # documents
    references: int
    relations: tuple[tuple[Relation, int], ...]
    citing: tuple[str, ...]  # titles of the citing documents
    maybe: tuple[str, ...] = ()


def gaps(store: Store, limit: int | None = None) -> tuple[Gap, ...]:
    """The documents known only because others cite them: by how many documents cite them, then how often, then by name; at most `limit`."""
    missing = {q.subject.value for q in store.quads_for_pattern(None, NamedNode(PKG.inCorpus), None) if q.object.value == "false"}
    citing, relation = _objects(store, PKG.citingDocument), _objects(store, PKG.relation)
    sayings: dict[str, list[str]] = defaultdict(list)
    for quad in store.quads_for_pattern(None, NamedNode(PKG.citedDocument), None):
        if quad.object.value in missing:
            sayings[quad.object.value].append(quad.subject.value)
    ranked = sorted(sayings, key=lambda iri: (-len({citing.get(r) for r in sayings[iri]}), -len(sayings[iri]), iri))
    return tuple(_gap(store, iri, sayings[iri], citing, relation) for iri in ranked[:limit])


def _objects(store: Store, predicate: str) -> dict[str, str]:
    return {q.subject.value: q.object.value for q in store.quads_for_pattern(None, NamedNode(predicate), None)}


def _gap(store: Store, iri: str, references: list[str], citing: dict[str, str], relation: dict[str, str]) -> Gap:
    documents = {citing[r] for r in references if r in citing}
    relations: Counter[Relation] = Counter()
    for _, kind in {(citing.get(r), RELATION_OF_IRI.get(relation.get(r, ""), "cites")) for r in references}:
        relations[kind] += 1
    candidates = sorted({c for r in references for c in values(store, r, PKG.candidate)})
    numbers = values(store, iri, PKG.documentNumber)
    return Gap(
        iri, value(store, iri, DCTERMS.title) or iri, numbers[0] if numbers else None,
        tuple(value(store, a, SKOS.prefLabel) or a for a in values(store, iri, PKG.issuer)), value(store, iri, DCTERMS.issued),
        next((_LEVEL[t] for t in values(store, iri, RDF.type) if t in _LEVEL), None), len(documents), len(references),
        tuple(sorted(relations.items(), key=lambda item: (-item[1], item[0]))),
        tuple(sorted(value(store, d, DCTERMS.title) or d for d in documents)), tuple(candidates),
    )


def to_json(found: Iterable[Gap]) -> list[dict[str, object]]:
    """Gaps as plain data."""
    return [{
        "iri": g.iri, "title": g.title, "number": g.number, "issuers": list(g.issuers), "issued": g.issued, "effect_level": g.effect_level,
        "cited_by": g.cited_by, "references": g.references, "relations": dict(g.relations), "citing": list(g.citing), "maybe": list(g.maybe),
    } for g in found]


def rows(found: Iterable[Gap]) -> Iterator[dict[str, str]]:
    """Gaps as flat rows, for CSV; several values of a cell are separated by " | "."""
    for g in found:
        yield {
            "cited_by": str(g.cited_by), "references": str(g.references), "title": g.title, "number": g.number or "", "issuers": " | ".join(g.issuers),
            "issued": g.issued or "", "effect_level": g.effect_level or "", "relations": " | ".join(f"{r}:{n}" for r, n in g.relations),
            "citing": " | ".join(g.citing), "maybe": " | ".join(g.maybe), "iri": g.iri,
        }


def print_table(found: Iterable[Gap], console: "Console") -> None:
    """Gaps for the terminal: how many documents cite it, what it is, how it is cited, and one of those that cite it."""
    from rich.table import Table
    from rich.text import Text

    table = Table("引用文件数 cited by", "标题 title", "文号 number", "机关 issuers", "关系 relations", "引用者 cited in")
    table.columns[0].justify = "right"
    for g in found:
        title = g.title + (f"（可能是已收文件 maybe: {len(g.maybe)}）" if g.maybe else "")
        more = f" 等 {len(g.citing)} 份" if len(g.citing) > 1 else ""
        cells = (str(g.cited_by), title, (g.number or "") if g.number != g.title else "", "、".join(g.issuers),
                 " ".join(f"{relation} {n}" for relation, n in g.relations), (g.citing[0] if g.citing else "") + more)
        table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
