"""Scores a graph against annotations, or the package on texts that it builds first.

python -m benchmarks.accuracy --graph G samples/annotations
python -m benchmarks.accuracy --build samples samples/annotations --against HEAD~1
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.accuracy import report, runs
from benchmarks.accuracy.annotations import read_annotations
from kg.errors import PolicyKgError, UsageError


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    try:
        return _run(options)
    except PolicyKgError as e:
        print(e, file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the reader has seen enough; closing stdout must not complain again
        return 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("annotations", nargs="+", type=Path, metavar="ANNOTATIONS", help="files or folders of .json and .jsonl")
    parser.add_argument("--graph", type=Path, help="a graph that is already built")
    parser.add_argument(
        "--build", type=Path, action="append", metavar="PATH", help="texts to build the graph of, instead of --graph; may be repeated"
    )
    parser.add_argument("--save", type=Path, metavar="FILE", help="keep this run, for --against")
    parser.add_argument(
        "--against", metavar="FILE|COMMIT", help="a saved run, or (with --build or titles alone) a commit to build and score now"
    )
    parser.add_argument("--errors", action="store_true", help="list every error, not only examples of each cause")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace) -> int:
    annotations = read_annotations(options.annotations)
    of_commit = options.against is not None and not Path(options.against).is_file()
    if of_commit and not options.build and any(a.kind != "titles" for a in annotations):
        raise UsageError(f"--against {options.against}: a commit needs the texts, to build its own graph of them: add --build PATH")
    with tempfile.TemporaryDirectory(prefix="policy-kg-") as folder:
        graph = options.graph
        if options.build:
            graph = runs.build(options.build, Path(folder))
        run = runs.score(annotations, graph=graph)
        before = None
        if of_commit:
            with runs.package_at(options.against) as package:
                old = Path(folder) / "old"
                older = runs.build(options.build, old, package=package) if options.build else graph
                before = runs.score(annotations, graph=older, package=package)
        elif options.against:
            before = runs.saved(Path(options.against))
    print(*report.figures_text(run, before), sep="\n")
    print(*report.errors_text(run, everything=options.errors), sep="\n", flush=True)
    if before is not None:
        print(*report.changes_text(before, run), sep="\n")
    if options.save:
        runs.save(run, options.save)
    return 0


if __name__ == "__main__":
    sys.exit(main())
