"""Annotation files and folders go in; they come out sorted by what they annotate: documents, repeals, metadata, titles."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kg.errors import UsageError

Kind = Literal["documents", "repeals", "metadata", "titles"]
_MARKS: tuple[tuple[str, Kind], ...] = (("line_start", "documents"), ("repeals", "repeals"), ("source", "metadata"), ("level", "titles"))


@dataclass(frozen=True, slots=True)
class Annotations:
    path: Path
    kind: Kind
    rows: list[dict[str, Any]]


def read_annotations(paths: list[Path]) -> list[Annotations]:
    """Every `.json` (a list of rows) and `.jsonl` (a row a line) of the paths, folders searched through, in order of name.

    Raises `UsageError` for a path that is missing, a file that is not JSON, and rows of no known kind.
    """
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(p for p in path.rglob("*") if p.suffix in (".json", ".jsonl"))
        elif path.is_file():
            files.append(path)
        else:
            raise UsageError(f"{path}: no such file or folder of annotations")
    found = [_read(path) for path in files]
    if not found:
        raise UsageError(f"{', '.join(map(str, paths))}: no .json or .jsonl file is here")
    return found


def _read(path: Path) -> Annotations:
    text = path.read_text(encoding="utf-8")
    try:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()] if path.suffix == ".jsonl" else json.loads(text)
    except json.JSONDecodeError as e:
        raise UsageError(f"{path}:{e.lineno}: not JSON: {e.msg}") from e
    if isinstance(rows, list) and rows and isinstance(rows[0], dict):
        for mark, kind in _MARKS:
            if mark in rows[0]:
                return Annotations(path, kind, rows)
    raise UsageError(f"{path}: no annotations: rows with one of {', '.join(mark for mark, _ in _MARKS)} are wanted")
