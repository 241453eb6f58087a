"""Finds document numbers (发文字号) in running text: text goes in, normalised numbers with their places come out."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from kg.agencies import names as known_bodies
from kg.extract.issuer_code import LONGEST, form_of, is_central, is_joint, is_local, issuers_of_number, region_of_number
from kg.extract.number_repair import repair_code
from kg.model import DocumentNumber
from kg.numerals import NUMERAL, to_int

__all__ = ["NumberMention", "find_numbers", "issuers_of_number", "normalise_number", "number_key", "parse_number", "region_of_number", "repair_number"]


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
_HAN = "[\u4e00-\u9fff]"
# 国发〔2018〕32号 from the bracket on. A close may be any bracket (冀文物发[2019[150号) or, before a space, none; 陕科协发(2022)宣字4号.
_FROM_BRACKET = re.compile(
    rf"[{_OPEN}]{_SPACE}{{0,2}}(?P<year>{_YEAR}){_SPACE}{{0,2}}年?(?P<close>[{_OPEN}{_CLOSE}]|(?={_SPACE}{{1,2}}第?[0-9]{{1,5}}{_SPACE}?号))"
    rf"{_SPACE}{{0,2}}(?P<ordinal>第?){_SPACE}{{0,2}}(?:(?P<series>{_HAN}{{1,8}}?字){_SPACE}?第?{_SPACE}?)?"
    rf"(?P<serial>{_SERIAL})(?P<mark>{_SPACE}{{0,2}}号)?"
)
# The opening bracket lost in a scan: 国发2018〕32号.
_FROM_CLOSE = re.compile(rf"(?P<year>(?:19|20)[0-9]{{2}})(?P<close>[〕\]］】﹞]){_SPACE}?(?P<ordinal>第?){_SPACE}?(?P<serial>{_SERIAL})(?P<mark>{_SPACE}?号)")
# 第746号, of which 令 or 公告 on either side makes a number.
_ORDINAL = re.compile(rf"第{_SPACE}{{0,3}}(?P<serial>{_SERIAL}|{NUMERAL}{{1,9}}){_SPACE}{{0,3}}号")
_WITHOUT_ORDINAL = re.compile(rf"令{_SPACE}{{0,2}}[(（]?(?P<serial>[0-9]{{1,4}}){_SPACE}?号")  # 国务院令746号
_BEFORE = re.compile(
    rf"(?P<form>令|公告|通告|布告){_SPACE}{{0,6}}(?P<open>[{_OPEN}]?){_SPACE}{{0,2}}"
    rf"(?:(?P<year>{_YEAR}){_SPACE}{{0,2}}年{_SPACE}{{0,2}}|第?(?P<session>[0-9]{{1,2}}|{NUMERAL}{{1,4}})届(?P<shut>[{_CLOSE}]?){_SPACE}{{0,2}})?$"
)
_SHUT = re.compile(rf"{_SPACE}?[{_CLOSE}]")
_COUNTED = re.compile(rf"{_SPACE}?[0-9年月日期页条款项章卷%％.．]")  # （2018）1104 期: a count of something, no serial
_YEAR_BEFORE = re.compile(rf"(?P<year>(?:19|20)[0-9]{{2}}){_SPACE}{{0,2}}年{_SPACE}{{0,2}}$")
_AFTER = re.compile(rf"{_SPACE}{{0,2}}(?P<form>令|公告|通告|布告)")
# 规范性文件登记号 SDPR-2018-0040006: who registered, year, serial.
_REGISTRATION = re.compile(r"[A-Z]{4,6}(?:[0-9]{2})?[-—－–](?:19|20)[0-9]{2}[-—－–][0-9]{4,8}(?![-0-9A-Za-z])")
_SESSION = re.compile(rf"第({NUMERAL}{{1,4}}|[0-9]{{1,2}})届")

# What ends the words before a code or a body and is part of neither: titles' last words, grounds, verbs.
_LEAD = re.compile(
    "根据|依据|依照|按照|遵照|参照|比照|适用|废止|修订|修改|修正|制定|公布|发布|颁布|印发|下发|转发|批转|批准|施行|实施|执行|通过|替代|代替|同意|落实|贯彻"
    "|通知|意见|办法|规定|决定|方案|细则|通报|批复|规划|文件|文号|字号|的函|来函|号文件|号文|号|以及|同时|其中|包括|上述|关于|附件|要求|精神"
)
_WEAK = re.compile(
    r"(?:的|了|见|按|据|依|以|由|在|及|与|并|或|即|等|是|为|因|被|现|将|附|原(?![平阳州])|和(?![田县平顺静硕政])|自(?![然治贡])|对(?!外)|经(?!济))+"
)
_BODY_END = re.compile(
    r"(?:院|部|委|局|署|厅|银行|总行|政府|会|办公室|主席|总理|[省市区州县]长|党组|中心|协会|交易所|海关|小组|指挥部|人大|司)$"
)
_NOT_A_BODY = re.compile(r"(?:公司|集团|大学|学校|医院|会议|大会)$")
# Numbers of things that are not documents: certificates, licences, awards of arbitrators, judgments. Police and courts use a region's letter
# as issuers do (川公交认字, 京仲案字); what an office of the region may close its code with (粤卫许可) is refused only where no table knows it.
_CASE = re.compile(r"(?:证字|准字|许字|案字|仲裁?字|裁字|鉴字|交认字|[刑民执知][初终再申监辖]字?|行[初终再申]字?|[民刑执]字|房地?证?字|保字)$")
_CERTIFICATE = re.compile(r"(?:证|备|备字|备案|认字|[准生经]|合同|案|仲|裁|鉴|公证|登记|土字)$")
_THING = re.compile(r"[楼线院库机井桥门地路厂馆炉段洞宗船舰楼]|[栋幢]")
_COUNTRY = "中华人民共和国"
_BRACKETED_FORMS = ("公告", "通告", "布告")


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
    return kept


def parse_number(text: str) -> DocumentNumber | None:
    """The number a whole string writes, however its brackets and spaces are; None where the string is anything else.

    >>> parse_number("中华人民共和国国务院令 第 746 号").text
    '国务院令第746号'
    """
    text = text.strip().strip("\ufeff")
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
    if number is None or not number.issuer_code or number.form in ("令", *_BRACKETED_FORMS):
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


def _back(text: str, at: int, most: int = 3) -> int:
    """The place before the white space that ends at `at`."""
    stop = max(0, at - most)
    while at > stop and text[at - 1].isspace():
        at -= 1
    return at


def _run_start(text: str, end: int, most: int = 40) -> int:
    """Where the unbroken Chinese characters that end at `end` begin."""
    start, stop = end, max(0, end - most)
    while start > stop and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    return start


# --- code, bracket, serial ---------------------------------------------------------------------------------------------------------------


def _bracketed(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    groups = m.groupdict()
    year, serial, marked, series = _full_year(m["year"]), _int(m["serial"]), bool(m["mark"]), groups.get("series") or ""
    end = _back(text, m.start())
    if not marked and _COUNTED.match(text, m.end()):
        return None
    start = _code_start(text, end, marked=marked, square=text[m.start()] in "〔﹝" or m["close"] in ("〕", "﹞"), whole=whole)
    if start is None:
        return _year_first(text, m, year, serial, series)
    code = re.sub(r"\s", "", text[start:end])
    if not _plausible(code, text, m, whole):
        return None
    body = _body(text, end - 2 if code.endswith(_BRACKETED_FORMS) else end - 1, whole) if code.endswith(("令", *_BRACKETED_FORMS)) else None
    digits = m["year"] if m["year"].isascii() else str(year)
    if body and not (is_central(code) or is_local(code)):
        form = "令" if code.endswith("令") else code[-2:]
        name, joint = body[1], len(body[2]) > 1
        session = _SESSION.search(name)
        number = DocumentNumber(
            f"{name}{form}〔{digits}〕第{serial}号" if m["ordinal"] else f"{name}{form}〔{digits}〕{serial}号",
            _without_session(name), year, _int(session[1]) if session else None, serial, form, joint,
        )
        return NumberMention(body[0], m.end(), number)
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
    if is_local(code):
        return True
    if not m["mark"]:
        return False
    if _CERTIFICATE.search(code) or len(m["serial"]) > 6:
        return False
    return not (m["mark"] and _THING.match(text, m.end()))


def _code_start(text: str, end: int, *, marked: bool, square: bool, whole: bool) -> int | None:
    """Where the issuer code that ends at `end` begins; None where nothing that stands there can be one.

    Without punctuation before it the code is the longest ending that the tables can read (根据|国发, 财政部|财税), else what is left after
    the words that introduce numbers.
    """
    first = _run_start(text, end)
    if text[first - 1 : first] in ("）", ")") and end - first <= 4:  # 陕科(农)函, 宁建(科)发
        inner = re.search(rf"{_HAN}{{1,8}}[（(]{_HAN}{{1,3}}[)）]$", text[max(0, first - 14) : first])
        if inner and (start := first - len(inner[0])) >= 0:
            start = next((i for i in range(start, first - 4) if is_local(text[i:end]) or is_central(text[i:end])), None)
            if start is not None:
                return start
    if whole:
        compact = re.sub(r"\s", "", text[:end])
        alone = len(compact) <= 40 and re.fullmatch(rf"(?:{_HAN}|[、（()）〇])+", compact) and not _LEAD.match(compact)
        return 0 if alone else None
    if first == end:
        return None
    run = text[first:end]
    lead = max((lead.end() for lead in _LEAD.finditer(run)), default=0)
    # a form may follow at once (通知|国发), but a code that itself is such a word (意见〔2018〕3号) is none
    low = first + lead
    known = _known_start(text, low, end)
    if known is not None:
        return _join_spaced(text, known, end) if known == first else known
    if run.endswith(("令", *_BRACKETED_FORMS)) and (body := _body(text, end - (1 if run.endswith("令") else 2), whole)):
        return body[0]
    weak = _WEAK.match(text, low, end)
    low = weak.end() if weak else low
    spaced = _join_spaced(text, low, end) if low == first else low
    if spaced != low:
        return spaced
    if end - low > 9:  # a name of a body stands before the code: …领导小组办公室陕高企办发
        names = [i + 1 for i in range(low, end - 2) if text[i] in "局厅委院署会室府"]
        low = names[-1] if names else low
    return low if 2 <= end - low <= 9 and (square or marked) else None


def _known_start(text: str, low: int, end: int) -> int | None:
    for i in range(max(low, end - LONGEST), end):
        code = text[i:end]
        if text[i] not in "和与及按据见依以由对的经" and (is_central(code) or is_local(code)):
            return i
    return None


def _join_spaced(text: str, start: int, end: int) -> int:
    """A scan's spaces inside a code (国科发 资, 国 办 发): the longer code, where the tables know it."""
    before = _back(text, start, 2)
    if before == start or "\n" in text[before:start]:
        return start
    found = start
    for i in range(before - 1, max(-1, before - 8), -1):
        if not ("\u4e00" <= text[i] <= "\u9fff" or text[i] == " "):
            break
        code = re.sub(r"\s", "", text[i:end])
        if text[i] != " " and (is_central(code) or is_local(code)):
            found = i
    return found


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
    if whole and (bare := re.fullmatch(rf"(?:((?:19|20)[0-9]{{2}}){_SPACE}*年{_SPACE}*)?", text[: m.start()])):
        year = int(bare[1]) if bare[1] else None
        return NumberMention(0, m.end(), DocumentNumber(f"{year}年第{serial}号" if year else f"第{serial}号", None, year, None, serial))
    return None


def _of_body(
    text: str, name_end: int, end: int, form: str, year: int | None, session: int | None, serial: int, m: re.Match[str],
    before: re.Match[str] | None, whole: bool,
) -> NumberMention | None:
    name_end = _back(text, name_end, 2)
    body = _body(text, name_end, whole)
    dated = f"{year}年" if year else ""
    if body is None:
        if text[max(0, name_end - 2) : name_end] in ("公司", "集团") or not (year or whole):
            return None
        # the order is the print's: without a body there is no usual one
        written = f"{form}{dated}第{serial}号" if before else f"{dated}第{serial}号{form}"
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
    elif before and before["open"] and form in _BRACKETED_FORMS and text[end - 1] != "号":
        written = f"{name}{form}（{dated}第{serial}号）"
    else:
        written = f"{name}{form}{dated}第{serial}号"
    return NumberMention(start, end, DocumentNumber(written, _without_session(name), year, session, serial, form, len(names) > 1))


def _without_ordinal(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    body = _body(text, _back(text, m.start(), 2), whole)
    if body is None:
        return None
    start, name, names = body
    end = m.end() + (1 if text[m.end() : m.end() + 1] in ("）", ")") and "(" in m[0].replace("（", "(") else 0)
    serial = int(m["serial"])
    return NumberMention(start, end, DocumentNumber(f"{name}令第{serial}号", name, None, None, serial, "令", len(names) > 1))


def _without_session(name: str) -> str:
    return _SESSION.sub("", name)


def _body(text: str, end: int, whole: bool) -> tuple[int, str, tuple[str, ...]] | None:
    """The body or bodies named right before `end`: where they begin, their names as one string without spaces, and one by one."""
    end = _back(text, end, 4)
    first = _run_start(text, end)
    if first == end:
        return None
    start = first if whole and first == 0 else _trim(text, first, end)
    name = text[start:end]
    if name.removeprefix(_COUNTRY) == "国":  # 国令第746号, the form of the State Council's catalogue
        return start, "国务院", ("国务院",)
    if not _BODY_END.search(name) or _NOT_A_BODY.search(name) or len(name) > 32:
        return None
    written = _without_country(name)
    names = [written]
    while start == first and len(names) < 12:  # 财政部 税务总局 海关总署公告, 民政部、总后勤部令
        before = text[start - 1 : start]
        at = start - 1 if before == "、" else _back(text, start, 2)
        if at == start or at == 0:
            break
        first = _run_start(text, at)
        other = text[_trim(text, first, at) : at]
        if len(other) < 2 or not _BODY_END.search(other) or _NOT_A_BODY.search(other) or len(other) > 25 or "\n" in text[at:start]:
            break
        start = at - len(other)
        names.insert(0, _without_country(other))
        written = names[0] + ("、" if before == "、" else "") + written
    return start, written, tuple(names)


def _without_country(name: str) -> str:
    """中华人民共和国 goes before a body known without it; 中华人民共和国濒危物种进出口管理办公室 keeps it."""
    rest = name.removeprefix(_COUNTRY)
    return rest if rest in known_bodies() or rest in ("主席", "国务院") else name


def _trim(text: str, first: int, end: int) -> int:
    """Drops the words before a body's name: 修订|山东省人民政府, 10日|海关总署, 和|公安部."""
    if text[first : first + 1] == "日" and (before := _back(text, first, 2)) and text[before - 1].isdigit():
        first += 1
    lead = max((lead.end() for lead in _LEAD.finditer(text, first, end)), default=first)
    weak = _WEAK.match(text, lead, end)
    return weak.end() if weak and weak.end() < end else lead


def _registration(text: str, m: re.Match[str], whole: bool) -> NumberMention | None:
    if m.start() and re.match(r"[A-Za-z0-9/\-]", text[m.start() - 1]):
        return None
    letters, year, serial = re.split(r"[-—－–]", m[0])
    return NumberMention(m.start(), m.end(), DocumentNumber(f"{letters}-{year}-{serial}", letters, int(year), None, int(serial), "登记号"))
