"""Applies what persons corrected: file records and corrections in, the corrected corpus and a line for each that could not be applied out.

Titles, numbers and dates are corrected where they are printed, before documents are told apart, so that citations by the right number
find their document; merged documents and edges are corrected after. What is corrected wins over what was read.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import unquote

from kg.extract.document_number import normalise_number, number_key, parse_number
from kg.extract.document_type import document_type
from kg.extract.effect_level import effect_level
from kg.model import (
    AppliedCorrection,
    Corpus,
    Correction,
    Document,
    FileRecord,
    PassageRecord,
    Reference,
    Relation,
    ResolvedBy,
    ResolvedReference,
)
from kg.resolve.document import resolve
from kg.resolve.title_key import title_key
from kg.text import squeeze

_PLACE = re.compile(r"(.{1,400}):(\d{1,7})")
_ENDS: tuple[Relation, ...] = ("repeals", "replaces")
_DATE_FIELDS = {"issued": "issued", "effective": "effective_date", "expiry": "expiry_date"}
Place = tuple[str, int]  # file and first line of a passage


class _Unfit(Exception):
    """A correction that cannot be applied; the message says why and what to do."""


def resolve_corrected(files: Iterable[FileRecord], corrections: Sequence[Correction]) -> tuple[Corpus, list[str]]:
    """The corpus of the files as persons corrected it, and a line for each correction that could not be applied."""
    files = tuple(files)
    corpus = resolve(files)
    if not corrections:
        return corpus, []
    applied: dict[int, AppliedCorrection] = {}
    problems: dict[int, str] = {}

    def attempt(n: int, step) -> None:  # noqa: ANN001 - a function without arguments that returns an AppliedCorrection
        try:
            applied[n] = step()
        except _Unfit as fault:
            problems[n] = f"{corrections[n].file}:{corrections[n].line}: {fault}; the row was left out"

    printed = _Printed(corpus)
    for n, c in enumerate(corrections):
        if c.action in ("split", "retitle", "renumber", "set_date"):
            attempt(n, lambda c=c: printed.correct(c))
    if printed.changed or printed.apart:
        corpus = printed.resolved(files)
    edges = _Edges(corpus)
    for n, c in enumerate(corrections):
        if n not in problems and c.action in ("merge", "add", "withdraw"):
            attempt(n, lambda c=c: edges.correct(c))
    known = {d.name for d in edges.documents.values()}
    final = tuple(replace(a, about=tuple(printed.now(name, corpus) if name not in known else name for name in a.about)) for _, a in sorted(applied.items()))
    return edges.corpus(final), [problems[n] for n in sorted(problems)]


class _Names:
    """Finds the document a person names."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.by_name: dict[str, list[Document]] = defaultdict(list)
        self.by_number: dict[str, list[Document]] = defaultdict(list)
        self.by_title: dict[str, list[Document]] = defaultdict(list)
        self.by_other: dict[str, list[Document]] = defaultdict(list)
        self.by_file: dict[str, list[Document]] = defaultdict(list)
        for d in documents:
            for name in (d.name, *d.aliases):
                self.by_name[_folded(name)].append(d)
            for number in d.numbers:
                self.by_number[number_key(number)].append(d)
            self.by_title[title_key(d.title)].append(d)
            for title in d.alternative_titles:
                self.by_other[title_key(title)].append(d)
            for file in {p.file for p in d.passages}:
                self.by_file[file].append(d)

    def find(self, what: str) -> tuple[Document, ResolvedBy]:
        found, how = self.all(what)
        if not found:
            raise _Unfit(f"no document is called {what!r}")
        if len(found) > 1:
            raise _Unfit(f"{what!r} stands for {len(found)} documents ({'; '.join(d.name for d in found[:4])}); name one by its number or IRI")
        return found[0], how

    def all(self, what: str) -> tuple[list[Document], ResolvedBy]:
        place = _PLACE.fullmatch(what)
        if place and place[1] in self.by_file:
            return [d for d in self.by_file[place[1]] if passage_at(d.passages, what)], "none"
        name = re.sub(r"^https?://.*?/document/", "", unquote(what))
        if name != what:
            return _once(self.by_name.get(_folded(name), [])), "alias"
        number = normalise_number(what)
        if number and (found := self.by_number.get(number_key(number))):
            return _once(found), "number"
        key = title_key(what.strip("《》"))
        for index, how in ((self.by_title, "title"), (self.by_other, "alias")):
            if found := index.get(key):
                exact = [d for d in found if _folded(d.name) == _folded(what)]
                return _once(exact or found), how
        return _once(self.by_name.get(_folded(what), [])), "alias"


def _once(found: Iterable[Document]) -> list[Document]:
    return list({d.name: d for d in found}.values())


def _folded(name: str) -> str:
    return re.sub(r"\s", "", name)


def passage_at(passages: Iterable[PassageRecord], place: str) -> PassageRecord | None:
    """The passage that holds a place written as file:line."""
    m = _PLACE.fullmatch(place)
    return next((p for p in passages if m and p.file == m[1] and p.start_line <= int(m[2]) <= p.end_line), None)


class _Printed:
    """Corrections of what is printed: titles, numbers and dates of passages, and which passage is a document of its own."""

    def __init__(self, corpus: Corpus) -> None:
        self.names = _Names(corpus.documents)
        self.before = {(p.file, p.start_line): d for d in corpus.documents for p in d.passages}
        self.changed: dict[Place, dict[str, object]] = defaultdict(dict)
        self.cited: dict[str, dict[str, object]] = defaultdict(dict)  # documents that are not printed, by name
        self.apart: set[Place] = set()

    def correct(self, c: Correction) -> AppliedCorrection:
        document, _ = self.names.find(c.subject)
        if c.action == "split":
            passage = passage_at(document.passages, c.object or "")
            if passage is None:
                raise _Unfit(f"{c.object!r} is no place where {document.name!r} is printed; write file:line, with the file as the build names it")
            if len(document.passages) < 2:
                raise _Unfit(f"{document.name!r} is printed in one place only; there is nothing to split")
            self.apart.add((passage.file, passage.start_line))
            return AppliedCorrection(c, (document.name,))
        change = self._change(c)
        at = passage_at(document.passages, c.subject)
        for p in [at] if at else document.passages:
            self.changed[p.file, p.start_line].update(change)
        if not document.passages:
            self.cited[document.name].update(change)
        return AppliedCorrection(c, (document.name,))

    def _change(self, c: Correction) -> dict[str, object]:
        if c.action == "retitle":
            return {"title": squeeze(c.value or "")}
        if c.action == "renumber":
            number = parse_number(c.value) if c.value else None
            if c.value and not number:
                raise _Unfit(f"{c.value!r} is no document number")
            return {"numbers": (number.text,) if number else ()}
        return {_DATE_FIELDS[c.relation or ""]: c.value}

    def resolved(self, files: Sequence[FileRecord]) -> Corpus:
        """The corpus of the corrected passages; a document also answers to the name it had before."""
        corpus = resolve([self._file(f) for f in files], apart=frozenset(self.apart))
        taken = {name for d in corpus.documents for name in (d.name, *d.aliases)}
        documents = []
        for d in corpus.documents:
            former = {self.before[place].name for p in d.passages if (place := (p.file, p.start_line)) in self.before} - taken
            change = self.cited.get(d.name)
            if change and not d.passages:
                d = replace(d, **change)  # type: ignore[arg-type]
            documents.append(replace(d, aliases=tuple(sorted({*d.aliases, *former}))) if former else d)
        return replace(corpus, documents=tuple(documents))

    def _file(self, f: FileRecord) -> FileRecord:
        if not any((p.file, p.start_line) in self.changed for p in f.passages):
            return f
        return replace(f, passages=tuple(self._passage(p) for p in f.passages))

    def _passage(self, p: PassageRecord) -> PassageRecord:
        change = self.changed.get((p.file, p.start_line))
        if not change:
            return p
        kept = tuple(s for s in p.statements if s.states not in change)  # the words that told the other date
        if "effective_date" in change:
            change = {**change, "effective_basis": "stated" if change["effective_date"] else None}
        return replace(p, **change, statements=kept)  # type: ignore[arg-type]

    def now(self, name: str, corpus: Corpus) -> str:
        """The name that the document called `name` before has in the corrected corpus."""
        places = {place for place, d in self.before.items() if d.name == name}
        return next((d.name for d in corpus.documents if any((p.file, p.start_line) in places for p in d.passages)), name)


class _Edges:
    """Corrections of what stands between documents: merged ones, added and withdrawn edges."""

    def __init__(self, corpus: Corpus) -> None:
        self.before = corpus
        self.documents = {d.name: d for d in corpus.documents}
        self.references = list(corpus.references)
        self.names = _Names(corpus.documents)

    def correct(self, c: Correction) -> AppliedCorrection:
        subject, _ = self.names.find(c.subject)
        if c.action == "merge":
            other, _ = self.names.find(c.object or "")
            return self._merge(c, subject, other)
        if c.action == "withdraw":
            return self._withdraw(c, subject, self.names.find(c.object or "")[0])
        found, how = self.names.all(c.object or "")
        target, how = (self._unknown(c.object or ""), "none") if not found else self.names.find(c.object or "")
        return self._add(c, subject, target, how)

    def _merge(self, c: Correction, subject: Document, other: Document) -> AppliedCorrection:
        if subject.name == other.name:
            raise _Unfit("subject and object are one document already")
        passages = tuple(sorted((*subject.passages, *other.passages), key=lambda p: (p.file, p.start_line)))
        filled = {field: getattr(subject, field) or getattr(other, field) for field in (
            "issuers", "recipients", "document_type", "effect_level", "jurisdiction", "issued", "effective_date", "effective_basis", "expiry_date")}
        titles = dict.fromkeys((*subject.alternative_titles, other.title, *other.alternative_titles))
        merged = replace(
            subject, alternative_titles=tuple(sorted(t for t in titles if t != subject.title)), passages=passages,
            numbers=tuple(dict.fromkeys((*subject.numbers, *other.numbers))),
            aliases=tuple(sorted({*subject.aliases, other.name, *other.aliases} - {subject.name})), **filled)
        del self.documents[other.name]
        self.documents[subject.name] = merged
        names = {other.name: subject.name}
        moved = []
        for r in self.references:
            candidates = tuple(dict.fromkeys(names.get(n, n) for n in r.candidates))
            cited, how = names.get(r.cited, r.cited), r.resolved_by
            if r.candidates and len(candidates) == 1:
                cited, how, candidates = candidates[0], "title", ()
            if names.get(r.citing, r.citing) != cited:
                moved.append(replace(r, citing=names.get(r.citing, r.citing), cited=cited, resolved_by=how, candidates=candidates))
        self.references = moved
        self._renew()
        return AppliedCorrection(c, (subject.name,))

    def _add(self, c: Correction, subject: Document, target: Document, how: ResolvedBy) -> AppliedCorrection:
        if subject.name == target.name:
            raise _Unfit("subject and object are one document; an edge leads to another")
        relation: Relation = c.relation  # type: ignore[assignment]
        effective = c.value or ((subject.effective_date or subject.issued) if relation in (*_ENDS, "amends") else None)
        reference = Reference(c.start, c.end, c.line, c.row, c.row, relation, title=target.title, effective_date=effective)
        place = PassageRecord(c.file, c.start, c.end, c.line, c.line + c.row.count("\n"), c.row)
        self.references.append(ResolvedReference(reference, place, subject.name, target.name, how, correction=c))
        return AppliedCorrection(c, (subject.name, target.name), relation)

    def _withdraw(self, c: Correction, subject: Document, target: Document) -> AppliedCorrection:
        relation: Relation | None = c.relation  # type: ignore[assignment]
        wanted = {relation, *(_ENDS if relation == "supersedes" else ())}
        kept = [r for r in self.references
                if not (r.citing == subject.name and r.cited == target.name and (relation is None or r.reference.relation in wanted))]
        if len(kept) == len(self.references):
            raise _Unfit(f"{subject.name!r} has no {relation or 'edge'} to {target.name!r}")
        self.references = kept
        return AppliedCorrection(c, (subject.name, target.name), relation)

    def _unknown(self, what: str) -> Document:
        """A document that no source names: it is told by 《title》 or by its number, so that a slip of the pen makes none."""
        number, quoted = parse_number(what), re.fullmatch("《(.{2,200})》", what)
        if not (number or quoted):
            raise _Unfit(f"no document is called {what!r}; write an unknown one as 《title》 or by its number")
        title = quoted[1] if quoted else number.text  # type: ignore[union-attr]
        name = re.sub(r'[\s《》〈〉<>"{}|\\^`]', "", title)
        if name in self.documents:
            raise _Unfit(f"no document is called {what!r}, but one is named {name!r}; use its IRI")
        document = Document(name, title, (), (number.text,) if number else (), (), (), document_type(title), effect_level(title, number, ()),
                            None, None, None, None, None, ())
        self.documents[name] = document
        self._renew()
        return document

    def _renew(self) -> None:
        self.names = _Names(self.documents.values())

    def corpus(self, applied: tuple[AppliedCorrection, ...]) -> Corpus:
        """The corrected corpus, without documents that only withdrawn or merged citations told of."""
        told = {name for r in self.references for name in (r.citing, r.cited, *r.candidates)} | {name for a in applied for name in a.about}
        documents = tuple(sorted((d for d in self.documents.values() if d.passages or d.name in told), key=lambda d: d.name))
        return replace(self.before, documents=documents, references=tuple(self.references), corrections=applied)
