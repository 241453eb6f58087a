"""Reads bodies that no table lists from their endings leftwards: …领导小组, …部际联席会议, 示范区管委会."""

import re

from kg.agencies import IN_NAME, LEVELS, composed_name, official_place, organ_forms
from kg.agency_words import words
from kg.extract.agency_scan import AgencyMention, Scan, Term, chain_place, level_place
from kg.regions import Region, region, region_by_name

_NAME_GAP = 40  # the longest name looked for before an ending
_BOUNDARY = re.compile("第[一二三四五六七八九十百零]{1,6}条|[。，、；：！？（）()\\[\\]《》〈〉【】\\s\"]")
_VERB = re.compile("成立|设立|建立|组建|由|向(?!阳)|报(?![关业社])|经(?![济营贸开信])|依托|在|通过|作为|提请|提交|会同|以及|设(?![施备计])")
_FOUNDED = re.compile("建立|设立|成立|组建")
_NOT_OF_BODY = re.compile("部署|决策|批准|同意|决定|批复|要求|精神|领导下|[和与及的对向等]$")
_OWN_NAME = re.compile(f"(?:(?!决策|部署|批复|精神){IN_NAME}|[“”]){{2,36}}(?<![和与及])")
_OFFICE_OF = re.compile(f"{IN_NAME}{{0,6}}?(?:办公室(?!主任)|秘书处)")
_ZONES = re.compile(f"(?:{IN_NAME}{{1,14}}区、){{1,6}}$")


def read_body(scan: Scan, term: Term, start: int, end: int) -> int:
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


def _zones_before(scan: Scan, start: int, place: Region) -> None:
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
    while scan.found and scan.found[-1].end > m.start():
        scan.found.pop()
    scan.found.extend([*taken, last])


def _read_ending(scan: Scan, term: Term, first: int, start: int, end: int) -> tuple[int, str, Region | None] | None:
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
        place, rest = chain_place(scan), text[chain_end:end]
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
    place = level_place(scan, level, first) if level else None
    if place is not None and level:
        rest = text[first + len(level) : end]
        return (first, official_place(place) + _full_ending(rest), place) if _is_body(rest, term.text, anchored=True) else None
    for length in (4, 3, 2):
        place = region_by_name(head[:length], within=str(scan.jurisdiction), on=scan.on) if len(head) > length else None
        if place is not None and _is_body(text[first + length : end], term.text, anchored=True):
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
        named = anchored or rest[:own] not in words("zone")
        return own >= 2 and named and rest[:own].endswith(words("zone")) and not rest.startswith(words("not_body"))
    return own >= (2 if anchored else 4) and not rest.startswith(words("not_body")) and "各" not in rest


def _full_ending(rest: str) -> str:
    return rest.removesuffix("管委会") + "管理委员会" if rest.endswith("管委会") else rest


def read_composed(scan: Scan, found: list[AgencyMention]) -> list[AgencyMention]:
    """Local bodies no table lists, by the fields their names join: 县经济信息化和科学技术局; in a province's document 财政厅 alone."""
    if not scan.local:
        return []
    taken = {i for m in found for i in range(m.start, m.end)}
    own = region(str(scan.jurisdiction))
    read = []
    for m in composed_name().finditer(scan.text):
        if m.start("name") in taken or m.end() - 1 in taken:
            continue
        level = m["level"]
        place = level_place(scan, level, m.start()) if level else own if own and own.level == "province" and m["name"] in organ_forms() and m["name"].endswith("厅") else None
        if place is not None:
            organ = organ_forms().get(m["name"])
            read.append(AgencyMention(m.start(), m.end(), organ.full_name(place) if organ else official_place(place) + m["name"]))
    return read
