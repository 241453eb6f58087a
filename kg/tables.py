"""Reads the tables of `kg/data`: CSV in UTF-8, checked on load, so that a lawyer's slip is named by file and line."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from kg.errors import TableError


def table(name: str, *, columns: tuple[str, ...], key: tuple[str, ...] = ()) -> Iterator[dict[str, str]]:
    """The rows of `kg/data/<name>.csv`, each a dict with exactly `columns`; lines that start with # are comments.

    Raises `TableError` for a missing or unknown column, a row of another width, and two rows with the same `key`.
    """
    path = files("kg") / "data" / f"{name}.csv"
    seen: dict[tuple[str, ...], int] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        numbered = ((n, line) for n, line in enumerate(stream, 1) if not line.startswith("#") and line.strip())
        header_line, header = next(numbered, (1, ""))
        found = next(csv.reader([header]), [])
        if tuple(found) != columns:
            raise TableError(f"kg/data/{name}.csv:{header_line}: columns are {','.join(found)}; they must be {','.join(columns)}")
        for n, line in numbered:
            cells = next(csv.reader([line]))
            if len(cells) != len(columns):
                raise TableError(f"kg/data/{name}.csv:{n}: {len(cells)} cells, {len(columns)} wanted: {line.strip()!r}; quote a comma")
            row = dict(zip(columns, cells, strict=True))
            if key:
                k = tuple(row[c] for c in key)
                if k in seen:
                    raise TableError(f"kg/data/{name}.csv:{n}: {'/'.join(k)} stands already on line {seen[k]}; keep one of the two")
                seen[k] = n
            yield row
