"""The command line: reads arguments, makes one call, prints; the module of a command is loaded only when the command runs."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from kg import __version__
from kg.errors import PolicyKgError, UsageError
from kg.output import console, write_bytes, write_csv, write_json, write_to

if TYPE_CHECKING:
    from rich.console import Console

    from kg.build import BuildReport

DONE, WRONG_DATA, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
Arguments = argparse.Namespace
Command = tuple[str, str, Callable[[argparse.ArgumentParser], None], Callable[[Arguments], int]]

DESCRIPTION = """Knowledge graph of China's government policies: from bulletins and compilations to answers with evidence.
中国政策知识图谱：从政策汇编、快讯到有出处的答案。"""
EPILOG = """exit codes: 0 done; 1 done, but something in the data is wrong; 2 usage, or nothing done
退出码：0 完成；1 完成但数据有误；2 用法有误或未执行"""
WHAT = "a document number, a title or part of one, an IRI, an agency, a region · 文号、标题或其一部分、IRI、机关、地区"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit code. `argv` is what follows the program's name, `sys.argv` unless told."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # titles are Chinese also where the locale is C
    try:
        arguments = parser().parse_args(argv)
        code = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except PolicyKgError as e:
        print(f"kg: {e}", file=sys.stderr)
        return NOTHING_DONE
    except BrokenPipeError:
        _close_stdout()
        return DONE
    except OSError as e:  # a full disk, or a device that takes nothing
        _close_stdout()
        print(f"kg: {e.filename or 'stdout'}: {e.strerror}; nothing more was written", file=sys.stderr)
        return NOTHING_DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _close_stdout() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python complains once more at the end


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(NOTHING_DONE, f"kg: {message}\nkg: see {self.prog} --help · 用法见 {self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The parser of every command; documentation of the command line is made from it."""
    top = _Parser(prog="kg", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
    top.add_argument("--version", action="version", version=f"policy-kg {__version__}", help="print the version · 显示版本")
    commands = top.add_subparsers(title="commands 命令", metavar="COMMAND", required=True)
    for name, (english, chinese, add_arguments, run) in COMMANDS.items():
        sub = commands.add_parser(name, help=f"{english} · {chinese}", description=f"{english[0].upper()}{english[1:]}.\n{chinese}。",
                                  epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter)
        add_arguments(sub)
        sub.set_defaults(run=run)
    return top


def _text(argument: str) -> str:
    """An argument as text; bytes that the terminal sent in another encoding than the locale's would break every later stage."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("is not in the encoding of your locale; set the terminal to UTF-8 · 终端编码有误，请用 UTF-8") from None
    return argument


def _directory(argument: str) -> str:
    if not argument.strip():
        raise argparse.ArgumentTypeError("is empty; name a directory · 目录不能为空")
    return _text(argument)


def _graph_argument(sub: argparse.ArgumentParser, english: str = "directory that kg build wrote", chinese: str = "图谱所在目录") -> None:
    sub.add_argument("--graph", metavar="DIR", type=_directory, required=True, help=f"{english} · {chinese}")


# ---- build ---------------------------------------------------------------------------------------------------------------------

def _build_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("paths", nargs="+", metavar="PATH", help="files and folders with .txt and .md · 文件或文件夹")
    _graph_argument(sub, "directory to write the graph to; an older graph there is replaced at the end", "图谱写入的目录；旧图谱最后才被替换")
    sub.add_argument("--base", metavar="IRI", help="IRI below which resources are named · 资源标识的前缀")
    sub.add_argument("--corrections", metavar="FILE", action="append", default=[],
                     help="rows that win over what is read; corrections.csv in a folder is found by itself · 人工更正文件，优先于自动提取")
    sub.add_argument("--jobs", type=int, metavar="N", help="processes to read with · 读取所用的进程数")


def _build(arguments: Arguments) -> int:
    from pathlib import Path

    from kg.build import build
    from kg.graph.store import require_writable
    from kg.progress import progress_on

    require_writable(arguments.graph)
    options = {k: v for k in ("base", "jobs") if (v := getattr(arguments, k)) is not None}
    progress = progress_on(sys.stderr)
    try:
        report = build(arguments.paths, Path(arguments.graph), progress=progress, corrections=arguments.corrections, **options)
    finally:
        progress.end()
    for failure in report.failures:
        print(f"kg: {failure}", file=sys.stderr)
    _print_build_report(report, console(sys.stdout))
    return WRONG_DATA if report.failures else DONE


def _print_build_report(report: "BuildReport", out: "Console") -> None:
    from rich.table import Table
    from rich.text import Text

    for warning in report.warnings:
        where = f"{warning.file}:{warning.line}" if warning.line is not None else warning.file
        out.print(Text(f"{where}: {warning.code}: {warning.message}"), soft_wrap=True)
    table = Table("", "", "已收录 resolved, in corpus", "未收录 unresolved, cited only", title=None)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, count in (("文件 documents", report.documents), ("刊载 passages", report.passages), ("文号 numbers", report.numbers),
                        ("机关 agencies", report.agencies), ("地区 regions", report.regions), ("警告 warnings", len(report.warnings)),
                        *([("更正 corrections", report.corrections)] if report.corrections else [])):
        table.add_row(name, f"{count:,}")
    table.add_section()
    for relation, (resolved, unresolved) in report.references.items():
        table.add_row(_relation_words(relation), f"{resolved + unresolved:,}", f"{resolved:,}", f"{unresolved:,}")
    out.print(table)
    rate = f", {report.characters / report.seconds:,.0f} characters/s" if report.seconds > 0 else ""
    out.print(Text(f"{report.characters:,} characters in {report.seconds:.1f} s{rate}"))


def _relation_words(relation: str) -> str:
    from kg.show import relation_words

    return relation_words(relation)


# ---- query ---------------------------------------------------------------------------------------------------------------------

def _query_arguments(sub: argparse.ArgumentParser) -> None:
    _graph_argument(sub)
    sub.add_argument("sparql", nargs="?", metavar="SPARQL", type=_text, help="the query; - reads it from stdin · 查询语句；- 表示从标准输入读取")
    sub.add_argument("--file", metavar="FILE", help="read the query from a file · 从文件读取查询语句")
    sub.add_argument("--format", choices=("table", "json", "csv", "turtle"),
                     help="table for SELECT and ASK, turtle for CONSTRUCT and DESCRIBE unless told · 输出格式")
    sub.add_argument("--timeout", type=float, metavar="SECONDS", help="give up after so many seconds · 超时秒数")


def _query(arguments: Arguments) -> int:
    import signal

    from kg.query import query

    if (arguments.sparql is None) == (arguments.file is None):
        raise UsageError("query: give the query either as an argument (or - for stdin) or with --file")
    sparql = _read_query(arguments.file) if arguments.file else sys.stdin.read() if arguments.sparql == "-" else arguments.sparql
    width = os.get_terminal_size().columns if sys.stdout.isatty() else None
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # the engine does not come back to Python before it is done
    try:
        write_bytes(query(arguments.graph, sparql, format=arguments.format, timeout=arguments.timeout, width=width))
    finally:
        signal.signal(signal.SIGINT, before)
    return DONE


def _read_query(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig") as stream:
            return stream.read()
    except OSError as e:
        raise UsageError(f"{path}: cannot be read: {e.strerror}") from e
    except UnicodeDecodeError as e:
        raise UsageError(f"{path}: is not UTF-8 text (byte {e.start})") from e


# ---- show and page -------------------------------------------------------------------------------------------------------------

def _show_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", metavar="WHAT", type=_text, help=WHAT)
    _graph_argument(sub)
    sub.add_argument("--format", choices=("card", "json"), default="card", help="a card, or all of it as JSON · 卡片或 JSON")
    sub.add_argument("--sentences", type=int, default=2, metavar="N",
                     help="sentences shown for each document cited or citing (2 unless told) · 每份文件显示的原句数，默认 2")


def _show(arguments: Arguments) -> int:
    from kg.graph.store import open_graph
    from kg.lookup import find
    from kg.show import card, match_rows, print_card, print_matches

    store = open_graph(arguments.graph)
    matches = find(store, arguments.what)
    if not matches:
        return _say_nothing_found(store, arguments.what)
    out = console(sys.stdout)
    if len(matches) > 1 and arguments.format == "card" and sys.stdin.isatty() and sys.stdout.isatty():
        print_matches(matches, out)
        matches = [matches[_choose(len(matches))]]
    if len(matches) > 1:
        if arguments.format == "json":
            write_json({"matches": match_rows(matches)})
        else:
            print_matches(matches, out)
            print(f"kg: {len(matches)} match {arguments.what!r}; name one by its number or IRI · 有多个结果，请用文号或 IRI 指明", file=sys.stderr)
        return DONE
    record = card(store, matches[0])
    if arguments.format == "json":
        write_json(record)
    else:
        print_card(record, out, sentences=max(arguments.sentences, 0))
    return DONE


def _page_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", metavar="WHAT", type=_text, help=WHAT)
    _graph_argument(sub)
    sub.add_argument("--out", metavar="FILE", help="file to write; stdout unless told · 输出文件，默认标准输出")
    sub.add_argument("--hops", type=int, choices=(1, 2), default=2, help="how far from it (2 unless told) · 距离，默认 2")
    sub.add_argument("--nodes", type=int, default=120, metavar="N", help="at most so many nodes (120 unless told) · 节点数上限，默认 120")


def _page(arguments: Arguments) -> int:
    from kg.graph.store import open_graph
    from kg.lookup import find
    from kg.page import page
    from kg.show import print_matches

    store = open_graph(arguments.graph)
    matches = find(store, arguments.what)
    if not matches:
        return _say_nothing_found(store, arguments.what)
    chosen = 0
    if len(matches) > 1:
        print_matches(matches, console(sys.stderr))
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise UsageError(f"{len(matches)} match {arguments.what!r}; name one by its number or IRI · 有多个结果，请用文号或 IRI 指明")
        chosen = _choose(len(matches))
    html = page(store, matches[chosen], hops=arguments.hops, max_nodes=max(arguments.nodes, 1)).encode()
    write_to(arguments.out, lambda out: out.write(html))
    return DONE


def _say_nothing_found(store: Any, what: str) -> int:
    print(f"kg: nothing in the graph is called {what!r} · 图谱中没有“{what}”", file=sys.stderr)
    _suggest(store, what)
    return NOTHING_DONE


def _suggest(store: Any, what: str) -> None:
    """Names that hold `what` or are like it, for the person who mistyped or asked in part."""
    from kg.lookup import find, near

    kinds = {"agency": "  (an agency · 机关)", "region": "  (a region · 地区)", "document": ""}
    for match in find(store, what)[:5] or near(store, what):
        print(f"kg:   near · 相近: {match.label}" + (f"  {match.number}" if match.number else "") + kinds[match.kind], file=sys.stderr)


def _choose(count: int) -> int:
    """The index a person at the terminal chooses from a numbered list."""
    print(f"which one? 选哪一个？ [1–{count}] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip()
    if not (answer.isascii() and answer.isdigit() and 1 <= int(answer) <= count):
        raise UsageError("nothing chosen · 未选择")
    return int(answer) - 1


# ---- status --------------------------------------------------------------------------------------------------------------------

def _status_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", nargs="?", metavar="WHAT", type=_text, help="a document number, a title or an IRI · 文号、标题或 IRI")
    _graph_argument(sub)
    sub.add_argument("--on", metavar="DATE", help="the day asked about; today unless told · 所问日期，默认今天")
    sub.add_argument("--edition", metavar="DATE", help="the day of adoption or issue, to tell documents of one title apart · 通过或者发布日期，用于区分同名文件")
    sub.add_argument("--stdin", action="store_true", help='rows {"what", "edition", "on"} on stdin, one a line, JSON lines out · 从标准输入逐行提问')
    sub.add_argument("--format", choices=("text", "json"), default="text", help="for reading, or JSON · 文字或 JSON")


def _status(arguments: Arguments) -> int:
    from datetime import date

    from kg.force import as_day
    from kg.graph.store import open_graph
    from kg.status import print_status, status, status_lines

    if arguments.stdin == (arguments.what is not None):
        raise UsageError("status: name one document, or give rows with --stdin · 请指明一份文件，或用 --stdin 逐行提问")
    if arguments.stdin:
        return WRONG_DATA if status_lines(open_graph(arguments.graph), sys.stdin, sys.stdout) else DONE
    on = as_day(arguments.on) or date.today().isoformat()
    store = open_graph(arguments.graph)
    answer = status(store, arguments.what, on=on, edition=arguments.edition)
    if arguments.format == "json":
        write_json(answer.as_json())
    else:
        print_status(answer, on, console(sys.stdout))
    if answer.error:
        print(f"kg: {answer.error}", file=sys.stderr)
        if not answer.candidates:
            _suggest(store, arguments.what)
    return NOTHING_DONE if answer.error else DONE


# ---- conflicts and gaps --------------------------------------------------------------------------------------------------------

def _conflicts_arguments(sub: argparse.ArgumentParser) -> None:
    _graph_argument(sub)
    sub.add_argument("--format", choices=("text", "csv", "json"), default="text", help="for reading, or for other tools · 输出格式")
    sub.add_argument("--severity", choices=("error", "warning", "note"), default="note", help="only what is as grave as this, or graver · 只列该级别及以上")


def _conflicts(arguments: Arguments) -> int:
    from kg.conflicts import SEVERITIES, conflicts, rows, text, to_json
    from kg.graph.store import open_graph

    grave = SEVERITIES[: SEVERITIES.index(arguments.severity) + 1]
    found = [c for c in conflicts(open_graph(arguments.graph)) if c.severity in grave]
    if arguments.format == "json":
        write_json(to_json(found))
    elif arguments.format == "csv":
        write_csv(rows(found))
    else:
        write_bytes(text(found).encode())
    return WRONG_DATA if any(c.severity == "error" for c in found) else DONE


def _gaps_arguments(sub: argparse.ArgumentParser) -> None:
    _graph_argument(sub)
    sub.add_argument("--format", choices=("table", "csv", "json"), default="table", help="for reading, or for other tools · 输出格式")
    sub.add_argument("--limit", type=_count, metavar="N", help="only the N most wanted · 只列前 N 份")


def _gaps(arguments: Arguments) -> int:
    from kg.gaps import gaps, print_table, rows, to_json
    from kg.graph.store import open_graph

    found = gaps(open_graph(arguments.graph), arguments.limit)
    if arguments.format == "json":
        write_json(to_json(found))
    elif arguments.format == "csv":
        write_csv(rows(found))
    else:
        print_table(found, console(sys.stdout))
    return DONE


def _count(argument: str) -> int:
    if not (argument.isascii() and argument.isdigit()):
        raise argparse.ArgumentTypeError("is not a whole number · 应为整数")
    return int(argument)


# ---- lineage -------------------------------------------------------------------------------------------------------------------

def _lineage_arguments(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("what", metavar="WHAT", type=_text, help="a document number, a title or an IRI · 文号、标题或 IRI")
    _graph_argument(sub)
    sub.add_argument("--edition", metavar="DATE", help="the day of adoption or issue, to tell documents of one title apart · 通过或者发布日期，用于区分同名文件")
    sub.add_argument("--format", choices=("tree", "json", "html"), default="tree", help="a tree, JSON, or a timeline as a page · 树、JSON 或时间轴网页")
    sub.add_argument("--out", metavar="FILE", help="file to write; stdout unless told · 输出文件，默认标准输出")


def _lineage(arguments: Arguments) -> int:
    from kg.graph.store import open_graph
    from kg.lineage import lineage, written

    family = lineage(open_graph(arguments.graph), arguments.what, edition=arguments.edition)
    width = os.get_terminal_size().columns if arguments.out is None and sys.stdout.isatty() else None
    data = written(family, arguments.format, width=width)
    write_to(arguments.out, lambda out: out.write(data))
    return DONE


# ---- check, export, parse ------------------------------------------------------------------------------------------------------

def _check(arguments: Arguments) -> int:
    from kg.graph.check import check_graph

    report = check_graph(arguments.graph)
    print(report.text())
    return DONE if report.conforms else WRONG_DATA


def _export_arguments(sub: argparse.ArgumentParser) -> None:
    _graph_argument(sub)
    sub.add_argument("--format", choices=("turtle", "nquads", "jsonld", "graphml", "gexf", "csv"), required=True, help="output format · 输出格式")
    sub.add_argument("--out", metavar="FILE", help="file to write; stdout unless told · 输出文件，默认标准输出")


def _export(arguments: Arguments) -> int:
    from kg.export import export
    from kg.graph.store import open_graph

    store = open_graph(arguments.graph)
    write_to(arguments.out, lambda out: export(store, arguments.format, out))
    return DONE


def _parse(arguments: Arguments) -> int:
    from kg.parse import parse_lines

    return WRONG_DATA if parse_lines(sys.stdin, sys.stdout, sys.stderr) else DONE


def _no_arguments(sub: argparse.ArgumentParser) -> None:
    """For commands that read stdin only."""


COMMANDS: dict[str, Command] = {
    "build": ("read documents and write their graph", "读取文件并生成图谱", _build_arguments, _build),
    "query": ("ask the graph in SPARQL", "用 SPARQL 查询图谱", _query_arguments, _query),
    "show": ("show a document, an agency or a region as a card", "以卡片显示文件、机关或地区", _show_arguments, _show),
    "page": ("write an interactive page of a document's neighbourhood", "生成文件关系的交互网页", _page_arguments, _page),
    "status": ("say whether a document was in force on a day, and why", "某日某文件是否有效及其依据", _status_arguments, _status),
    "conflicts": ("list what the sources contradict, with the evidence", "列出来源中的矛盾及其依据", _conflicts_arguments, _conflicts),
    "gaps": ("list what is cited but not in the corpus, the most wanted first", "列出被引用而未收录的文件", _gaps_arguments, _gaps),
    "lineage": ("show what a document ended, what ended it and what changed it, over time", "显示文件的沿革：废止、代替、修改", _lineage_arguments, _lineage),
    "check": ("check the graph against the ontology's shapes", "按本体的约束检查图谱", _graph_argument, _check),
    "export": ("write the graph out for other tools", "导出图谱", _export_arguments, _export),
    "parse": ("read rows of title and number (JSON lines) and say what they tell", "解析标题和文号（每行一个 JSON）", _no_arguments, _parse),
}

if __name__ == "__main__":
    sys.exit(main())
