"""Finds names in title marks: clean text in, mentions with their title, nested marks kept, out.

《》 nests as 《关于修改〈A〉的决定》, and in scans as 《关于修改《A》的决定》 or 《关于修改<A>的决定》. A mark that never closes, or closes only
after the sentence ended, names nothing.
"""

import re
from dataclasses import dataclass

from kg.text import squeeze

LONGEST = 220  # characters between the marks; the longest real titles (lists of laws in an amending decision) stay below
_MARK = re.compile("[《》]")
_BREAKS = re.compile(r"[。；\n]")


# 《招标投标法、《招标投标法实施条例》: the first mark is not closed, and the list goes on; what stands in it is a whole name.
_UNCLOSED = re.compile(r"([^《》。；，、\n]{2,60}?(?:法|条例|办法|规定|细则|规则|通知|意见|方案|规划|纲要|决定))([、，和及与])(?=《)")


@dataclass(frozen=True, slots=True)
class TitleMention:
    start: int  # of the opening mark
    end: int  # after the closing mark
    title: str  # between the marks, white space of wraps removed


def find_titles(text: str) -> list[TitleMention]:
    """Every outermost 《…》 of a text, in order. Inner marks belong to the title they stand in.

    >>> [m.title for m in find_titles("依据《关于修改〈专利法〉的决定》和《商标法》")]
    ['关于修改〈专利法〉的决定', '商标法']
    """
    found: list[TitleMention] = []
    opened: list[int] = []
    for mark in _MARK.finditer(text):
        position = mark.start()
        if mark[0] == "《":
            if opened and opened[-1] == position - 1:
                opened[-1] = position  # 《《 is one mark printed twice
                continue
            if opened and (unclosed := _UNCLOSED.match(text, opened[0] + 1)) and unclosed.end() == position:
                found.append(TitleMention(opened[0], unclosed.end(1), squeeze(unclosed[1])))
                opened.clear()
            if opened and not _may_nest(text, opened[0], position):
                opened.clear()  # the earlier mark was never closed
            opened.append(position)
        elif opened:
            first = opened.pop()
            if opened and not _is_closed_later(text, position + 1):
                first = opened[0] if text[position - 1 : position] != "》" and len(opened) == 1 and _nested_without_close(text, opened[0], first, position) else first
                opened.clear()
            if not opened:
                inner = text[first + 1 : position]
                if 0 < len(inner) <= LONGEST and not _BREAKS.search(inner):
                    found.append(TitleMention(first, position + 1, squeeze(inner)))
    return found


def _may_nest(text: str, outer: int, inner: int) -> bool:
    """Is a second opening mark part of the first title? Not where a list or a sentence went on in between."""
    between = text[outer + 1 : inner]
    return len(between) < LONGEST and not _BREAKS.search(between) and not re.search(r"[、，]$|[)）]、", between)


def _is_closed_later(text: str, position: int) -> bool:
    """Does the outer title close too: …》的决定》 before any other opening mark or the end of the sentence?"""
    m = re.match(r"[^《》。；\n]{0,120}([《》])", text[position : position + 140])
    return bool(m and (m[1] == "》" or re.match(r"[、和及与]|等", text[position : position + 1] or " ")))


def _nested_without_close(text: str, outer: int, inner: int, close: int) -> bool:
    """《关于修改《A的决定》: one closing mark for two opening ones; the tail shows that the outer title ends here."""
    return bool(re.search(r"的(?:决定|通知|公告|批复|意见|函|解释)$", text[inner + 1 : close])) and text[outer + 1 : inner].startswith(("关于", "国务院"))
