"""Splits a source into the documents it prints: source in, `Passage`s and warnings out; every line belongs to at most one of them.

Three witnesses are heard together: the table of contents, headings, and the shape of an official document (masthead, number, title,
recipients; signature and date at its end). A covering notice and the text it issues stay one document, and so do its annexes.
"""

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from kg import lines as line_kind
from kg.contents import Contents, ContentsItem
from kg.model import Warning
from kg.text import STRUCTURAL, Source

_PROMULGATES = re.compile("印发|发布|公布|转发|批转|下发|颁发|颁布|实施|下达|施行")
_INTERPRETS = re.compile("解读|答记者问|问答|释义|图解")
_PREAMBLE = re.compile(
    r"(?:制定|制订)(?:了)?(?:本|如下)?[^，。；]{0,12}(?:方案|计划|意见|办法|规定|细则|规划|措施|纲要|条例|制度)[。，]"
    r"|(?:现|特)?(?:提出|制定|作出|就|将)[^，。；]{0,40}(?:如下|以下)[^，。；]{0,12}[。：:]|^近日.{0,60}(?:印发|发布|公布|出台)"
)
_OPENING = re.compile(r"(?:一、|第一章|第一条|第一部分|\(一\)|（一）)")
_STEP = re.compile(r"(?:([一二三四五六七八九十]{1,3})、|第([一二三四五六七八九十百]{1,5})[章条])")
_NO_TITLE = re.compile(r"[:：）)。；]$|https?:|www\.|^[|\[【]|[:：].*\d{7}")
_LINK = re.compile(r"^(?:相关链接|原文链接|来源|链接|附件下载)[:：]?|^<?(?:https?://|www\.)|^\[?http")


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


@dataclass
class _Line:
    index: int  # 0-based in the source
    text: str
    key: str
    level: int


@dataclass
class _Open:
    """A document while its end is not known yet."""

    at: int  # position in the list of body lines
    title: str | None
    titles: list[str]
    item: int | None
    head_end: int  # position of the last line of its head
    section: str | None = None
    annexes: list[str] = field(default_factory=list)
    printed: bool = True
    default: bool = False  # opened only because the file begins here


def split(source: Source, contents: Contents | None) -> tuple[list[Passage], list[Warning]]:
    """The documents of a source in their order, and what its contents page says otherwise."""
    first = contents.end_line if contents else 0
    body = []
    for i in range(first, len(source.lines)):
        if i in source.furniture:
            continue
        text = line_kind.bare(source.readable(i))
        level = line_kind.heading_level(source.lines[i])
        if text or level:
            body.append(_Line(i, text, line_kind.key(text), level))
    if not body:
        return [], []
    opens, breaks = _find_starts(body, contents)
    if contents:
        opens = _fill_gaps(body, contents, opens)
    passages = _close(body, opens, breaks, contents)
    return passages, _compare(source, contents, passages) if contents else []


def title_block(body: list[_Line], at: int) -> tuple[str, int]:
    """The title that begins at body line `at`, joined over wrapped lines, and the position of its last line."""
    text, last = body[at].text, at
    level = body[at].level
    while last + 1 < len(body) and last - at < 4 and not (line_kind.TITLE_END.search(text) and text.count("《") <= text.count("》")):
        following = body[last + 1]
        if (
            line_kind.is_date_line(text) or line_kind.ends_signature(text) or _NO_TITLE.search(text) or _NO_TITLE.search(following.text) or line_kind.is_imprint(text) or line_kind.is_imprint(following.text) or line_kind.ends_signature(following.text) or
            len(text) + len(following.text) > 160 or following.level not in (level, 0) or line_kind.is_paragraph(following.text)
            or line_kind.is_number_line(following.text) or line_kind.is_recipients(following.text) or line_kind.is_date_line(following.text)
            or _OPENING.match(following.text) or not following.text
        ):
            break
        text += following.text
        last += 1
    if last > at and not line_kind.TITLE_END.search(text):
        return body[at].text, at
    while last + 1 < len(body) and re.fullmatch(r"[（(][^（）()。]{1,20}(?:版|本|修订|修正|试行|暂行|草案)[^（）()。]{0,6}[）)]", body[last + 1].text):
        text += body[last + 1].text
        last += 1
    return text, last


def _find_starts(body: list[_Line], contents: Contents | None) -> tuple[list[_Open], set[int]]:
    opens: list[_Open] = []
    breaks: set[int] = set()  # positions that belong to no document
    section = None
    used: set[int] = set()
    skip_to = 0
    for at, line in enumerate(body):
        if at < skip_to:
            continue
        if _is_section(line, contents):
            section, skip_to = line.text.strip("[]【】［］"), at + 1
            breaks.add(at)
            continue
        current = opens[-1] if opens and not any(b > opens[-1].at for b in breaks) else None
        if current and line_kind.is_annex_mark(line.text):
            current.annexes.extend(_annex_keys(body, at))
        item, score, last = _match_contents(body, at, contents, used)
        shape = _shape(body, at, closed=current is None or _is_closed(body, at), strict=contents is None)
        if current is None and not opens and contents is None:
            shape = shape or "first"
        if item is None and not shape:
            continue
        if shape == "masthead":
            title, last_of_block = _title_below(body, at)
        else:
            title, last_of_block = title_block(body, at + (shape == "number"))
        last = max(last, last_of_block)
        if title and shape == "masthead" and item is None and contents:
            item, score, _ = _match_contents(body, last_of_block, contents, used)
            if item is None:
                item = next((n for n, it in enumerate(contents.items) if n not in used and _likeness(line_kind.key(title), it.key) >= 0.6), None)
        if current and current.default and shape == "masthead" and not _has_paragraph(body, current.at, at) and not line_kind.is_title_like(current.title or ""):
            opens.pop()  # what stood above the first masthead was the cover
            current = None
        if current and _same_document(body, current, at, last, title, item, score, shape):
            if current.item is None and item is not None and item >= 0 and score >= 0.6:
                current.item = item
                used.add(item)
            if title and not line_kind.is_masthead(title) and (at <= current.head_end + 6 and not _has_paragraph(body, current.at, at) or line_kind.is_official_title(title) and not current.item):
                current.titles.append(title)
                current.head_end = max(current.head_end, last)
            skip_to = last + 1
            continue
        opens.append(_Open(at, title, [title] if title else [], item, last, section, default=shape == "first"))
        if item is not None and item >= 0:
            used.add(item)
        skip_to = last + 1
    return opens, breaks


def _title_below(body: list[_Line], at: int) -> tuple[str | None, int]:
    """The title below a masthead and its number, or the one an order promulgates: 《…条例》已经…通过，现予公布."""
    for j in range(at + 1, min(at + 6, len(body))):
        m = line_kind.ORDERED.match(body[j].text)
        if m:
            return m[1] or m[2], j
        title, last = title_block(body, j)
        if line_kind.is_official_title(title) and not line_kind.is_number_line(body[j].text):
            return title, last
    return None, at + 1


def _is_section(line: _Line, contents: Contents | None) -> bool:
    bracketed = bool(re.fullmatch(r"[\[【［][^\[\]【】［］]{2,14}[\]】］]", line.text))
    return bool(line.key) and bracketed and (contents is None or line.key in contents.sections or line.level > 0)


def _match_contents(body: list[_Line], at: int, contents: Contents | None, used: set[int]) -> tuple[int | None, float, int]:
    """Index of the contents item this line (or it and the next two) prints, how well, last position; −1: in the contents, item unclear."""
    if contents is None:
        return None, 0.0, at
    best: tuple[int | None, float, int] = (None, 0.0, at)
    joined, text = "", ""
    for last in range(at, min(at + 3, len(body))):
        if last > at and (body[last].level and not body[at].level or line_kind.is_paragraph(body[last].text)):
            break
        joined += body[last].key
        text += body[last].text
        if not 5 <= len(joined) <= 150 or "。" in text or re.search("[:：]$", text) or line_kind.is_annex_mark(text):
            if len(joined) > 150:
                break
            continue
        for n, item in enumerate(contents.items):
            score = _likeness(joined, item.key)
            if n in used:
                score -= 0.3
            if last > at and score < 1.0 and not _leads_on(body[at], body[at + 1], item.key) and _likeness(joined[len(body[at].key):], item.key) >= score:
                continue  # the title begins on a later line; this one only stands before it
            if score > best[1] and score >= 0.6:
                best = (n, score, last)
        if best[0] is None and len(joined) >= 14 and joined in contents.key and (body[at].level or line_kind.is_title_like(text)):
            best = (-1, 0.6, last)
    return best


def _leads_on(line: _Line, following: _Line, item_key: str) -> bool:
    """The issuer on a line of its own above 关于…, or the first part of a wrapped title."""
    return line.key in item_key or bool(re.fullmatch(r"[一-鿿、 ]{4,40}", line.text) and re.match("关于|印发|转发|批转", following.text))


def _likeness(a: str, b: str) -> float:
    """1 for equal keys; else the share of the longer one that the shorter covers in one piece, or nearly in one piece."""
    if a == b:
        return 1.0
    short, long = sorted((a, b), key=len)
    if len(short) < 6:
        return 0.0
    if short in long:
        return 0.55 + 0.44 * len(short) / len(long) if len(short) >= 0.35 * len(long) else 0.0
    if len(short) < 0.7 * len(long) or short[:2] not in long and short[-2:] not in long:
        return 0.0
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return ratio - 0.05 if ratio >= 0.88 else 0.0


def _shape(body: list[_Line], at: int, *, closed: bool, strict: bool) -> str | None:
    """What makes this line look like the start of an official document, if anything does.

    `strict`: the source prints no contents page, so only a whole head (title or masthead with its number) after a closed document counts.
    """
    text = body[at].text
    following = [body[j].text for j in range(at + 1, min(at + 7, len(body)))]
    if line_kind.is_masthead(text) and any(line_kind.is_number_line(t) for t in following[:2]):
        return "masthead"
    if line_kind.is_number_line(text) and following and line_kind.is_official_title(following[0]) and closed:
        after = following[1:4]
        if any(line_kind.is_recipients(t) or re.match(r"[（(].{6,60}(?:通过|公布|发布)", t) for t in after):
            return "number"
    title, last = title_block(body, at)
    if line_kind.is_number_line(text) or text.startswith("附件"):
        return None
    if not line_kind.is_official_title(title):
        headline = body[at].level and 8 <= len(text) <= 100 and not _STEP.match(text) and not line_kind.is_paragraph(text)
        whole = len(following) > 1 and line_kind.is_number_line(following[0]) and line_kind.is_recipients(following[1])
        subtitled = bool(following) and re.match(r"[-—]{1,2}\s?[《一-鿿]", following[0]) and body[at + 1].level == body[at].level
        return "headline" if headline and (whole or subtitled) else None
    after = [body[j].text for j in range(last + 1, min(last + 4, len(body)))]
    numbered = any(line_kind.is_number_line(t) for t in after[:2])
    addressed = any(line_kind.is_recipients(t) for t in after[:3])
    if numbered and (closed or body[at].level or not strict):
        return "title"
    if strict:
        return "title" if addressed and closed else None
    if addressed and (closed or body[at].level):
        return "title"
    return "title" if closed and body[at].level and "关于" in title else None


def _is_closed(body: list[_Line], at: int) -> bool:
    """Do the lines before `at` end a document: a signature with its date, an imprint, a link, 本办法自…施行?"""
    for j in range(at - 1, max(at - 7, -1), -1):
        text = body[j].text
        if line_kind.ends_signature(text) or line_kind.is_date_line(text) or line_kind.is_imprint(text) or _LINK.search(text):
            return True
        if re.search(r"(?:施行|实施|执行|生效|废止|失效)。$|起(?:施行|实施|执行|生效)[，。]|特此(?:通知|公告|函复|批复)。?$", text):
            return True
        if len(text) > 60:
            return False
    return False


def _has_paragraph(body: list[_Line], start: int, end: int) -> bool:
    return any(line_kind.is_paragraph(body[j].text) and not line_kind.is_title_like(body[j].text) for j in range(start, end))


def _annex_keys(body: list[_Line], at: int) -> list[str]:
    """Keys of the annex titles listed from an 附件 line on."""
    keys = []
    for j in range(at, min(at + 40, len(body))):
        text = body[j].text
        if j > at and (line_kind.is_date_line(text) or line_kind.ends_signature(text) or _LINK.search(text) or len(text) > 130):
            break
        name = re.sub(r"^附\s?(?:件|表|录|图)?\s?[\d一二三四五六七八九十]{0,3}\s?[:：.、．]?\s?|^\d{1,2}\s?[.、．:：]\s?|\.(?:pdf|docx?|xlsx?|wps)$", "", text)
        keys.append(line_kind.key(re.sub(r"^\d{1,2}\s?[.、．]\s?", "", name)))
    return [k for k in keys if len(k) >= 5]


def _same_document(body: list[_Line], current: _Open, at: int, last: int, title: str | None, item: int | None, score: float, shape: str | None) -> bool:
    key = line_kind.key(title or "")
    own_item = item is not None and item >= 0 and item != current.item
    if own_item and score >= 0.9 and current.item is not None:
        return any(key == k for k in current.annexes) and score < 1.0
    if not _has_paragraph(body, current.head_end + 1, at) and at - current.at <= 14 and not (own_item and current.item is not None and score > 0.8):
        return True
    if any(line_kind.is_annex_mark(body[j].text) and len(body[j].text) < 12 for j in range(max(at - 2, 0), at)):
        return True
    if len(key) >= 5 and any(key in k or k in key and len(k) > 0.7 * len(key) for k in current.annexes):
        return True
    if shape in ("masthead", "number"):
        return False  # a head of its own after running text
    for known in current.titles if key else ():
        if own_item and score >= 0.8 and current.item is not None:
            break
        k = line_kind.key(known)
        if key in k or k in key and len(k) >= 8 and not _INTERPRETS.search(title or ""):
            return True
        if _PROMULGATES.search(known) and _overlap(key, k) >= 0.7 * len(key):
            return True
    if own_item and score >= 0.8:
        return False
    text = "".join(body[j].text for j in range(current.at, at))
    if title and re.search(rf"《\s?{re.escape(title)}[》（(]", text) and (_PROMULGATES.search(text[:1200]) or "批复" in title):
        # The text announced by its covering order, or by the news item that prints it, is printed here.
        return not (current.title and _INTERPRETS.search(current.title))
    return False


def _overlap(a: str, b: str) -> int:
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size


def _fill_gaps(body: list[_Line], contents: Contents, opens: list[_Open]) -> list[_Open]:
    """Finds the seams of documents that the contents list but whose title the body does not print."""
    matched = {o.item: n for n, o in enumerate(opens) if o.item is not None and o.item >= 0}
    result = list(opens)
    n = 0
    while n < len(contents.items):
        if n in matched:
            n += 1
            continue
        stop = n
        while stop < len(contents.items) and stop not in matched:
            stop += 1
        wanted = [m for m in range(n, stop) if not _absorbed(contents.items[m], opens)]
        before = [opens[matched[m]].at for m in matched if m < n]
        after = [opens[matched[m]].at for m in matched if m >= stop]
        lo, hi = max(before, default=-1) + 1, min(after, default=len(body))
        seams = _seams(body, lo, hi, {o.at for o in opens})
        if wanted and seams:
            chosen = sorted(sorted(seams, key=lambda s: -s[1])[: len(wanted)])
            for m, (at, _) in zip(_pair(wanted, len(chosen), contents, body, chosen), chosen, strict=False):
                result.append(_Open(at, contents.items[m].title, [contents.items[m].title], m, at, printed=False))
        n = stop
    return sorted(result, key=lambda o: o.at)


def _pair(wanted: list[int], count: int, contents: Contents, body: list[_Line], chosen: list[tuple[int, float]]) -> list[int]:
    """Which of the unprinted items the seams stand for, in order; the 文种 a preamble names decides where there are fewer seams."""
    if count >= len(wanted):
        return wanted
    picked: list[int] = []
    pool = list(wanted)
    for at, _ in chosen:
        text = "".join(line.text for line in body[at : at + 4])[:600]
        pool = [m for m in pool if not picked or m > picked[-1]] or pool
        picked.append(max(pool, key=lambda m: sum(text.count(contents.items[m].key[i : i + 4]) for i in range(0, len(contents.items[m].key) - 3, 2))))
    return picked


def _absorbed(item: ContentsItem, opens: list[_Open]) -> bool:
    """A broken contents line that only repeats part of a title that was found."""
    return any(o.title and (item.key in line_kind.key(o.title) or line_kind.key(o.title) in item.key) for o in opens)


def _seams(body: list[_Line], lo: int, hi: int, taken: set[int]) -> list[tuple[int, float]]:
    """Places between `lo` and `hi` where one text ends and another begins, with the strength of the evidence."""
    seams = []
    step = 0
    for at in range(lo, hi):
        line = body[at]
        m = _STEP.match(line.text)
        if m:
            step = 99 if (m[1] or m[2]) not in "一二三四五六七八九十" else "一二三四五六七八九十".index(m[1] or m[2]) + 1
        if at in taken or at < lo + 2:
            continue
        following = [body[j].text for j in range(at, min(at + 7, hi))]
        strength = 0.0
        if line.level and not line.text:
            strength += 2
        if line_kind.is_paragraph(line.text) and _PREAMBLE.search(line.text) and not STRUCTURAL.match(line.text):
            strength += 2 + bool(re.search("制定本[^，。；]{0,8}。$", line.text))
        elif not (line.level and not line.text):
            continue
        if step > 1 and any(_OPENING.match(t) for t in following[1:]):
            strength += 1
        if _is_closed(body, at):
            strength += 0.5
        if strength >= 2.5 or line.level and not line.text:
            first = at
            while first - 1 > lo and len(body[first - 1].text) <= 12 and not line_kind.is_paragraph(body[first - 1].text) and not _STEP.match(body[first - 1].text):
                first -= 1  # what scanning left of the lost title
            if not any(first <= s <= at or s == at - 1 for s, _ in seams):
                seams.append((first, strength))
    return seams


def _close(body: list[_Line], opens: list[_Open], breaks: set[int], contents: Contents | None) -> list[Passage]:
    passages = []
    for n, o in enumerate(opens):
        stop = opens[n + 1].at if n + 1 < len(opens) else len(body)
        cut = [b for b in breaks if o.at < b < stop]
        last = min([stop, *cut]) - 1
        while last > o.at and body[last].level and not body[last].text:
            last -= 1
        titles = [t for t in dict.fromkeys(o.titles) if t]
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


def with_title(passage: Passage, title: str) -> Passage:
    """The passage under another title; the one it had is kept beside."""
    others = tuple(dict.fromkeys(t for t in (passage.title, *passage.other_titles) if t and t != title))
    return replace(passage, title=title, other_titles=others)
