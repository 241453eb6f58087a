"""Builds a graph of texts in a process of its own and reports seconds, memory and both per thousand documents; then builds files of
ten thousand, a hundred thousand and a million characters of the same text and reports the time per character.

    python -m benchmarks.speed samples
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.errors import PolicyKgError, UsageError
from kg.graph.store import open_graph
from kg.text import input_files, read_source

SIZES = (10_000, 100_000, 1_000_000)
_SERIAL = re.compile(r"(?<=〕)\d{1,6}(?=号)|(?<=令第)\d{1,6}(?=号)")
_TIMED_BUILDS = """
import json, sys, time
from pathlib import Path
from kg.build import build
warm, graph, *sizes = map(Path, sys.argv[1:])
build([warm], graph)
for path in sizes:
    start = time.perf_counter()
    build([path], graph)
    print(json.dumps([path.stem, time.perf_counter() - start]), flush=True)
"""
_DOCUMENTS = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d <https://w3id.org/policy-kg/ontology#printedIn> ?p }"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files and folders with .txt and .md")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory(prefix="policy-kg-") as folder:
            found = {
                "build": measure_build(options.paths, Path(folder)),
                "characters_per_second": measure_growth(options.paths, Path(folder)),
            }
    except PolicyKgError as e:
        print(e, file=sys.stderr)
        return 2
    print(json.dumps(found, indent=1) if options.json else text(found))
    return 0


def measure_build(paths: list[Path], folder: Path) -> dict[str, float]:
    """Seconds from process start, CPU seconds of all its processes, and the peak memory of the largest of them."""
    graph = folder / "whole"
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; from kg.cli import main; sys.exit(main())", "build", *map(str, paths), "--graph", str(graph)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise UsageError(f"kg build ended with code {process.returncode}; run it by hand to see why")
    solution = next(iter(open_graph(graph).query(_DOCUMENTS)))
    documents = int(solution["n"].value)
    characters = sum(len(read_source(path).text) for path, _ in input_files(paths)[0])
    return {
        "documents": documents,
        "characters": characters,
        "seconds": seconds,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "megabytes": usage.ru_maxrss / 1024,
        "seconds_per_1000_documents": 1000 * seconds / documents,
    }


def measure_growth(paths: list[Path], folder: Path) -> dict[str, float]:
    """Characters a second of one file at each size, the interpreter and the tables already loaded."""
    largest = max((read_source(path).text for path, _ in input_files(paths)[0]), key=len, default="")
    if not largest:
        raise UsageError("no text to measure with")
    files = []
    for size in SIZES:
        files.append(folder / f"{size}.txt")
        files[-1].write_text(of_size(largest, size), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _TIMED_BUILDS, str(files[0]), str(folder / "growth"), *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UsageError(f"the timed builds failed: {done.stderr.strip()[-2000:]}")
    seconds = dict(json.loads(line) for line in done.stdout.splitlines())
    return {size: int(size) / spent for size, spent in seconds.items()}


def of_size(text: str, size: int) -> str:
    """The text over and over up to `size` characters; serial numbers rise with each copy, so that copies are documents of their own."""
    copies: list[str] = []
    length = 0
    while length < size:
        shift = 1000 * len(copies)
        copies.append(_SERIAL.sub(lambda m: str(int(m[0]) + shift), text) + "\n")  # noqa: B023 (used before the next turn)
        length += len(copies[-1])
    return "".join(copies)[:size]


def text(found: dict[str, dict[str, float]]) -> str:
    """The figures for people."""
    b = found["build"]
    lines = [
        f"{b['documents']:,.0f} documents, {b['characters']:,.0f} characters",
        f"{b['seconds']:.1f} s from process start, {b['cpu_seconds']:.1f} s of CPU, {b['seconds_per_1000_documents']:.1f} s per 1,000 documents",
        f"{b['megabytes']:,.0f} MB at the peak of the largest process",
        *(f"one file of {int(size):>9,} characters: {speed:>9,.0f} characters/s" for size, speed in found["characters_per_second"].items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
