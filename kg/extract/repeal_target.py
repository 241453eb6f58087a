"""Reads what stands round the name of a repealed document: clean text of its clause in; date, issuer, provisions and place in a list out.

Sources of the rules: how repeal clauses are drafted under 立法法 第七十条 and 行政法规制定程序条例 第三十二条 (a text that takes the place of
another says in its last article that it repeals it), and the list decisions of the State Council, ministries and people's congresses.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from kg.extract.not_document import is_numbered_rule
from kg.numerals import NUMERAL, to_int
from kg.tables import table

_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇○零一二三四五六七八九Ｏ０O]{3})"
_DAY = r"(?:\d{1,2}|[〇○零一二三四五六七八九十廿元]{1,3})"
DATE = rf"{_YEAR}年(?:{_DAY}月(?:{_DAY}日)?)?"
_DATE = re.compile(rf"({_YEAR})年(?:({_DAY})月(?:({_DAY})日)?)?(?![一-鿿]?度)")

_AMEND = "(?:第[一二三四五六七八九十]{1,3}次)?(?:修正|修订|修改)"
_ISSUE = "发布|公布|颁布|颁发|印发|下发|制定|制订|发出|下达|公告|作出|所发|发的|转发|令"
_ROLE = re.compile(
    rf"(?P<force>起?(?:施行|实施|执行|试行|生效)(?=的|$|[，、）)]))|(?P<amend>{_AMEND})|(?P<adopt>通过)|(?P<approve>批准|批转)|(?P<issue>{_ISSUE})"
)
_HISTORY_CLAUSE = re.compile(rf"根据[^《》根]{{0,160}}{_AMEND}")
_FROM_DAY = re.compile(rf"(?:自|从){DATE}起?[^，。；]{{0,12}}[，,]")
_ISSUER_END = re.compile(r"(?:部|委|委员会|局|厅|院|府|会|会议|办|办公室|署|银行|总行|分行|处|室|组|中央|法院|检察院|大会|军委|公司|总社|联社|工会|市|省)$")


@dataclass(frozen=True, slots=True)
class Repeal:
    """One document that a text repeals. Offsets count in the clean text."""

    start: int  # the name: 《…》 with its marks, the title without marks, or the number alone
    end: int
    title: str | None
    number: str | None  # normalised
    date: str | None  # ISO, cut to month or year where no more is printed: when it was adopted, else issued, else approved
    issuers_text: str | None  # the words that name who made it
    scope: Literal["whole", "partial"]
    provisions: tuple[str, ...]
    effective_date: str | None  # ISO; None where it is the day of issue or no day is printed beside the repeal
    trigger: str
    trigger_start: int
    trigger_end: int
    confidence: float
    exception: bool  # 除…外: something is kept; where that is part of this document, `scope` is partial


@dataclass(frozen=True, slots=True)
class Name:
    """What names a document in a clause: a title in marks, a number alone, or a title without marks."""

    start: int
    end: int  # of the name itself
    after: int  # behind the brackets and the number that belong to it
    title: str | None
    number: str | None
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """When and by whom a document was made, as the words before or behind its name say."""

    date: str | None = None  # ISO; a year or a month where no more is printed
    issuers_text: str | None = None


def iso_date(text: str) -> str | None:
    """The first date of a text as ISO, cut where the print stops: 2013-09-01, 1954-03, 1986.

    >>> iso_date("原中央人民政府政务院于一九五四年三月所发")
    '1954-03'
    """
    m = _DATE.search(text)
    return _iso(m) if m else None


def _iso(m: re.Match[str]) -> str | None:
    year, month, day = (to_int("一" if g == "元" else g) if g else None for g in m.groups())
    if year is None or month is None:
        return str(year) if year else None
    try:
        date(year, month, day or 1)
    except ValueError:
        return None
    return f"{year}-{month:02}-{day:02}" if day else f"{year}-{month:02}"


def origin(lead: str) -> Origin:
    """Date and issuer from the words before a name (or in its brackets): adoption before issue, issue before approval; never entry into force.

    >>> origin("1988年7月20日山东省第七届人民代表大会常务委员会第四次会议通过、1996年10月14日修正的").date
    '1988-07-20'
    """
    lead = _FROM_DAY.sub("", _HISTORY_CLAUSE.sub("", lead))
    hits = list(_DATE.finditer(lead))
    best: dict[str, tuple[re.Match[str], int, int]] = {}
    for i, hit in enumerate(hits):
        end = hits[i + 1].start() if i + 1 < len(hits) else len(lead)
        window = lead[hit.end() : end]
        roles = {}
        for m in _ROLE.finditer(window):
            roles.setdefault(m.lastgroup, m)
        role = next((r for r in ("adopt", "issue", "approve") if r in roles), None)
        if "amend" in roles and (role == "adopt" and "force" not in roles and roles["amend"].start() < roles["adopt"].start() or role == "approve"):
            role = None  # …会议批准修订: the date of a later edition
        if not roles and end == len(lead) and (not window.strip("的于 ") or _issuer(window) == window):
            role, span = "issue", (end, end)  # 1990年11月2日《…》, 1991年5月7日省人大常委会《…》
        elif role is not None:
            span = roles[role].span()
            span = (hit.end() + span[0], hit.end() + span[1])
        else:
            continue
        best.setdefault(role, (hit, *span))
    chosen = next((best[r] for r in ("adopt", "issue", "approve") if r in best), None)
    if chosen is None:
        return Origin(None, _issuer_alone(lead))
    hit, verb_start, _ = chosen
    issuer = _issuer(lead[hit.end() : verb_start]) or _issuer(lead[: hit.start()])
    return Origin(_iso(hit), issuer)


def _issuer(text: str) -> str | None:
    """The body at the end of a stretch: what follows the last verb, comma or date in it."""
    text = re.split(rf"[，；。：]|{_ISSUE}|批准|通过|{_AMEND}|施行|实施|执行|实行|起", text.rstrip("，、于 "))[-1]
    text = re.sub(r"^(?:[、和及与并]|以及|第?[一二三四五六七八九十百零]{1,5}[条、]|经|由|将|对|原来的)+|(?:联合|首次|原则|审议|共同|以)$|第?\d{1,4}号$", "", text)
    text = re.sub(r"^(?:经|由)", "", text).rstrip("于、")
    return text if 2 <= len(text) <= 120 and _ISSUER_END.search(text) else None


def _issuer_alone(lead: str) -> str | None:
    """国务院《…》, 原国家林业局发布的《…》, 省人大常委会原来制定的《…》: no date."""
    if not lead or lead[-1] in "，,；：":
        return None
    m = re.search(rf"([^，。；：]{{2,60}}?)(?:原来|联合|共同)?(?:{_ISSUE}|批准|通过)(?:施行|实施)?的?$", lead)
    return _issuer(m[1] if m else lead)


SEPARATOR = re.compile(r"[、，,；;]?(?:以及|和|及|与|并|暨)?(?:[（(]?(?:[一二三四五六七八九十]{1,2}|\d{1,4})[）)、.．](?!\d))?")
_STRONG = re.compile(r"、|[，,；;]?(?:以及|和|及|与|暨)|[，,；;]?[（(]?(?:[一二三四五六七八九十]{1,2}|\d{1,4})[）)、.．](?!\d)|$")


def without_separator(gap: str) -> str:
    """A gap between two names without the 、 or 和 or list mark that it opens with."""
    return SEPARATOR.sub("", gap, count=1)


def is_strong(gap: str) -> bool:
    """Does a gap between two names hold them in one list (、 和 以及, or nothing), not only in one sentence (，)?"""
    return _STRONG.match(gap) is not None


_HISTORY = re.compile(rf"(?:等[^《》，。；]{{0,30}})?(?:精神|要求)?(?:进行|予以|作[了出])?(?:{_AMEND})")


def is_history(gap: str) -> bool:
    """Does what follows a name make it an amending decision of the next name's past: …的决定》第一次修正、?"""
    return _HISTORY.match(gap) is not None


_MADE_UNDER = re.compile("(?:根据|依据|依照|按照)(?:该|上述|前述|原)[^，。；]{0,12}(?:制定|发布|公布|印发)的$")  # 州人民政府依据该条例制定的《X》
_BOUND = re.compile("根据|依据|依照|按照|遵照|参照|遵循|违反|鉴于|贯彻|落实|对照|结合")
_BOUND_END = re.compile("(?:根据|依据|依照|按照|按|遵照|参照|违反|鉴于|贯彻|落实|执行|实施|修改|修订|修正|制定|印发|发布|公布|发出|转发|通过|关于|为|与|称|名为|附|见|详见|是|即|由|因)$")


def is_bound(lead: str) -> bool:
    """Is the name after `lead` the object of a preposition or verb (根据《…》, 印发《…》), and so not what is repealed?

    >>> is_bound("根据"), is_bound("根据2010年7月30日会议决定修正的")
    (True, False)
    """
    if _BOUND_END.search(lead):
        return True
    clause = re.split("[，；：]", lead)[-1]
    if _MADE_UNDER.search(clause):
        return False
    return bool(_BOUND.search(clause)) and not re.search(rf"{_AMEND}(?:后?(?:公布|发布|实施|施行|重新发布))?的$", lead)


_CLAUSE_HEAD = re.compile(
    rf"^(?:第?[一二三四五六七八九十百零〇\d]{{1,6}}条|[（(]?[一二三四五六七八九十\d]{{1,3}}[）)、.．])?"
    rf"(?:.{{0,240}}(?:施行|实施|执行|实行|生效|[之]日起|{DATE}起)[，,：])?(?:.{{0,40}}决定)?(?:同时|现|特)?(?:对|将|把|由)?(?:我[一-鿿]{{1,3}})?(?:以前|此前|过去)?"
)
_NUMBERED = r"[一-鿿]{2,24}(?:[〔\[（(]\d{4}[〕\]）)]第?\d{1,4}号|令?第?\d{1,4}号令?|令\d{4}年第?\d{1,3}号)文?(?:发布的?|公布的?|印发的?|附发的?)?"
_MAKER = re.compile(rf"^(?:原[^，。；：]{{0,60}}|(?=.*(?:{DATE}|{_ISSUE}|批准|通过|{_AMEND}|施行|实施)).{{2,700}}(?:的|所发))$")


def names_maker(lead: str) -> bool:
    """Is the text before a name nothing but who made it and when (or nothing at all)?

    >>> names_maker("1982年8月9日国务院发布的"), names_maker("现印发")
    (True, False)
    """
    rest = _CLAUSE_HEAD.sub("", without_separator(lead), count=1)
    if not rest:
        return True
    if is_bound(rest):
        return False
    return bool(_MAKER.match(rest) or len(rest) <= 80 and not re.search("[，。；：]|的$", rest) and _ISSUER_END.search(rest)
                or re.fullmatch(rf"{DATE}|{_NUMBERED}", rest))


_ORDINAL = rf"第(?:{NUMERAL}{{1,7}}|\d{{1,4}})"
_PIN = rf"(?:{_ORDINAL}(?:条|款|项|目|章|节|部分|点)(?:之[一二三四五六七八九十])?(?:第?[（(][一二三四五六七八九十\d]{{1,3}}[）)]项?)?)"
_PINS = rf"{_PIN}{{1,5}}(?:(?:[、，和及至]|以及|中){_PIN}{{1,5}}){{0,30}}"
_PART_NOUN = "规定|条款|内容|条文|部分|章节|事项|要求|政策|标准|措施|条件|表述|附件|附表|材料|收费项目|程序|解释"
_ABOUT = rf"(?:等的?(?=有关|相关))?(?:中|内|里)?(?:的?(?:关于|有关|涉及|所有|全部|与)[^《》，。；：]{{0,80}}?|的?相关[^《》，。；：的]{{0,12}}?|的?部分|的)?(?:{_PART_NOUN})|中[^《》，。；：、和]{{2,24}}部分"
_QUOTED = r"(?:中?的?“[^”]{1,120}”(?:[、和及]“[^”]{1,120}”){0,6}(?:的|等)?[^《》，。；：]{0,20})"
_SUBJECT = rf"(?:(?:规定的[^《》，。；：]{{0,60}}?|(?:中|内)?[^《》，。；：规]{{0,60}})的?(?:{_PART_NOUN}))"
PARTIAL = re.compile(rf"(?:的)?(?:(?:附[件表录]\d{{0,2}}(?:的|中)?)?(?P<pins>{_PINS})(?:{_QUOTED}|{_SUBJECT})?|(?:中|内)(?:的)?(?P<annex>附[件表录]\d{{0,2}})|{_QUOTED}|{_ABOUT})")
_ANNEX_ONLY = re.compile(r"(?:的|中)?(附[件表录][一二三四五六七八九十\d]{1,2})")


def provisions(text: str) -> tuple[str, ...]:
    """The pinpoints of a stretch, each by itself: 第三条、第五条第二款 → two.

    >>> provisions("第三条、第五条第二款")
    ('第三条', '第五条第二款')
    """
    return tuple(re.sub(r"[（(]([一二三四五六七八九十\d]{1,3})[）)]", r"（\1）", m[0]) for m in re.finditer(rf"{_PIN}{{1,5}}", text))


def partial(text: str) -> re.Match[str] | None:
    """What follows a name and leaves only part of the document repealed: 第五条, 中有关…的规定."""
    return PARTIAL.match(text) or _ANNEX_ONLY.match(text)


def lapses(title: str) -> bool:
    """Is this the name of a licence, form, contract or single act, which lapses without being a document?

    >>> lapses("采矿许可证"), lapses("采矿登记管理办法")
    (True, False)
    """
    return not is_numbered_rule(title) and re.sub(r"[（(][^（）()]{0,40}[）)]$", "", title).endswith(lapsing_things("paper"))


@cache
def lapsing_things(kind: str | None = None) -> tuple[str, ...]:
    """The words of the table of things that lapse, of one kind or all."""
    rows = table("lapsing_things", columns=("word", "kind", "note"), key=("word",))
    return tuple(row["word"] for row in rows if kind in (None, row["kind"]))


@cache
def instrument_end() -> str:
    """A pattern for the last word of a title printed without marks."""
    words = sorted((row["word"] for row in table("instrument_words", columns=("word", "note"), key=("word",))), key=len, reverse=True)
    return "(?:" + "|".join(map(re.escape, words)) + r")(?:[（(](?:试行|暂行|草案|修订|修正|试点|第[一二三四五六七八九十]批|\d{4}年?版?)[）)])?"


_GENERIC = re.compile(r"^(?:有关|相关|其他|其它|过去|以前|以往|各|一切|所有|凡|上述|以上|下列|该|本|此|原有|现行|与|同|和|及|这|我|其|任何|地方)|抵触|不一致|不符|冲突|另有|[的]{2}")


def is_named(title: str) -> bool:
    """Is a title without marks a name, not a description (有关职称评定的规定)?"""
    return len(title) >= 6 and not _GENERIC.search(title) and not lapses(title)
