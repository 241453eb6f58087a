"""Reads corrections that a person wrote: corrections files in, `Correction`s and a line for each unreadable row out.

A corrections file is a table beside the corpus, `corrections.csv`, in UTF-8 or GB18030, or the same in Turtle, `corrections.ttl`. Its columns:

    action    merge     subject and object are one document; the object's names become other names of the subject
              split     what is printed at the place named by object is a document of its own, not the subject
              retitle   value is the subject's title
              renumber  value is the subject's number; empty: it has none
              set_date  value is the subject's date (2021-07-27; empty: unknown); relation says which: issued, effective or expiry
              add       subject has the relation to object; value, if any, is the day on which it takes effect
              withdraw  subject does not have the relation to object; no relation: none at all
    subject, object     a document by its number, its title, its IRI, or the place where it is printed: file.txt:120
    relation            cites, based_on, implements, amends, interprets, forwards, responds_to, calls_for_revision, repeals, replaces
    value               see action
    who, why, date      who decided, for what reason, when; who and why are wanted in every row

Lines that begin with # are comments. Rows are applied in their order; what they say wins over what was read.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import get_args

from kg.errors import SourceError
from kg.model import Correction, CorrectionAction, Relation
from kg.text import Source, read_source, reported_name

COLUMNS = ("action", "subject", "object", "relation", "value", "who", "why", "date")
NAMES = ("corrections.csv", "corrections.ttl")
DATES = ("issued", "effective", "expiry")
_ISO = re.compile(r"(?:19|20)\d{2}-\d{2}-\d{2}")
_PKG = "https://w3id.org/policy-kg/ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_DCTERMS = "http://purl.org/dc/terms/"


def is_corrections_file(path: Path) -> bool:
    """Whether a file is named as corrections files are."""
    return path.name.lower() in NAMES


def corrections_files(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """The corrections files among `paths` and in the folders among them, at any depth, each with the name to report; sorted by name."""
    found: dict[str, Path] = {}
    for path in paths:
        named = reported_name(path)
        if path.is_dir():
            found |= {(named / p.relative_to(path)).as_posix(): p for p in path.rglob("*") if p.is_file() and is_corrections_file(p)}
        elif is_corrections_file(path):
            found[named.as_posix()] = path
    return [(path, name) for name, path in sorted(found.items())]


def read_corrections(path: Path, name: str | None = None) -> tuple[list[Correction], list[str]]:
    """The corrections of one file in their order, and a line with file and line number for each row that cannot be followed."""
    name = name or reported_name(path).as_posix()
    try:
        source = read_source(path, name)
    except SourceError as error:
        return [], [str(error)]
    rows = _turtle_rows(source) if path.suffix.lower() == ".ttl" else _csv_rows(source)
    corrections: list[Correction] = []
    problems: list[str] = []
    for line, start, end, row in rows:
        fault = row if isinstance(row, str) else _fault(row)
        if fault:
            problems.append(f"{name}:{line}: {fault}")
        else:
            cells = {column: row[column].strip() or None for column in COLUMNS}
            corrections.append(Correction(name, line, start, end, source.text[start:end], **{**cells, "who": cells["who"], "why": cells["why"]}))  # type: ignore[arg-type]
    return corrections, problems


def _fault(row: dict[str, str]) -> str | None:
    action, subject, object_, relation, value = (row[c].strip() for c in COLUMNS[:5])
    if action not in get_args(CorrectionAction):
        return f"action {action!r} is unknown; write one of {', '.join(get_args(CorrectionAction))}"
    for column in ("subject", "who", "why"):
        if not row[column].strip():
            return f"{column} is empty; every correction says what it is about, who made it and why"
    if action in ("merge", "split", "add", "withdraw") and not object_:
        return f"object is empty; {action} wants one"
    if action == "retitle" and not value:
        return "value is empty; retitle wants the title"
    if action == "set_date" and relation not in DATES:
        return f"relation {relation!r}; set_date wants one of {', '.join(DATES)} there"
    if action == "set_date" and value and not _is_day(value) or action == "add" and value and not _is_day(value):
        return f"value {value!r} is no date; write it as 2021-07-27"
    if action == "add" and not relation or action in ("add", "withdraw") and relation and relation not in get_args(Relation):
        return f"relation {relation!r} is unknown; write one of {', '.join(get_args(Relation))}"
    if row["date"].strip() and not _is_day(row["date"].strip()):
        return f"date {row['date']!r} is no date; write it as 2021-07-27"
    return None


def _is_day(text: str) -> bool:
    try:
        return bool(_ISO.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:  # 2021-02-31
        return False


Row = tuple[int, int, int, dict[str, str] | str]  # line, start, end, cells or what is wrong


def _csv_rows(source: Source) -> Iterator[Row]:
    lines = list(io.StringIO(source.text, newline=""))
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    reader = csv.reader("\n" if line.startswith("#") else line for line in lines)
    header: list[str] | None = None
    before = 0
    for cells in reader:
        first, before = before, reader.line_num
        if not any(cell.strip() for cell in cells):
            continue
        start, end = starts[first], starts[before]
        while end > start and source.text[end - 1] in "\r\n":
            end -= 1
        if header is None:
            header = [cell.strip() for cell in cells]
            if tuple(header) != COLUMNS:
                yield first + 1, start, end, f"columns are {','.join(header)}; they must be {','.join(COLUMNS)}"
                return
        elif len(cells) > len(COLUMNS):
            yield first + 1, start, end, f"{len(cells)} cells, {len(COLUMNS)} wanted; quote a cell that holds a comma"
        else:
            yield first + 1, start, end, dict(zip(COLUMNS, [*cells, *[""] * (len(COLUMNS) - len(cells))], strict=True))


def _turtle_rows(source: Source) -> Iterator[Row]:
    """Nodes of type pkg:Correction: pkg:action, rdf:subject, rdf:predicate and rdf:object, pkg:value, dcterms:creator, pkg:reason, dcterms:date."""
    import pyoxigraph as ox

    try:
        quads = list(ox.parse(source.text.encode(), format=ox.RdfFormat.TURTLE, base_iri="https://w3id.org/policy-kg/id/"))
    except SyntaxError as error:
        yield getattr(error, "lineno", None) or 1, 0, 0, f"is not Turtle: {error}"
        return
    nodes = list(dict.fromkeys(q.subject for q in quads if q.predicate.value == _RDF + "type" and q.object.value == _PKG + "Correction"))
    told = [n for n, text in enumerate(source.text.split("\n")) if re.match(r"[^#\"]*\bCorrection\b", text) and "@prefix" not in text]
    offsets = [0]
    for text in source.text.split("\n"):
        offsets.append(offsets[-1] + len(text) + 1)
    for nth, node in enumerate(nodes):
        line = told[nth] if len(told) == len(nodes) else 0
        cells = {q.predicate.value: q.object.value for q in quads if q.subject == node}
        relation = cells.get(_RDF + "predicate", cells.get(_PKG + "relation", ""))
        row = {
            "action": cells.get(_PKG + "action", ""), "subject": cells.get(_RDF + "subject", ""), "object": cells.get(_RDF + "object", ""),
            "relation": _snake(re.split("[#/]", relation)[-1]), "value": cells.get(_PKG + "value", ""),
            "who": cells.get(_DCTERMS + "creator", ""), "why": cells.get(_PKG + "reason", ""), "date": cells.get(_DCTERMS + "date", ""),
        }
        yield line + 1, offsets[line], offsets[line + 1] - 1, row


def _snake(term: str) -> str:
    """basedOn → based_on, callsForRevisionOf → calls_for_revision, effectiveDate → effective."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda m: f"_{m[1].lower()}", term).removesuffix("_of").removesuffix("_date")
