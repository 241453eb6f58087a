"""Writes Turtle for people and for `diff`: triples go in, the same text comes out whatever their order and whatever the machine."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Triple

from kg.graph.namespaces import PREFIXES, RDF, XSD, shortened


def turtle(triples: Iterable[Triple]) -> Iterator[str]:
    """Turtle in pieces: a block for each subject, its types first, one line for each predicate.

    The engine's own writer puts its prefixes in another order each time.
    """
    yield "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in sorted(PREFIXES.items()))
    for subject, of_subject in groupby(ordered(triples), key=lambda t: t.subject):
        lines = []
        for predicate, group in groupby(of_subject, key=lambda t: t.predicate):
            verb = "a" if predicate.value == RDF.type else shortened(predicate.value)
            lines.append(f"{verb} {', '.join(dict.fromkeys(_term(t.object) for t in group))}")
        yield f"\n{_term(subject)} " + " ;\n    ".join(lines) + " .\n"


def ordered(triples: Iterable[Triple]) -> list[Triple]:
    """Those of one subject together, its types first, the rest by name."""
    return sorted(triples, key=lambda t: (str(t.subject), t.predicate.value != RDF.type, t.predicate.value, str(t.object)))


def _term(term: object) -> str:
    if isinstance(term, NamedNode):
        return shortened(term.value)
    if isinstance(term, Literal) and not term.language and term.datatype.value != XSD.string:
        return f"{Literal(term.value)}^^{shortened(term.datatype.value)}"
    return str(term)
