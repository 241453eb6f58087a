"""The command line: exit codes, what goes to stdout and what to stderr, help in two languages."""

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from kg import __version__, cli
from kg.errors import UsageError
from kg.model import Warning
from kg.progress import BarProgress, LineProgress, progress_on

ROOT = Path(__file__).parents[1]
NUMBER = "国办发〔2024〕39号"
TITLE = "国务院办公厅关于加快构建碳排放双控制度体系工作方案的通知"
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("command", [None, *cli.COMMANDS])
def test_every_command_and_option_has_help_in_both_languages(command: str | None) -> None:
    parser = cli.parser()
    actions = parser._actions
    if command:
        parser = next(a for a in actions if getattr(a, "choices", None)).choices[command]
        assert CHINESE.search(parser.description or "") and re.search(r"[a-z]{4}", parser.description or "")
    for action in parser._actions:
        if action.dest not in ("help", "==SUPPRESS==") and action.help:
            assert CHINESE.search(action.help) and re.search(r"[A-Za-z]{2}", action.help), action.dest
    assert all(action.help for action in parser._actions if not getattr(action, "choices", None) or command)
    assert "退出码" in parser.format_help()


def test_version(run_kg) -> None:
    done = run_kg("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"policy-kg {__version__}\n", "")


@pytest.mark.parametrize("arguments", [
    (), ("fly",), ("query",), ("query", "--graph", "g", "ASK {}", "--format", "xml"), ("build", "--graph", "g"), ("export", "--graph", "g"),
    ("show", "--graph", "g"), ("query", "--graph", "g"), ("query", "--graph", "g", "ASK {}", "--file", "q.rq"),
    ("query", "--graph", "g", "--file", "none.rq"), ("build", "x", "--graph", "g", "--jobs", "many"),
])
def test_wrong_usage_is_2_with_words_on_stderr_only(run_kg, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_kg(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("kg: ")
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("arguments", [
    ("query", "ASK {}"), ("show", "x"), ("page", "x"), ("export", "--format", "csv"), ("check",),
])
def test_no_graph_is_one_line_and_2(run_kg, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_kg(*arguments, "--graph", tmp_path / "none")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"kg: .*none: no graph is here; make one with: kg build .*\n", done.stderr)


def test_query_json_is_all_there_is_on_stdout(run_kg, policies: Path) -> None:
    done = run_kg("query", "--graph", policies, "--format", "json", f"SELECT ?t {{ ?d dcterms:title ?t ; pkg:documentNumber '{NUMBER}' }}")
    assert (done.returncode, done.stderr) == (0, "")
    assert [b["t"]["value"] for b in json.loads(done.stdout)["results"]["bindings"]] == [TITLE]


def test_query_starts_fast(run_kg, policies: Path) -> None:
    def once() -> float:
        start = time.perf_counter()
        run_kg("query", "--graph", policies, "--format", "json", "SELECT ?d ?v WHERE { ?d dcterms:title ?v }")
        return time.perf_counter() - start
    assert min(once() for _ in range(5)) < 0.5


def test_query_from_stdin_and_from_a_file(run_kg, policies: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("\ufeffASK { ?s dcterms:title '2030年前碳达峰行动方案' }", encoding="utf-8")
    assert run_kg("query", "--graph", policies, "--file", tmp_path / "q.rq").stdout == "true\n"
    assert run_kg("query", "--graph", policies, "-", stdin="ASK { ?s dcterms:title '没有' }").stdout == "false\n"


@pytest.mark.parametrize(("sparql", "message"), [
    ("SELECT * {", "kg: query, line 1, column 11: "), ("SELECT * { SERVICE <http://127.0.0.1:9/> {} }", "SERVICE is refused"),
    ("INSERT DATA { <http://a> <http://b> 1 }", "INSERT is an update"),
])
def test_a_query_that_cannot_be_answered_is_one_line_and_2(run_kg, policies: Path, sparql: str, message: str) -> None:
    done = run_kg("query", "--graph", policies, sparql)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr


def test_show_one(run_kg, policies: Path) -> None:
    done = run_kg("show", "国办发 [2024] 39 号", "--graph", policies)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(TITLE)
    assert "bulletins/2024-08.txt:66" in done.stdout


def test_show_several_lists_them_and_does_not_ask(run_kg, policies: Path) -> None:
    done = run_kg("show", "固定资产投资项目节能审查办法", "--graph", policies, stdin="1\n")
    assert done.returncode == 0
    assert [re.search(r"令第\d+号", line)[0] for line in done.stdout.splitlines()] == ["令第2号", "令第44号"]
    assert "2 match" in done.stderr


def test_show_none_names_what_is_near_and_is_2(run_kg, policies: Path) -> None:
    done = run_kg("show", "企业环境信息公开披露办法", "--graph", policies)
    assert (done.returncode, done.stdout) == (2, "")
    assert "企业环境信息依法披露管理办法  生态环境部令第24号" in done.stderr


def test_show_json(run_kg, policies: Path) -> None:
    assert json.loads(run_kg("show", NUMBER, "--graph", policies, "--format", "json").stdout)["title"] == TITLE
    several = json.loads(run_kg("show", "固定资产投资项目节能审查办法", "--graph", policies, "--format", "json").stdout)
    assert [m["number"] for m in several["matches"]] == ["国家发展和改革委员会令第2号", "国家发展和改革委员会令第44号"]


def test_at_a_terminal_one_may_choose(policies: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "show", "固定资产投资项目节能审查办法", "--graph", str(policies)], cwd=ROOT,
                               stdin=follower, stdout=follower, stderr=follower, env={**os.environ, "TERM": "dumb", "COLUMNS": "100"})
    os.close(follower)
    seen = b""
    deadline = time.monotonic() + 20
    while "[1–2]".encode() not in seen and time.monotonic() < deadline:
        seen += os.read(leader, 4096)
    os.write(leader, b"2\n")
    try:
        while chunk := os.read(leader, 4096):
            seen += chunk
    except OSError:  # how Linux says that the other side has closed
        pass
    assert process.wait(10) == 0
    assert "2016-11-27" in seen.decode().partition("[1–2]")[2]
    os.close(leader)


@pytest.mark.parametrize("answer", ["", "0", "3", "x", "²"])
def test_a_choice_that_is_none(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer + "\n"))
    with pytest.raises(UsageError):
        cli._choose(2)


def test_page_to_a_file_and_to_stdout(run_kg, policies: Path, tmp_path: Path) -> None:
    done = run_kg("page", NUMBER, "--graph", policies, "--out", tmp_path / "p.html", cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", f"kg: wrote {tmp_path / 'p.html'}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["p.html"]
    assert run_kg("page", NUMBER, "--graph", policies).stdout == (tmp_path / "p.html").read_text(encoding="utf-8")


def test_page_of_several_or_of_nothing_is_2(run_kg, policies: Path, tmp_path: Path) -> None:
    for what, message in (("固定资产投资项目节能审查办法", "2 match"), ("没有这份文件吧", "nothing in the graph")):
        done = run_kg("page", what, "--graph", policies, "--out", tmp_path / "p.html")
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_is_2_and_leaves_nothing(run_kg, policies: Path, tmp_path: Path) -> None:
    done = run_kg("export", "--graph", policies, "--format", "csv", "--out", tmp_path / "none" / "x.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("format", ["turtle", "nquads", "jsonld", "graphml", "gexf", "csv"])
def test_export_to_stdout_and_to_a_file_are_the_same(run_kg, policies: Path, tmp_path: Path, format: str) -> None:
    done = run_kg("export", "--graph", policies, "--format", format)
    assert (done.returncode, done.stderr) == (0, "")
    run_kg("export", "--graph", policies, "--format", format, "--out", tmp_path / "x")
    assert (tmp_path / "x").read_bytes().decode().replace("\r\n", "\n") == done.stdout
    if format == "csv":
        assert len(list(csv.reader(io.StringIO(done.stdout)))) == 29


def test_a_reader_that_goes_away_is_no_error(policies: Path) -> None:
    command = f"{sys.executable} -m kg.cli export --graph {policies} --format nquads | head -1; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], check=False, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)


def test_ctrl_c_is_130_and_quiet(policies: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "query", "--graph", str(policies), "-"], cwd=ROOT,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))  # a shell's background ignores it
    time.sleep(1.5)  # it waits for a query on stdin
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (130, "", "")


def test_titles_are_utf8_also_where_the_locale_is_not(run_kg, policies: Path) -> None:
    done = run_kg("show", NUMBER, "--graph", policies, LC_ALL="C", PYTHONIOENCODING="ascii")
    assert (done.returncode, TITLE in done.stdout) == (0, True)


@pytest.mark.parametrize("arguments", [("show",), ("page",), ("query",)])
def test_an_argument_in_another_encoding_is_2(policies: Path, arguments: tuple[str, ...]) -> None:
    command = [sys.executable.encode(), b"-m", b"kg.cli", *(a.encode() for a in arguments), "办法".encode("gb18030"), b"--graph", str(policies).encode()]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1"})
    assert (done.returncode, done.stdout) == (2, "")
    assert "UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


# ---- build: the work itself has its own tests; here, what is printed ----

REPORT = SimpleNamespace(
    documents=12, passages=13, numbers=9, agencies=20, regions=4, references={"repeals": (3, 2), "cites": (10, 1_500)}, failures=(),
    warnings=(Warning("a.txt", 12, "toc_number_differs", "contents say [豫政]〔2021〕22号, the text 漯政〔2021〕22号; the text counts"),
              Warning("b.txt", None, "no_document", "no document found")), seconds=0.5, characters=1_000, corrections=0)


@pytest.fixture
def fake_build(monkeypatch: pytest.MonkeyPatch):
    def install(report: SimpleNamespace) -> list[dict]:
        calls: list[dict] = []
        module = ModuleType("kg.build")

        def build(paths, graph_dir, **options):
            calls.append({"paths": paths, "graph": graph_dir, **options})
            return report
        module.build = build
        monkeypatch.setitem(sys.modules, "kg.build", module)
        return calls
    return install


def test_build_prints_its_report_on_stdout(fake_build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = fake_build(REPORT)
    assert cli.main(["build", "x", "y", "--graph", str(tmp_path / "g"), "--jobs", "2"]) == 0
    assert [(c["paths"], c["graph"], c["jobs"]) for c in calls] == [(["x", "y"], tmp_path / "g", 2)]
    out = capsys.readouterr().out
    assert "a.txt:12: toc_number_differs: contents say [豫政]〔2021〕22号" in out
    assert "b.txt: no_document" in out
    rows = {cells[0].split()[-1]: cells[1:] for line in out.splitlines() if line.startswith("│") and (cells := [c.strip() for c in line.strip("│").split("│")])}
    assert rows["documents"][0] == "12"
    assert rows["repeals"] == ["5", "3", "2"]
    assert rows["cites"] == ["1,510", "10", "1,500"]


def test_build_with_failures_is_1_and_names_them_on_stderr(fake_build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fake_build(SimpleNamespace(**{**vars(REPORT), "failures": ("bad.txt: is binary",)}))
    assert cli.main(["build", "x", "--graph", str(tmp_path / "g")]) == 1
    assert "kg: bad.txt: is binary\n" in capsys.readouterr().err


def test_build_refuses_a_foreign_directory_before_it_reads(fake_build, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.docx").write_text("x")
    calls = fake_build(REPORT)
    assert cli.main(["build", "x", "--graph", str(tmp_path)]) == 2
    assert (calls, "thesis.docx" in capsys.readouterr().err) == ([], True)


def test_build_of_the_samples(sample_graph: Path, run_kg) -> None:
    done = run_kg("query", "--graph", sample_graph, "--format", "json", "SELECT (COUNT(*) AS ?n) { ?d pkg:inCorpus true }")
    assert int(json.loads(done.stdout)["results"]["bindings"][0]["n"]["value"]) > 0
    assert run_kg("show", "办法", "--graph", sample_graph).returncode in (0, 2)


# ---- progress ----

def test_line_progress_names_file_share_and_rate() -> None:
    stream = io.StringIO()
    progress = LineProgress(stream, every=0)
    progress.begin("read", 4_000_000)
    progress.advance("政策/a.txt", 1_000_000)
    progress.advance("b.txt", 3_000_000)
    progress.begin("resolve")
    progress.end()
    progress.end()
    lines = stream.getvalue().splitlines()
    assert re.fullmatch(r"read: 25% 政策/a\.txt \([\d.]+ MB/s\)", lines[0])
    assert lines[1].startswith("read: 100% b.txt")
    assert re.fullmatch(r"read: 2 files, [\d.]+ MB/s, [\d.]+ s", lines[2])
    assert re.fullmatch(r"resolve: [\d.]+ s", lines[3])
    assert len(lines) == 4


def test_line_progress_does_not_flood() -> None:
    stream = io.StringIO()
    progress = LineProgress(stream)
    progress.begin("read", 1_000)
    for n in range(1_000):
        progress.advance(f"{n}.txt", 1)
    progress.end()
    assert len(stream.getvalue().splitlines()) <= 2


def test_progress_survives_a_stream_that_cannot_take_it() -> None:
    class Broken(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    progress = LineProgress(Broken(), every=0)
    progress.begin("read", 1)
    progress.advance("a.txt", 1)
    progress.end()


def test_bar_on_a_terminal_shows_file_and_rate() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    progress = progress_on(stream)
    assert isinstance(progress, BarProgress)
    progress.begin("read", 2_000_000)
    for _ in range(3):  # a rate wants some time to have gone by
        progress.advance("政策/[a].txt", 300_000)
        time.sleep(0.02)
    progress.bar.refresh()
    assert "政策/[a].txt" in stream.getvalue()
    assert "/s" in stream.getvalue()
    progress.begin("write")
    progress.end()
    assert progress.bar is None


@pytest.mark.parametrize(("arguments", "said"), [
    (["--corrections", "missing.csv"], "missing.csv: no such corrections file"),
    (["--base", "foo"], "'foo' is no absolute IRI"),
    (["--graph", ""], "is empty; name a directory"),
])
def test_what_cannot_be_meant_is_refused_before_anything_is_read(arguments: list[str], said: str, run_kg: Callable[..., Any], tmp_path: Path) -> None:
    result = run_kg("build", ROOT / "samples", "--graph", tmp_path / "g", *arguments)
    assert result.returncode == 2 and said in result.stderr
    assert not (tmp_path / "g").exists()


def test_a_pipe_given_as_a_file_is_refused(run_kg: Callable[..., Any], tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    result = run_kg("build", tmp_path / "pipe.txt", "--graph", tmp_path / "g")
    assert result.returncode == 2 and "neither a file nor a folder" in result.stderr


def test_a_folder_named_twice_is_read_once(run_kg: Callable[..., Any], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "in")
    once = run_kg("build", tmp_path / "in", "--graph", tmp_path / "a")
    twice = run_kg("build", f"{tmp_path}/in/../in", tmp_path / "in", "--graph", tmp_path / "b")
    row = next(line for line in once.stdout.splitlines() if "passages" in line)
    assert row in twice.stdout.splitlines()


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_full_disk_is_one_line(policies: Path) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run([sys.executable, "-m", "kg.cli", "export", "--graph", policies, "--format", "nquads"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 2 and result.stderr.count("\n") == 1 and "No space left" in result.stderr


def test_a_reader_that_leaves_is_no_error(policies: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "show", "国务院", "--graph", policies, "--sentences", "50"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    err = process.stderr.read()
    assert (process.wait(60), err) == (0, b"")
