"""Asks a graph in SPARQL: a graph directory and a query go in, the answer's bytes come out as JSON, CSV, a table or Turtle.

Nothing leaves the machine and nothing is written: updates, SERVICE and FROM are refused before the query runs.
"""

import csv
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, get_args

import pyoxigraph

from kg.errors import GraphError, UsageError
from kg.graph.namespaces import PREFIXES
from kg.graph.store import open_graph
from kg.graph.turtle import by_subject, turtle

Format = Literal["table", "json", "csv", "turtle"]
FORMATS: tuple[Format, ...] = get_args(Format)
DEFAULT_PREFIXES = {"eli": "http://data.europa.eu/eli/ontology#"} | PREFIXES  # what a query declares itself wins


def query(graph_dir: str | Path, sparql: str, *, format: Format | None = None, timeout: float | None = None, width: int | None = None) -> bytes:
    """The answer to a SPARQL query as UTF-8, ending in a newline. Without `format`: a table, or Turtle for CONSTRUCT and DESCRIBE.

    `timeout` in seconds runs the query in a process that is killed when it is over; `width` is that of a table.
    Raises `UsageError` for a query that does not parse, is refused, takes too long, or has no answer in that format;
    `GraphError` for a graph that cannot be read.
    """
    refuse_unsafe(sparql)
    if timeout is not None:
        return _in_killable_process(graph_dir, sparql, format, timeout, width)
    return answer(open_graph(graph_dir), sparql, format=format, width=width)


def answer(store: pyoxigraph.Store, sparql: str, *, format: Format | None = None, width: int | None = None) -> bytes:
    """As `query`, on a store that is open already."""
    result = run(store, sparql)
    try:
        if isinstance(result, pyoxigraph.QueryTriples):
            return _triples(result, format)
        if format == "turtle":
            raise UsageError("query: turtle is for CONSTRUCT and DESCRIBE; ask SELECT and ASK with --format json, csv or table")
        if format == "json":
            return result.serialize(format=pyoxigraph.QueryResultsFormat.JSON) + b"\n"
        if isinstance(result, pyoxigraph.QueryBoolean):
            return b"true\n" if result else b"false\n"
        return _csv(result) if format == "csv" else _table(result, width)
    except (OSError, RuntimeError) as e:
        raise UsageError(f"query: the graph could not answer it: {e}") from e


def run(
    store: pyoxigraph.Store, sparql: str, **options: object
) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
    """What the store answers, with the default prefixes; `options` are those of `pyoxigraph.Store.query`."""
    refuse_unsafe(sparql)
    try:
        return store.query(sparql, prefixes=DEFAULT_PREFIXES, **options)  # type: ignore[arg-type]
    except SyntaxError as e:
        raise UsageError(_syntax_message(sparql, str(e))) from e
    except (OSError, RuntimeError) as e:
        raise UsageError(f"query: the graph could not answer it: {e}") from e


def refuse_unsafe(sparql: str) -> None:
    """Raises `UsageError` for a query that would reach out over the network, name graphs there are none of, or write.

    Works on SPARQL's own tokens: the word SERVICE in a string, an IRI, a comment, a variable or a prefixed name is no clause.
    Where a `<` could open an IRI or compare two values, both readings are followed, since the rest of the text depends on it.
    """
    lower = sparql.lower()
    if "service" in lower:
        for position in _token_starts(sparql):
            if _SERVICE.match(sparql, position):
                raise UsageError(f"{_where(sparql, position)}SERVICE is refused: it would send requests over the network")
    if "from" in lower:
        for position in _token_starts(sparql, both=False):
            if _FROM.match(sparql, position):
                raise UsageError(f"{_where(sparql, position)}FROM is refused: the graph is one, nothing is fetched; leave the clause out")


def update_word(sparql: str) -> str | None:
    """INSERT, DELETE, LOAD … when the text begins, after its prefixes, like a SPARQL update; else None."""
    rest = re.sub(r"\A(?:\s|#[^\n\r]*|PREFIX\s+\S*\s*<[^>]*>|BASE\s*<[^>]*>)*", "", sparql[:10_000], flags=re.IGNORECASE)
    match = re.match(r"(INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH)\b", rest, re.IGNORECASE)
    return match[1].upper() if match else None


# The tokens of SPARQL 1.1, section 19.8, as far as they decide where strings, IRIs and comments begin and end. The engine's parser
# knows no word boundary after a keyword: `SERVICEex:a{…}` and `1SERVICE<a>{…}` are clauses, so `_SERVICE` asks for none.
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_PREFIXED = r"(?:[^\W\d_](?:[\w.·-]*[\w·-])?)?:(?:(?:[\w:·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-])(?:[\w:.·-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-])*)?"
_VARIABLE = r"[?$]\w+"
_COMMENT = r"#[^\r\n]*"
_GAP = rf"(?:\s|{_COMMENT}(?:[\r\n]|\Z))*"
_STRING = r"'''(?:(?:'|'')?(?:[^'\\]|\\.))*'''|\"\"\"(?:(?:\"|\"\")?(?:[^\"\\]|\\.))*\"\"\"|'(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\""
_WORD = r"\w+"
_TOKEN = re.compile(rf"\s+|{_COMMENT}|{_STRING}|{_IRI}|_:[\w.·-]+|{_PREFIXED}|{_VARIABLE}|@[A-Za-z-]+|\d+\.?\d*(?:[eE][+-]?\d+)?|{_WORD}|.", re.DOTALL)
_SERVICE = re.compile(rf"\w*?SERVICE{_GAP}(?:SILENT{_GAP})?(?:{_IRI}|{_PREFIXED}|{_VARIABLE}){_GAP}\{{", re.IGNORECASE | re.DOTALL)
_FROM = re.compile(rf"FROM(?=[\s#<]){_GAP}(?:NAMED\b{_GAP})?(?:{_IRI}|{_PREFIXED})", re.IGNORECASE | re.DOTALL)


def _token_starts(text: str, *, both: bool = True) -> Iterator[int]:
    """Every position where a token may begin, each once. `both`: an IRI's `<` is also tried as the less-than sign."""
    seen: set[int] = set()
    waiting = [0]
    while waiting:
        position = waiting.pop()
        while position < len(text) and position not in seen:
            seen.add(position)
            yield position
            token = _TOKEN.match(text, position)
            assert token is not None  # the last branch takes any character
            if both and text[position] == "<" and token.end() > position + 1:
                waiting.append(position + 1)
            position = token.end()


def _where(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"query, line {line}, column {position - text.rfind(chr(10), 0, position)}: "


def _syntax_message(sparql: str, message: str) -> str:
    """One line from the parser's long list: where, what stands there, what was expected as far as it is readable."""
    word = update_word(sparql)
    if word:
        return f"query: {word} is an update and is refused: a graph is written by kg build only"
    if not sparql.strip():
        return "query: the query is empty"
    at = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not at:
        return f"query: {' '.join(message.split())}"
    line, column = int(at[1]), int(at[2])
    text = sparql.split("\n")[line - 1]
    before, seen = text[:column - 1].strip(), text[column - 1:].strip()
    prefix = re.search(r"(?:^|[\s.;,({/|^!])(\w[\w.-]*:)[^\s:<>]*$", before)
    if "Prefix not found" in at[3] and prefix and prefix[1][:-1] not in DEFAULT_PREFIXES:
        known = ", ".join(sorted(DEFAULT_PREFIXES))
        return f"query, line {line}, column {column}: prefix {prefix[1]} is not declared; known without declaring: {known}"
    words = list(dict.fromkeys(re.findall(r'"[^"\s]{1,12}"|\b[A-Z]{2,}\b', re.sub(r"\[.*?\](?=,|\Z)", "", at[3], flags=re.DOTALL))))
    expected = f"; expected {' or '.join(words[:6])}{' …' if len(words) > 6 else ''}" if len(words) > 1 else ""
    what = f"{seen[:30]!r} not understood" if seen else "the query ends too early, or goes wrong before its end,"
    return f"query, line {line}, column {column}: {what} after {before[-30:]!r}{expected}"


def _triples(triples: pyoxigraph.QueryTriples, format: Format | None) -> bytes:
    if format not in (None, "turtle"):
        raise UsageError(f"query: CONSTRUCT and DESCRIBE answer with triples: use --format turtle instead of {format}")
    return "".join(turtle(by_subject(triples))).encode()


def _csv(solutions: pyoxigraph.QuerySolutions) -> bytes:
    """SPARQL 1.1 CSV; lines end in CRLF as the recommendation says."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([v.value for v in solutions.variables])
    for solution in solutions:
        writer.writerow(["" if term is None else _plain(term) for term in solution])
    return out.getvalue().encode()


def _table(solutions: pyoxigraph.QuerySolutions, width: int | None) -> bytes:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*(v.value for v in solutions.variables), show_lines=False)
    rows = 0
    for solution in solutions:
        table.add_row(*(Text("" if term is None else _short(term)) for term in solution))
        rows += 1
    out = io.StringIO()
    console = Console(file=out, width=width or 1_000, legacy_windows=False, no_color=True, force_terminal=False, force_jupyter=False)
    console.print(table)
    console.print(Text(f"{rows} {'row' if rows == 1 else 'rows'}"))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n")).encode()


def _plain(term: object) -> str:
    return term.value if isinstance(term, (pyoxigraph.NamedNode, pyoxigraph.Literal)) else str(term)


def _short(term: object) -> str:
    """A literal's text, or an IRI with its prefix, its own name readable."""
    if isinstance(term, pyoxigraph.NamedNode):
        for prefix, iri in DEFAULT_PREFIXES.items():
            if term.value.startswith(iri):
                return f"{prefix}:{term.value[len(iri):]}"
    return _plain(term)


def _in_killable_process(graph_dir: str | Path, sparql: str, format: Format | None, timeout: float, width: int | None) -> bytes:
    """The engine cannot be interrupted from Python, so the query gets a process of its own."""
    if timeout <= 0:
        raise UsageError("query: --timeout wants a number of seconds above 0")
    command = [sys.executable, "-c", "from kg.query import _child; _child()", str(graph_dir), format or "", str(width or "")]
    try:
        done = subprocess.run(command, check=False, input=sparql.encode(), capture_output=True, timeout=timeout, env={**os.environ, "PYTHONUTF8": "1"})
    except subprocess.TimeoutExpired as e:
        raise UsageError(f"query: no answer within {timeout:g} s; ask for less (LIMIT, a selective pattern first) or raise --timeout") from e
    if done.returncode == 0:
        return done.stdout
    message = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    raise GraphError(message or f"query: its process ended with code {done.returncode}; is there enough memory?")


def _child() -> None:
    graph_dir, format, width = sys.argv[1:4]
    try:
        out = query(graph_dir, sys.stdin.buffer.read().decode(), format=format or None, width=int(width) if width else None)  # type: ignore[arg-type]
    except (GraphError, UsageError) as e:
        sys.exit(str(e))
    sys.stdout.buffer.write(out)
