"""Annotated repeal statements, official metadata and catalogue titles go in, with a graph or a parser; outcomes come out."""

import json
import os.path
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.accuracy.entries import many_values, one_value, points_to
from benchmarks.accuracy.graph_view import Document, GraphView, Reference
from benchmarks.accuracy.outcomes import Outcome, pair
from benchmarks.accuracy.sameness import fold, fold_number, same_title

Row = dict[str, Any]
_REPEALING = ("repeals", "replaces", "amends")
_NUMBER_CORE = re.compile(r"(\d{4})\D{0,3}?第?0*(\d{1,12})号")
_ONE_SERIAL = re.compile(r"\d号?$")
_YEAR_PRINTED = re.compile(r"[〔\[(【﹝](\d{4})[〕\])】﹞\[]|(\d{4})年第")
_OFFICE = re.compile(r"(办公厅|办公室|\(含常委会\)|常务委员会|委员会党组|党组)$")
_LEVELS = (
    (re.compile("地方工作文件|地方规范性文件|部门工作文件|部门规范性文件|国务院规范性文件"), "NormativeDocument"),
    (re.compile("地方性法规|经济特区法规|自由贸易港法规|自治条例|单行条例"), "LocalRegulation"),
    (re.compile("地方政府规章"), "LocalGovernmentRule"),
    (re.compile("部门规章"), "DepartmentalRule"),
    (re.compile("行政法规"), "AdministrativeRegulation"),
    (re.compile("^法律"), "Law"),
    (re.compile("司法解释"), "JudicialInterpretation"),
    (re.compile("党内法规"), "PartyDocument"),
)


def score_repeals(graph: GraphView, rows: list[Row]) -> list[Outcome]:
    """Outcomes of `{"file", "line", "repeals": [{"title", "number", "scope", "date"}], "not"}`: what each annotated line repeals, and no more."""
    by_file: defaultdict[str, list[Reference]] = defaultdict(list)
    for r in graph.references:
        if r.relation in _REPEALING and (r.relation != "amends" or r.scope == "partial"):
            by_file[os.path.normpath(r.file)].append(r)
    outcomes: list[Outcome] = []
    annotated: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        annotated[row["file"]].append(row)
    for name, statements in annotated.items():
        file = next((f for f in sorted(by_file) if f.endswith(name)), None)
        wanted = {(fold(t["title"]), t["scope"], t["date"], t["number"]): t for s in statements for t in s["repeals"]}
        lines = {s["line"] for s in statements}
        everywhere = by_file[file] if file else []
        found = {(r.cited, r.scope): r for r in everywhere if r.start_line in lines}
        for scope in ("whole", "partial"):
            pairs, missed, extra = pair(
                [t for t in wanted.values() if t["scope"] == scope],
                [r for r in found.values() if r.scope == scope],
                lambda t, r: points_to(graph, t["title"], t["number"], r.cited, r.quote),
            )
            field = f"repeals {scope}"
            outcomes += [Outcome(field, name, "hit", _target(t)) for t, _ in pairs]
            outcomes += [Outcome(field, name, "missed", _target(t), _why_missed(graph, t, found, everywhere)) for t in missed]
            for r in extra:
                said = next((s["not"] for s in statements if s["line"] == r.start_line and s["not"]), None)
                outcomes.append(
                    Outcome(field, name, "extra", f"{r.quote} [{r.trigger}]", f"repeals nothing: {said}" if said else "another target")
                )
    return outcomes


def _target(repealed: Row) -> str:
    return " ".join(str(v) for v in (repealed["title"], repealed["number"], repealed["date"]) if v)


def _why_missed(graph: GraphView, repealed: Row, found: dict[tuple[str, str], Reference], everywhere: list[Reference]) -> str:
    def same(r: Reference) -> bool:
        return points_to(graph, repealed["title"], repealed["number"], r.cited, r.quote)

    if any(same(r) for r in found.values()):
        return "found with the other scope"
    if any(same(r) for r in everywhere):
        return "found on another line"
    return "no repeal found on the line" if not found else "not among those found"


def score_metadata(graph: GraphView, rows: list[Row], texts: Path) -> list[Outcome]:
    """Outcomes of single documents with official metadata; `texts` is the folder of their texts, since only what is printed can be found."""
    printed: defaultdict[str, list[str]] = defaultdict(list)
    for p in graph.passages:
        printed[Path(p.file).name].append(p.document)

    def named(name: str, resource: str) -> bool:
        return fold(name).replace("中华人民共和国", "") in {x.replace("中华人民共和国", "") for x in graph.labels.get(resource, set())}

    def shown(resource: str) -> str:
        return graph.names.get(resource, resource)

    def same_or_part(official: str, found: str) -> bool:
        return fold_number(official) in fold_number(found)

    outcomes: list[Outcome] = []
    for row in rows:
        where = row["file"]
        text = fold((texts / where).read_text(encoding="utf-8"))
        passages = printed[where]
        document = graph.documents[passages[0]] if passages else Document()
        absent = None if passages else "document not found"
        outcomes += many_values("one document a file", where, ["1"], passages, lambda a, b: True, absent)
        core = _NUMBER_CORE.search(row["number"] or "")
        if core and re.search(rf"{core[1]}\D{{0,4}}{core[2]}号", text):
            outcomes += one_value("number", where, row["number"], document.numbers, same_or_part, absent)
        if fold(row["title"]) in text:
            outcomes += one_value("title", where, row["title"], document.titles, same_title, absent)
        issuers = [i for i in row["issuers"] or [] if fold(i).replace("中华人民共和国", "") in text]
        if issuers and len(issuers) == len(row["issuers"]):
            outcomes += many_values("issuers", where, issuers, document.issuers, named, absent, shown=shown)
        for field in ("issued", "effective"):
            if row.get(field):
                year, month, day = row[field].split("-")
                if f"{year}年{int(month)}月{int(day)}日" in text:
                    outcomes += one_value(field, where, row[field], getattr(document, field), str.__eq__, absent)
    return outcomes


def score_titles(rows: list[Row], parse: Callable[[str], str], divisions: list[tuple[str, str]]) -> list[Outcome]:
    """Outcomes of catalogue rows through `kg parse`; `divisions` are names of places with their codes, the longest first."""
    lines = "".join(json.dumps({"title": r["title"], "number": r["number"]}, ensure_ascii=False) + "\n" for r in rows)
    parsed = [json.loads(line) for line in parse(lines).splitlines()]
    if len(parsed) != len(rows):
        raise ValueError(f"kg parse: {len(rows)} rows in, {len(parsed)} out")
    outcomes: list[Outcome] = []
    for n, (row, got) in enumerate(zip(rows, parsed, strict=True), 1):
        where = f"{n} {row['title']}"
        number = (row["number"] or "").strip()
        if number and _ONE_SERIAL.search(number) and "、" not in number:
            parts = got.get("number_parts") or {}
            serial = re.findall(r"\d+", unicodedata.normalize("NFKC", number))[-1].lstrip("0")
            outcomes += one_value("number serial", where, serial, [str(parts.get("serial") or "").lstrip("0")], str.__eq__, None)
            year = _YEAR_PRINTED.search(number)
            if year:
                outcomes += one_value("number year", where, year[1] or year[2], [str(parts.get("year") or "")], str.__eq__, None)
        if row["issuer"]:
            issuers = [_short(i) for i in got.get("issuers") or []]
            outcomes += one_value(
                "issuer", where, _short(row["issuer"]), issuers, lambda a, b: b.startswith(a) and len(b) - len(a) <= 4, None
            )
            code = next((c for name, c in divisions if row["issuer"].startswith(name)), "100000" if row["side"] == "central" else None)
            if code:
                outcomes += one_value("province", where, code[:2], [(got.get("region") or "")[:2]], str.__eq__, None)
        level = next((name for pattern, name in _LEVELS if pattern.search(row["level"] or "")), None)
        if level:
            found = re.split(r"[#:]", got.get("effect_level") or "")[-1]
            outcomes += one_value("effect level", where, level, [found], str.__eq__, None)
    return outcomes


def _short(issuer: str) -> str:
    short = _OFFICE.sub("", unicodedata.normalize("NFKC", issuer))
    return short.replace("人民代表大会", "人大").replace("人大常务委员会", "人大")
