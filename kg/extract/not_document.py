"""Tells forms, certificates, books and the like from documents: a title and the words beside its marks go in, the reason out."""

import re
from functools import cache
from typing import Literal, get_args

from kg.errors import TableError
from kg.statutes import statute_by_name
from kg.tables import table

Reason = Literal["form", "certificate", "contract", "report", "book", "periodical", "work", "course"]
_PLACES = ("whole", "end", "before", "after")
# （试行） after 办法 and （单片） after 许可证 hide the end of the title
_NOTE = re.compile(r"[（(〔\[][^（()）〔〕\[\]]{0,30}[）)〕\]]$")
_GENERIC_TITLE = re.compile("^关于|的(?:决定|通知|意见|报告|请示|函|批复)$")
_SERIES = re.compile(r"(?:准则|指引|规则|规定|通则|规范)第\s?\d{1,4}\s?号\s?[—－–-]{1,2}")
# Only these reasons can be read from the words beside the marks when the title itself ends in no known way.
_BESIDE: tuple[Reason, ...] = ("form", "contract", "book", "periodical", "work", "course")


@cache
def _words(place: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for row in table("form_endings", columns=("place", "text", "reason"), key=("place", "text")):
        if row["place"] not in _PLACES or row["reason"] not in (*get_args(Reason), "document"):
            raise TableError(f"kg/data/form_endings.csv: {row['place']},{row['text']},{row['reason']}: no such place or reason")
        if row["place"] == place:
            words[row["text"]] = row["reason"]
    return words


@cache
def _longest(place: str) -> int:
    return max(map(len, _words(place)), default=0)


def why_not_document(title: str, before: str, after: str) -> Reason | None:
    """Why 《title》 is no policy document, or None where it is one or nothing says otherwise.

    `before` and `after` are the text on the two sides of the marks, thirty characters are enough. The title's longest known ending decides,
    then the words beside the marks (填写《…》, 电影《…》, 《…》一书). A statute or a treaty is always a document.

    >>> why_not_document("不动产权证", "已取得", "的企业")
    'certificate'
    >>> why_not_document("排污许可证管理办法", "根据", "的规定") is None
    True
    """
    title = _bare(title)
    if not title or statute_by_name(title) is not None or is_numbered_rule(title):
        return None
    reason = _words("whole").get(title) or _ending(title)
    if reason == "document":
        return "book" if _after(after) == "book" and after.startswith("一书") else None
    if reason is not None:
        return _checked(reason)
    if _GENERIC_TITLE.search(title):
        return None
    if title.endswith("报告"):
        return "report" if _before(before) == "report" else None
    beside = _after(after) or _before(before)
    return next((r for r in _BESIDE if r == beside), None)


def is_numbered_rule(title: str) -> bool:
    """Is a title one of a numbered series of rules, whatever its last word?

    >>> is_numbered_rule("企业会计准则第25号——原保险合同"), is_numbered_rule("原保险合同")
    (True, False)
    """
    return _SERIES.search(title) is not None


def _bare(title: str) -> str:
    title = title.strip()
    while (m := _NOTE.search(title)) is not None and m.start() > 1:
        title = title[: m.start()].rstrip()
    return title


def _ending(title: str) -> str | None:
    endings = _words("end")
    for length in range(min(_longest("end"), len(title)), 0, -1):
        if (reason := endings.get(title[-length:])) is not None:
            return reason
    return None


def _checked(reason: str) -> Reason:
    return next(r for r in get_args(Reason) if r == reason)


def _before(text: str) -> str | None:
    text = text.rstrip("《“\" ：:并了的")
    words = _words("before")
    return next((words[text[-n:]] for n in range(min(_longest("before"), len(text)), 0, -1) if text[-n:] in words), None)


def _after(text: str) -> str | None:
    text = text.lstrip("》”\" ")
    words = _words("after")
    return next((words[text[:n]] for n in range(min(_longest("after"), len(text)), 0, -1) if text[:n] in words), None)
