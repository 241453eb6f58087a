"""Writes tests/golden anew from the samples: `python -m tests.renew_golden`; read the difference line by line before it is committed.

A golden text is a short projection of one file's record: where each document starts, its title, number and issuers, and below it what each
reference says and points to.
"""

from collections.abc import Iterator
from pathlib import Path

from kg.model import FileRecord
from kg.record import read_file

ROOT = Path(__file__).parents[1]
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = tuple(sorted(p for p in (ROOT / "samples").iterdir() if p.suffix in (".txt", ".md")))


def projection(record: FileRecord) -> str:
    return "".join(f"{line}\n" for line in _lines(record))


def _lines(record: FileRecord) -> Iterator[str]:
    for p in record.passages:
        yield f"{p.start_line}-{p.end_line} {p.title} | {', '.join(p.numbers) or '-'} | {', '.join(p.issuers) or '-'} | {p.issued or '-'} | {p.effective_date or '-'}"
        for r in p.references:
            scope = " (partial)" if r.scope == "partial" else ""
            yield f"    {r.line} {r.relation} → {r.number or r.title}{scope}"
        for r in p.amended_by:
            yield f"    {r.line} amended by → {r.title or r.number}"
    for w in record.warnings:
        yield f"! {w.line} {w.code}"


def golden(path: Path) -> Path:
    return GOLDEN / f"{path.name}.golden"


def main() -> None:
    """Renews every golden text and removes those whose sample is gone."""
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.golden"):
        if old not in map(golden, SAMPLES):
            old.unlink()
    for path in SAMPLES:
        golden(path).write_text(projection(read_file(path, path.name)), encoding="utf-8")


if __name__ == "__main__":
    main()
