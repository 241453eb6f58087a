"""Joins what lists name without marks to what is cited: citations, repeals and listed changes in; one sequence of citations out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from kg.extract.listed_change import ListedChange
from kg.extract.reference import BARE_TYPES, Cited
from kg.extract.repeal import Repeal


def with_listed(text: str, cited: Sequence[Cited], listed: Iterable[Repeal | ListedChange]) -> tuple[list[Cited], list[tuple[int, str]]]:
    """What is cited and what is repealed or listed under no name in marks, in order; and (position, reason) of what was left undecided."""
    starts = sorted(c.start for c in cited)
    known = set(starts)
    alone: dict[str, list[Cited]] = {}
    for c in cited:
        if c.title is None and c.number:
            alone.setdefault(c.number, []).append(c)
    found = list(cited)
    undecided: list[tuple[int, str]] = []
    taken: set[int] = set()
    for named in listed:
        if named.start in known:
            continue
        if named.title in BARE_TYPES:
            undecided.append((named.start, named.title))  # 原《办法》同时废止, and which one is not said
            continue
        beside = next((c for c in alone.get(named.number or "", ()) if _is_its_own(text, named, c)), None)
        if beside:
            taken.add(beside.start)
        taken.update(starts[bisect_right(starts, named.start) : bisect_left(starts, named.end)])  # 关于废止《X》的通知 without marks of its own: X is in its name
        found.append(Cited(named.start, named.end, beside.reach if beside else named.end, title=named.title, number=named.number,
                           numbers=(named.number,) if named.number else (), quoted=False))
    return sorted((c for c in found if c.start not in taken), key=lambda c: c.start), undecided


def _is_its_own(text: str, named: Repeal | ListedChange, number: Cited) -> bool:
    """Does a number stand behind a title without marks, in brackets, or in another cell of its row?"""
    if number.start >= named.end:
        between = text[named.end : number.start]
        return not between.strip("（( ") or between.startswith("|") and "\n" not in between
    between = text[number.end : named.start]
    return between.startswith("|") and "\n" not in between
