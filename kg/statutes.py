"""National statutes, party regulations and treaties: a name goes in, the statute it stands for comes out."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from kg.errors import TableError
from kg.tables import table

Kind = Literal["law", "administrative_regulation", "party_document", "treaty"]
_KINDS: tuple[Kind, ...] = ("law", "administrative_regulation", "party_document", "treaty")
_COLUMNS = ("title", "full_title", "short_names", "kind", "adopted", "effective", "repealed_on", "repealed_by")
_COUNTRY = "中华人民共和国"
_PRINTED_AS = str.maketrans({**dict.fromkeys("《<‹＜", "〈"), **dict.fromkeys("》>›＞", "〉"), "(": "（", ")": "）", ":": "：", **dict.fromkeys(" \t\r\n\u3000", None)})

# 公司法（2023年修订）: the edition is said, the statute is the same; 企业破产法（试行） is another statute.
_EDITION = re.compile("（(?:[0-9]{4}年?)?(?:第[一二三四五六七八九十]{1,2}次)?修[订正改](?:版|本)?）$")


@dataclass(frozen=True, slots=True)
class Statute:
    """One statute under one title. An unknown date or successor is None: a missing `repealed_on` does not say that it is in force."""

    title: str  # without the country's name at its head: 节约能源法
    full_title: str  # the official name: 中华人民共和国节约能源法
    short_names: tuple[str, ...]
    kind: Kind
    adopted: str | None  # ISO dates
    effective: str | None
    repealed_on: str | None
    repealed_by: str | None  # a title


@cache
def statutes() -> tuple[Statute, ...]:
    """Every row of `kg/data/statutes.csv`. Raises `TableError` for a row that breaks the table's rules."""
    rows = tuple(_statute(row) for row in table("statutes", columns=_COLUMNS, key=("title",)))
    titles = {s.title for s in rows}
    for s in rows:
        if s.repealed_by is not None and s.repealed_by not in titles:
            raise TableError(f"kg/data/statutes.csv: {s.title} is repealed by {s.repealed_by}, which has no line; add or correct it")
    return rows


def _statute(row: dict[str, str]) -> Statute:
    kind = next((k for k in _KINDS if k == row["kind"]), None)
    if kind is None:
        raise TableError(f"kg/data/statutes.csv: {row['title']}: kind {row['kind']!r}; it must be one of {', '.join(_KINDS)}")
    if not row["full_title"].endswith(row["title"]):
        raise TableError(f"kg/data/statutes.csv: {row['title']}: full_title {row['full_title']!r} does not end with the title")
    return Statute(
        row["title"], row["full_title"], tuple(row["short_names"].split("|")) if row["short_names"] else (), kind,
        row["adopted"] or None, row["effective"] or None, row["repealed_on"] or None, row["repealed_by"] or None,
    )


@cache
def _by_name() -> dict[str, Statute]:
    index: dict[str, Statute] = {}
    for s in statutes():
        for name in (s.title, s.full_title, *s.short_names):
            other = index.setdefault(_key(name), s)
            if other is not s:
                raise TableError(f"kg/data/statutes.csv: {name} names both {other.title} and {s.title}; keep one of the two")
    return index


@lru_cache(maxsize=65536)
def _key(name: str) -> str:
    return _EDITION.sub("", name.translate(_PRINTED_AS).replace(_COUNTRY, ""))


def statute_by_name(name: str) -> Statute | None:
    """The statute of a title, official name or established short name, with or without the country's name; None for any other name.

    White space, the width of parentheses, the shape of nested title marks and a note of the edition make no difference.

    >>> statute_by_name("中华人民共和国节约能源法").title
    '节约能源法'
    """
    return _by_name().get(_key(name))
