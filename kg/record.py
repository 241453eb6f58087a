"""Reads one file and says what its documents say: a path in, a `FileRecord` out. A pure function of the file's bytes and its name."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kg import lines as line_kind
from kg.contents import read_contents
from kg.extract.agency import find_agencies
from kg.extract.document_number import parse_number
from kg.extract.effect_level import effect_level
from kg.extract.history import HistoryEvent, read_history
from kg.extract.identity import Identity, read_identity
from kg.extract.pipeline import Decision, analyse, sentence_around
from kg.extract.pipeline import Passage as PassageFacts
from kg.extract.reference import Own
from kg.layout import Layout, read_layout
from kg.model import FileRecord, PassageRecord, Reference, Statement, Warning
from kg.split import Passage, split
from kg.text import Source, View, clean_view, map_radicals, read_source, squeeze


def read_file(path: Path, name: str | None = None) -> FileRecord:
    """The record of one file, under the name the build reports it by. Raises `SourceError` where it cannot be read."""
    return read_record(read_source(path, name))


def read_record(source: Source) -> FileRecord:
    """The record of a source that is already in memory."""
    contents = read_contents(source)
    passages, warnings = split(source, contents)
    listed = Counter(number.text for p in passages if p.contents_item and (number := parse_number(p.contents_item.number or "")))
    records = []
    for passage in passages:
        item_number = parse_number(passage.contents_item.number or "") if passage.contents_item else None
        record, said = _read_passage(source, passage, shared_number=bool(item_number and listed[item_number.text] > 1),
                                     whole_file=contents is None and len(passages) == 1)
        records.append(record)
        warnings += said
    title = _compilation_title(source, contents.start_line if contents else None) if contents or len(records) > 1 else None
    return FileRecord(source.path, source.sha256, len(source.text), title, tuple(records), tuple(warnings))


def _compilation_title(source: Source, contents_line: int | None) -> str:
    """What stands over the table of contents, on one line; the file's name where nothing does."""
    head = [line_kind.bare(source.readable(i)) for i in range((contents_line or 1) - 1)]
    words = [line for line in head if line and not re.search("www|电话", line)]
    return " ".join(words[:4]) or Path(source.path).stem


def _read_passage(source: Source, passage: Passage, *, shared_number: bool, whole_file: bool) -> tuple[PassageRecord, list[Warning]]:
    view = clean_view(source, passage.start_line, passage.end_line)
    layout = read_layout(view.text, title=passage.title, other_titles=passage.other_titles)
    history = read_history(layout.history)
    identity = read_identity(view.text, layout, history, passage.contents_item, shared_number=shared_number, whole_file=whole_file)
    own = _own(view.text, layout, identity, passage)
    doc = analyse(view.text, PassageFacts(layout, identity, own, history))
    warnings = [Warning(source.path, passage.start_line, code, message) for code, message in identity.problems]
    for position, word in doc.user_data["undecided"]:
        line = source.line_of(view.to_source(position, position + 1)[0])
        warnings.append(Warning(source.path, line, "ambiguous_short_title", f"《{word}》 may stand for more than one document named before; left out"))
    references = tuple(_reference(source, view, decision) for decision in doc.user_data["relations"])
    start = source.line_starts[passage.start_line - 1]
    end = source.line_starts[passage.end_line] if passage.end_line < len(source.line_starts) else len(source.text)
    return PassageRecord(
        source.path, start, end, passage.start_line, passage.end_line, identity.title,
        tuple(t for t in dict.fromkeys((*passage.other_titles, *own.titles)) if t != identity.title),
        identity.numbers, identity.issuers, _recipients(layout), identity.document_type, identity.effect_level, identity.jurisdiction,
        identity.issued, identity.effective_date, identity.effective_basis, identity.expiry_date,
        tuple(dict.fromkeys(e.date for e in history if e.kind not in ("amended", "in_force"))), layout.urls,
        tuple(dict.fromkeys(m.name for m in doc.user_data["agencies"])),
        tuple(dict.fromkeys(m.code for m in doc.user_data["regions"])),
        references, tuple(_statements(source, view, identity)), tuple(_amended_by(source, view, event) for event in _amendments(history)),
        passage.section,
    ), warnings


def _own(text: str, layout: Layout, identity: Identity, passage: Passage) -> Own:
    """The names a document goes by in its own text: its titles, the text it issues, the annexes it puts in force."""
    titles = [identity.title, *layout.other_titles]
    if passage.contents_item:
        titles.append(passage.contents_item.title)
    m = re.search(r"(?:印发|发布|公布|颁发|下发|颁布)(?:实施)?[《〈]?([^《》]{4,}?)[》〉]?的(?:通知|公告|决定|函|令|通告)$", identity.title)
    if m:
        titles.append(m[1])
    draft = re.search(r"《([^《》]{4,}?)(?:[（(][^（）()]*(?:征求意见|草案|送审|修订)[^（）()]*[）)])?》", identity.title) if "征求" in identity.title else None
    if draft:
        titles += [draft[1], draft[0].strip("《》")]
    handed_on = tuple(title for title in layout.annexes if _issued_by_others(text, title, identity.issuers))
    titles += (title for title in layout.annexes if title not in handed_on)
    year = int(identity.issued[:4]) if identity.issued else identity.number.year if identity.number else None
    return Own(tuple(dict.fromkeys(titles)), identity.numbers, year, identity.document_type, handed_on)


def _issued_by_others(text: str, annex: str, issuers: tuple[str, ...]) -> bool:
    """工业和信息化部印发了《创建指南》（见附件）: a local body's notice hands on what another body made."""
    m = re.search(rf"(?P<who>[^，。；\n]{{2,60}}?)(?:联合)?(?:印发|发布|下发|出台)了《{re.escape(annex)}》", text)
    named = {a.name for a in find_agencies(m["who"])} if m else set()
    return bool(named) and named.isdisjoint(issuers)


def _recipients(layout: Layout) -> tuple[str, ...]:
    return tuple(part for part in re.split("[，,；;]", layout.recipients.rstrip(":：")) if part) if layout.recipients else ()


def _reference(source: Source, view: View, decision: Decision) -> Reference:
    c = decision.cited
    start, end = view.to_source(c.start, c.end)
    sentence_start, sentence_end = view.to_source(decision.sentence_start, decision.sentence_end)
    quote = source.text[start:end]
    title = squeeze(c.title) if c.title else None
    number = parse_number(c.number) if c.number else None
    return Reference(
        start, end, source.line_of(start), quote, source.text[sentence_start:sentence_end], decision.relation,
        title=title, number=c.number, date=c.date, short_titles=(map_radicals(squeeze(quote.strip("《》"))),) if c.anaphor_of is not None else c.short_titles,
        provisions=decision.provisions, scope="partial" if decision.scope == "partial" else "whole", trigger=decision.trigger,
        effective_date=decision.effective_date, effect_level=effect_level(title, number, ()) if title else ("Standard" if c.standard else None),
        confidence=decision.confidence,
    )


def _statements(source: Source, view: View, identity: Identity) -> Iterator[Statement]:
    """The sayings that the dates of effect and expiry stand on."""
    for states, place in (("effective_date", identity.force.effective_at), ("expiry_date", identity.force.expiry_at)):
        if place:
            start, end = view.to_source(*place)
            left, right = view.to_source(*sentence_around(view.text, *place))
            yield Statement(states, start, end, source.line_of(start), source.text[start:end], source.text[left:right])


def _amendments(history: tuple[HistoryEvent, ...]) -> list[HistoryEvent]:
    """The events that changed the text printed: those before it was revised as a whole changed its former edition."""
    last = max((n for n, e in enumerate(history) if e.kind == "revised"), default=-1)
    return [e for e in history[last + 1 :] if e.kind == "amended" and (e.title or e.number)]


def _amended_by(source: Source, view: View, event: HistoryEvent) -> Reference:
    """The amending decision that a statute's note names; the amendment is in effect from the day of the note."""
    start, end = view.to_source(event.start, event.end)
    sentence_start, sentence_end = view.to_source(event.paragraph_start, event.paragraph_end)
    return Reference(
        start, end, source.line_of(start), source.text[start:end], source.text[sentence_start:sentence_end], "amends",
        title=event.title, number=event.number, date=event.date, trigger="修订", effective_date=event.date,
    )
