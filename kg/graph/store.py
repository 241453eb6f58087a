"""Keeps a graph on disk: N-Triples go in, a read-only Oxigraph store comes out; a new graph takes the old one's place in one step.

A graph directory holds `graph.json`, which names the store in use; the stores (`store-0001`, …); and `build.lock`. A build writes
a store of its own and then replaces `graph.json`, so that a build killed at any moment leaves the old graph in use.
"""

import fcntl
import gc
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph

from kg.errors import GraphError

FORMAT = 1  # of graph.json and of what the store holds; a reader refuses what is newer
POINTER = "graph.json"
LOCK = "build.lock"
_STORE = re.compile(r"store-(\d{4,9})")
_OURS = re.compile(r"graph\.json(?:\.next)?|build\.lock|(?:store|partial)-\d{1,9}")
_readers: dict[str, int] = {}  # store path → descriptor that holds its shared lock while this process lives


def write_graph(ntriples_chunks: Iterable[bytes], graph_dir: str | Path) -> int:
    """Loads N-Triples into a new store and puts it in the place of the graph in `graph_dir`; returns the number of triples.

    Chunks need not end at line ends. Whatever happens before the last step, the graph that was there stays in use.
    Raises `GraphError` when the directory is not ours to write, another build holds it, or the triples do not parse.
    An error of the iterable itself is passed on.
    """
    directory = Path(graph_dir)
    _refuse_foreign(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with _build_lock(directory):
            _remove_leftovers(directory)
            return _load_and_swap(ntriples_chunks, directory)
    except PermissionError as e:
        raise GraphError(f"{directory}: no permission to write here ({e.strerror or e}); choose another --graph directory") from e
    except OSError as e:
        raise GraphError(f"{directory}: the graph could not be written: {e}; the graph that was here is unchanged") from e


def open_graph(graph_dir: str | Path) -> pyoxigraph.Store:
    """The graph in `graph_dir`, read-only. It stays readable while later builds replace it, for as long as this process lives.

    Raises `GraphError` when there is none, or none that this version can read.
    """
    directory = Path(graph_dir)
    for _ in range(5):  # a build may replace the store between reading its name and opening it
        path = _current_store(directory)
        try:
            _hold_for_reading(path)
            store = pyoxigraph.Store.read_only(str(path))
        except PermissionError as e:
            raise GraphError(f"{directory}: no permission to read the graph; ask its owner, or build one of your own") from e
        except OSError as e:
            if _current_store(directory) != path:
                continue
            if "Permission denied" in str(e):
                raise GraphError(f"{directory}: no permission to read the graph; ask its owner, or build one of your own") from e
            raise GraphError(f"{directory}: the graph is damaged ({e}); build it again") from e
        if not store:
            raise GraphError(f"{directory}: the graph is empty: its build found no document; build it again from other files")
        return store
    raise GraphError(f"{directory}: the graph is being replaced again and again; try once more when the builds are over")


def require_writable(graph_dir: str | Path) -> None:
    """Raises `GraphError` now if a graph could not be written to `graph_dir`: before an hour of reading, not after it."""
    directory = Path(graph_dir)
    _refuse_foreign(directory)
    standing = directory
    while not standing.exists() and standing != standing.parent:
        standing = standing.parent
    try:
        if not os.access(standing, os.W_OK | os.X_OK, effective_ids=True):
            raise PermissionError
        if directory.exists():
            with _build_lock(directory):
                pass
    except PermissionError as e:
        raise GraphError(f"{directory}: no permission to write here; choose another --graph directory") from e


def _refuse_foreign(directory: Path) -> None:
    try:
        names = sorted(p.name for p in directory.iterdir())
    except FileNotFoundError:
        return
    except NotADirectoryError as e:
        raise GraphError(f"{directory}: is a file; --graph names a directory") from e
    except PermissionError as e:
        raise GraphError(f"{directory}: no permission to read it; choose another --graph directory") from e
    except OSError as e:
        raise GraphError(f"{directory}: cannot be a graph's directory: {e.strerror}") from e
    foreign = [n for n in names if not _OURS.fullmatch(n)]
    if foreign:
        raise GraphError(f"{directory}: holds {foreign[0]!r}, which is no part of a graph; nothing was touched; name a new or empty directory")


def _current_store(directory: Path) -> Path:
    try:
        pointer = json.loads((directory / POINTER).read_text(encoding="utf-8"))
        form, name = pointer["format"], pointer["store"]
        if not isinstance(form, int) or not _STORE.fullmatch(name):
            raise ValueError(name)
    except FileNotFoundError as e:
        if not directory.exists():
            raise GraphError(f"{directory}: no graph is here; make one with: kg build PATH… --graph {directory}") from e
        raise GraphError(f"{directory}: is no graph, or its first build did not finish; make one with: kg build PATH… --graph DIR") from e
    except NotADirectoryError as e:
        raise GraphError(f"{directory}: is a file; --graph names the directory that kg build wrote") from e
    except PermissionError as e:
        raise GraphError(f"{directory}: no permission to read the graph; ask its owner, or build one of your own") from e
    except OSError as e:
        raise GraphError(f"{directory}: the graph cannot be read: {e.strerror}") from e
    except (ValueError, KeyError, TypeError) as e:
        raise GraphError(f"{directory}: its {POINTER} was not written by kg build, or is damaged; build the graph again") from e
    if form > FORMAT:
        raise GraphError(f"{directory}: the graph was written by a newer version (format {form}, this one reads {FORMAT}); upgrade policy-kg")
    return directory / name


def _hold_for_reading(path: Path) -> None:
    """Keeps a shared lock on the store's directory, so that a later build does not remove files that are still read."""
    key = os.path.realpath(path)
    if key not in _readers:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _readers[key] = descriptor


@contextmanager
def _build_lock(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as e:
            raise GraphError(f"{directory}: another build is writing this graph; wait for it, or name another directory") from e
        yield
    finally:
        os.close(descriptor)  # the kernel lets the lock go with it, also when the process is killed


def _remove_leftovers(directory: Path) -> None:
    """Removes what killed builds left, and former stores that nobody reads any more."""
    try:
        keep = _current_store(directory).name
    except GraphError:
        keep = None
    for entry in sorted(directory.iterdir()):
        if entry.name.startswith(("partial-", "store-")) and entry.name != keep and not _is_read(entry):
            shutil.rmtree(entry, ignore_errors=True)
    (directory / f"{POINTER}.next").unlink(missing_ok=True)


def _is_read(store: Path) -> bool:
    try:
        descriptor = os.open(store, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)


def _load_and_swap(chunks: Iterable[bytes], directory: Path) -> int:
    numbers = [int(m[1]) for entry in directory.iterdir() if (m := _STORE.fullmatch(entry.name))]
    name = f"store-{max(numbers, default=0) + 1:04d}"
    partial = directory / f"partial-{os.getpid()}"
    try:
        triples = _load(chunks, partial)
        os.rename(partial, directory / name)
        _sync(directory)
        pointer = directory / f"{POINTER}.next"
        with pointer.open("w", encoding="utf-8") as out:
            json.dump({"format": FORMAT, "store": name, "triples": triples}, out)
            out.write("\n")
            out.flush()
            os.fsync(out.fileno())
        os.replace(pointer, directory / POINTER)
        _sync(directory)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    _remove_leftovers(directory)
    return triples


def _load(chunks: Iterable[bytes], path: Path) -> int:
    reader = _Reader(chunks)
    store = pyoxigraph.Store(str(path))
    try:
        store.bulk_load(reader, pyoxigraph.RdfFormat.N_TRIPLES)
        store.optimize()  # path queries are many times slower until the levels are compacted
        store.flush()
        return len(store)
    except SyntaxError as e:
        raise GraphError(f"{path.parent}: the triples do not parse: {e}; the graph that was here is unchanged") from e
    except Exception:
        if reader.error is not None:
            raise reader.error from None
        raise
    finally:
        del store
        gc.collect()  # closes the store's files before they are renamed


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class _Reader:
    """Chunks of bytes as a file to read from; keeps the error of the iterable, which the store would wrap."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.rest = memoryview(b"")
        self.error: BaseException | None = None

    def read(self, size: int = -1) -> bytes:
        while not self.rest:
            try:
                self.rest = memoryview(next(self.chunks))
            except StopIteration:
                return b""
            except BaseException as e:
                self.error = e
                raise
        size = len(self.rest) if size < 0 else size
        out, self.rest = self.rest[:size], self.rest[size:]
        return bytes(out)
