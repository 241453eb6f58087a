"""Finds dates and what they date: clean text in, ISO dates with their role (成文, 施行, 失效) out.

成文日期 and 印发, 通过, 公布, 施行 are kept apart (GB/T 9704-2012 7.3.5; 立法法 第六十一条: a law states when it takes effect).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kg.numerals import to_int

_N = "[〇○零一二三四五六七八九十廿Ｏ０O0]"
_DATE = re.compile(
    rf"(?P<y>(?:19|20)\d{{2}}|[一二][〇○零一二三四五六七八九Ｏ０O0]{{3}})\s?年\s?(?P<m>\d{{1,2}}|{_N}{{1,3}})\s?月\s?(?P<d>\d{{1,2}}|{_N}{{1,3}})\s?日"
)
_ANY = r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日|[一二][〇○零一二三四五六七八九Ｏ０O0]{3}年[〇○零一二三四五六七八九十廿Ｏ0]{1,3}月[〇○零一二三四五六七八九十廿Ｏ0]{1,3}日"
_ISSUE_DAY = "(?:印发|发布|公布|颁布|下发|签发|发文|颁发|通过|批准|公告)"
_FORCE = "(?:施行|实施|执行|生效|起用|启用|试行)"
_SELF = r"(?:本|该|上述|以上|现行的?本)(?:[一-鿿]{0,8}?)(?:法|条例|办法|规定|细则|通知|意见|方案|公告|决定|规则|制度|规范|标准|措施|政策|清单|目录|批复|解释|令|规程|准则|计划|指南|章程|要求|通告|实施细则|指引|导则|守则|决议|预案|纲要|规划|函|要点|大纲|协议|议定书|名录|举措|规范性文件)"
_IN_FORCE = re.compile(
    rf"(?P<unmarked>(?<!自)(?<!从)(?<!于)(?<!自于){_ANY})起{_FORCE}|自(?:(?P<on>{_ANY})|(?:本?[一-鿿]{{0,6}}?)?(?P<issue>{_ISSUE_DAY})之?日|(?P<later>(?:{_ISSUE_DAY})之日起?(?:满)?\s?(?P<days>\d{{1,3}}|[一二三四五六七八九十]{{1,4}})\s?(?P<unit>日|天|个月)后?))\s?起?(?:正式|开始|同时|统一)?{_FORCE}"
    rf"|(?:施行|实施|执行|生效)(?:日期|时间)[为:：]\s?(?P<named>{_ANY})"
    rf"|从(?P<from>{_ANY})起{_FORCE}|于(?P<at>{_ANY})起?(?:正式)?{_FORCE}"
)
_EXPIRES = re.compile(
    rf"(?P<until>(?:有效期(?:限)?|执行期限?|实施期限?|试行期(?:限)?|施行期限?)[^，。；\n]{{0,12}}?(?:至|到)(?P<day>{_ANY})"
    rf"|(?:执行|施行|实施|试行|有效)(?:期限?)?(?:至|到)(?P<day2>{_ANY})|(?:至|到)(?P<day3>{_ANY})(?:止|失效|废止|停止(?:执行|施行)|[^，。；\n]{{0,12}}(?:自动|自行)失效))"
    rf"|(?P<term>(?:有效期(?:限)?|试行期(?:限)?|施行期|执行期(?:限)?)(?:为|是|暂定)?\s?(?P<years>\d{{1,2}}|[一二两三四五六七八九十]{{1,2}})\s?(?P<span>年|个月))"
)
_RANGE = re.compile(rf"(?:执行|实施|施行|有效)期?(?:限|间)?(?:为|自|从)(?P<from>{_ANY})(?:起)?至(?P<to>{_ANY})")
# What lapses there is not the document: a licence, a listing, a pilot.
_OTHERS = re.compile("试点|企业|证书|许可证|资质|资格|称号|名单|认定|产品|合同|批准文件|执照|公示期|聘期|任期|标志|编号|登记证|证明|备案")


@dataclass(frozen=True, slots=True)
class DateMention:
    start: int
    end: int
    iso: str


def find_dates(text: str) -> list[DateMention]:
    """Every full date of a text, Arabic or Chinese numerals; days that do not exist are left out.

    >>> [m.iso for m in find_dates("一九九三年一月十八日和2021年2月30日、2022年3月1日")]
    ['1993-01-18', '2022-03-01']
    """
    return [DateMention(m.start(), m.end(), iso) for m in _DATE.finditer(text) if (iso := _iso(m))]


def parse_date(text: str | None) -> str | None:
    """The first date of a text as ISO, or None; 2018-10-10 and 2018.10.10 count here, where a date is expected."""
    if not text:
        return None
    m = _DATE.search(text) or re.search(r"(?<!\d)(?P<y>(?:19|20)\d{2})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)", text)
    return _iso(m) if m else None


def _iso(m: re.Match[str]) -> str | None:
    parts = [to_int(m[g]) for g in "ymd"]
    try:
        return date(*parts).isoformat()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Force:
    """When a document takes effect and when it lapses, as it says of itself, with the place of each saying."""

    effective: str | None = None
    expiry: str | None = None
    effective_at: tuple[int, int] | None = None
    expiry_at: tuple[int, int] | None = None


def find_force(text: str, *, issued: str | None, titles: Iterable[str] = ()) -> Force:
    """When a document takes effect and when it lapses, as ISO, only as it says so of itself.

    `issued` stands in for 自印发之日起; `titles` are the names under which the document may speak of itself.
    A term (有效期五年) is counted from the effective date, else from `issued`, and ends the day before its anniversary.
    """
    effective = expiry = None
    effective_at = expiry_at = None
    names = [t for t in titles if t]
    for m in reversed(list(_IN_FORCE.finditer(text))):  # the last word is the closing article's
        stated = m["on"] or m["named"] or m["from"] or m["at"] or m["unmarked"]
        value = parse_date(stated) if stated else _after(issued, m["days"], m["unit"]) if m["later"] else issued
        if value and _speaks_of_itself(text, m.start(), m.end(), names):
            effective, effective_at = value, m.span()
            break
    for m in reversed(list(_EXPIRES.finditer(text))):
        if not _expiry_of_itself(text, m, names):
            continue
        value = _anniversary(effective or issued, m["years"], m["span"]) if m["term"] else parse_date(m["day"] or m["day2"] or m["day3"])
        if value:
            expiry, expiry_at = value, m.span()
            break
    for m in _RANGE.finditer(text):
        if not _OTHERS.search(text[max(0, m.start() - 12) : m.start()]):
            if effective is None:
                effective, effective_at = parse_date(m["from"]), m.span()
            if expiry is None:
                expiry, expiry_at = parse_date(m["to"]), m.span()
    return Force(effective, expiry, effective_at, expiry_at)


def _clause(text: str, start: int) -> str:
    """What stands before `start` in its sentence."""
    begin = max(text.rfind(c, max(0, start - 160), start) for c in "。；\n：")
    return text[begin + 1 : start]


def _speaks_of_itself(text: str, start: int, end: int, names: list[str]) -> bool:
    before = _clause(text, start)
    after = text[end : end + 40]
    tail = re.split("[，,]", before)[-1]
    if re.search(rf"{_SELF}[^，]{{0,6}}$", before) or re.search(rf"^[^。；]{{0,30}}{_SELF}", before) and not re.search("《", tail):
        return True
    if any(f"《{name}" in before or name in before for name in names if len(name) > 4):
        return True
    if re.search("现予(?:以)?(?:公布|发布|印发)|现(?:印发|公布|发布|批准)|通过[，,]?$|审议通过|请(?:遵照|贯彻|认真)", before):
        return True
    # 附则 may leave its subject out: 自2018年7月1日起施行。
    return not before.strip("（( ") and bool(re.match(r"[。，；）)]|$", after)) and "《" not in before


def _expiry_of_itself(text: str, m: re.Match[str], names: list[str]) -> bool:
    before = _clause(text, m.start())
    if re.search(rf"{_SELF}(?:的|自[^，。；]{{2,40}}[，,])?[^，。；]{{0,6}}$", before) and not re.search(rf"(?:{_OTHERS.pattern})[^，]{{0,8}}$", before):
        return True
    others = before.startswith("《") and not re.search("现予|现将|现印发|通过", before)  # 《X》自…起施行，有效期五年: the term of X
    if not others and re.search(rf"(?:起|日)(?!生效){_FORCE}[，,、（(]?(?:其)?(?:暂定)?$", before) or re.search("暂定$", before) and not _OTHERS.search(before):
        return True
    if any(name in before for name in names if len(name) > 4):
        return True
    return not before.strip() and not _OTHERS.search(text[m.end() : m.end() + 10])


def _after(issued: str | None, count: str, unit: str) -> str | None:
    number = to_int(count)
    if not issued or not number:
        return None
    day = date.fromisoformat(issued)
    return (_add_months(day, number) if unit == "个月" else day + timedelta(days=number)).isoformat()


def _anniversary(start: str | None, count: str, unit: str) -> str | None:
    number = to_int(count)
    if not start or not number:
        return None
    return (_add_months(date.fromisoformat(start), number * (12 if unit == "年" else 1)) - timedelta(days=1)).isoformat()


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
