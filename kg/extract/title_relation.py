"""Reads what a title itself says of another document: a title goes in, relations with the target's title come out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.extract.document_type import bare_title, document_type
from kg.model import Relation

__all__ = ["TitleRelation", "title_relations"]


@dataclass(frozen=True, slots=True)
class TitleRelation:
    relation: Relation
    target_title: str  # white space removed
    start: int  # of the target in the title as given
    end: int
    trigger: str  # the words that decided


_PAIRS = {"《": "》", "〈": "〉", "<": ">", "‹": "›", "＜": "＞"}
_JOIN = re.compile(r"[、，,]?(?:以及|和|及|与|暨)?[、]?")
_NAMES = r"[\u4e00-\u9fff、（）()·]{0,40}"
_SAME_DOCUMENT = re.compile(rf"(?:印发|发布|公布|颁布|下发|颁发)(?:修订后的|新修订的|修改后的)?{_NAMES}(?<!落实|贯彻|实施|执行|修改|修订|废止|转发|批转|解读)$")
_DRAFT = re.compile(r"征求.{0,80}意见|公开征求|意见稿|[(（]草案|拟(?:废止|修改|修订)|起草说明")
_ET_CETERA = r"(?:[(（][^（()）]{1,30}[)）])?(?:等.{1,30}?)?"
_READ_END = r"(?:系列|材料|稿|文稿)?(?:之[一二三四五六七八九十])?(?:$|[(（—：:])"
_END = r"(?:[(（].{0,60}[)）])?$"
_PART = r"(?:的)?(?:部分|个别|有关|若干|相关|第[一二三四五六七八九十百0-9]{1,6}[条款章])"

# Relation, words before the quoted title, words after it, trigger. The first that fits decides:废止《X》部分条款 amends, so it stands before
# 废止《X》; 补充通知 before the 批复 that a 《X》的 may close.
_RULES: tuple[tuple[Relation, re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (relation, re.compile(before + "$"), re.compile("^" + after))
    for relation, before, after in (
        ("interprets", r"(?P<t>解读|读懂)", _READ_END),
        ("interprets", r"(?:就|关于|对|围绕|)(?:印发|发布|出台)?", rf"{_ET_CETERA}(?:的)?(?:.{{0,12}}?)(?P<t>解读|答记者问|答问|释义|政策问答|解释说明){_READ_END}"),
        ("interprets", r"关于(?:审理.{1,60})?适用", rf"{_ET_CETERA}.{{0,60}}(?P<t>解释){_END}"),
        ("forwards", rf"(?P<t>转发|批转){_NAMES}", r"(?:的|等|文件|$|[(（])"),
        ("amends", r"(?P<t>废止)", rf"{_ET_CETERA}{_PART}.{{0,20}}的(?:决定|通知|公告)"),
        ("repeals", r"(?P<t>废止|停止执行|停止实施|宣布)", rf"{_ET_CETERA}(?:(?P<u>失效|废止))?的(?:决定|通知|公告|通告|公示|令){_END}"),
        ("repeals", r"(?:关于)", rf"{_ET_CETERA}(?P<t>废止|失效)的(?:决定|通知|公告|通告){_END}"),
        ("amends", r"(?P<t>修改|修正|修订)", rf"{_ET_CETERA}(?:{_PART}.{{0,20}})?的(?:决定|通知|公告|通告|决议|令){_END}"),
        ("amends", r"(?P<t>延长|延续)", rf"{_ET_CETERA}(?:的)?(?:.{{0,6}}(?:有效期|执行期|实施期|施行期|适用期|试行期)限?)(?:限)?的(?:通知|公告|决定|通告){_END}"),
        ("amends", r"(?P<t>继续执行|延续执行|继续实施|延续实施|延期执行|继续施行)", rf"{_ET_CETERA}(?:有关.{{1,10}})?的(?:通知|公告|决定|通告){_END}"),
        ("amends", r"(?:关于|将)", rf"{_ET_CETERA}(?:的)?(?P<t>有效期延长|延长有效期|有效期延期|继续有效|继续执行|继续实施|继续施行).{{0,6}}的(?:通知|公告|决定|通告){_END}"),
        ("amends", r"(?P<t>暂停执行|暂停实施|暂时停止执行|暂时调整实施|暂时调整适用|调整实施|调整适用)", r".{0,40}(?:决定|通知|公告)"),
        ("amends", r"(?:^|关于|对)", rf"{_ET_CETERA}(?:有关.{{1,20}})?的(?P<t>补充(?:通知|规定|意见|公告|说明|办法))"),
        ("responds_to", r"(?:关于|对)(?:.{0,60})", rf"{_ET_CETERA}的(?P<t>批复|复函|答复|函){_END}"),
        ("implements", r"(?P<t>(?:全面|深入|认真|坚决|学习|宣传|组织|做好|进一步)*(?:贯彻落实|贯彻实施|贯彻执行|学习贯彻|宣传贯彻|贯彻|落实|实施))", r"(?!.{0,6}(?:结果|情况|进展))"),
        ("implements", r"(?:关于|)(?:做好|)", rf"{_ET_CETERA}(?:的)?(?P<t>贯彻实施|贯彻落实|宣传贯彻|学习宣传|学习贯彻|实施(?:细则|办法|意见|方案)|实施工作)"),
    )
)
_REQUEST = re.compile(r"(?:请示|报告|函|来函|来电|建议|提案|议案|申请|意见)(?:[(（].{0,40}[)）])?$")

# Targets without marks. Each needs words that only a document's name has: 关于 inside, or the 文种 at its end.
_FORWARDED = re.compile(rf"(?:^|关于|{_NAMES})(?P<t>转发|批转)(?P<x>.{{4,160}})$")
_ARTICLED = re.compile(r"关于(?P<t>修改|修正|废止)(?P<x>(?:中华人民共和国)?[^《》〈〉和与、]{3,50}(?:条例|规定|办法|细则|法|规则))(?:部分条款|个别条款|若干条款)?的(?:决定|决议|令)$")
_EXPLAINED = re.compile(r"^(?:关于|对)?(?P<x>[^《》]{4,80}?(?:条例|办法|规定|意见|方案|细则|规划|计划|通知|目录|纲要|法))(?:的)?(?:政策|文件)?(?P<t>解读|释义)$")
_AMENDMENT = re.compile(r"^(?P<x>中华人民共和国.{1,20}?法)(?P<t>修正案)")
_LOCAL_MEASURES = re.compile(r"(?P<t>实施)(?P<x>中华人民共和国[^《》]{2,40}?法)(?:的)?(?:办法|若干规定|规定|细则)$")
_NUMBERED = re.compile(r"(?P<t>废止)(?P<x>[\u4e00-\u9fff]{2,12}〔(?:19|20)\d\d〕\d{1,5}号)")
_THINGS_FORWARDED = re.compile(r"(?:文件|材料|精神|工作)$")


def title_relations(title: str) -> tuple[TitleRelation, ...]:
    """The relations a title states, in the order of the targets. 印发《X》 states none (it is the same document), nor does a draft.

    >>> [(r.relation, r.target_title) for r in title_relations("国务院关于修改〈专利法实施细则〉的决定")]
    [('amends', '专利法实施细则')]
    """
    kept = [i for i, c in enumerate(title) if not c.isspace() and c != "\ufeff"]
    text = "".join(title[i] for i in kept)
    found: dict[tuple[str, str], TitleRelation] = {}
    if not _DRAFT.search(text):
        for relation, start, end, trigger in _relations(text, 0):
            target = text[start:end]
            found.setdefault((relation, target), TitleRelation(relation, target, kept[start], kept[end - 1] + 1, trigger))
    return tuple(sorted(found.values(), key=lambda r: (r.start, r.relation)))


def _relations(text: str, depth: int) -> Iterator[tuple[Relation, int, int, str]]:
    groups = _groups(text)
    if len(groups) == 1 and groups[0] == [(0, len(text))] and depth < 2:
        yield from _shifted(text, 1, len(text) - 1, depth)
        return
    matched = False
    for group in groups:
        before, after = text[: group[0][0]], text[group[-1][1] :]
        if not _SAME_DOCUMENT.search(before) and (said := _said(before, after)):
            for start, end in group:
                inner = text[start + 1 : end - 1]
                if said[0] == "responds_to" and not _REQUEST.search(inner):
                    continue
                matched = True
                yield said[0], start + 1, end - 1, said[1]
        elif depth < 2:
            inner = list(_shifted(text, group[0][0] + 1, group[0][1] - 1, depth)) if _SAME_DOCUMENT.search(before) else []
            matched = matched or bool(inner)
            yield from inner
    if not matched:
        yield from _unmarked(text)


def _shifted(text: str, start: int, end: int, depth: int) -> Iterator[tuple[Relation, int, int, str]]:
    for relation, s, e, trigger in _relations(text[start:end], depth + 1):
        yield relation, s + start, e + start, trigger


def _said(before: str, after: str) -> tuple[Relation, str] | None:
    for relation, left, right in _RULES:
        led, followed = left.search(before), right.search(after)
        if led and followed:
            words = led.groupdict().get("t") or followed.groupdict().get("t") or ""
            return relation, words
    return None


def _groups(text: str) -> list[list[tuple[int, int]]]:
    """Outermost marked titles, those of one list together: 《A》、《B》和《C》."""
    groups: list[list[tuple[int, int]]] = []
    at = 0
    while at < len(text):
        if text[at] not in _PAIRS or (end := _closing(text, at)) is None:
            at += 1
            continue
        if groups and _JOIN.fullmatch(text[groups[-1][-1][1] : at]):
            groups[-1].append((at, end))
        else:
            groups.append([(at, end)])
        at = end
    return groups


def _closing(text: str, at: int) -> int | None:
    opening, closing, depth = text[at], _PAIRS[text[at]], 0
    for i in range(at, min(len(text), at + 260)):
        depth += (text[i] == opening) - (text[i] == closing)
        if depth == 0:
            return i + 1
    return None


def _unmarked(text: str) -> Iterator[tuple[Relation, int, int, str]]:
    bare = bare_title(text)
    if not text.startswith(bare):
        return
    for relation, pattern in (("interprets", _EXPLAINED), ("amends", _AMENDMENT), ("implements", _LOCAL_MEASURES), ("repeals", _NUMBERED)):
        for m in pattern.finditer(text if pattern is _NUMBERED else bare):
            yield relation, m.start("x"), m.end("x"), m["t"]  # type: ignore[misc]
    if m := _ARTICLED.search(bare):
        partly = m["t"] != "废止" or "条款" in bare[m.end("x") :]
        yield ("amends" if partly else "repeals"), m.start("x"), m.end("x"), m["t"]
    if (m := _FORWARDED.search(bare)) and "《" not in m["x"]:
        target = _forwarded(m["x"])
        if target:
            start = text.index(target, m.start("x"))
            yield "forwards", start, start + len(target), m["t"]


def _forwarded(rest: str) -> str | None:
    """The forwarded title of 转发…的通知: the notice's own last words go, unless the forwarded one is a notice too and shares them."""
    if quoted := re.fullmatch(r"[^“”]{0,40}“(关于[^“”]{4,120})”的?(?:通知|函)?", rest):
        return quoted[1]
    shorter = re.sub(r"的(?:通知|函|通告)$", "", rest)
    named = "关于" in shorter or re.search(r"(?:条例|办法|规定|规划|方案|意见|计划|纲要|目录|指南|细则)$", shorter)
    if not named or _THINGS_FORWARDED.search(shorter) and "关于" not in shorter:
        return None
    notice = re.search(r"关于(?:印发|发布|公布|下达|转发|批转|征集|申报|组织)", shorter)
    return shorter if shorter != rest and document_type(shorter) and not notice else rest
