"""Was it in force on that day? A store, a name and a day go in; a status with the sayings and days that decide it comes out.

The first that holds on the day, in this order: repealed (废止, or replaced by another document), expired (its own term ran out), not yet in
force, unknown (something may have ended it and the day or the target cannot be told), partly repealed, amended, in force. A document is in
force only from a day of effect that is known or that follows from what was said of it: who repeals or amends a document on a day takes
it to be in force until then. 立法法 第六十一条: a statute states the day of its effect, and its repeal of another takes effect with it.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, TextIO

from pyoxigraph import Store

from kg.errors import UsageError
from kg.extract.date import find_dates
from kg.force import ENDING, SAME_ACT, Documents, Facts, Saying, as_day, whole_day
from kg.graph.namespaces import PKG
from kg.numerals import to_int

if TYPE_CHECKING:
    from rich.console import Console

StatusName = Literal["not_yet_in_force", "in_force", "partly_repealed", "amended", "repealed", "expired", "unknown"]
ALIVE: tuple[StatusName, ...] = ("in_force", "amended", "partly_repealed")
LONGEST_WAIT = timedelta(days=731)  # from making to effect: laws have waited a year and a few days (环境保护税法), none of late two years
_EXTENDED = re.compile(r"延长|延续|顺延|延期|继续(?:有效|执行|实施|施行)|有效期(?:限)?(?:[^，。；]{0,12})?至")
_BY_YEARS = re.compile(r"(?:延长|延续|顺延|延期)[^，。；至]{0,8}?(\d{1,2}|[一二两三四五六七八九十]{1,2})\s?年")


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: a saying with its sentence and place, or a day the document states itself; `note` says what follows from it."""

    relation: str
    by: str | None
    sentence: str | None
    file: str | None
    line: int | None
    on: str | None = None
    by_title: str | None = None
    provisions: tuple[str, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A document that was meant as well as another, with its own status on the day."""

    document: str
    title: str
    issued: str | None
    status: StatusName


@dataclass(frozen=True, slots=True)
class Status:
    document: str | None
    title: str | None
    status: StatusName
    since: str | None = None
    because: tuple[Because, ...] = ()
    candidates: tuple[Candidate, ...] = ()  # set where the name fits several documents and none was chosen
    error: str | None = None  # set where the question could not be answered at all

    def as_json(self) -> dict[str, Any]:
        """The contract's object; `candidates` and `error` only where there are any."""
        data = asdict(self)
        return {k: v for k, v in data.items() if k not in ("candidates", "error") or v}


def status(store: Store, what: str, *, on: date | str, edition: str | None = None) -> Status:
    """The status on a day of what a number, a title or an IRI names; `edition` is a day of adoption or issue.

    Raises `UsageError` for a day that is none. A name that nothing bears gives `unknown` with an `error`.
    """
    return _answer(Documents(store), what, as_day(on) or "", as_day(edition, whole=False))


def statuses(store: Store, rows: Iterable[dict[str, Any]]) -> Iterator[Status]:
    """The answer to each row `{"what", "edition", "on"}`, in order; a row that cannot be answered gives `unknown` with an `error`.

    `on` may be missing or null: today.
    """
    documents = Documents(store)
    for row in rows:
        try:
            if not isinstance(row, dict):
                raise UsageError('a row is a JSON object such as {"what": "信访条例", "edition": "2005-01-10", "on": "2022-05-01"} · 每行须为一个 JSON 对象')
            what = row.get("what")
            if not isinstance(what, str) or not what.strip():
                raise UsageError('a row needs "what": a number, a title or an IRI · 缺少 what')
            on, edition = row.get("on") or date.today(), row.get("edition") or None
            if not isinstance(on, (str, date)) or not isinstance(edition, (str, date, type(None))):
                raise UsageError('"on" and "edition" are days such as "2022-03-01" · 日期请写作 2022-03-01')
            yield _answer(documents, what, as_day(on) or "", as_day(edition, whole=False))
        except UsageError as e:
            yield Status(None, None, "unknown", error=str(e))


def status_lines(store: Store, lines: Iterable[str], out: TextIO) -> int:
    """Answers rows of JSON, one a line, with one JSON object a line; returns how many could not be answered. Blank lines are passed over."""
    failed = 0
    for answer in statuses(store, (_row(line) for line in lines if line.strip())):
        failed += answer.error is not None
        out.write(json.dumps(answer.as_json(), ensure_ascii=False) + "\n")
    return failed


def _row(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


# ---- which document ------------------------------------------------------------------------------------------------------------

def _answer(documents: Documents, what: str, on: str, edition: str | None) -> Status:
    found = documents.find(what, edition)
    near = documents.nearest(what, edition) if edition and not found else []
    if len(near) == 1:
        made = documents.facts(near[0]).made
        note = f"asked for the edition of {edition}; this is the nearest known, made {'、'.join(made) or 'on a day not known'} · 取日期最近的版本"
        answer = status_of(documents, near[0], on)
        return replace(answer, because=(*answer.because, Because("edition", near[0], None, None, None, edition, answer.title, note=note)))
    if not found:
        others = [status_of(documents, iri, on) for iri in documents.called(what)] if edition else []
        said = f"no edition of {what!r} made on {edition} is known · 没有该日期的版本" if others else f"nothing in the graph is called {what!r} · 图谱中没有此文件"
        return Status(None, None, "unknown", candidates=_candidates(documents, others), error=said)
    answers = [status_of(documents, iri, on) for iri in found]
    chosen = answers[0] if len(answers) == 1 else _choose(documents, answers, on)
    if chosen:
        return chosen
    titles = {a.title for a in answers}
    note = Because("edition", None, None, None, None, note="several documents bear this name and it cannot be told which is meant · 同名文件不止一份，无法确定所指")
    return Status(None, titles.pop() if len(titles) == 1 else None, "unknown", None, (note,), _candidates(documents, answers))


def _choose(documents: Documents, answers: list[Status], on: str) -> Status | None:
    """Of several documents of one name the one a person means who asks on that day: the latest made by then, if nothing speaks against it."""
    first = {a.document: documents.facts(a.document or "").first for a in answers}
    alive = [a for a in answers if a.status in ALIVE]
    made = sorted((a for a in answers if (first[a.document] or "9999") <= on), key=lambda a: first[a.document] or "")
    if len(alive) > 1:
        dated = [a for a in made if a in alive]
        return dated[-1] if dated and len(dated) == len(alive) and first[dated[-1].document] != first[dated[-2].document] else None
    if all(a.status == "not_yet_in_force" for a in answers):
        return min(answers, key=lambda a: (first[a.document] or "9999", a.document or ""))
    doubtful = [a for a in answers if a.status == "unknown"]
    if alive:
        later = [a for a in doubtful if (first[a.document] or "") > (first[alive[0].document] or "9999")]
        return None if later else alive[0]
    ended = [a for a in answers if a.status in ("repealed", "expired")]
    if made and made[-1].status != "not_yet_in_force":
        return made[-1] if not ended or made[-1] in ended or first[made[-1].document] is not None else None
    if ended:
        return max(ended, key=lambda a: (a.since or "", a.document or ""))
    return (doubtful or answers)[0] if len(doubtful or answers) == 1 else None


def _candidates(documents: Documents, answers: list[Status]) -> tuple[Candidate, ...]:
    rows = (Candidate(a.document or "", a.title or "", documents.facts(a.document or "").issued, a.status) for a in answers)
    return tuple(sorted(rows, key=lambda c: (c.issued or "9999", c.document)))


# ---- its status ----------------------------------------------------------------------------------------------------------------

def status_of(documents: Documents, iri: str, on: str) -> Status:
    """The status of one document, named by its IRI, on an ISO day."""
    facts = documents.facts(iri)
    case = _Case(documents, facts, on)
    name, since, because = case.decide()
    seen: dict[tuple[object, ...], Because] = {}
    for reason in because:  # the amendment that shows a document to be in force is often the one that made it amended
        seen.setdefault((reason.relation, reason.by, reason.file, reason.line, reason.on, reason.sentence), reason)
    return Status(iri, facts.title, name, since, tuple(seen.values()))


class _Case:
    """One document on one day."""

    def __init__(self, documents: Documents, facts: Facts, on: str) -> None:
        self.documents, self.facts, self.on = documents, facts, on
        said = documents.sayings(facts.iri)
        ends = [s for s in said if s.relation in ENDING and s.scope != "partial"]
        # A repeal older than its target cannot be of this edition; it is no ground for anything here.
        self.misdated = [s for s in ends if s.day and facts.first and s.day < facts.first]
        self.ends = [s for s in ends if s not in self.misdated]
        self.parts = [s for s in said if s.scope == "partial" and s.certain]
        amends = [s for s in said if s.relation == "amends" and s.scope != "partial" and s.certain]
        self.extensions = [s for s in amends if s.sentence and _EXTENDED.search(s.sentence)]
        self.changes = [s for s in amends if s not in self.extensions]
        known = {s.day for s in self.changes}
        self.told = sorted({day: s for s in reversed(self.ends) if s.certain for day in s.told_changes() if day not in known}.items())

    def decide(self) -> tuple[StatusName, str | None, list[Because]]:
        """Name, since when, and why."""
        ended = [s for s in self.ends if s.certain and s.day and s.day <= self.on]
        if ended:
            return "repealed", ended[0].day, [self._why(s) for s in ended]
        expired = self._expired()
        if expired:
            return expired
        early = self._not_yet()
        if early:
            return early
        doubts = [s for s in self.ends if not (s.certain and s.day) and (s.day or s.made or "") <= self.on]
        if doubts:
            return "unknown", None, [self._why(s, _doubt(s)) for s in doubts]
        begun, grounds = self._begun()
        if not begun:
            return "unknown", None, [*grounds, *(self._why(s, "an older document cannot repeal a younger one; left out · 早于被废止文件，不计") for s in self.misdated)]
        parts = [s for s in self.parts if s.day is None or s.day <= self.on]
        if parts:
            return "partly_repealed", parts[0].day, [*(self._why(s) for s in parts), *grounds]
        changes = [s for s in self.changes if s.day is None or s.day <= self.on]
        told = [(day, s) for day, s in self.told if day <= self.on]
        revisions = [day for day in self._revisions() if day <= self.on]
        if changes or told or revisions:
            since = max([s.day for s in changes if s.day] + [day for day, _ in told] + revisions, default=None)
            return "amended", since, [*(self._why(s) for s in changes), *(self._told(day, s) for day, s in told),
                                      *(self._own("revised", day) for day in revisions), *grounds]
        return "in_force", self.facts.effective if (self.facts.effective or "9999") <= self.on else None, grounds

    # ---- beginning -----------------------------------------------------------------------------------------------------------

    def _not_yet(self) -> tuple[StatusName, str | None, list[Because]] | None:
        facts, on = self.facts, self.on
        if facts.first and on < facts.first:
            return "not_yet_in_force", None, [self._own("issued", facts.first, "not yet made on that day · 该日尚未制定")]
        if facts.effective and on < facts.effective and not self._former_text():
            since = facts.issued if facts.issued and facts.issued <= on else None
            return "not_yet_in_force", since, [self._own("effective_date", facts.effective)]
        return None

    def _former_text(self) -> bool:
        """Whether the day of effect is that of a revised text, so that a former text was in force before it."""
        first, effective = whole_day(self.facts.first), whole_day(self.facts.effective)
        return bool(first and effective and effective - first > LONGEST_WAIT)

    def _begun(self) -> tuple[bool, list[Because]]:
        """Whether the document is known to have taken effect by the day, and why."""
        facts, on = self.facts, self.on
        if facts.effective and facts.effective <= on:
            note = "not stated; presumed from the day of issue · 原文未述施行日期，推定自成文之日" if facts.presumed else None
            return True, [self._own("effective_date", facts.effective, note)]
        witnesses = sorted(self._witnesses(), key=lambda w: (w[0], w[1].by or "", w[1].line or 0))
        past = [w for w in witnesses if w[0] <= on]
        if past:
            return True, [past[0][1]]
        first = whole_day(facts.first)
        if witnesses and first and date.fromisoformat(on) - first > LONGEST_WAIT:
            return True, [self._own("issued", facts.first, "made long before that day · 该日之前早已制定"), witnesses[0][1]]
        if not facts.first and not facts.effective:
            return False, [self._own("effective_date", None, "neither the day it was made nor a day of effect is known · 制定和施行日期均不明")]
        why = "the day its former text took effect is not known · 修订前文本的施行日期不明" if facts.effective else "its day of effect is not known · 施行日期不明"
        return False, [self._own("effective_date" if facts.effective else "issued", facts.effective or facts.first, why)]

    def _witnesses(self) -> Iterator[tuple[str, Because]]:
        """Days on which others take the document to be in force: who repeals it when they speak and until the repeal, who amends it."""
        for s in self.ends:
            day = whole_day(s.day)
            if s.certain and day:
                eve = (day - timedelta(days=1)).isoformat()
                made = whole_day(s.made)
                spoken = s.made if s.made and made and s.made < eve and day - made <= LONGEST_WAIT else eve
                yield spoken, self._why(s, "its repeal takes it to be in force until that day · 该日废止，可知此前有效")
        for s in (*self.changes, *self.parts, *self.extensions):
            if s.day:
                yield s.day, self._why(s)
        for day_told, s in self.told:
            yield day_told, self._told(day_told, s)

    def _revisions(self) -> list[str]:
        """Days on which the text was made anew after it had taken effect, of which the graph knows no amending document."""
        first, effective = whole_day(self.facts.first), whole_day(self.facts.effective)
        if first is None:
            return []
        known = {s.day for s in self.changes} | {day for day, _ in self.told}
        later = [day for day in self.facts.made if (d := whole_day(day)) and d - first > SAME_ACT and day not in known and not (effective and d < effective)]
        return sorted({*later, *([self.facts.effective] if self.facts.effective and self._former_text() else [])})

    # ---- end -----------------------------------------------------------------------------------------------------------------

    def _expired(self) -> tuple[StatusName, str | None, list[Because]] | None:
        """Expired by its own term, extensions made by the day taken into account; an extension without end leaves it open."""
        last, why = self.facts.expiry, [self._own("expiry_date", self.facts.expiry)] if self.facts.expiry else []
        for s in self.extensions:
            if s.day and s.day <= self.on:
                until = _extended_to(s, last)
                if until is None and last and last < self.on:
                    return "unknown", None, [*why, self._why(s, "extended, but until when is not known · 已延长，期限不明")]
                last, why = max(until or "", last or "") or None, [*why, self._why(s)]
        if last is None or last >= self.on:
            return None
        day = whole_day(last)
        return "expired", (day + timedelta(days=1)).isoformat() if day else None, why

    # ---- reasons -------------------------------------------------------------------------------------------------------------

    def _why(self, s: Saying, note: str | None = None) -> Because:
        note = note or ("in part · 部分" if s.scope == "partial" else None)
        return Because(s.relation if s.scope != "partial" else "repeals", s.by, s.sentence, s.file, s.line, s.day, self.documents.facts(s.by).title,
                       s.provisions, note)

    def _told(self, day: str, s: Saying) -> Because:
        return Because("amends", None, s.sentence, s.file, s.line, day, note="told by the sentence that repeals it · 据废止该文件的原句")

    def _own(self, relation: str, day: str | None, note: str | None = None) -> Because:
        predicate = {"effective_date": PKG.effectiveDate, "expiry_date": PKG.expiryDate}.get(relation)
        place = self.documents.stated(self.facts.iri, predicate) if predicate else (None, self.facts.file, self.facts.line)
        return Because(relation, self.facts.iri, *place, day, self.facts.title, (), note)


def _doubt(s: Saying) -> str:
    if not s.certain:
        return "may be the document that this repeals; it fits others as well · 可能是被废止的文件，尚不能确定"
    return "repealed, but the day of the repeal is not known · 已被废止，废止日期不明"


def _extended_to(s: Saying, last: str | None) -> str | None:
    """The new last day: 有效期延长至2027年12月31日, or so many years after the old one."""
    sentence = s.sentence or ""
    for m in _EXTENDED.finditer(sentence):
        stop = min((p for c in "。；" if (p := sentence.find(c, m.end())) >= 0), default=len(sentence))
        dates = find_dates(sentence[m.start(): stop])
        if dates:
            return dates[-1].iso
    m = _BY_YEARS.search(sentence)
    old = whole_day(last)
    if m and old and (years := to_int(m[1].replace("两", "二"))):
        return _in_year(old, old.year + years).isoformat()
    return None


def _in_year(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes the 28th."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)



# ---- for the terminal ----------------------------------------------------------------------------------------------------------

_WORDS: dict[StatusName, tuple[str, str]] = {
    "not_yet_in_force": ("尚未生效 not yet in force", "yellow"), "in_force": ("有效 in force", "green"),
    "partly_repealed": ("部分废止 partly repealed", "yellow"), "amended": ("有效（已修改） in force, amended", "green"),
    "repealed": ("已废止 repealed", "red"), "expired": ("已失效 expired", "red"), "unknown": ("不明 unknown", "magenta"),
}
_GROUNDS = {
    "effective_date": "施行 takes effect", "expiry_date": "有效期至 valid until", "issued": "制定 made", "revised": "修订 revised", "edition": "版本 edition",
}


def print_status(answer: Status, on: str, console: "Console") -> None:
    """Draws an answer: the status on a line of its own, then each reason with its sentence and place, then the candidates."""
    from rich.padding import Padding
    from rich.text import Text

    from kg.show import relation_words

    words, colour = _WORDS[answer.status]
    if answer.title:
        console.print(Text(answer.title, style="bold"))
    line = Text(f"{on}  ")
    line.append(words, style=f"bold {colour}")
    line.append(f"  自 since {answer.since}" if answer.since else "")
    console.print(line)
    if answer.document:
        console.print(Text(answer.document, style="dim"))
    if answer.status in ALIVE:
        console.print(Text("  所读文件中未见将其全部废止者 · nothing in the files read repeals it as a whole", style="dim"))
    for reason in answer.because:
        own = reason.relation in _GROUNDS
        head = Text(f"  {_GROUNDS[reason.relation] if own else relation_words(reason.relation)}", style="magenta")
        for part in (reason.on, None if own else f"《{reason.by_title}》" if reason.by_title else reason.by, "、".join(reason.provisions)):
            head.append(f"  {part}" if part else "", style="")
        console.print(head)
        if reason.note:
            console.print(Padding(Text(reason.note, style="yellow"), (0, 0, 0, 4)))
        if reason.sentence:
            console.print(Padding(Text(_unwrapped(reason.sentence), style="dim"), (0, 0, 0, 4)))
        if reason.file and (reason.sentence or own):
            console.print(Text(f"    ↳ {reason.file}:{reason.line}", style="green"))
    if answer.candidates:
        console.print(Text("  可能是 may be one of", style="magenta"))
    for candidate in answer.candidates:
        console.print(Text(f"    {candidate.title}  {candidate.issued or '日期不明'}  {_WORDS[candidate.status][0]}  {candidate.document}"))


def _unwrapped(sentence: str) -> str:
    """Line wraps taken out; a blank line, which parts paragraphs, becomes a line end."""
    return "\n".join("".join(line.strip() for line in paragraph.splitlines()) for paragraph in re.split(r"\n\s*\n", sentence))
