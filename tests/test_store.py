"""A graph on disk is whole or as it was: swaps, locks, kills, and directories that are no graph."""

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import GraphError
from kg.graph import store as module
from kg.graph.store import open_graph, require_writable, write_graph

ROOT = Path(__file__).parents[1]


def triples(count: int, name: str = "a") -> bytes:
    return b"".join(b'<http://example.org/%s/%d> <http://example.org/p> "\xe5\x80\xbc %d" .\n' % (name.encode(), n, n) for n in range(count))


def test_writes_and_opens(tmp_path: Path) -> None:
    assert write_graph([triples(10)], tmp_path / "deep" / "g") == 10
    assert len(open_graph(tmp_path / "deep" / "g")) == 10


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_chunks_may_end_anywhere(tmp_path: Path, size: int) -> None:
    data = triples(50)
    assert write_graph((data[i:i + size] for i in range(0, len(data), size)), tmp_path / "g") == 50


def test_a_new_graph_takes_the_old_ones_place_and_the_old_one_goes(tmp_path: Path) -> None:
    for count in (3, 4, 5):
        write_graph([triples(count)], tmp_path)
        assert len(open_graph(tmp_path)) == count
    write_graph([triples(6)], tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith("partial")) == []


def test_a_reader_keeps_its_graph_while_others_are_built(tmp_path: Path) -> None:
    write_graph([triples(30_000)], tmp_path)
    reader = open_graph(tmp_path)
    for count in (1, 2):
        write_graph([triples(count)], tmp_path)
    assert sum(1 for _ in reader) == 30_000
    assert (tmp_path / "store-0001").is_dir()  # the engine may open its files late, so they must stay
    assert not (tmp_path / "store-0002").exists()
    assert len(open_graph(tmp_path)) == 2


def test_stores_nobody_reads_are_removed(tmp_path: Path) -> None:
    script = "import sys; from kg.graph.store import write_graph; write_graph([sys.argv[2].encode()], sys.argv[1])"
    for _ in range(3):
        subprocess.run([sys.executable, "-c", script, str(tmp_path), triples(2).decode()], check=True, cwd=ROOT)
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["build.lock", "graph.json", "store-0003"]


def test_an_error_while_triples_are_made_is_passed_on_and_the_old_graph_stays(tmp_path: Path) -> None:
    write_graph([triples(3)], tmp_path)

    def broken() -> Iterator[bytes]:
        yield triples(100)
        raise KeyError("a stage before this one failed")

    with pytest.raises(KeyError, match="a stage before"):
        write_graph(broken(), tmp_path)
    assert len(open_graph(tmp_path)) == 3
    assert not list(tmp_path.glob("partial-*"))


def test_triples_that_do_not_parse(tmp_path: Path) -> None:
    write_graph([triples(3)], tmp_path)
    with pytest.raises(GraphError, match="do not parse.*unchanged"):
        write_graph([triples(5), b"<no iri> <http://example.org/p> 1 .\n"], tmp_path)
    assert len(open_graph(tmp_path)) == 3


def test_a_second_build_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    def first() -> Iterator[bytes]:
        yield triples(1)
        with pytest.raises(GraphError, match="another build"):
            write_graph([triples(9)], tmp_path)
        with pytest.raises(GraphError, match="another build"):
            require_writable(tmp_path)
        yield triples(2, "b")

    assert write_graph(first(), tmp_path) == 3


BUILD = """
import sys, time
from kg.graph.store import write_graph
def chunks():
    for n in range(40):
        yield b"".join(b'<http://example.org/new/%d> <http://example.org/p> "%d" .\\n' % (n * 500 + i, i) for i in range(500))
        if n == 0: print("begun", flush=True)
write_graph(chunks(), sys.argv[1])
print("done", flush=True)
"""


@pytest.mark.slow
def test_killed_at_any_moment_the_old_graph_answers(tmp_path: Path) -> None:
    write_graph([triples(5)], tmp_path)
    chance, outcomes = random.Random(20240730), set()
    for round_ in range(14):
        build = subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert build.stdout is not None and build.stdout.readline() == "begun\n"
        time.sleep(chance.random() * 0.25)
        build.send_signal(signal.SIGKILL)
        build.wait()
        build.stdout.close()
        size = len(open_graph(tmp_path))
        assert size in (5, 20_000), f"round {round_}"
        outcomes.add(size)
        if size == 20_000:
            write_graph([triples(5)], tmp_path)
    assert 5 in outcomes  # at least one build was really killed before its end
    write_graph([triples(6)], tmp_path)
    assert len(open_graph(tmp_path)) == 6
    assert not list(tmp_path.glob("partial-*"))


@pytest.mark.parametrize("step", ["rename", "replace"])
def test_killed_between_the_last_steps(tmp_path: Path, step: str) -> None:
    """The two moments that a random kill will hardly hit: before the store has its name, and before the graph has its store."""
    write_graph([triples(5)], tmp_path)
    script = (f"import os, sys, signal\nfrom kg.graph.store import write_graph\n"
              f"os.{step} = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\nwrite_graph([sys.argv[2].encode()], sys.argv[1])")
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path), triples(9).decode()], check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert len(open_graph(tmp_path)) == 5
    assert write_graph([triples(7)], tmp_path) == 7
    assert len(open_graph(tmp_path)) == 7


def test_killed_first_build_leaves_no_graph_and_the_next_one_works(tmp_path: Path) -> None:
    script = "import os, sys, signal\nfrom kg.graph.store import write_graph\nos.rename = lambda *a: os.kill(os.getpid(), 9)\nwrite_graph([b''], sys.argv[1])"
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "g")], check=False, cwd=ROOT)
    with pytest.raises(GraphError, match="first build did not finish"):
        open_graph(tmp_path / "g")
    assert write_graph([triples(1)], tmp_path / "g") == 1


def test_refuses_to_write_where_something_else_is(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    for refuse in (lambda: write_graph([triples(1)], tmp_path), lambda: require_writable(tmp_path)):
        with pytest.raises(GraphError, match=r"thesis\.docx.*nothing was touched"):
            refuse()
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_refuses_another_programs_store(tmp_path: Path) -> None:
    import pyoxigraph

    pyoxigraph.Store(str(tmp_path)).flush()
    with pytest.raises(GraphError, match="no part of a graph"):
        write_graph([triples(1)], tmp_path)
    with pytest.raises(GraphError, match="is no graph"):
        open_graph(tmp_path)


def make_file(path: Path) -> None:
    path.write_text("a file")


def make_empty_directory(path: Path) -> None:
    path.mkdir()


def make_empty_graph(path: Path) -> None:
    write_graph([], path)


def make_future_graph(path: Path) -> None:
    write_graph([triples(1)], path)
    pointer = json.loads((path / "graph.json").read_text())
    (path / "graph.json").write_text(json.dumps(pointer | {"format": module.FORMAT + 1}))


def make_nonsense(path: Path) -> None:
    path.mkdir()
    (path / "graph.json").write_text("[1, 2")


def make_escape(path: Path) -> None:
    path.mkdir()
    (path / "graph.json").write_text(json.dumps({"format": 1, "store": "../elsewhere"}))


def make_lost_store(path: Path) -> None:
    path.mkdir()
    (path / "graph.json").write_text(json.dumps({"format": 1, "store": "store-0001"}))


@pytest.mark.parametrize(("make", "message"), [
    (lambda path: None, "no graph is here; make one with: kg build"),
    (make_file, "is a file"),
    (make_empty_directory, "is no graph, or its first build did not finish"),
    (make_empty_graph, "the graph is empty"),
    (make_future_graph, "newer version.*upgrade"),
    (make_nonsense, "not written by kg build, or is damaged"),
    (make_escape, "not written by kg build, or is damaged"),
    (make_lost_store, "damaged"),
], ids=["missing", "file", "directory", "empty", "future", "nonsense", "escape", "lost"])
def test_what_is_no_graph_is_said_in_words(tmp_path: Path, make, message: str) -> None:
    make(tmp_path / "g")
    with pytest.raises(GraphError, match=message) as caught:
        open_graph(tmp_path / "g")
    assert str(tmp_path / "g") in str(caught.value)
    assert "\n" not in str(caught.value)


AS_NOBODY = """
import os, sys
from kg.errors import GraphError
from kg.graph.store import open_graph, require_writable, write_graph
if os.geteuid() == 0: os.seteuid(65534)
call = {"read": lambda d: print(len(open_graph(d))), "write": lambda d: write_graph([b""], d), "require": require_writable}[sys.argv[1]]
try: call(sys.argv[2])
except GraphError as e: print("refused:", e)
"""


@pytest.mark.parametrize(("mode", "action", "answer"), [
    (0o000, "read", "no permission to read"), (0o000, "write", "no permission"), (0o000, "require", "no permission"),
    (0o555, "read", "4"), (0o555, "write", "no permission to write"), (0o555, "require", "no permission to write"),
])
def test_permissions(mode: int, action: str, answer: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is closed to the other user that root becomes here
        Path(folder).chmod(0o755)
        directory = Path(folder) / "g"
        write_graph([triples(4)], directory)
        directory.chmod(mode)
        try:
            done = subprocess.run([sys.executable, "-c", AS_NOBODY, action, str(directory)], check=False, capture_output=True, text=True, cwd=ROOT)
        finally:
            directory.chmod(0o755)
    assert answer in done.stdout, done.stderr
