"""Finds the bodies of state, party and courts that a clean text names: text in, mentions with offsets and full official names out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from kg.agencies import (
    LEVELS, NAMED_KINDS, Agency, Organ, bare_names, choose, names, official_place, organ_forms, place_of_level,
)
from kg.model import NATIONAL
from kg.regions import Region, region, region_by_name, regions
from kg.tables import table

__all__ = ["AgencyMention", "find_agencies"]


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


# 教育部门, 商务部署, 公安部队, 外交部长, 财政部委属院校; but 财政部分别下达, 农业部委托
_LONGER_WORD = re.compile("[门署队位件级长]|分(?![配别管期批])|委(?![托派])")
_NOT_PARTY_COMMITTEE = re.compile("[托派员任身以外]")
_HAN = re.compile("[一-鿿]")
# What may stand before a name that could otherwise be the end of a longer word (工程建设部).
_OPENS_NAME = frozenset("由经向报与和及同原为以按据在对或是将给到从请送抄受被即商")
# What may stand before 省 or 市 when it means the document's own (报市政府; not 直辖市政府, 各省政府).
_OPENS_LEVEL = _OPENS_NAME | frozenset("我全") - frozenset("全")
_JOIN = re.compile("[、，,/ \n　]|以及|和|及|与|或|会同|（[局委厅办]）、?|、原")
_FUNCTION = "的等和与及同由在对将按向从为并或于以负责要求印发布组织会牵头各有关下属据经报可应须不得其此所"
_UNIT = re.compile(f"(?!办公厅)[^{_FUNCTION}\\W\\d]{{1,12}}?(?:司(?![法长机令])|[总分]署|局(?![长部面限势域])|特派员办事处|特派办|综合司)|办公厅|办公室(?!主任)")
_UNIT_IN_BRACKETS = re.compile(f"（([^{_FUNCTION}\\W\\d]{{2,12}}?(?:司|局|办公室|中心))）")
_OFFICE = re.compile("办公厅|办公室(?!主任)")
_LOCAL_BODY = re.compile(
    f"[^{_FUNCTION}\\W\\d]{{2,14}}?(?:(?:管理|监督|监管|事务|服务|发展|建设|促进|保障|审批|执法|合作)局|(?:管理|服务|交易|技术|监测|指导)中心|办公室(?!主任))")
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
            skip = _central(scan, term, start, end)
        elif term.place:
            if term.organ is not None:
                _city_branch(scan, term, start, end)
            else:
                next_start = hits[i + 1][1] if i + 1 < len(hits) else -1
                skip = _place(scan, term, start, end, next_start)
        elif term.ending:
            _ending(scan, term, start, end)
        elif term.organ is not None and _organ(scan, term, start, end):
            continue
        elif term.bare:
            _bare(scan, term, start, end)
    return scan.found


def _joined(scan: _Scan, end: int, start: int) -> bool:
    return 0 <= start - end <= 5 and (start == end or _JOIN.fullmatch(scan.text, end, start) is not None)


def _central(scan: _Scan, term: _Term, start: int, end: int) -> int:
    text, name = scan.text, term.text
    agency = choose(term.central, scan.on)
    if name[-1] == "部" and _LONGER_WORD.match(text, end):
        return 0
    if len(name) <= 4 and agency.valid_to and start and start != scan.end and _HAN.match(text, start - 1) and text[start - 1] not in _OPENS_NAME:
        return 0
    if name == "国务院" and text.startswith(words("functional"), end):
        return 0
    full, stop = agency.name, end
    unit = _UNIT.match(text, end) if agency.kind != "office" and name != "国务院" else None
    if unit:
        full, stop = full + unit.group(), unit.end()
    else:
        unit = _UNIT_IN_BRACKETS.match(text, end)
        if unit and unit[1] not in names() and unit[1] not in bare_names():
            scan.add(start, end, full, None)
            full, stop = full + unit[1], unit.end()
    _settle_waiting(scan, start)
    scan.add(start, stop, full, None)
    return stop


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
    for name in scan.chain[2]:
        within = found.code if found else None
        here = None
        if found is None and scan.local:
            province = str(scan.jurisdiction)[:2] + "0000"
            here = region_by_name(name, within=scan.jurisdiction, on=scan.on) or region_by_name(name, within=province, on=scan.on)
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
    place: Region | None = None
    first = start
    if term.level:
        if _NOT_PARTY_COMMITTEE.match(text, end) and term.text[-1] == "委":
            return False
        place = _level_place(scan, term.level, start)
    elif scan.chain[1] == start:
        place, first = _chain_place(scan), scan.chain[0]
    elif start and text[start - 1] in "省市县区州盟旗":
        level = next((v for v in LEVELS if text.endswith(v, 0, start)), None)
        if level:
            first = start - len(level)
            place = _level_place(scan, level, first)
    if place is None and first == start and scan.scope is not None and scan.end < start and _joined(scan, scan.end, start):
        place, first = scan.scope, start
    if place is None:
        return False
    if term.text.endswith("政府") and text.startswith(words("functional"), end):
        return False
    full = organ.full_name(place)
    office = _OFFICE.match(text, end) if "{" not in organ.name else None
    if office:
        full, end = full + office.group(), office.end()
    scan.add(first, end, full, place)
    return True


def _level_place(scan: _Scan, level: str, start: int) -> Region | None:
    """省 at `start` is the document's own province unless the word before it makes it another's (各省, 直辖市, 设区的市)."""
    if start and _HAN.match(scan.text, start - 1) and scan.text[start - 1] not in _OPENS_LEVEL and start != scan.end:
        return None
    return place_of_level(level, scan.jurisdiction, scan.on)


_BOUNDARY = re.compile("[。，、；：！？（）()\\[\\]《》〈〉【】\\s“”\"]")
_VERB = re.compile("成立|设立|设|建立|组建|由|向|报|经|依托|在|对|通过|作为|提请|提交|将|是|会同|及|以及")


def _ending(scan: _Scan, term: _Term, start: int, end: int) -> None:
    """Reads a body that no table lists from its ending leftwards: 漯河市…领导小组, 国务院…部际联席会议, 济源示范区管委会."""
    text = scan.text
    low = max(0, start - _NAME_GAP)
    first = max((m.end() for m in _BOUNDARY.finditer(text, low, start)), default=low)
    head = text[first:start]
    for anchor in ("国务院", "中央", "全国", "国家"):
        at = head.rfind(anchor)
        if at >= 0 and len(head) - at >= len(anchor) + 2:
            scan.add(first + at, end, text[first + at : end], None)
            return
    chain_start, chain_end, _ = scan.chain
    if first <= chain_start and chain_end <= start:
        place = _chain_place(scan)
        if place is None and scan.local:
            place = region(str(scan.jurisdiction))
            rest = text[chain_start:end]
        else:
            rest = text[chain_end:end]
        if place is not None and _is_body(rest, term.text, anchored=True):
            scan.add(chain_start, end, official_place(place) + _full_ending(rest), place)
        return
    if not scan.local:
        return
    for m in _VERB.finditer(head):
        if len(head) - m.end() >= 2:
            first += 0
            head = text[first + m.end() : start] if m.end() else head
    first = start - len(head)
    level = next((v for v in LEVELS if head.startswith(v)), None)
    place = place_of_level(level, scan.jurisdiction, scan.on) if level else None
    if place is not None and level:
        rest = text[first + len(level) : end]
        if _is_body(rest, term.text, anchored=True):
            scan.add(first, end, official_place(place) + _full_ending(rest), place)
        return
    for length in (4, 3, 2):
        place = region_by_name(head[:length], within=str(scan.jurisdiction), on=scan.on) if len(head) > length else None
        if place is not None:
            scan.add(first, end, official_place(place) + _full_ending(text[first + length : end]), place)
            return
    own = region(str(scan.jurisdiction))
    rest = text[first:end]
    if own is not None and own.level != "province" and _is_body(rest, term.text, anchored=False):
        scan.add(first, end, official_place(own) + _full_ending(rest), own)


def _is_body(rest: str, ending: str, *, anchored: bool) -> bool:
    own = len(rest) - len(ending)
    return own >= (2 if anchored else 4) and not rest.startswith(words("not_body")) and "各" not in rest


def _full_ending(rest: str) -> str:
    return rest.removesuffix("管委会") + "管理委员会" if rest.endswith("管委会") else rest
