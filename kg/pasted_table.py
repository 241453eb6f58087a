"""Recognises tables that were pasted as text: lines in, which of them are rows, or cells of one row, out."""

import re
from collections import Counter

# A row of a table pasted as text: columns are parted by tabs, wide spaces or several spaces; 序号 or a number opens it, or it has two tabs.
_ROW = re.compile(
    r"[ 　]*(?:\d{1,4}|序\s?号|编\s?号)[.．、]?(?:\t+|[ 　]*　[ 　]*| {2,})\S[^\n]*?(?:\t|　| {2})[ 　]*\S|[^\t\n]+\t[^\t\n]+\t[^\n]*\S"
    r"|[ 　]*[一-鿿]{2,8}[：:][^\s，。；]{1,40}(?:　{2,}| {3,}|\t+)[一-鿿][一-鿿 　]{1,8}[：:]"  # two fields side by side
    r"|[ 　]*[^\s，。；：]{2,30}(?:　{2,}| {3,}|\t)[^\s，。；：]{4,80}(?:　{2,}| {3,}|\t)[^\s，。；：]{2,20}〔\d{4}〕\d{1,5}号[ 　]*$"  # who, what, number
    r"|[ 　]*《[^《》\n]{4,120}》(?:　{2,}| {3,}|\t)[^\s，。；：]{2,20}〔\d{4}〕\d{1,5}号[ 　]*$")
COLUMN_GAP = re.compile(r"[ 　]*(?:\t[ 　\t]*|　[ 　]*| {2,}　*)")


def is_row(line: str) -> bool:
    """Is a line a row of a table that was pasted as text, its columns parted by tabs or wide spaces?

    >>> is_row("1\\t关于粮油的通知\\t国发〔1993〕12号"), is_row("第一条　为了粮油安全")
    (True, False)
    """
    return _ROW.match(line) is not None


_SERIAL_HEADING = re.compile(r"\s*(?:序\s*号|编\s*号)\s*")
_MOST_CELLS = 8


def stacked_rows(lines: list[str]) -> dict[int, int]:
    """Rows of tables copied from PDF with every cell on a line of its own: 序号 / 文件名称 / 文号 / 1 / …, known by their running numbers."""
    rows: dict[int, int] = {}
    at = 0
    while at < len(lines):
        if not _SERIAL_HEADING.fullmatch(lines[at]):
            at += 1
            continue
        cells = [i for i in range(at, min(at + 3 * _MOST_CELLS, len(lines))) if lines[i].strip()]
        first = next((n for n, i in enumerate(cells) if lines[i].strip() == "1"), None)
        if first is None or not 2 <= first <= _MOST_CELLS or any(len(lines[i].strip()) > 12 for i in cells[:first]):
            at += 1
            continue
        rows.update(dict.fromkeys(cells[:first], at))
        at, serial = cells[first], 1
        lengths: list[int] = []
        while at is not None:
            row = [i for i in range(at, min(at + 4 * _MOST_CELLS, len(lines))) if lines[i].strip()][: 2 * _MOST_CELLS]
            following = next((n for n, i in enumerate(row) if n and lines[i].strip() == str(serial + 1)), None)
            if following is None:  # the last row is as long as the others, or ends at a blank line
                usual = Counter(lengths).most_common(1)[0][0] if lengths else first
                row = [i for n, i in enumerate(row[:usual]) if n < 2 or i - row[n - 1] == row[1] - row[0]]
                rows.update(dict.fromkeys(row, at))
                at = row[-1] + 1
                break
            rows.update(dict.fromkeys(row[:following], at))
            lengths.append(following)
            at, serial = row[following], serial + 1
    return rows


def goes_on(cell: str, line: str) -> bool:
    """Does a line go on with the title that the cell above it leaves open?"""
    return _open_name(cell) or "关于" in cell and not _TITLE_LAST.search(cell) and "关于" not in line and bool(_TITLE_LAST.search(line))


_TITLE_LAST = re.compile("的?(?:通知|通报|公告|通告|意见|决定|批复|复函|函|办法|规定|方案|细则|措施)(?:[（(][^（）()]{1,12}[）)])?$")


def _open_name(text: str) -> bool:
    return text.count("《") > text.count("》")
