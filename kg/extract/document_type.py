"""Reads the 文种 off a title: a title as printed goes in, 通知, 意见, 办法 … comes out."""

import re
from functools import cache

from kg.tables import table

# What may stand behind the 文种 in brackets or after it: （试行）, （2021年修订）, (2019年本), (附：…), 第2号.
_BRACKET = re.compile(r"[（(〔\[【][^（()）〔〕\[\]【】]{0,60}(?:[（(][^（()）]{0,30}[)）][^（()）]{0,20}){0,3}[)）〕\]】]$")
_OUTER = re.compile(r"^《([^《》]{1,200})》$")
# Words that end in 法 and name no statute.
_NO_STATUTE = re.compile(r"(?:方法|做法|办法|用法|疗法|工法|算法|书法|执法|司法|立法|普法|守法|合法|违法|手法|说法|看法|打法|违法)$")
_SUBTITLE = re.compile(r"[—－-]{2,}")


@cache
def _types() -> tuple[tuple[str, str], ...]:
    rows = ((r["ending"], r["document_type"]) for r in table("document_types", columns=("ending", "document_type"), key=("ending",)))
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))


def bare_title(title: str) -> str:
    """A title without white space, outer marks and the bracketed notes at its end.

    >>> bare_title("《河南省耗煤项目煤炭消费替代管理办法》(2021年修订)")
    '河南省耗煤项目煤炭消费替代管理办法'
    """
    text = re.sub(r"[\s\ufeff]", "", title)
    for _ in range(4):
        shorter = _BRACKET.sub("", text)
        if m := _OUTER.match(shorter):
            shorter = m[1]
        if shorter == text or not shorter:
            break
        text = shorter
    return text


def document_type(title: str) -> str | None:
    """The 文种 a title states, or None. 关于印发《…办法》的通知 is a 通知; 实施意见 is an 意见, 行动方案 a 方案, 复函 a 函.

    >>> document_type("漯河市人民政府关于鼓励建设多层标准化厂房的实施意见（试行）")
    '意见'
    """
    text = bare_title(title)
    found = _ending(text)
    if found is None and text.endswith(("》", "〉", "”")):  # 印发《…工作安排》, a notice that lacks its last words
        inner = re.search(r"[《〈“]([^《》]{2,120})[》〉”]$", text)
        found = _ending(bare_title(inner[1])) if inner else None
    if found is None and (head := _SUBTITLE.split(text)[0]) != text:  # 奋力谱写新篇章——《…规划》解读 was read above
        found = _ending(bare_title(re.sub(r"第[0-9一二三四五六七八九十〇]{1,8}号$", "", head)))
    return found


def _ending(text: str) -> str | None:
    found = next((kind for ending, kind in _types() if text.endswith(ending)), None)
    return None if found == "法" and _NO_STATUTE.search(text) else found
