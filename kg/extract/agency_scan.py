"""The state of reading one text for agencies: what was found, where the last body and the last places stood, and what 省 or 市 means there."""

import re
from dataclasses import dataclass, field

from kg.agencies import Agency, Organ, place_of_level
from kg.model import NATIONAL
from kg.regions import Region, region_by_name
from kg.regions import words as region_words

HAN = re.compile("[一-鿿]")
# What may stand before a name that could otherwise be the end of a longer word (工程建设部), and before 县, 区, 州, 旗 as a level.
OPENS_NAME = frozenset("由经向报与和及同原为以按据在对或是将给到从请送抄受被即商入我含")
# What makes 省 or 市 before an organ another's than the document's own: 各省, 全市, 直辖市, 设区的市, 省级, 上市委员会.
_NOT_OWN = frozenset("各全辖列设级的该本跨外两每邻他某有数城省市县区上股门超都集夜地首大小多")
_BRACKETED_FORM = "[（(][局委厅办](?:[、,，][局委厅办]){0,3}[）)]"
_JOIN = re.compile(f"(?:{_BRACKETED_FORM})?(?:[ \\n　]?[、，,/][ \\n　]?|[ \\n　]|以及|和|及|与|或|会同|、原)?")


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """One naming of a body; `name` is its full official name, whatever the text prints."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """What one string of the matcher may mean; most have one role, 知识产权局 has two."""

    text: str
    central: tuple[Agency, ...] = ()
    bare: tuple[Agency, ...] = ()
    organ: Organ | None = None
    level: str = ""  # of 省委, 市委办公室: the level word that opens the term
    place: bool = False
    ending: bool = False


@dataclass(slots=True)
class Scan:
    """The state of one reading: where the last body and the last chain of places ended, and what they were."""

    text: str
    jurisdiction: str | None
    on: str | None
    found: list[AgencyMention]
    end: int = -9  # of the last body named
    scope: Region | None = None  # its region; None: a central body
    chain: tuple[int, int, tuple[str, ...]] = (-9, -9, ())  # places that stand side by side: start, end, names
    listed: list[tuple[int, int, tuple[str, ...]]] = field(default_factory=list)  # chains of places in one list before this one
    waiting: list[tuple[int, int, Agency]] = field(default_factory=list)  # bare names that a central body behind them would decide

    @property
    def local(self) -> bool:
        return self.jurisdiction is not None and self.jurisdiction != NATIONAL

    def add(self, start: int, end: int, name: str, scope: Region | None) -> None:
        while self.found and self.found[-1].end > start:  # 领导小组 names reach back over what was found inside them
            self.found.pop()
        self.found.append(AgencyMention(start, end, name))
        self.end, self.scope = end, scope


def joined(scan: Scan, end: int, start: int) -> bool:
    return 0 <= start - end <= 12 and (start == end or _JOIN.fullmatch(scan.text, end, start) is not None)


def chain_place(scan: Scan) -> Region | None:
    """The lowest region of the chain of places just read; a county's name alone counts inside the jurisdiction or where one county has it."""
    return place_of(scan, scan.chain[2])


def place_of(scan: Scan, chain: tuple[str, ...]) -> Region | None:
    """The lowest region of a chain of places, under the same rules."""
    found: Region | None = None
    if len(chain) == 1 and chain[0] in region_words("generic"):
        return None
    for name in chain:
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


def level_place(scan: Scan, level: str, start: int) -> Region | None:
    """省 at `start` is the document's own province unless the word before it makes it another's (各省, 直辖市, 设区的市)."""
    before = scan.text[start - 1 : start]
    if before and HAN.match(before) and start != scan.end:
        if before in _NOT_OWN if level in ("省", "市", "自治区") else before not in OPENS_NAME:
            return None
    return place_of_level(level, scan.jurisdiction, scan.on)
