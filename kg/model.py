"""The nouns of the package: plain records that stages take and return.

Offsets count characters of the text as read (`text.Source.text`), start included, end excluded; lines are 1-based.
"Unknown" is `None`. Every record is frozen, so a stage can only return new ones.
"""

from dataclasses import dataclass
from typing import Literal

Relation = Literal[
    "cites", "based_on", "implements", "amends", "interprets", "forwards", "responds_to", "calls_for_revision",
    "supersedes", "repeals", "replaces",
]
Scope = Literal["whole", "partial"]
EffectLevel = Literal[
    "Law", "AdministrativeRegulation", "DepartmentalRule", "LocalRegulation", "LocalGovernmentRule",
    "JudicialInterpretation", "PartyDocument", "NormativeDocument", "Standard", "Treaty", "Interpretation",
]
DateBasis = Literal["stated", "presumed"]  # said by the text, or by rule where the text is silent
NATIONAL = "100000"  # GB/T 2260 has no code for the whole country; 100000 is what statistical practice uses


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A 发文字号 taken apart. `text` is normalised: 国办发〔2021〕24号, 国务院令第746号."""

    text: str
    issuer_code: str | None = None  # 机关代字, or the name of the body before 令/公告
    year: int | None = None
    session: int | None = None  # 届, of a people's congress announcement (第十三届…公告第N号)
    serial: int | None = None
    form: str | None = None  # 发, 函, 办, 令, 公告 …
    joint: bool = False  # 联: issued by several bodies together


@dataclass(frozen=True, slots=True)
class Warning:
    """Something in a source that a reader must know of: a contradiction, an abstention, an unreadable stretch."""

    file: str
    line: int | None
    code: str  # a short stable name: toc_number_differs, ambiguous_target, …
    message: str  # names what was seen and what was done about it


@dataclass(frozen=True, slots=True)
class Reference:
    """One saying of one document about another, with its evidence in the source file."""

    start: int
    end: int
    line: int
    quote: str  # source text [start:end]
    sentence: str  # source text around it, exact
    relation: Relation
    title: str | None = None  # as printed, white space of wraps removed
    number: str | None = None  # normalised
    date: str | None = None  # ISO; when the target was adopted or issued, if printed
    issuers: tuple[str, ...] = ()  # full official names of the target's issuers, where printed
    short_titles: tuple[str, ...] = ()  # 以下简称《…》
    provisions: tuple[str, ...] = ()
    scope: Scope = "whole"
    trigger: str | None = None
    effective_date: str | None = None  # when a repeal takes effect, if printed
    effect_level: EffectLevel | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a document says something of itself: the words, and the sentence around them, in the source."""

    states: Literal["effective_date", "expiry_date"]
    start: int
    end: int
    line: int
    quote: str
    sentence: str


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """One document as one compilation prints it: what the text says, before it is compared with other files."""

    file: str  # path as given to the build, relative, forward slashes
    start: int
    end: int
    start_line: int
    end_line: int
    title: str
    alternative_titles: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()  # full official names
    recipients: tuple[str, ...] = ()
    document_type: str | None = None  # 文种
    effect_level: EffectLevel | None = None
    jurisdiction: str | None = None  # GB/T 2260 code
    issued: str | None = None  # ISO dates
    effective_date: str | None = None
    effective_basis: DateBasis | None = None
    expiry_date: str | None = None
    adopted: tuple[str, ...] = ()  # every day a statute's note says it was passed, published or revised on
    urls: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()  # full official names of bodies named
    regions: tuple[str, ...] = ()  # GB/T 2260 codes of places named
    references: tuple[Reference, ...] = ()
    statements: tuple[Statement, ...] = ()
    amended_by: tuple[Reference, ...] = ()  # decisions that the note under its title says amended it; each describes the decision
    section: str | None = None


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What one source file says. A pure function of the file: any machine, any order, the same record."""

    file: str
    sha256: str
    characters: int
    compilation_title: str | None  # None: the file is one document
    passages: tuple[PassageRecord, ...]
    warnings: tuple[Warning, ...] = ()


ResolvedBy = Literal["number", "title", "alias", "none"]


@dataclass(frozen=True, slots=True)
class Document:
    """One instrument as the whole corpus knows it. `name` is its readable, stable key; `aliases` are names it also answers to."""

    name: str
    title: str
    alternative_titles: tuple[str, ...]
    numbers: tuple[str, ...]
    issuers: tuple[str, ...]
    recipients: tuple[str, ...]
    document_type: str | None
    effect_level: EffectLevel | None
    jurisdiction: str | None
    issued: str | None
    effective_date: str | None
    effective_basis: DateBasis | None
    expiry_date: str | None
    passages: tuple[PassageRecord, ...]  # empty: known only because something cites it
    aliases: tuple[str, ...] = ()


CorrectionAction = Literal["merge", "split", "retitle", "renumber", "set_date", "add", "withdraw"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of a corrections file: what a person decided against what was read. `row` is its source text, from `start` to `end`."""

    file: str
    line: int
    start: int
    end: int
    row: str
    action: CorrectionAction
    subject: str
    object: str | None
    relation: str | None  # of an edge; of set_date the date that is meant: issued, effective, expiry
    value: str | None  # the new title, number or date; of an added edge, when it takes effect
    who: str
    why: str
    date: str | None


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction with the documents it is about, by name, and for an edge the relation."""

    correction: Correction
    about: tuple[str, ...]  # citing and cited for an edge
    relation: Relation | None = None


@dataclass(frozen=True, slots=True)
class ResolvedReference:
    """A reference with both its ends named. `candidates` are set where more than one document fits and none was chosen."""

    reference: Reference
    passage: PassageRecord
    citing: str
    cited: str
    resolved_by: ResolvedBy
    candidates: tuple[str, ...] = ()
    told_by_cited: bool = False  # the evidence stands in the cited document: the note under its own title
    correction: Correction | None = None  # set where a person added it


@dataclass(frozen=True, slots=True)
class Corpus:
    """All files together: documents by name, every reference resolved as far as the evidence goes, and what contradicts itself."""

    files: tuple[FileRecord, ...]
    documents: tuple[Document, ...]
    references: tuple[ResolvedReference, ...]
    warnings: tuple[Warning, ...]
    corrections: tuple[AppliedCorrection, ...] = ()
