"""Writes Turtle for people and for `diff`: triples go in, the same text comes out whatever their order and whatever the machine."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Store, Triple

from kg.graph.namespaces import PREFIXES, RDF, XSD, shortened


def turtle(subjects: Iterable[list[Triple]]) -> Iterator[str]:
    """Turtle in pieces: a block for each subject, one line for each predicate. `by_subject` and `subjects_of` make its input.

    The engine's own writer puts its prefixes in another order each time.
    """
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()))
    for triples in subjects:
        lines = []
        for predicate, group in groupby(triples, key=lambda t: t.predicate):
            verb = "a" if predicate.value == RDF.type else shortened(predicate.value)
            lines.append(f"{verb} {', '.join(dict.fromkeys(_term(t.object) for t in group))}")
        yield f"\n{_term(triples[0].subject)} " + " ;\n    ".join(lines) + " .\n"


def by_subject(triples: Iterable[Triple]) -> Iterator[list[Triple]]:
    """The triples in a fixed order, those of one subject together, its types first."""
    for _, group in groupby(sorted(triples, key=lambda t: str(t.subject)), key=lambda t: t.subject):
        yield sorted(group, key=_order)


def subjects_of(store: Store) -> Iterator[list[Triple]]:
    """As `by_subject` for a whole store, holding one subject's triples at a time."""
    for subject in sorted({quad.subject for quad in store}, key=str):
        yield sorted((quad.triple for quad in store.quads_for_pattern(subject, None, None)), key=_order)


def _order(triple: Triple) -> tuple[bool, str, str]:
    return (triple.predicate.value != RDF.type, triple.predicate.value, str(triple.object))


def _term(term: object) -> str:
    if isinstance(term, NamedNode):
        return shortened(term.value)
    if isinstance(term, Literal) and not term.language and term.datatype.value != XSD.string:
        return f"{Literal(term.value)}^^{shortened(term.datatype.value)}"
    return str(term)
