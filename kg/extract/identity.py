"""Who issued a document, under which number, when, of what kind: layout and text of a passage in, an `Identity` out.

Each field asks its witnesses in a fixed order and stops at the first that answers; the body wins over the contents page.
"""

import re
from dataclasses import dataclass

from kg import lines as line_kind
from kg.agencies import full_name
from kg.agency_labels import labels
from kg.contents import ContentsItem
from kg.extract.agency import find_agencies, leading_issuers, split_agencies
from kg.extract.date import Force, find_force, parse_date
from kg.extract.document_number import find_numbers, issuers_of_number, number_key, parse_number, region_of_number, repair_number
from kg.extract.document_type import document_type
from kg.extract.effect_level import effect_level
from kg.extract.history import HistoryEvent
from kg.extract.number_bounds import BRACKETED_FORMS
from kg.extract.region import find_regions
from kg.layout import Layout
from kg.model import NATIONAL, DateBasis, DocumentNumber, EffectLevel
from kg.regions import prefix_region, province_of, region_of_agency

_RETELLS = re.compile(r"解读|答记者问|问答|释义|图解|一图读懂|负责人就|负责同志就")
_PUBLISHED = re.compile(r"(?:公布|发布|颁布|颁发|公告)")
_CONGRESS = re.compile(r"([一-鿿]{2,14}?)(?:第[一二三四五六七八九十]{1,3}届)?(?:人民代表大会|人大)(常务委员会|常委会)?(?:第[一二三四五六七八九十百\d]{1,5}次)?(?:会议|全体会议)?")
_MADE_BY = re.compile(r"([^，。；]{4,120}?)(?:会同[^，。；]{0,30})?(?:共同|联合|组织|研究)?(?:制定|编制|起草)了?(?:本|《)")
_NEWS = re.compile(r"近日[，,]([^，。《》]{4,60}?)(?:联合)?(?:印发|发布|公布|下发)了?《([^《》]{4,100})》")
_EXPLAINED_BY = re.compile(r"(?:由|授权)([^，。；由]{4,30}?)(?:会同[^，。；]{2,30})?负责解释")
_ANNOUNCEMENT = re.compile(r"([一-鿿]{3,40})公告[（(]((?:19|20)\d{2}年)第(\d+)号[）)]")
_TEXT_TYPE = re.compile(r"(?:有关(?:要求|事项|情况)|具体(?:要求|事项))?(?:通知|公告|通告|函告|函复|批复)如下|本(通知|公告|意见|办法|规定|方案)|特此(通知|公告|通告|批复|函复)")


@dataclass(frozen=True, slots=True)
class Identity:
    title: str
    numbers: tuple[str, ...]
    number: DocumentNumber | None
    issuers: tuple[str, ...]
    issued: str | None
    effective_date: str | None
    effective_basis: DateBasis | None
    expiry_date: str | None
    document_type: str | None
    effect_level: EffectLevel | None
    jurisdiction: str | None
    retells: bool  # tells of other documents: 解读, 答记者问, press report
    force: Force = Force()  # where the text states the two dates
    problems: tuple[tuple[str, str], ...] = ()  # code, message


def read_identity(text: str, layout: Layout, history: tuple[HistoryEvent, ...], item: ContentsItem | None, *, shared_number: bool = False, whole_file: bool = False) -> Identity:
    """The identity of one document. `shared_number`: the contents give the item's number to another item as well.

    `whole_file`: the file is this document and nothing else, so that what it does not say is not said elsewhere. A document of the kind that
    is dated but states no day of effect is then presumed to take effect on its 成文日期; a reprint in a compilation may be abridged, so
    there nothing is presumed.
    """
    problems: list[tuple[str, str]] = []
    title = layout.title or next((p.text[:60] for p in layout.paragraphs), "")
    retells = bool(_RETELLS.search(re.sub("《[^《》]*》.{0,12}的(?:通知|公告|决定|通告|批复|复函|函)$", "", title))) or _is_report(layout, title)
    numbers = () if retells else _body_numbers(layout, history, title)
    place = _place(title, layout)
    if item and item.number and not retells:
        numbers = _with_contents(numbers, item, text, place, shared_number, problems)
    parsed = parse_number(numbers[0]) if numbers else None
    issuers = _issuers(text, layout, title, parsed, place, retells)
    jurisdiction = _jurisdiction(issuers, parsed, place)
    issued = _issued(layout, history, item, numbers)
    force = Force()
    if not retells:
        names = (title, *layout.other_titles, *layout.annexes)
        force = find_force(text, issued=issued, titles=[re.sub(r"[（(][^（）()]{1,14}[）)]$", "", n) for n in names])
    effective, expiry = force.effective, force.expiry
    if not retells:
        effective = effective or parse_date(layout.fields.get("effective")) or next((e.date for e in history if e.kind == "in_force"), None)
        expiry = expiry or parse_date(layout.fields.get("expiry"))
    kind = _document_type(title, text, retells)
    basis: DateBasis | None = "stated" if effective else None
    level: EffectLevel | None = "Interpretation" if retells else effect_level(title, parsed, issuers)
    if level == "DepartmentalRule" and any(re.search("国务院.{0,8}批准", p.text) for p in layout.history):
        level = "AdministrativeRegulation"  # approved by the State Council, published by a ministry: the way until 立法法 (2000)
    if whole_file and not effective and level == "NormativeDocument" and issuers and issued:
        effective, basis = issued, "presumed"
    return Identity(title, numbers, parsed, issuers, issued, effective, basis, expiry, kind, level, jurisdiction, retells, force, tuple(problems))


def _is_report(layout: Layout, title: str) -> bool:
    """A press report: a headline, no number, no recipients, no signature, nothing of an official head."""
    if line_kind.TITLE_END.search(title) or layout.number_line or layout.recipients or layout.signatures or layout.history or layout.masthead:
        return False
    if any(_REPORTER.match(p.text) for p in layout.paragraphs[:6]):
        return True
    return bool(re.search("[！!？?，,：:]", title)) and not any(p.text.startswith("第一条") for p in layout.paragraphs[:20])


def _body_numbers(layout: Layout, history: tuple[HistoryEvent, ...], title: str) -> tuple[str, ...]:
    candidates: list[str] = []
    if layout.fields.get("number"):
        candidates.append(layout.fields["number"])
    if layout.number_line:
        line = layout.number_line.text
        line = re.sub(r"^[【（(]((?:\d{4}\s?年\s?)?第.{1,8}号)[】）)]$", r"\1", line)
        masthead = layout.masthead or _announcer(title)
        if re.search("(?:令|公告|通告)$", masthead):
            line = re.sub(r"^(?:部|局|委|署|总局)?(?:令|公告|通告)\s?(?=\d{4}\s?年|第)", "", line)  # 部令第19号 below 生态环境部令
        bare = re.fullmatch(r"(?:\d{4}\s?年)?\s?第\s?.{1,8}\s?号|[〔\[（(](?:\d{4}|.{1,4}届)[〕\])）]\s?第?\s?.{1,8}\s?号", line)
        candidates.append(re.sub(r"文件$", "", masthead).replace("\n", " ") + line if bare and re.search("令$|公告$|通告$", masthead) else re.sub(r"^文\s?号\s?[:：]|^[（(](.*)[）)]$", lambda m: m[1] or "", line))
    in_title = [n.number.text for n in find_numbers(title) if re.match(r"[^关《]{2,40}(?:公告|令|通告)", title)]
    if in_title and (not candidates or number_key(in_title[0]) == number_key(candidates[0])):
        candidates += in_title[:1]
    if not candidates:
        candidates += _history_number(history)
    found: list[DocumentNumber] = []
    for candidate in candidates:
        number = parse_number(candidate)
        if number is None:
            mentions = find_numbers(candidate)
            number = mentions[0].number if mentions else None
        if number:
            found.append(number)
    whole = {(n.year, n.serial) for n in found if n.issuer_code not in _NO_BODY}
    found = [n for n in found if n.issuer_code not in _NO_BODY or (n.year, n.serial) not in whole]  # 公告〔2024〕62号 beside 海关总署公告2024年第62号
    return tuple(dict.fromkeys(form for n in found for form in _forms(n.text)))


_REPORTER = re.compile(r"(?:本报讯|本报[一-鿿]{2,8}电|新华社[一-鿿]{2,8}\d{0,2}月?\d{0,2}日?电|[^，。]{0,20}[（(]记者)")
_NO_BODY = (None, "令", *BRACKETED_FORMS)
_ANNOUNCER = re.compile(r"([一-鿿\s、]{2,40}?)关于.{2,200}的(公告|通告)$")


def _announcer(title: str) -> str:
    """Who announces by a title whose number names nobody: 国家药监局关于…的通告 （2024年第22号)."""
    m = _ANNOUNCER.fullmatch(title)
    return m[1] + m[2] if m and leading_issuers(title)[0] else ""


def _forms(number: str) -> list[str]:
    """A number and the other ways catalogues write it.

    Only 发文字号 have one form (GB/T 9704-2012 7.2.5). An announcement numbered by the year is written with and without brackets, and
    under its issuer's short name.
    """
    m = _ANNOUNCEMENT.fullmatch(number)
    if m is None or m[1].endswith("标准"):
        return [number]
    names = [m[1], *(name for name in labels(full_name(m[1]) or m[1]) if name != m[1] and not name.endswith("办公室"))]
    return [number, *(form for name in names for form in (f"{name}公告（{m[2]}第{m[3]}号）", f"{name}公告{m[2]}第{m[3]}号") if form != number)]


def _history_number(history: tuple[HistoryEvent, ...]) -> list[str]:
    """The order of the edition printed: that of the last event that revised the text as a whole or made the revision public, else the first that published it."""
    last = max((n for n, e in enumerate(history) if e.kind == "revised"), default=None)
    if last is not None:
        return [e.number for e in history[last:] if e.kind in ("revised", "published") and e.number][:1]
    return [e.number for e in history if e.kind == "published" and e.number][:1]


def _with_contents(numbers: tuple[str, ...], item: ContentsItem, text: str, place: str | None, shared: bool, problems: list[tuple[str, str]]) -> tuple[str, ...]:
    listed = parse_number(item.number or "")
    if listed is None:
        return numbers
    if numbers:
        if not _same_number(listed, numbers[0]):
            problems.append(("contents_number_differs", f"contents line {item.line} print {listed.text}, the body {numbers[0]}; the body's was taken"))
        return numbers
    region = region_of_number(listed, jurisdiction=place)
    if shared and not (region and region != NATIONAL and place and place[:2] == region[:2]):
        problems.append(("contents_number_shared", f"contents give {listed.text} to several documents and this one does not fit it; left without a number"))
        return ()
    if not issuers_of_number(listed, jurisdiction=place):
        repaired = repair_number(item.number or "", known_issuers=(text[:4000], *( [place] if place else [])))
        if repaired:
            problems.append(("contents_number_repaired", f"contents line {item.line} print {listed.text}; read as {repaired[0].text}: {repaired[1]}"))
            return (repaired[0].text,)
    return (listed.text,)


def _same_number(listed: DocumentNumber, printed: str) -> bool:
    """Contents leave out the body before 令, or call it by its short name: 国家发展改革委令第2号 = 国家发展和改革委员会令第2号."""
    if printed.endswith(listed.text) or listed.text.endswith(printed):
        return True
    number = parse_number(printed)
    return (number is not None and (number.year, number.serial, number.form) == (listed.year, listed.serial, listed.form)
            and bool(set(issuers_of_number(number)) & set(issuers_of_number(listed))))


def _place(title: str, layout: Layout) -> str | None:
    """The region a document is of, before its issuers are known: from its masthead, its title, its recipients."""
    for name in (layout.masthead, title, *layout.other_titles):
        if name and (found := prefix_region(re.sub("^关于(?:印发|发布|公布)?[《〈]?", "", name))):
            return found[0].code
    if layout.number_line and (number := parse_number(layout.number_line.text)):
        return region_of_number(number)
    named = [m.code for m in find_regions(title)]  # a headline: 河北这样支持工业企业转型发展
    if len({province_of(code) for code in named}) != 1:
        return None
    return min(named, key=lambda code: len(code) - len(code.rstrip("0")))  # the smallest place of them


def _issuers(text: str, layout: Layout, title: str, number: DocumentNumber | None, place: str | None, retells: bool) -> tuple[str, ...]:
    if retells:
        return _answering(title, text) if "记者" in title else ()
    jurisdiction = place or (region_of_number(number) if number else None)
    if re.search("转发|批转", title) and (named := leading_issuers(title, jurisdiction=jurisdiction)[0]):
        return tuple(dict.fromkeys(named))  # the signature may be the forwarded report's
    listed = split_agencies(layout.fields["issuer"], jurisdiction=jurisdiction) if layout.fields.get("issuer") else None
    for s in layout.signatures:
        if s.names and not s.imprint and (found := split_agencies(s.names, jurisdiction=jurisdiction)):
            return tuple(dict.fromkeys(found))
    if listed:
        return tuple(dict.fromkeys(listed))
    for name in (title, *layout.other_titles):
        found, _ = leading_issuers(name, jurisdiction=jurisdiction)
        if found:
            return tuple(dict.fromkeys(found))
    if layout.masthead and "主席令" not in layout.masthead and (found := split_agencies(re.sub(r"(?:文\s?件|令|公\s?告|(?:专题|常务|办公|协调)?会议纪要)$", "", layout.masthead), jurisdiction=jurisdiction)):
        return tuple(dict.fromkeys(found))
    told = _NEWS.search(text[:400])
    if told and (found := split_agencies(told[1], jurisdiction=jurisdiction)) and line_kind.key(told[2]) in line_kind.key(title):
        return tuple(dict.fromkeys(found))
    by_history = _history_issuers(layout)
    if by_history:
        return by_history
    by_number = issuers_of_number(number, jurisdiction=jurisdiction) if number else ()
    head = text[: min(layout.preambles[0][1], 1500)] if layout.preambles else text[:1500]
    for m in _MADE_BY.finditer(head):
        named = tuple(dict.fromkeys(a.name for a in find_agencies(m[1], jurisdiction=jurisdiction)))
        if len(named) > 1 and set(by_number) <= set(named) and by_number:
            return named
    if by_number:
        return tuple(by_number)
    leading = find_agencies(title, jurisdiction=jurisdiction)
    if leading and leading[0].start == 0 and (line_kind.is_official_title(title) or "任免" in title):
        return (leading[0].name,)  # 国家林业和草原局…管理办法: rules that bear a body's name are its own
    m = _EXPLAINED_BY.search(text)
    if m and not re.search("(?:条例|法)(?:[（(].{1,12}[）)])?$", title) and (name := full_name(m[1], jurisdiction=jurisdiction)):
        return (name,)
    return ()


def _answering(title: str, text: str) -> tuple[str, ...]:
    """The body that answers in a 答记者问, from its title, else from the lead."""
    for part in (re.split("就《|就", title)[0], text[:600]):
        found = tuple(dict.fromkeys(a.name for a in find_agencies(part)))
        if part is not title and len(found) == 1 or len(found) >= 1 and "就" in title:
            return found[-1:] if part != text[:600] else ()
    return ()


def _history_issuers(layout: Layout) -> tuple[str, ...]:
    for p in layout.history:
        for n in find_numbers(p.text):
            if (found := issuers_of_number(n.number)) and _PUBLISHED.match(p.text[n.end : n.end + 12].lstrip("，, ")):
                return tuple(found)
        m = _CONGRESS.search(re.sub(r"^[（(]?(?:\d{4}|[一二〇○零九八]{4})年.{1,3}月.{1,3}日\s?", "", p.text))
        if m and "通过" in p.text:
            name = re.sub(r"^第[一二三四五六七八九十]{1,3}届|第[一二三四五六七八九十]{1,3}届$", "", m[1])  # 第八届全国 and 河南省第十三届
            body = f"{name}人民代表大会{'常务委员会' if m[2] else ''}"
            return (full_name(body) or body,)
        m = re.match(r"[（(]?.{6,14}日\s?([一-鿿]{3,20}?)(?:公布|发布|颁布|印发|第[一二三四五六七八九十\d]{1,5}次[一-鿿]{0,6}会议)", p.text)
        if m and (found := split_agencies(m[1])):
            return tuple(found)
    return ()


def _jurisdiction(issuers: tuple[str, ...], number: DocumentNumber | None, place: str | None) -> str | None:
    """Where a document holds: its issuer's region; the whole country for a body that has none."""
    regions = [region_of_agency(name) for name in issuers]
    if regions:
        return next((r for r in regions if r), None) or NATIONAL
    return place or (region_of_number(number) if number else None)


def _issued(layout: Layout, history: tuple[HistoryEvent, ...], item: ContentsItem | None, numbers: tuple[str, ...]) -> str | None:
    if layout.fields.get("issued"):
        value = layout.fields["issued"]
        iso = parse_date(value) or (re.match(r"\d{4}-\d{2}-\d{2}", value) or [None])[0]
        if iso:
            return iso
    for s in layout.signatures:
        if not s.imprint and (iso := parse_date(s.date)):
            return iso
    if layout.number_line and (iso := parse_date(layout.number_line.text)):
        return iso
    for p in layout.paragraphs[:8]:
        if line_kind.is_date_line(p.text) and (iso := parse_date(p.text)):
            return iso
    last = max((n for n, e in enumerate(history) if e.kind == "revised"), default=None)
    if last is not None:
        return next((e.date for e in history[last + 1 :] if e.kind == "published"), history[last].date)
    for kind in ("published", "adopted", "approved"):
        found = next((e.date for e in history if e.kind == kind), None)
        if found:
            return found
    for s in layout.signatures:
        if iso := parse_date(s.date):
            return iso
    if item and item.day and numbers:
        year = re.search(r"〔(\d{4})〕", numbers[0])
        return parse_date(f"{year[1]}年{item.day}") if year else None
    return parse_date(layout.fields.get("published"))


def _document_type(title: str, text: str, retells: bool) -> str | None:
    """文种 by the title as printed; a headline has none, so its text tells."""
    if retells:
        return "答记者问" if "记者" in title else "解读" if re.search("解读|释义|图解", title) else "问答" if "问答" in title else None
    title = re.sub(r"(?:公开)?征求意见$|(?<=告)[（(]?(?:\d{4}年|〔\d{4}〕)?第?\d{1,4}号[）)]?$", "", title)
    if line_kind.is_headline(title):
        return _type_in_text(text) or document_type(title)
    return document_type(title) or _type_in_text(text)


def _type_in_text(text: str) -> str | None:
    m = _TEXT_TYPE.search(text)
    if not m:
        return None
    kind = m[1] or m[2] or m[0].removesuffix("如下")[-2:]
    return {"函告": "函", "函复": "复函"}.get(kind, kind)
