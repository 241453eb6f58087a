"""Compares what a store says of documents, dates, numbers and edges: a store in, findings of contradictions out, each with its evidence."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import NamedNode, Store

from kg.agencies import agency_by_name, changes, owner
from kg.extract.document_number import find_numbers, issuers_of_number, parse_number
from kg.graph.namespaces import CLASS_IRI, DCTERMS, PKG, RDF, RELATION_OF_IRI, SKOS
from kg.lookup import value
from kg.regions import region_of_agency
from kg.resolve.title_key import bare_key, issued_text, title_key, without_issuer
from kg.statutes import statute_by_name


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a source says it: its sentence, or the head of the document where the whole document is the evidence."""

    sentence: str
    file: str | None
    line: int | None


@dataclass(eq=False)
class Document:
    iri: str
    title: str = ""
    in_corpus: bool = False
    titles: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    issuers: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    issued: str | None = None
    effective: str | None = None
    adopted: list[str] = field(default_factory=list)
    jurisdiction: str | None = None
    passages: list[tuple[str, int, int]] = field(default_factory=list)  # file, first and last line

    @property
    def first_day(self) -> str | None:
        return min((d for d in (self.issued, *self.adopted) if d), default=None)

    @property
    def last_day(self) -> str | None:
        return max((d for d in (self.issued, self.effective, *self.adopted) if d), default=None)

    @property
    def named(self) -> str:
        number = self.numbers[0] if self.numbers and self.numbers[0] != self.title else None
        return f"《{self.title}》" + (f"（{number}）" if number else "")

    def head(self) -> tuple[Evidence, ...]:
        words = "，".join(w for w in (f"《{self.title}》", *self.numbers, self.issued or "") if w)
        return tuple(Evidence(words, file, line) for file, line, _ in self.passages)


Found = tuple[str, dict[str, str], list[Document], list[Evidence]]


# ---- what the store says -------------------------------------------------------------------------------------------------------


class Facts:
    """The documents of a store by IRI, with what the checks compare; sentences are read when a finding needs them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.documents: dict[str, Document] = {}
        for iri, mark in self.pairs(PKG.inCorpus):
            self.documents[iri] = Document(iri, in_corpus=mark == "true")
        agencies = dict(self.pairs(SKOS.prefLabel))
        codes = dict(self.pairs(SKOS.notation))
        for predicate, put in (
            (DCTERMS.title, lambda d, v: setattr(d, "title", v)), (DCTERMS.alternative, lambda d, v: d.titles.append(v)),
            (PKG.documentNumber, lambda d, v: d.numbers.append(v)), (PKG.issuer, lambda d, v: d.issuers.append(agencies.get(v, v))),
            (RDF.type, lambda d, v: d.types.append(v)), (DCTERMS.issued, lambda d, v: setattr(d, "issued", v)),
            (PKG.effectiveDate, lambda d, v: setattr(d, "effective", v)), (PKG.adoptedDate, lambda d, v: d.adopted.append(v)),
            (PKG.jurisdiction, lambda d, v: setattr(d, "jurisdiction", codes.get(v))),
        ):
            for iri, found in sorted(self.pairs(predicate)):
                if iri in self.documents:
                    put(self.documents[iri], found)
        places = {iri: (file, 0, 0) for iri, file in self.pairs(PKG.sourceFile)}
        first, last = dict(self.pairs(PKG.startLine)), dict(self.pairs(PKG.endLine))
        for iri, passage in sorted(self.pairs(PKG.printedIn)):
            if iri in self.documents and passage in places:
                self.documents[iri].passages.append((places[passage][0], int(first[passage]), int(last[passage])))
        for d in self.documents.values():
            d.passages.sort()
        citing, cited = dict(self.pairs(PKG.citingDocument)), dict(self.pairs(PKG.citedDocument))
        self.references: list[tuple[str, Document, Document, str]] = []  # reference, citing, cited, relation
        for reference, relation in sorted(self.pairs(PKG.relation)):
            ends = self.documents.get(citing.get(reference, "")), self.documents.get(cited.get(reference, ""))
            if ends[0] and ends[1] and relation in RELATION_OF_IRI:
                self.references.append((reference, ends[0], ends[1], RELATION_OF_IRI[relation]))

    def pairs(self, predicate: str) -> Iterator[tuple[str, str]]:
        for quad in self.store.quads_for_pattern(None, NamedNode(predicate), None):
            yield quad.subject.value, quad.object.value

    def evidence(self, reference: str) -> Evidence:
        line = value(self.store, reference, PKG.startLine)
        passage = value(self.store, reference, PKG.inPassage)
        file = value(self.store, passage, PKG.sourceFile) if passage else None
        return Evidence(value(self.store, reference, PKG.sentence) or "", file, int(line) if line else None)

    def printed_at(self, file: str | None, line: int) -> Document | None:
        return next((d for d in self._by_file().get(file or "", ()) if any(f == file and a <= line <= z for f, a, z in d.passages)), None)

    def _by_file(self) -> dict[str, list[Document]]:
        if not hasattr(self, "_files"):
            self._files: dict[str, list[Document]] = defaultdict(list)
            for d in self.documents.values():
                for file in {f for f, _, _ in d.passages}:
                    self._files[file].append(d)
        return self._files


# ---- the checks ----------------------------------------------------------------------------------------------------------------

_PARTS = {"title": "标题", "number": "文号", "issued": "成文日期", "effective date": "施行日期"}
_REPORTED = frozenset(
    "contents_number_shared contents_number_differs contents_number_repaired contents_title_differs contents_item_not_found not_in_contents printings_differ".split())
_QUOTED = re.compile(r"'([^']{2,200})'")


def _reported(facts: Facts) -> Iterator[Found]:
    """What reading met: the warnings of the graph whose code is a kind of conflict."""
    for warning, code in sorted(facts.pairs(PKG.code)):
        if code not in _REPORTED:  # two documents of one number are compared below, whoever met them
            continue
        file, line = value(facts.store, warning, PKG.sourceFile), int(value(facts.store, warning, PKG.startLine) or 0)
        message = value(facts.store, warning, PKG.message) or ""
        document = facts.printed_at(file, line)
        numbers = [m.number.text for m in find_numbers(message)][:2]
        documents = [document] if document else []
        evidence = [Evidence(message, file, line or None)]
        if code == "contents_number_shared":
            others = [d for d in facts.documents.values() if set(d.numbers) & set(numbers) and d is not document and any(f == file for f, _, _ in d.passages)]
            documents += others
            evidence += [e for d in others for e in d.head()]
        part, _, values = message.partition(": ")
        words = {"document": document.named if document else "", "numbers": " / ".join(dict.fromkeys(numbers)),
                 "titles": " / ".join(f"《{t.strip('《》')}》" for t in _QUOTED.findall(message)), "part": part, "part_zh": _PARTS.get(part, part), "values": values,
                 "other": "；".join(d.named for d in documents[1:])}
        yield code, words, documents, evidence


_TOLD_AS_PAST = re.compile("废止|失效|代替|替代|取代|修订|修改|原《|旧")


def _cites_repealed(facts: Facts) -> Iterator[Found]:
    ended: dict[str, tuple[str, Document, str]] = {}
    ends: set[tuple[str, str]] = set()
    for reference, citing, cited, relation in facts.references:
        if relation not in ("repeals", "replaces", "supersedes"):
            continue
        ends.add((citing.iri, cited.iri))
        if value(facts.store, reference, PKG.scope) == "partial":
            continue
        since = value(facts.store, reference, PKG.effectiveDate) or citing.effective or citing.issued
        if since and (cited.iri not in ended or since < ended[cited.iri][0]):
            ended[cited.iri] = (since, citing, reference)
    days = _text_days(facts)
    seen: set[tuple[str, str]] = set()
    for reference, citing, cited, relation in facts.references:
        if relation in ("repeals", "replaces", "supersedes", "amends", "calls_for_revision") or (citing.iri, cited.iri) in seen or (citing.iri, cited.iri) in ends:
            continue
        known = statute_by_name(cited.title) if cited.iri not in ended else None
        if cited.iri in ended:
            since, by, saying = ended[cited.iri]
            if bare_key(by.title) == bare_key(cited.title) and value(facts.store, reference, PKG.resolvedBy) != "number":
                continue  # the title stands for the edition in force, whatever edition it was resolved to
            named, others, told = by.named, [by], [facts.evidence(saying)]
        elif known and known.repealed_on:
            since, named, others, told = known.repealed_on, f"《{known.repealed_by}》" if known.repealed_by else "", [], []
        else:
            continue
        day = days.get(value(facts.store, reference, PKG.inPassage) or "", citing.issued if len(citing.passages) < 2 else citing.first_day)
        if not day or since >= day or citing in others or PKG.Interpretation in citing.types:
            continue
        evidence = facts.evidence(reference)
        if _TOLD_AS_PAST.search(evidence.sentence):
            continue
        seen.add((citing.iri, cited.iri))
        yield ("cites_repealed", {"document": citing.named, "day": day, "other": cited.named, "by": named, "since": since},
               [citing, cited, *others], [evidence, *told])


def _text_days(facts: Facts) -> dict[str, str]:
    """The day of the text that each passage prints, where the note under its title tells of amendments: that of the last."""
    days: dict[str, str] = {}
    for reference, _, cited, relation in facts.references:
        if relation == "amends" and reference.endswith("-by") and (day := value(facts.store, reference, PKG.effectiveDate)):
            passage = value(facts.store, reference, PKG.inPassage) or ""
            days[passage] = max(day, days.get(passage, ""), cited.issued or "")
    return days


def _repealer_older(facts: Facts) -> Iterator[Found]:
    for reference, citing, cited, relation in facts.references:
        if relation in ("repeals", "replaces", "supersedes") and citing.last_day and cited.first_day and citing.last_day < cited.first_day:
            yield ("repealer_older", {"document": citing.named, "day": citing.last_day, "other": cited.named, "other_day": cited.first_day},
                   [citing, cited], [facts.evidence(reference), *cited.head()])


def _two_numbers(facts: Facts) -> Iterator[Found]:
    groups: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for d in facts.documents.values():
        if d.issued and d.numbers and d.title:
            groups[title_key(d.title), d.issued].append(d)
    for (_, day), group in sorted(groups.items()):
        numbers = sorted({n for d in group for n in d.numbers})
        if any(_of_one_series(a, b) for a in numbers for b in numbers if a < b):
            yield ("two_numbers", {"document": group[0].named, "day": day, "numbers": " / ".join(numbers)}, group, [e for d in group for e in d.head()])


def _of_one_series(a: str, b: str) -> bool:
    """Two numbers of one series: the same code, another year or serial. A number and a registration are two kinds of thing."""
    first, second = parse_number(a), parse_number(b)
    return bool(first and second and first.issuer_code and first.issuer_code == second.issuer_code and first.form == second.form
                and (first.year, first.serial) != (second.year, second.serial))


def _number_shared(facts: Facts) -> Iterator[Found]:
    groups: dict[str, list[Document]] = defaultdict(list)
    for d in facts.documents.values():
        for n in d.numbers:
            groups[n].append(d)
    for number, group in sorted(groups.items()):
        group = [d for d in group if d.title and d.title != number]
        for n, a in enumerate(group):
            for b in group[n + 1 :]:
                if (a.in_corpus or b.in_corpus) and not _may_share(number, a, b):
                    yield ("number_shared", {"numbers": number, "document": a.named, "other": b.named}, [a, b], [*a.head(), *b.head()])


def _may_share(number: str, a: Document, b: Document) -> bool:
    """Orders and announcements without a year are counted anew under each body and term of office; one year has each number once."""
    if "〔" not in number and not (a.issued and b.issued and a.issued[:4] == b.issued[:4]):
        return True
    return _alike(a.title, b.title)


def _alike(a: str, b: str) -> bool:
    forms = [{title_key(t), title_key(issued_text(t) or t), without_issuer(t)[1]} for t in (a, b)]
    return bool(forms[0] & forms[1]) or any(x in y or y in x for x in forms[0] for y in forms[1] if min(len(x), len(y)) >= 8)


def _cited_title(facts: Facts) -> Iterator[Found]:
    """A citation by number that words the title otherwise than the document, and everyone else, does."""
    for reference, citing, cited, _ in facts.references:
        if value(facts.store, reference, PKG.resolvedBy) != "number":
            continue
        quoted = re.search("《(.{6,200})》", re.sub(r"\s", "", value(facts.store, reference, PKG.quote) or ""))
        others = [t for t in (cited.title, *cited.titles) if quoted and t != quoted[1]]
        if quoted and others and not any(_alike(quoted[1], t) for t in others):
            yield ("cited_title_differs", {"document": citing.named, "numbers": cited.numbers[0] if cited.numbers else "", "titles": f"《{quoted[1]}》",
                                           "other": f"《{others[0]}》"}, [citing, cited], [facts.evidence(reference), *cited.head()])


def _number_issuer(facts: Facts) -> Iterator[Found]:
    for d in facts.documents.values():
        if not d.in_corpus or not d.issuers or not d.numbers or PKG.Interpretation in d.types:
            continue
        number = parse_number(d.numbers[0])
        if number is None or "〔" not in number.text:
            continue  # an order names its issuer in words, and may be one of several that publish a text together
        decoded = issuers_of_number(number, jurisdiction=d.jurisdiction)
        if decoded and not any(_one_line(a, b) for a in decoded for b in d.issuers):
            yield ("number_issuer_differs",
                   {"document": d.named, "numbers": d.numbers[0], "decoded": "、".join(decoded), "issuers": "、".join(d.issuers)}, [d], list(d.head()))


def _one_line(a: str, b: str) -> bool:
    """The same body, one of its offices, or one it became or came from."""
    return a == b or owner(a) == b or owner(b) == a or a.startswith(b) or b.startswith(a) or b in _kin(a)


@cache
def _kin(name: str) -> frozenset[str]:
    found, queue = {name}, [name]
    while queue:
        body = queue.pop()
        for c in changes():
            for x, y in ((c.former, c.successor), (c.successor, c.former)):
                if x == body and y and y not in found and c.kind != "transferred":
                    found.add(y)
                    queue.append(y)
    return frozenset(found)


_REGULATION = re.compile(r"条例(?:[（(](?:试行|暂行|草案)[）)])?$")
_RULE_CLASSES = {CLASS_IRI["DepartmentalRule"], CLASS_IRI["LocalGovernmentRule"], CLASS_IRI["NormativeDocument"]}
_KEPT_FROM_RULES = "1987-04-21"  # 行政法规制定程序暂行条例 第三条; 行政法规制定程序条例 第五条 has it still
_SIGNED_BY_PREMIER = "2000-07-01"  # 立法法 第六十一条; until then a ministry could publish what the State Council had approved


def _regulation_by_ministry(facts: Facts) -> Iterator[Found]:
    for d in facts.documents.values():
        if not (d.in_corpus and d.issuers and d.first_day and d.numbers and _RULE_CLASSES & set(d.types)):
            continue  # without a number the issuer is read from weaker signs
        local = all(region_of_agency(name) for name in d.issuers)
        if d.first_day < (_KEPT_FROM_RULES if local else _SIGNED_BY_PREMIER):
            continue
        if _REGULATION.search(issued_text(d.title) or d.title) and all(_makes_rules(name) for name in d.issuers):
            yield "regulation_by_ministry", {"document": d.named, "issuers": "、".join(d.issuers)}, [d], list(d.head())


def _makes_rules(name: str) -> bool:
    """A ministry, or a local government or its organ: bodies that make rules and no 条例."""
    body = agency_by_name(name)
    if body is not None and body.kind not in ("local",):
        return body.kind in ("state", "institution", "office") and not name.startswith("国务院")
    return region_of_agency(name) is not None and not re.search("人民代表大会|人大|委员会$(?<!改革委员会)|法院|检察院|中共|共产党|军", name)


def _effective_early(facts: Facts) -> Iterator[Found]:
    for d in facts.documents.values():
        if d.in_corpus and d.effective and d.issued and d.effective < (d.first_day or d.issued):
            yield "effective_before_issued", {"document": d.named, "effective": d.effective, "day": d.first_day or d.issued}, [d], list(d.head())


CHECKS: tuple[Callable[[Facts], Iterator[Found]], ...] = (
    _reported, _cites_repealed, _repealer_older, _two_numbers, _number_shared, _cited_title, _number_issuer, _regulation_by_ministry, _effective_early,
)
