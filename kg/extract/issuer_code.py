"""Reads 机关代字, the letters before the year of a document number: a code or a number goes in, the issuing bodies and the region come out."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.agencies import bare_names, choose, full_name, names, official_place, unit_of
from kg.errors import TableError
from kg.model import NATIONAL, DocumentNumber
from kg.regions import abbreviations, province_of, region, region_by_abbreviation, region_of_agency, regions
from kg.tables import table

MUNICIPALITIES = frozenset({"110000", "120000", "310000", "500000"})
LONGEST = 14  # characters of the longest code seen (国卫科教专项便函 has 8), with room
# What may close a code: the kind of document, not the body. 科协办函学字: 函 is the kind, 学字 the series.
FORMS = (
    "发明电", "明电", "密电", "公告", "通告", "便函", "任免", "发", "函", "令", "规", "字", "办", "电", "通", "文", "告", "复", "秘", "任", "释", "传", "党组发",
)
_FORM = re.compile(rf"(?:{'|'.join(FORMS)}){{1,3}}")
# Characters that belong to the name of a body and never to its letters; a code's tail with one of them has swallowed a name.
_NAME_CHARACTERS = frozenset("局厅院署省县号日年月第各的和与及《》等为按照据依")
_JOINT = re.compile(r"(?<![残妇文侨商社青工全])联(?!防)")


@dataclass(frozen=True, slots=True)
class Lifetime:
    """One line of a table of codes: who numbered so, and in which years."""

    agency: str
    first: int
    last: int
    tail: str = "any"


@dataclass(frozen=True, slots=True)
class LocalIssuer:
    """A reading of a local code: the region, and the body's full name where the table has one for the year."""

    region: str
    agency: str | None


def _lifetime(row: dict[str, str], name: str) -> Lifetime:
    for column in ("valid_from", "valid_to"):
        if row[column] and not re.fullmatch(r"\d{4}", row[column]):
            raise TableError(f"kg/data/{name}.csv: {row['code']}: {column} is {row[column]!r}; it must be a year or empty")
    return Lifetime(row["agency"], int(row["valid_from"] or 0), int(row["valid_to"] or 9999), row.get("tail", "any"))


@cache
def _central() -> tuple[dict[str, list[Lifetime]], dict[str, list[Lifetime]], list[tuple[re.Pattern[str], list[Lifetime]]]]:
    """Codes as they are, codes that department letters may follow (without the *), and those with a ?."""
    exact: dict[str, list[Lifetime]] = {}
    opened: dict[str, list[Lifetime]] = {}
    masked: dict[str, list[Lifetime]] = {}
    for row in table("issuer_codes", columns=("code", "agency", "valid_from", "valid_to", "note"), key=("code", "valid_from")):
        code, line = row["code"], _lifetime(row, "issuer_codes")
        if "?" in code:
            masked.setdefault(code, []).append(line)
        elif code.endswith("*"):
            opened.setdefault(code[:-1], []).append(line)
        else:
            exact.setdefault(code, []).append(line)
    by_mask = sorted(masked.items(), key=lambda item: (item[0].count("?"), item[0]))
    return exact, opened, [(re.compile(re.escape(code).replace(r"\?", "[\u4e00-\u9fff]")), lines) for code, lines in by_mask]


def _tail_is_letters(tail: str, most: int = 6) -> bool:
    return len(tail) <= most and not _NAME_CHARACTERS.intersection(tail) and all("\u4e00" <= c <= "\u9fff" for c in tail)


@lru_cache(maxsize=65536)
def _central_lines(code: str) -> tuple[Lifetime, ...]:
    """The most specific entry that fits: the code as it is, then with a ?, then with the form cut off, then the longest open beginning."""
    exact, opened, masked = _central()
    if code in exact:
        return tuple(exact[code])
    fitting = next((lines for pattern, lines in masked if pattern.fullmatch(code)), None)
    for length in range(len(code), 1, -1):
        head, tail = code[:length], code[length:]
        if head in exact and _FORM.fullmatch(tail) and not fitting:
            return tuple(exact[head])
        if head in opened and _tail_is_letters(tail):
            return tuple(fitting or opened[head])
    return tuple(fitting or ())


def central_issuers(code: str, year: int | None = None) -> tuple[str, ...]:
    """Full names of the central bodies that numbered with this code in this year: one, none, or two in a year of change.

    >>> central_issuers("发改办价格", 2021)
    ('国家发展和改革委员会办公厅',)
    """
    lines = _central_lines(_plain(code))
    return tuple(dict.fromkeys(line.agency for line in lines if year is None or line.first <= year <= line.last))


def is_central(code: str) -> bool:
    return bool(_central_lines(_plain(code)))


def _plain(code: str) -> str:
    return re.sub(r"[()（）]", "", code)


# --- local codes -------------------------------------------------------------------------------------------------------------------------


@cache
def _organs() -> dict[str, dict[str, list[Lifetime]]]:
    """Letters of a body → level or region → lines."""
    found: dict[str, dict[str, list[Lifetime]]] = {}
    columns = ("code", "scope", "agency", "tail", "valid_from", "valid_to")
    for row in table("local_issuer_codes", columns=columns, key=("code", "scope", "valid_from")):
        if row["tail"] not in ("any", "none", "never"):
            raise TableError(f"kg/data/local_issuer_codes.csv: {row['code']} {row['scope']}: tail is {row['tail']!r}; any, none or never")
        found.setdefault(row["code"], {}).setdefault(row["scope"], []).append(_lifetime(row, "local_issuer_codes"))
    return found


@cache
def _letters() -> dict[str, tuple[str, ...]]:
    """Letters → regions that use them in issuer codes: provinces, and the cities that share a province's letter."""
    found: dict[str, list[str]] = {a: [code] for a, code in abbreviations().items() if code[0] in "123456"}
    own: dict[str, list[str]] = {}
    for row in table("issuer_letters", columns=("letters", "region", "note"), key=("letters", "region")):
        own.setdefault(row["letters"], []).extend([row["region"]] if row["region"] else [])
    return {letters: tuple(codes) for letters, codes in {**found, **own}.items() if codes}


@cache
def _prefectures() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Short names of prefectures (中山, 恩施) → codes, and first or customary letters (漯, 穗) → codes."""
    names: dict[str, set[str]] = {}
    letters: dict[str, set[str]] = {}
    for r in regions():
        if r.valid_to is not None or r.level != "prefecture":
            continue
        for name in r.short_names:
            names.setdefault(name, set()).add(r.code)
        if r.name.endswith(("自治州", "盟", "地区")):
            names.setdefault(r.name[:2], set()).add(r.code)
        for letter in r.abbreviations or (r.name[0],):
            letters.setdefault(letter, set()).add(r.code)
    return {k: tuple(sorted(v)) for k, v in names.items()}, {k: tuple(sorted(v)) for k, v in letters.items()}


def _level(code: str) -> str:
    if code in MUNICIPALITIES:
        return "municipality"
    if code == "660000":  # the 兵团's bodies are 局, as a city's
        return "prefecture"
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


@lru_cache(maxsize=65536)
def _organ(rest: str, place: str, year: int | None) -> tuple[bool, str | None]:
    """Whether `rest` (发改环资) is a body's letters at this place, and the body's full name where one fits."""
    organs = _organs()
    for length in range(min(len(rest), 5), 0, -1):
        scopes = organs.get(rest[:length])
        if scopes is None:
            continue
        lines = scopes.get(place) or scopes.get(_level(place)) or (scopes.get("prefecture") if _level(place) == "county" else None)
        if not lines or not _fits(rest[length:], lines[0].tail):
            continue
        here = region(place)
        named = {line.agency for line in lines if year is None or line.first <= year <= line.last}
        agency = named.pop() if len(named) == 1 else ""
        return True, agency.format(region=official_place(here)) if agency and here else None
    return False, None


@cache
def _own_letters() -> frozenset[str]:
    """Letters that one prefecture uses and no county elsewhere begins with: 漯, 穗, 甬; not 江, which 江门 shares with 江南区 and others."""
    counties: dict[str, set[str]] = {}
    for r in regions():
        if r.valid_to is None and r.level == "county":
            counties.setdefault(r.name[0], set()).add(r.code[:4])
    return frozenset(
        letter for letter, codes in _prefectures()[1].items()
        if len(codes) == 1 and letter not in _letters() and counties.get(letter, set()) <= {codes[0][:4]}
    )


def _readings(code: str, jurisdiction: str | None) -> list[tuple[str, str]]:
    """(region, rest of the code) for every way to read the head of a code as a region."""
    found: list[tuple[str, str]] = []
    province = province_of(jurisdiction) if jurisdiction and jurisdiction != NATIONAL else None
    names, letters = _prefectures()
    for length in (4, 3, 2):
        head = code[:length]
        if len(code) > length and (codes := names.get(head)):
            near = [c for c in codes if province is None or c.startswith(province[:2])]
            found += [(c, code[length:].removeprefix("市").removeprefix("州")) for c in (near or codes)]
    for length in (3, 2, 1):
        found += [(c, code[length:]) for c in _letters().get(code[:length], ()) if len(code) > length]
    head, rest = code[:1], code[1:]
    if province:
        near = [c for c in letters.get(head, ()) if c.startswith(province[:2])]
        if not near and (one := region_by_abbreviation(head, within=province)):
            near = [one.code]
        own = region(jurisdiction) if jurisdiction else None
        if own and own.level == "county" and own.name[0] == head:
            near.append(own.code)
        found += [(c, rest.removeprefix("市") if len(rest) > 2 else rest) for c in near]
        if jurisdiction and (head == "省" or (head == "市" and (own and own.name.endswith("市")))):
            found.append((province if head == "省" else jurisdiction, rest))
    elif head in _own_letters():
        found.append((letters[head][0], rest.removeprefix("市") if len(rest) > 2 else rest))
    elif rest.startswith("市") and len(rest) > 2 and len(letters.get(head, ())) == 1:  # 洛市科: 洛 alone may be a county's
        found.append((letters[head][0], rest[1:]))
    return list(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def local_issuers(code: str, year: int | None = None, jurisdiction: str | None = None) -> tuple[LocalIssuer, ...]:
    """Every reading of a local code that the tables allow, the jurisdiction's own region first and alone where it fits.

    >>> local_issuers("豫发改环资", 2021)
    (LocalIssuer(region='410000', agency='河南省发展和改革委员会'),)
    """
    code = _plain(code)
    found: list[LocalIssuer] = []
    for place, rest in _readings(code, jurisdiction):
        known, agency = _organ(rest, place, year)
        if known:
            found.append(LocalIssuer(place, agency))
    if jurisdiction and jurisdiction != NATIONAL and len(found) > 1:
        exact = [f for f in found if f.region == jurisdiction]
        near = [f for f in found if province_of(f.region) == province_of(jurisdiction)]
        found = exact or near or found
    # 中山科发 reads as 中山 + 科 and as 中 + 山科: the longer name of the place is the one that is written out
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65536)
def is_local(code: str) -> bool:
    """Whether a code is some local body's, in whichever of the places that share its letter: enough to know where it begins."""
    code = _plain(code)
    if local_issuers(code):
        return True
    head, rest = code[:1], code[1:].removeprefix("市")
    return (head in _prefectures()[1] or head in _letters()) and _some_organ(rest)


def _some_organ(rest: str) -> bool:
    """Whether letters are a body's anywhere: 经信 has come and gone in most places. A committee's bare 发 or 办 is too little to go by."""
    for length in range(min(len(rest), 5), 0, -1):
        scopes = _organs().get(rest[:length])
        if scopes and rest[:length] not in FORMS and any(_fits(rest[length:], line.tail) for lines in scopes.values() for line in lines):
            return True
    return False


def _fits(tail: str, rule: str) -> bool:
    return rule != "never" and (not tail or bool(_FORM.fullmatch(tail)) or (rule == "any" and _tail_is_letters(tail)))


def opens_with_province(code: str) -> bool:
    """豫, 粤, 内 … at the head of letters that no table reads further: 粤基金函字; not a province's name (云南云政发)."""
    return code[:1] in _letters() and code[:2] not in abbreviations() and _tail_is_letters(code[1:], 8)


def region_of_code(code: str, year: int | None = None, jurisdiction: str | None = None) -> str | None:
    """The region whose body numbers so, or None where the letters fit several; the body itself need not be known."""
    local = local_issuers(code, year, jurisdiction)
    if central_issuers(code, year):
        return None if _at_home(local, jurisdiction) else NATIONAL
    read = {f.region for f in local}
    if len(read) == 1:
        return read.pop()
    if read:
        provinces = {province_of(r) for r in read}
        return provinces.pop() if len(provinces) == 1 else None
    plain = _plain(code)
    if plain.isascii():  # SDPR-2018-0040006
        return next((places[0] for letters, places in _letters().items() if letters.isascii() and plain.startswith(letters)), None)
    for length in (3, 2, 1):
        places = _letters().get(plain[:length], ())
        if places and len(plain) > length and _tail_is_letters(plain[length:], 9):
            near = [p for p in places if jurisdiction and province_of(p) == province_of(jurisdiction)] or places
            return near[0] if len(near) == 1 else None
    return None


def is_joint(code: str) -> bool:
    """联 in a code says that several bodies issue together; in 残联, 妇联, 工商联 it is part of a name.

    >>> is_joint("工信部联企业"), is_joint("残联发")
    (True, False)
    """
    return bool(_JOINT.search(code))


def form_of(code: str) -> str | None:
    """The kind of document that closes a code: 发, 函, 规 …; None for 豫政, 财税.

    >>> form_of("工信厅企业函")
    '函'
    """
    closing = re.search(rf"({'|'.join(FORMS)})$", _plain(code))
    return closing[1] if closing and closing[1] != _plain(code) else None


# --- numbers -----------------------------------------------------------------------------------------------------------------------------

_BODY_FORMS = ("令", "公告", "通告", "布告")


@lru_cache(maxsize=20_000)
def issuers_of_number(number: DocumentNumber, *, jurisdiction: str | None = None) -> tuple[str, ...]:
    """Full names of the bodies a number belongs to, empty where the tables cannot say: a shared letter, a year of reform, a county's letter.

    Of a joint number (联) the body that numbered it. `jurisdiction` is the GB/T 2260 code of the place the number is read in.

    >>> issuers_of_number(DocumentNumber("工信厅企业函〔2018〕381号", "工信厅企业函", 2018))
    ('工业和信息化部办公厅',)
    """
    code = number.issuer_code
    if not code:
        return ()
    if number.form in _BODY_FORMS and not (is_central(code) or is_local(code)):
        return _bodies(code, number, jurisdiction)
    central = central_issuers(code, number.year)
    local = local_issuers(code, number.year, jurisdiction)
    if central:
        return central if len(central) == 1 and not _at_home(local, jurisdiction) else ()
    return (local[0].agency,) if len(local) == 1 and local[0].agency else ()


def _at_home(local: tuple[LocalIssuer, ...], jurisdiction: str | None) -> bool:
    """Whether a code that a central body uses too may be one of the jurisdiction's own (教科技: the ministry, or 河南省教育厅)."""
    return jurisdiction not in (None, NATIONAL) and any(province_of(x.region) == province_of(str(jurisdiction)) for x in local)


def region_of_number(number: DocumentNumber, *, jurisdiction: str | None = None) -> str | None:
    """GB/T 2260 code of the region whose body numbered so, `100000` for central bodies, None where the letters fit several.

    >>> region_of_number(DocumentNumber("漯政〔2021〕22号", "漯政", 2021, None, 22))
    '411100'
    """
    code = number.issuer_code
    if not code:
        return None
    if number.form in _BODY_FORMS and not (is_central(code) or is_local(code)):
        found = {region_of_agency(name, central=True) for name in _bodies(code, number, jurisdiction)}
        return found.pop() if len(found) == 1 else None
    return region_of_code(code, number.year, jurisdiction)


def _bodies(name: str, number: DocumentNumber, jurisdiction: str | None) -> tuple[str, ...]:
    """The bodies printed before 令 or 公告, some without a mark between them (财政部税务总局)."""
    if name == "主席":
        return ("中华人民共和国主席",)
    on = f"{number.year}-12-31" if number.year else None
    found: list[str] = []
    for part in name.split("、"):
        while part:
            head = _first_body(part, on)
            full = full_name(head[0], jurisdiction=jurisdiction, on=on) or _bare(head[0], on)
            if full is None:
                return ()
            found.append(full)
            part = head[1]
    return tuple(dict.fromkeys(found))


def _first_body(part: str, on: str | None) -> tuple[str, str]:
    """The first of the bodies glued together, and the rest: 财政部|税务总局, unless a 财政部税务总局 stood in that year, as one did to 1982."""
    if on and any(a.valid_on(on) for a in names().get(part, ())):
        return part, ""
    for length in range(len(part) - 2, 1, -1):
        head, rest = part[:length], part[length:]
        if any(a.valid_on(on) for a in names().get(head, ())) and (rest in names() or rest in bare_names() or unit_of(rest)):
            return head, rest
    return part, ""


def _bare(name: str, on: str | None) -> str | None:
    """税务总局 beside 财政部 is the State's; alone it would be anyone's."""
    found = bare_names().get(name)
    return choose(found, on).name if found else None
