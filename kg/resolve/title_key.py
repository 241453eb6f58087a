"""When two printed titles name one document: a title in, the keys it is looked up by out.

Width, spaces, quotes and title marks do not tell documents apart; 中华人民共和国 before a statute's name does not either. （试行）, a year of
a catalogue and 修订 in brackets do: they are other editions.
"""

import re
from functools import lru_cache

from kg import lines as line_kind
from kg.extract.agency import leading_issuers

_ISSUED_TEXT = re.compile(r"关于(?:联合)?(?:印发|发布|公布|颁发|下发|颁布|下达)(?:实施|施行|试行)?[《〈]?(.{4,}?)[》〉]?(?:[（(][^（）()]{1,12}[）)])?的(?:通知|公告|决定|函|令|通告)$")
_FORMER = re.compile("原(?![子料产油始材则本药煤木])")
_EDITION = re.compile(r"[（(]([^（）()]*(?:版|本|修订|修正|修改|调整|试行|暂行|草案|年)[^（）()]*)[）)]$")


@lru_cache(maxsize=200_000)
def title_key(title: str) -> str:
    """One spelling of a title: 中华人民共和国 and 原 before it dropped, characters and digits only.

    >>> title_key("《中华人民共和国公司登记管理条例》") == title_key("公司登记管理条例")
    True
    """
    key = line_kind.key(title)
    if len(key) > 4 and _FORMER.match(key):
        key = key[1:]
    return key.removeprefix("中华人民共和国") or key  # 宪法, 刑法: two characters name a statute


@lru_cache(maxsize=200_000)
def without_issuer(title: str) -> tuple[tuple[str, ...], str]:
    """The issuers a title names before 关于, and the key of the rest; no issuers where it names none."""
    if "关于" not in title or title.startswith("关于"):
        return (), title_key(title)
    issuers, rest = leading_issuers(title)
    return (tuple(issuers), title_key(rest)) if issuers and rest.startswith("关于") else ((), title_key(title))


@lru_cache(maxsize=200_000)
def issued_text(title: str) -> str | None:
    """The title of the text that a covering notice issues: 关于印发《X办法》的通知 → X办法."""
    m = _ISSUED_TEXT.search(title)
    return m[1] if m else None


def edition_mark(title: str) -> str | None:
    """What sets an edition apart in its title: 试行, 2019年本, 2021年修订."""
    m = _EDITION.search(title.strip("《》 "))
    return m[1] if m else None


def bare_key(title: str) -> str:
    """The key without edition marks, to find what may be another edition of the same text."""
    return title_key(_EDITION.sub("", title.strip("《》 ")))
