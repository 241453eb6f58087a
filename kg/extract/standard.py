"""Finds the numbers of standards: clean text in, mentions with offsets, normalised number and title out.

A number is code, running number and year (GB/T 24001—2016); the codes are `kg/data/standard_codes.csv`. Two letters and digits are also how
products are named, so a sector's number without /T and without year counts only where the text speaks of a standard.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from kg.regions import region
from kg.tables import table

_FULL_WIDTH = str.maketrans({**{0xFF21 + i: 0x41 + i for i in range(26)}, 0xFF0F: "/", **{0xFF10 + i: 0x30 + i for i in range(10)}, 0xFF0E: "."})
_HAS_FULL_WIDTH = re.compile("[Ａ-Ｚ／０-９]")

_LEFT = r"(?<![A-Za-z0-9/.\-])(?<![0-9] )"
_RIGHT = r"(?![A-Za-z0-9号]|\.[0-9]|-[0-9])"
_SPACE = " {0,2}"
_DASH = f"{_SPACE}[-‐‑–—―─－]{{1,2}}{_SPACE}"
_YEAR = "(?P<year>(?:19|20)[0-9]{2}|[5-9][0-9])(?![0-9])(?!年)"  # GB 3838-88: two figures before 2000
_SERIAL = r"(?P<serial>(?:[A-Z]{1,2})?[0-9]{1,6}(?:\.[0-9]{1,4}){0,2}[A-Z]?)"
_STATUS = f"(?:{_SPACE}/{_SPACE}(?P<status>[TZ]))"

# GB/T 24001—2016, HJ 2.2-2018, JTG D60-2015; not 16 GB 2400MHz, JG-1
_DOMESTIC = re.compile(f"{_LEFT}(?P<code>[A-Z]{{2,4}}n?){_STATUS}?(?P<gap>{_SPACE}|-){_SERIAL}(?:(?:{_DASH}|(?<=[0-9])[:：]){_YEAR})?{_RIGHT}")
# DB41/T 1234—2020, DB11/ 307-2013, DB3701/T 12-2020; not DB alone
_LOCAL = re.compile(
    f"{_LEFT}DB{_SPACE}(?P<area>[1-8][0-9](?:[0-9]{{2}})?)(?:{_SPACE}/{_SPACE}(?P<status>[TZ])?{_SPACE}|(?P<bare>T){_SPACE}| {{1,2}}){_SERIAL}(?:{_DASH}{_YEAR})?{_RIGHT}")
# T/CECS 10001-2019, Q/ABC 001-2020
_GROUP = re.compile(f"{_LEFT}(?P<code>[TQ]{_SPACE}/{_SPACE}[A-Z]{{2,10}}){_SPACE}-?{_SERIAL}(?:{_DASH}{_YEAR})?{_RIGHT}")
# ISO 14001:2015, ISO/IEC 27001, IEC 62443-4-1
_INTERNATIONAL = re.compile(
    f"{_LEFT}(?P<code>(?:ISO|IEC|IEEE|EN)(?:/(?:IEC|TR|TS))?)(?:{_SPACE}|-)(?P<serial>[0-9]{{3,6}}(?:\\.[0-9]{{1,3}})?(?:-(?!(?:19|20)[0-9]{{2}}(?![0-9]))[0-9]{{1,3}}){{0,2}})"
    f"(?:(?:{_SPACE}[:：]{_SPACE}|{_DASH}){_YEAR})?(?![A-Za-z0-9]|\\.[0-9])")

_SPEAKS_BEFORE = re.compile("(?:标准|规范|规程|导则|依据|根据|按照?|符合|执行|达到|满足|参照|引用|采用|现行)[（(《:：为]?$|[（(、，和及《]$|》$")
_SPEAKS_AFTER = re.compile("[》）)]|《|(?:等)?(?:的)?(?:要求|规定|标准|规范|规程)")
_TITLE_BEFORE = re.compile(r"《([^《》\n]{2,100})》\s?[（(]?\s?(?:标准号|编号)?[:：]?$")
_TITLE_AFTER = re.compile(r"\s?[）)]?\s?《([^《》\n]{2,100})》")


@dataclass(frozen=True, slots=True)
class StandardMention:
    """One naming of a standard. `number` is normalised: one space after the code, a hyphen (ISO and IEC: a colon) before the year."""

    start: int
    end: int
    number: str
    title: str | None  # where 《…》 stands right before or after, or around the number


@cache
def _levels() -> dict[str, str]:
    return {r["code"]: r["level"] for r in table("standard_codes", columns=("code", "name", "level", "issuer"), key=("code",))}


def find_standards(text: str) -> list[StandardMention]:
    """Every number of a standard with a known code, in order of place.

    >>> [m.number for m in find_standards("符合GB/T24001—2016和DB41/T 1234—2020的要求")]
    ['GB/T 24001-2016', 'DB41/T 1234-2020']
    """
    read = text.translate(_FULL_WIDTH) if _HAS_FULL_WIDTH.search(text) else text
    found: list[StandardMention] = []
    for pattern, number_of in _KINDS:
        for m in pattern.finditer(read):
            number = number_of(read, m)
            if number is not None:
                found.append(StandardMention(m.start(), m.end(), number, _title(text, m.start(), m.end())))
    return sorted(found, key=lambda s: s.start)


def _domestic(text: str, m: re.Match[str]) -> str | None:
    code, serial, year, status = m["code"], m["serial"], m["year"], m["status"]
    if code not in _levels() and code[-1] == "T" and status is None:
        code, status = code[:-1], "T"  # GBT 24001: scans lose the stroke
    level = _levels().get(code)
    if level is None or level in ("local", "group", "enterprise", "international") and code != "CECS":
        return None
    if m["gap"] == "-" and not status:
        return None
    lettered = not serial[0].isdigit() or not serial[-1].isdigit()
    if lettered and code not in ("JTG", "JTJ", "JTS", "TSG", "GJB"):
        return None
    if not year and not status and not _speaks_of_a_standard(text, m, level, serial):
        return None
    if len(serial) == 1 and not year and not status:
        return None
    return f"{code}{'/' + status if status else ''} {serial}{'-' + year if year else ''}"


def _speaks_of_a_standard(text: str, m: re.Match[str], level: str, serial: str) -> bool:
    if text.startswith("年", m.end()):
        return False
    if level == "national":
        return len(serial) >= 3
    before, after = _SPEAKS_BEFORE.search(text, max(0, m.start() - 6), m.start()), _SPEAKS_AFTER.match(text, m.end())
    return len(serial) >= 2 and before is not None and after is not None


def _local(text: str, m: re.Match[str]) -> str | None:
    if region(m["area"].ljust(6, "0")) is None or not m["serial"].replace(".", "").isdigit():
        return None
    status = m["status"] or m["bare"]
    return f"DB{m['area']}/{status + ' ' if status else ''}{m['serial']}{'-' + m['year'] if m['year'] else ''}"


def _group(text: str, m: re.Match[str]) -> str | None:
    code = m["code"].replace(" ", "")
    if not m["serial"][0].isdigit() or (not m["year"] and (code.startswith("Q") or len(m["serial"]) < 3)):
        return None
    return f"{code} {m['serial']}{'-' + m['year'] if m['year'] else ''}"


def _international(text: str, m: re.Match[str]) -> str | None:
    if m["code"] not in _levels() or (m["code"] in ("EN", "IEEE") and not m["year"] and _SPEAKS_AFTER.match(text, m.end()) is None):
        return None
    return f"{m['code']} {m['serial']}{':' + m['year'] if m['year'] else ''}"


_KINDS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], str | None]], ...] = (
    (_DOMESTIC, _domestic), (_LOCAL, _local), (_GROUP, _group), (_INTERNATIONAL, _international),
)


def _title(text: str, start: int, end: int) -> str | None:
    if (m := _TITLE_BEFORE.search(text, max(0, start - 120), start)) is not None:
        return m[1]
    opened = text.rfind("《", max(0, start - 100), start)
    closed = text.find("》", end, end + 100)
    if opened >= 0 and closed >= 0 and not re.search("[《》\n]", text[opened + 1 : start] + text[end:closed]):
        rest = (text[opened + 1 : start].rstrip("（( ") + text[end:closed].lstrip("）) :：")).strip()
        return rest or None
    m = _TITLE_AFTER.match(text, end)
    return m[1] if m is not None else None
