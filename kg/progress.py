"""Tells a person at a terminal how a long piece of work is getting on: stage, file and rate go in, a bar or plain lines go to stderr."""

import sys
import time
from typing import Any, TextIO


class Progress:
    """Hears how a piece of work is getting on. This one keeps silent; the others below show it."""

    def begin(self, stage: str, total: int | None = None) -> None:
        """A stage starts; `total` is its size in bytes, or None where nobody knows."""

    def advance(self, name: str, size: int = 0) -> None:
        """The file `name`, of `size` bytes, is done."""

    def end(self) -> None:
        """The last stage is over; nothing more is shown."""


class LineProgress(Progress):
    """A line a second at most, and one at the end of each stage: for logs and pipes."""

    def __init__(self, stream: TextIO, *, every: float = 1.0) -> None:
        self.stream, self.every = stream, every
        self.stage, self.files, self.done, self.total = "", 0, 0, None
        self.started = self.shown = 0.0

    def begin(self, stage: str, total: int | None = None) -> None:
        self.end()
        self.stage, self.files, self.done, self.total = stage, 0, 0, total
        self.started = self.shown = time.monotonic()

    def advance(self, name: str, size: int = 0) -> None:
        self.files += 1
        self.done += size
        now = time.monotonic()
        if now - self.shown >= self.every:
            self.shown = now
            share = f"{min(100, 100 * self.done // self.total)}% " if self.total else ""
            self._say(f"{self.stage}: {share}{name} ({self._rate(now)})")

    def end(self) -> None:
        if self.stage:
            files = f"{self.files} files, " if self.files else ""
            now = time.monotonic()
            self._say(f"{self.stage}: {files}{self._rate(now)}, {now - self.started:.1f} s" if self.done
                      else f"{self.stage}: {files}{now - self.started:.1f} s")
        self.stage = ""

    def _rate(self, now: float) -> str:
        return f"{self.done / 1e6 / max(now - self.started, 1e-3):.1f} MB/s"

    def _say(self, line: str) -> None:
        try:
            print(line, file=self.stream, flush=True)
        except (OSError, UnicodeEncodeError):
            pass  # a closed pipe or an ASCII terminal must not stop the build


class BarProgress(Progress):
    """A bar with the name of the file and the rate, redrawn in place: for terminals."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.bar: Any = None
        self.task: Any = None

    def begin(self, stage: str, total: int | None = None) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TransferSpeedColumn
        from rich.progress import Progress as Bar

        if self.bar is None:
            columns = (TextColumn("{task.description}", style="bold"), BarColumn(24), TransferSpeedColumn(), TimeElapsedColumn(),
                       TextColumn("{task.fields[name]}", style="dim", markup=False))
            self.bar = Bar(*columns, console=Console(file=self.stream), transient=True)
            self.bar.start()
        else:
            self._finish_stage()
        self.task = self.bar.add_task(stage, total=total, name="")

    def advance(self, name: str, size: int = 0) -> None:
        if self.bar is not None:
            self.bar.update(self.task, advance=size, name=name)

    def end(self) -> None:
        if self.bar is not None:
            self._finish_stage()
            self.bar.stop()
            self.bar = None

    def _finish_stage(self) -> None:
        done = self.bar.tasks[-1].completed
        self.bar.update(self.task, total=done or 1, completed=done or 1, name="")


def progress_on(stream: TextIO | None = None) -> Progress:
    """A bar where `stream` (stderr unless told) is a terminal, plain lines where it is not."""
    stream = stream or sys.stderr
    return BarProgress(stream) if stream.isatty() else LineProgress(stream)
