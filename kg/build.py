"""Builds a graph: files and folders in, an on-disk Oxigraph store and a report out.

Files are read by as many processes as there are processors; each gives one record, and the records together give the graph. Records
do not depend on one another, on their order or on the day, so two builds of the same files give the same graph.
"""

import multiprocessing
import os
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from kg.corrections import corrections_files, is_corrections_file, read_corrections
from kg.errors import SourceError, UsageError
from kg.graph.identifiers import Identifiers
from kg.graph.namespaces import DEFAULT_BASE
from kg.graph.store import require_writable, write_graph
from kg.graph.triples import ntriples
from kg.model import Corpus, Correction, FileRecord, Relation, Warning
from kg.progress import Progress
from kg.record import read_file
from kg.resolve.correction import resolve_corrected
from kg.text import input_files

_PARALLEL_FROM = 2_000_000  # bytes; below it, starting a second process costs more than it saves


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build found. `references`: relation → how many are resolved to a printed document, how many are not."""

    documents: int
    passages: int
    numbers: int
    agencies: int
    regions: int
    references: dict[Relation, tuple[int, int]]
    warnings: tuple[Warning, ...]
    failures: tuple[str, ...]  # one line for each input that gave nothing
    seconds: float
    characters: int
    triples: int = 0
    corrections: int = 0  # rows of corrections files that were applied


def build(
    paths: Sequence[str | Path], graph_dir: str | Path, *, base: str = DEFAULT_BASE, jobs: int | None = None, progress: Progress | None = None,
    corrections: Sequence[str | Path] = (),
) -> BuildReport:
    """Reads `paths` and puts their graph in `graph_dir` in place of the one there.

    Corrections files named corrections.csv or corrections.ttl in `paths`, and those in `corrections`, win over what is read. Inputs
    that cannot be read are named in the report, the others go on. Raises `UsageError` when nothing at all could be read, when a file
    of `corrections` is missing or `base` is no absolute IRI, and `GraphError` when the directory cannot take a graph; the graph that
    was there then stays.
    """
    began = time.monotonic()
    require_writable(graph_dir)
    identifiers = Identifiers(base)
    for path in map(Path, corrections):
        if not path.is_file():
            raise UsageError(f"{path}: no such corrections file; check --corrections; nothing was built")
    inputs = [Path(p) for p in paths]
    files, failures = input_files([p for p in inputs if not is_corrections_file(p)])
    records, unread = _read_all(files, jobs, progress)
    failures += unread
    decided, unfollowed = _read_corrections([*inputs, *map(Path, corrections)])
    failures += unfollowed
    if not records:
        raise UsageError("nothing to build: " + ("; ".join(failures) or "no path was given") + "; no graph was written")
    if progress:
        progress.begin("resolve")
    corpus, unfit = resolve_corrected(records, decided)
    failures += unfit
    if progress:
        progress.begin("write")
    triples = write_graph(ntriples(corpus, identifiers), graph_dir)
    if progress:
        progress.end()
    return _report(corpus, failures, time.monotonic() - began, triples)


def _read_corrections(paths: list[Path]) -> tuple[list[Correction], list[str]]:
    named = dict(corrections_files(paths))
    named |= {p: p.as_posix() for p in paths if not p.is_dir() and p.suffix.lower() in (".csv", ".ttl") and p not in named}
    decided: list[Correction] = []
    problems: list[str] = []
    for path, name in sorted(named.items(), key=lambda item: item[1]):
        found, faults = read_corrections(path, name)
        decided += found
        problems += faults
    return decided, problems


def _read_one(job: tuple[Path, str]) -> FileRecord | str:
    try:
        return read_file(*job)
    except SourceError as error:
        return str(error)
    except Exception as error:  # a fault of ours in one file must not cost the user the others
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{job[1]}: left out by a fault of this program ({type(error).__name__}: {error}; {Path(at.filename).name}:{at.lineno}); please report it with the file"


def _read_all(files: list[tuple[Path, str]], jobs: int | None, progress: Progress | None) -> tuple[list[FileRecord], list[str]]:
    sizes = {name: _size(path) for path, name in files}
    total = sum(sizes.values())
    if progress:
        progress.begin("read", total)
    records: list[FileRecord] = []
    failures: list[str] = []

    def take(name: str, result: FileRecord | str) -> None:
        if isinstance(result, str):
            failures.append(result)
        else:
            records.append(result)
        if progress:
            progress.advance(name, sizes[name])

    workers = min(jobs or os.cpu_count() or 1, len(files))
    if workers < 2 or total < _PARALLEL_FROM:
        for job in files:
            take(job[1], _read_one(job))
        return records, failures
    # The heaviest files first, so that the last to finish is a small one.
    heavy_first = sorted(files, key=lambda job: (-sizes[job[1]], job[1]))
    context = multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else None)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        for job, result in zip(heavy_first, pool.map(_read_one, heavy_first, chunksize=max(1, min(16, len(files) // (workers * 8)))), strict=True):
            take(job[1], result)
    return records, sorted(failures)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _report(corpus: Corpus, failures: list[str], seconds: float, triples: int) -> BuildReport:
    printed = {d.name for d in corpus.documents if d.passages}
    counts: Counter[tuple[Relation, bool]] = Counter((r.reference.relation, r.cited in printed) for r in corpus.references)
    relations = sorted({relation for relation, _ in counts})
    passages = [p for f in corpus.files for p in f.passages]
    return BuildReport(
        len(printed), len(passages), sum(1 for d in corpus.documents if d.passages and d.numbers),
        len({a for p in passages for a in (*p.agencies, *p.issuers)}), len({r for p in passages for r in p.regions}),
        {relation: (counts[relation, True], counts[relation, False]) for relation in relations},
        corpus.warnings, tuple(failures), seconds, sum(f.characters for f in corpus.files), triples,
        len(corpus.corrections),
    )
