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
