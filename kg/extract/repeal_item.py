"""Reads one line of a list or table of documents: the line in; the documents it names, with number, date and provisions, out.

A line may be an item (1.《A》（国发〔1993〕12号）; 豫政〔1999〕12号 关于…的意见) or a row of a table, whose cells stand in any order.
"""

import re
from dataclasses import replace
from functools import cache

from kg.extract.document_number import NumberMention
from kg.extract.repeal_member import Member
from kg.extract.repeal_reader import Reader
from kg.extract.repeal_target import DATE, Name, Origin, instrument_end, is_strong, iso_date, lapses, names_maker, origin, partial, without_separator

_ENUMERATION = re.compile(
    r"[ \t]*(?:(?P<a>[一二三四五六七八九十百]{1,4}[、.．])|(?P<b>[（(][一二三四五六七八九十百]{1,4}[）)])|(?P<c>\d{1,4}[.．、](?!\d))|(?P<d>[（(]\d{1,4}[）)]|\d{1,4}[）)])"
    r"|(?P<e>[①-⑳㈠-㈩⑴-⒇])|(?P<f>第[一二三四五六七八九十百]{1,4}[条项、])|(?P<g>[-—·●•]))?[、\s]*"
)
_CLOSE = re.compile(r"(?:等[^《》，。；：]{0,30})?(?:[（(][^（）()]{0,60}[）)])?[；;。，,、\s|]*")
_NOTED = re.compile(r"\s?[（(]([^（）()]{4,120}(?:[（(][^（）()]{0,20}[）)][^（）()]{0,20})?)[）)][；;。，,]?")  # 海关总署公告2006年第46号（关于…的公告）
_REASON = re.compile(r"[一-鿿]{0,4}(?:理由|原因|说明|备注)[:：]")
# 《A》（…号），…工作按照《B》执行: what holds instead stands behind the item
_FOLLOWED = re.compile(r"[，,](?!.*(?:除外|继续有效|继续执行|保留|仍然|暂不))[^\n]{0,40}(?:按照|依照|执行|适用|以)[^\n]{0,160}")
_SPACE = " \t\u3000，,:："


def style(text: str, position: int) -> str | None:
    """How the line at a position is counted: the name of its kind of mark, None where it bears none."""
    return _ENUMERATION.match(text, position).lastgroup


def read_item(reader: Reader, start: int, end: int) -> list[Member] | None:
    """The documents that one line names, or None where the line is something else."""
    text = reader.text
    if "|" in text[start:end]:
        return _row(reader, start, end)
    start = _ENUMERATION.match(text, start, end).end()
    start += text.startswith("原", start)
    number = next((n for n in reader.numbers_between(start, end) if n.start == start), None)
    if number:  # 豫政〔1999〕12号 关于…的意见
        rest = text[number.end : end]
        if (noted := _NOTED.fullmatch(rest)) and (noted[1].startswith("关于") or noted[1].startswith("《")):
            at = number.end + noted.start(1)
            title = noted[1].strip("《》")
            return [Member(Name(at, at + len(noted[1]), end, title, number.number.text, quoted=noted[1].startswith("《")), start)]
        named = _names(reader, end - len(rest.lstrip(_SPACE)), end) if rest.strip(_SPACE) else None
        if named and len(named) == 1 and named[0].name.title and not named[0].name.number:
            return [replace(named[0], name=replace(named[0].name, number=number.number.text))]
    return _names(reader, start, end)


def _names(reader: Reader, start: int, end: int) -> list[Member] | None:
    return (_unmarked(reader, start, end) if reader.text[start : start + 1] != "《" else None) or _marked(reader, start, end)


def _marked(reader: Reader, start: int, end: int) -> list[Member] | None:
    """《A》（国发〔1993〕12号）第二条, or several joined by 、 and 和, with who made them and when."""
    text = reader.text
    if _REASON.match(text, start, end):
        return None
    members: list[Member] = []
    position = start
    for name in reader.names(start, end):
        gap = text[position : name.start]
        if not names_maker(without_separator(gap) if members else gap) or members and not is_strong(gap) and gap.strip(" |，,"):
            break
        part = partial(text[name.after : end])
        members.append(Member(name, position, part[0] if part else None))
        position = name.after + (part.end() if part else 0)
    if members and (_CLOSE.fullmatch(text, position, end) or len(members) == 1 and members[0].lead_start == start == members[0].name.start and _FOLLOWED.fullmatch(text, position, end)):
        return members
    return None


def _unmarked(reader: Reader, start: int, end: int) -> list[Member] | None:
    """关于…的通知（国发〔1993〕12号), one or several run together; nothing else may stand in the line."""
    text = reader.text
    members: list[Member] = []
    position = start
    while position < end:
        m = _title_then_brackets().match(text, position, end)
        if not m or not _may_be_title(m["title"]):
            break
        stop = m.end("title")
        number = reader.number_between(stop, m.end())
        if not number and re.search("(?:目录|清单|名单|一览表)$", m["title"]):
            break  # the heading of an annex
        after = m.end()
        direct = next((n for n in reader.numbers_between(max(start, stop - 6), end) if n.end > after and not text[after : n.start].strip(" |，,")), None)
        if direct:  # 关于…的通告甲政〔2001〕3号 without brackets; the code may have been read with the title's last word
            after = direct.end
            number = number or direct.number.text.removeprefix(text[direct.start : stop])
        part = _PARTS_NAMED.match(text, after, end)  # （汇发〔2013〕21号）：第二条、第七条
        members.append(Member(Name(m.start("title"), stop, after, m["title"], number, quoted=False), position, part[1] if part else None))
        position = part.end() if part else after
    return members if members and _CLOSE.fullmatch(text, position, end) else _flat_row(reader, start, end)


_PARTS_NAMED = re.compile(r"[：:]\s?((?:附件\d{0,2})?第[^《》。；：\n|]{1,30}[条款项章节段][^《》。；：\n|]{0,80})")


@cache
def _title_then_brackets() -> re.Pattern[str]:
    inside = r"(?:[^，。；\n|（）()《》]|《[^《》\n]{1,160}》|[（(][^（）()\n]{1,40}[）)](?=[^\s；;。，,、|（(]))"
    number = r"[A-Za-z\u4e00-\u9fff]{1,12}[〔\[（(]\d{4}|第\d"
    return re.compile(rf"\s*(?:\d{{1,3}}(?![\d年月日号件]))?(?P<title>{inside}{{4,160}}?{instrument_end()})(?!的?{instrument_end()})(?=[（(\[〔|；;。，,、\s]|$|{number})(?:[（(](?:[^（）()\n]|[（(][^（）()\n]{{0,40}}[）)]){{1,120}}[）)]){{0,3}}")


def _may_be_title(title: str) -> bool:
    if len(title) < 6 or lapses(title) or re.match(r"\d(?!\d{3}年)", title) or re.search(r"[〔\[]\d{4}[〕\]]|^[^《]{0,12}\d号", title):
        return False
    if re.fullmatch(r"[一-鿿]{2,30}(?:公告|令|通告|文件)", title) and "关于" not in title:
        return False  # the masthead of the next document
    return not re.match(r"附件|备注|序号|(?:废止|失效)?理由|说明|本|该|有关|其他|自|对|将|请|各|一并|抄送|此件", title) and not re.search("废止|失效|继续有效|如下", title[-12:])


@cache
def _flat() -> re.Pattern[str]:
    return re.compile(
        rf"\d{{1,4}}[.、]?(?P<title>[^，。；|（）()\d][^，。；|\n]{{3,120}}?{instrument_end()})(?!的?{instrument_end()})(?P<maker>[\u4e00-\u9fff、]{{0,40}}?"
        rf"(?:{DATE}|[\u4e00-\u9fff]{{1,12}}[〔\[（(]\d{{4}}[〕\]）)]第?\d{{1,5}}号))[^《》第\n]{{0,80}}"
    )


def _flat_row(reader: Reader, start: int, stop: int) -> list[Member] | None:
    """A row of a table whose columns ran together: 12企业职工奖惩条例国务院1982年4月10日已被…代替."""
    m = _flat().fullmatch(reader.text, start, stop)
    if not m or not _may_be_title(m["title"]):
        return None
    number = reader.number_between(m.start("maker"), m.end("maker"))
    return [Member(Name(m.start("title"), m.end("title"), m.end("maker"), m["title"], number, quoted=False), m.start("title"))]


# --- | 1 | 关于…的通知 | 国发〔1993〕12号 | 1993年2月3日 | ----------------------------------------------------------------------------------------


_COUNT = re.compile(r"[（(]?(?:\d{1,4}|[一二三四五六七八九十百]{1,4})[）)]?[.．、]?")
_DAY = re.compile(r"((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})")
_PROVISIONS = re.compile(r"(?:废止|停止执行|失效)?(?:其中)?的?(第[^|，。]{1,40}[条款项章节].{0,40})")


def _row(reader: Reader, start: int, end: int) -> list[Member] | None:
    """The document of a table's row: the first cell that holds a name; number, date and provisions from the cells beside it."""
    text = reader.text
    named: list[Member] | None = None
    numbers: list[NumberMention] = []
    made: Origin | None = None
    part: str | None = None
    other: tuple[int, int] | None = None
    for a, b in _cells(text, start, end):
        cell = text[a:b]
        own = reader.numbers_between(a, b)
        if _COUNT.fullmatch(cell):
            continue
        if own and not re.sub(rf"{DATE}|[、，,；（）()\s]|文件?", "", _without(text, a, b, own)):
            numbers += own
            made = made or (Origin(iso_date(cell)) if iso_date(_without(text, a, b, own)) else None)
        elif day := _DAY.fullmatch(cell):
            made = made or Origin(f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}")
        elif re.match(DATE, cell) and "《" not in cell:
            said = origin(cell)
            made = made or (said if said.date else Origin(iso_date(cell)))
        elif (m := _PROVISIONS.fullmatch(cell)) and named:
            part = m[1]
        elif named is None and (found := _names(reader, a, b)):
            named = found
        elif named is None and len(cell) >= 6 and _whole_title().fullmatch(cell) and not lapses(cell):
            named = [Member(Name(a, b, b, cell, None, quoted=False), a)]  # a cell is nothing else, whatever numbers the title holds
        elif other is None and len(cell) >= 4 and not re.search("[，。；]", cell):
            other = a, b
    if named is None and other and any(not n.number.issuer_code and not n.number.year for n in numbers):
        named = [Member(Name(*other, other[1], text[slice(*other)], None, quoted=False), other[0])]  # a standard: its name ends in no word of instruments
    if named is None:
        return [Member(Name(n.start, n.end, n.end, None, n.number.text), n.start, part, made) for n in numbers] or None
    last = named[-1]
    number = last.name.number or (numbers[0].number.text if numbers else None)
    return [*named[:-1], replace(last, name=replace(last.name, number=number), part=last.part or part, made=made)]


@cache
def _whole_title() -> re.Pattern[str]:
    return re.compile(rf"(?!(?:废止|失效)?理由|备注|已被|被)[^，。；|]{{4,160}}{instrument_end()}")


def _cells(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The cells of a row that hold something, without the space round them."""
    cells = []
    for m in re.compile(r"[^|]+").finditer(text, start, end):
        inner = m[0].strip()
        if inner:
            a = m.start() + m[0].index(inner)
            cells.append((a, a + len(inner)))
    return cells


def _without(text: str, start: int, end: int, numbers: list[NumberMention]) -> str:
    """What a cell holds beside its numbers."""
    rest, position = [], start
    for n in numbers:
        rest.append(text[position : n.start])
        position = n.end
    return "".join([*rest, text[position:end]])
