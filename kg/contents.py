"""Reads the table of contents of a compilation: source in, its items with their printed numbers out.

Contents pages of converted PDFs wrap, repeat and glue their lines; the items are therefore a reading of the page, and `key` keeps all of
its text in one string so that a title in the body can be recognised even where the items came out wrong.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from kg import lines as line_kind
from kg.text import Source, squeeze

_HEADING = re.compile("(?:本[期册书辑卷刊]|总)?(?:目录|目次|要目|导读|导航)(?:contents)?|contents")
_MAYBE_HEADING = re.compile("[目⽬].{0,6}[录次]|要\\s?目|导\\s?[读航]|contents", re.IGNORECASE)
_BULLET = re.compile(r"^[◆●■★▲◎☆◇○•▪➤►※\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\s*")
_ITEM_MARK = re.compile(r"^(?:专家解读(?:之[一二三四五六七八九十])?|【解读】|政策解读)")
_ARABIC = re.compile(r"(?:\d{1,3}\s?(?:、|[.．](?!\d))|[（(]\d{1,3}[）)])\s*")
_CHINESE = re.compile(r"[一二三四五六七八九十]{1,3}、\s*|[（(][一二三四五六七八九十]{1,3}[）)]\s*")
# 12, ……12, （12）: a page at the end of the row, not the year or the serial of a number.
_PAGE = re.compile(r"(?:[.…·．\s\t]{2,}[（(]?|(?<=[^\d\s年第至—–-])[（(]|(?<=[^\d\s年至—–(（〔\[-]))\s*(?:[Pp]\.?\s?)?(\d{1,4})[）)]?\s*$")
_MARKED_SECTION = re.compile(r"[\[【［][^\[\]【】]{2,20}[\]】］]|第[一二三四五六七八九十]{1,3}(?:篇|部分|编|类|单元)\s*[^（）《》]{0,20}")
_ORDINAL_SECTION = re.compile(r"[一二三四五六七八九十]{1,3}、[^（）《》]{2,12}(?:篇|类|部分)?")
_CHAPTER = re.compile(r"第[一二三四五六七八九十百\d]{1,4}[章节编]|附\s?则$|总\s?则$")
_NUMBER = re.compile(r"[（(]([^（()）]{1,30}?(?:[〔\[(（【][^〔\[()（）】\]〕]{4,6}[〕\])）】])?[^（()）]{0,8}?\d{1,5}\s?号)[）)]")
_TABLE_HEAD = {"序号", "名称", "标题", "文件名称", "文件标题", "政策名称", "文号", "发文字号", "页码", "页", "页数", "备注", "发文机关", "发文单位", "日期", "发布日期"}


@dataclass(frozen=True, slots=True)
class ContentsItem:
    title: str
    number: str | None  # as printed
    line: int  # 1-based, its first
    key: str
    day: str | None = None  # 9月3日 printed behind the number


@dataclass(frozen=True)
class Contents:
    start_line: int
    end_line: int
    items: tuple[ContentsItem, ...]
    sections: frozenset[str]  # keys
    key: str

    def numbered(self, number: str) -> Sequence[int]:
        """Indices of the items that bear this number, printed in any way; a number without a year is none."""
        plain = _plain_number(number)
        return self._numbers.get(plain, ()) if re.search(r"\d{4}", plain) else ()

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {}
        for n, item in enumerate(self.items):
            if item.number:
                numbers.setdefault(_plain_number(item.number), []).append(n)
        return numbers


def _plain_number(text: str) -> str:
    return re.sub(r"第?0*(?=\d+号)|[\W_]", "", text)


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the contents page: its words without page, bullet and table frame."""

    line: int  # 0-based
    text: str
    paged: bool
    number: str | None = None
    ordinal: bool = False
    bulleted: bool = False


def read_contents(source: Source) -> Contents | None:
    """The table of contents of a source, or None where it prints none; the list of a statute's own chapters is none."""
    head = next((i for i, line in enumerate(source.lines[:400]) if _MAYBE_HEADING.search(line) and _HEADING.fullmatch(line_kind.key(line_kind.bare(source.readable(i))))), None)
    if head is None:
        return None
    rows: list[_Row] = []
    first_keys: list[str] = []
    order: str | None = None
    last = head
    for i in range(head + 1, len(source.lines)):
        raw = source.readable(i)
        line = line_kind.bare(raw)
        if not line or i in source.furniture:
            continue
        if rows and rows[-1].bulleted and line_kind.is_rule(line):
            break
        if re.fullmatch(r"[|\s:—-]*", line) or _is_table_head(line):
            last = i
            continue
        if rows and re.fullmatch(r"[\s.…·（(]*\d{1,4}[）)]?", line):  # the page number wrapped to a line of its own
            rows[-1] = replace(rows[-1], paged=True)
            last = i
            continue
        row = _row(i, raw, line)
        k = line_kind.key(_NUMBER.sub("", _without_ordinal(row.text)))
        if rows and not row.paged and _opens_body(source, i, line, k, first_keys):
            break
        if rows and rows[-1].paged and row.text.count("（") == row.text.count("）") and re.fullmatch(r"[一-鿿]{3,30}令[（(]?(?:\d{4}年)?第\d+号[）)]?", row.text):
            order = row.text  # an order by itself is the number of the text listed below it
            last = i
            continue
        if rows and not k and row.number or rows and line_kind.is_number_line(row.text) and row.text.count("（") == row.text.count("）"):
            rows[-1] = replace(rows[-1], number=row.number or row.text, paged=row.paged or rows[-1].paged)
            last = i
            continue
        # The rest of a wrapped title (指导意见) is too little to know the first document by.
        whole = not rows or rows[-1].paged or row.ordinal or bool(_ARABIC.match(line)) or bool(line_kind.TITLE_END.search(rows[-1].text))
        rows.append(replace(row, number=row.number or order) if order else row)
        order = None
        if k and whole and len(first_keys) < 2:
            first_keys.append(k)
        last = i
    if len(rows) < 2 or sum(bool(_CHAPTER.match(r.text)) for r in rows) >= 0.8 * len(rows):
        return None
    items, sections = _items(rows)
    return Contents(head + 1, last + 1, tuple(items), frozenset(sections), "".join(line_kind.key(r.text) for r in rows))


class ItemIndex:
    """Finds the items that a stretch of the body may print, in time that does not grow with their number.

    A contents page with few items is searched whole; of a long one those items are looked at that share with the stretch the most pairs
    of characters that few items have.
    """

    FEW = 40

    def __init__(self, contents: Contents) -> None:
        self._all = range(len(contents.items))
        self._by_key: dict[str, list[int]] = defaultdict(list)
        self._by_pair: dict[str, list[int]] = {}
        if len(contents.items) <= self.FEW:
            return
        by_pair: dict[str, list[int]] = defaultdict(list)
        for n, item in enumerate(contents.items):
            key = with_digits(item.key)
            self._by_key[key].append(n)
            for pair in pairs(key):
                by_pair[pair].append(n)
        self._by_pair = {pair: found for pair, found in by_pair.items() if len(found) <= self.FEW}

    def like(self, key: str) -> Sequence[int]:
        """Positions of the items in question, ascending."""
        if len(self._all) <= self.FEW:
            return self._all
        key = with_digits(key)
        shared = Counter(n for pair in pairs(key) for n in self._by_pair.get(pair, ()))
        best = sorted(shared, key=lambda n: (-shared[n], n))[: self.FEW]
        return sorted({*self._by_key.get(key, ()), *best})


@lru_cache(maxsize=4096)
def pairs(key: str) -> frozenset[str]:
    return frozenset(key[i : i + 2] for i in range(len(key) - 1))


@lru_cache(maxsize=4096)
def with_digits(key: str) -> str:
    """二〇二二年 as 2022年."""
    return re.sub("[〇○零一二三四五六七八九]{4}(?=年)", lambda m: "".join(str("〇一二三四五六七八九".find(c) if c not in "○零" else 0) for c in m[0]), key)


def _is_table_head(line: str) -> bool:
    cells = [re.sub(r"\s", "", c) for c in line.split("|") if c.strip()]
    return len(cells) > 1 and all(c in _TABLE_HEAD for c in cells)


def _row(i: int, raw: str, line: str) -> _Row:
    cells = [c for c in re.split(r"\s*\|\s*", line) if c] if "|" in raw else []
    if len(cells) < 2:
        text, paged = _strip_page(_BULLET.sub("", raw.strip()) if "\t" in raw else _BULLET.sub("", line))
        return _Row(i, line_kind.bare(text), paged, bulleted=bool(_BULLET.match(line)))
    ordinal = cells[0].isdigit()
    paged = cells[-1].isdigit()
    cells = cells[ordinal : len(cells) - paged]
    numbers = [c for c in cells if line_kind.is_number_line(c)]
    text, inner = _strip_page(" ".join(c for c in cells if c not in numbers))
    return _Row(i, line_kind.bare(text), paged or inner, numbers[0] if numbers else None, ordinal)


def _strip_page(text: str) -> tuple[str, bool]:
    text = re.sub("</?[a-z]+>", "", text)
    m = _PAGE.search(text)
    if m and not re.search(r"[年第]\s?\d*$", text[: m.start(1)]) and not re.fullmatch("(?:19|20)\\d\\d[）)]", m[0].strip().lstrip("（(")):
        return text[: m.start()].rstrip(". …·．\t"), True
    return text.rstrip(". …·．\t"), False


def _without_ordinal(text: str) -> str:
    return _ARABIC.sub("", text, count=1) if _ARABIC.match(text) else text


def _opens_body(source: Source, i: int, line: str, k: str, first_keys: list[str]) -> bool:
    if any(len(first) >= 4 and (first in k and len(first) >= 0.5 * len(k) or k in first and len(k) >= 0.6 * len(first)) for first in first_keys) \
            and not _goes_on(source, i):
        return True
    if line_kind.heading_level(source.lines[i]) and not line_kind.heading_level(source.lines[i - 1]) and line_kind.is_title_like(line):
        return True
    if not line_kind.is_masthead(line) and not line_kind.is_title_like(line):
        return len(line) > 140 or line_kind.is_recipients(line)
    following = [b for j in range(i + 1, min(i + 14, len(source.lines))) if j not in source.furniture and (b := line_kind.bare(source.readable(j)))][:2]
    if line_kind.is_masthead(line) and any(line_kind.is_number_line(t) for t in following):
        return True
    if not _ARABIC.match(line) and line_kind.is_title_like(line) and following and (line_kind.is_number_line(following[0]) or line_kind.is_recipients(following[0])) \
            and len(following) > 1 and (line_kind.is_paragraph(following[1]) or line_kind.is_recipients(following[1])):
        return True
    return len(line) > 140 or line_kind.is_recipients(line)


def _goes_on(source: Source, i: int) -> bool:
    """Do lines with page numbers follow, so that the contents are not at their end?"""
    below = [b for j in range(i + 1, min(i + 14, len(source.lines))) if j not in source.furniture and (b := source.readable(j).strip())][:5]
    return sum(_strip_page(b)[1] for b in below) >= 2


def _items(rows: list[_Row]) -> tuple[list[ContentsItem], list[str]]:
    enough = max(min(3, len(rows)), len(rows) // 2)
    mark = next((m for m in (_ARABIC, _CHINESE) if sum(bool(r.ordinal or m.match(r.text)) for r in rows) >= enough), None)
    paged = sum(r.paged for r in rows) * 3 >= len(rows)
    bulleted = mark is None and not paged and sum(r.bulleted for r in rows) >= enough
    items: list[ContentsItem] = []
    sections: list[str] = []
    buffer: list[_Row] = []

    def close() -> None:
        if not buffer:
            return
        text = squeeze("".join(r.text for r in buffer))
        number = next((r.number for r in buffer if r.number), None)
        for m in (_ARABIC, mark):
            if m and m.match(text):
                text = m.sub("", text, count=1)
        found = _NUMBER.findall(text)
        title = squeeze(_NUMBER.sub("", text)).rstrip("（( ")
        day = re.search(r"(?<=\D)\d{1,2}月\d{1,2}日$", title)
        title = title[: day.start()] if day else title
        key = line_kind.key(title)
        if len(key) >= 4:
            items.append(ContentsItem(title, found[-1] if found else number, buffer[0].line + 1, key, day[0] if day else None))
        buffer.clear()

    for n, row in enumerate(rows):
        closed = not buffer or buffer[-1].paged
        if _is_section(row, rows[n + 1] if n + 1 < len(rows) else None, mark, closed=closed, paged=paged):
            close()
            sections.append(line_kind.key(row.text))
            continue
        if row.ordinal or mark.match(row.text) if mark else closed or bulleted and row.bulleted or _ITEM_MARK.match(row.text):
            close()
        buffer.append(row)
    close()
    return items, sections


def _is_section(row: _Row, following: _Row | None, mark: re.Pattern[str] | None, *, closed: bool, paged: bool) -> bool:
    """A heading between items: marked as one, or a few words without page and 文种 where every item has its page."""
    if row.number or row.ordinal or mark is not None and mark.match(row.text):
        return False
    if _MARKED_SECTION.fullmatch(row.text):
        return True
    titled = bool(line_kind.TITLE_END.search(row.text))
    if _ORDINAL_SECTION.fullmatch(row.text) and not (row.paged and titled):
        return True
    short = len(line_kind.key(row.text)) <= 14 and not re.search(r"[《》\d]", row.text) and (not titled or len(row.text) <= 4)
    if not (closed and not row.paged and short and following):
        return False
    return mark is not None and (following.ordinal or bool(mark.match(following.text))) or mark is None and paged
