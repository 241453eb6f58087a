"""Reads catalogue rows: a title and a number go in, issuers, region, type, rank, the number's parts and the title's relations come out."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from kg.agencies import owner
from kg.errors import UsageError
from kg.extract.agency import leading_issuers
from kg.extract.document_number import find_numbers, issuers_of_number, parse_number, region_of_number
from kg.extract.document_type import bare_title, document_type
from kg.extract.effect_level import effect_level
from kg.extract.region import find_regions
from kg.extract.title_relation import title_relations
from kg.model import NATIONAL, DocumentNumber
from kg.regions import prefix_region, province_of, region_of_agency

__all__ = ["parse", "parse_lines"]

_LONGEST = 2_000  # characters of a title or number; longer is a file given as a row


def parse(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each row `{"title", "number"}` (either may be None) with what they say: `issuers`, `region`, `document_type`, `effect_level`,
    `number_parts`, `relations`. A field that cannot be told is None or empty. Other keys of a row are kept.

    Raises `UsageError` for a row whose title or number is not text.

    >>> next(parse([{"title": "关于组织开展电网企业代理购电工作有关事项的通知", "number": "发改办价格〔2021〕809号"}]))["issuers"]
    ['国家发展和改革委员会办公厅']
    """
    for row in rows:
        yield _parsed(row)


def parse_lines(stream_in: TextIO, stream_out: TextIO, stream_err: TextIO | None = None) -> int:
    """JSON Lines in, JSON Lines out, one row for each; returns how many rows could not be read. Blank lines are skipped.

    A line that is not a JSON object with a text or null title and number gives `{"line": …, "error": …}`, is named on `stream_err`,
    and does not stop the others. Raises `UsageError` where the stream is not UTF-8.
    """
    failed = 0
    lines = iter(stream_in)
    n = 0
    while True:
        n += 1
        try:
            line = next(lines)
        except StopIteration:
            return failed
        except UnicodeDecodeError as error:
            raise UsageError(f"line {n}: not UTF-8 (byte {error.start}); save the rows as UTF-8") from error
        line = line.lstrip("\ufeff")
        if not line.strip():
            continue
        try:
            parsed = _parsed(_row(line))
        except UsageError as error:
            failed += 1
            parsed = {"line": n, "error": str(error)}
            if stream_err is not None:
                print(f"kg: line {n}: {error}", file=stream_err)
        stream_out.write(json.dumps(parsed, ensure_ascii=False) + "\n")


def _row(line: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"not JSON ({error}): {_shown(line)}; one object a line is wanted") from error
    if not isinstance(row, dict):
        raise UsageError(f'{_shown(line)} is no object; {{"title": …, "number": …}} is wanted')
    return row


def _shown(line: str) -> str:
    line = line.strip()
    return repr(line if len(line) <= 80 else line[:77] + "…")


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > _LONGEST:
        what = f"{len(value)} characters long" if isinstance(value, str) else f"a {type(value).__name__}"
        raise UsageError(f"{key} is {what}; text of at most {_LONGEST} characters or null is wanted")
    return value


def _parsed(row: dict[str, Any]) -> dict[str, Any]:
    if "title" not in row and "number" not in row:
        raise UsageError(f'neither "title" nor "number" among {", ".join(sorted(map(str, row))) or "no keys"}')
    title, written = _text(row, "title"), _text(row, "number")
    number = _number(written)
    where = _region_named(title, number)
    issuers = _issuers(title, number, where)
    return {
        **row,
        "issuers": list(issuers),
        "region": _province(title, number, issuers, where),
        "document_type": document_type(title),
        "effect_level": effect_level(title, number, issuers),
        "number_parts": _parts(number),
        "relations": [{"relation": r.relation, "target": r.target_title} for r in title_relations(title)],
    }


def _number(written: str) -> DocumentNumber | None:
    """The number, or the first of several (中山科发〔2019〕247号、中山科规字〔2019〕4号)."""
    if not written.strip():
        return None
    if number := parse_number(written):
        return number
    found = find_numbers(written)
    return found[0].number if found else None


def _parts(number: DocumentNumber | None) -> dict[str, Any] | None:
    if number is None:
        return None
    return {"issuer_code": number.issuer_code, "year": number.year, "session": number.session, "serial": number.serial, "form": number.form}


def _on(number: DocumentNumber | None) -> str | None:
    return f"{number.year}-12-31" if number and number.year else None


def _region_named(title: str, number: DocumentNumber | None) -> str | None:
    """The region at the head of the title, which tells whose a shared letter is: 宁政发 of a title of 南京 is not 宁夏's."""
    head = prefix_region(bare_title(title), on=_on(number))
    return head[0].code if head else None


def _issuers(title: str, number: DocumentNumber | None, where: str | None) -> tuple[str, ...]:
    """Who the title names before 关于 …, else whom the number belongs to. A department's paper is its body's."""
    named, _ = leading_issuers(title, on=_on(number))
    found = named or (issuers_of_number(number, jurisdiction=where) if number else ())
    return tuple(dict.fromkeys(_credited(name) for name in found))


def _credited(name: str) -> str:
    """科学技术部基础研究司 is 科学技术部; a general office (国务院办公厅), a regional branch and an institution
    with a name of its own (中国农村技术开发中心) are credited themselves."""
    above = owner(name)
    if above is None or not name.startswith(above) or name.endswith(("办公厅", "办公室")):
        return name
    branch = region_of_agency(name) is not None and region_of_agency(above) is None  # 国家税务总局重庆市税务局
    return name if branch else above


def _province(title: str, number: DocumentNumber | None, issuers: tuple[str, ...], where: str | None) -> str | None:
    """The province of the first issuer, else of the number, else the one the title names; `100000` for central bodies."""
    found = next((code for name in issuers if (code := region_of_agency(name))), None)
    if found is None and issuers:
        found = NATIONAL
    if found is None and number is not None:
        found = region_of_number(number, jurisdiction=where)
    found = found or where or _only_province(title)
    return province_of(found) if found and found != NATIONAL else found


def _only_province(title: str) -> str | None:
    """The province of every place the title names, where they agree: 2020年第四季度山东省…公告."""
    found = {province_of(m.code) for m in find_regions(title)}
    return found.pop() if len(found) == 1 else None
