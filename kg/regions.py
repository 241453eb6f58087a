"""Administrative divisions: a code, a name or an abbreviation goes in, the division of GB/T 2260 it stands for comes out."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from kg.errors import TableError
from kg.model import NATIONAL
from kg.tables import table

__all__ = [
    "FIRST_LIST",
    "NATIONAL",
    "Region",
    "abbreviations",
    "beside_prefectures",
    "ends_in_next_word",
    "former_names",
    "in_force",
    "path",
    "prefix_region",
    "province_of",
    "region",
    "region_by_abbreviation",
    "region_by_name",
    "region_of_agency",
    "regions",
    "words",
]

Level = Literal["province", "prefecture", "county"]
FIRST_LIST = 1981  # the year of the first list of codes; a division that stands in it may be older
_LEVELS: tuple[Level, ...] = ("province", "prefecture", "county")
_COLUMNS = ("code", "name", "level", "parent", "short_names", "abbreviations", "valid_from", "valid_to", "successors")
# Longest first: 地区 before 区. A county that is one character without its suffix (新县, 沙县) has no short name.
_SUFFIXES = ("特别行政区", "自治区", "地区", "省", "市", "盟", "县", "区", "旗", "州")
_LONGEST = 16
# 漯河市场监督管理局 is 漯河 + 市场…, not 漯河市 + 场…; 海南区域 is 海南 + 区域.
_SUFFIX_BELONGS_TO_NEXT = {"市": "场", "区": "域间块位", "县": "域级"}


# 扬州财政局; a title goes on behind the body's name
_BODY = re.compile("[一-鿿（）()]{0,16}?(?:局|厅|委|委员会|院|办公室|政府|中心|协会|科协|学会|联合会|总工会)(?:$|关于|[、，])")
_TRADE_ZONE = re.compile("(?:中国|国家)[（(]([一-鿿]{2,8})[）)]")  # 中国（上海）自由贸易试验区管理委员会


@dataclass(frozen=True, slots=True)
class Region:
    """One division under one name: a renamed unit is two of them with one code."""

    code: str
    name: str
    level: Level
    parent: str | None
    short_names: tuple[str, ...]
    abbreviations: tuple[str, ...]
    valid_from: int  # 1981: then or before
    valid_to: int | None  # the year of the change; None: in force
    successors: tuple[str, ...]

    def valid_on(self, date: str | None) -> bool:
        """Whether the name was in force in the year of an ISO date (both names are, in the year of a change); None asks about today."""
        if date is None:
            return self.valid_to is None
        year = int(date[:4])
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


@cache
def regions() -> tuple[Region, ...]:
    """Every row of `kg/data/regions.csv`, in order of code and then of time. Raises `TableError` for a row that breaks the table's rules."""
    rows = tuple(_region(row) for row in table("regions", columns=_COLUMNS, key=("code", "name")))
    codes = {r.code for r in rows}
    for r in rows:
        for other in (*r.successors, *([r.parent] if r.parent else [])):
            if other not in codes:
                raise TableError(f"kg/data/regions.csv: {r.code} {r.name} names the code {other}, which has no line; add or correct it")
    return rows


def _region(row: dict[str, str]) -> Region:
    name, level = row["name"], row["level"]
    if level not in _LEVELS or not (row["code"].isdigit() and len(row["code"]) == 6) or not row["valid_from"].isdigit():
        raise TableError(f"kg/data/regions.csv: {row['code']} {name}: level {level!r}, valid_from {row['valid_from']!r}")
    short = tuple(row["short_names"].split("|")) if row["short_names"] else _cut_suffix(name)
    return Region(
        row["code"],
        name,
        level,
        row["parent"] or None,
        short,
        _cells(row["abbreviations"]),
        int(row["valid_from"]),
        int(row["valid_to"]) if row["valid_to"] else None,
        _cells(row["successors"]),
    )


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def _cut_suffix(name: str) -> tuple[str, ...]:
    suffix = next((s for s in _SUFFIXES if name.endswith(s)), "")
    return (name[: -len(suffix)],) if suffix and len(name) - len(suffix) >= 2 else ()


@cache
def _by_code() -> dict[str, tuple[Region, ...]]:
    index: dict[str, list[Region]] = {}
    for r in regions():
        index.setdefault(r.code, []).append(r)
    return {code: tuple(found) for code, found in index.items()}


@cache
def _by_name() -> tuple[dict[str, tuple[Region, ...]], dict[str, tuple[Region, ...]]]:
    full: dict[str, list[Region]] = {}
    short: dict[str, list[Region]] = {}
    for r in regions():
        full.setdefault(r.name, []).append(r)
        for name in r.short_names:
            short.setdefault(name, []).append(r)
    return {n: tuple(f) for n, f in full.items()}, {n: tuple(f) for n, f in short.items()}


def region(code: str, *, on: str | None = None) -> Region | None:
    """The division of a code on a day (ISO; None: now), or else the last that had the code.

    >>> region("411100").name
    '漯河市'
    """
    found = _by_code().get(code, ())
    valid = [r for r in found if r.valid_on(on)] or list(found)
    return max(valid, key=_recency) if valid else None


def _recency(r: Region) -> tuple[int, int]:
    return (r.valid_to or 9999, r.valid_from)


def former_names(code: str) -> tuple[str, ...]:
    """The full and short names a code's division bore before its present or last one.

    >>> former_names("411500")
    ()
    """
    last = region(code)
    older = [r for r in _by_code().get(code, ()) if r is not last]
    names = dict.fromkeys(n for r in older for n in (r.name, *r.short_names))
    return tuple(n for n in names if last is None or n not in (last.name, *last.short_names))


def in_force(code: str) -> tuple[str, ...]:
    """The codes that stand today where `code` stood: itself, or its successors' successors; several after a split."""
    done: set[str] = set()
    result: set[str] = set()
    queue = [code]
    while queue:
        c = queue.pop()
        if c in done:
            continue
        done.add(c)
        found = _by_code().get(c, ())
        if any(r.valid_to is None for r in found):
            result.add(c)
        else:
            queue.extend(s for r in found for s in r.successors)
    return tuple(sorted(result))


def province_of(code: str) -> str:
    """The code of the province-level unit a code lies in; `NATIONAL` stays.

    >>> province_of("411102")
    '410000'
    """
    return code[:2] + "0000"


def path(code: str) -> tuple[str, ...]:
    """The names from the province down to the division.

    >>> path("411102")
    ('河南省', '漯河市', '源汇区')
    """
    names: list[str] = []
    r = region(code)
    while r is not None:
        names.append(r.name)
        r = region(r.parent) if r.parent else None
    return tuple(reversed(names))


def _inside(code: str, within: str) -> bool:
    if within == NATIONAL:
        return True
    return code.startswith(within[:2] if within.endswith("0000") else within[:4] if within.endswith("00") else within)


def region_by_name(name: str, *, within: str | None = None, on: str | None = None) -> Region | None:
    """The division a full or short name means, or None where several fit.

    A name in force on the day goes before one that is not, a full name before a short one, a province before a prefecture before a county;
    `within` (a province or prefecture code) leaves only what lies there: 朝阳区 alone is None, within 110000 it is 110105.
    """
    for index in _by_name():
        found = [r for r in index.get(name, ()) if within is None or _inside(r.code, within)]
        if not found:
            continue
        found = [r for r in found if r.valid_on(on)] or [r for r in found if r.valid_on(None)] or found
        level = min(_LEVELS.index(r.level) for r in found)
        found = [r for r in found if _LEVELS.index(r.level) == level]
        last = max(found, key=_recency)
        return last if all(r.code == last.code or _leads_to(r, last) for r in found) else None
    return None


def _leads_to(old: Region, target: Region) -> bool:
    """Whether a former unit's successors, at any remove, include the target: the same place under an older code."""
    seen: set[str] = set()
    queue = list(old.successors)
    while queue:
        code = queue.pop()
        if code == target.code:
            return True
        if code not in seen:
            seen.add(code)
            queue.extend(s for r in _by_code().get(code, ()) for s in r.successors)
    return False


@cache
def abbreviations() -> dict[str, str]:
    """Single characters and short names of the province-level units to their codes: 豫 and 河南 to 410000."""
    return {a: r.code for r in regions() if r.level == "province" for a in (*r.abbreviations, *r.short_names)}


def region_by_abbreviation(text: str, *, within: str | None = None) -> Region | None:
    """The division an abbreviation of issuer codes means: 豫 is 410000; 漯 within 410000 is 411100.

    Without `within` only provinces are asked. Inside a province the table's abbreviation of a prefecture counts first, then the opening of
    its name; None where several prefectures fit.
    """
    if within is None:
        code = abbreviations().get(text)
        return region(code) if code else None
    here = [r for r in regions() if r.valid_to is None and r.level != "province" and _inside(r.code, within)]
    found = [r for r in here if text in r.abbreviations] or [r for r in here if r.level == "prefecture" and r.name.startswith(text)]
    return found[0] if len(found) == 1 else None


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind in `kg/data/region_words.csv`, whose head says what each kind is."""
    return tuple(r["text"] for r in table("region_words", columns=("kind", "text"), key=("kind", "text")) if r["kind"] == kind)


def prefix_region(name: str, *, on: str | None = None) -> tuple[Region, str] | None:
    """The lowest division of the longest chain that heads a name, and the rest of the name; None where no division heads it.

    >>> prefix_region("北京市丰台区科学技术局")[1]
    '科学技术局'
    """
    found: Region | None = None
    at = 0
    while step := _head(name[at:], found, on):
        found, length = step
        at += length
        if found.level == "county":
            break
    return (found, name[at:]) if found else None


def _head(name: str, above: Region | None, on: str | None) -> tuple[Region, int] | None:
    full, short = _by_name()
    within = above.code if above else None
    for length in range(min(len(name), _LONGEST), 1, -1):
        head, rest = name[:length], name[length:]
        if head not in full and head not in short:
            continue
        if ends_in_next_word(head, rest[:1]):
            continue
        r = region_by_name(head, within=within, on=on)
        if r is None or (above and _LEVELS.index(r.level) <= _LEVELS.index(above.level)):
            continue
        # 恩施州 and 大厂县 leave the peoples out of the full name and are as good as it
        whole = r.name == head or r.name.endswith("自治" + head[-1])
        if whole or r.level == "province" or (r.level == "prefecture" and _opens_agency(rest, head)):
            return r, length
    return None


def ends_in_next_word(name: str, following: str) -> bool:
    """Whether a name's last character begins the next word: 漯河市 before 场 (市场监督管理局), 海南区 before 域."""
    return bool(following) and following in _SUFFIX_BELONGS_TO_NEXT.get(name[-1], "")


def beside_prefectures(r: Region) -> bool:
    """Whether a county-level city stands directly under its province, among the prefectures: 济源市, 仙桃市."""
    return r.level == "county" and r.code[2:4] == "90" and r.name.endswith("市")


def _opens_agency(rest: str, short: str) -> bool:
    """A prefecture's short name is an ordinary word too often (来宾, 日照) to count before anything but the rest of a body's name."""
    if rest.startswith((*words("agency_tail"), "市场")) or _zone().match(rest):
        return True
    return short not in words("ordinary") and _BODY.match(rest) is not None


@cache
def _zone() -> re.Pattern[str]:
    """郑州 before 高新区, 大连 before 金普新区."""
    return re.compile("[一-鿿]{0,4}?(?:" + "|".join(words("zone_tail")) + ")")


def region_of_agency(name: str, *, central: bool = False) -> str | None:
    """The code of the region whose body a full name is: 河南省人民政府办公厅 to 410000, 国家税务总局河南省税务局 too.

    A name without a region is None, or `NATIONAL` where the caller knows the body to be a central one (`central=True`).
    """
    head = next((h for h in sorted(words("agency_head"), key=len, reverse=True) if name.startswith(h)), "")
    found = prefix_region(name) or (prefix_region(name[len(head) :]) if head else None)
    if found:
        return found[0].code
    zone = _TRADE_ZONE.match(name)
    r = region_by_name(zone.group(1)) if zone else None
    return r.code if r else NATIONAL if central else None
