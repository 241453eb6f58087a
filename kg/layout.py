"""Takes the clean text of a passage apart by the format of official documents (GB/T 9704-2012): head, recipients, preamble, signature.

All positions are offsets into the clean text of the passage's `View`.
"""

import re
from dataclasses import dataclass

from kg import lines as line_kind

# Fields that government sites print above a text, and what each is.
_FIELDS = {
    "名称": "title", "标题": "title", "文件名称": "title", "文号": "number", "发文字号": "number", "文件编号": "number", "发布机关": "issuer", "发文机关": "issuer",
    "发布机构": "issuer", "发文机构": "issuer", "发文单位": "issuer", "制定机关": "issuer", "公布机关": "issuer", "成文日期": "issued", "生成日期": "issued", "发文日期": "issued",
    "发文时间": "issued", "成文时间": "issued", "印发日期": "issued", "公布日期": "issued", "发布日期": "published", "发布时间": "published", "信息名称": "title", "施行日期": "effective", "实施日期": "effective", "生效日期": "effective", "失效日期": "expiry",
    "索引号": "index", "索引号码": "index", "分类": "subject", "主题分类": "subject", "主题词": "subject", "有效性": "status", "时效性": "status", "效力级别": "level",
}
_HISTORY = re.compile(
    r"[（(]?(?:根据)?\s?(?:\d{4}|[一二][〇○零一二三四五六七八九Ｏ]{3})年.{0,200}?(?:通过|公布|发布|批准|修订|修正|修改|施行|废止|颁布|审议|印发)|^[（(].{0,30}第.{1,12}号(?:公布|发布|公告)"
    r"|^[（(][^（）]{2,40}第.{1,12}号[，,].{4,200}?(?:通过|公布|发布)|^[（(][^（）。]{2,60}(?:\d{4}|[一二][〇○零一二三四五六七八九]{3})年.{1,3}月.{1,3}日[^（）。]{0,20}通过[）)]$"
)
# Recipients that no list of bodies knows: 各分支机构：
_ADDRESS = re.compile("(?:各|有关|相关|局属|机关|所属)(?!.*(?:如下|下列|通知|要求))[^。；]{1,60}[：:]$")
LONGEST_TITLE = 300  # characters; a longer line is a text without line ends, not a title
_SENTENCE = re.compile("[。！？；]|[：:]$")
_STEP = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]{1,4}[章条部篇]|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|问[:：])")
_ARTICLE_1 = re.compile(r"第\s?(?:一|1)\s?条")
_GENERAL = re.compile(r"(?:一、|（一）)?(?:总体要求|指导思想|总体思路|基本原则|总则)")
_COUNTED = re.compile(r"\d{1,2}\.\d{1,2}")  # 1.2 编制依据
_GROUNDS = re.compile(r"(?:[一二三四]、|[（(][一二三四][）)]|第[一二三四][节章]\s?|\d(?:\.\d){0,2}[.、]?\s?)?(?:编制|制定|规划|目的(?:和|与|及))依据[。：:]?")
_LISTS_NAME = re.compile(r"(?:[（(]?\d{1,2}[）).、．]\s?|[①-⑳])?《")
_KIND_OF_GROUND = re.compile(r"(?:[（(][一二三四五六][）)]|\d(?:\.\d){1,3})?\s?[^《》，。；]{0,12}(?:法律|法规|规章|规划|政策|文件|标准|规范|资料)[^《》，。；]{0,8}")  # （二）规划和政策文件
_MOST_GROUNDS = 30  # documents listed
_SIGNER = re.compile(r"(?:总\s?理|主\s?席|部\s?长|省\s?长|市\s?长|主\s?任|局\s?长|署\s?长|行\s?长|会\s?长|州\s?长|县\s?长|区\s?长|审计长|院\s?长|检察长)[:：]?\s?[一-鿿·\s]{2,8}$")
# …的通知 国办发〔2003〕38号 on one line, and the head of a telegram: 等级：特急 发改电〔2021〕223号.
_TRAILING_NUMBER = re.compile(r"(?<=[知见定复告函法令报])\s?([一-鿿]{1,14}[〔\[（(]\s?(?:19|20)\d{2}\s?[〕\])）]\s?\d{1,5}\s?号)$")
_NUMBERED_TITLE = re.compile(r"(?P<number>[一-鿿、\s]{2,40}(?:公告|通告|令)\s?(?:(?:19|20)\d{2}\s?年\s?第\s?\d{1,4}\s?号|[（(](?:(?:19|20)\d{2}\s?年)?\s?第\s?\d{1,4}\s?号[）)]))\s?[（(](?P<title>.{6,200})[）)]")
_REGISTRATION = re.compile("[A-Z]{2}")  # CSCR—2023—00016, printed above the number proper
_TELEGRAM = re.compile(r"^(?:等级|签批).{0,60}(?:[明密]电|特急|加急|平急|：)[\s　|]*([一-鿿]{2,10}〔(?:19|20)\d{2}〕\s?\d{1,5}\s?号)(?:[\s　|]*共\s?\d{1,3}\s?页)?$")
_NAMES_ONLY = re.compile("(?:[一-鿿]{2,16}(?:部|委员会|局|总局|署|院|银行|办公室)[、\\s]?){2,8}")
_BODY = re.compile(r"[一-鿿]{3,30}(?:部|委|局|厅|会|院|府|署|行)")
_URL = re.compile(r"https?://[^\s<>()（）\]\"，。；]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as printed, and when (the printed date); `at` is the start of the block."""

    names: str
    date: str | None
    at: int
    imprint: bool = False  # 版记: the office that printed it and the day of printing


@dataclass(frozen=True, slots=True)
class Layout:
    paragraphs: tuple[Paragraph, ...]
    fields: dict[str, str]
    title: str | None  # the official title as printed, else the headline
    other_titles: tuple[str, ...]
    masthead: str | None
    number_line: Paragraph | None
    recipients: str | None
    history: tuple[Paragraph, ...]  # passed, published, amended: the note under a statute's title
    signatures: tuple[Signature, ...]
    grounds: tuple[tuple[int, int], ...]  # lists of documents under 编制依据, with that heading
    preambles: tuple[tuple[int, int], ...]  # the first paragraphs, article 1, an opening 总体要求: where 依据 and 贯彻 are decided
    body_start: int
    annexes: tuple[str, ...]
    urls: tuple[str, ...]


def read_layout(text: str, *, title: str | None, other_titles: tuple[str, ...] = ()) -> Layout:
    """The parts of one document. `title` is what the splitter took for its title; the official one in the head wins over a headline."""
    paragraphs = _paragraphs(text)
    fields, after_fields = _fields(paragraphs)
    known = [t for t in (fields.get("title"), title, *other_titles) if t and len(t) <= LONGEST_TITLE and len(line_kind.key(t)) >= 4]
    head, body_at = _head(paragraphs, after_fields, known)
    wrapped = [line_kind.key(t) for t in known if "关于" in t]  # the last line of a wrapped title is no masthead
    at = next((n for n, p in enumerate(head) if line_kind.is_masthead(p.text) and not any(t.endswith(line_kind.key(p.text)) for t in wrapped)), None)
    masthead = _joint_masthead(head) if at is None else _with_names_above(head, at)
    numbers = [p for p in head if line_kind.is_number_line(p.text)]
    number_line = next((p for p in numbers if not _REGISTRATION.match(p.text)), numbers[0] if numbers else None)
    recipients = next((p.text for p in paragraphs[body_at - 1 : body_at + 3] if line_kind.is_recipients(p.text)), None) if paragraphs else None
    known += [m[1] for t in known if line_kind.is_headline(t) and (m := re.search("《([^《》]{6,120})》$", t)) and line_kind.TITLE_END.search(m[1])]
    official = [t for t in known if line_kind.is_official_title(t) and not line_kind.is_headline(t)]
    best = fields.get("title") or _official_title(official, head, masthead, number_line) or (known[0] if known else None)
    if masthead and (best is None or best in (masthead, masthead.split("\n")[0])):
        best = _promulgated(paragraphs) or masthead + (number_line.text if number_line and number_line.text.startswith("第") else "")
    if masthead and masthead.endswith("会议纪要"):  # minutes bear their subject below number and day
        best = next((p.text for p in head if p.text != masthead and line_kind.is_official_title(p.text) and line_kind.is_title_like(p.text)), best)
    announced = next((m for t in known if (m := _NUMBERED_TITLE.fullmatch(t)) and line_kind.is_official_title(m["title"])), None)
    if announced:  # 海关总署公告2024年第62号（关于…的公告）, 农业农村部公告（第656号）（野生动物检疫办法）
        best = announced["title"]
        at = next((p for p in paragraphs[:6] if p.text.startswith(announced["number"])), None)
        number_line = Paragraph(at.start, at.start + len(announced["number"]), announced["number"]) if at else number_line
    tail = _TRAILING_NUMBER.search(best or "")
    if best and tail and number_line is None:
        number_line = next((Paragraph(p.start + len(p.text) - len(tail[1]), p.end, tail[1]) for p in head if p.text.endswith(tail[1])), None)
        best = best[: tail.start()] if number_line else best
    if number_line is None:
        number_line = next((Paragraph(p.start + m.start(1), p.start + m.end(1), m[1]) for p in head if (m := _TELEGRAM.search(p.text))), None)
    if number_line is None and best:
        number_line = _number_at_title(paragraphs[:40], line_kind.key(best))
    history = tuple(
        p for p in paragraphs[after_fields : body_at + 10]
        if _HISTORY.match(p.text) and len(p.text) < 700 and not _STEP.match(p.text) and not p.text.endswith(("。", "："))
    )
    signatures = tuple(_signatures(paragraphs, after_fields))
    return Layout(
        paragraphs, fields, best, tuple(dict.fromkeys(t for t in known if t != best)), masthead, number_line, recipients, history, signatures,
        tuple(_grounds(paragraphs, body_at)), tuple(_preambles(paragraphs, body_at, known)), paragraphs[body_at].start if body_at < len(paragraphs) else len(text),
        tuple(_annexes(paragraphs)), tuple(dict.fromkeys(_URL.findall(text))),
    )


def _with_names_above(head: list[Paragraph], at: int) -> str:
    """The masthead of an order of several bodies, whose names fill lines above its own."""
    first = at
    while first and _NAMES_ONLY.fullmatch(head[first - 1].text) and head[at].text.endswith(("令", "公告")):
        first -= 1
    return "\n".join(p.text for p in head[first : at + 1])


def _joint_masthead(head: list[Paragraph]) -> str | None:
    """国家发展和改革委员会 / 商务部 / 令, each on a line of its own."""
    names: list[str] = []
    for p in head:
        if names and re.fullmatch("[一-鿿]{0,8}令|公告|通告|(?:专题|常务|办公|协调)?会议纪要", p.text):
            return "\n".join(names) + p.text
        if not _BODY.fullmatch(p.text):
            return None
        names.append(p.text)
    return None


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    result, start = [], 0
    for line in text.split("\n"):
        if line:
            result.append(Paragraph(start, start + len(line), line))
        start += len(line) + 1
    return tuple(result)


def _fields(paragraphs: tuple[Paragraph, ...]) -> tuple[dict[str, str], int]:
    """The block of fields above the text, where there is one (at least two of them), and where it ends."""
    found: dict[str, str] = {}
    last = count = 0
    for i, p in enumerate(paragraphs[:16]):
        named = line_kind.fields(p.text)
        if named:
            for name, value in named:
                if value and name in _FIELDS:
                    found.setdefault(_FIELDS[name], value)
            last, count = i + 1, count + len(named)
        elif i - last > 1:
            break
    return (found, last) if count >= 2 else ({}, 0)


def _head(paragraphs: tuple[Paragraph, ...], start: int, known: list[str]) -> tuple[list[Paragraph], int]:
    """The paragraphs before the text proper, and the index of the first of the text."""
    keys = [line_kind.key(t) for t in known]
    head: list[Paragraph] = []
    for i, p in enumerate(paragraphs[start : start + 14], start):
        k = line_kind.key(p.text)
        if line_kind.is_recipients(p.text):
            return [*head, p], i + 1
        titled = any(k and (k in t or t in k and len(k) < len(t) + 30) for t in keys) and not p.text.endswith("。")
        if titled or line_kind.is_number_line(p.text) or line_kind.is_masthead(p.text) or _HISTORY.match(p.text) and not _STEP.match(p.text) and len(p.text) < 700:
            head.append(p)
        elif line_kind.is_date_line(p.text) or i - start < 8 and len(p.text) <= 100 and not _SENTENCE.search(p.text) and not _STEP.match(p.text) and (len(p.text) <= 40 or line_kind.is_title_like(p.text)):
            head.append(p)
        else:
            return head, i
    return head, min(start + 14, len(paragraphs))


def _number_at_title(paragraphs: tuple[Paragraph, ...], title: str) -> Paragraph | None:
    """The number printed at the title of the text that an order or announcement puts in force: 法释〔2020〕16号 above it."""
    for n, p in enumerate(paragraphs):
        beside = "".join(line_kind.key(q.text) for q in paragraphs[n + 1 : n + 4])
        above = [line_kind.key(q.text) for q in paragraphs[max(n - 2, 0) : n] if not _HISTORY.match(q.text)][-1:]
        if line_kind.is_number_line(p.text) and (beside.startswith(title) or above == [title]):
            return p
    return None


def _official_title(official: list[str], head: list[Paragraph], masthead: str | None, number_line: Paragraph | None) -> str | None:
    """Of the titles over a text the official one: below masthead and number (what stands above is the bulletin's), else the first.

    Of two forms of one title the one that names its issuer is taken: X关于… rather than 关于….
    """
    first = official[0] if official else None
    if masthead and number_line:
        below = "".join(line_kind.key(p.text) for p in head if p.start > number_line.start)
        first = next((t for t in official if line_kind.key(t) in below), first)
    return next((t for t in official if first and first.startswith("关于") and t != first and t.endswith(first)), first)


def _promulgated(paragraphs: tuple[Paragraph, ...]) -> str | None:
    for p in paragraphs[:8]:
        m = line_kind.ORDERED.match(p.text)
        if m:
            return m[1] or m[2]
    return None


def _signatures(paragraphs: tuple[Paragraph, ...], start: int) -> list[Signature]:
    """Every block of names with a date at its end, in order. Names may stand on several lines, on one with the date, or below it."""
    result = []
    for i in range(start, len(paragraphs)):
        p = paragraphs[i]
        m = re.search(rf"[（(]?({line_kind.DATE})[）)]?(?:\s?(签发|发布|印发|公布))?$", p.text)
        if not m or "|" in p.text or line_kind.fields(p.text) or line_kind.is_number_line(p.text) or not (line_kind.is_date_line(p.text) or line_kind.ends_signature(p.text)) or _HISTORY.match(p.text) and not line_kind.is_date_line(p.text) and not line_kind.ends_signature(p.text):
            continue
        names = [p.text[: m.start()].strip()]
        first = p.start
        j = i - 1
        while j >= start and i - j <= 12 and not names[0].strip("（("):
            if not _may_sign(paragraphs[j].text):
                break
            names.insert(1, paragraphs[j].text)
            first = paragraphs[j].start
            j -= 1
        result.append(Signature("\n".join(n for n in names if n and not _SIGNER.search(n)), m[1], first, m[2] == "印发"))
    return result


def _may_sign(text: str) -> bool:
    return len(text) <= 60 and not re.search(r"[，。；：:！？《》〔〕\d|]|^附件|^特此|^[一二三四五六七八九十]、", text)


def _preambles(paragraphs: tuple[Paragraph, ...], body_at: int, known: list[str]) -> list[tuple[int, int]]:
    zones = []

    def opening(at: int) -> None:
        if at < len(paragraphs) and _ADDRESS.match(paragraphs[at].text):
            at += 1
        stop = at
        while stop < len(paragraphs) and stop - at < 5 and not _STEP.match(paragraphs[stop].text) and not paragraphs[stop].text.startswith("|"):
            stop += 1
            if paragraphs[stop - 1].text.endswith(("：", ":")):
                break
        else:
            if stop == len(paragraphs) or not _STEP.match(paragraphs[stop].text):
                # No steps follow: the first paragraph of running text states the grounds, and those after it that begin with one.
                stop = next((j + 1 for j in range(at, stop) if line_kind.is_paragraph(paragraphs[j].text)), stop)
                while stop < len(paragraphs) and stop - at < 5 and re.match("根据|按照|依据|依照|为|经", paragraphs[stop].text):
                    stop += 1
        if stop > at:
            zones.append((paragraphs[at].start, paragraphs[stop - 1].end))

    opening(body_at)
    if body_at < len(paragraphs) and line_kind.ORDERED.match(paragraphs[body_at].text):
        signed = next((j for j in range(body_at + 1, min(body_at + 8, len(paragraphs))) if line_kind.ends_signature(paragraphs[j].text)), None)
        if signed is not None:  # below the order the text it puts in force, its title printed above or not
            opening(next((j for j in range(signed + 1, min(signed + 7, len(paragraphs))) if line_kind.is_paragraph(paragraphs[j].text) and not _HISTORY.match(paragraphs[j].text)), signed + 1))
    keys = [line_kind.key(t) for t in known]
    for i, p in enumerate(paragraphs):
        if _ARTICLE_1.match(p.text):
            stop = i + 1
            while stop < len(paragraphs) and stop - i < 4 and not _STEP.match(paragraphs[stop].text):
                stop += 1
            zones.append((p.start, paragraphs[stop - 1].end))
            if len(zones) > 3:
                break
        elif body_at <= i < body_at + 60 and line_kind.is_title_like(p.text):
            k = line_kind.key(p.text)
            if len(k) >= 5 and any(k in t or k.endswith(t) or k.replace("的", "") in t.replace("的", "") for t in keys) and i + 1 < len(paragraphs):
                opening(i + 1)
        if _GROUNDS.match(p.text) and i < body_at + 40:
            zones.append((p.start, paragraphs[_grounds_end(paragraphs, i)].end))
        if _GENERAL.match(p.text) and i < body_at + 40:
            stop = i + 1
            while stop < len(paragraphs) and stop - i < 12 and not re.match("二、|第二[章条部]|（二）", paragraphs[stop].text):
                stop += 1
            zones.append((p.start, paragraphs[stop - 1].end))
    return sorted(set(zones))


def _grounds_end(paragraphs: tuple[Paragraph, ...], at: int) -> int:
    """The last paragraph under 编制依据: its text, or the documents it lists, up to the next heading."""
    last = at
    while last + 1 < len(paragraphs) and last - at < _MOST_GROUNDS:
        text = paragraphs[last + 1].text
        if not _LISTS_NAME.match(text) and (_STEP.match(text) or _COUNTED.match(text) or last > at) and not _KIND_OF_GROUND.fullmatch(text):
            break
        last += 1
    return last


def _grounds(paragraphs: tuple[Paragraph, ...], body_at: int) -> list[tuple[int, int]]:
    """Where names are listed under 编制依据 without a word that says what they are there for."""
    found = []
    for i, p in enumerate(paragraphs[: body_at + 40]):
        end = _grounds_end(paragraphs, i) if _GROUNDS.fullmatch(p.text) else i
        if any(_LISTS_NAME.match(q.text) for q in paragraphs[i + 1 : min(end, i + 2) + 1]):
            found.append((p.start, paragraphs[end].end))
    return found


def _annexes(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    """Titles listed after 附件： — texts this document itself puts in force."""
    found = []
    for i, p in enumerate(paragraphs):
        m = re.match(r"附\s?件?\s?\d{0,2}\s?[:：.、．]?\s?", p.text)
        if not m or not re.match("附\\s?件|附[:：]", p.text) or len(p.text) > 130:
            continue
        for follower in paragraphs[i : i + 25]:
            text = follower.text[m.end() :] if follower is p else follower.text
            if follower is not p and (len(text) > 130 or not re.match(r"\d{1,2}\s?[.、．:：]", text) or line_kind.is_date_line(text)):
                break
            for part in re.split(r"(?<=[^\d])(?=\d{1,2}[.、．](?!\d))", text):
                name = re.sub(r"^\s?(?:附件)?\d{0,2}\s?[.、．:：]?\s?|[。；]$|\.(?:pdf|docx?|xlsx?|wps)$|^《|》$", "", part)
                if 4 <= len(name) <= 100:
                    found.append(name)
    return list(dict.fromkeys(found))
