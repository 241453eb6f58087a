"""Repairs a scan's slip in an issuer code: a code and the words around it go in, the one code it can be comes out."""

from collections.abc import Collection, Iterator
from functools import cache

from kg.extract.issuer_code import central_issuers, is_central, is_local, local_issuers
from kg.regions import region, region_by_name, region_of_agency
from kg.tables import table

_LONGEST_NAME = 40  # a longer string is running text, which names no region as a whole


@cache
def _look_alikes() -> dict[str, str]:
    """Each character → those it is taken for."""
    found: dict[str, str] = {}
    for row in table("similar_characters", columns=("characters", "note"), key=("characters",)):
        for c in row["characters"]:
            found[c] = found.get(c, "") + row["characters"].replace(c, "")
    return found


def repair_code(code: str, year: int | None, names: Collection[str]) -> tuple[str, str] | None:
    """The code meant by one that no table knows, and a sentence that says why; None where doubt is left.

    Exactly one code that the tables know must differ by one look-alike character, and `names` (codes, bodies, regions, or the text) must
    name its region or its body.

    >>> repair_code("漂节减办", 2021, ["漯河市"])[0]
    '漯节减办'
    """
    if is_central(code) or is_local(code):
        return None
    places = {found for name in names if len(name) <= _LONGEST_NAME and (found := _region_code(name))}
    candidates = {c: agencies for c in _one_away(code) if (agencies := _decoded(c, year, places))}
    if len(candidates) != 1:
        return None
    meant, agencies = next(iter(candidates.items()))
    if not _backed(meant, agencies, names):
        return None
    wrong, right = next((a, b) for a, b in zip(code, meant, strict=True) if a != b)
    return meant, f"{wrong} in {code} read as {right}: {meant} is the code of {'、'.join(sorted(agencies))}"


def _region_code(name: str) -> str | None:
    found = region_by_name(name)
    return found.code if found else region_of_agency(name)


def _one_away(code: str) -> Iterator[str]:
    for i, c in enumerate(code):
        for other in _look_alikes().get(c, ""):
            yield code[:i] + other + code[i + 1 :]


def _decoded(code: str, year: int | None, places: set[str]) -> frozenset[str]:
    """The one body a code stands for, read by itself or in one of the places the text names."""
    if is_central(code):
        found = set(central_issuers(code, year))
    else:
        found = {x.agency for place in (None, *sorted(places)) for x in local_issuers(code, year, place) if x.agency}
    return frozenset(found) if len(found) == 1 else frozenset()


def _backed(code: str, agencies: frozenset[str], names: Collection[str]) -> bool:
    if any(code in name or agency in name for name in names for agency in agencies):
        return True
    places = [region(found) for agency in agencies if (found := region_of_agency(agency))]
    return any(word in name for here in places if here for word in (here.name, *here.short_names) for name in names)
