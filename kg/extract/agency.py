"""Finds the bodies of state, party and courts that a clean text names: text in, mentions with offsets and full official names out."""

import re
from collections.abc import Iterator
from functools import cache

import ahocorasick_rs

from kg.agencies import (
    IN_NAME,
    LEVELS,
    NAMED_KINDS,
    Organ,
    agency_by_name,
    bare_names,
    choose,
    full_name,
    names,
    official_place,
    organ_forms,
    unit_name,
)
from kg.agency_words import words
from kg.extract.agency_list import leading_issuers, split_agencies
from kg.extract.agency_scan import HAN, OPENS_NAME, AgencyMention, Scan, Term, chain_place, joined, level_place, place_of
from kg.extract.agency_shape import read_body, read_composed
from kg.regions import Region, region, region_by_name, regions
from kg.regions import words as region_words

__all__ = ["AgencyMention", "find_agencies", "leading_issuers", "split_agencies"]


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[Term | None, ...]]:
    terms: dict[str, Term | None] = {}
    for name, organ in organ_forms().items():
        # a lone 委 is too common to look for; 省委 and 河南省委 are found from their first half
        if len(name) > 1:
            terms[name] = Term(name, organ=organ)
        if name.startswith("委"):
            for level in LEVELS:
                terms[level + name] = Term(level + name, organ=organ, level=level)
    for name, found in bare_names().items():
        known = terms.get(name)
        terms[name] = Term(name, bare=tuple(a for a in found if a.kind in NAMED_KINDS), organ=known.organ if known else None)
    for name, found in names().items():
        named = tuple(a for a in found if a.kind in NAMED_KINDS)
        known = terms.get(name)
        terms[name] = Term(name, central=named, organ=known.organ if known else None) if named else None
    for r in regions():
        if len(r.name) == 2 and r.name in region_words("generic"):
            continue  # the 新区 of 高新区 is no county
        terms.setdefault(r.name, Term(r.name, place=True))
        for short in r.short_names:
            if r.level == "province" or r.name.endswith("自治" + short[-1]):
                terms.setdefault(short, Term(short, place=True))
            elif r.level == "prefecture":
                for tail in words("city_tail"):
                    terms.setdefault(short + tail, Term(short + tail, organ=organ_forms().get(tail), place=True))
    for word in words("ending"):
        terms.setdefault(word, Term(word, ending=True))
    for word in words("not_agency"):
        terms[word] = None
    patterns = tuple(sorted(terms))
    machine = ahocorasick_rs.AhoCorasick(
        patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA)
    return machine, tuple(terms[p] for p in patterns)


# What follows a name's last character in a longer word: 教育部门, 商务部署, 公安部队, 外交部长, 财政部委属院校; but 财政部分别下达, 农业部委托
_LONGER_WORD = {
    "部": re.compile("[门署队位件级长]|分(?![配别管期批])|委(?![托派])"), "办": re.compile("[公事法理学案]"), "委": re.compile("[托员派任]"),
    "局": re.compile("[部面限势域长]"), "厅": re.compile("[长局级]"), "院": re.compile("[长士校]"), "大": re.compile("代表(?!大会)"),
}
_NOT_PARTY_COMMITTEE = re.compile("[托派员任身以外]")
_UNIT = re.compile(
    f"办公厅|办公室(?!主任)|审判委员会|检察委员会|专利复审委员会|(?![和与及])(?:{IN_NAME}{{1,14}}?(?:司(?![法长机令局])|[总分]署"
    f"|(?<![大布格结时全])局(?![长部面限势域机])|特派员办事处|特派办|中心(?![城区任支])|办公室(?!主任))|{IN_NAME}{{1,5}}?庭(?![审长]))")
_UNIT_IN_BRACKETS = re.compile(f"[（(]({IN_NAME}{{2,12}}?(?:司|局|办公室|中心))[）)]")
_LOCAL_UNIT = re.compile(f"办公厅|办公室(?!主任)|(?![和与及]){IN_NAME}{{2,12}}?处(?![理罚置分长于以所])")
_LOCAL_BODY = re.compile(
    f"{IN_NAME}{{2,14}}?(?:(?:管理|监督|监管|事务|服务|发展|建设|促进|保障|审批|执法|合作)局|(?:管理|服务|交易|技术|监测|指导)中心|办公室(?!主任))")
# 国务院市场监督管理部门 is a function; 国务院有关部门 and 国务院各部门 are the State Council's.
_FUNCTION = re.compile(f"(?![和与及])(?:主管|{IN_NAME}){{2,16}}?的?部门")
_STREET = re.compile("[路街道巷号]")
_FUNCTIONARY = re.compile(f"{IN_NAME}{{2,16}}?(?:主管|管理|行政)部门")
_SPACED = re.compile("(?<![一-鿿])[一-鿿](?:[ 　]{1,4}[一-鿿]){1,14}(?![一-鿿])")
_CORPS, _CORPS_CODE = "新疆生产建设兵团", "660000"  # a region and a body in one


def find_agencies(text: str, *, jurisdiction: str | None = None, on: str | None = None) -> list[AgencyMention]:
    """Every naming of a body, in order of place; in lists a prefix is carried on (河南银保监局、证监局 names 河南证监局).

    `jurisdiction` is the code the document is made for and decides 省 and 市; `on` is its day and decides names that several bodies bore.
    Companies, learned societies, functions (国务院有关部门, 财政部门) and bodies of unnamed places are none.

    >>> [m.name for m in find_agencies("由省发展改革委、财政厅负责", jurisdiction="410000")]
    ['河南省发展和改革委员会', '河南省财政厅']
    """
    machine, terms = _matcher()
    scan = Scan(text, jurisdiction, on, [])
    skip = 0
    hits = machine.find_matches_as_indexes(text)
    for i, (index, start, end) in enumerate(hits):
        term = terms[index]
        if term is None or start < skip:
            continue
        if term.central and term.organ is not None and scan.chain[1] == start and _organ(scan, term, start, end):
            continue  # 江苏省供销合作总社
        if term.central:
            skip = _central(scan, term, start, end, _next_central(hits, terms, i))
        elif term.place:
            if term.organ is not None:
                _city_branch(scan, term, start, end)
            else:
                next_start = hits[i + 1][1] if i + 1 < len(hits) else -1
                skip = _place(scan, term, start, end, next_start)
        elif term.ending:
            skip = read_body(scan, term, start, end)
        elif term.organ is not None and _organ(scan, term, start, end):
            continue
        elif term.bare:
            _bare(scan, term, start, end)
    found = [*scan.found, *_letter_spaced(text, jurisdiction, on)]
    return sorted([*found, *read_composed(scan, found)], key=lambda m: (m.start, m.end))


def _letter_spaced(text: str, jurisdiction: str | None, on: str | None) -> Iterator[AgencyMention]:
    """财 政 部, as signatures print short names to the width of long ones."""
    for m in _SPACED.finditer(text):
        name = full_name(re.sub("[ 　]", "", m.group()), jurisdiction=jurisdiction, on=on)
        if name is not None and (agency_by_name(name) is None or agency_by_name(name).kind in NAMED_KINDS):
            yield AgencyMention(m.start(), m.end(), name)


def _next_central(hits: list[tuple[int, int, int]], terms: tuple[Term | None, ...], i: int) -> int:
    """Where the next central body is named behind hit `i`; a department's name does not reach over it (财政部商国家物价局)."""
    for index, start, _ in hits[i + 1 : i + 4]:
        term = terms[index]
        if term is not None and (term.central or (term.bare and start == hits[i][2])):
            return start
    return hits[i][2] + 99


def _goes_on(text: str, end: int) -> bool:
    pattern = _LONGER_WORD.get(text[end - 1])
    return pattern is not None and pattern.match(text, end) is not None


def _central(scan: Scan, term: Term, start: int, end: int, next_central: int) -> int:
    text, name = scan.text, term.text
    agency = choose(term.central, scan.on)
    if _goes_on(text, end):
        return 0
    if len(name) <= 4 and agency.valid_to and start and start != scan.end and HAN.match(text, start - 1) and text[start - 1] not in OPENS_NAME:
        return 0
    if name == "国务院" and _FUNCTION.match(text, end):
        return 0
    full, stop = agency.name, end
    unit = None if agency.kind == "office" or name in ("国务院", "中共中央", "党中央") else _UNIT.match(text, end)
    if unit and unit.end() <= next_central:
        full, stop = unit_name(full, unit.group()), unit.end()
    elif branch := _branch_in(text, end, full):
        full, stop = branch
    else:
        unit = _UNIT_IN_BRACKETS.match(text, end)
        if unit and unit[1] not in names() and unit[1] not in bare_names():
            _settle_waiting(scan, start)
            scan.add(start, end, full, None)
            scan.add(end + 1, unit.end() - 1, unit_name(full, unit[1]), None)
            scan.end = unit.end()
            return unit.end()
    _settle_waiting(scan, start)
    scan.add(start, stop, full, None)
    _standing_committee(scan, stop, full, None)
    return stop


_BRANCH = re.compile(f"({IN_NAME}{{2,12}}?)((?:中心)?支行|分行|营业管理部|监管局|监管分局|调查总队)")


def _branch_in(text: str, end: int, owner: str) -> tuple[str, int] | None:
    """中国人民银行四川省分行: a branch named after its region; its full name and where it ends."""
    m = _BRANCH.match(text, end)
    place = region_by_name(m[1]) if m else None
    return (owner + m[0], m.end()) if m and place else None


def _standing_committee(scan: Scan, end: int, congress: str, place: Region | None) -> None:
    """全国人大及其常委会 names two bodies."""
    form = next((f for f in ("及其常委会", "及其常务委员会") if scan.text.startswith(f, end)), None)
    if form and congress.endswith("人民代表大会"):
        scan.add(end + 2, end + len(form), congress + "常务委员会", place)


def _settle_waiting(scan: Scan, start: int) -> None:
    """Bare names side by side up to a central body at `start` mean central bodies themselves."""
    at = start
    taken = []
    for s, e, agency in reversed(scan.waiting):
        if not joined(scan, e, at):
            break
        taken.append(AgencyMention(s, e, agency.name))
        at = s
    scan.waiting.clear()
    scan.found.extend(reversed(taken))


def _bare(scan: Scan, term: Term, start: int, end: int) -> None:
    if not term.bare:
        return
    agency = choose(term.bare, scan.on)
    if scan.scope is None and scan.end > 0 and scan.end < start and joined(scan, scan.end, start):
        scan.add(start, end, agency.name, None)
    elif not scan.local and (start == 0 or not HAN.match(scan.text, start - 1)):
        if scan.waiting and not joined(scan, scan.waiting[-1][1], start):
            scan.waiting.clear()
        scan.waiting.append((start, end, agency))


def _place(scan: Scan, term: Term, start: int, end: int, next_start: int) -> int:
    if scan.chain[1] == start and len(scan.chain[2]) < 4:
        scan.chain = (scan.chain[0], end, (*scan.chain[2], term.text))
    else:
        if scan.text[scan.chain[1] : start] in ("、", "和", "与", "及") and len(scan.listed) < 40:
            scan.listed.append(scan.chain)
        else:
            scan.listed.clear()
        scan.chain = (start, end, (term.text,))
    text = scan.text
    if text[end : end + 1] == "委" and not _NOT_PARTY_COMMITTEE.match(text, end + 1):
        place = chain_place(scan)
        if place is not None:
            first = scan.chain[0] - 2 if text.startswith("中共", scan.chain[0] - 2) else scan.chain[0]
            organ, length = _party_organ(text, end)
            scan.add(first, end + length, organ.full_name(place), place)
            return end + length
    elif next_start != end and term.text[-1] in "省市县区州盟旗团":
        following = text[end : end + 1]
        if term.text == _CORPS and not HAN.match(following):
            scan.add(start, end, _CORPS, region(_CORPS_CODE))
            return end
        functionary = _FUNCTIONARY.match(text, end)
        if functionary and (place := chain_place(scan)):
            # 兵团工业和信息化主管部门、财政厅: no body, but the list goes on in that region
            scan.end, scan.scope = functionary.end(), place
            return 0
        body = _LOCAL_BODY.match(text, end)
        if body and not _STREET.search(body.group()) and not body.group().startswith(words("not_body")) and (next_start == -1 or next_start >= end):
            place = chain_place(scan)
            if place is not None and body.group() not in organ_forms():
                scan.add(scan.chain[0], body.end(), official_place(place) + body.group(), place)
                return body.end()
    return 0


@cache
def _party_forms() -> tuple[str, ...]:
    return tuple(sorted((f for f in organ_forms() if f.startswith("委")), key=len, reverse=True))


def _party_organ(text: str, at: int) -> tuple[Organ, int]:
    form = next(f for f in _party_forms() if text.startswith(f, at))
    return organ_forms()[form], len(form)


def _city_branch(scan: Scan, term: Term, start: int, end: int) -> None:
    assert term.organ is not None
    tail = next(t for t in words("city_tail") if term.text.endswith(t) and organ_forms().get(t) is term.organ)
    place = region_by_name(term.text[: -len(tail)], on=scan.on)
    if place is not None:
        first = next((start - len(b) for b in ("中国人民银行", "人民银行", "人行") if scan.text.startswith(b, max(0, start - len(b)), start)), start)
        scan.add(first, end, term.organ.full_name(place), place)


def _organ(scan: Scan, term: Term, start: int, end: int) -> bool:
    """Reads a local organ; False where no region stands before it, in its place or carried."""
    text, organ = scan.text, term.organ
    assert organ is not None
    if _goes_on(text, end):
        return False
    place: Region | None = None
    first = start
    if term.level:
        if _NOT_PARTY_COMMITTEE.match(text, end) and len(term.text) == len(term.level) + 1:
            return False
        place = level_place(scan, term.level, start)
    elif scan.chain[1] == start and (place := chain_place(scan)):
        first = scan.chain[0]
    elif start and text[start - 1] in "省市县区州盟旗":  # also where a county's name is a word and its level: 会同县财政局
        level = next((v for v in LEVELS if text.endswith(v, 0, start)), None)
        if level:
            first = start - len(level)
            place = level_place(scan, level, first)
    elif len(term.text) > 3:
        place, first = _short_city(scan, start)
    if place is None and first == start and scan.scope is not None and scan.end < start and joined(scan, scan.end, start):
        place, first = scan.scope, start
    if place is None or (term.text.endswith("政府") and _FUNCTION.match(text, end)):
        return False
    full = organ.full_name(place)
    office = _LOCAL_UNIT.match(text, end) if "{" not in organ.name and organ.name[-1] in "厅局会" and "人民" not in organ.name else None
    if office:
        full, end = unit_name(full, office.group()), office.end()
    if term.text.endswith("政府") and scan.chain[1] == start:
        _governments_before(scan, organ)
    scan.add(first, end, full, place)
    _standing_committee(scan, end, full, place)
    return True


def _governments_before(scan: Scan, organ: Organ) -> None:
    """天津市、上海市人民政府 names two governments; of lists before other organs no such reading is sure."""
    for start, end, chain in scan.listed:
        place = place_of(scan, chain)
        if place is not None and chain[-1][-1] in "省市区县州盟旗":
            scan.found.append(AgencyMention(start, end, organ.full_name(place)))
    scan.listed.clear()


@cache
def _short_cities() -> frozenset[str]:
    return frozenset(s for r in regions() if r.level == "prefecture" for s in r.short_names)


def _short_city(scan: Scan, start: int) -> tuple[Region | None, int]:
    """大同经济和信息化委员会: a city without 市, where nothing but punctuation stands before it."""
    for length in (2, 3):
        first = start - length
        if first >= 0 and scan.text[first:start] in _short_cities() and (not first or not HAN.match(scan.text, first - 1)):
            return region_by_name(scan.text[first:start], on=scan.on), first
    return None, start
