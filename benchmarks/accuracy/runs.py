"""A graph and annotations go in, a run comes out: outcomes by annotation file, which can be saved, read and made of an older commit."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.accuracy.annotations import Annotations
from benchmarks.accuracy.entries import score_entries
from benchmarks.accuracy.graph_view import read_graph
from benchmarks.accuracy.outcomes import Outcome
from benchmarks.accuracy.statements import score_metadata, score_repeals, score_titles
from kg.errors import GraphError, UsageError
from kg.regions import regions

Run = dict[str, list[Outcome]]  # section of the report → its outcomes
_COMMAND = "import sys; from kg.cli import main; sys.exit(main())"


def kg(*arguments: str, package: Path | None = None, stdin: str | None = None) -> str:
    """Runs the command line of the package (or of the one in the folder `package`) and returns what it wrote to stdout.

    Exit code 1 means that something in the data is wrong and said so; it is no failure here.
    """
    environment = os.environ | ({"PYTHONPATH": str(package)} if package else {})
    done = subprocess.run(
        [sys.executable, "-P", "-c", _COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise UsageError(f"kg {' '.join(arguments)} ended with code {done.returncode}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def score(annotations: list[Annotations], *, graph: Path | None, package: Path | None = None) -> Run:
    """The outcomes of all annotations; those of documents are one section, since one compilation may be annotated in several files."""
    view = read_graph(graph) if graph else None
    run: Run = {}
    for a in annotations:
        if a.kind == "titles":
            run[a.path.name] = score_titles(a.rows, lambda lines: kg("parse", package=package, stdin=lines), _divisions())
            continue
        if view is None:
            raise UsageError(f"{a.path}: annotates documents; name their graph with --graph, or their texts with --build")
        if a.kind == "documents":
            run.setdefault("documents", []).extend(score_entries(view, a.rows))
        elif a.kind == "repeals":
            run[a.path.name] = score_repeals(view, a.rows)
        else:
            run[a.path.name] = score_metadata(view, a.rows, a.path.with_suffix(""))
    return run


def _divisions() -> list[tuple[str, str]]:
    upper = {(r.name, r.code) for r in regions() if r.level != "county" and r.valid_to is None}
    return sorted(upper, key=lambda division: (-len(division[0]), division))


def build(inputs: list[Path], directory: Path, *, package: Path | None = None) -> Path:
    """Builds a graph of the inputs in the directory. Raises `UsageError` when there is none to score."""
    graph = directory / "graph"
    kg("build", *map(str, inputs), "--graph", str(graph), package=package)
    if not graph.exists():
        raise GraphError(f"{graph}: kg build left no graph")
    return graph


def save(run: Run, path: Path) -> None:
    rows = {
        name: [[o.field, o.where, o.kind, o.value, o.cause] for o in sorted(outcomes, key=repr)] for name, outcomes in sorted(run.items())
    }
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def saved(path: Path) -> Run:
    """A run written by `save`. Raises `UsageError` for a file that is none."""
    try:
        return {name: [Outcome(*row) for row in rows] for name, rows in json.loads(path.read_text(encoding="utf-8")).items()}
    except (ValueError, TypeError, AttributeError) as e:
        raise UsageError(f"{path}: is no saved run ({e}); make one with --save") from e


@contextmanager
def package_at(revision: str) -> Iterator[Path]:
    """The package as it was at a commit, in a worktree that is removed afterwards. Raises `UsageError` for what git does not know."""
    top = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory(prefix="policy-kg-") as folder:
        tree = Path(folder) / "tree"
        made = subprocess.run(
            ["git", "-C", str(top), "worktree", "add", "--detach", str(tree), revision], capture_output=True, text=True, check=False
        )
        if made.returncode:
            raise UsageError(f"--against {revision}: neither a saved run nor a commit: {made.stderr.strip().splitlines()[-1]}")
        try:
            yield tree
        finally:
            subprocess.run(["git", "-C", str(top), "worktree", "remove", "--force", str(tree)], capture_output=True, check=False)
