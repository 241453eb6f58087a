"""Turns the names that one saying repeals into records: names with the words about them in; date, issuer, scope and evidence out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.extract.repeal_reader import Reader, Trigger
from kg.extract.repeal_target import Name, Origin, Repeal, lapses, origin, provisions, without_separator


@dataclass(frozen=True, slots=True)
class Member:
    """One name of a list of names."""

    name: Name
    lead_start: int  # where the words about it begin
    part: str | None = None  # 第五条, 中有关…的规定


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
    made = Origin()
    for i, member in enumerate(members):
        name = member.name
        lead = without_separator(text[member.lead_start : name.start]) if i else text[member.lead_start : name.start]
        made = _origin(text, name, lead, made if i else Origin())
        if name.title is not None and lapses(name.title):
            continue
        part = member.part
        if part is None and shared and all(not without_separator(text[a.name.after : b.name.start]) for a, b in zip(members[i:], members[i + 1 :], strict=False)):
            part = shared  # 《A》和《B》中有关…的规定: said of both
        number = name.number or reader.number_between(member.lead_start, name.start)
        scope = "partial" if part or partly or unless and _OF_IT.search(unless) else "whole"
        found.append(
            Repeal(
                name.start, name.end, name.title, number, made.date, made.issuers_text, scope, provisions(part) if part else (), effective,
                trigger.text, trigger.start, trigger.end, _confidence(name, verb), unless is not None,
            )
        )
    return found


def _origin(text: str, name: Name, lead: str, before: Origin) -> Origin:
    """Who made a document and when: said before its name, in the brackets behind it, or once for several (…发布的《A》和《B》)."""
    said = origin(lead)
    if said.date or said.issuers_text:
        carried = before.issuers_text if said.date and not said.issuers_text and lead[:1].isdigit() else None
        return Origin(said.date, said.issuers_text or carried)
    if name.after > name.end:
        inside = origin(text[name.end : name.after].strip("（）()"))
        if inside.date or inside.issuers_text:
            return inside
    return before if not lead else Origin()


def _confidence(name: Name, verb: str) -> float:
    sure = 1.0 if "废" in verb else 0.95
    return sure if name.quoted and name.title else round(sure - (0.1 if name.title else 0.05), 2)
