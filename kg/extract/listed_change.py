"""Finds what a clear-out says of listed documents that stay: those to be revised and those whose term is prolonged; a text's Reader in.

A clear-out sorts documents into those that go (`repeal_list`), those that stay as they are, those that somebody is to revise, and those that
stay longer than they were to: by lists under a sentence, by headed annexes, or by a column of a table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kg.extract.repeal_item import read_item
from kg.extract.repeal_member import Member
from kg.extract.repeal_reader import Reader

_THESE = "(?:下列|以下|如下)"
_PAPERS = "(?:文件|规章|法规|规定|办法|标准|意见|通知)"
_LEAD = r"(?![^\n]*(?:不再|建议|申请|征求|可以|是否))(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])?(?:[^。；：\n]{0,30}[，,])?(?:决定)?(?:对|将)?"
# Somebody is to revise them; what a decision 予以修改 or 作出修改 it changes itself, and says below each name how.
_REVISED = re.compile(rf"(?=[^\n]*(?:由|需|拟|应当?|要|尽快|抓紧|适时|及时|后(?:重新)?(?:公布|发布|印发))){_LEAD}{_THESE}[^。；：\n]{{0,30}}{_PAPERS}[^。；：\n]{{0,30}}?(?P<verb>修改|修订)(?:后(?:重新)?(?:公布|发布|印发))?[^。；：\n]{{0,12}}[：:。]?")
_PROLONGED = re.compile(
    rf"{_LEAD}{_THESE}[^。；：\n]{{0,30}}{_PAPERS}[^。；：\n]{{0,40}}?(?P<verb>有效期[^。；：\n]{{0,6}}(?:延长|延续)|(?:延长|延续)有效期)[^。；：\n]{{0,24}}[：:。]?"
)
_HEADING = re.compile(
    rf"(?:附\s?[件表]?\s?[\d一二三四五]{{0,2}}\s?[:：.、]?\s?|[一二三四五六七八九十]{{1,3}}、)?[^。；，：《》\n]{{0,30}}(?:需要?|拟|应当|予以)(?P<verb>修改|修订)的?[^。；，：《》\n]{{0,30}}(?:目录|清单|{_PAPERS})(?:[（(][^（）()]{{0,12}}[）)])?"
)
_PROLONGING_TITLE = re.compile(r"关于[^。\n]{0,40}(?:延长|延续)[^。\n]{0,60}有效期")
_PROLONGED_COLUMN = re.compile(r"(?:延长|延续)后?的?(?:有效期|截止日期)|(?:有效期|执行期限)(?:延长|延续)至")
_CELL = re.compile(r"(?:拟|需要?|应当|予以)?(?P<verb>修改|修订)(?:后(?:重新)?(?:公布|发布))?")
_MOST_FOREIGN = 3


@dataclass(frozen=True, slots=True)
class ListedChange:
    """One document of such a list. Offsets count in the clean text."""

    start: int
    end: int
    title: str | None
    number: str | None
    relation: Literal["calls_for_revision", "amends"]
    trigger_start: int
    trigger_end: int


def find_listed_changes(reader: Reader) -> list[ListedChange]:
    """Every document that a list, a headed annex or a column says is to be revised, or stays in force for longer; in a draft, none."""
    if reader.retells:
        return []
    found: dict[int, ListedChange] = {}
    clear_out = reader.is_clear_out
    prolonging = any(_PROLONGING_TITLE.search(line) for line in reader.head)
    done = 0
    for low, high in _lines(reader.text, 0):
        line = reader.text[low:high]
        if low < done:
            continue  # an item of the list above
        headed = (_REVISED.fullmatch(line), _PROLONGED.fullmatch(line), _HEADING.fullmatch(line) if clear_out else None)
        changes: list[ListedChange] = []
        if m := next((m for m in headed if m), None):
            relation: Literal["calls_for_revision", "amends"] = "amends" if m is headed[1] else "calls_for_revision"
            changes = _items(reader, high + 1, relation, (low + m.start("verb"), low + m.end("verb")))
        elif prolonging and "|" in line and (m := _PROLONGED_COLUMN.search(line)):
            changes = _items(reader, high + 1, "amends", (low + m.start(), low + m.end()))
        elif clear_out and "|" in line:
            changes = _row(reader, low, high)
        found.update((c.start, c) for c in changes)
        done = max((c.end for c in changes), default=0)
    return sorted(found.values(), key=lambda c: c.start)


def _lines(text: str, position: int) -> Iterator[tuple[int, int]]:
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        yield position, end
        position = end + 1


def _items(reader: Reader, position: int, relation: Literal["calls_for_revision", "amends"], trigger: tuple[int, int]) -> list[ListedChange]:
    """The items from a line on, to the first line that is none; column names before the first are passed over."""
    found: list[ListedChange] = []
    foreign = 0
    for low, high in _lines(reader.text, position):
        members = read_item(reader, low, high) if reader.text[low:high].strip() else None
        if members and any(m.name.number or m.name.quoted for m in members):
            found += [_change(m, relation, trigger) for m in members]
        elif found or foreign == _MOST_FOREIGN:
            break
        else:
            foreign += 1
    return found


def _row(reader: Reader, low: int, high: int) -> list[ListedChange]:
    """A row one cell of which says that its document is to be revised."""
    at = low
    for cell in reader.text[low:high].split("|"):
        if m := _CELL.fullmatch(cell.strip()):
            members = read_item(reader, low, high) or []
            trigger = reader.text.index(m["verb"], at)
            return [_change(x, "calls_for_revision", (trigger, trigger + len(m["verb"]))) for x in members if x.name.title]
        at += len(cell) + 1
    return []


def _change(member: Member, relation: Literal["calls_for_revision", "amends"], trigger: tuple[int, int]) -> ListedChange:
    return ListedChange(member.name.start, member.name.end, member.name.title, member.name.number, relation, *trigger)
