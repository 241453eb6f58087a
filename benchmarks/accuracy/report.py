"""Runs go in; the text of a report comes out: figures, errors grouped by cause, gains and losses."""

from collections import defaultdict
from collections.abc import Iterator

from benchmarks.accuracy.outcomes import Outcome, figures, gains_and_losses
from benchmarks.accuracy.runs import Run

_EXAMPLES = 3


def figures_text(run: Run, before: Run | None) -> Iterator[str]:
    """A table a section: precision, recall, F1, number of expected values, and the change of F1 since the older run."""
    for name, outcomes in run.items():
        old = figures(before.get(name, [])) if before is not None else {}
        yield f"{name:26}{'P':>7}{'R':>7}{'F1':>7}{'n':>7}" + (f"{'since':>9}" if before is not None else "")
        for field, f in figures(outcomes).items():
            change = ""
            if before is not None:
                change = f"{f.f1 - old[field].f1:+9.3f}" if field in old else f"{'new':>9}"
            yield f"{field:26}{f.precision:7.3f}{f.recall:7.3f}{f.f1:7.3f}{f.expected:7}{change}"
        yield ""


def errors_text(run: Run, *, everything: bool) -> Iterator[str]:
    """Errors by field and cause, the most frequent first, with all of them or a few examples each."""
    for name, outcomes in run.items():
        groups: defaultdict[tuple[str, str, str], list[Outcome]] = defaultdict(list)
        for o in outcomes:
            if o.kind != "hit":
                groups[o.field, o.kind, o.cause or ""].append(o)
        if groups:
            yield f"{name}: errors by cause"
        for (field, kind, cause), members in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])):
            yield f"{len(members):5} {field}: {kind}: {cause}"
            for o in members if everything else members[:_EXAMPLES]:
                yield f"        {o.where}: {o.value}"
        if groups:
            yield ""


def changes_text(before: Run, now: Run) -> Iterator[str]:
    """Every gain and loss since the older run."""
    for name in [*now, *(n for n in before if n not in now)]:
        gains, losses = gains_and_losses(before.get(name, []), now.get(name, []))
        yield f"{name}: {len(gains)} gains, {len(losses)} losses"
        yield from (f"  gain  {_change(o)}" for o in gains)
        yield from (f"  loss  {_change(o)}" for o in losses)


def _change(o: Outcome) -> str:
    return f"{o.field}: {'right' if o.kind == 'hit' else 'false'}: {o.where}: {o.value}"
