"""Finds what a page, a site or a publisher prints round texts: lines in, the numbers of those that belong to no document out."""

import re
from collections import Counter
from itertools import pairwise

# What a publisher prints on every page: an address, a telephone, a site; or a bare page number.
_CONTACT = re.compile(r"电\s?话\s?[:：]|网\s?址\s?[:：]|欢迎.{0,4}(?:咨询|垂询)|www\.[\w.]+|有限(?:责任)?公司|订阅热线|微信公众号")
_PAGE_NUMBER = re.compile(r"[\s—\-－–·•|]{0,6}(?:第\s?)?\d{1,4}\s?(?:页(?:\s?[/，,共]\s?共?\s?\d{1,4}\s?页?)?)?[\s—\-－–·•|]{0,6}")
_MARKED_PAGE = re.compile(r"\s*(?:[—\-－–·]{1,2}\s?\d{1,4}(?:\s?/\s?\d{1,4})?\s?[—\-－–·]{1,2}|第\s?\d{1,4}\s?页(?:\s?[/，,（(]?\s?共\s?\d{1,4}\s?页\s?[）)]?)?|\d{1,4}\s?/\s?\d{1,4})\s*")
# What a web page prints round a text: the way to it, its source and counters, buttons.
_WEB = re.compile(
    r"\s*(?:首页|当前位置|您(?:现在)?的位置|现在位置|所在位置)[^。]{0,80}[>»›/].*"
    r"|(?!.*\d{4}[〕\])）]\s?\d{1,5}\s?号)[^。；]{0,80}(?:(?:浏览|阅读|访问|点击)(?:次数|数|量|率)?\s?[:：]\s?[\[【]?\d*|(?<!文)字[号体]\s?[:：]\s?[\[【]?\s?[大中小特默])[^。；]{0,40}"
    r"|\s*[\[【]?(?:(?:打印|关闭|返回|分享到|收藏|字号|字体)(?:本页|页面|窗口|顶部)?[\s|/、：:大中小\]】]*){1,4}"
    r"|\s*来源\s?[:：][^。；]{1,30}(?:\s.{0,40})?"
)
_CLOSING_ADVERT = re.compile(r"更多(?:最新)?(?:消息|资讯|政策).{0,30}(?:登录|关注|访问)|^拨打.{0,20}电话咨询|欢迎您?(?:来电|关注|订阅|垂询)")


def find_furniture(lines: list[str]) -> set[int]:
    """0-based numbers of the lines that belong to the page, the site or the publisher, not to a document."""
    keys = [re.sub(r"[\s#*_]", "", line) for line in lines]
    printed = [i for i, key in enumerate(keys) if key]
    often = {k for k, n in Counter(keys).items() if n >= 3 and k and len(k) <= 60 and _CONTACT.search(k)}
    found = {
        i for i in printed
        if keys[i] in often or len(lines[i]) < 120 and _WEB.fullmatch(lines[i]) or len(keys[i]) < 90 and _CLOSING_ADVERT.search(keys[i])
        or len(lines[i]) < 30 and (_MARKED_PAGE.fullmatch(lines[i]) or _PAGE_NUMBER.fullmatch(lines[i]) and _between_breaks(lines, i))
    }
    return found | _running_heads(keys, printed, found) | _numbered_heads(lines, keys, printed)


_SERIAL_HEAD = re.compile(r"(?:公报|汇编|选编|手册|专刊|快讯|简报|周刊|月刊|通讯)(?:[（(]?(?:\d{4}年?)?第?\d{1,4}[期号辑][）)]?)?$")


def _running_heads(keys: list[str], printed: list[int], pages: set[int]) -> set[int]:
    """Lines that come back, letter for letter, beside page numbers: the head that a book prints on each of its pages."""
    places: dict[str, list[int]] = {}
    for n, i in enumerate(printed):
        if i not in pages and 4 <= len(keys[i]) <= 40 and not re.search("[。；：]$", keys[i]):
            places.setdefault(keys[i], []).append(n)
    heads = set()
    for at in places.values():
        beside = [n for n in at if n and printed[n - 1] in pages or n + 1 < len(printed) and printed[n + 1] in pages]
        if len(beside) >= 3 and len(beside) >= 0.6 * len(at) or len(at) >= 3 and _SERIAL_HEAD.search(keys[printed[at[0]]]):
            heads.update(printed[n] for n in at)
    return heads


_NUMBERED_HEAD = re.compile(r"([^·—－\-\d。；：]{4,40})[·—－\-]{1,2}\d{1,4}[·—－\-]{0,2}|[·—－\-]{0,2}\d{1,4}[·—－\-]{1,2}([^·—－\-\d。；：]{4,40})")


# 第 4 页  政策选编, 研究中心 编　　12
_PAGED_HEAD = re.compile(r"\s*第\s?(?P<a>\d{1,4})\s?页[\s|]+(?P<x>[^\d。；：|]{5,40})|\s*(?P<y>[^\d。；：|]{5,40}?)(?:[\s|]+第\s?(?P<b>\d{1,4})\s?页|(?:\s{2,}|　|\t)\s*(?P<c>\d{1,4}))\s*|\s*(?P<d>\d{1,4})(?:\s{2,}|　|\t)\s*(?P<z>[^\d。；：|]{5,40})")


def _numbered_heads(lines: list[str], keys: list[str], printed: list[int]) -> set[int]:
    """The head of a book's pages with the page number on the same line, at either end: 政策汇编 · 15 ·; the pages count upwards."""
    places: dict[str, list[int]] = {}
    pages: dict[str, list[int]] = {}
    for i in printed:
        if len(keys[i]) < 60 and (m := _NUMBERED_HEAD.fullmatch(keys[i])):
            places.setdefault(m[1] or m[2], []).append(i)
        elif len(lines[i]) < 90 and (m := _PAGED_HEAD.fullmatch(lines[i])):
            head = re.sub(r"\s", "", m["x"] or m["y"] or m["z"])
            places.setdefault(head, []).append(i)
            pages.setdefault(head, []).append(int(m["a"] or m["b"] or m["c"] or m["d"]))
    rising = {head for head, at in places.items() if all(a < b for a, b in pairwise(pages.get(head, ())))}
    return {i for head in rising for i in places[head] if len(places[head]) >= 3}


def _between_breaks(lines: list[str], i: int) -> bool:
    """A page number stands alone: blank lines, or the edge of the file, on both sides."""
    return (i == 0 or not lines[i - 1].strip()) and (i + 1 >= len(lines) or not lines[i + 1].strip()) and "|" not in lines[i]
