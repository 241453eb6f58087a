"""The spaCy pipeline over one passage: its clean text in, a `Doc` with a span group per question and the structured findings out.

The order of the components stands in `COMPONENTS`. Each component matches on the text's own offsets (the tokenizer makes one token a
character, so the two agree), writes one span group under its own name, and puts its records into `doc.user_data` under the same name.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from kg.extract.agency import find_agencies
from kg.extract.document_number import NumberMention, find_numbers
from kg.extract.history import HistoryEvent
from kg.extract.identity import Identity
from kg.extract.listed_change import ListedChange, find_listed_changes
from kg.extract.listed_name import with_listed
from kg.extract.reference import Cited, Own, find_cited
from kg.extract.region import find_regions
from kg.extract.relation import Context, decide
from kg.extract.repeal import Repeal, find_repeals
from kg.extract.repeal_reader import Reader
from kg.extract.standard import find_standards
from kg.extract.standard_table import replaced_standards
from kg.extract.statute_name import find_statute_names
from kg.extract.title import find_titles
from kg.extract.title_relation import title_relations
from kg.layout import Layout
from kg.model import DocumentNumber, Relation

# Names first, then what they are taken together, then what they say: a component reads only what stands above it.
COMPONENTS = ("titles", "document_numbers", "standards", "statute_names", "agencies", "regions", "repeals", "references", "relations")
_SENTENCE_END = re.compile("[。！？\n]")
_CLAUSE_END = re.compile("[。！？；;\n]")
LONGEST_SENTENCE = 600  # characters to each side; a table cell or a list without full stops is cut there
_LONGEST_EVIDENCE = 1_000  # from an item of a long list to the words above it that repeal; behind it, the item's own line is the sentence


@dataclass(frozen=True, slots=True)
class Passage:
    """What the components are told about the passage beside its text."""

    layout: Layout
    identity: Identity
    own: Own
    history: tuple[HistoryEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A mention and what it says; positions in the clean text."""

    cited: Cited
    relation: Relation
    trigger: str | None
    sentence_start: int
    sentence_end: int
    scope: str = "whole"
    provisions: tuple[str, ...] = ()
    effective_date: str | None = None
    confidence: float = 1.0


class CharacterTokenizer:
    """One token a character. spaCy's own Chinese tokenizer is quadratic in the length of the text."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        doc = Doc(self.vocab, words=list(text), spaces=[False] * len(text)) if text else Doc(self.vocab)
        doc.user_data["text"] = text
        return doc


@cache
def pipeline() -> Language:
    """The pipeline, made once a process."""
    nlp = spacy.blank("zh")
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    nlp.max_length = 1 << 30
    for name in COMPONENTS:
        nlp.add_pipe(f"policy_{name}", name=name)
    return nlp


def analyse(text: str, passage: Passage) -> Doc:
    """Runs the pipeline on one passage."""
    nlp = pipeline()
    doc = nlp.make_doc(text)
    doc.user_data["passage"] = passage
    return nlp(doc)


def _mark(doc: Doc, name: str, found: Sequence[Any], label: str | None = None) -> None:
    doc.user_data[name] = found
    doc.spans[name] = [Span(doc, m.start, m.end, label=label or name) for m in found]


@Language.component("policy_titles")
def _titles(doc: Doc) -> Doc:
    _mark(doc, "titles", find_titles(doc.user_data["text"]))
    return doc


@Language.component("policy_document_numbers")
def _document_numbers(doc: Doc) -> Doc:
    _mark(doc, "document_numbers", find_numbers(doc.user_data["text"]))
    return doc


@Language.component("policy_standards")
def _standards(doc: Doc) -> Doc:
    _mark(doc, "standards", find_standards(doc.user_data["text"]))
    return doc


@Language.component("policy_statute_names")
def _statute_names(doc: Doc) -> Doc:
    _mark(doc, "statute_names", find_statute_names(doc.user_data["text"]))
    return doc


@Language.component("policy_agencies")
def _agencies(doc: Doc) -> Doc:
    identity = doc.user_data["passage"].identity
    _mark(doc, "agencies", find_agencies(doc.user_data["text"], jurisdiction=identity.jurisdiction, on=identity.issued))
    return doc


@Language.component("policy_regions")
def _regions(doc: Doc) -> Doc:
    identity = doc.user_data["passage"].identity
    _mark(doc, "regions", find_regions(doc.user_data["text"], jurisdiction=identity.jurisdiction, on=identity.issued))
    return doc


def _with_standards(data: dict[str, Any]) -> list[NumberMention]:
    """Numbers of documents and of standards alike: both are repealed by number."""
    standards = (NumberMention(s.start, s.end, DocumentNumber(s.number)) for s in data["standards"])
    return sorted([*data["document_numbers"], *standards], key=lambda n: n.start)


def _bare(title: str) -> str:
    return re.sub(r"[（(][^（）()]{1,14}[）)]$", "", title)


@Language.component("policy_repeals")
def _repeals(doc: Doc) -> Doc:
    data = doc.user_data
    reader = Reader(data["text"], data["titles"], _with_standards(data))
    retells = data["passage"].identity.retells
    found = [] if retells else find_repeals(reader)
    data["listed_changes"] = [] if retells else find_listed_changes(reader)
    data["changes_nothing"] = reader.retells
    body = data["passage"].layout.body_start
    said = {_bare(r.title) for r in found if r.title and r.start >= body}
    # The title 关于废止《X》的通知 says in short what the body says in full: 《X（试行）》（…号）.
    _mark(doc, "repeals", [r for r in found if r.start >= body or not r.title or _bare(r.title) not in said])
    return doc


@Language.component("policy_references")
def _references(doc: Doc) -> Doc:
    data = doc.user_data
    passage: Passage = data["passage"]
    interpreted = next((t.target_title for t in title_relations(passage.identity.title) if t.relation == "interprets"), None)
    targets = {r.start for r in data["repeals"]}
    cited, undecided = find_cited(
        data["text"], data["titles"], data["document_numbers"], data["standards"], data["statute_names"], passage.own,
        interpreted=interpreted, skip_until=passage.layout.body_start, is_target=targets.__contains__,
    )
    told = passage.identity.retells and "问答" not in passage.identity.title
    data["interpreted"] = interpreted or (_told_of(cited, data["text"]) if told else None)
    data["undecided"] = undecided
    _mark(doc, "references", cited)
    return doc


def _told_of(cited: Sequence[Cited], text: str) -> str | None:
    """The document a text without a telling title explains: the one its short title comes back to most often."""
    named = [c for c in cited if c.quoted and c.anaphor_of is None and c.title]
    if not named:
        return None
    back = Counter(c.anaphor_of for c in cited if c.anaphor_of is not None)

    def weight(c: Cited) -> tuple[int, bool, int]:
        return back[c.start] + 2 * bool(c.short_titles), bool(re.search("(?:印发|发布|公布|出台|制定)[^，。]{0,6}$", text[max(0, c.start - 12) : c.start])), -c.start

    return max(named, key=weight).title


@Language.component("policy_relations")
def _relations(doc: Doc) -> Doc:
    data = doc.user_data
    text: str = data["text"]
    passage: Passage = data["passage"]
    repeals = {r.start: r for r in data["repeals"]}
    decisions: list[Decision] = _former_editions(text, passage)
    changes = {c.start: c for c in data["listed_changes"] if c.start not in repeals}
    former = {d.cited.start for d in decisions}
    cited, undecided = with_listed(text, [c for c in data["references"] if c.start not in former], [*data["repeals"], *changes.values()])
    data["undecided"] += undecided
    masked, positions = _masked(text, cited)
    sentences, clauses = _Bounds(text, _SENTENCE_END), _Bounds(masked, _CLAUSE_END)
    titles = {t.target_title: t for t in title_relations(passage.identity.title)}
    replaced = replaced_standards(text, data["standards"])
    interpreted_said = False
    for c, position in zip(cited, positions, strict=True):
        edges = sentences.around(c.start, c.end)
        if c.start in repeals:
            decisions.append(_repealed(c, repeals[c.start], edges))
            continue
        if any(p.start <= c.start < p.end for p in passage.layout.history):
            decisions += _in_history(c, passage, edges)
            continue
        if change := changes.get(c.start):
            decisions.append(_listed(text, c, change, edges))
            continue
        if c.start in replaced:
            head = replaced[c.start]
            whole = edges[1] - head[0] <= _LONGEST_EVIDENCE
            decisions.append(Decision(c, "replaces", text[slice(*head)].strip() if whole else None, head[0] if whole else edges[0], edges[1]))
            continue
        if below := _amended_below(text, c):
            decisions.append(Decision(c, "amends", text[slice(*below)], edges[0], max(edges[1], below[1]), provisions=c.provisions))
            continue
        relation, trigger = decide(_context(masked, clauses, position, c, passage), c.title)
        named = titles.get(c.title or "")
        if passage.identity.retells:
            if c.title == data["interpreted"] and c.anaphor_of is None and not interpreted_said:
                relation, interpreted_said = "interprets", True
                trigger = next((w for w in ("解读", "答记者问", "问答", "说明") if w in text[slice(*edges)]), None)
        elif named and named.relation != "cites" and c.start < passage.layout.body_start:
            relation, trigger = named.relation, named.trigger
        elif relation == "cites" and (listed := next((g for g in passage.layout.grounds if g[0] <= c.start < g[1]), None)):
            relation = "based_on"
            if edges[1] - listed[0] <= _LONGEST_EVIDENCE:
                trigger, edges = text[listed[0] : text.index("\n", listed[0])], (listed[0], edges[1])
        decisions.append(Decision(c, relation, trigger, *edges, provisions=c.provisions))
    if data["changes_nothing"]:
        decisions = [replace(d, relation="cites", trigger=None) if d.relation in ("amends", "replaces") else d for d in decisions]
    data["relations"] = decisions
    doc.spans["relations"] = [Span(doc, d.cited.start, d.cited.end, label=d.relation) for d in decisions]
    return doc


def _repealed(c: Cited, repeal: Repeal, edges: tuple[int, int]) -> Decision:
    """What was read of a name and of its repeal together; the evidence holds both where it does not grow too long."""
    own = replace(
        c, title=c.title or repeal.title, number=c.number or repeal.number, numbers=c.numbers or ((repeal.number,) if repeal.number else ()),
        date=repeal.date or c.date, provisions=repeal.provisions or c.provisions)
    relation: Relation = "repeals" if repeal.scope == "whole" else "amends"
    both = min(edges[0], repeal.trigger_start), max(edges[1], repeal.trigger_end)
    left, right = both if both[1] - both[0] <= _LONGEST_EVIDENCE else edges
    return Decision(own, relation, repeal.trigger, left, right, repeal.scope, repeal.provisions, repeal.effective_date, repeal.confidence)


def _listed(text: str, c: Cited, change: ListedChange, edges: tuple[int, int]) -> Decision:
    """What was read of a name and of the list it stands in; the evidence holds the words over the list where it does not grow too long."""
    own = replace(c, title=c.title or change.title, number=c.number or change.number, numbers=c.numbers or ((change.number,) if change.number else ()))
    left, right = min(edges[0], change.trigger_start), max(edges[1], change.trigger_end)
    if right - left > _LONGEST_EVIDENCE:
        return Decision(own, change.relation, None, *edges)
    return Decision(own, change.relation, text[change.trigger_start : change.trigger_end], left, right)


_ITEM_ALONE = re.compile(r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])\s?$")
_CHANGE_BELOW = re.compile(
    r"(?:[（(][^（）()\n]{0,60}[）)])?[：:]?\n(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])?\s?"
    r"(?=(?:将|删去|删除|增加|在|第[一二三四五六七八九十百\d]{1,5}条))[^。\n]{0,200}?(?P<verb>修改为|改为|删去|删除|增加)")


def _amended_below(text: str, c: Cited) -> tuple[int, int] | None:
    """（二）《X》 alone on its line, and below it what is changed in it: where the words stand that change it."""
    line = text.rfind("\n", 0, c.start) + 1
    if not c.quoted or not _ITEM_ALONE.fullmatch(text, line, c.start):
        return None
    m = _CHANGE_BELOW.match(text, c.end)
    return m.span("verb") if m else None


def _in_history(c: Cited, passage: Passage, edges: tuple[int, int]) -> list[Decision]:
    """A decision that the history note under the title names; other names there are parts of such decisions' names."""
    if not re.search("决定|命令|公告", c.title or "") and c.title:
        return []
    noted = next((e.date for e in passage.history if e.start == c.start), None)  # many decisions bear one name; the day beside it tells them apart
    return [Decision(replace(c, date=c.date or noted), "cites", None, *edges)]


def _former_editions(text: str, passage: Passage) -> list[Decision]:
    """(1991年…国务院令第76号发布 2018年…修订通过): a text revised as a whole replaces its edition of the order before."""
    editions = [e for e in passage.history if e.kind in ("published", "revised")]
    if not any(e.kind == "revised" for e in editions):
        return []
    own = {n.replace("中华人民共和国", "") for n in passage.own.numbers}
    last = max(n for n, e in enumerate(editions) if e.kind == "revised")
    former = next((e for e in reversed(editions[:last]) if (e.number or "").replace("中华人民共和国", "") not in own), None)
    if former is None or former.date == editions[last].date or not (former.number or editions[last].number):
        return []
    start, end = former.start, former.end  # of its day, where no order is printed
    for n in find_numbers(text[former.paragraph_start : former.paragraph_end]) if former.number else ():
        if n.number.text == former.number:
            start, end = former.paragraph_start + n.start, former.paragraph_start + n.end
    cited = Cited(start, end, end, title=passage.identity.title, number=former.number, numbers=(former.number,) if former.number else (),
                  date=former.date, quoted=False)
    reach = former.paragraph_end
    if "修订" not in text[former.paragraph_start : reach]:
        reach = max(reach, editions[last].paragraph_end)  # the events are printed one a line
    trigger = "修订" if "修订" in text[former.paragraph_start : reach] else None
    return [Decision(cited, "replaces", trigger, former.paragraph_start, reach, effective_date=passage.identity.effective_date)]


def _masked(text: str, cited: Sequence[Cited]) -> tuple[str, list[int]]:
    """The text with every mention and its number replaced by one ◆, and for each mention its position there."""
    parts: list[str] = []
    positions: list[int] = []
    at = length = 0
    for c in cited:
        if c.start < at:  # stands inside the one before
            positions.append(length - 1)
            continue
        parts += [text[at : c.start], "◆"]
        positions.append(length + c.start - at)
        length += c.start - at + 1
        at = max(c.reach, c.end)
    parts.append(text[at:])
    return "".join(parts), positions


class _Bounds:
    """Where the sentences or clauses of a text end, found once; asked for the edges around a place."""

    def __init__(self, text: str, pattern: re.Pattern[str]) -> None:
        self.length = len(text)
        self.marks = [(m.start(), m[0]) for m in pattern.finditer(text)]
        self.starts = [start for start, _ in self.marks]

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The start behind the last end before `start`, and the next end from `end` on, its mark included unless it is a line's."""
        left = max(0, start - LONGEST_SENTENCE)
        right = min(self.length, end + LONGEST_SENTENCE)
        i = bisect_left(self.starts, start)
        if i and self.starts[i - 1] + 1 > left:
            left = self.starts[i - 1] + 1
        j = bisect_left(self.starts, end)
        if j < len(self.starts) and self.starts[j] < right:
            right = self.starts[j] + (self.marks[j][1] != "\n")
        return left, right


_MAKES_THIS = re.compile("(?:制定|制订|编制)本(?:法|条例|办法|规定|细则|方案|规则|意见|措施|规范|标准|预案|指南|规程|制度|清单|规划|计划|纲要|导则|章程|目录)")


def _context(masked: str, bounds: _Bounds, position: int, c: Cited, passage: Passage) -> Context:
    left, right = bounds.around(position, position + 1)
    quoted = masked.count("“", left, position) > masked.count("”", left, position)  # 第一条修改为：“…制定本办法” is another text's preamble
    made = not quoted and _MAKES_THIS.search(masked, position + 1, right) is not None  # wherever it stands, this is the preamble's sentence
    return Context(
        masked[left:position], masked[position + 1 : right], made or any(a <= c.start < b for a, b in passage.layout.preambles),
        passage.identity.retells, passage.identity.document_type in ("批复", "复函", "函", "答复"), c.quoted,
    )


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around a mention begins and ends."""
    near = max(0, start - LONGEST_SENTENCE)
    left, right = _Bounds(text[near : end + LONGEST_SENTENCE + 1], _SENTENCE_END).around(start - near, end - near)
    return near + left, near + right
