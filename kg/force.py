"""What a graph knows of the force of documents: a store goes in; documents by any of their names, their days, and what ended or changed them come out.

Days are ISO dates as the graph holds them; one that names only its month or year stands for all of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import unquote

from pyoxigraph import BlankNode, NamedNode, Store, Triple

from kg.errors import UsageError
from kg.extract.date import find_dates, parse_date
from kg.extract.document_number import find_numbers, parse_number
from kg.graph.namespaces import DCTERMS, PKG, RELATION_OF_IRI
from kg.lookup import folded, value, values
from kg.model import Relation
from kg.resolve.title_key import title_key, without_issuer

ENDING: tuple[Relation, ...] = ("repeals", "replaces", "supersedes")  # the most specific first
CHANGING: tuple[Relation, ...] = (*ENDING, "amends")
SAME_ACT = timedelta(days=366)  # adoption, approval and publication of one text lie within a year; a later day is a revision
_IRI_OF = {relation: iri for iri, relation in RELATION_OF_IRI.items()}
_NAMED_DAY = re.compile(r"\(((?:19|20)\d{2}(?:-\d{2}){0,2})\)$")  # 信访条例(2005-01-10)
_NEXT_NAME = re.compile("》[、，；和及以与]|。")  # what stands before is about another document
_INNER_NAME = re.compile("《[^》]{0,80}》|〈[^〉]{0,80}〉")
_CHANGED = re.compile("修正|修改|修订")
_TAIL = re.compile(r"[（(]([^（）()]{4,40})[）)]$")
_ISO = re.compile(r"\d{4}(?:-\d{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Saying:
    """One saying that a document ends or changes another, with its place; what the graph does not know is None."""

    relation: Relation
    by: str  # IRI of the document that says it
    day: str | None  # when it takes effect
    made: str | None  # when the document that says it was first adopted or issued
    scope: str
    provisions: tuple[str, ...]
    certain: bool  # False: this document is one of several that the words fit, and none was chosen
    quote: str | None
    sentence: str | None
    file: str | None
    line: int | None


    def told_changes(self) -> list[str]:
        """Days on which the sentence says the document named in it was amended: …通过，2012年1月13日…修正的《X条例》同时废止."""
        sentence, quote = self.sentence or "", self.quote or ""
        at = sentence.find(quote) if quote else -1
        if at < 0:
            return []
        about = sentence[max((m.end() for m in _NEXT_NAME.finditer(sentence, 0, at)), default=0): at]
        about = _INNER_NAME.sub(lambda m: "　" * len(m[0]), about)
        days = find_dates(about)
        ends = [*(day.start for day in days), len(about)][1:]
        return [day.iso for day, end in zip(days, ends, strict=True) if _CHANGED.search(about, day.end, end)]


@dataclass(frozen=True, slots=True)
class Facts:
    """A document's days and where it is printed; `first` is the earliest day on which the graph knows it to have been made."""

    iri: str
    title: str
    number: str | None
    in_corpus: bool
    issued: str | None
    made: tuple[str, ...]  # every day of adoption, approval, issue or revision, sorted
    effective: str | None
    presumed: bool  # the day of effect is not stated; it is the one the rules give to a text that is silent
    expiry: str | None
    file: str | None
    line: int | None

    @property
    def first(self) -> str | None:
        return self.made[0] if self.made else None


class Documents:
    """The documents of one graph. Names are read once, so that many questions cost little more than one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._names: tuple[dict[str, list[str]], ...] | None = None
        self._facts: dict[str, Facts] = {}
        self._sayings: dict[str, tuple[Saying, ...]] = {}

    # ---- finding -------------------------------------------------------------------------------------------------------------

    def find(self, what: str, edition: str | None = None) -> list[str]:
        """The documents that `what`, a number, a title or an IRI, may name, sorted; with `edition`, those made on that day.

        A title may lack 中华人民共和国 or the issuer before 关于, and may carry 《》, a number or a date in brackets behind it.
        """
        what = what.strip()
        if re.match(r"<?(?:https?|urn):", what):
            return self._by_iri(what.strip("<>"))
        for found in self._by_name(what):
            found = [iri for iri in found if not self._stands_for(iri, found)] or found
            if edition is None:
                return found
            fitting = [iri for iri in found if self.has_edition(iri, edition)]
            if fitting:  # its own day of issue says more than a day that its note tells of
                return [iri for iri in fitting if _same_day(self.facts(iri).issued or "", edition)] or fitting
        tail = _TAIL.search(what)
        if tail and edition is None and (day := parse_date(tail[1]) or (tail[1] if _ISO.fullmatch(tail[1]) else None)):
            return self.find(what[: tail.start()], day)
        if tail and (numbers := find_numbers(tail[1])):
            return self.find(numbers[0].number.text, edition)
        return []

    def _stands_for(self, iri: str, others: list[str]) -> bool:
        """Whether the node only holds the place of one of the others, between which a citation could not choose."""
        if self.facts(iri).in_corpus or self.facts(iri).made:
            return False
        sayings = self.store.quads_for_pattern(None, NamedNode(PKG.citedDocument), NamedNode(iri))
        return any(set(values(self.store, q.subject.value, PKG.candidate)) & set(others) - {iri} for q in sayings)

    def called(self, what: str) -> list[str]:
        """The documents of that name, whatever their edition."""
        return next(self._by_name(what), [])

    def nearest(self, what: str, edition: str) -> list[str]:
        """Where no document of that name is known to have been made on that day: those made within a year of it, a statute's adoption,
        approval and publication being days of one act; else those of which no day is known."""
        day = whole_day(edition)
        for found in self._by_name(what):
            days = {iri: [d for made in self.facts(iri).made if (d := whole_day(made))] for iri in found}
            near = [iri for iri in found if day and any(abs(d - day) < SAME_ACT for d in days[iri])]
            if near or any(not self.facts(iri).made for iri in found):
                return near or [iri for iri in found if not self.facts(iri).made]
        return []

    def has_edition(self, iri: str, edition: str) -> bool:
        """Whether the document was made on that day, or in that month or year where only those are known."""
        return any(_same_day(day, edition) for day in self.facts(iri).made)

    def _by_iri(self, what: str) -> list[str]:
        for iri in dict.fromkeys((what, unquote(what))):
            try:
                node = NamedNode(iri)
            except ValueError:
                continue
            if self._is_document(node):
                return [iri]
            renamed = {q.subject.value for q in self.store.quads_for_pattern(None, NamedNode(PKG.alias), node) if self._is_document(q.subject)}
            if renamed:
                return sorted(renamed)
        return []

    def _is_document(self, node: NamedNode | BlankNode | Triple) -> bool:
        return next(self.store.quads_for_pattern(node, NamedNode(PKG.inCorpus), None), None) is not None

    def _by_name(self, what: str) -> Iterator[list[str]]:
        """Lists of documents that bear the name, the surest kind of name first."""
        numbers, titles, others, shortened = self._index()
        title = what.removeprefix("《").removesuffix("》") if what.count("《") == 1 else what
        for index, key in ((numbers, _number_key(what)), (titles, title_key(title)), (others, title_key(title)),
                           (shortened, without_issuer(title)[1]), (shortened, title_key(title).replace("中华人民共和国", ""))):
            if key and key in index:
                yield index[key]

    def _index(self) -> tuple[dict[str, list[str]], ...]:
        if self._names is None:
            documents = {q.subject for q in self.store.quads_for_pattern(None, NamedNode(PKG.inCorpus), None)}
            numbers, titles, others, shortened = (defaultdict(set) for _ in range(4))
            for predicate, index in ((PKG.documentNumber, numbers), (DCTERMS.title, titles), (DCTERMS.alternative, others)):
                for quad in self.store.quads_for_pattern(None, NamedNode(predicate), None):
                    if quad.subject not in documents:
                        continue
                    name, iri = quad.object.value, quad.subject.value
                    index[_number_key(name) if index is numbers else title_key(name)].add(iri)
                    if index is titles:
                        shortened[without_issuer(name)[1]].add(iri)
                        shortened[title_key(name).replace("中华人民共和国", "")].add(iri)  # 山东省实施〈中华人民共和国渔业法〉办法
            self._names = tuple({key: sorted(iris) for key, iris in index.items()} for index in (numbers, titles, others, shortened))
        return self._names

    # ---- what is known of one ------------------------------------------------------------------------------------------------

    def facts(self, iri: str) -> Facts:
        if iri not in self._facts:
            issued = value(self.store, iri, DCTERMS.issued)
            named = [m[1] for name in (iri, *values(self.store, iri, PKG.alias)) if (m := _NAMED_DAY.search(name))]
            days = {*values(self.store, iri, PKG.adoptedDate), *named, *([issued] if issued else [])}
            former = max(self._days_of_former_editions(iri), default="")
            if any(day > former for day in days):  # the note of a new edition tells the days of the former ones too
                days = {day for day in days if day > former}
            number = value(self.store, iri, PKG.documentNumber)
            file, line = min((self._place(p) for p in values(self.store, iri, PKG.printedIn)), default=(None, None))
            self._facts[iri] = Facts(
                iri, value(self.store, iri, DCTERMS.title) or number or iri, number, value(self.store, iri, PKG.inCorpus) == "true", issued,
                tuple(sorted(days)), value(self.store, iri, PKG.effectiveDate), value(self.store, iri, PKG.effectiveDateBasis) == "presumed", value(self.store, iri, PKG.expiryDate), file, line,
            )
        return self._facts[iri]

    def _days_of_former_editions(self, iri: str) -> Iterator[str]:
        title = title_key(value(self.store, iri, DCTERMS.title) or "")
        for other in values(self.store, iri, PKG.supersedes):
            if other != iri and title_key(value(self.store, other, DCTERMS.title) or "") == title:
                yield from values(self.store, other, DCTERMS.issued)

    def sayings(self, iri: str) -> tuple[Saying, ...]:
        """Everything said to end or change the document, in the order of its days, those without a day last."""
        if iri not in self._sayings:
            found = [*self._references(iri, PKG.citedDocument), *self._references(iri, PKG.candidate)]
            said = {(s.relation, s.by) for s in found} | {(r, s.by) for s in found if s.scope == "partial" for r in CHANGING}
            bare: dict[str, Saying] = {}
            for relation in CHANGING:  # an edge that no reference explains, as one a person added
                for q in self.store.quads_for_pattern(None, NamedNode(_IRI_OF[relation]), NamedNode(iri)):
                    by = q.subject.value
                    if by not in bare and not any((r, by) in said for r in (ENDING if relation in ENDING else ("amends",))):
                        bare[by] = Saying(relation, by, self._day_of(by), self.facts(by).first, "whole", (), True, None, None, *self._printed(by))
            ordered = sorted([*found, *bare.values()], key=lambda s: (s.day or "9999", s.by, s.file or "", s.line or 0, s.sentence or ""))
            self._sayings[iri] = tuple(s for s in ordered if s.by != iri)
        return self._sayings[iri]

    def stated(self, iri: str, predicate: str) -> tuple[str | None, str | None, int | None]:
        """Sentence, file and line where the document states its day of effect or of lapse; where it is printed if no words are kept."""
        facts = self.facts(iri)
        places = []
        for quad in self.store.quads_for_pattern(None, NamedNode(PKG.about), NamedNode(iri)):
            said = quad.subject.value
            if predicate not in values(self.store, said, PKG.states):
                continue
            passage, line = value(self.store, said, PKG.inPassage), value(self.store, said, PKG.startLine)
            file = value(self.store, passage, PKG.sourceFile) if passage else None
            places.append((file or "", int(line or 0), value(self.store, said, PKG.sentence)))
        if not places:
            return None, facts.file, facts.line
        file, line_number, sentence = min(places, key=lambda p: (p[0], -p[1], p[2] or ""))
        return sentence, file or None, line_number or None

    def targets(self, iri: str) -> list[str]:
        """The documents that this one is said to end or change, sorted."""
        node = NamedNode(iri)
        return sorted({q.object.value for r in CHANGING for q in self.store.quads_for_pattern(node, NamedNode(_IRI_OF[r]), None)} - {iri})

    def _references(self, iri: str, role: str) -> Iterator[Saying]:
        for quad in self.store.quads_for_pattern(None, NamedNode(role), NamedNode(iri)):
            reference = quad.subject.value
            relation = RELATION_OF_IRI.get(value(self.store, reference, PKG.relation) or "")
            by = value(self.store, reference, PKG.citingDocument)
            if relation not in CHANGING or by is None:
                continue
            passage = value(self.store, reference, PKG.inPassage)
            line = value(self.store, reference, PKG.startLine)
            day = value(self.store, reference, PKG.effectiveDate) or self._day_of(by)
            # Of several candidates the one that alone was left by then is meant: nobody repeals what is already repealed.
            certain = role == PKG.citedDocument or bool(day) and all(
                self._ended_before(other, day) for other in values(self.store, reference, PKG.candidate) if other != iri)
            yield Saying(
                relation, by, day, self.facts(by).first,
                value(self.store, reference, PKG.scope) or "whole", tuple(values(self.store, reference, PKG.provision)), certain,
                value(self.store, reference, PKG.quote), value(self.store, reference, PKG.sentence), value(self.store, passage, PKG.sourceFile) if passage else None, int(line) if line else None,
            )

    def _ended_before(self, iri: str, day: str) -> bool:
        for quad in self.store.quads_for_pattern(None, NamedNode(PKG.citedDocument), NamedNode(iri)):
            reference = quad.subject.value
            by, relation = value(self.store, reference, PKG.citingDocument), value(self.store, reference, PKG.relation)
            if by and RELATION_OF_IRI.get(relation or "") in ENDING and value(self.store, reference, PKG.scope) != "partial":
                ended = value(self.store, reference, PKG.effectiveDate) or self._day_of(by)
                if ended and ended < day:
                    return True
        return False

    def _day_of(self, iri: str) -> str | None:
        facts = self.facts(iri)
        return facts.effective or facts.issued

    def _printed(self, iri: str) -> tuple[str | None, int | None]:
        facts = self.facts(iri)
        return facts.file, facts.line

    def _place(self, passage: str) -> tuple[str, int]:
        return value(self.store, passage, PKG.sourceFile) or "", int(value(self.store, passage, PKG.startLine) or 0)


def as_day(text: str | date | None, *, whole: bool = True) -> str | None:
    """A day as an ISO date, from a date, an ISO date or 2022年3月1日; None stays None. Raises `UsageError` for anything else.

    With `whole=False` a year or a month is taken as well: 2006, 2006-05.
    """
    if text is None or isinstance(text, date):
        return text.isoformat() if text else None
    text = text.strip()
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        found = parse_date(text) if "年" in text else text if not whole and _ISO.fullmatch(text) else None
        if found:
            return found
    raise UsageError(f"{text!r} is not a day; write it as 2022-03-01 · 日期请写作 2022-03-01")


def whole_day(text: str | None) -> date | None:
    """A day, or None where only its month or year is known."""
    try:
        return date.fromisoformat(text) if text and len(text) == 10 else None
    except ValueError:
        return None


def _same_day(day: str, asked: str) -> bool:
    """Equal, or one is the month or year of the other."""
    return bool(day) and (day.startswith(asked) or asked.startswith(day))


def _number_key(number: str) -> str:
    parsed = parse_number(number)
    return folded(parsed.text if parsed else number).replace("中华人民共和国", "")
