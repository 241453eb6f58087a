"""What a graph's sources contradict: a store in, conflicts with their evidence out.

Contradictions met while reading stand in the graph as `pkg:Warning`; the rest are found here by comparing documents, dates and edges.
How grave a kind is, and its words, are in `kg/data/conflict_kinds.csv`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, get_args

from pyoxigraph import Store

from kg.conflict_checks import CHECKS, Evidence, Facts
from kg.errors import TableError
from kg.tables import table

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Kind:
    """One row of the table of kinds."""

    kind: str
    severity: Severity
    zh: str
    en: str
    basis: str | None  # the rule of drafting that is broken


@dataclass(frozen=True, slots=True)
class DocumentName:
    """A document as a report names it."""

    iri: str
    title: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction: what kind, how grave, in words, between which documents, and where it can be seen."""

    kind: str
    severity: Severity
    message_zh: str
    message_en: str
    documents: tuple[DocumentName, ...]
    evidence: tuple[Evidence, ...]
    basis: str | None = None


def conflicts(store: Store) -> tuple[Conflict, ...]:
    """Every contradiction in the graph, the gravest kinds first, in an order that depends on the graph alone."""
    facts = Facts(store)
    found: dict[tuple[str, str], Conflict] = {}
    for check in CHECKS:
        for kind, words, documents, evidence in check(facts):
            row = kinds()[kind]
            conflict = Conflict(
                kind, row.severity, row.zh.format_map(words), row.en.format_map(words),
                tuple(DocumentName(d.iri, d.title, d.numbers[0] if d.numbers else None) for d in documents),
                tuple(dict.fromkeys(evidence)), row.basis)
            found.setdefault((kind, conflict.message_en), conflict)
    order = {kind: n for n, kind in enumerate(kinds())}
    return tuple(sorted(found.values(), key=lambda c: (SEVERITIES.index(c.severity), order[c.kind], _place(c), c.message_en)))


@cache
def kinds() -> dict[str, Kind]:
    """The table of kinds by name. Raises `TableError` for an unknown severity."""
    rows = {}
    for r in table("conflict_kinds", columns=("kind", "severity", "zh", "en", "basis"), key=("kind",)):
        if r["severity"] not in SEVERITIES:
            raise TableError(f"kg/data/conflict_kinds.csv: {r['kind']}: severity {r['severity']!r}; write one of {', '.join(SEVERITIES)}")
        rows[r["kind"]] = Kind(r["kind"], r["severity"], r["zh"], r["en"], r["basis"] or None)  # type: ignore[arg-type]
    return rows


def _place(conflict: Conflict) -> tuple[str, int]:
    first = conflict.evidence[0] if conflict.evidence else None
    return (first.file or "", first.line or 0) if first else ("", 0)


# ---- for the command line ------------------------------------------------------------------------------------------------------


def rows(found: Iterable[Conflict]) -> Iterator[dict[str, str]]:
    """Conflicts as flat rows, for CSV: one a conflict, several documents or places in one cell separated by " | "."""
    for c in found:
        yield {
            "kind": c.kind, "severity": c.severity, "message_zh": c.message_zh, "message_en": c.message_en, "basis": c.basis or "",
            "documents": " | ".join(d.iri for d in c.documents),
            "places": " | ".join(f"{e.file}:{e.line}" for e in c.evidence if e.file),
            "sentences": " | ".join("".join(part.strip() for part in e.sentence.splitlines()) for e in c.evidence),
        }


def to_json(found: Iterable[Conflict]) -> list[dict[str, object]]:
    """Conflicts as plain data."""
    return [{
        "kind": c.kind, "severity": c.severity, "message": {"zh": c.message_zh, "en": c.message_en}, "basis": c.basis,
        "documents": [{"iri": d.iri, "title": d.title, "number": d.number} for d in c.documents],
        "evidence": [{"sentence": e.sentence, "file": e.file, "line": e.line} for e in c.evidence],
    } for c in found]


def text(found: Iterable[Conflict]) -> str:
    """Conflicts for people: what, how grave, in both languages, and where."""
    lines = []
    for c in found:
        lines += [f"{c.severity} {c.kind}", f"    {c.message_zh}", f"    {c.message_en}"]
        if c.basis:
            lines.append(f"    依据 basis: {c.basis}")
        for e in c.evidence:
            sentence = "".join(part.strip() for part in e.sentence.splitlines())
            lines.append(f"  - {e.file}:{e.line}: {sentence if len(sentence) <= 200 else sentence[:199] + '…'}")
    return "".join(f"{line}\n" for line in lines)
