"""Turns the names that one saying repeals into records: names with the words about them in; date, issuer, scope and evidence out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.repeal_reader import Reader, Trigger
from kg.extract.repeal_target import DATE, Name, Origin, Repeal, lapses, origin, provisions, without_separator


@dataclass(frozen=True, slots=True)
class Member:
    """One name of a list of names."""

    name: Name
    lead_start: int  # where the words about it begin
    part: str | None = None  # 第五条, 中有关…的规定
    made: Origin | None = None  # where a cell of its own says it


# 根据…国务院令第218号《…的决定》修正的《X》: day and number are the decision's.
_AMENDED_BY = re.compile(
    r"(?:根据|依据|按照|依照|经)[^。；\n]{0,80}(?:《[^《》]*(?:决定|修正案|命令)》)(?:[（(][^（）()]{0,60}[）)])?(?:第[一二三四五六七]次)?(?:修正|修订|修改)(?:后)?的?$"
)
_EXCEPT = re.compile(r"除([^《》。；\n]{1,80}?)外")
_STAYS = re.compile(r"但[^。；\n]{1,80}(?:除外|继续有效|继续执行|仍然有效|仍按|不在此限)")
_OF_IT = re.compile(r"第[一二三四五六七八九十百\d]{1,5}|部分|条款|规定|内容|附件|章")


def kept(text: str, start: int, first: Member, rest: str, verb_end: int, end: int) -> str | None:
    """The words that keep something in force: 除第三条外, 但第五条继续有效."""
    before = text[start : first.name.start]
    m = _EXCEPT.search(rest) or _EXCEPT.search(before) or _STAYS.search(text, verb_end, end)
    return None if m is None or "另有" in m[0] else m[0]


def repeals(reader: Reader, members: Sequence[Member], trigger: Trigger, sentence: tuple[int, int], *, unless: str | None, partly: bool = False) -> list[Repeal]:
    """The records of one saying. `unless` are the words that keep something, `partly` says that only parts of each document go."""
    text = reader.text
    start, end = sentence
    effective = reader.effective_date(start, trigger.start, end)
    verb = text[trigger.verb : trigger.end]
    shared = members[-1].part if members[-1].part and not provisions(members[-1].part) else None
    found: list[Repeal] = []
    before = Origin()
    for i, member in enumerate(members):
        name = member.name
        lead = without_separator(text[member.lead_start : name.start]) if i else text[member.lead_start : name.start]
        amended = _AMENDED_BY.search(lead)
        if amended:
            lead = lead[: amended.start()]
        said = origin(lead)
        if said.date and not said.issuers_text and re.match(DATE, lead):
            said = Origin(said.date, before.issuers_text)  # 国务院1989年…公布的《A》和1991年…公布的《B》
        if not lead and not (name.number and before.date and not _same_year(name.number, before.date)):
            said = before  # 1979年…发布的《A》和《B》
        before = said
        made = member.made or (said if said.date or said.issuers_text else origin(text[name.end : name.after].strip("（）()")))
        if name.title is not None and lapses(name.title):
            continue
        part = member.part
        if part is None and shared and all(not without_separator(text[a.name.after : b.name.start]) for a, b in zip(members[i:], members[i + 1 :], strict=False)):
            part = shared  # 《A》和《B》中有关…的规定: said of both
        number = name.number or reader.number_between(member.lead_start, name.start - (len(amended[0]) if amended else 0))
        scope = "partial" if part or partly or unless and _OF_IT.search(unless) else "whole"
        found.append(
            Repeal(
                name.start, name.end, name.title, number, made.date, made.issuers_text, scope, provisions(part) if part else (), effective,
                trigger.text, trigger.start, trigger.end, _confidence(name, verb), unless is not None,
            )
        )
    return found


def _same_year(number: str, day: str) -> bool:
    """Could a number's year be the year of a date? 国发〔1995〕2号 was not issued in 1992."""
    m = _YEAR.search(number)
    return m is None or m[1] == day[:4]


_YEAR = re.compile(r"〔(\d{4})〕")


def _confidence(name: Name, verb: str) -> float:
    sure = 1.0 if "废" in verb else 0.95
    return sure if name.quoted and name.title else round(sure - (0.1 if name.title else 0.05), 2)
