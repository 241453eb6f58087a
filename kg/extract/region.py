"""Finds the administrative divisions a clean text names as places: text in, mentions with offsets and GB/T 2260 codes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import ahocorasick_rs

from kg.model import NATIONAL
from kg.regions import Region, province_of, region, region_by_name, regions, words


@dataclass(frozen=True, slots=True)
class RegionMention:
    """One naming of a division; `name` is its full official name, whatever the text prints."""

    start: int
    end: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    text: str
    kind: str  # full, short, pair, none
    previous: bool = False  # stands in a list behind the hit before it
    following: bool = False


# 港澳台 and its kin name three units with three characters; other single characters (晋陕) name regions too loosely to count.
_PAIRS = {"港澳台": "港澳台", "台港澳": "台港澳", "港澳": "港澳"}
_UNITS = {"港": "810000", "澳": "820000", "台": "710000"}
_JOIN = re.compile(r"[、，,/]|(?:以及|和|及|与|或)|[（(](?:含)?")
_LEFT = re.compile(r"[^一-鿿]$|[在和与及对由向以为到于的是赴经即如按从将由含或至、]$")
_BANK_OF_A_RIVER = re.compile("[岸侧坡麓]|部(?![分门署队委])")
_AND_OTHERS = re.compile("等(?:[0-9一二三四五六七八九十]{1,3}个?)?(?:省辖|地级|城)?市")
_NAME_GAP = 24
_STOPS = "，。；：、“”《》\n 的在对与和及由为是等将向"


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...], tuple[str, ...]]:
    kinds: dict[str, str] = {}
    for r in regions():
        for short in r.short_names:
            # 恩施州 stands for its full name; a county's bare 海淀 or 和平 does not
            if r.name.endswith("自治" + short[-1]):
                kinds.setdefault(short, "full")
            elif r.level != "county" or _under_province(r):
                kinds.setdefault(short, "short")
    kinds.update((r.name, "full") for r in regions())
    kinds.update((p, "pair") for p in _PAIRS)
    kinds.update((w, "none") for w in words("not_region"))
    patterns = tuple(sorted(kinds))
    machine = ahocorasick_rs.AhoCorasick(
        patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA)
    return machine, patterns, tuple(kinds[p] for p in patterns)


def _under_province(r: Region) -> bool:
    """济源市, 仙桃市: county-level cities that stand beside the prefectures."""
    return r.level == "county" and r.name.endswith("市") and r.parent is not None and r.code[2:4] == "90"


def find_regions(text: str, *, jurisdiction: str | None = None, on: str | None = None) -> list[RegionMention]:
    """Every naming of a province, prefecture or county as a place, in order of place; agencies' and titles' included.

    `jurisdiction` is the code the document is made for: its own counties need no parent before them, other counties of a local document do.
    `on` is the document's day. Clusters (京津冀), rivers, companies, zones and ordinary words are none; see `kg/data/region_words.csv`.

    >>> [m.name for m in find_regions("河南省漯河市人民政府")]
    ['河南省', '漯河市']
    """
    own = jurisdiction if jurisdiction not in (None, NATIONAL) else None
    found: list[RegionMention] = []
    for group in _groups(text):
        found.extend(_read_group(text, group, own, on))
    return found


def _hits(text: str) -> Iterator[_Hit]:
    machine, patterns, kinds = _matcher()
    for index, start, end in machine.find_matches_as_indexes(text):
        kind = kinds[index]
        if kind == "none":
            continue
        name = patterns[index]
        if kind == "full" and text[end : end + 1] in _next_word_takes(name[-1]):
            name, end, kind = name[:-1], end - 1, "short"
        yield _Hit(start, end, name, kind)


def _groups(text: str) -> Iterator[list[_Hit]]:
    """Hits that stand in one list or one chain: 郑州、洛阳 and 河南省漯河市."""
    group: list[_Hit] = []
    for hit in _hits(text):
        if group:
            gap = text[group[-1].end : hit.start]
            joined = not gap or (len(gap) <= 3 and _JOIN.fullmatch(gap) is not None)
            if not joined:
                yield group
                group = []
            elif gap:
                group[-1] = replace(group[-1], following=True)
                hit = replace(hit, previous=True)
        group.append(hit)
    if group:
        yield group


def _read_group(text: str, group: list[_Hit], own: str | None, on: str | None) -> Iterator[RegionMention]:
    last = group[-1]
    clustered = _cluster().match(text, last.end) is not None
    cities = _cities(group, own, on)
    above: RegionMention | None = None  # the mention before, in this group
    for i, hit in enumerate(group):
        if hit.kind == "pair":
            if not text.startswith(("办", "事务"), hit.end):
                for offset, character in enumerate(_PAIRS[hit.text]):
                    unit = region(_UNITS[character])
                    assert unit is not None
                    yield RegionMention(hit.start + offset, hit.start + offset + 1, unit.code, unit.name)
            above = None
            continue
        r = _read(text, group, i, own, on, above, cities)
        if r is None or _in_company(text, hit.end) or (hit.kind == "short" and clustered):
            above = None if hit.previous or not hit.following else above
            continue
        above = RegionMention(hit.start, hit.end, r.code, r.name)
        yield above


def _read(
    text: str, group: list[_Hit], i: int, own: str | None, on: str | None, above: RegionMention | None, cities: dict[int, Region]
) -> Region | None:
    hit = group[i]
    chained = above is not None and above.end == hit.start
    if hit.kind == "short":
        if text.startswith(words("feature"), hit.end) or _BANK_OF_A_RIVER.match(text, hit.end):
            return None
        if i in cities and len(cities) > 1:
            return cities[i]
        r = region_by_name(hit.text, on=on)
        if r is not None and r.level == "province":
            return r
        r = cities.get(i)
        if r is None:
            return None
        before_own_county = i + 1 < len(group) and group[i + 1].start == hit.end and region_by_name(group[i + 1].text, within=r.code)
        if (chained and above is not None and r.code[:2] == above.code[:2]) or before_own_county:
            return r
        if text.startswith(words("agency_tail"), hit.end) or _AND_OTHERS.match(text, hit.end):
            return r
        return None
    if above is not None:
        for within in (above.code, _parent(above.code), province_of(above.code)) if not chained else (above.code,):
            r = region_by_name(hit.text, within=within, on=on)
            if r is not None and (r.code != above.code) and not (not chained and r.level == "county" and within.endswith("0000") and hit.text in words("generic")):
                return r
    r = region_by_name(hit.text, on=on)
    if r is not None and r.level != "county":
        return r
    if hit.text in words("generic"):
        return None
    free = _LEFT.search(text[max(0, hit.start - 1) : hit.start] or " ") is not None
    if own:
        for within in dict.fromkeys((own, province_of(own))):
            r = region_by_name(hit.text, within=within, on=on)
            if r is not None:
                return r if free or len(hit.text) > 2 else None
        return None
    return r if r is not None and free and len(hit.text) > 2 else None


def _parent(code: str) -> str:
    r = region(code)
    return r.parent or code if r else code


def _cities(group: list[_Hit], own: str | None, on: str | None) -> dict[int, Region]:
    """The prefectures, and the cities beside them, that a group names in full or in short, by place in the group."""
    found: dict[int, Region] = {}
    for i, hit in enumerate(group):
        if hit.kind == "pair":
            continue
        r = region_by_name(hit.text, on=on)
        if r is not None and (r.level == "prefecture" or _under_province(r)):
            found[i] = r
    provinces = {province_of(r.code) for r in found.values()} | ({province_of(own)} if own else set())
    if len(provinces) == 1 and (found or own):
        # 长春、吉林、四平: among Jilin's cities 吉林 is the city
        for i, hit in enumerate(group):
            if i in found or hit.kind != "short" or not (hit.previous or hit.following) or not found:
                continue
            r = next((c for c in _short_cities().get(hit.text, ()) if province_of(c.code) in provinces and c.valid_on(on)), None)
            if r is not None:
                found[i] = r
    return found


@cache
def _short_cities() -> dict[str, tuple[Region, ...]]:
    index: dict[str, list[Region]] = {}
    for r in regions():
        if r.level == "prefecture" or _under_province(r):
            for short in r.short_names:
                index.setdefault(short, []).append(r)
    return {s: tuple(f) for s, f in index.items()}


@cache
def _cluster() -> re.Pattern[str]:
    return re.compile("等?[一-鿿]{0,4}?(?:" + "|".join(words("cluster")) + ")")


@cache
def _company() -> re.Pattern[str]:
    return re.compile(f"[^{_STOPS}]{{0,{_NAME_GAP}}}?(?:" + "|".join(map(re.escape, words("company"))) + ")")


def _in_company(text: str, end: int) -> bool:
    m = _company().match(text, end)
    return m is not None and not any(w in m.group() for w in words("not_company"))


def _next_word_takes(suffix: str) -> str:
    return {"市": "场", "区": "域间块位", "县": "域"}.get(suffix, "\0")
