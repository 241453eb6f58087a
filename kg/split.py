"""Splits a source into the documents it prints: source in, `Passage`s and warnings out; every line belongs to at most one of them.

Three witnesses are heard together: the table of contents, headings, and the shape of an official document (masthead, number, title,
recipients; signature and date at its end). A covering notice and the text it issues stay one document, and so do its annexes.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from kg import lines as line_kind
from kg.body import Line, Opened, count_paragraphs, mark_serial, title_block
from kg.contents import Contents, ContentsItem
from kg.model import Warning
from kg.seams import fill_gaps
from kg.starts import find_starts
from kg.pasted_table import is_row
from kg.text import Source


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a source that prints one document. Lines are 1-based, both ends included."""

    start_line: int
    end_line: int
    title: str | None  # as printed over the document, or in the contents where it is printed nowhere else
    other_titles: tuple[str, ...] = ()
    contents_item: ContentsItem | None = None
    title_printed: bool = True
    section: str | None = None


def split(source: Source, contents: Contents | None) -> tuple[list[Passage], list[Warning]]:
    """The documents of a source in their order, and what its contents page says otherwise."""
    first = contents.end_line if contents else 0
    body = _body(source, first, contents)
    if not body:
        return [], []
    opens, breaks = find_starts(body, contents)
    if not opens:
        title, last = title_block(body, 0)
        opens = [Opened(0, title, [title], None, last)]
    if contents:
        opens = fill_gaps(body, contents, opens)
    passages = _close(body, opens, breaks, contents)
    return passages, _compare(source, contents, passages) if contents else []


def _body(source: Source, first: int, contents: Contents | None) -> list[Line]:
    """The lines from 0-based `first` on that print something and are no furniture."""
    body: list[Line] = []
    for i in range(first, len(source.lines)):
        if i in source.furniture:
            continue
        text = line_kind.bare(source.readable(i))
        level = line_kind.heading_level(source.lines[i])
        if (text or level) and not line_kind.is_rule(text):
            body.append(Line(i, f"|{text}" if i in source.stacked or is_row(source.lines[i]) and not line_kind.field(text) else text, line_kind.key(text), level))
    gaps = [b.index - a.index for a, b in pairwise(body)]
    usual = Counter(gaps).most_common(1)[0][0] if gaps else 1
    for line, gap in zip(body[1:], gaps, strict=True):
        line.parted = gap > max(usual, 2)
    count_paragraphs(body)
    mark_serial(body)
    for line, following in zip_longest(body, body[1:]):
        line.section = _is_section(line, contents) or following is not None and following.serial and _BRACKETED.fullmatch(line.text) is not None
    return body


_BRACKETED = re.compile(r"[\[【［][^\[\]【】［］]{2,14}[\]】］]")
_DOTTED = re.compile(r"([·•◆◇●★])\s?[一-鿿]{2,10}\s?\1")  # · 中央精神 ·


def _is_section(line: Line, contents: Contents | None) -> bool:
    """A heading between documents: in brackets, or one that the contents page has as a section."""
    if contents and line.key in contents.sections and not any(item.key == line.key for item in contents.items):
        return True
    return _DOTTED.fullmatch(line.text) is not None or bool(line.key) and _BRACKETED.fullmatch(line.text) is not None and (contents is None or line.level > 0)


def _close(body: list[Line], opens: list[Opened], breaks: set[int], contents: Contents | None) -> list[Passage]:
    passages = []
    for n, o in enumerate(opens):
        stop = opens[n + 1].at if n + 1 < len(opens) else len(body)
        cut = [b for b in breaks if o.at < b < stop]
        last = min([stop, *cut]) - 1
        while last > o.at and body[last].level and not body[last].text:
            last -= 1
        titles = [t for t in dict.fromkeys(o.titles) if t]
        if o.serial:  # the official title counts, the digest's headline is another name
            titles.sort(key=lambda t: not line_kind.is_official_title(t))
        item = contents.items[o.item] if contents and o.item is not None and o.item >= 0 else None
        passages.append(Passage(
            body[o.at].index + 1, body[last].index + 1, titles[0] if titles else None, tuple(titles[1:]), item, o.printed, o.section,
        ))
    return passages


def _compare(source: Source, contents: Contents, passages: list[Passage]) -> list[Warning]:
    """What the contents page lists that the body does not print."""
    found = {p.contents_item.line for p in passages if p.contents_item}
    keys = [line_kind.key(p.title or "") for p in passages]
    warnings = []
    for item in contents.items:
        if item.line not in found and not any(item.key in k or k and k in item.key for k in keys):
            warnings.append(Warning(source.path, item.line, "contents_item_not_found",
                                    f"contents list {item.title!r}, no document of that title is printed; left out"))
    for p, key in zip(passages, keys, strict=True):
        item = p.contents_item
        if item is None and key and key not in contents.key:
            warnings.append(Warning(source.path, p.start_line, "not_in_contents", f"{p.title!r} is printed but not listed in the contents"))
        elif item and key and p.title_printed and _differ(key, item.key):
            warnings.append(Warning(source.path, p.start_line, "contents_title_differs",
                                    f"contents line {item.line} print {item.title!r}, the body {p.title!r}; the body's was taken"))
    return warnings


def _differ(printed: str, listed: str) -> bool:
    """Contents shorten titles and leave out issuers and 关于印发…的通知; another wording is more than that."""
    a, b = printed.replace("丨", ""), listed.replace("丨", "")
    return a not in b and b not in a
