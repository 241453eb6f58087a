"""Writes a corpus as N-Triples: documents, agencies, regions, passages and references in, sorted lines out.

The most specific edge and all its super-properties are written, so that a query needs no reasoner. A partial repeal leaves the
document in force: it is `pkg:amends` between the documents and `partial` on the reference.
"""

import re
from collections import Counter
from collections.abc import Iterator

from kg import agencies, regions
from kg.agency_labels import labels
from kg.graph.agency_history import ChangeEvent, change_events, lifetime
from kg.graph.identifiers import Identifiers
from kg.graph.namespaces import CLASS_IRI, DCTERMS, ORG, PKG, PROV, RDF, RDFS, RELATION_IRI, SKOS, SUPER, XSD
from kg.model import AppliedCorrection, Corpus, Correction, Document, FileRecord, PassageRecord, ResolvedReference, Statement

_ESCAPE = re.compile(r'[\\"\n\r\t\x00-\x1f\x7f]')
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def ntriples(corpus: Corpus, identifiers: Identifiers) -> Iterator[bytes]:
    """The graph of a corpus, a chunk of lines at a time; each line once, in an order that depends on the corpus alone."""
    writer = _Writer(identifiers)
    for document in corpus.documents:
        writer.document(document)
        yield writer.take()
    by_line: Counter[tuple[str, int | None, str]] = Counter()
    for warning in corpus.warnings:
        by_line[warning.file, warning.line, warning.code] += 1
        writer.warning(warning, by_line[warning.file, warning.line, warning.code])
    yield writer.take()
    for correction in corpus.corrections:
        writer.correction(correction)
    yield writer.take()
    for file in corpus.files:
        writer.file(file)
        yield writer.take()
    edges: dict[tuple[str, str, str], None] = {}
    for n, resolved in enumerate(corpus.references):
        writer.reference(resolved)
        for relation in (resolved.reference.relation, *SUPER[resolved.reference.relation]):
            edges[resolved.citing, RELATION_IRI[relation], resolved.cited] = None
        if n % 500 == 499:
            yield writer.take()
    for citing, edge, cited in sorted(edges):
        writer.link(identifiers.document(citing), edge, identifiers.document(cited))
    yield writer.take()
    writer.add_owners()
    for event in change_events(sorted(writer.agencies)):
        writer.change(event)
    for name in sorted(writer.agencies):
        writer.agency(name)
    for code in sorted(writer.regions):
        writer.region(code)
    yield writer.take()


def _quoted(text: str) -> str:
    return '"' + _ESCAPE.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", text) + '"'


class _Writer:
    """Collects lines, and which agencies and regions are to be described."""

    def __init__(self, identifiers: Identifiers) -> None:
        self.ids = identifiers
        self.lines: list[str] = []
        self.agencies: set[str] = set()
        self.regions: set[str] = set()

    def take(self) -> bytes:
        data = "".join(self.lines).encode()
        self.lines.clear()
        return data

    def link(self, subject: str, predicate: str, target: str) -> None:
        self.lines.append(f"<{subject}> <{predicate}> <{target}> .\n")

    def say(self, subject: str, predicate: str, value: str | None, datatype: str | None = None, language: str | None = None) -> None:
        if value is not None and value != "":
            tail = f"^^<{datatype}>" if datatype else f"@{language}" if language else ""
            self.lines.append(f"<{subject}> <{predicate}> {_quoted(value)}{tail} .\n")

    def day(self, subject: str, predicate: str, value: str | None) -> None:
        """A day that may be known to the year or the month only."""
        if value:
            self.say(subject, predicate, value, {4: XSD.gYear, 7: XSD.gYearMonth}.get(len(value), XSD.date))

    def number(self, subject: str, predicate: str, value: int) -> None:
        self.say(subject, predicate, str(value), XSD.integer)

    def document(self, d: Document) -> None:
        iri = self.ids.document(d.name)
        self.link(iri, RDF.type, PKG.PolicyDocument)
        if d.effect_level:
            self.link(iri, RDF.type, CLASS_IRI[d.effect_level])
        self.say(iri, DCTERMS.title, d.title)
        for title in d.alternative_titles:
            self.say(iri, DCTERMS.alternative, title)
        for number in d.numbers:
            self.say(iri, PKG.documentNumber, number)
        for name in d.issuers:
            self.agencies.add(name)
            self.link(iri, PKG.issuer, self.ids.agency(name))
        for recipient in dict.fromkeys(d.recipients):
            self.say(iri, PKG.recipient, recipient)
        self.say(iri, PKG.documentType, d.document_type)
        if d.jurisdiction:
            self.regions.add(d.jurisdiction)
            self.link(iri, PKG.jurisdiction, self.ids.region(d.jurisdiction))
        self.say(iri, DCTERMS.issued, d.issued, XSD.date)
        for day in sorted({day for p in d.passages for day in p.adopted}):
            self.say(iri, PKG.adoptedDate, day, XSD.date)
        self.say(iri, PKG.effectiveDate, d.effective_date, XSD.date)
        self.say(iri, PKG.effectiveDateBasis, d.effective_basis)
        self.say(iri, PKG.expiryDate, d.expiry_date, XSD.date)
        self.say(iri, PKG.inCorpus, "true" if d.passages else "false", XSD.boolean)
        for alias in d.aliases:
            self.link(iri, PKG.alias, self.ids.document(alias))
        for name in sorted({name for p in d.passages for name in p.agencies}):
            self.agencies.add(name)
            self.link(iri, PKG.mentionsAgency, self.ids.agency(name))
        for code in sorted({code for p in d.passages for code in p.regions}):
            self.regions.add(code)
            self.link(iri, PKG.mentionsRegion, self.ids.region(code))
        for url in dict.fromkeys(url for p in d.passages for url in p.urls):
            self.say(iri, DCTERMS.source, url)
        for p in d.passages:
            passage = self.ids.passage(p.file, p.start_line, p.end_line)
            self.link(iri, PKG.printedIn, passage)
            for saying in p.statements:
                if saying.states == "effective_date" and p.effective_date == d.effective_date or saying.states == "expiry_date" and p.expiry_date == d.expiry_date:
                    self.statement(iri, p, passage, saying)

    def statement(self, document: str, p: PassageRecord, passage: str, saying: Statement) -> None:
        iri = self.ids.statement(p.file, saying.start, saying.end, saying.states)
        self.link(iri, RDF.type, PKG.Statement)
        self.link(iri, PKG.about, document)
        self.link(iri, PKG.states, PKG.effectiveDate if saying.states == "effective_date" else PKG.expiryDate)
        self.say(iri, PKG.quote, saying.quote)
        self.say(iri, PKG.sentence, saying.sentence)
        self.link(iri, PKG.inPassage, passage)
        self.number(iri, PKG.startLine, saying.line)
        self.number(iri, PKG.startOffset, saying.start)
        self.number(iri, PKG.endOffset, saying.end)

    def file(self, f: FileRecord) -> None:
        whole = self.ids.compilation(f.file)
        self.link(whole, RDF.type, PKG.Compilation)
        self.say(whole, DCTERMS.title, f.compilation_title or (f.passages[0].title if f.passages else f.file))
        self.say(whole, PKG.sourceFile, f.file)
        for p in f.passages:
            iri = self.ids.passage(p.file, p.start_line, p.end_line)
            self.link(iri, RDF.type, PKG.Passage)
            self.say(iri, PKG.sourceFile, p.file)
            self.number(iri, PKG.startLine, p.start_line)
            self.number(iri, PKG.endLine, p.end_line)
            self.number(iri, PKG.startOffset, p.start)
            self.number(iri, PKG.endOffset, p.end)
            self.say(iri, PKG.section, p.section)
            self.link(iri, DCTERMS.isPartOf, whole)

    def reference(self, resolved: ResolvedReference) -> None:
        r, p = resolved.reference, resolved.passage
        iri = self.ids.reference(p.file, r.start, r.end) + ("-by" if resolved.told_by_cited else "")
        self.link(iri, RDF.type, PKG.Reference)
        self.link(iri, PKG.citingDocument, self.ids.document(resolved.citing))
        self.link(iri, PKG.citedDocument, self.ids.document(resolved.cited))
        self.link(iri, PKG.relation, RELATION_IRI[r.relation])
        for provision in r.provisions:
            self.say(iri, PKG.provision, provision)
        self.say(iri, PKG.scope, r.scope)
        self.say(iri, PKG.quote, r.quote)
        self.say(iri, PKG.sentence, r.sentence)
        self.say(iri, PKG.trigger, r.trigger)
        passage = self.ids.passage(p.file, p.start_line, p.end_line)
        self.link(iri, PKG.inPassage, passage)
        self.link(iri, PROV.wasDerivedFrom, self.ids.correction(p.file, p.start_line) if resolved.correction else passage)
        if resolved.correction:
            self.row(resolved.correction)
        self.number(iri, PKG.startLine, r.line)
        self.number(iri, PKG.startOffset, r.start)
        self.number(iri, PKG.endOffset, r.end)
        self.say(iri, PKG.effectiveDate, r.effective_date, XSD.date)
        self.say(iri, PKG.confidence, f"{r.confidence:.2f}", XSD.decimal)
        self.say(iri, PKG.resolvedBy, resolved.resolved_by)
        for candidate in resolved.candidates:
            self.link(iri, PKG.candidate, self.ids.document(candidate))

    def row(self, c: Correction) -> None:
        """The row of a corrections file is where an edge stands that a person added."""
        iri = self.ids.passage(c.file, c.line, c.line + c.row.count("\n"))
        self.link(iri, RDF.type, PKG.Passage)
        self.say(iri, PKG.sourceFile, c.file)
        for predicate, value in ((PKG.startLine, c.line), (PKG.endLine, c.line + c.row.count("\n")), (PKG.startOffset, c.start), (PKG.endOffset, c.end)):
            self.number(iri, predicate, value)
        self.link(iri, DCTERMS.isPartOf, self.ids.compilation(c.file))

    def correction(self, applied: AppliedCorrection) -> None:
        c = applied.correction
        iri = self.ids.correction(c.file, c.line)
        self.link(iri, RDF.type, PKG.Correction)
        self.say(iri, PKG.action, c.action)
        for name in applied.about:
            self.link(iri, PKG.about, self.ids.document(name))
        if len(applied.about) == 2:  # not as a reference's ends: a withdrawn edge is no reference
            self.link(iri, RDF.subject, self.ids.document(applied.about[0]))
            self.link(iri, RDF.object, self.ids.document(applied.about[1]))
        if applied.relation:
            self.link(iri, RDF.predicate, RELATION_IRI[applied.relation])
        elif c.action == "set_date":
            self.link(iri, RDF.predicate, {"issued": DCTERMS.issued, "effective": PKG.effectiveDate, "expiry": PKG.expiryDate}[c.relation or ""])
        self.say(iri, PKG.value, c.value)
        self.say(iri, PKG.reason, c.why)
        self.say(iri, DCTERMS.creator, c.who)
        self.say(iri, DCTERMS.date, c.date, XSD.date)
        self.say(iri, PKG.sourceFile, c.file)
        self.number(iri, PKG.startLine, c.line)

    def warning(self, w, nth: int) -> None:  # noqa: ANN001 - kg.model.Warning, whose name shadows the built-in
        iri = self.ids.warning(w.file, w.line, w.code, nth)
        self.link(iri, RDF.type, PKG.Warning)
        self.say(iri, PKG.code, w.code)
        self.say(iri, PKG.message, w.message)
        self.say(iri, PKG.sourceFile, w.file)
        if w.line:
            self.number(iri, PKG.startLine, w.line)

    def add_owners(self) -> None:
        """The bodies that departments and offices belong to are described as well."""
        self.agencies.update([owner for name in sorted(self.agencies) if (owner := agencies.owner(name))])

    def change(self, event: ChangeEvent) -> None:
        iri = self.ids.change(event.name)
        self.link(iri, RDF.type, ORG.ChangeEvent)
        self.say(iri, RDFS.label, event.label_zh, language="zh")
        self.say(iri, RDFS.label, event.label_en, language="en")
        self.day(iri, DCTERMS.date, event.date)
        for name in event.formers:
            self.agencies.add(name)
            self.link(iri, ORG.originalOrganization, self.ids.agency(name))
        if event.successor:
            self.agencies.add(event.successor)
            self.link(iri, ORG.resultingOrganization, self.ids.agency(event.successor))

    def agency(self, name: str) -> None:
        iri = self.ids.agency(name)
        self.link(iri, RDF.type, PKG.Agency)
        self.link(iri, RDF.type, ORG + "Organization")
        self.say(iri, SKOS.prefLabel, name)
        for label in labels(name):
            if label != name:
                self.say(iri, SKOS.altLabel, label)
        first, last = lifetime(name)
        self.day(iri, PKG.validFrom, first)
        self.day(iri, PKG.validUntil, last)
        owner = agencies.owner(name)
        if owner in self.agencies:
            self.link(iri, ORG.subOrganizationOf, self.ids.agency(owner))

    def region(self, code: str) -> None:
        iri = self.ids.region(code)
        self.link(iri, RDF.type, PKG.Region)
        self.say(iri, SKOS.notation, code)
        place = regions.region(code)
        if place is None:
            self.say(iri, SKOS.prefLabel, "全国" if code == regions.NATIONAL else code)
            return
        self.say(iri, SKOS.prefLabel, place.name)
        former = regions.former_names(code)
        path = regions.path(code)
        within = ["".join(path[n:]) for n in range(len(path) - 1)]  # 黑龙江省哈尔滨市南岗区, 哈尔滨市南岗区
        for label in dict.fromkeys((*place.short_names, *place.abbreviations, *former, *within)):
            self.say(iri, SKOS.altLabel, label)
        if place.valid_from > regions.FIRST_LIST:
            self.day(iri, PKG.validFrom, str(place.valid_from))
        self.day(iri, PKG.validUntil, str(place.valid_to) if place.valid_to else None)
        if place.parent:
            self.link(iri, SKOS.broader, self.ids.region(place.parent))
        successors = [s for s in place.successors if s != code] if place.valid_to else []
        for successor in successors:
            self.link(iri, DCTERMS.isReplacedBy, self.ids.region(successor))
        for other in (*([place.parent] if place.parent else []), *successors):
            if other not in self.regions:
                self.regions.add(other)
                self.region(other)
