"""Finds document numbers (发文字号) in running text: text goes in, normalised numbers with their places come out."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from kg.extract.issuer_code import form_of, is_central, is_joint, is_local, issuers_of_number, opens_with_province, region_of_number
from kg.extract.number_bounds import BRACKETED_FORMS, HAN, back, body_before, code_start
from kg.extract.number_repair import repair_code
from kg.model import DocumentNumber
from kg.numerals import NUMERAL, to_int

__all__ = [
    "NumberMention", "find_numbers", "issuers_of_number", "normalise_number", "number_key", "parse_number", "region_of_number", "repair_number",
]


@dataclass(frozen=True, slots=True)
class NumberMention:
    start: int
    end: int
    number: DocumentNumber


# --- named parts -------------------------------------------------------------------------------------------------------------------------
_OPEN, _CLOSE = r"〔\[［【(（﹝<〈", r"〕\]］】)）﹞>〉"
_SPACE = r"[ \t\u3000\xa0\r\n]"
_YEAR = r"(?:(?:19|20)[0-9]{2}|[１２][０９][０-９]{2}|[〇○零一二三四五六七八九]{4}|[5-9][0-9])"
_SERIAL = r"[0-9０-９]{1,7}"
# 国发〔2018〕32号 from the bracket on. A close may be any bracket (冀文物发[2019[150号) or, before a space, none; 陕科协发(2022)宣字4号.
_FROM_BRACKET = re.compile(
    rf"[{_OPEN}]{_SPACE}{{0,2}}(?P<year>{_YEAR}){_SPACE}{{0,2}}年?(?P<close>[{_OPEN}{_CLOSE}]|(?={_SPACE}{{1,2}}第?[0-9]{{1,5}}{_SPACE}?号))"
    rf"{_SPACE}{{0,2}}(?P<ordinal>第?){_SPACE}{{0,2}}(?:(?P<series>{HAN}{{1,8}}?字){_SPACE}?第?{_SPACE}?)?"
    rf"(?P<serial>{_SERIAL})(?P<mark>{_SPACE}{{0,2}}号)?"
)
# The opening bracket lost in a scan: 国发2018〕32号.
_FROM_CLOSE = re.compile(
    rf"(?P<year>(?:19|20)[0-9]{{2}})(?P<close>[〕\]］】﹞]){_SPACE}?(?P<ordinal>第?){_SPACE}?(?P<serial>{_SERIAL})(?P<mark>{_SPACE}?号)"
)
# 第746号, of which 令 or 公告 on either side makes a number.
_ORDINAL = re.compile(rf"第{_SPACE}{{0,3}}(?P<serial>{_SERIAL}|{NUMERAL}{{1,9}}){_SPACE}{{0,3}}号")
_WITHOUT_ORDINAL = re.compile(rf"令{_SPACE}{{0,2}}[(（]?(?P<serial>[0-9]{{1,4}}){_SPACE}?号")  # 国务院令746号
_BEFORE = re.compile(
    rf"(?P<form>令|公告|通告|布告){_SPACE}{{0,6}}(?P<open>[{_OPEN}]?){_SPACE}{{0,2}}"
    rf"(?:(?P<year>{_YEAR}){_SPACE}{{0,2}}年{_SPACE}{{0,2}}"
    rf"|第?(?P<session>[0-9]{{1,2}}|{NUMERAL}{{1,4}})届(?P<shut>[{_CLOSE}]?){_SPACE}{{0,2}})?$"
)
_SHUT = re.compile(rf"{_SPACE}?[{_CLOSE}]")
_COUNTED = re.compile(rf"{_SPACE}?[0-9年月日期页条款项章卷%％.．]")  # （2018）1104 期: a count of something, no serial
_NEXT = r"(?:、|和|及|以及)"
_NO_THING = r"(?=[、，；。）)\n]|和|及|以及|等|文|同时|自|的|$)"  # not 1号、2号楼
_SERIAL_LISTED = re.compile(rf"{_NEXT}(?P<mark>(?P<serial>[0-9]{{1,4}})号){_NO_THING}")
_ANNOUNCED_LISTED = re.compile(rf"{_NEXT}(?P<mark>(?:(?P<year>(?:19|20)[0-9]{{2}})年)?第(?P<serial>[0-9]{{1,4}})号){_NO_THING}")
_YEAR_BEFORE = re.compile(rf"(?P<year>(?:19|20)[0-9]{{2}}){_SPACE}{{0,2}}年{_SPACE}{{0,2}}$")
_BARE = re.compile(rf"(?P<code>{HAN}{{0,12}}){_SPACE}{{0,2}}(?:(?P<year>(?:19|20)[0-9]{{2}}){_SPACE}{{0,2}}年{_SPACE}{{0,2}})?")
_AFTER = re.compile(rf"{_SPACE}{{0,2}}(?P<form>令|公告|通告|布告)")
# 规范性文件登记号 SDPR-2018-0040006: who registered, year, serial.
_REGISTRATION = re.compile(r"[A-Z]{4,6}(?:[0-9]{2})?[-—－–](?:19|20)[0-9]{2}[-—－–][0-9]{4,8}(?![-0-9A-Za-z])")
_SESSION = re.compile(rf"第({NUMERAL}{{1,4}}|[0-9]{{1,2}})届")

# Numbers of things that are not documents: certificates, licences, awards, judgments. Police and courts use a region's letter
# as issuers do (川公交认字, 京仲案字); what an office of the region may close its code with (粤卫许可) is refused only where no table knows it.
_CASE = re.compile(r"(?:证字|准字|许字|案字|仲裁?字|裁字|鉴字|交认字|[刑民执知][初终再申监辖]字?|行[初终再申]字?|[民刑执]字|房地?证?字|保字)$")
_CERTIFICATE = re.compile(r"(?:证|备|备字|备案|认字|[准生经]|合同|案|仲|裁|鉴|公证|登记|土字)$")
_THING = re.compile(r"[楼线院库机井桥门地路厂馆炉段洞宗船舰楼]|[栋幢]")


def find_numbers(text: str) -> list[NumberMention]:
    """All document numbers of a text, in order, none inside another.

    Case numbers of courts, certificates, bulletin issues (（2018）1104期) and a 第3号 that no 令 or 公告 goes with are not numbers.

    >>> [m.number.text for m in find_numbers("根据国发[2018] 32 号和国务院第694号令")]
    ['国发〔2018〕32号', '国务院令第694号']
    """
    found = sorted(_mentions(text, whole=False), key=lambda m: (m.start, -m.end))
    kept: list[NumberMention] = []
    for mention in found:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
            kept += _serials_listed(text, mention)
    return kept


def _serials_listed(text: str, first: NumberMention) -> Iterator[NumberMention]:
    """豫政〔2008〕1号、5号和9号, 海关总署公告2020年第92号、2020年第124号: code, body and year are said once."""
    number = first.number
    if not number.issuer_code or not number.year or text[first.end - 1] != "号":
        return
    announced = number.form in BRACKETED_FORMS and number.text.endswith(f"{number.year}年第{number.serial}号")
    if not announced and not number.text.endswith(f"〕{number.serial}号"):
        return
    position = first.end
    while m := (_ANNOUNCED_LISTED if announced else _SERIAL_LISTED).match(text, position):
        serial, year = _int(m["serial"]), _int(m.groupdict().get("year") or str(number.year))
        written = (f"{number.text[: number.text.rindex(str(number.year))]}{year}年第{serial}号" if announced
                   else f"{number.text[: number.text.rindex('〕')]}〕{serial}号")
        yield NumberMention(m.end() - len(m["mark"]), m.end(), replace(number, text=written, year=year, serial=serial))
        position = m.end()


def parse_number(text: str) -> DocumentNumber | None:
    """The number a whole string writes, however its brackets and spaces are; None where the string is anything else.

    >>> parse_number("中华人民共和国国务院令 第 746 号").text
    '国务院令第746号'
    """
    text = text.strip().strip("\ufeff")
    if text[:1] in ("（", "(") and text[-1:] in ("）", ")"):
        text = text[1:-1].strip()
    for mention in _mentions(text, whole=True):
        if mention.start == 0 and mention.end == len(text):
            return mention.number
    return None


def normalise_number(text: str) -> str:
    """The number in the form the graph keeps: 〔〕 round the year, no spaces, no leading zeros; text that is no number only loses its spaces.

    >>> normalise_number("国科发资(2024) 028号")
    '国科发资〔2024〕28号'
    """
    number = parse_number(text)
    return number.text if number else re.sub(r"\s", "", text)


def number_key(text: str) -> str:
    """What two ways of writing one number have in common, to compare by; a number without body or code is no key to a document.

    >>> number_key("国家林业和草原局公告（2023年第4号）") == number_key("国家林业和草原局公告2023年第4号")
    True
    """
    return re.sub(r"[（）、]|中华人民共和国|(?<=〕)第", "", normalise_number(text))


def repair_number(text: str, *, known_issuers: Collection[str]) -> tuple[DocumentNumber, str] | None:
    """The number meant where a scan's slip made its code unknown, with a sentence that says what was done; None where doubt is left.

    `known_issuers` is what stands around the number: issuer codes, names of bodies or regions, or the text itself.

    >>> repair_number("漂节减办〔2021〕7号", known_issuers=["漯河市"])[0].text
    '漯节减办〔2021〕7号'
    """
    number = parse_number(text)
    if number is None or not number.issuer_code or number.form in ("令", *BRACKETED_FORMS):
        return None
    found = repair_code(number.issuer_code, number.year, known_issuers)
    repaired = parse_number(number.text.replace(number.issuer_code, found[0], 1)) if found else None
    return (repaired, found[1]) if repaired and found else None


def _mentions(text: str, *, whole: bool) -> Iterator[NumberMention]:
    passes: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str], bool], NumberMention | None]], ...] = (
        (_FROM_BRACKET, _bracketed), (_FROM_CLOSE, _bracketed), (_ORDINAL, _ordinal), (_WITHOUT_ORDINAL, _without_ordinal),
        (_REGISTRATION, _registration),
    )
    for pattern, read in passes:
        for m in pattern.finditer(text):
            if mention := read(text, m, whole):
                yield mention


def _int(text: str) -> int:
    """Arabic digits of any width, or a numeral."""
    return int(text) if text.isdecimal() else to_int(text) or 0


def _full_year(text: str) -> int:
    year = _int(text)
    return year + 1900 if year < 100 else year


# --- code, bracket, serial ---------------------------------------------------------------------------------------------------------------


def _bracketed(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    groups = m.groupdict()
    year, serial, marked, series = _full_year(m["year"]), _int(m["serial"]), bool(m["mark"]), groups.get("series") or ""
    end = back(text, m.start())
    if not marked and _COUNTED.match(text, m.end()):
        return None
    start = code_start(text, end, marked=marked, square=text[m.start()] in "〔﹝" or m["close"] in ("〕", "﹞"), whole=whole)
    if start is None:
        if whole and marked and m.start() == 0 and not series:  # a catalogue's field may leave the code out
            return NumberMention(0, m.end(), DocumentNumber(f"〔{m['year']}〕{serial}号", None, year, None, serial))
        return _year_first(text, m, year, serial, series)
    code = re.sub(r"\s", "", text[start:end])
    if not _plausible(code, text, m, whole):
        return None
    closing = next((f for f in ("令", *BRACKETED_FORMS) if code.endswith(f)), "")
    body = body_before(text, end - len(closing), whole) if closing else None
    digits = m["year"] if m["year"].isascii() else str(year)
    if body and not (is_central(code) or is_local(code)):
        form = closing
        name, joint = body[1], len(body[2]) > 1
        session = _SESSION.search(name)
        number = DocumentNumber(
            f"{name}{form}〔{digits}〕第{serial}号" if m["ordinal"] else f"{name}{form}〔{digits}〕{serial}号",
            _without_session(name), year, _int(session[1]) if session else None, serial, form, joint,
        )
        return NumberMention(body[0], m.end(), number)
    if code in ("令", *BRACKETED_FORMS):
        return NumberMention(start, m.end(), DocumentNumber(f"{code}〔{digits}〕{serial}号", None, year, None, serial, code))
    code = re.sub(r"[（(](.{1,3})[)）]", r"(\1)", code)
    written = f"{code}〔{digits}〕{series}{serial}号"
    return NumberMention(start, m.end(), DocumentNumber(written, code, year, None, serial, form_of(code), is_joint(code)))


def _year_first(text: str, m: re.Match[str], year: int, serial: int, series: str) -> NumberMention | None:
    """(86)财税字第48号, the order of the 1980s; a code no table knows is a court's or a registry's."""
    if len(series) < 3 or not m["mark"] or not (is_central(series) or is_central(series[:-1])):
        return None
    return NumberMention(m.start(), m.end(), DocumentNumber(f"〔{m['year']}〕{series}第{serial}号", series, year, None, serial, "字"))


def _plausible(code: str, text: str, m: re.Match[str], whole: bool) -> bool:
    if whole or is_central(code):
        return True
    if _CASE.search(code):
        return False
    if is_local(code) or (m["mark"] and opens_with_province(code)):
        return True
    if not m["mark"]:
        return False
    if _CERTIFICATE.search(code) or len(m["serial"]) > 6:
        return False
    return not (m["mark"] and _THING.match(text, m.end()))


# --- body, 令 or 公告, 第N号 ---------------------------------------------------------------------------------------------------------------


def _ordinal(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    serial = _int(m["serial"])
    before = _BEFORE.search(text, max(0, m.start() - 34), m.start())
    if before:
        end = m.end()
        if before["open"] and not before["shut"]:
            shut = _SHUT.match(text, end)
            end = shut.end() if shut else end
        year = _full_year(before["year"]) if before["year"] else None
        session = _int(before["session"]) if before["session"] else None
        return _of_body(text, before.start(), end, before["form"], year, session, serial, m, before, whole)
    after = _AFTER.match(text, m.end())
    if after and text[after.end() : after.end() + 1] not in ("状", "旗", "牌"):
        year_before = _YEAR_BEFORE.search(text, max(0, m.start() - 12), m.start())
        at = year_before.start() if year_before else m.start()
        year = _int(year_before["year"]) if year_before else None
        return _of_body(text, at, after.end(), after["form"], year, None, serial, m, None, whole)
    if whole and (bare := _BARE.fullmatch(text[: m.start()])):  # a catalogue's field may hold 2020年第4号, 工信部2019年第12号
        year = int(bare["year"]) if bare["year"] else None
        written = f"{bare['code']}{year}年第{serial}号" if year else f"{bare['code']}第{serial}号"
        return NumberMention(0, m.end(), DocumentNumber(written, bare["code"] or None, year, None, serial))
    return None


def _of_body(
    text: str, name_end: int, end: int, form: str, year: int | None, session: int | None, serial: int, m: re.Match[str],
    before: re.Match[str] | None, whole: bool,
) -> NumberMention | None:
    name_end = back(text, name_end, 2)
    body = body_before(text, name_end, whole)
    dated = f"{year}年" if year else ""
    if body is None:
        if text[max(0, name_end - 2) : name_end] in ("公司", "集团") or not (year or whole):
            return None
        # the order is the print's: without a body there is no usual one
        held = f"〔{before['session']}届〕" if before and before["session"] else dated
        written = f"{form}{held}第{serial}号" if before else f"{dated}第{serial}号{form}"
        start = before.start() if before else m.start() if not year else text.rindex(str(year), 0, m.start())
        return NumberMention(start, end, DocumentNumber(written, None, year, session, serial, form))
    start, name, names = body
    printed_session = _SESSION.search(name)
    if session is None and printed_session:
        session = _int(printed_session[1])
    if before and before["session"]:
        bracket = ("〔", "〕") if before["open"] else ("", "")
        written = f"{name}{form}{bracket[0]}{before['session']}届{bracket[1]}第{serial}号"
        if before["open"] and not before["shut"]:
            written = f"{name}{form}〔{before['session']}届第{serial}号〕"
    elif before and before["open"] and form in BRACKETED_FORMS and text[end - 1] != "号":
        written = f"{name}{form}（{dated}第{serial}号）"
    else:
        written = f"{name}{form}{dated}第{serial}号"
    return NumberMention(start, end, DocumentNumber(written, _without_session(name), year, session, serial, form, len(names) > 1))


def _without_ordinal(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    body = body_before(text, back(text, m.start(), 2), whole)
    if body is None:
        return None
    start, name, names = body
    end = m.end() + (1 if text[m.end() : m.end() + 1] in ("）", ")") and "(" in m[0].replace("（", "(") else 0)
    serial = int(m["serial"])
    return NumberMention(start, end, DocumentNumber(f"{name}令第{serial}号", name, None, None, serial, "令", len(names) > 1))


def _without_session(name: str) -> str:
    return _SESSION.sub("", name)


def _registration(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    if m.start() and re.match(r"[A-Za-z0-9/\-]", text[m.start() - 1]):
        return None
    letters, year, serial = re.split(r"[-—－–]", m[0])
    return NumberMention(m.start(), m.end(), DocumentNumber(f"{letters}-{year}-{serial}", letters, int(year), None, int(serial), "登记号"))
