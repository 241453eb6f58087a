"""Which document is it? All file records in, one `Corpus` of documents and resolved references out.

A document is known by number, else by title with date or issuer. Two candidates that fit equally are both kept and none is chosen.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.extract.agency import leading_issuers
from kg.extract.document_number import issuers_of_number, number_key, parse_number
from kg.extract.document_type import document_type
from kg.extract.effect_level import effect_level
from kg.model import NATIONAL, Corpus, Document, EffectLevel, FileRecord, PassageRecord, Reference, ResolvedBy, ResolvedReference, Warning
from kg.regions import region_of_agency
from kg.resolve.node import ORDER, Node, name_documents, number_identity
from kg.resolve.printing import differing_printings
from kg.resolve.title_key import edition_mark, issued_text, title_key, without_issuer
from kg.statutes import statute_by_name


class _Index:
    """Finds nodes by number and by every key of their titles."""

    def __init__(self) -> None:
        self.by_number: dict[str | None, list[Node]] = defaultdict(list)
        self.by_title: dict[str, list[Node]] = defaultdict(list)
        self.unclear: dict[str, Node] = {}

    def add(self, node: Node) -> None:
        for number in node.numbers:
            if key := number_identity(number):
                _put(self.by_number[key], node)
        for title in node.titles:
            self.add_title(node, title)

    def add_title(self, node: Node, title: str) -> None:
        _put(self.by_title[title_key(title)], node)
        issuers, rest = without_issuer(title)
        if issuers:
            _put(self.by_title[rest], node)
        text = issued_text(title)
        if text:
            _put(self.by_title[title_key(text)], node)


def _put(nodes: list[Node], node: Node) -> None:
    if not any(n is node for n in nodes):
        nodes.append(node)


def _number_year(number: str) -> str | None:
    m = ORDER.fullmatch(number_key(number))
    return m[3] if m else None


def resolve(files: Iterable[FileRecord], *, apart: frozenset[tuple[str, int]] = frozenset()) -> Corpus:
    """One corpus from all records; the order of `files` does not matter. `apart`: file and first line of passages that print nothing met elsewhere."""
    ordered = sorted(files, key=lambda f: f.file)
    index = _Index()
    warnings = [w for f in ordered for w in f.warnings]
    nodes, owner = _gather(ordered, index, warnings, apart)
    sayings = [(p, r) for f in ordered for p in f.passages for r in p.references]
    cited: dict[int, tuple[Node, ResolvedBy, list[Node]]] = {}
    # Numbers first: they name a document and tell its title; then titles with a date; then titles alone.
    for wanted in (lambda r: bool(r.number), lambda r: bool(r.date), lambda r: True):
        for n, (passage, reference) in enumerate(sayings):
            if n not in cited and wanted(reference):
                found = _find(reference, owner[id(passage)], index, nodes)
                if found:
                    cited[n] = found
    amenders = [(p, r, _find(r, None, index, nodes)) for f in ordered for p in f.passages for r in p.amended_by]
    name_documents(nodes)
    references = [
        ResolvedReference(r, p, found[0].name, owner[id(p)].name, found[1], told_by_cited=True)
        for p, r, found in amenders if found and found[0] is not owner[id(p)]
    ]
    for n, (passage, reference) in enumerate(sayings):
        if n not in cited:
            continue
        node, how, candidates = cited[n]
        citing = owner[id(passage)]
        if node is citing:
            continue
        references.append(ResolvedReference(_dated(reference, passage), passage, citing.name, node.name, how, tuple(sorted(c.name for c in candidates))))
    documents = tuple(sorted((_document(node) for node in nodes), key=lambda d: d.name))
    warnings += differing_printings(documents)
    return Corpus(tuple(ordered), documents, tuple(references), tuple(sorted(set(warnings), key=lambda w: (w.file, w.line or 0, w.code, w.message))))


def _dated(reference: Reference, passage: PassageRecord) -> Reference:
    """A repeal or amendment that states no day of its own takes effect with the document that says it (立法法 第六十一条)."""
    if reference.relation not in ("repeals", "replaces", "amends") or reference.effective_date:
        return reference
    return replace(reference, effective_date=passage.effective_date or passage.issued)


def _gather(files: list[FileRecord], index: _Index, warnings: list[Warning], apart: frozenset[tuple[str, int]]) -> tuple[list[Node], dict[int, Node]]:
    """The documents that are printed; one printed in several places is one."""
    nodes: list[Node] = []
    owner: dict[int, Node] = {}
    for passage in (p for f in files for p in f.passages):
        node = None if (passage.file, passage.start_line) in apart else _same_as(passage, index, warnings)
        if node is None:
            node = Node(passage.title)
            nodes.append(node)
        node.passages.append(passage)
        node.numbers += [n for n in passage.numbers if n not in node.numbers]
        node.date = node.date or passage.issued
        node.dates.update(d for d in (passage.issued, *passage.adopted) if d)
        node.call(passage.title)
        for title in passage.alternative_titles:
            node.titles.setdefault(title, 0)
        index.add(node)
        owner[id(passage)] = node
    return nodes, owner


def _same_as(passage: PassageRecord, index: _Index, warnings: list[Warning]) -> Node | None:
    """The document already met that this passage prints again."""
    for number in passage.numbers:
        for node in index.by_number.get(number_identity(number), ()):
            if not _year_fits(number, node) or passage.issued and node.date and ORDER.fullmatch(number_key(number)) and passage.issued[:4] != node.date[:4]:
                continue
            if _alike(passage.title, node):
                return node
            other = node.passages[0]
            warnings.append(Warning(passage.file, passage.start_line, "number_shared",
                                    f"{number} is printed over {passage.title!r} and, in {other.file}:{other.start_line}, over {other.title!r}; kept as two"))
    for node in index.by_title.get(title_key(passage.title), ()):
        first = node.passages[0]
        if passage.numbers and node.numbers or title_key(node.title or "") != title_key(passage.title):
            continue
        if passage.issued and node.date and passage.issued != node.date and not _one_adopted_one_published(passage, node):
            continue
        if passage.effective_date and first.effective_date and passage.effective_date != first.effective_date:
            continue
        if passage.issuers and first.issuers and set(passage.issuers) != set(first.issuers):
            continue
        return node
    return None


def _one_adopted_one_published(passage: PassageRecord, node: Node) -> bool:
    """Of one edition one printing tells the day of adoption, the other that of the order; from one day both have effect."""
    effective = passage.effective_date
    return effective is not None and effective == node.passages[0].effective_date and (passage.issued in node.dates or node.date in passage.adopted)


def _alike(title: str, node: Node) -> bool:
    mine = {title_key(title), title_key(issued_text(title) or title), without_issuer(title)[1]}
    for other in node.titles:
        theirs = {title_key(other), title_key(issued_text(other) or other), without_issuer(other)[1]}
        if mine & theirs or any(a in b or b in a for a in mine for b in theirs if min(len(a), len(b)) >= 8):
            return True
    return False


def _find(reference: Reference, citing: Node | None, index: _Index, nodes: list[Node]) -> tuple[Node, ResolvedBy, list[Node]] | None:
    """The document a reference is to, how it was found, and the candidates where none was chosen; a new node where nothing fits."""
    number = reference.number if reference.number and number_identity(reference.number) else None
    ends = reference.relation in ("repeals", "replaces")
    if number:
        found = [n for n in index.by_number.get(number_identity(number), ()) if not (ends and n is citing) and _year_fits(number, n)]
        if len(found) == 1:
            _learn(found[0], reference, index)
            return found[0], "number", []
        if len(found) > 1:
            fitting = [n for n in found if reference.title and _alike(reference.title, n)]
            if len(fitting) == 1:
                return fitting[0], "number", []
            return _new(reference, nodes, index), "none", found
    if not reference.title:
        return (_new(reference, nodes, index), "number", []) if number or reference.number else None
    found = [n for n in _by_title(reference, index) if _fits(reference, n, citing, number)]
    if len(found) > 1:
        found = _edition_of_the_day(found, citing) or found
    if len(found) == 1:
        node = found[0]
        how: ResolvedBy = "title" if title_key(reference.title) == title_key(node.title or "") else "alias"
        if number and not node.numbers:
            node.numbers.append(number)
            index.add(node)
        _learn(node, reference, index)
        return node, how, []
    if len(found) > 1:
        return _unclear(reference, nodes, index), "none", found
    return _new(reference, nodes, index), "number" if number else "title", []


def _year_fits(number: str, node: Node) -> bool:
    """Orders and announcements are numbered by the year at some bodies: two that both tell a year must tell the same."""
    year = _number_year(number)
    theirs = {_number_year(n) for n in node.numbers} - {None} or {node.date[:4] if node.date and node.in_corpus else None}
    return year is None or None in theirs or year in theirs


def _same_year(number: str, node: Node) -> bool:
    year = re.search(r"〔((?:19|20)\d{2})〕|((?:19|20)\d{2})年", number)
    return year is None or node.date is None or (year[1] or year[2]) == node.date[:4]


def _of_the_time(reference: Reference, node: Node) -> bool:
    """An order is given within a year of the decision it makes public: one of an older edition is not this text's."""
    return not (reference.date and node.date) or abs(int(reference.date[:4]) - int(node.date[:4])) <= 1


def _learn(node: Node, reference: Reference, index: _Index) -> None:
    """A citation tells the form it cites by, and for a document that is not printed its title and date."""
    if reference.number:
        node.cited_numbers.add(reference.number)
    if reference.title and reference.title not in node.titles:
        node.call(reference.title)
        index.add_title(node, reference.title)
    if not node.in_corpus:
        node.title = node.title or reference.title
        node.date = node.date or reference.date
    if reference.date and not node.in_corpus:
        node.dates.add(reference.date)


def _by_title(reference: Reference, index: _Index) -> list[Node]:
    title = reference.title or ""
    found = list(index.by_title.get(title_key(title), ()))
    issuers, rest = without_issuer(title)
    if issuers:
        found += [n for n in index.by_title.get(rest, ()) if n not in found and _issuers_agree(issuers, n)]
    text = issued_text(title)
    if text and not found:
        found += [n for n in index.by_title.get(title_key(text), ()) if n.title and title_key(n.title) == title_key(text) and not n.in_corpus]
    return found


def _issuers_agree(issuers: tuple[str, ...], node: Node) -> bool:
    named = {name for title in node.titles for name in without_issuer(title)[0]} | {name for p in node.passages for name in p.issuers}
    return not named or bool(named & set(issuers))


def _fits(reference: Reference, node: Node, citing: Node | None, number: str | None) -> bool:
    if number and node.numbers:
        return False  # a document of that title, but of another number
    if citing is None:
        return reference.date in node.dates
    if number and (node is citing or node.in_corpus and not (_same_year(number, node) and _of_the_time(reference, node))):
        return False
    ends = reference.relation in ("repeals", "replaces")
    if node is citing:
        return not ends and not reference.date
    if reference.date and node.dates and reference.date not in node.dates:
        return False
    if ends and node.in_corpus and node.date and citing.date and node.date >= citing.date:
        return False
    return edition_mark(reference.title or "") == edition_mark(node.title or "") or any(
        title_key(t) == title_key(reference.title or "") for t in node.titles
    )


def _edition_of_the_day(found: list[Node], citing: Node | None) -> list[Node]:
    """Of several editions of one title the one a text of that day means: the latest issued by then."""
    day = citing and (citing.date or next((p.effective_date for p in citing.passages if p.effective_date), None))
    if not day or not all(n.date for n in found):
        return []
    past = sorted((n for n in found if (n.date or "") <= day and n is not citing), key=lambda n: n.date or "")
    return past[-1:]


def _unclear(reference: Reference, nodes: list[Node], index: _Index) -> Node:
    """The one document that stands for all citations of a title that several bear: its name does not hang on how many there are."""
    key = title_key(reference.title or "")
    node = index.unclear.get(key)
    if node is None:
        node = index.unclear[key] = Node(reference.title, unclear=True)
        nodes.append(node)
    node.call(reference.title)
    return node


def _new(reference: Reference, nodes: list[Node], index: _Index) -> Node:
    node = Node(reference.title, date=reference.date)
    if reference.number:
        node.numbers.append(reference.number)
    node.call(reference.title)
    if reference.date:
        node.dates.add(reference.date)
    nodes.append(node)
    index.add(node)
    return node


def _document(node: Node) -> Document:
    first = node.passages[0] if node.passages else None
    forms = [t for t in node.titles if t != node.title]
    text = issued_text(node.title or "")
    if text and text not in forms:
        forms.append(text)
    number = parse_number(node.numbers[0]) if node.numbers else None
    title = node.title or (node.numbers[0] if node.numbers else "")
    if first:
        issuers = first.issuers or next((p.issuers for p in node.passages if p.issuers), ())
    else:
        named, _ = leading_issuers(title)
        issuers = tuple(named) or (tuple(issuers_of_number(number)) if number else ())
    pick = lambda attribute: next((v for p in node.passages if (v := getattr(p, attribute))), None)  # noqa: E731
    jurisdiction = pick("jurisdiction") or (next((region_of_agency(i) or NATIONAL for i in issuers), None))
    return Document(
        node.name, title, tuple(sorted(forms)), tuple(node.numbers), tuple(issuers), pick("recipients") or (),
        pick("document_type") or (document_type(title) if not first else None),
        pick("effect_level") or (_known_level(title) or effect_level(title, number, tuple(issuers)) if not first else None),
        jurisdiction, pick("issued") or (node.date if node.date and len(node.date) == 10 else None), pick("effective_date"), pick("effective_basis"), pick("expiry_date"), tuple(node.passages), node.aliases,
    )


_LEVELS: dict[str, EffectLevel] = {
    "law": "Law", "administrative_regulation": "AdministrativeRegulation", "treaty": "Treaty", "party_document": "PartyDocument",
}


def _known_level(title: str) -> EffectLevel | None:
    """The rank of a national statute that is only cited, from the table of statutes."""
    statute = statute_by_name(title)
    return _LEVELS.get(statute.kind) if statute else None
