"""Finds where a document number begins: a place in a text goes in, the start of the code or of the bodies' names before it comes out."""

import re

from kg.agencies import full_name
from kg.agencies import names as known_bodies
from kg.extract.issuer_code import LONGEST, is_central, is_local, opens_with_province

HAN = "[\u4e00-\u9fff]"
BRACKETED_FORMS = ("公告", "通告", "布告")
# What ends the words before a code or a body and is part of neither: titles' last words, grounds, verbs.
_LEAD = re.compile(
    "根据|依据|依照|按照|遵照|参照|比照|适用|废止|修订|修改|修正|制定|公布|发布|颁布|印发|下发|转发|批转|批准|施行|实施|执行|通过|替代|代替|同意|落实|贯彻"
    "|已被|已由|[〇○零一二三四五六七八九十]{1,3}日"
    "|通知|意见|办法|规定|决定|方案|细则|通报|批复|规划|文件|文号|字号|的函|来函|号文件|号文|号|以及|同时|其中|包括|上述|关于|附件|要求|精神"
)
_WEAK = re.compile(
    r"(?:的|了|见|按|据|依|以|由|在|及|与|并|或|即|等|是|为|因|被|现|将|附|原(?![平阳州])|和(?![田县平顺静硕政])|自(?![然治贡])|对(?!外)|经(?!济))+"
)
_BODY_END = re.compile(
    r"(?:院|部|委|局|署|厅|银行|总行|政府|会|办公室|主席|总理|[省市区州县]长|党组|中心|协会|交易所|海关|小组|指挥部|人大|司|(?:国家|行业|地方)标准(?:备案)?)$"
)
_NOT_A_BODY = re.compile(r"(?:公司|集团|大学|学校|医院|会议|大会)$")
_NO_LETTER = frozenset("和与及按据见依以由对的经即并或在为至是因被现将附原另照从向省县区我本该各")  # words of one character before a code
_UNKNOWN_LONGEST = 9  # characters of a code that no table knows
_COUNTRY = "中华人民共和国"


def back(text: str, at: int, most: int = 3) -> int:
    """The place before the white space that ends at `at`."""
    stop = max(0, at - most)
    while at > stop and text[at - 1].isspace():
        at -= 1
    return at


def _run_start(text: str, end: int, most: int = 40) -> int:
    """Where the unbroken Chinese characters that end at `end` begin, a date before them left out."""
    start, stop = end, max(0, end - most)
    while start > stop and "\u4e00" <= text[start - 1] <= "\u9fff":
        start -= 1
    dated = start < end and text[start] in "年月日" and text[start - 1 : start].isdigit()  # 1994年6月3日|法发
    return start + 1 if dated else start


def body_before(text: str, end: int, whole: bool) -> tuple[int, str, tuple[str, ...]] | None:
    """The body or bodies named right before `end`: where they begin, their names as one string without spaces, and one by one."""
    end = back(text, end, 4)
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
        at = start - 1 if before == "、" else back(text, start, 2)
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
    return rest if rest in known_bodies() or rest in ("主席", "国务院", "国家标准") else name


def _trim(text: str, first: int, end: int) -> int:
    """Drops the words before a body's name: 修订|山东省人民政府, 10日|海关总署, 和|公安部."""
    if text[first : first + 1] in ("年", "月", "日") and (before := back(text, first, 2)) and text[before - 1].isdigit():
        first += 1
    lead = max((lead.end() for lead in _LEAD.finditer(text, first, end)), default=first)
    weak = _WEAK.match(text, lead, end)
    return weak.end() if weak and weak.end() < end else lead


def code_start(text: str, end: int, *, marked: bool, square: bool, whole: bool) -> int | None:
    """Where the issuer code that ends at `end` begins; None where nothing that stands there can be one.

    Without punctuation before it the code is the longest ending that the tables can read (根据|国发, 财政部|财税), else what is left after
    the words that introduce numbers. `marked`: 号 stands behind; `square`: the year stands in 〔〕; `whole`: the text is
    nothing but the number.
    """
    if whole:
        compact = re.sub(r"\s", "", text[:end])
        alone = len(compact) <= 40 and re.fullmatch(rf"(?:{HAN}|[、（()）〇])+", compact) and not _LEAD.match(compact)
        return 0 if alone else None
    first = _run_start(text, end)
    if text[first - 1 : first] in ("）", ")") and end - first <= 4 and (start := _start_before_department(text, first, end)) is not None:
        return start
    if first == end:
        return None
    low, known = _after_leads(text, first, end)
    if known is not None:
        return _join_spaced(text, known, end) if known == first else known
    form = next((f for f in ("令", *BRACKETED_FORMS) if text.endswith(f, first, end)), None)
    if form and (body := body_before(text, end - len(form), whole)):
        return body[0]
    if low == first and (spaced := _join_spaced(text, low, end)) != low:
        return spaced
    low = _after_body(text, low, end)
    return low if 2 <= end - low <= _UNKNOWN_LONGEST and (square or marked) else None


def _after_leads(text: str, first: int, end: int) -> tuple[int, int | None]:
    """Where a code may begin at the earliest, and where one that the tables know, or that opens with a province's letter, does."""
    leads = list(_LEAD.finditer(text, first, end))
    starts = [first, *(lead.end() for lead in leads)]
    for i in range(len(starts) - 1, -1, -1):
        known = _known_start(text, starts[i], end)
        # 交规划发: a word that leads may stand inside a code; 办法 alone holds no code 法
        if known is not None and (i == len(starts) - 1 or known < leads[i].start()):
            break
    else:
        i, known = len(starts) - 1, None
    low = starts[i]
    weak = _WEAK.match(text, low, end)
    low = weak.end() if weak and (known is None or weak.end() <= known) else low
    if known is not None and known == low + 1 and text[low] not in _NO_LETTER:
        return low, low  # 容|发改审批: one character more than a code that is known, and no word
    if (known is None or 0 < known - low <= 3) and end - low <= _UNKNOWN_LONGEST and opens_with_province(text[low:end]):
        return low, low
    return low, known


def _known_start(text: str, low: int, end: int) -> int | None:
    for i in range(max(low, end - LONGEST), end):
        code = text[i:end]
        if text[i] not in _NO_LETTER and (is_central(code) or is_local(code)):
            return i
    return None


def _start_before_department(text: str, first: int, end: int) -> int | None:
    """陕科(农)函, 宁建(科)发: the department stands in brackets."""
    inner = re.search(rf"{HAN}{{1,8}}[（(]{HAN}{{1,3}}[)）]$", text[max(0, first - 14) : first])
    if inner is None:
        return None
    start = first - len(inner[0])
    lead = max((m.end() for m in _LEAD.finditer(text, start, first)), default=start)
    return next((i for i in range(lead, first - 3) if is_local(text[i:end]) or is_central(text[i:end])), None)


def _after_body(text: str, low: int, end: int) -> int:
    """A body's name may stand before a code no table knows: 河南省教育厅|教社语, …领导小组办公室|陕高企办发."""
    for i in range(end - 2, low + 3, -1):
        if text[i - 1] in "局厅委院署会室府部办" and full_name(text[low:i]):
            return i
    if end - low > _UNKNOWN_LONGEST:
        names = [i + 1 for i in range(low, end - 2) if text[i] in "局厅委院署会室府"]
        return names[-1] if names else low
    return low


def _join_spaced(text: str, start: int, end: int) -> int:
    """A scan's spaces inside a code (国科发 资, 国 办 发): the longest code the tables know, where the last piece alone is none."""
    before = back(text, start, 2)
    if before == start or "\n" in text[before:start] or (end - start > 1 and (is_central(text[start:end]) or is_local(text[start:end]))):
        return start
    found = start
    for i in range(before - 1, max(-1, before - 8), -1):
        if not ("\u4e00" <= text[i] <= "\u9fff" or text[i] == " "):
            break
        code = re.sub(r"\s", "", text[i:end])
        if text[i] != " " and (is_central(code) or is_local(code)):
            found = i
    return found
