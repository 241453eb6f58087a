"""Finds repeals that are said once for a list: numbered items under 下列文件予以废止, an annex of repealed documents, a title that says 废止.

Lists are how the State Council, ministries and governments clear out rules (行政法规制定程序条例 第三十七条, 规章制定程序条例 第三十八条).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.extract.repeal_item import read_item, style
from kg.extract.repeal_member import Member, repeals
from kg.extract.repeal_reader import SINCE, Reader, Trigger, adverb, is_blocked, without_names
from kg.extract.repeal_target import Repeal, is_strong, names_maker, partial, without_separator
from kg.extract.repeal_title import is_repealing_decision

_THESE = r"(?:下列|以下|如下|(?:所|后)附|附件\d{0,2}[一二三]?(?:中|内)?(?:所列|列明|列出)?(?:的)?|目录(?:中|内)?所列|(?:上述|以上)目录)"
_DOCUMENTS = "(?:文件|规章|法规|法律|司法解释|规则|细则|规范|章程|通知|规定|办法|政策|标准|公告|条例|意见|决定|批复|制度|解释)"
# A list of cases (有下列情形之一的), of mixed fates (予以修改或废止), or one that is only wanted.
_NO_LIST = re.compile("情形|行为之一|条件|之一|许可|证书|修改|修订|继续|保留|抵触|不一致|不符|建议|应当|拟|可以|是否|征求|不得|不予|已经|已于|已被|截至|报送|说明")
_MOST_FOREIGN = 4  # lines of an annex that are no item in a row: headings, column names, page numbers


def find_listed(reader: Reader) -> list[Repeal]:
    """Every repeal that a list header, an annex heading or the document's own title announces."""
    found: list[Repeal] = []
    decision = reader.is_clear_out or reader.ends_others
    for trigger in reader.triggers():
        start, end = reader.sentence(trigger.verb)
        header = _header(reader, trigger, start, end)
        if header:
            found += _items(reader, trigger, (start, header[0]), partly=header[1])
            continue
        if _concludes(reader, trigger, start):
            found += _items_above(reader, trigger, (start, end))
            continue
        if not decision:
            continue
        low, high = reader.paragraph(trigger.verb)
        line = reader.text[low:high]
        if reader.is_clear_out and "|" in line:
            found += _row(reader, trigger, low, high)
            continue
        if _is_heading(line):
            found += _annex(reader, trigger, low, high)
        elif line in reader.head and is_repealing_decision(line):
            found += _title(reader, trigger, low, high)
    return found


def _row(reader: Reader, trigger: Trigger, low: int, high: int) -> list[Repeal]:
    """A row of a clear-out's table one cell of which says that its document goes: 废止; 废止（被《X》代替)."""
    start = reader.text.rfind("|", low, trigger.start) + 1 or low
    end = reader.text.find("|", trigger.end, high)
    if not _GOES.fullmatch(reader.text[start : high if end < 0 else end].strip()):
        return []
    members = read_item(reader, low, high)
    return repeals(reader, members, trigger, (low, high), unless=None) if members else []


_GOES = re.compile(r"(?:予以|宣布|全文)?(?:废止|失效|停止执行)(?:[（(](?![^）)]*(?:待|后|拟|建议)).{0,60}[）)])?")


# --- 下列文件予以废止：1.… ------------------------------------------------------------------------------------------------------------------


@cache
def _header_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    behind = re.compile(rf"[^《》。；：\n]{{0,30}}(?:{_THESE})[^《》。；：\n]{{0,30}}{_DOCUMENTS}[^《》。；：\n]{{0,30}}(?P<close>[：:。\n]|$)")
    before = re.compile(rf"(?:{_THESE})[^《》。；：\n]{{0,40}}{_DOCUMENTS}[^《》。；：\n]{{0,60}}?(?:[，,]?{SINCE})?[，,]?(?:{adverb()}){{0,4}}$")
    return before, behind


_COLON = re.compile("[：:]")
_PARTLY = re.compile("部分(?:条款|条文|内容|规定|条|废止|失效|停止)|(?:条款|条文)")  # 部分规范性文件 go as a whole
_AND_OTHERS = re.compile(r"等[^《》，。；：\n]{0,12}[件个项部份][^《》，。；：\n]{0,16}(?:自[^，。；：]{1,20}起)?(?:予以|同时|即行)?(?:废止|停止执行)?[：:]$")


def _header(reader: Reader, trigger: Trigger, start: int, end: int) -> tuple[int, bool] | None:
    """Where the list begins that a sentence announces, and whether only parts of its documents go."""
    text = reader.text
    before, behind = _header_patterns()
    colon = _COLON.search(text, trigger.end, end)
    said = text[start : colon.end() if colon else end]
    if _NO_LIST.search(without_names(said)) or len(said) > 400:
        return None
    if colon and _AND_OTHERS.search(without_names(said)) and not is_blocked(re.split("[，,：:]", text[start : trigger.start])[-1]):
        return colon.end(), _PARTLY.search(said) is not None
    m = before.search(text[start : trigger.verb])
    if m:
        if text[trigger.end : trigger.end + 1] not in "。；，,：:\n（(" or is_blocked(re.split("[，,：:]", text[start : start + m.start()])[-1]):
            return None
        return (colon.end() if colon else end), _PARTLY.search(said) is not None
    m = behind.match(text, trigger.end, end)
    if m and not is_blocked(re.split("[，,：:]", text[start : trigger.start])[-1]):
        return m.end(), _PARTLY.search(said) is not None
    return None


def _items(reader: Reader, trigger: Trigger, sentence: tuple[int, int], *, partly: bool) -> list[Repeal]:
    """The items that follow a header, to the first line that is none."""
    text = reader.text
    start, position = sentence
    low = reader.paragraph(start)[0]
    own = style(text, low) if not text[low:start].strip() else None
    found: list[Repeal] = []
    last = position
    for begin, stop in _chunks(text, position):
        if found and own and style(text, begin) == own:
            break
        if not found and _COLUMN_HEADS.fullmatch(text, begin, stop):
            continue
        if found and "\n" not in text[last:begin] and _REMARK.match(text, begin):
            last = stop
            continue
        members = read_item(reader, begin, stop)
        last = stop
        if members is None or _is_bare(text[begin:stop]):
            break
        found += repeals(reader, members, trigger, sentence, unless=None, partly=partly)
    return found


_REMARK = re.compile("(?:废止)?(?:理由|原因|说明|备注)[:：]|该(?:文件|办法|规定|条例)|其中")
# | 序号 | 文件名称 | 文号 | and the rule below it
_COLUMN_HEADS = re.compile(r"[|\s]*(?:[-:|\s]+|(?:序号|编号)?[|\s　]*(?:(?:文件)?(?:名称|标题|题目)|文\s?件|(?:发文|文件)?(?:字|文)号|(?:发文|制定|发布)(?:机关|单位|部门)|(?:发文|发布|印发|成文|施行)(?:日期|时间)|备注|[|\s　])+)")


def _chunks(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Stretches between ； 。 and line ends, empty ones left out; marks inside 《》 and brackets do not part them."""
    depth, begin = 0, position
    for m in _PARTS.finditer(text, position):
        c = m[0]
        if c in "《（(":
            depth += 1
        elif c in "》）)":
            depth = max(0, depth - 1)
        elif c == "\n" or depth == 0:
            if text[begin : m.start()].strip():
                yield begin, m.start()
            begin, depth = m.end(), 0
    if text[begin:].strip():
        yield begin, len(text)


_PARTS = re.compile("[《》（()）；;。\n]")


_SAYS_MORE = re.compile(r"[\d《（(①-⑳]|^[一二三四五六七八九十]{1,4}[、.．]")


def _is_bare(line: str) -> bool:
    """A title and nothing else: as well the heading of the next text as an item of the list."""
    return not _SAYS_MORE.search(line)


# --- 以上文件同时废止 -----------------------------------------------------------------------------------------------------------------------


_ABOVE = re.compile(rf"(?:以上|上述|前述)(?:所列)?[^《》，。；的中与\n]{{0,8}}{_DOCUMENTS}(?:[，,]?{SINCE})?[，,]?")


def _concludes(reader: Reader, trigger: Trigger, start: int) -> bool:
    """以上文件自本通知印发之日起停止执行, as a line of its own under a list."""
    text = reader.text
    return bool(_ABOVE.fullmatch(text, start, trigger.start) and start > 0 and text[start - 1] == "\n" and text[trigger.end : trigger.end + 1] in "。；\n")


def _items_above(reader: Reader, trigger: Trigger, sentence: tuple[int, int]) -> list[Repeal]:
    found: list[Repeal] = []
    position = sentence[0] - 1
    while position > 0:
        low = reader.text.rfind("\n", 0, position) + 1
        members = read_item(reader, low, position) if style(reader.text, low) else None
        if members is None:
            break
        found = repeals(reader, members, trigger, sentence, unless=None) + found
        position = low - 1
    return found


# --- 附件：废止的规章目录 ---------------------------------------------------------------------------------------------------------------------


_HEADING = re.compile(
    rf"(?:[附表]\s?[件表录]?\s?[\d一二三四五]{{0,2}}\s?[:：.、]?\s?|[一二三四五六七八九十]{{1,3}}、|[（(][一二三四五六七八九十]{{1,3}}[）)]|\d{{1,2}}[.、])?\s?"
    rf"[^。；，：《》\n]{{0,50}}(?:废止|失效)[^。；，：《》\n]{{0,60}}(?:目录|清单|名单|一览表|{_DOCUMENTS})[^。；，：《》\n]{{0,6}}(?:[（(][^（）()]{{0,30}}[）)])?[:：]?"
    r"|[一二三四五六七八九十]{1,3}、(?:予以|宣布)?(?:废止|失效)的?(?:\d{1,4}|[一二三四五六七八九十百]{1,5})[件项部][:：]?"
)
_NEXT_PART = re.compile(r"附\s?[件表录]\s?[\d一二三四五]{0,2}\s?(?:[:：]|$)|.{0,40}(?:继续有效|保留|现行有效|修改|修订)[^《》]{0,30}(?:目录|清单|[：:]|[)）])?$")


def _is_heading(line: str) -> bool:
    if len(line) > 100 or not _HEADING.fullmatch(line):
        return False
    return not re.search("的(?:决定|通知|公告|命令|令|决议|通告|布告)(?:[（(].{0,30}[）)])?$|修改|修订|继续|保留|暂缓|暂不|不予|移交|拟|建议|情况|说明|应当|或者|征求|工作|已经?明令|已经?废止|已经?失效", line)


# heads another list, whatever becomes of its documents
_OTHER_LIST = re.compile(r"^附\s?[件表录]|(?:目录|清单|名单|一览表|[\d一二三四五六七八九十][件项部])(?:[（(][^（）()]{0,20}[）)])?[：:]?$|(?:以下|下列|如下)[^《》]{0,60}[：:。]?$")


def _annex(reader: Reader, trigger: Trigger, low: int, high: int) -> list[Repeal]:
    """The items of an annex that is headed as a list of repealed documents; column names and the like are passed over."""
    text = reader.text
    found: list[Repeal] = []
    partly = _PARTLY.search(text, low, high) is not None
    own = style(text, low)
    foreign = 0
    position = high + 1
    while position < len(text) and foreign <= _MOST_FOREIGN:
        stop = reader.paragraph(position)[1]
        line = text[position:stop]
        if _NEXT_PART.match(line) and not read_item(reader, position, stop) or _is_heading(line):
            break
        members = read_item(reader, position, stop) if line.strip() else None
        if members and _is_bare(line) and not reader.number_between(stop, reader.paragraph(min(stop + 1, len(text)))[1]):
            members = None  # columns on lines of their own print the number next
        if members and (any(m.name.title for m in members) or found and style(text, position)):
            found += repeals(reader, members, trigger, (low, high), unless=None, partly=partly)
            foreign = 0
        elif _OTHER_LIST.search(line) or own and style(text, position) == own:
            break
        elif line.strip():
            number = reader.number_between(position, stop)
            if number and found and found[-1].number is None and len(line) < 60:
                found[-1] = replace(found[-1], number=number)
            else:
                foreign += 1
        position = stop + 1
    return found


# --- 关于废止《A》的决定 ---------------------------------------------------------------------------------------------------------------------


_TITLE_TAIL = re.compile(r"(?:等[^《》]{0,40})?(?:的?部分[^《》]{0,12})?(?:[（(][^（）()]{0,60}[）)])?的?(?:决定|通知|公告|命令|令|决议|通告|布告)")


def _title(reader: Reader, trigger: Trigger, low: int, high: int) -> list[Repeal]:
    """The names that the document's own title says it repeals."""
    text = reader.text
    names = reader.names(trigger.end, high)
    members: list[Member] = []
    position = trigger.end
    for name in names:
        gap = text[position : name.start]
        if not names_maker(without_separator(gap) if members else gap) or members and not is_strong(gap):
            break
        part = partial(text[name.after : high])
        members.append(Member(name, position, part[0] if part else None))
        position = name.after + (part.end() if part else 0)
    tail = _TITLE_TAIL.match(text, position, high)
    if not members or not tail:
        return []
    return repeals(reader, members, trigger, (low, high), unless=None, partly="部分" in tail[0])
