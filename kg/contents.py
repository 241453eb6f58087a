"""Reads the table of contents of a compilation: source in, its items with their printed numbers out.

Contents pages of converted PDFs wrap, repeat and glue their lines; the items are therefore a reading of the page, and `key` keeps all of
its text in one string so that a title in the body can be recognised even where the items came out wrong.
"""

import re
from dataclasses import dataclass

from kg import lines as line_kind
from kg.text import Source, squeeze

_HEADING = {"目录", "目次", "总目录", "contents", "目录contents"}
_MAYBE_HEADING = re.compile("[目⽬].{0,6}[录次]|contents", re.IGNORECASE)
_ITEM_MARK = re.compile(r"^(?:\d{1,3}\s?(?:、|[.．](?!\d))|[（(]\d{1,3}[）)]|[一二三四五六七八九十]{1,3}、|专家解读(?:之[一二三四五六七八九十])?|【解读】|政策解读)")
_PAGE = re.compile(r"(?:[.…·．\s\t]{2,}|(?<=[^\d\s年至—–-]))\s*(\d{1,4})\s*$")
_SECTION = re.compile(r"^(?:[\[【［][^\[\]【】]{2,20}[\]】］]|[一二三四五六七八九十]{1,3}、[^（）《》]{2,12}(?:篇|类|部分)?|第[一二三四五六七八九十]{1,3}(?:篇|部分|编)\s*[^（）《》]{0,20})$")
_ORDINAL = re.compile(r"(?:\d{1,3}\s?(?:、|[.．](?!\d))|[（(]\d{1,3}[）)])\s*")
_NUMBER = re.compile(r"[（(]([^（()）]{1,30}?(?:[〔\[(（【][^〔\[()（）】\]〕]{4,6}[〕\])）】])?[^（()）]{0,8}?\d{1,5}\s?号)[）)]")


@dataclass(frozen=True, slots=True)
class ContentsItem:
    title: str
    number: str | None  # as printed
    line: int  # 1-based, its first
    key: str
    day: str | None = None  # 9月3日 printed behind the number


@dataclass(frozen=True, slots=True)
class Contents:
    start_line: int
    end_line: int
    items: tuple[ContentsItem, ...]
    sections: frozenset[str]  # keys
    key: str


def _strip_page(text: str) -> tuple[str, bool]:
    text = re.sub("</?[a-z]+>", "", text)
    m = _PAGE.search(text)
    if m and not re.search(r"[年第]\s?\d*$", text[: m.start(1)]):
        return text[: m.start()].rstrip(". …·．\t"), True
    return text.rstrip(". …·．\t"), False


def read_contents(source: Source) -> Contents | None:
    """The table of contents of a source, or None where it prints none."""
    head = next((i for i, line in enumerate(source.lines[:400]) if _MAYBE_HEADING.search(line) and line_kind.key(line_kind.bare(source.readable(i))) in _HEADING), None)
    if head is None:
        return None
    rows: list[tuple[int, str, bool]] = []  # 0-based line, text without page, had a page number
    first_keys: list[str] = []
    last = head
    for i in range(head + 1, len(source.lines)):
        raw = source.readable(i)
        line = line_kind.bare(raw)
        if not line or i in source.furniture:
            continue
        if re.fullmatch(r"[|\s:—-]*", line):
            last = i
            continue
        cells = [c for c in re.split(r"\s*\|\s*", line) if c]
        text, paged = _strip_page(raw.strip() if "\t" in raw else " ".join(cells))
        if rows and re.fullmatch(r"[\s.…]*\d{1,4}", line):  # the page number wrapped to a line of its own
            rows[-1] = (rows[-1][0], rows[-1][1], True)
            last = i
            continue
        text = line_kind.bare(text)
        paged = paged or len(cells) > 1 and cells[-1].isdigit()
        k = line_kind.key(_NUMBER.sub("", re.sub(r"^\d{1,3}\s?[、.．]", "", text)))
        if rows and _opens_body(source, i, line, k, paged, first_keys):
            break
        rows.append((i, text, paged))
        if k and len(first_keys) < 2:
            first_keys.append(k)
        last = i
    if len(rows) < 2:
        return None
    items, sections = _items(rows)
    return Contents(head + 1, last + 1, tuple(items), frozenset(sections), "".join(line_kind.key(text) for _, text, _ in rows))


def _opens_body(source: Source, i: int, line: str, k: str, paged: bool, first_keys: list[str]) -> bool:
    if paged:
        return False
    for first in first_keys:
        if len(first) >= 4 and (first in k or k in first and len(k) >= 0.6 * len(first)):
            return True
    if line_kind.heading_level(source.lines[i]) and not line_kind.heading_level(source.lines[i - 1]) and line_kind.is_title_like(line):
        return True
    following = [b for b in (line_kind.bare(source.readable(j)) for j in range(i + 1, min(i + 5, len(source.lines)))) if b][:2]
    if line_kind.is_masthead(line) and any(line_kind.is_number_line(t) for t in following):
        return True
    if not _ORDINAL.match(line) and line_kind.is_title_like(line) and following and (line_kind.is_number_line(following[0]) or line_kind.is_recipients(following[0])):
        return True
    return len(line) > 140 or line_kind.is_recipients(line) or line_kind.is_number_line(line)


def _items(rows: list[tuple[int, str, bool]]) -> tuple[list[ContentsItem], list[str]]:
    numbered = sum(bool(re.match(r"\d{1,3}\s?[、.．]", text)) for _, text, _ in rows) >= max(3, len(rows) // 2)
    items: list[ContentsItem] = []
    sections: list[str] = []
    buffer: list[str] = []
    begun = rows[0][0]

    def close() -> None:
        text = squeeze("".join(buffer))
        buffer.clear()
        text = _ORDINAL.sub("", text, count=1) if _ORDINAL.match(text) else text
        if not text:
            return
        if _SECTION.match(text):
            sections.append(line_kind.key(text))
            return
        found = _NUMBER.findall(text)
        title = squeeze(_NUMBER.sub("", text)).rstrip("（( ")
        day = re.search(r"(?<=\D)\d{1,2}月\d{1,2}日$", title)
        title = title[: day.start()] if day else title
        if len(line_kind.key(title)) >= 4:
            items.append(ContentsItem(title, found[-1] if found else None, begun + 1, line_kind.key(title), day[0] if day else None))

    closed = True
    for i, text, paged in rows:
        if _SECTION.match(text) and not numbered:
            close()
            begun = i
            buffer.append(text)
            close()
            closed = True
            continue
        starts = _ORDINAL.match(text) if numbered else closed or _ITEM_MARK.match(text)
        if starts:
            close()
            begun = i
        buffer.append(text)
        closed = paged
    close()
    return items, sections
