"""Finds the standards that a table says are replaced: clean text and its standards in; starts of those in the column 代替标准号 out.

So announce the standards bodies what they approve (国家标准管理办法: the announcement names the standard that a new one takes the place of).
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from kg.extract.standard import StandardMention

_HEAD = re.compile(r"(?m)^\|?[^|\n]{0,20}\|[^\n]*$")
_REPLACED = re.compile(r"(?:被|所)?(?:代替|替代|取代|废止)的?(?:国家|行业|地方|原)?标准(?:编?号|代号)?|(?:代替|替代)(?:编?号|关系)")


def replaced_standards(text: str, standards: Sequence[StandardMention]) -> dict[int, tuple[int, int]]:
    """Start of each standard in such a column → where the words stand that head the column.

    >>> from kg.extract.standard import find_standards
    >>> text = "|序号|标准编号|代替标准号|\\n|1|GB/T 1576-2018|GB/T 1576-2008|"
    >>> replaced_standards(text, find_standards(text))
    {34: (9, 14)}
    """
    found: dict[int, tuple[int, int]] = {}
    starts = [s.start for s in standards]
    head: tuple[int, tuple[int, int]] | None = None  # which cell of a row, and where the words stand over it
    for line in _HEAD.finditer(text):
        cells = _cells(line[0], line.start())
        named = next(((n, cell) for n, cell in enumerate(cells) if _REPLACED.fullmatch(text[slice(*cell)].strip())), None)
        if named:
            head = named
        elif re.search("序号|名称", line[0]) and not re.search(r"\d", line[0]):
            head = None  # another table
        elif head and head[0] < len(cells):
            a, b = cells[head[0]]
            found.update((s, head[1]) for s in starts[bisect_left(starts, a) : bisect_left(starts, b)])
    return found


def _cells(line: str, start: int) -> list[tuple[int, int]]:
    """The cells of a row, empty ones too; the marks at its edges make none."""
    inner = line.strip().strip("|")
    low = start + line.index(inner) if inner else start
    cells = []
    for cell in inner.split("|"):
        cells.append((low, low + len(cell)))
        low += len(cell) + 1
    return cells
