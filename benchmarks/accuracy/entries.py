"""Entries in the annotation guide's format and a graph go in; outcomes per field and relation come out, each error with its cause."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks.accuracy.graph_view import Document, GraphView, Passage, Reference
from benchmarks.accuracy.outcomes import Outcome, pair
from benchmarks.accuracy.sameness import fold, fold_number, same_agency, same_number, same_title

RELATIONS = ("based_on", "implements", "repeals", "replaces", "amends", "interprets", "forwards", "responds_to", "calls_for_revision")
_NAMED_UNQUOTED = ("law", "administrative_regulation", "local_regulation", "treaty")
_SLACK = 3  # lines by which a document's first line may differ: blank lines and section headings before a title belong to either side
_ENTRY_SERIAL = re.compile(r"[-_][0-9]{1,4}$")
Entry = dict[str, Any]
Same = Callable[[Any, Any], bool]


def score_entries(graph: GraphView, entries: list[Entry]) -> list[Outcome]:
    """The outcomes of one annotation file: a list of entries of one source file, told by the stem of their ids."""
    stem = _ENTRY_SERIAL.sub("", entries[0]["id"])
    first, last = entries[0]["line_start"], max(e["line_end"] for e in entries)
    printed = [p for p in graph.passages if Path(p.file).name.startswith(stem) and first - _SLACK <= p.start_line <= last]
    spans = pair([e["line_start"] for e in entries], [p.start_line for p in printed], _near)
    outcomes = [Outcome("documents", stem, "hit", f"line {e}") for e, _ in spans[0]]
    outcomes += [Outcome("documents", stem, "missed", f"line {line}", "no document starts here") for line in spans[1]]
    outcomes += [Outcome("documents", stem, "extra", f"line {line}", _extra_document(line, entries)) for line in spans[2]]
    for entry in entries:
        passage = next((p for p in printed if _near(entry["line_start"], p.start_line)), None)
        outcomes += _fields(graph, entry, passage)
        outcomes += _references(graph, entry, passage)
    return outcomes


def _near(a: int, b: int) -> bool:
    return abs(a - b) <= _SLACK


def _extra_document(line: int, entries: list[Entry]) -> str:
    inside = next((e for e in entries if e["line_start"] + _SLACK < line <= e["line_end"]), None)
    return "cut inside a document" if inside else "no document of the annotation"


def _fields(graph: GraphView, entry: Entry, passage: Passage | None) -> list[Outcome]:
    where = entry["id"]
    document = graph.documents[passage.document] if passage else Document()
    absent = None if passage else "document not found"

    def named(name: str, resource: str) -> bool:
        return same_agency(name, graph.labels.get(resource, set()))

    def shown(resource: str) -> str:
        return graph.names.get(resource, resource)

    return [
        *one_value("title", where, entry["title"], document.titles, same_title, absent),
        *many_values("numbers", where, entry["numbers"], document.numbers, same_number, absent, where_printed=entry.get("numbers_where")),
        *many_values("issuers", where, entry["issuers"] or [], document.issuers, named, absent, shown=shown),
        *one_value("document type", where, entry.get("doc_type"), document.types, str.__eq__, absent),
        *one_value("issued", where, entry["date_issued"], document.issued, str.__eq__, absent),
        *one_value("effective", where, entry["date_effective"], document.effective, str.__eq__, absent),
        *one_value("expires", where, entry["date_expires"], document.expires, str.__eq__, absent),
        *many_values("agencies", where, entry["agencies"], document.agencies, named, absent, shown=shown),
        *many_values(
            "regions", where, [r for r in entry["regions"] if not r.startswith("cluster:")], document.regions, named, absent, shown=shown
        ),
    ]


def one_value(field: str, where: str, expected: str | None, found: list[str], same: Same, absent: str | None) -> list[Outcome]:
    """Outcomes of a field that has one value or none; any of the found values may be the right one."""
    if expected is None or expected == "":
        return [Outcome(field, where, "extra", ", ".join(found), "nothing to find")] if found else []
    if any(same(expected, f) for f in found):
        return [Outcome(field, where, "hit", expected)]
    if not found:
        return [Outcome(field, where, "missed", expected, absent or "nothing found")]
    cause = "boundary" if any(_overlap(expected, f) for f in found) else "another value"
    return [Outcome(field, where, "missed", expected, cause), Outcome(field, where, "extra", ", ".join(found), cause)]


def many_values(
    field: str,
    where: str,
    expected: Iterable[str],
    found: Iterable[str],
    same: Same,
    absent: str | None,
    *,
    shown: Callable[[str], str] = str,
    where_printed: str | None = None,
) -> list[Outcome]:
    """Outcomes of a field that has any number of values."""
    pairs, missed, extra = pair(expected, found, same)
    outcomes = [Outcome(field, where, "hit", e) for e, _ in pairs]
    for e in missed:
        cause = absent or (
            "boundary" if any(_overlap(e, shown(x)) for x in extra) else f"printed in the {where_printed}" if where_printed else "not found"
        )
        outcomes.append(Outcome(field, where, "missed", e, cause))
    for x in extra:
        cause = "boundary" if any(_overlap(e, shown(x)) for e in missed) else "not in the annotation"
        outcomes.append(Outcome(field, where, "extra", shown(x), cause))
    return outcomes


def _overlap(a: str, b: str) -> bool:
    short, long = sorted((fold(a), fold(b)), key=len)
    return len(short) > 2 and short in long


def _references(graph: GraphView, entry: Entry, passage: Passage | None) -> list[Outcome]:
    where, said = entry["id"], _said(graph, passage)

    def same(annotated: Entry, r: Reference) -> bool:
        return points_to(graph, annotated["target_title"], annotated["target_number"], r.cited, r.quote)

    def target(annotated: Entry) -> str:
        return annotated["target_title"] or annotated["target_number"]

    asked = list({(fold(r["target_title"]), fold_number(r["target_number"])): r for r in entry["references"]}.values())
    found = list({r.cited: r for r in said}.values())
    optional = [r for r in asked if not _firm(r)]
    pairs, missed, extra = pair([r for r in asked if _firm(r)], [f for f in found if not any(same(o, f) for o in optional)], same)
    outcomes = [Outcome("references", where, "hit", target(e)) for e, _ in pairs]
    outcomes += [Outcome("references", where, "missed", target(e), _why_missed(graph, e, passage, extra)) for e in missed]
    outcomes += [Outcome("references", where, "extra", _shown(graph, x), _why_extra(graph, entry, missed, x)) for x in extra]
    for relation in RELATIONS:
        annotated = [r for r in entry["references"] if r["relation"] == relation]
        name = camel(relation)
        loose = [r for r in annotated if not _firm(r)]
        claims = [f for f in said if f.relation == name and not any(same(o, f) for o in loose)]
        pairs, missed, extra = pair([r for r in annotated if _firm(r)], claims, same)
        outcomes += [Outcome(relation, where, "hit", target(e)) for e, _ in pairs]
        for e in missed:
            others = sorted({f.relation for f in said if same(e, f)})
            outcomes.append(
                Outcome(relation, where, "missed", target(e), f"found as {'/'.join(others)}" if others else "reference not found")
            )
        for x in extra:
            truth = sorted({r["relation"] for r in entry["references"] if same(r, x)})
            cause = f"is {'/'.join(truth)}" if truth else _why_extra(graph, entry, [], x)
            outcomes.append(Outcome(relation, where, "extra", f"{_shown(graph, x)} [{x.trigger}]", cause))
    return outcomes


def camel(relation: str) -> str:
    """The ontology's name of a relation of the guide: `camel("calls_for_revision") == "callsForRevisionOf"`."""
    head, *rest = relation.split("_")
    return head + "".join(r.capitalize() for r in rest) + ("Of" if relation == "calls_for_revision" else "")


def points_to(graph: GraphView, title: str | None, number: str | None, cited: str, quote: str) -> bool:
    """Whether a reference points at the document of this title or number: by what the graph knows of it, or by its own words."""
    document = graph.documents[cited]
    if number and any(same_number(number, n) for n in document.numbers):
        return True
    return bool(title) and any(same_title(title, t) for t in (*document.titles, quote))


def _said(graph: GraphView, passage: Passage | None) -> list[Reference]:
    """The references of a passage, one for each target and relation, at its first saying."""
    if passage is None:
        return []
    lines = range(passage.start_line - _SLACK, passage.end_line + _SLACK + 1)
    mine = [r for r in graph.references if r.citing == passage.document and r.file == passage.file and r.start_line in lines]
    first: dict[tuple[str, str], Reference] = {}
    for r in mine:
        first.setdefault((r.cited, r.relation), r)
    return list(first.values())


def _firm(annotated: Entry) -> bool:
    """Unquoted plans and lists are optional: right if found, no fault if not (the guide's decision)."""
    return "《" in annotated["raw"] or bool(annotated["target_number"]) or annotated["kind"] in _NAMED_UNQUOTED


def _shown(graph: GraphView, r: Reference) -> str:
    document = graph.documents[r.cited]
    return next(iter(document.titles or document.numbers), r.quote)


def _why_missed(graph: GraphView, annotated: Entry, passage: Passage | None, extra: list[Reference]) -> str:
    raw = annotated["raw"]
    if passage is None:
        return "document not found"
    if annotated["target_title"] and any(_overlap(annotated["target_title"], x.quote) for x in extra):
        return "boundary"
    if not annotated["target_title"]:
        return "number alone"
    if "《" not in raw:
        return "unquoted"
    if any(c in raw for c in "〈‹＜<"):
        return "nested"
    if fold(raw) != fold(annotated["target_title"]):
        return "anaphora"
    source = Path(passage.file)
    if source.is_file() and raw not in _line(source, annotated["line"]):
        return "wrapped"
    return "plain"


def _line(source: Path, number: int) -> str:
    data = source.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    lines = text.split("\n")
    return lines[number - 1] if number <= len(lines) else ""


def _why_extra(graph: GraphView, entry: Entry, missed: list[Entry], r: Reference) -> str:
    refused = next((n for n in entry["not_references"] if fold(n["raw"]) == fold(r.quote)), None)
    if refused:
        return f"not a reference: {refused['why']}"
    if any(m["target_title"] and _overlap(m["target_title"], r.quote) for m in missed):
        return "boundary"
    if same_title(entry["title"], r.quote):
        return "not a reference: self"
    if any(points_to(graph, a["target_title"], a["target_number"], r.cited, r.quote) for a in entry["references"]):
        return "a second document for one target"
    return f"{'quoted' if '《' in r.quote else 'unquoted'}, resolved by {r.resolved_by or 'nothing'}"
