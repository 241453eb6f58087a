"""Scores `kg status` against annotated repeals: a graph and their rows go in, shares of right answers and the wrong ones by cause come out.

python -m benchmarks.status --graph G repeals.jsonl
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pyoxigraph import Store

from kg.errors import PolicyKgError, UsageError
from kg.graph.store import open_graph
from kg.status import ALIVE, Status, statuses


@dataclass(frozen=True, slots=True)
class Question:
    what: str
    edition: str | None
    on: str
    repealed: bool  # whether the repeal has taken effect
    told_by: str  # file and line of the repeal


def questions(rows: Iterator[dict]) -> Iterator[Question]:
    """The eve and the day of every whole repeal with a day; a row without an edition is asked only where its title is not the repealer's own."""
    for row in rows:
        for target in row.get("repeals", ()):
            what = target.get("title") or target.get("number")
            if target.get("scope") != "whole" or not row.get("effective") or not what:
                continue
            if not target.get("date") and what == row.get("title"):
                continue
            day = date.fromisoformat(row["effective"])
            place = f"{row.get('file')}:{row.get('line')}"
            yield Question(what, target.get("date"), (day - timedelta(days=1)).isoformat(), False, place)
            yield Question(what, target.get("date"), day.isoformat(), True, place)


def cause(question: Question, answer: Status) -> str | None:
    """Why the answer is wrong, or None: on the day it must be repealed, on the eve in force in whole or in part."""
    if answer.status == "repealed" if question.repealed else answer.status in ALIVE:
        return None
    if answer.error:
        return "not found" if not answer.candidates else "edition not found"
    if answer.candidates:
        return "several of one name"
    when = "on the day" if question.repealed else "on the eve"
    return f"{answer.status} {when}"


def score(store: Store, rows: Iterator[dict]) -> tuple[Counter[bool], dict[str, list[tuple[Question, Status]]]]:
    """How many questions of the eve (False) and of the day (True) there are, and the wrong answers by cause."""
    asked = list(questions(rows))
    wrong: dict[str, list[tuple[Question, Status]]] = defaultdict(list)
    for question, answer in zip(asked, statuses(store, ({"what": q.what, "edition": q.edition, "on": q.on} for q in asked)), strict=True):
        if why := cause(question, answer):
            wrong[why].append((question, answer))
    return Counter(q.repealed for q in asked), wrong


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.status", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("annotations", nargs="+", type=Path, metavar="ANNOTATIONS", help=".jsonl files with repeals")
    parser.add_argument("--graph", type=Path, required=True, help="a graph that is built")
    parser.add_argument("--errors", action="store_true", help="list every wrong answer, not only three of each cause")
    options = parser.parse_args(arguments)
    try:
        rows = (json.loads(line) for path in options.annotations for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
        asked, wrong = score(open_graph(options.graph), rows)
        if not asked:
            raise UsageError("no repeal with a day among the annotations")
    except (PolicyKgError, OSError, ValueError) as e:
        print(e, file=sys.stderr)
        return 2
    failed = Counter(q.repealed for answers in wrong.values() for q, _ in answers)
    for repealed, name in ((False, "the eve"), (True, "the day")):
        right = asked[repealed] - failed[repealed]
        print(f"{name}: {right} of {asked[repealed]} right ({right / asked[repealed]:.1%})")
    alive = sum(q.repealed and a.status in ALIVE for answers in wrong.values() for q, a in answers)
    print(f"in force where the text says repealed: {alive}")
    for why, answers in sorted(wrong.items(), key=lambda item: -len(item[1])):
        print(f"\n{why}: {len(answers)}")
        for question, answer in answers if options.errors else answers[:3]:
            print(f"  {question.what} ({question.edition}) on {question.on}: {answer.status}  ↳ {question.told_by}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
