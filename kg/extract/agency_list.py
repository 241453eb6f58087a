"""Reads strings that consist of bodies' names, glued or spaced as they come: a signature block or the head of a title in, names out."""

import re
from functools import cache, lru_cache

from kg.agencies import full_name, names, official_place, organ_forms, split_local
from kg.agency_words import words

_LONGEST = 44
# The shapes of bodies no table lists: behind a region's name, and behind 中国, 全国, 国家 or none.
_LOCAL_ENDING = re.compile(
    "(?:局|委员会|委|办公室|办公厅|办|厅|政府|中心|小组|指挥部|联席会议|专班|管委会|协会|学会|联合会|研究会|公会|商会|研究院|法院|检察院|总队|支队|站|处|基地|机制办公室)$")
_CENTRAL_SHAPE = re.compile(
    "(?:中国|中华|全国|国家)[^、，。；：《》\\d\\s]{2,24}(?:协会|学会|联合会|研究会|基金会|促进会|委员会|中心|办公室|领导小组|公司|研究院|基地)")
_FREE_SHAPE = re.compile(
    "[^、，。；：《》\\d\\s]{4,30}(?:领导小组|领导小组办公室|联席会议|联席会议办公室|指挥部|指挥部办公室|管理委员会|管委会|委员会办公室)")
_SCHOOL_OR_CUSTOMS = re.compile("(?:中华人民共和国)?(?P<name>[^、，。；：《》\\d\\s部委局厅署]{2,16}(?:大学|学院|海关))")  # 西北农林科技大学, 拱北海关: called by their own name
_NOT_A_NAME = re.compile("关于|转发|印发|发布|公布|通知|意见|办法|规定|方案|[的等第。：；《》？！]|根据|为了|各[省市县区级]|有关|举办|召开")
_SEAL = re.compile("[（(](?:代?章|盖章|印章?|公章|代|代签|签章|联合发文)[）)]|代章|盖章")
_BREAKS = re.compile("[、，,；;/|＋+]")
_AND = re.compile("和|与|及|会同")
_OTHERS = re.compile("等[一二两三四五六七八九十百\\d]{0,3}个?(?:国家)?(?:部门|部委|单位|部门和单位|厅局|委局|局委|委办局|机关|家)$|(?:联合|共同)$")
_CUT = re.compile(
    "关于|转发|批转|印发|发布|公布|公告|令|通告|通知|下达|公示|联合|共同|对|就|答|拟|开展|举办|组织(?!部|人事部)|征集|启动|召开|公开|面向|遴选|表彰|修订|修正|修改|废止|制定|决定|授予|同意|批准|贯彻|实施|[《“\"\\d]")
_TRAILING = re.compile("[、，,\\s]+$")


def split_agencies(text: str, *, jurisdiction: str | None = None, on: str | None = None) -> tuple[str, ...] | None:
    """The bodies of a string that consists of their names alone, in order; None where some part is no body's name.

    Names may be letter-spaced (财 政 部), glued together, broken over lines, or set in columns; seals (章) are dropped. A local body no table
    lists is taken by its shape, a region and an ending such as 局 or 领导小组办公室, and keeps its printed words.

    >>> split_agencies("工业和信息化部国家标准化管理委员会 财 政 部")
    ('工业和信息化部', '国家标准化管理委员会', '财政部')
    """
    stream = _SEAL.sub("", text).replace("(", "（").replace(")", "）").strip(" \n　、，,")
    if not stream or len(stream) > 600 or _NOT_A_NAME.search(re.sub(r"\s", "", stream)):
        return None
    found: list[str] = []
    for part in _BREAKS.split(stream):
        names = _segment(part.strip(), jurisdiction, on) if part.strip() else ()
        if names is None:
            names = _with_and(part, jurisdiction, on)
        if names is None:
            names = _carried(part.strip(), found, jurisdiction, on)
        if names is None:
            return None
        found.extend(names)
    return tuple(dict.fromkeys(found)) or None


def _with_and(part: str, jurisdiction: str | None, on: str | None) -> tuple[str, ...] | None:
    """财政部和税务总局: a conjunction counts only where names stand on both sides."""
    for m in _AND.finditer(part):
        left = _segment(part[: m.start()].strip(), jurisdiction, on)
        right = _segment(part[m.end() :].strip(), jurisdiction, on) if left else None
        if left and right:
            return left + right
    return None


def _carried(part: str, found: list[str], jurisdiction: str | None, on: str | None) -> tuple[str, ...] | None:
    """天津市科技局、财政局: the region of the name before is carried to an organ without one."""
    head = split_local(found[-1], jurisdiction, on) if found else None
    name = full_name(official_place(head[0]) + re.sub(r"\s", "", part), on=on) if head else None
    return (name,) if name else None


def _segment(part: str, jurisdiction: str | None, on: str | None) -> tuple[str, ...] | None:
    """Cuts a string without separators into names at the least cost: known names, few white spaces inside one, as few names as may be."""
    letters = [(m.group(), m.start()) for m in re.finditer(r"\S", part)]
    n = len(letters)
    gaps = [0.0] * (n + 1)  # what it costs to read over the white space before letter i
    for i in range(1, n):
        between = part[letters[i - 1][1] + 1 : letters[i][1]]
        gaps[i] = (0.8 if "\n" in between else 0.15) if between else 0.0
    squeezed = "".join(c for c, _ in letters)
    best: list[tuple[float, tuple[str, ...]] | None] = [None] * (n + 1)
    best[0] = (0.0, ())
    last = _last_characters()
    for i in range(n):
        here = best[i]
        if here is None:
            continue
        inside = 0.0
        for j in range(i + 2, min(n, i + _LONGEST) + 1):
            inside += gaps[j - 1] if j - 1 > i else 0.0
            if squeezed[j - 1] not in last and j != n:
                continue
            read = _read(squeezed[i:j], jurisdiction, on)
            if read is None:
                continue
            name, cost = read
            edge = (0.0 if i == 0 or gaps[i] else 0.3) + (0.0 if j == n or gaps[j] else 0.3)
            total = here[0] + cost + inside + edge
            known = best[j]
            if known is None or total < known[0]:
                best[j] = (total, (*here[1], name))
    return best[n][1] if best[n] else None  # type: ignore[index]


@cache
def _last_characters() -> frozenset[str]:
    """What names end with; nothing else is tried as an end, which keeps the search small."""
    return frozenset(n[-1] for n in (*names(), *organ_forms())) | frozenset("）站处庭学关")


@lru_cache(maxsize=50_000)
def _read(name: str, jurisdiction: str | None, on: str | None) -> tuple[str, float] | None:
    """A single name and what it costs to believe it: 1 where a table explains it, more for a shape."""
    if name.endswith("）"):
        outer, _, inner = name[:-1].partition("（")
        read = _read(outer, jurisdiction, on) if inner and outer else None
        # 北京市园林绿化局（首都绿化委员会办公室）: a second signboard
        return (read[0], read[1] + 0.2) if read else None
    known = full_name(name, jurisdiction=jurisdiction, on=on)
    if known is not None:
        return known, 1.0
    shaped = _shape(name, jurisdiction, on)
    return (shaped, 2.2 + len(name) / 8) if shaped else None  # a long shape is more likely several names


_CIVIL_AVIATION = re.compile("(?:中国民用航空|民航)(?P<area>[一-鿿]{2,4})管理局")


def _shape(name: str, jurisdiction: str | None, on: str | None) -> str | None:
    if own := _SCHOOL_OR_CUSTOMS.fullmatch(name):
        return own["name"]
    if (m := _CIVIL_AVIATION.fullmatch(name)) and m["area"] in words("aviation_area"):
        return f"中国民用航空{m['area']}管理局"
    parts = split_local(name, jurisdiction, on)
    if parts is not None:
        place, rest = parts
        if len(rest) >= 3 and _LOCAL_ENDING.search(rest) and place.name not in rest:
            printed = name[: len(name) - len(rest)]
            where = printed if printed in place.short_names else official_place(place)  # 广西气象学会 is its name; 市…领导小组 is not
            return where + rest.removesuffix("管委会") + "管理委员会" if rest.endswith("管委会") else where + rest
        return None
    if _CENTRAL_SHAPE.fullmatch(name) or _FREE_SHAPE.fullmatch(name):
        return name.removesuffix("管委会") + "管理委员会" if name.endswith("管委会") else name
    return None


def leading_issuers(title: str, *, jurisdiction: str | None = None, on: str | None = None) -> tuple[tuple[str, ...], str]:
    """The bodies a title names as its issuers before 关于, 转发, 印发 …, and the rest of the title; a place alone (山西省关于…) is no body.

    >>> leading_issuers("国家发展改革委、市场监管总局联合印发《实施方案》")
    (('国家发展和改革委员会', '国家市场监督管理总局'), '印发《实施方案》')
    """
    title = title.lstrip("\ufeff \n　")
    for m in _CUT.finditer(title, 0, 160):
        head = title[: m.start()]
        if len(head) < 2:
            continue
        stem = _TRAILING.sub("", _OTHERS.sub("", _TRAILING.sub("", head)))
        names = split_agencies(stem, jurisdiction=jurisdiction, on=on)
        if names is not None:
            return names, title[m.start() :].removeprefix("联合").removeprefix("共同")
    return (), title
