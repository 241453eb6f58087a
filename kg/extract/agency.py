"""Finds the bodies of state, party and courts that a clean text names: text in, mentions with offsets and full official names out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from kg.agencies import (
    IN_NAME, LEVELS, NAMED_KINDS, Agency, Organ, agency_by_name, bare_names, choose, full_name, names, official_place, organ_forms, place_of_level,
)
from kg.extract.agency_list import leading_issuers, split_agencies
from kg.model import NATIONAL
from kg.regions import Region, region, region_by_name, regions
from kg.regions import words as region_words
from kg.tables import table

__all__ = ["AgencyMention", "find_agencies", "leading_issuers", "split_agencies"]


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """One naming of a body; `name` is its full official name, whatever the text prints."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class _Term:
    """What one string of the matcher may mean; most have one role, 知识产权局 has two."""

    text: str
    central: tuple[Agency, ...] = ()
    bare: tuple[Agency, ...] = ()
    organ: Organ | None = None
    level: str = ""  # of 省委, 市委办公室: the level word that opens the term
    place: bool = False
    ending: bool = False


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind in `kg/data/agency_words.csv`, whose head says what each kind is."""
    return tuple(r["text"] for r in table("agency_words", columns=("kind", "text"), key=("kind", "text")) if r["kind"] == kind)


@cache
def _matcher() -> tuple[ahocorasick_rs.AhoCorasick, tuple[_Term | None, ...]]:
    terms: dict[str, _Term | None] = {}
    for name, organ in organ_forms().items():
        # a lone 委 is too common to look for; 省委 and 河南省委 are found from their first half
        if len(name) > 1:
            terms[name] = _Term(name, organ=organ)
        if name.startswith("委"):
            for level in LEVELS:
                terms[level + name] = _Term(level + name, organ=organ, level=level)
    for name, found in bare_names().items():
        known = terms.get(name)
        terms[name] = _Term(name, bare=tuple(a for a in found if a.kind in NAMED_KINDS), organ=known.organ if known else None)
    for name, found in names().items():
        named = tuple(a for a in found if a.kind in NAMED_KINDS)
        terms[name] = _Term(name, central=named) if named else None
    for r in regions():
        terms.setdefault(r.name, _Term(r.name, place=True))
        for short in r.short_names:
            if r.level == "province" or r.name.endswith("自治" + short[-1]):
                terms.setdefault(short, _Term(short, place=True))
            elif r.level == "prefecture":
                for tail in words("city_tail"):
                    terms.setdefault(short + tail, _Term(short + tail, organ=organ_forms().get(tail), place=True))
    for word in words("ending"):
        terms.setdefault(word, _Term(word, ending=True))
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
_HAN = re.compile("[一-鿿]")
# What may stand before a name that could otherwise be the end of a longer word (工程建设部, 开封闭会), and before 县, 区, 州, 旗 as a level.
_OPENS_NAME = frozenset("由经向报与和及同原为以按据在对或是将给到从请送抄受被即商入我含")
# What makes 省 or 市 before an organ another's than the document's own: 各省, 全市, 直辖市, 设区的市, 省级, 上市委员会.
_NOT_OWN = frozenset("各全辖列设级的该本跨外两每邻他某有数城省市县区上股门超都集夜地首大中小多")
_BRACKETED_FORM = "[（(][局委厅办](?:[、,，][局委厅办]){0,3}[）)]"
_JOIN = re.compile(f"(?:{_BRACKETED_FORM})?(?:[ \\n　]?[、，,/][ \\n　]?|[ \\n　]|以及|和|及|与|或|会同|、原)?")
_UNIT = re.compile(
    f"办公厅|办公室(?!主任)|审判委员会|检察委员会|专利复审委员会|(?![和与及])(?:{IN_NAME}{{1,14}}?(?:司(?![法长机令局])|[总分]署"
    f"|(?<![大布格结时全])局(?![长部面限势域机])|特派员办事处|特派办|中心(?![城区任支])|办公室(?!主任))|{IN_NAME}{{1,5}}?庭(?![审长]))")
_UNIT_IN_BRACKETS = re.compile(f"（({IN_NAME}{{2,12}}?(?:司|局|办公室|中心))）")
_LOCAL_UNIT = re.compile(f"办公厅|办公室(?!主任)|(?![和与及]){IN_NAME}{{2,12}}?处(?![理罚置分长于以所])")
_LOCAL_BODY = re.compile(
    f"{IN_NAME}{{2,14}}?(?:(?:管理|监督|监管|事务|服务|发展|建设|促进|保障|审批|执法|合作)局|(?:管理|服务|交易|技术|监测|指导)中心|办公室(?!主任))")
_FUNCTIONARY = re.compile(f"{IN_NAME}{{2,16}}?(?:主管|管理|行政)部门")
_SPACED = re.compile("(?<![一-鿿])[一-鿿](?:[ 　]{1,4}[一-鿿]){1,14}(?![一-鿿])")
_CORPS, _CORPS_CODE = "新疆生产建设兵团", "660000"  # a region and a body in one
_NAME_GAP = 40  # the longest name looked for before 领导小组


@dataclass(slots=True)
class _Scan:
    """The state of one reading: where the last body and the last chain of places ended, and what they were."""

    text: str
    jurisdiction: str | None
    on: str | None
    found: list[AgencyMention]
    end: int = -9  # of the last body named
    scope: Region | None = None  # its region; None: a central body
    chain: tuple[int, int, tuple[str, ...]] = (-9, -9, ())  # places that stand side by side: start, end, names
    waiting: list[tuple[int, int, Agency]] | None = None  # bare names that a central body behind them would decide

    @property
    def local(self) -> bool:
        return self.jurisdiction is not None and self.jurisdiction != NATIONAL

    def add(self, start: int, end: int, name: str, scope: Region | None) -> None:
        if self.found and self.found[-1].end > start:  # 领导小组 names reach back over what was found inside them
            self.found[:] = [m for m in self.found if m.end <= start]
        self.found.append(AgencyMention(start, end, name))
        self.end, self.scope = end, scope


def find_agencies(text: str, *, jurisdiction: str | None = None, on: str | None = None) -> list[AgencyMention]:
    """Every naming of a body, in order of place; in lists a prefix is carried on (河南银保监局、证监局 names 河南证监局).

    `jurisdiction` is the code the document is made for and decides 省 and 市; `on` is its day and decides names that several bodies bore.
    Companies, learned societies, functions (国务院有关部门, 财政部门) and bodies of unnamed places are none.

    >>> [m.name for m in find_agencies("由省发展改革委、财政厅负责", jurisdiction="410000")]
    ['河南省发展和改革委员会', '河南省财政厅']
    """
    machine, terms = _matcher()
    scan = _Scan(text, jurisdiction, on, [])
    skip = 0
    hits = machine.find_matches_as_indexes(text)
    for i, (index, start, end) in enumerate(hits):
        term = terms[index]
        if term is None or start < skip:
            continue
        if term.central:
            skip = _central(scan, term, start, end, _next_central(hits, terms, i))
        elif term.place:
            if term.organ is not None:
                _city_branch(scan, term, start, end)
            else:
                next_start = hits[i + 1][1] if i + 1 < len(hits) else -1
                skip = _place(scan, term, start, end, next_start)
        elif term.ending:
            skip = _ending(scan, term, start, end)
        elif term.organ is not None and _organ(scan, term, start, end):
            continue
        elif term.bare:
            _bare(scan, term, start, end)
    return sorted([*scan.found, *_letter_spaced(text, jurisdiction, on)], key=lambda m: (m.start, m.end))


def _letter_spaced(text: str, jurisdiction: str | None, on: str | None) -> Iterator[AgencyMention]:
    """财 政 部, as signatures print short names to the width of long ones."""
    for m in _SPACED.finditer(text):
        name = full_name(re.sub("[ 　]", "", m.group()), jurisdiction=jurisdiction, on=on)
        if name is not None and (agency_by_name(name) is None or agency_by_name(name).kind in NAMED_KINDS):
            yield AgencyMention(m.start(), m.end(), name)


def _next_central(hits: list[tuple[int, int, int]], terms: tuple[_Term | None, ...], i: int) -> int:
    """Where the next central body is named behind hit `i`; a department's name does not reach over it (财政部商国家物价局)."""
    for index, start, _ in hits[i + 1 : i + 4]:
        term = terms[index]
        if term is not None and (term.central or (term.bare and start == hits[i][2])):
            return start
    return hits[i][2] + 99


def _goes_on(text: str, end: int) -> bool:
    pattern = _LONGER_WORD.get(text[end - 1])
    return pattern is not None and pattern.match(text, end) is not None


def _joined(scan: _Scan, end: int, start: int) -> bool:
    return 0 <= start - end <= 12 and (start == end or _JOIN.fullmatch(scan.text, end, start) is not None)


def _central(scan: _Scan, term: _Term, start: int, end: int, next_central: int) -> int:
    text, name = scan.text, term.text
    agency = choose(term.central, scan.on)
    if _goes_on(text, end):
        return 0
    if len(name) <= 4 and agency.valid_to and start and start != scan.end and _HAN.match(text, start - 1) and text[start - 1] not in _OPENS_NAME:
        return 0
    full, stop = agency.name, end
    unit = None if agency.kind == "office" or name in ("国务院", "中共中央", "党中央") else _UNIT.match(text, end)
    if unit and unit.end() <= next_central:
        full, stop = full + unit.group(), unit.end()
    else:
        unit = _UNIT_IN_BRACKETS.match(text, end)
        if unit and unit[1] not in names() and unit[1] not in bare_names():
            scan.add(start, end, full, None)
            full, stop = full + unit[1], unit.end()
    _settle_waiting(scan, start)
    scan.add(start, stop, full, None)
    _standing_committee(scan, stop, full, None)
    return stop


def _standing_committee(scan: _Scan, end: int, congress: str, place: Region | None) -> None:
    """全国人大及其常委会 names two bodies."""
    form = next((f for f in ("及其常委会", "及其常务委员会") if scan.text.startswith(f, end)), None)
    if form and congress.endswith("人民代表大会"):
        scan.add(end + 2, end + len(form), congress + "常务委员会", place)


def _settle_waiting(scan: _Scan, start: int) -> None:
    """Bare names side by side up to a central body at `start` mean central bodies themselves."""
    at = start
    taken = []
    for s, e, agency in reversed(scan.waiting or []):
        if not _joined(scan, e, at):
            break
        taken.append(AgencyMention(s, e, agency.name))
        at = s
    if scan.waiting:
        scan.waiting = None
    scan.found.extend(reversed(taken))


def _bare(scan: _Scan, term: _Term, start: int, end: int) -> None:
    if not term.bare:
        return
    agency = choose(term.bare, scan.on)
    if scan.scope is None and scan.end > 0 and scan.end < start and _joined(scan, scan.end, start):
        scan.add(start, end, agency.name, None)
    elif not scan.local and (start == 0 or not _HAN.match(scan.text, start - 1)):
        scan.waiting = [*(scan.waiting or []), (start, end, agency)]


def _place(scan: _Scan, term: _Term, start: int, end: int, next_start: int) -> int:
    if scan.chain[1] == start:
        scan.chain = (scan.chain[0], end, (*scan.chain[2], term.text))
    else:
        scan.chain = (start, end, (term.text,))
    text = scan.text
    if text[end : end + 1] == "委" and not _NOT_PARTY_COMMITTEE.match(text, end + 1):
        place = _chain_place(scan)
        if place is not None:
            first = scan.chain[0] - 2 if text.startswith("中共", scan.chain[0] - 2) else scan.chain[0]
            organ, length = _party_organ(text, end)
            scan.add(first, end + length, organ.full_name(place), place)
            return end + length
    elif next_start != end and term.text[-1] in "省市县区州盟旗团":
        following = text[end : end + 1]
        if term.text == _CORPS and not _HAN.match(following):
            scan.add(start, end, _CORPS, region(_CORPS_CODE))
            return end
        functionary = _FUNCTIONARY.match(text, end)
        if functionary and (place := _chain_place(scan)):
            # 兵团工业和信息化主管部门、财政厅: no body, but the list goes on in that region
            scan.end, scan.scope = functionary.end(), place
            return 0
        body = _LOCAL_BODY.match(text, end)
        if body and not body.group().startswith(words("not_body")) and (next_start == -1 or next_start >= end):
            place = _chain_place(scan)
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


def _chain_place(scan: _Scan) -> Region | None:
    """The lowest region of the chain of places just read; a county's name alone counts inside the jurisdiction or where one county has it."""
    found: Region | None = None
    if len(scan.chain[2]) == 1 and scan.chain[2][0] in region_words("generic"):
        return None
    for name in scan.chain[2]:
        within = found.code if found else None
        here = None
        if found is None and scan.local:
            province = str(scan.jurisdiction)[:2] + "0000"
            here = region_by_name(name, within=scan.jurisdiction, on=scan.on) or region_by_name(name, within=province, on=scan.on)
            elsewhere = None if here else region_by_name(name, on=scan.on)
            if elsewhere is not None and elsewhere.level == "county":
                return None  # 西城区 in a document of Luohe is not Beijing's
        found = here or region_by_name(name, within=within, on=scan.on) or (region_by_name(name, on=scan.on) if found else None)
        if found is None:
            return None
    return found


def _city_branch(scan: _Scan, term: _Term, start: int, end: int) -> None:
    assert term.organ is not None
    tail = next(t for t in words("city_tail") if term.text.endswith(t) and organ_forms().get(t) is term.organ)
    place = region_by_name(term.text[: -len(tail)], on=scan.on)
    if place is not None:
        first = next((start - len(b) for b in ("中国人民银行", "人民银行", "人行") if scan.text.startswith(b, max(0, start - len(b)), start)), start)
        scan.add(first, end, term.organ.full_name(place), place)


def _organ(scan: _Scan, term: _Term, start: int, end: int) -> bool:
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
        place = _level_place(scan, term.level, start)
    elif scan.chain[1] == start:
        place, first = _chain_place(scan), scan.chain[0]
    elif start and text[start - 1] in "省市县区州盟旗":
        level = next((v for v in LEVELS if text.endswith(v, 0, start)), None)
        if level:
            first = start - len(level)
            place = _level_place(scan, level, first)
    elif len(term.text) > 3:
        place, first = _short_city(scan, start)
    if place is None and first == start and scan.scope is not None and scan.end < start and _joined(scan, scan.end, start):
        place, first = scan.scope, start
    if place is None:
        return False
    full = organ.full_name(place)
    office = _LOCAL_UNIT.match(text, end) if "{" not in organ.name and organ.name[-1] in "厅局会" and "人民" not in organ.name else None
    if office:
        full, end = full + office.group(), office.end()
    scan.add(first, end, full, place)
    _standing_committee(scan, end, full, place)
    return True


@cache
def _short_cities() -> frozenset[str]:
    return frozenset(s for r in regions() if r.level == "prefecture" for s in r.short_names)


def _short_city(scan: _Scan, start: int) -> tuple[Region | None, int]:
    """大同经济和信息化委员会: a city without 市, where nothing but punctuation stands before it."""
    for length in (2, 3):
        first = start - length
        if first >= 0 and scan.text[first:start] in _short_cities() and (not first or not _HAN.match(scan.text, first - 1)):
            return region_by_name(scan.text[first:start], on=scan.on), first
    return None, start


def _level_place(scan: _Scan, level: str, start: int) -> Region | None:
    """省 at `start` is the document's own province unless the word before it makes it another's (各省, 直辖市, 设区的市)."""
    before = scan.text[start - 1 : start]
    if before and _HAN.match(before) and start != scan.end:
        if before in _NOT_OWN if level in ("省", "市", "自治区") else before not in _OPENS_NAME:
            return None
    return place_of_level(level, scan.jurisdiction, scan.on)


_BOUNDARY = re.compile("[。，、；：！？（）()\\[\\]《》〈〉【】\\s\"]")
_VERB = re.compile("成立|设立|建立|组建|由|向|报|经|依托|在|通过|作为|提请|提交|会同|以及|设")
_FOUNDED = re.compile("建立|设立|成立|组建")
_NOT_OF_BODY = re.compile("部署|决策|批准|同意|决定|批复|要求|精神|领导下|[和与及的对向等]$")
_OWN_NAME = re.compile(f"(?:(?!决策|部署|批复|精神){IN_NAME}|[“”]){{2,36}}(?<![和与及])")
_OFFICE_OF = re.compile(f"{IN_NAME}{{0,6}}?(?:办公室(?!主任)|秘书处)")
_ZONES = re.compile(f"(?:{IN_NAME}{{1,14}}区、){{1,6}}$")


def _ending(scan: _Scan, term: _Term, start: int, end: int) -> int:
    """Reads a body that no table lists from its ending leftwards: 漯河市…领导小组, 国务院…部际联席会议, 济源示范区管委会."""
    text = scan.text
    low = max(0, start - _NAME_GAP)
    first = max((m.end() for m in _BOUNDARY.finditer(text, low, start)), default=low)
    tail = _OFFICE_OF.match(text, end) if not term.text.endswith(("办公室", "秘书处")) else None
    if tail:
        end = tail.end()
    read = _read_ending(scan, term, first, start, end)
    if read is None:
        return 0
    first, name, place = read
    scan.add(first, end, name, place)
    if term.text in ("管委会", "管理委员会") and place is not None and place.level != "province":
        _zones_before(scan, first, place)
    return end


def _zones_before(scan: _Scan, start: int, place: Region) -> None:
    """经济技术开发区、高新区管委会: each zone of the list has its 管委会."""
    m = _ZONES.search(scan.text, max(0, start - 60), start)
    if m is None:
        return
    at, taken = m.start(), []
    for zone in m.group()[:-1].split("、"):
        stop = at + len(zone)
        bare = re.sub("^(?:各|本)?[省市县区]", "", zone)
        if zone.endswith(words("zone")) and not zone.startswith(words("not_body")):
            name = bare if bare.startswith((official_place(place), *place.short_names)) else official_place(place) + bare
            taken.append(AgencyMention(at, stop, name + "管理委员会"))
        at = stop + 1
    last = scan.found.pop()
    scan.found[:] = [m2 for m2 in scan.found if m2.end <= m.start()] + taken + [last]


def _read_ending(scan: _Scan, term: _Term, first: int, start: int, end: int) -> tuple[int, str, Region | None] | None:
    text = scan.text
    head = text[first:start]
    founded = max((m.end() for m in _FOUNDED.finditer(head)), default=0)
    head, first = head[founded:], first + founded
    for anchor in ("国务院", "中央", "全国", "国家") if term.text not in ("管委会", "管理委员会") else ():
        at = head.rfind(anchor)
        if at >= 0 and head[at + len(anchor) :][:1] != "级" and _OWN_NAME.fullmatch(head, at + len(anchor)):
            return first + at, text[first + at : end], None
    if term.text.startswith("部际") and len(head) >= 6 and _OWN_NAME.fullmatch(head):
        return first, text[first:end], None  # only the State Council sets up 部际联席会议
    chain_start, chain_end, _ = scan.chain
    if first <= chain_start and chain_end <= start and not _NOT_OF_BODY.search(text, chain_end, start):
        place, rest = _chain_place(scan), text[chain_end:end]
        if place is None and scan.local:
            place, rest = region(str(scan.jurisdiction)), text[chain_start:end]
        if place is not None and _is_body(rest, term.text, anchored=True):
            return chain_start, _named_body(place, rest, text[chain_start : end - len(rest)]), place
        return None
    if not scan.local or _NOT_OF_BODY.search(head):
        return None
    for m in _VERB.finditer(head):
        if len(head) - m.end() >= 2:
            first = start - len(head) + m.end()
    head = text[first:start]
    level = next((v for v in LEVELS if head.startswith(v) and head[len(v) : len(v) + 1] != "长"), None)
    place = _level_place(scan, level, first) if level else None
    if place is not None and level:
        rest = text[first + len(level) : end]
        return (first, official_place(place) + _full_ending(rest), place) if _is_body(rest, term.text, anchored=True) else None
    for length in (4, 3, 2):
        place = region_by_name(head[:length], within=str(scan.jurisdiction), on=scan.on) if len(head) > length else None
        if place is not None:
            return first, _named_body(place, text[first + length : end], head[:length]), place
    own = region(str(scan.jurisdiction))
    rest = text[first:end]
    if own is not None and own.level != "province" and _is_body(rest, term.text, anchored=False):
        return first, official_place(own) + _full_ending(rest), own
    return None


def _named_body(place: Region, rest: str, printed: str) -> str:
    """济源示范区管委会 keeps its 济源: a body no table lists has the name it prints."""
    return (printed if printed in place.short_names else official_place(place)) + _full_ending(rest)


def _is_body(rest: str, ending: str, *, anchored: bool) -> bool:
    own = rest.rfind(ending)
    if not _OWN_NAME.fullmatch(rest, 0, own):
        return False
    if ending in ("管委会", "管理委员会"):
        return own >= 2 and rest[:own].endswith(words("zone")) and rest[:own] not in words("zone") and not rest.startswith(words("not_body"))
    return own >= (2 if anchored else 4) and not rest.startswith(words("not_body")) and "各" not in rest


def _full_ending(rest: str) -> str:
    return rest.removesuffix("管委会") + "管理委员会" if rest.endswith("管委会") else rest
