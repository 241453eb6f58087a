"""Bodies of state, party, courts and mass organisations: a name as printed goes in, the body's full official name comes out."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, get_args

from kg.agency_words import words
from kg.errors import TableError
from kg.model import NATIONAL
from kg.regions import Region, prefix_region, region, region_by_name
from kg.tables import table

Kind = Literal[
    "congress", "president", "state", "party", "supervision", "court", "procuratorate", "military", "forces", "cppcc", "mass",
    "association", "institution", "media", "company", "office",
    "local",
]
ChangeKind = Literal["renamed", "merged", "split", "transferred", "abolished"]
# What a text may name as a body (GUIDE, agencies): companies, the press and learned societies issue documents but are not counted.
NAMED_KINDS = frozenset(get_args(Kind)) - {"president", "forces", "association", "media", "company"}
_AGENCY_COLUMNS = ("name", "short_names", "bare_names", "kind", "parent", "offices", "valid_from", "valid_to", "note")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_WORD = re.compile(r"[一-鿿（）〇\w“”·]{1,40}")
# Level words before an organ (省发展改革委, 市政府) and the last character of the region's name they stand for.
LEVELS = ("自治区", "自治州", "自治县", "省", "市", "县", "区", "州", "盟", "旗")


@dataclass(frozen=True, slots=True)
class Agency:
    """A central body (or a local one with a line of its own) under one name and in one of its lifetimes. `bare_names` mean it only beside other central bodies."""

    name: str
    short_names: tuple[str, ...]
    kind: Kind
    parent: str | None
    valid_from: str  # ISO, to the year, the month or the day
    valid_to: str | None  # the day of the deciding act; None: in being
    bare_names: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()  # its general offices that sign documents of their own
    region: str | None = None  # code of the region of a local body that has a line of its own

    def valid_on(self, date: str | None) -> bool:
        """Whether the name stood on an ISO day, to the precision of the table; None asks about today."""
        if date is None:
            return self.valid_to is None
        return self.valid_from <= date[: len(self.valid_from)] and (self.valid_to is None or date[: len(self.valid_to)] <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the history of bodies: `former` became, or gave duties to, `successor` (None: it ended)."""

    former: str
    successor: str | None
    date: str
    kind: ChangeKind
    reform: str  # year of the institutional reform, or the act that decided


@dataclass(frozen=True, slots=True)
class Organ:
    """A kind of local body. `name` stands behind the region's name, or has {} or {short} where the region's full or short name goes."""

    name: str
    short_names: tuple[str, ...]

    def full_name(self, place: Region) -> str:
        """The full official name of this organ of one region."""
        if "{" not in self.name:
            # the corps has organs and no 人民政府 above them
            return official_place(place) + (self.name.removeprefix("人民政府") or self.name if place.code == "660000" else self.name)
        return self.name.format(official_place(place), short=place.short_names[0] if place.short_names else place.name)


@cache
def agencies() -> tuple[Agency, ...]:
    """Every row of `kg/data/agencies.csv`, the offices its rows name, and every row of `kg/data/local_bodies.csv`.

    Raises `TableError` for a row that breaks the rules.
    """
    rows = tuple(_agency(r) for r in table("agencies", columns=_AGENCY_COLUMNS, key=("name", "valid_from")))
    names = {a.name for a in rows}
    offices: dict[str, Agency] = {}
    for a in rows:
        if a.parent and a.parent not in names:
            raise TableError(f"kg/data/agencies.csv: {a.name} names the parent {a.parent}, which has no line; add or correct it")
        for office in a.offices:
            if a.name + office not in names:
                offices[a.name + office] = Agency(
                    a.name + office, tuple(s + office for s in a.short_names), "office", a.name, a.valid_from, a.valid_to,
                    tuple(s + office for s in a.bare_names))
    local = table("local_bodies", columns=("name", "short_names", "region", "valid_from", "valid_to", "note"), key=("name",))
    return rows + tuple(offices.values()) + tuple(
        Agency(r["name"], _cells(r["short_names"]), "local", None, r["valid_from"], r["valid_to"] or None, region=r["region"]) for r in local)


def _cells(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()


def is_department(name: str) -> bool:
    """Whether a body is a department of a government or the like, by the end of its full name.

    Its 办公室 is an internal office: it may send papers out (Regulations on the Handling of Official Documents of Party and Government
    Organs, 2012, art. 17), and what it signs is the department's, as the official catalogues credit it. The 办公厅 of ministries and of
    governments, and the offices of leading groups and commissions, are named as issuers themselves.

    >>> is_department("国家林业和草原局"), is_department("安徽省安全生产委员会")
    (True, False)
    """
    return name.endswith(words("department"))


def unit_name(body: str, unit: str) -> str:
    """The full name of a body's unit: the body's own name for the office of a department.

    >>> unit_name("国家档案局", "办公室"), unit_name("财政部", "办公厅")
    ('国家档案局', '财政部办公厅')
    """
    return body if unit == "办公室" and is_department(body) else body + unit


def with_office(name: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """The forms of a body's name and, for a department, what its office is called under each."""
    return forms + tuple(f + "办公室" for f in forms) if is_department(name) else forms


def _agency(row: dict[str, str]) -> Agency:
    dates = [row["valid_from"], *([row["valid_to"]] if row["valid_to"] else [])]
    if row["kind"] not in get_args(Kind) or not all(_DATE.fullmatch(d) for d in dates) or dates != sorted(dates):
        raise TableError(f"kg/data/agencies.csv: {row['name']}: kind {row['kind']!r}, dates {dates}; see the head of the table")
    return Agency(
        row["name"], with_office(row["name"], (row["name"], *_cells(row["short_names"])))[1:], row["kind"], row["parent"] or None, row["valid_from"], row["valid_to"] or None,  # type: ignore[arg-type]
        with_office(row["name"], _cells(row["bare_names"])), _cells(row["offices"]))


@cache
def changes() -> tuple[Change, ...]:
    """Every row of `kg/data/agency_changes.csv`, in its order. Raises `TableError` for a body without a line in `agencies.csv`."""
    names = {a.name for a in agencies()}
    found = []
    for row in table("agency_changes", columns=("from", "to", "date", "kind", "reform"), key=("from", "to", "date")):
        unknown = {row["from"], row["to"]} - names - {""}
        if unknown or row["kind"] not in get_args(ChangeKind) or not _DATE.fullmatch(row["date"]):
            raise TableError(f"kg/data/agency_changes.csv: {','.join(row.values())}: unknown {', '.join(sorted(unknown)) or 'kind or date'}")
        found.append(Change(row["from"], row["to"] or None, row["date"], row["kind"], row["reform"]))  # type: ignore[arg-type]
    return tuple(found)


@cache
def organs() -> tuple[Organ, ...]:
    """Every row of `kg/data/local_organs.csv`."""
    return tuple(Organ(r["name"], _cells(r["short_names"])) for r in table("local_organs", columns=("name", "short_names", "note"), key=("name",)))


@cache
def organ_forms() -> dict[str, Organ]:
    """Every form a local organ is printed in behind its region, full or short, to the organ. Raises `TableError` where two claim one."""
    forms = {o.name: o for o in organs() if "{" not in o.name}
    for o in organs():
        for short in o.short_names:
            if forms.setdefault(short, o) is not o and short not in {x.name for x in organs()}:
                raise TableError(f"kg/data/local_organs.csv: {short} stands for {forms[short].name} and {o.name}; keep one of the two")
    return forms


@cache
def names() -> dict[str, tuple[Agency, ...]]:
    """Every full and short name of a central body to the bodies that bore it."""
    index: dict[str, list[Agency]] = {}
    for a in agencies():
        for n in (a.name, *a.short_names):
            index.setdefault(n, []).append(a)
    return {n: tuple(found) for n, found in index.items()}


@cache
def bare_names() -> dict[str, tuple[Agency, ...]]:
    """Every name that means a central body only beside others (能源局 in a list of ministries) to the bodies that bore it."""
    index: dict[str, list[Agency]] = {}
    for a in agencies():
        for n in a.bare_names:
            index.setdefault(n, []).append(a)
    return {n: tuple(found) for n, found in index.items()}


def choose(found: tuple[Agency, ...], on: str | None) -> Agency:
    """Of several that bore a name: the one that stood on the day, or else the one in being, or else the last."""
    if len(found) == 1:
        return found[0]
    return max(found, key=lambda a: (a.valid_on(on), a.valid_on(None), a.valid_from))


def agency_by_name(name: str, *, on: str | None = None) -> Agency | None:
    """The central body of a full, short or bare name; a name several bore is decided by the day `on` (ISO), else the current bearer.

    >>> agency_by_name("国家药监局", on="2000-05-01").valid_to
    '2003-03-10'
    """
    n = _plain(name)
    found = names().get(n) or bare_names().get(n)
    return choose(found, on) if found else None


def _plain(name: str) -> str:
    n = re.sub(r"\s", "", name).replace("(", "（").replace(")", "）")
    return n.removeprefix("中华人民共和国") if n not in names() and len(n) > 8 else n


def official_place(place: Region) -> str:
    """The region's name as official names of its bodies open: a district takes its city's before its own.

    >>> official_place(region("110106"))
    '北京市丰台区'
    """
    if place.level == "county" and place.name.endswith("区") and place.parent:
        above = region(place.parent)
        if above is not None and above.name.endswith(("市", "盟", "地区", "州")):
            return above.name + place.name
    return place.name


def place_of_level(level: str, jurisdiction: str | None, on: str | None = None) -> Region | None:
    """The region that 省, 市, 县, 区 … means in a document made for `jurisdiction`: the lowest on its path whose name ends so.

    >>> place_of_level("市", "411102").name
    '漯河市'
    """
    if jurisdiction is None or jurisdiction == NATIONAL:
        return None
    place = region(jurisdiction, on=on)
    while place is not None:
        last = place.name[-len(level) :] == level
        if last and not (level == "区" and place.level == "province") and not (level == "州" and place.level == "county"):
            return place
        place = region(place.parent, on=on) if place.parent else None
    return None


@lru_cache(maxsize=20_000)
def split_local(name: str, jurisdiction: str | None = None, on: str | None = None) -> tuple[Region, str] | None:
    """A local body's name taken apart into its region and the organ as printed: 漯河市发改委, or 市发改委 within 411100."""
    stem = name.removeprefix("中共").removeprefix("共青团") if name.startswith(("中共", "共青团")) else name
    head = prefix_region(stem, on=on)
    if head is not None and head[1]:
        return head
    local = jurisdiction not in (None, NATIONAL)
    if local:
        for length in range(min(len(stem) - 2, 9), 1, -1):
            if stem[length - 1] in "区县市旗":
                place = region_by_name(stem[:length], within=jurisdiction, on=on) or region_by_name(stem[:length], within=str(jurisdiction)[:2] + "0000", on=on)
                if place is not None:
                    return place, stem[length:]
        for level in LEVELS:
            if stem.startswith(level):
                place = place_of_level(level, jurisdiction, on)
                return (place, stem[len(level) :]) if place else None
    return None


@cache
def composed_name() -> re.Pattern[str]:
    """A pattern for the name of a local body that joins its fields (经济信息化和科学技术局), with the level word that may stand before it."""
    field = "(?:" + "|".join(sorted(words("field"), key=len, reverse=True)) + ")"
    return re.compile(
        rf"(?:(?P<level>{'|'.join(LEVELS)})|(?<![一-鿿])|(?<=[由向报与和及同经]))(?P<name>{field}(?:[和与]?{field}){{0,4}}(?:管理|监督管理|服务|执法|发展|促进|事业)?(?:局(?![长部面限势域])|厅(?![长局级])))")


@lru_cache(maxsize=50_000)
def full_name(name: str, *, jurisdiction: str | None = None, on: str | None = None) -> str | None:
    """The full official name of a body, or None for a name no table explains.

    Central names by `agencies.csv`; local ones are a region and an organ of `local_organs.csv`, the region printed or, for 省 and 市,
    that of the document's `jurisdiction` (GB/T 2260 code). A ministry's department keeps its own words behind the ministry's full name.

    >>> full_name("省发展改革委", jurisdiction="410000")
    '河南省发展和改革委员会'
    """
    n = _plain(name)
    if not _WORD.fullmatch(n):
        return None
    if n.endswith("党组") and (body := full_name(n.removeprefix("中共").removeprefix("中国共产党").removesuffix("党组"), jurisdiction=jurisdiction, on=on)):
        return body + "党组"
    local = jurisdiction not in (None, NATIONAL)
    found = names().get(n) or (None if local else bare_names().get(n))
    if found:
        return choose(found, on).name
    return _local_name(n, jurisdiction, on) or _branch(n, on)


def _local_name(n: str, jurisdiction: str | None, on: str | None) -> str | None:
    parts = split_local(n, jurisdiction, on)
    if parts is None:
        return None
    place, organ = parts
    if n.startswith("共青团") or organ == "团委":
        return f"中国共产主义青年团{official_place(place)}委员会" if organ in ("委", "团委", "委员会") else None
    if n.startswith("中共") and organ == "委员会":
        organ = "委"
    found = organ_forms().get(organ)
    if found is not None:
        return found.full_name(place)
    if composed_name().fullmatch(organ):
        return official_place(place) + organ
    for length in range(len(organ) - 2, 1, -1):
        stem = organ_forms().get(organ[:length])
        if stem is not None and "{" not in stem.name and _LOCAL_OFFICE.fullmatch(organ, length):
            return unit_name(stem.full_name(place), organ[length:])
    return None


# No body's name holds these words; a name read onward in running text stops at them.
_NOT_IN_NAME = (
    "(?!部门|人民政府|建立|设立|成立|组建|应当|聘请|作为|派出|主要|举办|会同|负责|牵头|要求|印发|发布|公布|有关|下属|下达|下设|关于|根据|批准|同意|决定|召开|授权"
    "|组织开展|联合|主管|经(?![济贸营信])|应(?![急对])|报(?!告)|(?<!应)对(?![外口]))")
IN_NAME = f"(?:{_NOT_IN_NAME}[^的等由在将按向从为并或于以各其该此不可须\\W\\d])"
# A central body's own branch or department behind its name: 水利部黄河水利委员会, 国家税务总局河南省税务局, 中国科协科普部, 科学技术部党组.
_UNIT = re.compile(
    f"(?![和与及])(?:(?![司局署厅部]){IN_NAME}){{1,14}}(?:司|局|厅|室|中心|分署|总队|分行|支行|分局|特派员办事处|特派办|秘书处|委员会|分会|研究所|研究院|庭|部|处)|(?:机关|直属机关)?党[组委]")


_LOCAL_OFFICE = re.compile(f"办公厅|办公室|{IN_NAME}{{2,12}}[处部]")


def unit_of(n: str) -> tuple[str, str] | None:
    """A central body's short or full name at the head of `n`, and the rest: the longest head that the table knows."""
    for length in range(min(len(n) - 2, 24), 1, -1):
        if n[:length] in names() or n[:length] == "人行":
            return n[:length], n[length:]
    return None


def _branch(n: str, on: str | None) -> str | None:
    if n.startswith("中国共产党"):
        for o, prefix, suffix in organ_templates():
            if n.startswith(prefix) and n.endswith(suffix):
                place = region_by_name(n[len(prefix) : len(n) - len(suffix) or None], on=on)
                if place is not None:
                    return o.full_name(place)
    head = unit_of(n)
    if head is None or not _is_unit(head[1]):
        return None
    body, rest = head
    owner = choose(names()["人民银行" if body == "人行" else body], on)
    return unit_name(owner.name, rest) if owner.kind not in ("company", "association") or rest in ("办公厅", "办公室") or rest.endswith("分行") else None


def _is_unit(rest: str) -> bool:
    """Whether what stands behind a body's name can be its department, and not the next body of a glued list."""
    if rest.startswith("中华人民共和国"):
        return False
    if any(rest[:n] in names() or rest[:n] in bare_names() for n in range(2, len(rest) + 1)):
        return False
    if rest.startswith(("办公厅", "办公室")) and len(rest) > 3:
        return False
    place = prefix_region(rest)
    return _UNIT.fullmatch(rest) is not None and (place is None or len(place[1]) <= 8)


@cache
def owner(name: str) -> str | None:
    """The body a department, an office, a party group or an affiliated institution belongs to, by its full name; None for others.

    >>> owner("工业和信息化部中小企业局")
    '工业和信息化部'
    """
    found = names().get(name)
    if found:
        return found[0].parent if found[0].kind in ("office", "institution") else None
    head = unit_of(name)
    if head is not None and _is_unit(head[1]):
        return choose(names().get(head[0], names()["人民银行"]), None).name
    parts = split_local(name)
    if parts is not None and parts[1] not in organ_forms():
        for length in range(len(parts[1]) - 2, 1, -1):
            if parts[1][:length] in organ_forms() and parts[1][length:].endswith(("处", "部", "办公室", "办公厅", "中心")):
                return name[: len(name) - len(parts[1]) + length]
    return None


@cache
def organ_templates() -> tuple[tuple[Organ, str, str], ...]:
    """Organs whose names hold the region's inside (中国共产党{}委员会), with what stands before and behind it, the longest first."""
    found = []
    for o in organs():
        if "{" in o.name:
            prefix, _, suffix = o.name.replace("{short}", "{}").partition("{}")
            found.append((o, prefix, suffix))
    return tuple(sorted(found, key=lambda x: (-len(x[1]), -len(x[2]), x[1], x[2])))
