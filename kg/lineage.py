"""A document's family over time: a store and a name go in; what it ended and what ended it, step by step, with what amended each, come out.

The family is what the document repealed, replaced or amended and so back, and what repealed, replaced or amended it and so forward. Amending
documents stand beside the one they amend and are not followed: one decision may amend a hundred documents that have nothing else in common.
"""

import html
import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pyoxigraph import Store

from kg.errors import UsageError
from kg.force import ENDING, Documents, Saying, as_day

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text
    from rich.tree import Tree

Role = Literal["root", "earlier", "later", "amending", "amended"]
TEMPLATE = Path(__file__).parent / "templates" / "lineage.html"


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one saying and their place."""

    sentence: str | None
    file: str | None
    line: int | None
    provisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One document ends or changes another on a day; `by` is None where only the repealing sentence tells of an amendment."""

    relation: str
    by: str | None
    of: str
    on: str | None
    scope: str
    certain: bool
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A document of the family; `begins` is its day of effect, else the day it was made; `ends` the day from which it is no longer in force."""

    iri: str
    title: str
    number: str | None
    role: Role
    generation: int  # steps back (below 0) or forward from the document asked about
    in_corpus: bool
    issued: str | None
    effective: str | None
    expiry: str | None
    begins: str | None
    ends: str | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """The family, members by when they begin, events by their days; the same graph gives the same lineage."""

    root: str
    members: tuple[Member, ...]
    events: tuple[Event, ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def member(self, iri: str) -> Member:
        return next(m for m in self.members if m.iri == iri)


def lineage(store: Store, what: str, *, edition: str | None = None) -> Lineage:
    """The family of what a number, a title or an IRI names; of several editions in one family, that of the latest.

    Raises `UsageError` where nothing bears the name, or several documents that are not one family.
    """
    documents = Documents(store)
    day = as_day(edition, whole=False)
    found = documents.find(what, day) or (documents.nearest(what, day) if day else [])
    if not found:
        raise UsageError(f"nothing in the graph is called {what!r}{f' and was made on {day}' if day else ''} · 图谱中没有此文件")
    family = lineage_of(documents, max(found, key=lambda iri: (documents.facts(iri).issued or "", iri)))
    strangers = sorted(set(found) - {m.iri for m in family.members})
    if strangers:
        names = "; ".join(f"{documents.facts(iri).issued or '?'} {iri}" for iri in sorted(found))
        raise UsageError(f"{len(found)} documents are called {what!r}; say which with --edition or the IRI · 同名文件不止一份，请指明: {names}")
    return family


def lineage_of(documents: Documents, root: str) -> Lineage:
    """The family of one document, named by its IRI."""
    places: dict[str, tuple[Role, int]] = {root: ("root", 0)}
    sayings: dict[tuple[str, str], list[Saying]] = {}  # by, of
    for role, step in (("later", 1), ("earlier", -1)):
        todo = [root]
        while todo:
            here = todo.pop(0)
            for by, of in sorted(_steps(documents, here, forward=step > 0)):
                there = by if step > 0 else of
                said = [s for s in documents.sayings(of) if s.by == by]
                sayings[by, of] = said
                follows = any(s.relation in ENDING and s.scope != "partial" and s.certain for s in said)
                if there not in places:
                    beside: Role = "amending" if step > 0 else "amended"
                    places[there] = (role, places[here][1] + step) if follows else (beside, places[here][1])  # type: ignore[assignment]
                    if follows:
                        todo.append(there)
    for iri, (role, _) in sorted(places.items()):  # what amended a member of the past is part of its story too
        if role in ("earlier", "later"):
            for by, of in sorted(_steps(documents, iri, forward=True)):
                said = [s for s in documents.sayings(of) if s.by == by]
                if by in places or all(s.relation == "amends" for s in said):
                    sayings.setdefault((by, of), said)
                    places.setdefault(by, ("amending", places[iri][1]))
    members = sorted((_member(documents, iri, *place) for iri, place in places.items()), key=lambda m: (m.begins or "9999", m.issued or "9999", m.iri))
    return Lineage(root, tuple(members), tuple(_events(sayings.items())))


def _steps(documents: Documents, iri: str, *, forward: bool) -> set[tuple[str, str]]:
    if forward:
        return {(s.by, iri) for s in documents.sayings(iri)}
    return {(iri, target) for target in documents.targets(iri) if any(s.by == iri for s in documents.sayings(target))}


def _member(documents: Documents, iri: str, role: Role, generation: int) -> Member:
    f = documents.facts(iri)
    ends = min((s.day for s in documents.sayings(iri) if s.relation in ENDING and s.scope != "partial" and s.certain and s.day
                and not (f.first and s.day < f.first)), default=None)
    return Member(iri, f.title, f.number, role, generation, f.in_corpus, f.issued, f.effective, f.expiry, f.effective or f.first,
                  min(filter(None, (ends, f.expiry)), default=None))


def _events(sayings: Iterable[tuple[tuple[str, str], list[Saying]]]) -> list[Event]:
    events: dict[tuple[str, str | None, str, str | None, str], tuple[bool, dict[Said, None]]] = {}
    for (by, of), said in sayings:
        for s in said:
            relation = "repeals" if s.scope == "partial" else s.relation
            words = Said(s.sentence, s.file, s.line, s.provisions)
            events.setdefault((relation, by, of, s.day, s.scope), (s.certain, {}))[1][words] = None
            for day in s.told_changes() if s.relation in ENDING else ():
                events.setdefault(("amends", None, of, day, "whole"), (s.certain, {}))[1][words] = None
    found = [Event(*key, certain, tuple(words)) for key, (certain, words) in events.items()]
    return sorted(found, key=lambda e: (e.on or "9999", e.of, e.by or "", e.relation))


def written(family: Lineage, format: Literal["tree", "json", "html"], *, width: int | None = None) -> bytes:
    """The family as text in UTF-8: a tree, JSON or a page; colours only where `width` says how wide the terminal is."""
    if format == "json":
        return json.dumps(family.as_json(), ensure_ascii=False, indent=2).encode() + b"\n"
    if format == "html":
        return timeline(family).encode()
    from rich.console import Console

    stream = io.StringIO()
    print_tree(family, Console(file=stream, width=width or 200, force_terminal=width is not None, highlight=False, emoji=False, markup=False))
    return stream.getvalue().encode()


# ---- the timeline as a page ----------------------------------------------------------------------------------------------------

def timeline(family: Lineage) -> str:
    """One HTML file that needs no network: a bar for each document, a mark for each amendment, evidence on a click."""
    from kg.show import relation_words

    used = {"repeals", "replaces", "supersedes", "amends"}
    data = {**family.as_json(), "words": {relation: relation_words(relation) for relation in sorted(used)}}
    # Inside <script> only < could end the element; \\u003c is the same character to JSON.
    written = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    page = TEMPLATE.read_text(encoding="utf-8")
    before, after = page.split("@DATA@")
    return before.replace("@TITLE@", html.escape(family.member(family.root).title)) + written + after


# ---- for the terminal ----------------------------------------------------------------------------------------------------------

def print_tree(family: Lineage, console: "Console") -> None:
    """Draws the family: what the document ended and so back, what amended it, what ended it and so forward."""
    from rich.text import Text
    from rich.tree import Tree

    root = family.member(family.root)
    tree = Tree(_label(root, bold=True), guide_style="dim")
    sides = (("前身与所改 earlier", lambda e, here: e.of if e.by == here else None, False),
             ("修改 amended", lambda e, here: here if e.of == here and _leaf(e) else None, True),
             ("后继 later", lambda e, here: e.by if e.of == here and not _leaf(e) else None, False))
    for heading, other, leaves in sides:
        branch = Tree(Text(heading, style="bold"), guide_style="dim")
        if leaves:
            _amendments(family, root.iri, branch)
        else:
            _grow(family, root.iri, branch, other, {root.iri})
        if branch.children:
            tree.add(branch)
    if not tree.children:
        tree.add(Text("图谱中没有废止、代替或者修改 nothing ended or changed, nothing that ends or changes it", style="dim"))
    console.print(tree)


def _leaf(e: Event) -> bool:
    return e.relation == "amends" or e.scope == "partial"


def _grow(family: Lineage, here: str, branch: "Tree", other: Any, seen: set[str]) -> None:
    for event in family.events:
        there = other(event, here)
        if there is None:
            continue
        member = family.member(there)
        child = branch.add(_event_label(event, member))
        if there in seen:
            continue
        _amendments(family, there, child, apart_from=here)
        _grow(family, there, child, other, seen | {there})


def _amendments(family: Lineage, here: str, branch: "Tree", apart_from: str | None = None) -> None:
    for event in family.events:
        if event.of == here and _leaf(event) and (event.by is None or event.by != apart_from):
            branch.add(_event_label(event, family.member(event.by) if event.by else None))


def _label(member: Member, *, bold: bool = False) -> "Text":
    from rich.text import Text

    text = Text(member.title, style="bold" if bold else "" if member.in_corpus else "italic")
    for part in (member.number, member.issued):
        if part and part != member.title:
            text.append(f"  {part}", style="cyan not bold not italic")
    span = f"{member.begins or '?'} – {member.ends or ''}".strip()
    if member.role not in ("amending",) and (member.begins or member.ends):
        text.append(f"  [{span}]", style="dim not bold not italic")
    return text


def _event_label(event: Event, member: Member | None) -> "Text":
    from rich.text import Text

    from kg.show import relation_words

    text = Text(f"{event.on or '日期不明'}  ", style="")
    text.append(relation_words(event.relation) + ("（部分 in part）" if event.scope == "partial" else ""), style="magenta")
    text.append("" if event.certain else "  尚不能确定 not certain", style="yellow")
    text.append("  ")
    text.append_text(_label(member) if member else Text("据废止它的原句 told by the sentence that repeals it", style="dim"))
    provisions = "、".join(p for said in event.said for p in said.provisions)
    text.append(f"  {provisions}" if provisions else "")
    place = next((said for said in event.said if said.file), None)
    if place:
        text.append(f"  ↳ {place.file}:{place.line}", style="green")
    return text
