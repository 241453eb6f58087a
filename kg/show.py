"""Shows one thing of the graph: a document, an agency or a region goes in, a card comes out, as a record or for the terminal."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode, Store

from kg.graph.namespaces import CLASS_IRI, DCTERMS, ORG, PKG, RDF, RELATION_OF_IRI, SKOS
from kg.graph.ontology import labels
from kg.lookup import Match, match_of, value, values

if TYPE_CHECKING:
    from rich.console import Console

_LEVEL = {iri: level for level, iri in CLASS_IRI.items()}
ORDER = tuple(RELATION_OF_IRI.values())[1:] + ("cites",)  # the weakest last


def card(store: Store, match: Match) -> dict[str, Any]:
    """All that is known of the match, as plain data ready for JSON; unknown is None, several is a list."""
    if match.kind == "document":
        return document_card(store, match.iri)
    return agency_card(store, match.iri) if match.kind == "agency" else region_card(store, match.iri)


def document_card(store: Store, iri: str) -> dict[str, Any]:
    """A document with its properties, where it is printed, what it cites and what cites it, each with its evidence."""
    types = values(store, iri, RDF.type)
    return {
        "kind": "document",
        "iri": iri,
        "title": value(store, iri, DCTERMS.title),
        "alternative_titles": values(store, iri, DCTERMS.alternative),
        "numbers": values(store, iri, PKG.documentNumber),
        "document_type": value(store, iri, PKG.documentType),
        "effect_level": next((_LEVEL[t] for t in types if t in _LEVEL), None),
        "issuers": [_named(store, agency) for agency in values(store, iri, PKG.issuer)],
        "recipients": values(store, iri, PKG.recipient),
        "jurisdiction": next((_named(store, region) for region in values(store, iri, PKG.jurisdiction)), None),
        "issued": value(store, iri, DCTERMS.issued),
        "effective": value(store, iri, PKG.effectiveDate),
        "expires": value(store, iri, PKG.expiryDate),
        "in_corpus": value(store, iri, PKG.inCorpus) == "true",
        "sources": values(store, iri, DCTERMS.source),
        "printed_in": sorted((_passage(store, passage) for passage in values(store, iri, PKG.printedIn)),
                             key=lambda p: (p["file"] or "", p["start_line"] or 0)),
        "cites": _grouped(store, iri, outgoing=True),
        "cited_by": _grouped(store, iri, outgoing=False),
    }


def agency_card(store: Store, iri: str) -> dict[str, Any]:
    """An agency with its names, its predecessors and successors, and what it and the bodies it came from issued."""
    after = {o for e in _subjects(store, ORG.originalOrganization, iri) for o in values(store, e, ORG.resultingOrganization)}
    return {
        "kind": "agency",
        "iri": iri,
        "name": value(store, iri, SKOS.prefLabel),
        "other_names": values(store, iri, SKOS.altLabel),
        "valid_from": value(store, iri, PKG.validFrom),
        "valid_until": value(store, iri, PKG.validUntil),
        "part_of": next((_named(store, owner) for owner in values(store, iri, ORG.subOrganizationOf)), None),
        "predecessors": [_named(store, agency) for agency in sorted(_formers(store, iri) - {iri})],
        "successors": [_named(store, agency) for agency in sorted(after - {iri})],
        "issued": _documents(store, PKG.issuer, iri),
        "issued_by_predecessors": _inherited(store, iri),
        "mentioned_by": len(_subjects(store, PKG.mentionsAgency, iri)),
    }


def _formers(store: Store, iri: str) -> set[str]:
    return {former for event in _subjects(store, ORG.resultingOrganization, iri) for former in values(store, event, ORG.originalOrganization)}


def _inherited(store: Store, iri: str) -> list[dict[str, Any]]:
    """The bodies an agency came from, however far back, the last first, each with what it issued up to the year of its change."""
    found: dict[str, str] = {}
    queue = [iri]
    while queue:
        for former in sorted(_formers(store, queue.pop(0)) - {iri}):
            if former not in found:
                days = [day for event in _subjects(store, ORG.originalOrganization, former) for day in values(store, event, DCTERMS.date)]
                found[former] = max(days, default="9999")
                queue.append(former)
    rows = []
    for former, until in sorted(found.items(), key=lambda item: (item[1], item[0]), reverse=True):
        documents = [d for d in _documents(store, PKG.issuer, former) if (d["issued"] or "")[:4] <= until[:4]]
        rows.append({**_named(store, former), "until": until, "issued": documents})
    return rows


def region_card(store: Store, iri: str) -> dict[str, Any]:
    """A region with its code, the one it lies in, and the documents made for it."""
    return {
        "kind": "region",
        "iri": iri,
        "name": value(store, iri, SKOS.prefLabel),
        "other_names": values(store, iri, SKOS.altLabel),
        "code": value(store, iri, SKOS.notation),
        "within": next((_named(store, region) for region in values(store, iri, SKOS.broader)), None),
        "successors": [_named(store, region) for region in values(store, iri, DCTERMS.isReplacedBy)],
        "documents": _documents(store, PKG.jurisdiction, iri),
        "mentioned_by": len(_subjects(store, PKG.mentionsRegion, iri)),
    }


def references(store: Store, iri: str, *, outgoing: bool) -> Iterator[dict[str, Any]]:
    """Every reference of a document to others, or of others to it, in the order of file and line."""
    here, there = (PKG.citingDocument, PKG.citedDocument) if outgoing else (PKG.citedDocument, PKG.citingDocument)
    found = []
    for reference in _subjects(store, here, iri):
        other = value(store, reference, there)
        if other is None:
            continue
        passage = value(store, reference, PKG.inPassage)
        lines = value(store, reference, PKG.startLine)
        confidence = value(store, reference, PKG.confidence)
        found.append({
            "other": other,
            "relation": RELATION_OF_IRI.get(value(store, reference, PKG.relation) or "", "cites"),
            "sentence": value(store, reference, PKG.sentence),
            "quote": value(store, reference, PKG.quote),
            "file": value(store, passage, PKG.sourceFile) if passage else None,
            "line": int(lines) if lines else None,
            "provisions": values(store, reference, PKG.provision),
            "scope": value(store, reference, PKG.scope),
            "effective": value(store, reference, PKG.effectiveDate),
            "confidence": float(confidence) if confidence else None,
            "resolved_by": value(store, reference, PKG.resolvedBy),
        })
    yield from sorted(found, key=lambda r: (r["file"] or "", r["line"] or 0, r["other"], r["relation"], r["quote"] or ""))


def match_rows(matches: list[Match]) -> list[dict[str, Any]]:
    """Matches as plain data ready for JSON."""
    return [asdict(match) for match in matches]


def _grouped(store: Store, iri: str, *, outgoing: bool) -> list[dict[str, Any]]:
    by_relation: dict[str, dict[str, dict[str, Any]]] = {}
    for reference in references(store, iri, outgoing=outgoing):
        other, relation = reference.pop("other"), reference.pop("relation")
        documents = by_relation.setdefault(relation, {})
        if other not in documents:
            documents[other] = {**_brief(store, other), "evidence": []}
        documents[other]["evidence"].append(reference)
    return [{"relation": relation, "documents": list(by_relation[relation].values())} for relation in ORDER if relation in by_relation]


def _brief(store: Store, iri: str) -> dict[str, Any]:
    match = match_of(store, iri)
    if match is None:
        return {"iri": iri, "title": None, "number": None, "issued": None, "in_corpus": None}
    return {"iri": iri, "title": match.label, "number": match.number, "issued": match.issued, "in_corpus": match.in_corpus}


def _named(store: Store, iri: str) -> dict[str, Any]:
    return {"iri": iri, "name": value(store, iri, SKOS.prefLabel) or iri}


def _passage(store: Store, iri: str) -> dict[str, Any]:
    start, end = value(store, iri, PKG.startLine), value(store, iri, PKG.endLine)
    compilation = value(store, iri, DCTERMS.isPartOf)
    return {"file": value(store, iri, PKG.sourceFile), "start_line": int(start) if start else None, "end_line": int(end) if end else None,
            "compilation": value(store, compilation, DCTERMS.title) if compilation else None}


def _subjects(store: Store, predicate: str, iri: str) -> list[str]:
    return sorted(q.subject.value for q in store.quads_for_pattern(None, NamedNode(predicate), NamedNode(iri)))


def _documents(store: Store, predicate: str, iri: str) -> list[dict[str, Any]]:
    briefs = (_brief(store, document) for document in _subjects(store, predicate, iri))
    return sorted(briefs, key=lambda b: (b["issued"] or "9999", b["title"] or "", b["iri"]))


# ---- for the terminal ----------------------------------------------------------------------------------------------------------

_WORDS = {
    "alternative_titles": "又名 also", "numbers": "文号 number", "document_type": "文种 type", "effect_level": "效力 level",
    "issuers": "发文机关 issuer", "recipients": "主送 to", "jurisdiction": "地域 region", "issued": "成文 issued",
    "effective": "施行 effective", "expires": "失效 expires", "sources": "来源 source", "printed_in": "刊载 printed",
    "other_names": "别名 also", "code": "代码 code", "within": "属于 within", "valid_from": "始于 from", "valid_until": "止于 until",
    "part_of": "隶属 part of", "predecessors": "前身 formerly", "successors": "后继 now", "mentioned_by": "提及 mentioned by",
}


def print_card(record: dict[str, Any], console: "Console", *, sentences: int = 2) -> None:
    """Draws a card; at most `sentences` of evidence for each document that is cited or cites, and a count of the rest."""
    from rich.table import Table
    from rich.text import Text

    title = record.get("title") or record.get("name") or record["iri"]
    console.print(Text(title, style="bold"))
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim", no_wrap=True)
    facts.add_column(overflow="fold")
    for key, word in _WORDS.items():
        text = "" if record["kind"] == "agency" and key == "issued" else _fact(key, record.get(key))
        if text:
            facts.add_row(word, Text(text))
    if record["kind"] == "document" and not record["in_corpus"]:
        facts.add_row("", Text("只见于引用，未收全文 known only because it is cited", style="yellow"))
    facts.add_row("IRI", Text(record["iri"], style="dim"))
    console.print(facts)
    if record["kind"] == "document":
        _print_side("引用 cites", record["cites"], console, sentences)
        _print_side("被引用 cited by", record["cited_by"], console, sentences)
    else:
        documents = record["issued"] if record["kind"] == "agency" else record["documents"]
        console.print(Text(f"\n{'发布 issued' if record['kind'] == 'agency' else '文件 documents'} ({len(documents)})", style="bold"))
        for document in documents:
            console.print(_line(document))
        for former in record.get("issued_by_predecessors", ()):
            if former["issued"]:
                console.print(Text(f"\n{former['name']}（至 until {former['until']}）发布 issued ({len(former['issued'])})", style="bold"))
            for document in former["issued"]:
                console.print(_line(document))


def print_matches(matches: list[Match], console: "Console") -> None:
    """A numbered list to choose from."""
    from rich.text import Text

    kinds = {"document": "文件", "agency": "机关", "region": "地区"}
    for n, match in enumerate(matches, 1):
        text = Text(f"{n:>3}  {kinds[match.kind]}  ")
        text.append_text(_line({"title": match.label, "number": match.number, "issued": match.issued, "in_corpus": match.in_corpus}, indent=""))
        console.print(text)


def _fact(key: str, found: Any) -> str:
    if found in (None, [], 0):
        return ""
    if key == "printed_in":
        return "\n".join(f"{p['file']}:{p['start_line']}–{p['end_line']}" + (f"  《{p['compilation']}》" if p["compilation"] else "") for p in found)
    if key == "effect_level":
        chinese = labels("zh").get(CLASS_IRI[found])
        return f"{chinese} {found}" if chinese else found
    if isinstance(found, list):
        names = [f["name"] if isinstance(f, dict) else f for f in found]
        return "\n".join(names) if key in ("alternative_titles", "sources") else "、".join(names)
    return found["name"] if isinstance(found, dict) else str(found)


def _line(document: dict[str, Any], indent: str = "  ") -> Any:
    from rich.text import Text

    text = Text(indent)
    text.append(document["title"] or document.get("iri", ""), style="" if document["in_corpus"] is not False else "italic")
    for part in (document["number"], document["issued"]):
        if part and part != document["title"]:
            text.append(f"  {part}", style="cyan")
    if document["in_corpus"] is False:
        text.append("  未收 not in corpus", style="dim")
    return text


def _print_side(heading: str, groups: list[dict[str, Any]], console: "Console", sentences: int) -> None:
    from rich.padding import Padding
    from rich.text import Text

    count = sum(len(g["documents"]) for g in groups)
    console.print(Text(f"\n{heading} ({count})", style="bold"))
    for group in groups:
        console.print(Text(f" {relation_words(group['relation'])} ({len(group['documents'])})", style="magenta"))
        for document in group["documents"]:
            console.print(_line(document, "   "))
            evidence = document["evidence"]
            for said in evidence[:sentences]:
                console.print(Padding(Text(f"{_clean(said['sentence'] or said['quote'] or '')}", style="dim"), (0, 0, 0, 5)))
                notes = "、".join([*said["provisions"], *(["部分 partial"] if said["scope"] == "partial" else [])])
                console.print(Text(f"     ↳ {said['file']}:{said['line']}" + (f"  {notes}" if notes else ""), style="green"))
            if len(evidence) > sentences:
                console.print(Text(f"     … 另有 {len(evidence) - sentences} 处 more", style="dim"))


def relation_words(relation: str) -> str:
    """A relation in Chinese and English: 废止 repeals."""
    from kg.graph.namespaces import RELATION_IRI

    chinese = labels("zh").get(RELATION_IRI[relation])  # type: ignore[index]
    english = relation.replace("_", " ")
    return f"{chinese} {english}" if chinese else english


def _clean(sentence: str) -> str:
    """A sentence on one line: the source's line wraps mean nothing to a reader."""
    return "".join(line.strip() for line in sentence.splitlines())
