"""Which changes of bodies belong in a graph: names of bodies in, their changes and the other bodies these name out.

Only changes by which a body came from one that ended with it are told: to ask what a body's predecessors issued is not to ask what a
ministry issued that once gave it some duties and goes on. The table of changes has those as well.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from kg import agencies
from kg.agencies import ChangeKind

_KINDS: dict[ChangeKind, tuple[str, str]] = {
    "renamed": ("更名", "renamed"), "merged": ("合并", "merged"), "split": ("分立", "split"), "transferred": ("职责划转", "duties transferred"),
    "abolished": ("撤销", "abolished"),
}


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """On a day one or more bodies became another, or ended (`successor` None)."""

    formers: tuple[str, ...]
    successor: str | None
    date: str  # ISO, to the year, the month or the day
    label_zh: str
    label_en: str

    @property
    def name(self) -> str:
        return f"{self.date}-{self.successor or self.formers[0]}"


@cache
def _events() -> tuple[ChangeEvent, ...]:
    groups: dict[tuple[str, str], list[agencies.Change]] = defaultdict(list)
    for change in agencies.changes():
        if not _goes_on(change):
            groups[change.date, change.successor or f"-{change.former}"].append(change)
    return tuple(
        ChangeEvent(tuple(c.former for c in group), group[0].successor, date, *_label(group)) for (date, _), group in sorted(groups.items()))


def _goes_on(change: agencies.Change) -> bool:
    """Whether the former body stood on after a change that only took something from it."""
    if change.kind not in ("split", "transferred"):
        return False
    lives = [a for a in agencies.agencies() if a.name == change.former and a.valid_from[: len(change.date)] <= change.date]
    return any(a.valid_to is None or a.valid_to[: len(change.date)] > change.date[: len(a.valid_to)] for a in lives)


def _label(group: list[agencies.Change]) -> tuple[str, str]:
    reform = next((c.reform for c in group if c.reform), "")
    kinds = list(dict.fromkeys(c.kind for c in group))
    zh, en = "、".join(_KINDS[k][0] for k in kinds), ", ".join(_KINDS[k][1] for k in kinds)
    if reform.isdigit():
        return f"{reform}年机构改革：{zh}", f"institutional reform of {reform}: {en}"
    return (f"{reform}：{zh}", f"{en} ({reform})") if reform else (zh, en)


@cache
def _neighbours() -> tuple[dict[str, tuple[ChangeEvent, ...]], dict[str, tuple[ChangeEvent, ...]]]:
    before: dict[str, list[ChangeEvent]] = defaultdict(list)
    after: dict[str, list[ChangeEvent]] = defaultdict(list)
    for event in _events():
        if event.successor:
            before[event.successor].append(event)
        for former in event.formers:
            after[former].append(event)
    return {n: tuple(e) for n, e in before.items()}, {n: tuple(e) for n, e in after.items()}


def change_events(names: Iterable[str]) -> tuple[ChangeEvent, ...]:
    """All changes that lead to one of the bodies, however far back, and from it, however far on; in order of date and name.

    >>> [e.name for e in change_events(["环境保护部"])][-2:]
    ['2008-03-15-环境保护部', '2018-03-17-生态环境部']
    """
    before, after = _neighbours()
    found: dict[str, ChangeEvent] = {}
    for index, others in ((before, lambda e: e.formers), (after, lambda e: (e.successor,) if e.successor else ())):
        queue = list(names)
        seen = set(queue)
        while queue:
            for event in index.get(queue.pop(), ()):
                found[event.name] = event
                fresh = [n for n in others(event) if n not in seen]
                seen.update(fresh)
                queue += fresh
    return tuple(found[name] for name in sorted(found))


def lifetime(name: str) -> tuple[str | None, str | None]:
    """First and last day under a name, to the precision of the table; of a name that stood twice, from the first to the last."""
    lives = [a for a in agencies.names().get(name, ()) if a.name == name]
    if not lives:
        return None, None
    until = None if any(a.valid_to is None for a in lives) else max(a.valid_to or "" for a in lives)
    return min(a.valid_from for a in lives), until
