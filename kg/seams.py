"""Finds where documents begin whose title the body does not print: the contents list them, the text alone shows the seam."""

import re
from difflib import SequenceMatcher

from kg import lines as line_kind
from kg.body import OPENING, STEP, Line, Opened, is_closed
from kg.contents import Contents, ContentsItem
from kg.text import STRUCTURAL

_PREAMBLE = re.compile(
    r"(?:制定|制订)(?:了)?(?:本|如下)?[^，。；]{0,12}(?:方案|计划|意见|办法|规定|细则|规划|措施|纲要|条例|制度)[。，]"
    r"|(?:现|特)?(?:提出|制定|作出|就|将)[^，。；]{0,40}(?:如下|以下)[^，。；]{0,12}[。：:]|^近日.{0,60}(?:印发|发布|公布|出台)"
)


def fill_gaps(body: list[Line], contents: Contents, opens: list[Opened]) -> list[Opened]:
    """Finds the seams of documents that the contents list but whose title the body does not print."""
    _give_items(opens, contents)
    matched = {o.item: n for n, o in enumerate(opens) if o.item is not None and o.item >= 0}
    keys = [line_kind.key(o.title) for o in opens if o.title]
    result = list(opens)
    n = 0
    while n < len(contents.items):
        if n in matched:
            n += 1
            continue
        stop = n
        while stop < len(contents.items) and stop not in matched:
            stop += 1
        wanted = [m for m in range(n, stop) if not _absorbed(contents.items[m], keys)]
        before = [opens[matched[m]].at for m in matched if m < n]
        after = [opens[matched[m]].at for m in matched if m >= stop]
        lo, hi = max(before, default=-1) + 1, min(after, default=len(body))
        seams = _seams(body, lo, hi, {o.at for o in opens})
        if wanted and seams:
            chosen = sorted(sorted(seams, key=lambda s: -s[1])[: len(wanted)])
            for m, (at, _) in zip(_pair(wanted, len(chosen), contents, body, chosen), chosen, strict=False):
                result.append(Opened(at, contents.items[m].title, [contents.items[m].title], m, at, printed=False))
        n = stop
    return sorted(result, key=lambda o: o.at)


def _give_items(opens: list[Opened], contents: Contents) -> None:
    """A document found by its head, and an item left over at the same place in the order, are one where their titles have most words in common."""
    for n, o in enumerate(opens):
        if o.item is not None and o.item >= 0 or not o.title:
            continue
        taken = {x.item for x in opens}
        before = max((x.item for x in opens[:n] if x.item is not None and x.item >= 0), default=-1)
        after = min((x.item for x in opens[n + 1 :] if x.item is not None and x.item >= 0), default=len(contents.items))
        key = line_kind.key(o.title)
        for m in range(before + 1, after):
            common = SequenceMatcher(None, key, contents.items[m].key, autojunk=False).find_longest_match().size
            if m not in taken and common >= 0.5 * min(len(key), len(contents.items[m].key)):
                o.item = m
                break


def _pair(wanted: list[int], count: int, contents: Contents, body: list[Line], chosen: list[tuple[int, float]]) -> list[int]:
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


def _absorbed(item: ContentsItem, keys: list[str]) -> bool:
    """A broken contents line that only repeats part of a title that was found."""
    return any(item.key in k or k in item.key for k in keys)


def _runs_on(text: str) -> bool:
    """Does a wrapped line leave its sentence open, so that the next begins nothing?"""
    return len(text) >= 20 and bool(re.search("[一-鿿，、（《“]$", text)) and not line_kind.is_title_like(text) and not line_kind.ends_signature(text)


def _seams(body: list[Line], lo: int, hi: int, taken: set[int]) -> list[tuple[int, float]]:
    """Places between `lo` and `hi` where one text ends and another begins, with the strength of the evidence."""
    seams: list[tuple[int, float]] = []
    step = 0
    begun = lo - 1  # where the document begins that runs here; its own preamble is no seam
    for at in range(lo, hi):
        line = body[at]
        m = STEP.match(line.text)
        if m:
            step = 99 if (m[1] or m[2]) not in "一二三四五六七八九十" else "一二三四五六七八九十".index(m[1] or m[2]) + 1
        if at in taken:
            begun = at
        if at in taken or at < begun + 10 and not (line.level and not line.text):
            continue
        following = [body[j].text for j in range(at, min(at + 7, hi))]
        strength = 0.0
        if line.level and not line.text:
            strength += 2
        if line_kind.is_paragraph(line.text) and _PREAMBLE.search(line.text) and not STRUCTURAL.match(line.text):
            strength += 2 + bool(re.search("制定本[^，。；]{0,8}。$", line.text))
        elif not (line.level and not line.text):
            continue
        if at > lo and strength and _runs_on(body[at - 1].text):
            continue
        if step > 1 and any(OPENING.match(t) for t in following[1:]):
            strength += 1
        if is_closed(body, at):
            strength += 0.5
        if strength >= 2.5 or line.level and not line.text:
            first = at
            while first - 1 > lo and len(body[first - 1].text) <= 12 and not line_kind.is_paragraph(body[first - 1].text) \
                    and not STEP.match(body[first - 1].text) and not line_kind.ends_signature(body[first - 1].text):
                first -= 1  # what scanning left of the lost title
            if not any(first <= s <= at or s == at - 1 for s, _ in seams):
                seams.append((first, strength))
    return seams
