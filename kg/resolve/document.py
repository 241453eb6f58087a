"""Which document is it? All file records in, one `Corpus` of documents and resolved references out.

A document is known by number, else by title with date or issuer. Two candidates that fit equally are both kept and none is chosen.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from kg.agencies import full_name
from kg.extract.agency import leading_issuers
from kg.extract.document_number import issuers_of_number, number_key, parse_number
from kg.extract.document_type import document_type
from kg.extract.effect_level import effect_level
from kg.model import NATIONAL, Corpus, Document, FileRecord, PassageRecord, Reference, ResolvedBy, ResolvedReference, Warning
from kg.regions import region_of_agency
from kg.resolve.printing import differing_printings
from kg.resolve.title_key import edition_mark, issued_text, title_key, without_issuer

_ORDER = re.compile(r"([一-鿿]{2,60}?)(令|公告)(?:((?:19|20)\d{2})年)?第(\d+)号")


@dataclass(eq=False)
class _Node:
    """A document while its evidence is gathered."""

    title: str | None
    numbers: list[str] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)  # every form, how often
    passages: list[PassageRecord] = field(default_factory=list)
    date: str | None = None  # adoption or issue, as printed by itself or by who cites it
    dates: set[str] = field(default_factory=set)
    name: str = ""

    @property
    def in_corpus(self) -> bool:
        return bool(self.passages)

    def call(self, title: str | None) -> None:
        if title:
            self.titles[title] = self.titles.get(title, 0) + 1


class _Index:
    """Finds nodes by number and by every key of their titles."""

    def __init__(self) -> None:
        self.by_number: dict[str | None, list[_Node]] = defaultdict(list)
        self.by_title: dict[str, list[_Node]] = defaultdict(list)

    def add(self, node: _Node) -> None:
        for number in node.numbers:
            if key := _number_key(number):
                _put(self.by_number[key], node)
        for title in node.titles:
            self.add_title(node, title)

    def add_title(self, node: _Node, title: str) -> None:
        _put(self.by_title[title_key(title)], node)
        issuers, rest = without_issuer(title)
        if issuers:
            _put(self.by_title[rest], node)
        text = issued_text(title)
        if text:
            _put(self.by_title[title_key(text)], node)


def _put(nodes: list[_Node], node: _Node) -> None:
    if not any(n is node for n in nodes):
        nodes.append(node)


@lru_cache(maxsize=100_000)
def _number_key(number: str) -> str | None:
    """One spelling of a number: an order's issuer by its full name, its year left to the date (国家发展改革委令2016年第44号 = …委员会令第44号).

    None for a number that names no body (2018年第26号公告): it tells a document only together with its title.
    """
    parsed = parse_number(number)
    if parsed is None:
        return number  # of a standard
    if not parsed.issuer_code:
        return None
    key = number_key(number)
    m = _ORDER.fullmatch(key)
    return f"{full_name(m[1]) or m[1]}{m[2]}第{m[4]}号" if m else key


def _number_year(number: str) -> str | None:
    m = _ORDER.fullmatch(number_key(number))
    return m[3] if m else None


def resolve(files: Iterable[FileRecord], *, apart: frozenset[tuple[str, int]] = frozenset()) -> Corpus:
    """One corpus from all records; the order of `files` does not matter. `apart`: file and first line of passages that print nothing met elsewhere."""
    ordered = sorted(files, key=lambda f: f.file)
    index = _Index()
    warnings = [w for f in ordered for w in f.warnings]
    nodes, owner = _gather(ordered, index, warnings, apart)
    sayings = [(p, r) for f in ordered for p in f.passages for r in p.references]
    cited: dict[int, tuple[_Node, ResolvedBy, list[_Node]]] = {}
    # Numbers first: they name a document and tell its title; then titles with a date; then titles alone.
    for wanted in (lambda r: bool(r.number), lambda r: bool(r.date), lambda r: True):
        for n, (passage, reference) in enumerate(sayings):
            if n not in cited and wanted(reference):
                found = _find(reference, owner[id(passage)], index, nodes)
                if found:
                    cited[n] = found
    amenders = [(p, r, _find(r, None, index, nodes)) for f in ordered for p in f.passages for r in p.amended_by]
    _name(nodes)
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


def _gather(files: list[FileRecord], index: _Index, warnings: list[Warning], apart: frozenset[tuple[str, int]]) -> tuple[list[_Node], dict[int, _Node]]:
    """The documents that are printed; one printed in several places is one."""
    nodes: list[_Node] = []
    owner: dict[int, _Node] = {}
    for passage in (p for f in files for p in f.passages):
        node = None if (passage.file, passage.start_line) in apart else _same_as(passage, index, warnings)
        if node is None:
            node = _Node(passage.title)
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


def _same_as(passage: PassageRecord, index: _Index, warnings: list[Warning]) -> _Node | None:
    """The document already met that this passage prints again."""
    for number in passage.numbers:
        for node in index.by_number.get(_number_key(number), ()):
            if not _year_fits(number, node) or passage.issued and node.date and _ORDER.fullmatch(number_key(number)) and passage.issued[:4] != node.date[:4]:
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
        if passage.issued and node.date and passage.issued != node.date:
            continue
        if passage.effective_date and first.effective_date and passage.effective_date != first.effective_date:
            continue
        if passage.issuers and first.issuers and set(passage.issuers) != set(first.issuers):
            continue
        return node
    return None


def _alike(title: str, node: _Node) -> bool:
    mine = {title_key(title), title_key(issued_text(title) or title), without_issuer(title)[1]}
    for other in node.titles:
        theirs = {title_key(other), title_key(issued_text(other) or other), without_issuer(other)[1]}
        if mine & theirs or any(a in b or b in a for a in mine for b in theirs if min(len(a), len(b)) >= 8):
            return True
    return False


def _find(reference: Reference, citing: _Node | None, index: _Index, nodes: list[_Node]) -> tuple[_Node, ResolvedBy, list[_Node]] | None:
    """The document a reference is to, how it was found, and the candidates where none was chosen; a new node where nothing fits."""
    number = reference.number if reference.number and _number_key(reference.number) else None
    ends = reference.relation in ("repeals", "replaces")
    if number:
        found = [n for n in index.by_number.get(_number_key(number), ()) if not (ends and n is citing) and _year_fits(number, n)]
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
        return _new(reference, nodes, index, apart=True), "none", found
    return _new(reference, nodes, index), "number" if number else "title", []


def _year_fits(number: str, node: _Node) -> bool:
    """Orders and announcements are numbered by the year at some bodies: two that both tell a year must tell the same."""
    year = _number_year(number)
    theirs = {_number_year(n) for n in node.numbers} - {None} or {node.date[:4] if node.date and node.in_corpus else None}
    return year is None or None in theirs or year in theirs


def _same_year(number: str, node: _Node) -> bool:
    year = re.search(r"〔((?:19|20)\d{2})〕|((?:19|20)\d{2})年", number)
    return year is None or node.date is None or (year[1] or year[2]) == node.date[:4]


def _learn(node: _Node, reference: Reference, index: _Index) -> None:
    """A citation tells the form it cites by, and for a document that is not printed its title and date."""
    if reference.title and reference.title not in node.titles:
        node.call(reference.title)
        index.add_title(node, reference.title)
    if not node.in_corpus:
        node.title = node.title or reference.title
        node.date = node.date or reference.date
    if reference.date and not node.in_corpus:
        node.dates.add(reference.date)


def _by_title(reference: Reference, index: _Index) -> list[_Node]:
    title = reference.title or ""
    found = list(index.by_title.get(title_key(title), ()))
    issuers, rest = without_issuer(title)
    if issuers:
        found += [n for n in index.by_title.get(rest, ()) if n not in found and _issuers_agree(issuers, n)]
    text = issued_text(title)
    if text and not found:
        found += [n for n in index.by_title.get(title_key(text), ()) if n.title and title_key(n.title) == title_key(text) and not n.in_corpus]
    return found


def _issuers_agree(issuers: tuple[str, ...], node: _Node) -> bool:
    named = {name for title in node.titles for name in without_issuer(title)[0]} | {name for p in node.passages for name in p.issuers}
    return not named or bool(named & set(issuers))


def _fits(reference: Reference, node: _Node, citing: _Node | None, number: str | None) -> bool:
    if number and node.numbers:
        return False  # a document of that title, but of another number
    if citing is None:
        return reference.date in node.dates
    if number and (node is citing or node.in_corpus and not _same_year(number, node)):
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


def _edition_of_the_day(found: list[_Node], citing: _Node | None) -> list[_Node]:
    """Of several editions of one title the one a text of that day means: the latest issued by then."""
    if citing is None or not citing.date or not all(n.date for n in found):
        return []
    past = sorted((n for n in found if (n.date or "") <= citing.date and n is not citing), key=lambda n: n.date or "")
    return past[-1:]


def _new(reference: Reference, nodes: list[_Node], index: _Index, *, apart: bool = False) -> _Node:
    node = _Node(reference.title, date=reference.date)
    if reference.number:
        node.numbers.append(reference.number)
    node.call(reference.title)
    if reference.date:
        node.dates.add(reference.date)
    nodes.append(node)
    if not apart:
        index.add(node)
    return node


def _name(nodes: list[_Node]) -> None:
    """Names that do not depend on what else is in the corpus: the number, else the title with its date; a clash adds what tells apart."""
    taken: dict[str, _Node] = {}

    def rank(node: _Node) -> tuple[bool, str, str, str]:
        first = node.passages[0] if node.passages else None
        return (not node.in_corpus, node.title or "", node.date or "", f"{first.file}:{first.start_line:09}" if first else "")

    for node in sorted(nodes, key=rank):
        choices = [n.replace("中华人民共和国", "") for n in node.numbers if _number_key(n)][:1]
        title = _plain(node.title or "无题")
        choices += [f"{title}({node.date})"] if node.date else [title, f"{title}(旧)"]
        if not node.in_corpus and not node.numbers:
            choices.append(title)
        n = 2
        name = next((c for c in choices if c not in taken), None)
        while name is None:
            candidate = f"{choices[0]}-{n}"
            name = candidate if candidate not in taken else None
            n += 1
        node.name = name
        taken[name] = node


def _plain(title: str) -> str:
    return re.sub(r"[\s《》〈〉<>\"{}|\\^`]", "", title)


def _document(node: _Node) -> Document:
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
    aliases = {_plain(title), *(f"{_plain(title)}({d})" for d in [node.date] if d)} - {node.name}
    return Document(
        node.name, title, tuple(sorted(forms)), tuple(node.numbers), tuple(issuers), pick("recipients") or (),
        pick("document_type") or (document_type(title) if not first else None),
        pick("effect_level") or (effect_level(title, number, tuple(issuers)) if not first else None),
        jurisdiction, pick("issued") or (node.date if node.date and len(node.date) == 10 else None), pick("effective_date"), pick("effective_basis"), pick("expiry_date"), tuple(node.passages), tuple(sorted(aliases)),
    )
