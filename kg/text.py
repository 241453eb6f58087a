"""Reads a file as text and cleans a stretch of it for reading, keeping a map from every clean character to the source.

A `Source` holds the characters of the file as decoded; every offset the package reports counts in it. A `View` is what the rules
read: wraps joined, page furniture, markup and spaces between Chinese characters taken out.
"""

import hashlib
import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kg.errors import SourceError
from kg.furniture import find_furniture
from kg.pasted_table import COLUMN_GAP, goes_on, is_row, stacked_rows

SUFFIXES = (".txt", ".md")

# Kangxi radicals and their supplement, as PDF converters print them (⽂件 for 文件). NFKC leaves the last thirteen alone.
_RADICALS = {c: unicodedata.normalize("NFKC", chr(c)) for c in range(0x2E80, 0x2FE0)}
_RADICALS = {c: s for c, s in _RADICALS.items() if len(s) == 1 and s != chr(c)}
_RADICALS.update(zip(map(ord, "⺠⻅⻆⻋⻓⻔⻚⻛⻝⻣⻩⻬⻰"), "民见角车长门页风食骨黄齐龙", strict=True))
_RADICALS.update({c: chr(c - 0xFEE0) for r in ("０９", "ＡＺ", "ａｚ") for c in range(ord(r[0]), ord(r[1]) + 1)})
_RADICAL = re.compile("[⺀-⿟０-９Ａ-Ｚａ-ｚ]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_CONTROL = re.compile("[\x01-\x08\x0e-\x1a\x1c-\x1f]")


_LINE_END = re.compile("\r\n|\r|\n")


@dataclass(frozen=True)
class Source:
    """A file as read. `path` is the name the build reports; `text` has the source's own line ends, without a byte order mark."""

    path: str
    text: str
    encoding: str
    sha256: str = ""

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(m.end() for m in _LINE_END.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends; `lines[i]` is line i + 1."""
        return _LINE_END.split(self.text)

    def line_of(self, offset: int) -> int:
        """The 1-based line of a character."""
        return bisect_right(self.line_starts, offset)

    def readable(self, i: int) -> str:
        """Line i (0-based) with radicals mapped to the characters they stand for; as long as the line itself."""
        return map_radicals(self.lines[i])

    @cached_property
    def stacked(self) -> dict[int, int]:
        """0-based number of each line that is a cell of a table printed one cell a line → the first line of its row."""
        return stacked_rows(self.lines)

    @cached_property
    def furniture(self) -> frozenset[int]:
        """0-based numbers of the lines that belong to the page or the publisher, not to a document."""
        return frozenset(find_furniture(self.lines))


# Scans print half-width marks between Chinese characters; read as the full-width ones they stand for, one for one.
_HALF_WIDTH = re.compile(r"(?<=[一-鿿》〉”〕），。、；：！？])[,;:!?()]++|(?<![,;:!?()])[,;:!?()]++(?=[一-鿿《〈“〔（，。、；：！？）》])")
_FULL_WIDTH = {ord(a): b for a, b in zip(",;:!?()", "，；：！？（）", strict=True)}


def full_width(text: str) -> str:
    """Half-width punctuation beside Chinese characters as full-width, character for character: 甲(试行): as 甲（试行）：."""
    text = _HALF_WIDTH.sub(lambda m: m[0].translate(_FULL_WIDTH), text)
    return text.replace("<<", "《《").replace(">>", "》》") if "<<" in text else text


def map_radicals(text: str) -> str:
    """Kangxi radicals, full-width digits and full-width Latin letters replaced one for one by the characters they stand for."""
    return text.translate(_RADICALS) if _RADICAL.search(text) else text


_D = "[0-9OoQlI]"
_S = "[ \u3000]"
_SLIPPED = re.compile(
    rf"[〔\[［【（(]{_S}{{0,2}}[12lI]{_S}?{_D}{_S}?{_D}{_S}?{_D}{_S}{{0,2}}[〕\]］】）)]{_S}{{0,2}}第?{_S}{{0,2}}(?:{_D}{_S}{{0,2}}){{1,5}}号"
    rf"|[12]{_S}\d{_S}\d{_S}\d{_S}?年(?:{_S}?(?:\d{_S}?){{1,2}}月(?:{_S}?(?:\d{_S}?){{1,2}}日)?)?|第{_S}?(?:\d{_S}){{1,4}}\d{_S}?号")
_BRACKETED_YEAR = re.compile(r"(?P<open>[〔\[［【（(])[\d \u3000]{4,12}(?P<close>[〕\]］】）)])")
_MAY_SLIP = re.compile(rf"\d{_S}\d|[OoQlI]|[〔\[［【（(]{_S}?\d{{4}}{_S}?[〕\]］】）)]")
_SLIPS = str.maketrans("OoQlI", "00011")


def read_slips(text: str) -> tuple[str, list[tuple[int, int]]]:
    """A line with the letters that scans print for digits in numbers of documents read as digits, brackets that do not match as 〔〕; and
    the stretches whose spaces part digits.

    Only where nothing but a number or a date can stand: 〔2OO2〕 l5 号, 2 0 0 3 年 3 月 1 8 日.

    >>> read_slips("新政发〔2OO2〕 l5 号")
    ('新政发〔2002〕 15 号', [(3, 14)])
    """
    if not _MAY_SLIP.search(text):
        return text, []
    places: list[tuple[int, int]] = []

    def read(m: re.Match[str]) -> str:
        places.append(m.span())
        digits = m[0].translate(_SLIPS)
        marks = _BRACKETED_YEAR.match(digits)
        if marks and marks["open"] + marks["close"] not in ("〔〕", "（）", "()", "[]", "［］", "【】"):
            return f"〔{digits[1 : marks.start('close')]}〕{digits[marks.end() :]}"
        return digits

    text = _SLIPPED.sub(read, text)
    return text, places


def read_source(path: Path, name: str | None = None) -> Source:
    """Reads a text file: strict UTF-8 (with or without byte order mark), else strict GB18030.

    Raises `SourceError` naming the file when it is missing, empty, binary, unreadable, or in neither encoding.
    """
    name = name or path.as_posix()
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{name}: no such file; check the path") from None
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror}); check its permissions") from None
    if not data.strip():
        raise SourceError(f"{name}: empty; nothing to read")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SourceError(f"{name}: UTF-16; save it as UTF-8 or GB18030")
    if b"\0" in data:
        raise SourceError(f"{name}: binary, not text; convert it to .txt or .md first")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not text.strip():
            raise SourceError(f"{name}: empty; nothing to read")
        if len(_CONTROL.findall(text)) > max(4, len(text) // 100):
            raise SourceError(f"{name}: binary, not text; convert it to .txt or .md first")
        if encoding == "gb18030" and len(_PRIVATE.findall(text)) * 200 > len(text):
            raise SourceError(f"{name}: neither UTF-8 nor GB18030, perhaps Big5; save it as UTF-8")
        return Source(name, text, "gb18030" if encoding == "gb18030" else "utf-8", hashlib.sha256(data).hexdigest())
    raise SourceError(f"{name}: neither UTF-8 nor GB18030; save it in one of the two")


@dataclass(frozen=True)
class View:
    """Clean text of a stretch of a source. Runs of characters that are adjacent in both are kept as one pair of positions."""

    source: Source
    text: str
    starts: list[int] = field(repr=False)  # where each run starts in `text`
    offsets: list[int] = field(repr=False)  # where the same run starts in `source.text`

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Source offsets of clean `text[start:end]`, which is not empty."""
        i = bisect_right(self.starts, start) - 1
        j = bisect_right(self.starts, end - 1) - 1
        return self.offsets[i] + start - self.starts[i], self.offsets[j] + end - self.starts[j]


_MARKS = re.compile(r"^[ \t　]*(?:#{1,6}(?=\s|$)|>|[-*+](?=[ \t　]))?[ \t　]*")
_INLINE = re.compile(r"\*{2,}|</?[bius]>|<br/?>|<!--.{0,200}?-->|\\(?=[_*])|[ \t\r\u00a0\u2000-\u200b\u3000\ufeff\x0b\x0c]+")
_CJK = "\u2e80-\u303e\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…·○"
_IS_CJK = re.compile(f"[{_CJK}]")
# A line that opens something of its own never continues the line before it.
STRUCTURAL = re.compile(
    r"[ \t　]*(?:#|[-*+][ \t]|\||<|【[^】\n]{1,12}】|[（(]\d{4}年\d{1,2}月\d{1,2}日|第[一二三四五六七八九十百零〇\d]{1,6}[条章节编款部]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|[（(]?\d{1,2}[）)、](?!\d)|\d{1,2}\.(?!\d)|\d{3,4}[.．、](?=\s*[一-鿿《])|——|附\s?[件表录则]|问[:：]|答[:：]|相关链接|\*\*"
    r"|(?!(?:如下|以下|下列|不再执行|停止执行|执行|施行|实施|废止|失效)[：:])(?:[一-鿿][ \t　]{0,4}){2,6}[：:]"
    r"|本(?:决定|通知|公告|通告|办法|规定|条例|细则|意见|令|方案)(?:自|由|从)|特此(?:通知|公告|通告|批复|函告|函复)|此复)"
)
_LIST_ITEM = re.compile(r"[-*+]?\s*(?:[一二三四五六七八九十]{1,3}、|[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．])")
_TERMINAL = re.compile(r"[。！？；：!?;:…>|】][”’\"'）)》〉]*$")


# A name, a date, a heading: a sentence cut by a page break ends in a mark further down, these do not.
_STANDS_ALONE = re.compile(
    r"[一-鿿\s　·○〇]{1,30}|.{0,40}\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日|\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日[ 　]*\S{2,40}号|[（(]?(?:19|20)\d{2}\s?年\s?第\s?\d{1,4}\s?号[）)]?"
    r"|[^，。；《》]{1,24}[〔\[(（]\s?(?:19|20)\d{2}\s?[〕\])）]\s?第?\s?\d{1,5}\s?号"
)
_NUMBERED = re.compile(r"[^，。；《》]{2,60}(?:令|公告|通告)\s?(?:\d{4}\s?年\s?)?第\s?\d{1,4}\s?号")  # a number on its line, however many bodies it names
_ADDRESSED = re.compile("[^。；：:]{0,20}各[^。；：:]{20,400}")  # 各省、自治区…，有关中 / 央企业：
_NUMBER_HEAD = re.compile(r"[^，。；《》\s]{1,24}[〔\[(（]\s?(?:19|20)\d{2}\s?[〕\])）]\s?第?\s?\d{1,5}\s?号(?:[\s　]+[^\s，。；《》]{1,30}){1,3}")  # 甲残联发〔2023〕18号　QDCR-2023-0540001
_TELEGRAM = re.compile(r"(?:等\s?级|签批盖章|发电单位|发往)[\s　:：]")  # the head of a telegram
_TITLE = re.compile(r"^[^，。；]{0,60}关于[^，。；]{2,100}的?(?:通知|通报|公告|意见|决定|批复|复函|函|办法|规定|方案|措施|会议纪要|解释)(?:[（(][^（）()]{1,12}[）)])?$|^[^，。；、]{4,40}(?:条例|办法|规定|细则|方案)$|》的(?:通知|公告|决定|函|通报)$|^[^，。；]{0,60}关于[^，。；]{2,100}[〔\[（(](?:19|20)\d{2}[〕\])）]\s?\d{1,5}\s?号$")


def _continues(previous: str, line: str, *, apart: bool) -> bool:
    """Does `line` go on with the sentence that `previous` leaves open? Both stripped, neither empty; `apart`: blank lines stand between."""
    if previous[-1] not in "。；：" and (previous.count("《") > previous.count("》") or previous.count("（") > previous.count("）")):
        return "|" not in previous[:1] and not line.startswith(("#", "|")) and len(previous) > 8
    if is_row(line) or is_row(previous) or _NUMBERED.fullmatch(previous) or _TELEGRAM.match(previous) or _NUMBER_HEAD.fullmatch(previous):
        return False
    if _ADDRESSED.fullmatch(previous) and re.fullmatch("[一-鿿（）、，]{1,30}[：:]", line):
        return True
    if previous.endswith("》") and re.search("[。，；]", previous) and re.match(r"[（(]\d{4}年", line):
        return True  # a name in a sentence, its date and number on the next line
    if _TERMINAL.search(previous) or STRUCTURAL.match(line) or previous.startswith(("#", "|")) or _STANDS_ALONE.fullmatch(line):
        return False
    if _TITLE.search(previous) or previous.startswith("附件") or previous[0] in "（(" and previous[-1] in "）)":
        return False
    if apart and previous[-1] in "）)》" and _LIST_ITEM.match(previous):
        return False
    length = len(re.sub(r"\s", "", previous))
    return length >= 25 or length > 12 and bool(re.search("[，。；、,]", previous))


def clean_view(source: Source, start_line: int, end_line: int) -> View:
    """The clean text of lines `start_line`…`end_line` (1-based, both included) of a source."""
    parts: list[str] = []
    starts: list[int] = []
    offsets: list[int] = []
    length = 0

    def add(piece: str, offset: int) -> None:
        nonlocal length
        if piece:
            parts.append(piece)
            starts.append(length)
            offsets.append(offset)
            length += len(piece)

    previous = ""
    previous_line = start_line - 1
    tail_end = source.line_starts[start_line - 1]
    furniture = source.furniture
    for i in range(start_line - 1, end_line):
        raw = source.lines[i]
        if not raw or i in furniture:
            continue
        stripped = raw.strip()
        if not stripped or stripped.startswith("<!--"):
            continue
        base = source.line_starts[i]
        mapped, slipped = read_slips(full_width(map_radicals(raw)))
        stripped = mapped.strip()
        if previous and i in source.stacked and source.stacked[i] != i:
            add("" if goes_on(previous, stripped) else "|", tail_end)
        elif previous and (i in source.stacked or not _continues(previous, stripped, apart=i > previous_line + 1)):
            add("\n", tail_end)
        position = _MARKS.match(mapped).end()
        limit = len(mapped.rstrip())
        row = is_row(mapped)
        slips = [start for start, _ in slipped]
        for hit in _INLINE.finditer(mapped, position, limit):
            if slips and (n := bisect_right(slips, hit.start()) - 1) >= 0 and hit.start() < slipped[n][1]:
                add(mapped[position : hit.start()], base + position)
                position = hit.end()
                continue
            if row and hit.start() > position and COLUMN_GAP.fullmatch(hit[0]):
                add(f"{mapped[position : hit.start()]}|", base + position)
                position = hit.end()
                continue
            if hit[0][0] in " \t\u00a0\u2000\u2002\u2003\u2009" and hit.start() > position:
                before, after = mapped[hit.start() - 1], mapped[hit.end() : hit.end() + 1]
                if after and not _IS_CJK.match(before) and not _IS_CJK.match(after):
                    add(f"{mapped[position : hit.start()]} ", base + position)  # one space, of whatever kind, stays one between Latin words
                    position = hit.end()
                    continue
            add(mapped[position : hit.start()], base + position)
            position = hit.end()
        add(mapped[position:limit], base + position)
        previous, previous_line = stripped, i
        tail_end = base + limit
    return View(source, "".join(parts), starts or [0], offsets or [source.line_starts[start_line - 1]])


_BESIDE_CJK = re.compile(rf"\s+(?=[{_CJK}])|(?<=[{_CJK}])\s+")
_PLAIN = re.compile("[一-鿿《》〈〉〔〕“”，。、；：（）0-9]*")


def squeeze(text: str) -> str:
    """A title or name as it reads: markup and white space of wraps gone, one space left between Latin words."""
    if _PLAIN.fullmatch(text):
        return text
    text, slipped = read_slips(text)
    if slipped:
        ends = [0, *(end for _, end in slipped)]
        parts = (text[end:start] + re.sub(r"\s", "", text[start:stop]) for end, (start, stop) in zip(ends, slipped, strict=False))
        text = "".join(parts) + text[ends[-1] :]
    text = _INLINE.sub(lambda m: " " if m[0][0].isspace() or m[0][0] == "\u3000" else "", full_width(map_radicals(text))).replace("\n", " ")
    text = _BESIDE_CJK.sub("", text)
    while _HALF_WIDTH.search(text):  # a mark that a space kept from its character
        text = _BESIDE_CJK.sub("", full_width(text))
    return re.sub(r"\s+", " ", text).strip()


def input_files(paths: Iterable[Path]) -> tuple[list[tuple[Path, str]], list[str]]:
    """Files to read, each with the name to report, sorted by that name; and a line for every path that gives none.

    A folder gives its .txt and .md files, at any depth, hidden ones left out. A file named directly is taken whatever its ending.
    Names are relative, as given; an absolute path is named from its last step on, so that the graph does not tell of the machine.
    """
    found: dict[str, Path] = {}
    failures = []
    seen: dict[str, str] = {}  # one file given by two spellings is read once, under the first in order
    for path in sorted(paths, key=lambda p: (".." in p.parts, p.as_posix())):
        named = reported_name(path)
        if path.is_dir():
            inside = [p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in SUFFIXES
                      and not any(part.startswith(".") for part in p.relative_to(path).parts)]
            if not inside:
                failures.append(f"{path.as_posix()}: no .txt or .md file in this folder; name a file or another folder")
            files = {(named / p.relative_to(path)).as_posix(): p for p in inside}
        elif path.exists() and not path.is_file():
            failures.append(f"{path.as_posix()}: neither a file nor a folder; name one of the two")
            continue
        elif path.exists():
            files = {named.as_posix(): path}
        else:
            failures.append(f"{path.as_posix()}: no such file or folder; check the path")
            continue
        for name, file in sorted(files.items()):
            if seen.setdefault(os.path.realpath(file), name) != name:
                continue
            if name in found and not found[name].samefile(file):
                failures.append(f"{file.as_posix()}: another input is called {name} too; give one of the two by a relative path")
                continue
            found[name] = file
    return sorted(((p, name) for name, p in found.items()), key=lambda x: x[1]), failures


def reported_name(path: Path) -> Path:
    """The name under which a path is reported: as given; an absolute one from the working directory, else its last step."""
    if not path.is_absolute():
        return path
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) and path != here else Path(path.name)
