"""Prints results: bytes, JSON, CSV and tables go to stdout, or to a file that appears whole or not at all."""

import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console


def console(stream: Any) -> "Console":
    """A console for tables and cards; as wide as the terminal, and wide enough for whole titles where there is none."""
    from rich.console import Console

    class _Console(Console):
        def on_broken_pipe(self) -> None:  # rich would exit with 1, which says that the data is wrong
            raise BrokenPipeError

    return _Console(file=stream, width=None if stream.isatty() else 160, highlight=False, emoji=False, markup=False)


def write_bytes(data: bytes) -> None:
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(data.decode())
    else:
        binary.write(data)
        binary.flush()


def write_json(data: Any) -> None:
    import json

    write_bytes(json.dumps(data, ensure_ascii=False, indent=2).encode() + b"\n")


def write_csv(found: Iterable[dict[str, str]]) -> None:
    import csv
    import io

    rows, out = list(found), io.StringIO()
    if rows:
        writer = csv.DictWriter(out, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    write_bytes(out.getvalue().encode())


def write_to(path: str | None, write: Callable[[Any], Any]) -> None:
    """Calls `write` with a binary stream: stdout, or a file that appears whole or not at all. Raises `UsageError` when it cannot be written."""
    if path is None:
        sys.stdout.flush()
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    partial = f"{path}.part-{os.getpid()}"
    try:
        try:
            with open(partial, "wb") as out:
                write(out)
            os.replace(partial, path)
        finally:
            if os.path.exists(partial):
                os.unlink(partial)
    except OSError as e:
        raise UsageError(f"{path}: cannot be written: {e.strerror}") from e
    print(f"kg: wrote {path}", file=sys.stderr)
