"""The lines of a source below its contents page, as the splitter reads them, and what their neighbourhood tells."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from kg import lines as line_kind

OPENING = re.compile(r"(?:一、|第一章|第一条|第一部分|\(一\)|（一）)")
STEP = re.compile(r"(?:([一二三四五六七八九十]{1,3})、|第([一二三四五六七八九十百]{1,5})[章条])")
_NO_TITLE = re.compile(r"^(?:内部)?[明密]电$|(?:明传|传真)电报$|^(?:发往|等级|签批盖章|发电单位)|[:：）)。；]$|https?:|www\.|^[|\[【]|[:：].*\d{7}")
_COUNTED = re.compile(r"(\d{1,3})\s?[.．、]\s?(?!\d)")
_NEAR = 5  # lines between the items of such a list
_LINK = re.compile(r"^(?:相关链接|原文链接|来源|链接|附件下载)[:：]?|^<?(?:https?://|www\.)|^\[?http")


@dataclass
class Line:
    index: int  # 0-based in the source
    text: str
    key: str
    level: int
    parted: bool = False  # more blank lines stand above it than the file has between paragraphs
    section: bool = False  # a heading of the compilation, between documents
    serial: bool = False  # one of the marked and numbered headlines that a digest sets over its items
    paragraphs: int = 0  # how many lines of running text there are up to and with this one


@dataclass
class Opened:
    """A document while its end is not known yet."""

    at: int  # position in the list of body lines
    title: str | None
    titles: list[str]
    item: int | None
    head_end: int  # position of the last line of its head
    section: str | None = None
    annexes: list[str] = field(default_factory=list)
    printed: bool = True
    default: bool = False  # opened only because the file begins here
    serial: bool = False  # opened by a digest's headline


_NAMES = re.compile(r"[一-鿿\s　、]{4,40}(?:部|委|局|厅|办|会|院|府|署|行|室|团|总社|集团)")
_BODY_LAST = re.compile("(?:部|委|局|厅|会|院|府|署|部门|单位|办公室|司)$")
# A headline stands over it: the official title opens with who issues.
_WHOLE_TITLE = re.compile(r"[一-鿿\s、]{2,80}?(?:部|委|局|厅|会|院|府|署|部门|单位|办公室)\s?关于.{4,160}(?:通知|通报|公告|通告|意见|决定|批复|复函|函)$")
_LAST_WORD = re.compile(r"的?(?:通知|通报|通告|公告|意见|决定|决议|批复|复函|函|报告|请示|公示|答复)(?:[（(][^（）()]{1,12}[）)])?$")
_DAY = r"(?:\d{4}|[一二][〇○零0一二三四五六七八九]{3})\s?年.{1,3}月.{1,3}日"
_NOTE = re.compile(rf"[（(](?:{_DAY}|.{{2,40}}第.{{1,12}}号[，,].{{0,20}}{_DAY}|[^（）()]{{4,60}}(?:会议|公布|发布|通过|批准))")
_NOTE_TAIL = re.compile(rf"[（(](?:[^（）()]*{_DAY}[^（）()]*|节选|节录|摘录|摘编)[）)]$")
_TAILS = {"答记者问", "问答", "解读", "的解读", "政策解读", "的理解与适用", "的说明"}
_LONGEST_BLOCK = 7  # lines of a title, beside those that only name its issuers


def title_block(body: list[Line], at: int) -> tuple[str, int]:
    """The title that begins at body line `at`, joined over wrapped lines, and the position of its last line."""
    text, last = body[at].text, at
    names = bool(_NAMES.fullmatch(text))
    first_words = at
    while last + 1 < len(body):
        following = body[last + 1]
        if _is_whole(text) and following.key not in _TAILS and not _goes_on(text, following.text):
            break
        if last - first_words >= _LONGEST_BLOCK - 1 or last - at > 12 or _ends_block(text, body[at], following):
            break
        names = names and bool(_NAMES.fullmatch(following.text))
        text += following.text
        last += 1
        if names:
            first_words = last
    if last > at and re.search("》(?:已于|已经|已由|业经|经).{4,}", text):
        return body[at].text, at  # the sentence of an order
    if last > at and not (line_kind.TITLE_END.search(text) or _is_open(body[at].text) and not _is_open(text)):
        return body[at].text, at
    text = without_note(text)
    while last + 1 < len(body) and re.fullmatch(r"[（(][^（）()。]{1,20}(?:版|本|修订|修正|试行|暂行|草案)[^（）()。]{0,6}[）)]", body[last + 1].text):
        text += body[last + 1].text
        last += 1
    return text, last


def without_note(title: str) -> str:
    """A title without the note printed behind it: （一九八○年七月一日）, （…第二十二次政务会议通过）, （节选）."""
    return _NOTE_TAIL.sub("", title)


def _is_open(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in ("《》", "（）", "“”", "〔〕", "()"))


def _is_whole(text: str) -> bool:
    return bool(line_kind.TITLE_END.search(text)) and not _is_open(text)


def _goes_on(text: str, following: str) -> bool:
    """关于…评价管理实施细则 / 的通知: a title with 关于 ends at the 文种 behind its 的."""
    weak = "关于" in text.split("《")[0] and not _LAST_WORD.search(text) and not re.search("(?:条例|办法|规定|方案|细则|措施)$", text)
    return "关于" in text and not _LAST_WORD.search(text) and len(following) <= 14 + 16 * weak and bool(_LAST_WORD.search(following)) and "关于" not in following


def _ends_block(text: str, first: Line, following: Line) -> bool:
    """Can the line below not belong to the title so far?"""
    return (
        first.section or first.serial or following.section or following.serial or not following.text
        or first.level > 0 and "关于" not in text and not _BODY_LAST.search(text) and bool(_WHOLE_TITLE.match(following.text))
        or following.level not in (first.level, 0) and not (following.text.startswith("的") and _LAST_WORD.fullmatch(following.text))
        or bool(_NOTE.match(following.text))
        or len(text) + len(following.text) > 220 or bool(OPENING.match(following.text))
        or not re.search("[一-鿿]", following.text) or re.search(r"\.(?:s?html?|pdf)>?$", text) is not None
        or any(_NO_TITLE.search(t) and not _is_open(text) or line_kind.is_imprint(t) or line_kind.ends_signature(t) or line_kind.is_date_line(t) for t in (text, following.text))
        or line_kind.is_paragraph(following.text) and not line_kind.is_title_like(following.text)
        or line_kind.is_number_line(following.text) or line_kind.is_recipients(following.text)
    )


def is_closed(body: list[Line], at: int) -> bool:
    """Do the lines before `at` end a document: a signature with its date, an imprint, a link, 本办法自…施行?"""
    for j in range(at - 1, max(at - 7, -1), -1):
        text = body[j].text
        if line_kind.ends_signature(text) or line_kind.is_date_line(text) or line_kind.is_imprint(text) or _LINK.search(text):
            return True
        if re.search(r"(?:施行|实施|执行|生效|废止|失效)。$|起(?:施行|实施|执行|生效)[，。]|特此(?:通知|公告|函复|批复)。?$", text):
            return True
        if len(text) > 60:
            return False
    return False


def is_list_item(body: list[Line], at: int) -> bool:
    """Is a line one of a numbered list whose next or last item stands a few lines off?

    So are printed the documents that a clear-out names, each with its number on the line below.
    """
    m = _COUNTED.match(body[at].text)
    if not m:
        return False
    near = (_COUNTED.match(body[j].text) for j in range(max(at - _NEAR, 0), min(at + _NEAR + 1, len(body))) if j != at)
    return any(n and int(n[1]) in (int(m[1]) - 1, int(m[1]) + 1) for n in near)


# ▍01 海南出台22条措施: a mark no list of an official text bears, the number, the headline
_SERIAL = re.compile(r"(?P<mark>[^\w\s\d（(【〔\[《“\"'—\-|#*<·•…,.，。、])\ufe0f?\s?(?:[Nn][Oo]\.?\s?)?(?P<count>\d{1,2})(?!\d|[年月日%％])[\s.．、|｜:：]*(?P<headline>\S.{5,80})")
_FEWEST_SERIAL = 3


def mark_serial(body: list[Line]) -> None:
    """Marks the headlines of a digest: three or more lines with one mark, counted from 1 without a gap, running text between each two."""
    runs: dict[str, list[Line]] = {}
    positions = {id(line): at for at, line in enumerate(body)}
    for line in body:
        m = _SERIAL.fullmatch(line.text)
        if m and int(m["count"]) == len(runs.get(m["mark"], ())) + 1:
            runs.setdefault(m["mark"], []).append(line)
    for run in runs.values():
        places = [positions[id(line)] for line in run]
        if len(run) >= _FEWEST_SERIAL and all(has_paragraph(body, a + 1, b) for a, b in pairwise(places)):
            for line in run:
                line.serial = True


def headline(text: str) -> str:
    """The words of a digest's headline, without mark and number."""
    m = _SERIAL.fullmatch(text)
    return m["headline"] if m else text


def count_paragraphs(body: list[Line]) -> None:
    """Numbers the lines of running text, so that whether a stretch holds one is a subtraction."""
    count = 0
    for line in body:
        count += line_kind.is_paragraph(line.text) and not line_kind.is_title_like(line.text)
        line.paragraphs = count


def has_paragraph(body: list[Line], start: int, end: int) -> bool:
    """Is there running text from position `start` up to `end`?"""
    return end > start and body[end - 1].paragraphs > (body[start - 1].paragraphs if start else 0)


_ANNEX = re.compile(r"附\s?(?:件|表|录|图)?\s?[\d一二三四五六七八九十]{0,3}\s?[:：.、．]?\s?")
_ENTRY = re.compile(r"\d{1,2}\s?[.、．:：]\s?(?!\d)")


def annex_keys(body: list[Line], at: int) -> list[str]:
    """Keys of the annexes named from an 附件 line on: the list behind 附件：, or the one title below a lone 附件2."""
    rest = _ANNEX.sub("", body[at].text, count=1)
    names = [rest] if rest else []
    for j in range(at + 1, min(at + 40, len(body))):
        text = body[j].text
        if not text or body[j].section or text.startswith("|") or line_kind.is_number_line(text) or line_kind.is_date_line(text) or len(text) > 130:
            break
        if _ENTRY.match(text):
            names.append(text)
        elif not names:
            return [k for k in [line_kind.key(title_block(body, j)[0])] if len(k) >= 5]
        else:
            break
    plain = [re.sub(r"\.(?:pdf|docx?|xlsx?|wps)$", "", _ENTRY.sub("", name, count=1)) for name in names]
    return [k for k in map(line_kind.key, plain) if len(k) >= 5]
