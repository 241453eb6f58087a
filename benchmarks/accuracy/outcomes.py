"""Expected and found values go in; outcomes (hit, missed, extra) come out, and of these the figures and differences of two runs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["hit", "missed", "extra"]


@dataclass(frozen=True, slots=True, order=True)
class Outcome:
    """One judgement: in which field and where, what was expected or found, and for an error what lies behind it."""

    field: str
    where: str
    kind: Kind
    value: str
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Hits, misses and extras of one field, and what follows from them."""

    hits: int
    missed: int
    extra: int

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.extra) if self.hits + self.extra else 1.0

    @property
    def recall(self) -> float:
        return self.hits / self.expected if self.expected else 1.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    @property
    def expected(self) -> int:
        return self.hits + self.missed


def pair(
    expected: Iterable[Any], found: Iterable[Any], same: Callable[[Any, Any], bool]
) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pairs each expected value with at most one found value: the pairs, what was missed, what is extra."""
    left, pairs, missed = list(found), [], []
    for e in expected:
        match = next((f for f in left if same(e, f)), None)
        if match is None:
            missed.append(e)
        else:
            left.remove(match)
            pairs.append((e, match))
    return pairs, missed, left


def figures(outcomes: Iterable[Outcome]) -> dict[str, Figure]:
    """The figure of every field, in the order in which fields first appear."""
    counts: dict[str, dict[str, int]] = {}
    for o in outcomes:
        counts.setdefault(o.field, {"hit": 0, "missed": 0, "extra": 0})[o.kind] += 1
    return {field: Figure(c["hit"], c["missed"], c["extra"]) for field, c in counts.items()}


def gains_and_losses(before: Iterable[Outcome], now: Iterable[Outcome]) -> tuple[list[Outcome], list[Outcome]]:
    """What is right now and was not, and what is wrong now and was not. An error whose cause alone changed is neither."""

    def key(o: Outcome) -> tuple[str, str, str, str]:
        return o.field, o.where, o.kind, o.value

    old, new = {key(o): o for o in before}, {key(o): o for o in now}
    gone = [o for k, o in old.items() if k not in new]
    come = [o for k, o in new.items() if k not in old]
    gains = [o for o in come if o.kind == "hit"] + [o for o in gone if o.kind == "extra"]
    losses = [o for o in gone if o.kind == "hit"] + [o for o in come if o.kind == "extra"]
    return sorted(gains, key=key), sorted(losses, key=key)
