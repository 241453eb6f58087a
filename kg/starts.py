"""Finds where documents begin: lines without furniture and the contents page in, the documents opened and the headings between them out."""

import re
from difflib import SequenceMatcher

from kg import lines as line_kind
from kg.body import OPENING, STEP, Line, Opened, annex_keys, has_paragraph, headline, is_closed, is_list_item, title_block, without_note
from kg.contents import Contents, ItemIndex, pairs, with_digits

# （2020年12月30日国家医疗保障局令第2号公布）: the note under a statute's title is as good as a number.
_STATUTE_NOTE = re.compile(r"[（(](?:\d{4}|[一二][〇○零一二三四五六七八九]{3})年.{1,3}月.{1,3}日.{2,80}(?:通过|公布|发布|令第)")
_NOTE_LINE = re.compile(r"[（(]?(?:\d{4}|[一二][〇○零一二三四五六七八九]{3})\s?年.{1,3}月.{1,3}日.{0,200}(?:通过|公布|发布|批准|修订|修正|修改|施行|令|号)")
_MAKES_THIS = re.compile("(?:制定|制订|编制)本(?:方案|计划|规划|办法|规定|细则|意见|措施|条例|预案|标准|规范|规则|指南|纲要|要点)[。，]")
_NAMED_TITLE = re.compile(r"[^，。；：]{2,60}(?:部|委|局|厅|会|院|府|署|办公室|司|室|省|市|中央|州|县|区)关于.{4,200}(?:通知|通报|公告|通告|意见|决定|批复|复函|函|答复)$")
_TITLE_IN_BRACKETS = re.compile(r"[（(]关于.{4,160}(?:公告|通告|通知|决定|令)[）)]")
_NAME = re.compile(r"[一-鿿\s]{4,36}(?:部|委|局|厅|会|院|府|署|办公室)")
_PROMULGATES = re.compile("印发|发布|公布|转发|批转|下发|颁发|颁布|关于实施|下达|施行")
_INTERPRETS = re.compile("解读|答记者问|问答|释义|图解|说明$|审议|报告$|理解与适用")


def find_starts(body: list[Line], contents: Contents | None) -> tuple[list[Opened], set[int]]:
    """Where documents begin among the lines that are no furniture, and the positions of section headings, which belong to none."""
    starts = _Starts(body, contents)
    at = 0
    while at < len(body):
        at = starts.read(at)
    return starts.opens, starts.breaks


class _Starts:
    """The documents opened so far; each line opens one, goes on with the one before it, or parts two."""

    def __init__(self, body: list[Line], contents: Contents | None) -> None:
        self.body, self.contents = body, contents
        self.opens: list[Opened] = []
        self.breaks: set[int] = set()
        self._last_break = -1
        self._section: str | None = None
        self._used: set[int] = set()  # contents items that have their document
        self._printed = _printed_whole(body, contents)
        self._index = ItemIndex(contents) if contents else None

    def read(self, at: int) -> int:
        """Reads the line at a position, or the block that a title opens there; the position to read next."""
        body = self.body
        line = body[at]
        if line.section and (self.contents or self._opens_below(at)):
            self._section = line.text.strip("[]【】［］")
            self.breaks.add(at)
            self._last_break = at
            return at + 1
        current = self.opens[-1] if self.opens and self._last_break < self.opens[-1].at else None
        if current and line_kind.is_annex_mark(line.text):
            current.annexes.extend(annex_keys(body, at))
        item, score, last = self._listed(at)
        unread = current is not None and current.default and not has_paragraph(body, current.at, at)
        shape = _shape(body, at, closed=current is None or unread or line.parted or is_closed(body, at), strict=self.contents is None)
        if not self.opens and self.contents is None:
            shape = shape or "first"
        if item is None and not shape:
            return at + 1
        title, end = self._title(at, shape)
        if item is not None and item >= 0 and score >= 0.95 and last > end and shape != "masthead":
            title = "".join(body[j].text for j in range(at, last + 1))  # the contents tell where a wrapped headline ends
        listed_below = self._listed_below(title, end) if shape == "masthead" and item is None else None
        item, score = listed_below or (item, score)
        last = max(last, end)
        if self.contents and (item is None or item < 0 or score < 1.0):
            item, score = _by_number(body, at, last, self.contents, self._used) or (item, score)
        begin = at
        if unread and shape:
            begin = self._take_back(at)
            current = current if begin is None else None
            begin = at if begin is None else begin
        if current and shape != "serial" and (_introduces(body, current, at) or _same_document(body, current, at, last, title, item, score, shape)):
            self._go_on(current, at, last, title, item, score)
        else:
            self._open(begin, last, title, item, shape)
        return last + 1

    def _opens_below(self, at: int) -> bool:
        """Does a document begin right below a section heading? 【附件】 inside a text parts nothing."""
        body = self.body
        return at + 1 < len(body) and (body[at + 1].section or _shape(body, at + 1, closed=True, strict=False) is not None)

    def _listed(self, at: int) -> tuple[int | None, float, int]:
        return _match_contents(self.body, at, self.contents, self._index, self._used, self._printed)

    def _title(self, at: int, shape: str | None) -> tuple[str | None, int]:
        """The title that stands at a head, or below its masthead or number; and the position of its last line."""
        if shape == "serial":
            return headline(self.body[at].text), at
        if shape == "announced":  # 海关总署公告2023年第158号 / （关于…的公告）; the number may stand on a line of its own
            end = at + 1 if _TITLE_IN_BRACKETS.fullmatch(self.body[at + 1].text) else at + 2
            return "".join(line.text for line in self.body[at : end + 1]), end
        if shape != "masthead":
            below = shape == "number" or shape == "first" and _is_bare_number(self.body[at].text) and at + 1 < len(self.body)
            return title_block(self.body, at + below)
        title, last = _title_below(self.body, at)
        return (title, last) if title is not None else (_masthead_title(self.body, at), last)

    def _listed_below(self, title: str | None, last: int) -> tuple[int | None, float] | None:
        """The contents item of a document whose masthead no contents page lists, by the title below it."""
        if not title or not self.contents:
            return None
        item, score, _ = self._listed(last)
        if item is None:
            item = next((n for n, it in enumerate(self.contents.items) if n not in self._used and _likeness(line_kind.key(title), it.key) >= 0.6), None)
        return item, score

    def _take_back(self, at: int) -> int | None:
        """Where the document at `at` begins if what stands above it, opened as the file's first, is no document; None where it is one."""
        body, above = self.body, self.opens[-1]
        if sum(line_kind.field(body[j].text) is not None for j in range(above.at, min(at, above.at + 30))) >= 2:
            return self.opens.pop().at  # the fields a site prints above the text belong to it
        if line_kind.is_title_like(above.title or ""):
            return None
        self.opens.pop()  # the cover, or the head of a telegram
        numbered = any(re.search(r"〔\d{4}〕\s?\d{1,5}\s?号", body[j].text) for j in range(max(above.at, at - 30), at))
        return above.at if numbered else at

    def _go_on(self, current: Opened, at: int, last: int, title: str | None, item: int | None, score: float) -> None:
        """A head inside the current document: its title again, or that of the text it puts in force."""
        if current.item is None and item is not None and item >= 0 and score >= 0.6:
            current.item = item
            self._used.add(item)
        if not title or line_kind.is_masthead(title):
            return
        in_head = at <= current.head_end + 6 and not has_paragraph(self.body, current.at, at) or current.serial and len(current.titles) < 2
        if in_head or line_kind.is_official_title(title) and not current.item:
            current.titles.append(title)
            current.head_end = max(current.head_end, last)

    def _open(self, begin: int, last: int, title: str | None, item: int | None, shape: str | None) -> None:
        title = without_note(title) if title else None
        self.opens.append(Opened(begin, title, [title] if title else [], item, last, self._section, default=shape == "first", serial=shape == "serial"))
        if item is not None and item >= 0:
            self._used.add(item)


def _by_number(body: list[Line], at: int, last: int, contents: Contents, used: set[int]) -> tuple[int, float] | None:
    """The contents item that bears the number printed in the head that begins at `at`, whatever its title says."""
    for j in range(at, min(last + 4, len(body))):
        if line_kind.is_number_line(body[j].text):
            n = next((n for n in contents.numbered(body[j].text) if n not in used), None)
            if n is not None:
                return n, 1.0
    return None


def _title_below(body: list[Line], at: int) -> tuple[str | None, int]:
    """The title below a masthead and its number, or the one an order promulgates: 《…条例》已经…通过，现予公布."""
    for j in range(at + 1, min(at + 6, len(body))):
        m = line_kind.ORDERED.match("".join(line.text for line in body[j : j + 3]))
        if m:
            return m[1] or m[2], j
        title, last = title_block(body, j)
        if line_kind.is_official_title(title) and not line_kind.is_number_line(body[j].text):
            return title, last
    return None, at + 1


def _masthead_title(body: list[Line], at: int) -> str | None:
    """An announcement without title goes by its masthead and number: 工业和信息化部公告2022年第3号."""
    parts = []
    for j in range(at, min(at + 5, len(body))):
        parts.append(body[j].text)
        if line_kind.is_number_line(body[j].text):
            name = re.sub(r"\s", "", "".join(parts))
            return name if re.search("公告|通告", name) else None
        if len(parts) > 1 and line_kind.is_paragraph(body[j].text):
            break
    return None


def _printed_whole(body: list[Line], contents: Contents | None) -> set[str]:
    """Keys of the items whose title stands in the body letter for letter, on up to three lines."""
    wanted = {item.key for item in contents.items} if contents else set()
    return {k for at in range(len(body)) for n in (1, 2, 3) if (k := "".join(line.key for line in body[at : at + n])) in wanted} if wanted else set()


def _match_contents(
    body: list[Line], at: int, contents: Contents | None, index: ItemIndex | None, used: set[int], printed: set[str]
) -> tuple[int | None, float, int]:
    """Index of the contents item this line (or it and the next two) prints, how well, last position; −1: in the contents, item unclear."""
    if contents is None or index is None:
        return None, 0.0, at
    best: tuple[int | None, float, int] = (None, 0.0, at)
    joined, text = "", ""
    for last in range(at, min(at + 4, len(body))):
        if last > at and (body[last].level and not body[at].level or line_kind.is_paragraph(body[last].text) or line_kind.ends_signature(body[last].text)):
            break  # 国务院 above a date signs what ended; it does not begin the title below
        joined += body[last].key
        text += body[last].text
        if not 5 <= len(joined) <= 150 or "。" in text or re.search("[:：]$", text) or line_kind.is_annex_mark(text):
            if len(joined) > 150:
                break
            continue
        for n in index.like(joined):
            item = contents.items[n]
            if item.key in printed and joined not in item.key and item.key not in joined and with_digits(joined) != with_digits(item.key):
                continue  # 土壤污染防治行动计划 is not 水污染防治行动计划 where that one is printed too
            score = _likeness(joined, item.key)
            if score < 1.0 and _NAME.fullmatch(text):
                continue  # who signs or heads a text, though a title begins with the same name
            if n in used:
                score -= 0.5
            if last > at and score < 1.0 and not _leads_on(body[at], body[at + 1], item.key) and _likeness(joined[len(body[at].key):], item.key) >= score:
                continue  # the title begins on a later line; this one only stands before it
            if score > best[1] and score >= 0.6:
                best = (n, score, last)
        if best[0] is None and len(joined) >= 14 and joined in contents.key and (body[at].level or line_kind.is_title_like(text)):
            best = (-1, 0.6, last)
    return best


def _leads_on(line: Line, following: Line, item_key: str) -> bool:
    """The issuer on a line of its own above 关于…, or the first part of a wrapped title."""
    return line.key in item_key or bool(re.fullmatch(r"[一-鿿、 ]{4,40}", line.text) and re.match("关于|印发|转发|批转", following.text))


def _likeness(a: str, b: str) -> float:
    """1 for equal keys; else the share of the longer one that the shorter covers in one piece, or nearly in one piece."""
    a, b = with_digits(a), with_digits(b)
    if a == b:
        return 1.0
    about = [k[k.index("关于") :] for k in (a, b) if "关于" in k]
    if len(about) == 2 and about[0] == about[1] and len(about[0]) >= 10:
        return 0.95
    short, long = sorted((a, b), key=len)
    if len(short) < 6:
        return 0.0
    if short in long:
        return 0.55 + 0.44 * len(short) / len(long) if len(short) >= 0.35 * len(long) else 0.0
    if len(short) < 0.7 * len(long) or short[:2] not in long and short[-2:] not in long:
        return 0.0
    if len(pairs(a) & pairs(b)) < 0.5 * len(pairs(short)):
        return 0.0
    ratio = SequenceMatcher(None, a, b, autojunk=False).ratio()
    return ratio - 0.05 if ratio >= 0.88 else 0.0


def _is_bare_number(text: str) -> bool:
    """国铁科法〔2023〕14号; an announcement goes by its own number where it has no title."""
    return line_kind.is_number_line(text) and not re.search("关于|令|公告|通告", text)


def _shape(body: list[Line], at: int, *, closed: bool, strict: bool) -> str | None:
    """What makes this line look like the start of an official document, if anything does.

    `strict`: the source prints no contents page, so a head must be whole (title or masthead with its number, after a closed document),
    a Markdown heading, or open a statute.
    """
    text = body[at].text
    if body[at].serial:
        return "serial"
    following = [body[j].text for j in range(at + 1, min(at + 7, len(body)))]
    if _heads_document(text, following):
        return "announced" if len(following) > 1 and line_kind.is_number_line(following[0]) and _TITLE_IN_BRACKETS.fullmatch(following[1]) else "masthead"
    if line_kind.is_number_line(text) and closed and line_kind.ORDERED.match("".join(following[:2])):
        return "masthead"  # 某州人大常委会公告（第4号）, the order right below
    if line_kind.is_number_line(text) and closed and following and _TITLE_IN_BRACKETS.fullmatch(following[0]):
        return "announced"
    if line_kind.is_number_line(text) and following and closed and line_kind.is_official_title(title_block(body, at + 1)[0]):
        end = title_block(body, at + 1)[1]
        after = [body[j].text for j in range(end + 1, min(end + 4, len(body)))]
        if any(line_kind.is_recipients(t) or re.match(r"[（(].{6,60}(?:通过|公布|发布)", t) for t in after):
            return "number"
    if len(text) < 4 or text[0] in "|<" or is_list_item(body, at) or text.startswith("附件") or line_kind.is_paragraph(text) and not line_kind.is_title_like(text) or line_kind.is_number_line(text):
        return None
    title, last = title_block(body, at)
    if line_kind.is_retelling_title(title) and (closed or strict and body[at].level):
        return "title"
    if _opens_statute(body, last) and line_kind.TITLE_END.search(title) and (closed or body[at].level or not STEP.match(text)):
        return "title"
    if not line_kind.is_official_title(title):
        headline = body[at].level and 8 <= len(text) <= 100 and not STEP.match(text) and not line_kind.is_paragraph(text)
        whole = len(following) > 1 and line_kind.is_number_line(following[0]) and line_kind.is_recipients(following[1])
        subtitled = bool(following) and re.match(r"[-—]{1,2}\s?[《一-鿿]", following[0]) and body[at + 1].level == body[at].level
        return "headline" if headline and (whole or subtitled) else None
    after = [body[j].text for j in range(last + 1, min(last + 4, len(body)))]
    if len(after) > 1 and line_kind.is_date_line(after[0]) and line_kind.is_number_line(after[1]):
        after = after[1:]  # （2003年3月18日） between the title and its number
    numbered = bool(after) and (line_kind.is_number_line(after[0]) or bool(_STATUTE_NOTE.match(after[0])))
    addressed = any(line_kind.is_recipients(t) for t in after[:3])
    marked = any(line_kind.is_annex_mark(body[j].text) for j in range(max(at - 2, 0), at))
    if numbered and not (marked and not closed):
        return "title"
    if strict:
        if closed and line_kind.TITLE_END.search(title) and any(_MAKES_THIS.search(t) for t in after[:2]):
            return "title"  # a plan or rules without number or address: …，制定本方案 stands right below the title
        dated = closed and bool(after) and re.fullmatch(rf"[（(]\s?{line_kind.DATE}\s?[）)]", after[0]) is not None
        whole = (body[at].parted or dated) and not STEP.match(text) and _NAMED_TITLE.match(title) is not None
        return "title" if whole or addressed and closed or body[at].level and line_kind.TITLE_END.search(title) and "关于" in title else None
    if addressed and (closed or body[at].level) or closed and not STEP.match(text) and _NAMED_TITLE.match(title):
        return "title"
    return "title" if closed and body[at].level and "关于" in title else None


def _opens_statute(body: list[Line], last: int) -> bool:
    """Do a note of its making and 第一条, 第一章 or 一、 stand below the title that ends at `last`, or do articles begin anew there?
    So print collections of statutes."""
    at = last + 1
    if at < len(body) and re.match("第一[章条]", body[at].text):  # without a note, where articles have been counted already
        return any(re.match("第二[章条]", line.text) for line in body[max(0, at - 800) : at])
    while at < len(body) and at < last + 12 and _NOTE_LINE.match(body[at].text) and body[at].text[-1] not in "。；":
        at += 1
    return at > last + 1 and any(OPENING.match(line.text) for line in body[at : at + 40])


def _heads_document(text: str, following: list[str]) -> bool:
    """A masthead with its number below, also one in several lines: 最高人民法院 / 最高人民检察院 / 公告."""
    if line_kind.is_masthead(text):
        return any(line_kind.is_number_line(t) for t in following[:3]) or bool(following) and line_kind.ORDERED.match(following[0]) is not None
    if not _NAME.fullmatch(text):
        return False
    kind = next((n for n, t in enumerate(following[:3]) if re.fullmatch("[一-鿿]{0,8}令|(?:(?:地方|行业|国家)标准(?:发布|备案)?)?公告|通告|文件", t)), None)
    if kind is None or not all(_NAME.fullmatch(t) for t in following[:kind]):
        return False
    below = following[kind + 1 : kind + 5]
    return any(line_kind.is_number_line(t) for t in below[:2]) or bool(line_kind.ORDERED.match("".join(below)))


_LONGEST_INTRODUCTION = 2  # paragraphs


def _introduces(body: list[Line], current: Opened, at: int) -> bool:
    """Is what stands between a digest's headline and this head only the editors' word before the text?"""
    if not current.serial or len(current.titles) > 1 or body[at].paragraphs - body[current.at].paragraphs > _LONGEST_INTRODUCTION:
        return False
    return not any(line_kind.is_date_line(body[j].text) or line_kind.ends_signature(body[j].text) for j in range(current.at + 1, at))


def _same_document(body: list[Line], current: Opened, at: int, last: int, title: str | None, item: int | None, score: float, shape: str | None) -> bool:
    key = line_kind.key(title or "")
    own_item = item is not None and item >= 0 and item != current.item
    retelling = line_kind.is_retelling_title(title or "")
    if key and not retelling and any(key == k or _PROMULGATES.search(known) and len(key) >= 8 and key in k for known in current.titles for k in [line_kind.key(known)]):
        return True  # the text that the order or notice above puts in force
    if own_item and score >= 0.9 and current.item is not None:
        return any(key == k for k in current.annexes) and score < 1.0
    signed = any(line_kind.is_date_line(body[j].text) or line_kind.ends_signature(body[j].text) for j in range(max(current.head_end + 1, at - 30), at))
    numbered = any(line_kind.is_number_line(body[j].text) for j in range(at, min(last + 3, len(body))))
    if signed and numbered and shape in ("title", "masthead", "number", "announced"):
        return False  # the text above is over, though no paragraph of it was printed
    if not has_paragraph(body, current.head_end + 1, at) and at - current.at <= 14 and not (own_item and current.item is not None and score > 0.8):
        return True
    if any(line_kind.is_annex_mark(body[j].text) and len(body[j].text) < 12 for j in range(max(at - 2, 0), at)):
        return True
    if len(key) >= 5 and any(key in k or k in key and len(k) > 0.7 * len(key) for k in current.annexes):
        return True
    if shape in ("masthead", "number", "announced"):
        return bool(key) and key == line_kind.key(current.title or "")  # another head after running text is another document's
    for known in current.titles if key else ():
        if own_item and score >= 0.8 and current.item is not None:
            break
        k = line_kind.key(known)
        if key in k or k in key and len(k) >= 8 and not _INTERPRETS.search(title or ""):
            return True
        if _PROMULGATES.search(known) and _overlap(key, k) >= 0.7 * len(key):
            return True
    if own_item and score >= 0.8:
        return False
    text = "".join(body[j].text for j in range(current.at, min(at, current.at + 60)))
    if title and re.search(rf"《\s?{re.escape(title)}[》（(]", text) and (_PROMULGATES.search(text[:1200]) or "批复" in title):
        # The text announced by its covering order, or by the news item that prints it, is printed here.
        return not (current.title and _INTERPRETS.search(current.title))
    return False


def _overlap(a: str, b: str) -> int:
    return SequenceMatcher(None, a, b, autojunk=False).find_longest_match().size
