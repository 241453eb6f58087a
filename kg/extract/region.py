"""Finds the administrative divisions a clean text names as places: text in, mentions with offsets and GB/T 2260 codes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from kg.model import NATIONAL
from kg.regions import Region, beside_prefectures, ends_in_next_word, province_of, region, region_by_name, regions, words


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
    kind: str  # full, short, pair
    listed: bool = False  # a list sign, not nothing, stands between this hit and the one before it in its group


# 港澳台 and its kin name two or three units with a character each; other single characters (晋陕) name regions too loosely to count.
_PAIRS = ("港澳台", "港、澳、台", "台港澳", "港澳", "港、澳")
_UNITS = {"港": "810000", "澳": "820000", "台": "710000"}
_LIST_SIGN = re.compile(r"[※*]?(?:[、，,/：:]|以及|[和及与或]|[（(]含?)")  # ※ marks lines of lists; 天津市：和平区
# What may stand before a county's name that has no parent before it: 全市和县 and 管理县 hold the names 和县 and 理县.
_OPENING = re.compile(r"[^一-鿿]|[在和与及对由向以为到于的是赴经即如按从将含或至持]")
# What follows a short name and makes another name of it: 黄河南岸, 左权县河南村, 青海湖; 河南河湖, 河南乡村 and 上海路网 name the province.
_LANDSCAPE = re.compile(
    "[岸侧坡麓堤湾]|港(?![澳珠])|部(?![分门署队委])|村(?![镇庄级民])|[镇乡](?![村镇])"
    "|河(?![湖道流长网段务])|江(?![河湖海段])|湖(?![泊区])|岛(?![屿礁])|峡(?!谷)|路(?![网政面线段径桥由灯])|街(?!道)|站(?![位点在])"
)
_RESERVOIRS = re.compile("等[一-鿿]{0,10}?(?:水库|水利枢纽|河流|湖泊)")  # 刘家峡、三门峡等黄河干流骨干水库
_AND_OTHERS = re.compile("等(?:[0-9一二三四五六七八九十]{1,3}个?)?(?:省辖|地级|城)?市")
_PHRASE = "[^，。；：、“”《》\\n 的在对与和及由为是等将向]"
_COLLEGE = re.compile(rf"{_PHRASE}{{0,6}}?(?:大学(?![生城])|学院)")  # 上海交通大学; 河南大学生 names Henan
# 上海某建设公司; 内蒙古、吉林、龙江森工集团公司; 河南省公司登记办法 is no company's name
_SHORT_COMPANY = re.compile(rf"{_PHRASE}{{0,8}}?公司(?![管登法条监试治债])|(?:、[一-鿿]{{2,4}}){{1,4}}{_PHRASE}{{0,12}}?(?:集团|有限)公司")


def find_regions(text: str, *, jurisdiction: str | None = None, on: str | None = None) -> list[RegionMention]:
    """Every naming of a province, prefecture or county as a place, in order of place; agencies' and titles' included.

    `jurisdiction` is the code the document is made for: its own counties need no parent before them, other counties of a local document do.
    `on` is the document's day. Clusters (京津冀), rivers, companies, zones and ordinary words are none; see `kg/data/region_words.csv`.

    >>> [m.name for m in find_regions("河南省漯河市人民政府")]
    ['河南省', '漯河市']
    """
    own = None if jurisdiction in (None, NATIONAL) else jurisdiction
    found: list[RegionMention] = []
    for group in _groups(text):
        found.extend(_read_group(text, group, own, on))
    if own:
        taken = {i for m in found for i in range(m.start, m.end)}
        found.extend(m for m in _listed_counties(text, province_of(own)) if taken.isdisjoint(range(m.start, m.end)))
    return sorted(found, key=lambda m: m.start)


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[str, ...], tuple[str, ...]]:
    kinds: dict[str, str] = {}
    for r in regions():
        for short in r.short_names:
            # 恩施州 stands for its full name; a county's bare 海淀 or 和平 does not
            if r.name.endswith("自治" + short[-1]):
                kinds.setdefault(short, "full")
            elif r.level != "county" or beside_prefectures(r):
                kinds.setdefault(short, "short")
    kinds.update((r.name, "full") for r in regions())
    kinds.update((p, "pair") for p in _PAIRS)
    kinds.update((w, "none") for w in words("not_region"))
    patterns = tuple(sorted(kinds))
    return _machine(patterns), patterns, tuple(kinds[p] for p in patterns)


def _machine(patterns: tuple[str, ...]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(
        patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.ContiguousNFA
    )


def _groups(text: str) -> Iterator[list[_Hit]]:
    """Hits that stand in one list or one chain: 郑州、洛阳 and 河南省漯河市."""
    machine, patterns, kinds = _matcher()
    group: list[_Hit] = []
    for index, start, end in machine.find_matches_as_indexes(text):
        kind, name = kinds[index], patterns[index]
        if kind == "none":
            continue
        if kind == "full" and ends_in_next_word(name, text[end : end + 1]):
            name, end, kind = name[:-1], end - 1, "short"
        listed = False
        if group:
            gap = text[group[-1].end : start] if start - group[-1].end <= 3 else "far"
            listed = _LIST_SIGN.fullmatch(gap) is not None
            if gap and not listed:
                yield group
                group = []
        group.append(_Hit(start, end, name, kind, listed))
    if group:
        yield group


def _read_group(text: str, group: list[_Hit], own: str | None, on: str | None) -> Iterator[RegionMention]:
    clustered = _cluster().match(text, group[-1].end) is not None
    cities = _cities(group, own, on)
    above: Region | None = None  # the last division found in this group, and where it ended
    end = -1
    for i, hit in enumerate(group):
        if hit.kind == "pair":
            yield from _pair(text, hit)
            continue
        if hit.kind == "short":
            r = None if clustered else _read_short(text, group, i, own, on, above if end == hit.start else None, cities)
        else:
            sisters = i + 1 < len(group) and group[i + 1].listed and group[i + 1].kind == "full"
            r = _read_full(text, hit, own, on, above, end == hit.start, sisters)
        if r is None or _in_company(text, hit):
            continue
        above, end = r, hit.end
        yield RegionMention(hit.start, hit.end, r.code, r.name)
    if above is not None and end == group[-1].end:
        yield from _county_before_zone(text, end, above)
        if len(cities) > 1:
            yield from _county_city_after(text, end)


def _pair(text: str, hit: _Hit) -> Iterator[RegionMention]:
    if text.startswith(words("pair_tail"), hit.end) or text[hit.start - 1 : hit.start] in tuple("粤深穗珠"):
        return
    for offset, character in enumerate(hit.text):
        unit = region(_UNITS.get(character, ""))
        if unit is not None:
            yield RegionMention(hit.start + offset, hit.start + offset + 1, unit.code, unit.name)


def _read_short(
    text: str, group: list[_Hit], i: int, own: str | None, on: str | None, parent: Region | None, cities: dict[int, Region]
) -> Region | None:
    """河南, 郑州: a province counts always, a city in a list, beside its province or county, in an agency, or as no ordinary word."""
    hit = group[i]
    following = group[i + 1] if i + 1 < len(group) and group[i + 1].start == hit.end else None
    if following is None and _is_feature(text, hit.end):
        return None
    city = cities.get(i)
    if city is None or (city.name != hit.text and len(cities) == 1):
        r = region_by_name(hit.text, on=on)
        if r is not None and r.level == "province":
            return r
    if city is None or text.startswith(words("city_feature"), hit.end):
        return None
    if len(cities) > 1 or (parent and province_of(city.code) == parent.code):
        return city
    if following and region_by_name(following.text, within=city.code):
        return city
    tails = words("agency_tail") if hit.text in words("ordinary") else (*words("agency_tail"), *words("zone_tail"))
    if text.startswith(tails, hit.end) or _AND_OTHERS.match(text, hit.end):
        return city
    if hit.text in words("ordinary") or not city.valid_on(on):
        return None
    return city if (_opens(text, hit.start) if own is None else province_of(own) == province_of(city.code)) else None


def _read_full(text: str, hit: _Hit, own: str | None, on: str | None, above: Region | None, chained: bool, sisters: bool) -> Region | None:
    """河南省, 漯河市, 源汇区: a county counts beside its parent or its sisters, in its own province's documents, or when it is the only one."""
    everyday = hit.text in words("generic")
    if above is not None:
        scopes = (above.code,) if chained else (above.code, above.parent or above.code, *(() if everyday else (province_of(above.code),)))
        for within in scopes:
            r = region_by_name(hit.text, within=within, on=on)
            # 郊区 and 城区 are counties only where and while the table says so
            if r is not None and r.code != above.code and (not everyday or r.valid_on(on)):
                return r
    r = region_by_name(hit.text, on=on)
    if r is not None and r.level != "county":
        return r
    opens = _opens(text, hit.start) or sisters
    if everyday or (len(hit.text) == 2 and not opens):
        return None
    if own is None:
        # a district without its city may be a functional zone of an unnamed one (西城区 outside Beijing)
        return r if len(hit.text) > 2 and (not hit.text.endswith("区") or hit.text.endswith("新区")) else None
    return region_by_name(hit.text, within=own, on=on) or region_by_name(hit.text, within=province_of(own), on=on)


def _is_feature(text: str, end: int) -> bool:
    return text.startswith(words("feature"), end) or any(p.match(text, end) for p in (_LANDSCAPE, _COLLEGE, _RESERVOIRS))


def _opens(text: str, start: int) -> bool:
    return start == 0 or _OPENING.match(text, start - 1) is not None


def _cities(group: list[_Hit], own: str | None, on: str | None) -> dict[int, Region]:
    """The prefectures, and the cities beside them, that a group names in full or in short, by place in the group."""
    found: dict[int, Region] = {}
    for i, hit in enumerate(group):
        r = region_by_name(hit.text, on=on) if hit.kind != "pair" else None
        if r is not None and (r.level == "prefecture" or beside_prefectures(r)):
            found[i] = r
    provinces = {province_of(r.code) for r in found.values()}
    if len(provinces) == 1:
        # 长春、吉林、四平: among Jilin's cities 吉林 is the city
        for i, hit in enumerate(group):
            namesake = _namesakes().get(hit.text)
            among = hit.listed or (i + 1 < len(group) and group[i + 1].listed)
            if hit.kind == "short" and among and namesake and province_of(namesake.code) in provinces:
                found[i] = namesake
    return found


@cache
def _namesakes() -> dict[str, Region]:
    """Prefectures whose short name is a province's: 吉林, 海南."""
    provinces = {s for r in regions() if r.level == "province" for s in r.short_names}
    return {s: r for r in regions() if r.level == "prefecture" and r.valid_to is None for s in r.short_names if s in provinces}


def _county_before_zone(text: str, at: int, above: Region) -> Iterator[RegionMention]:
    """吕梁市交城经济开发区: a county's short name between its prefecture and a zone."""
    if above.level != "prefecture":
        return
    for length in (4, 3, 2):
        r = _short_counties(above.code).get(text[at : at + length])
        if r is not None and text.startswith(words("zone_tail"), at + length):
            yield RegionMention(at, at + length, r.code, r.name)
            return


def _county_city_after(text: str, at: int) -> Iterator[RegionMention]:
    """合肥、马鞍山和彭州等地: a county-level city that closes a list of prefectures."""
    sign = _LIST_SIGN.match(text, at)
    if not sign:
        return
    for length in (4, 3, 2):
        end = sign.end() + length
        r = _short_counties(NATIONAL).get(text[sign.end() : end])
        if r is not None and r.name.endswith("市") and text[end : end + 1] in tuple("、，。；等和及与"):
            yield RegionMention(sign.end(), end, r.code, r.name)
            return


def _listed_counties(text: str, province: str) -> Iterator[RegionMention]:
    """推进浑源、垣曲…: short names of the province's own counties, at least two in a list."""
    counties = _short_counties(province)
    run: list[tuple[int, int]] = []

    def close() -> Iterator[RegionMention]:
        if len(run) > 1:
            for start, end in run:
                r = counties[text[start:end]]
                yield RegionMention(start, end, r.code, r.name)

    for _, start, end in _county_machine(province).find_matches_as_indexes(text):
        if run and not _LIST_SIGN.fullmatch(text, run[-1][1], start):
            yield from close()
            run = []
        run.append((start, end))
    yield from close()


@cache
def _county_machine(province: str) -> ahocorasick_rs.AhoCorasick:
    return _machine(tuple(sorted(_short_counties(province))))


@cache
def _short_counties(within: str) -> dict[str, Region]:
    """Short names of two characters and more that one county in force within a division bears."""
    found: dict[str, list[Region]] = {}
    for r in regions():
        if r.level == "county" and r.valid_to is None and (within in (NATIONAL, r.parent) or province_of(r.code) == within):
            for short in r.short_names:
                found.setdefault(short, []).append(r)
    return {s: f[0] for s, f in found.items() if len(f) == 1 and len(s) > 1}


@cache
def _cluster() -> re.Pattern[str]:
    # 宁夏沿黄城市群, 兰州—西宁城市群
    return re.compile("等?[一-鿿—–－-]{0,6}?(?:" + "|".join(words("cluster")) + ")")


@cache
def _company() -> re.Pattern[str]:
    return re.compile(f"{_PHRASE}{{0,24}}?(?:" + "|".join(map(re.escape, words("company"))) + ")")


def _in_company(text: str, hit: _Hit) -> bool:
    m = _company().match(text, hit.end) or (_SHORT_COMPANY.match(text, hit.end) if hit.kind == "short" else None)
    return m is not None and not any(w in m.group() for w in words("not_company"))
