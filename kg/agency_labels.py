"""Every name a body goes by: its full official name goes in, the names texts and readers call it come out."""

from collections.abc import Iterator
from functools import lru_cache

from kg.agencies import Organ, choose, names, official_place, organ_forms, organ_templates, split_local, unit_of, with_office
from kg.regions import Region, prefix_region, region_by_name


@lru_cache(maxsize=20_000)
def labels(name: str) -> tuple[str, ...]:
    """Every alias of a full official name, the name first; of a name no table knows, the name and its spelling with 管委会.

    A department goes by its office's name too, see `kg.agencies.is_department`.

    >>> labels("河南省发展和改革委员会")[:3]
    ('河南省发展和改革委员会', '河南省发展改革委', '河南省发改委')
    """
    found = dict.fromkeys((name,))
    for a in names().get(name, ()):
        if a.name == name:
            found.update(dict.fromkeys(a.short_names))
    if name not in names():
        found.update(dict.fromkeys(with_office(name, tuple(_local_labels(name)))))
        if not len(found) > 1 and (head := unit_of(name)):
            owner = choose(names().get(head[0], names()["人民银行"]), None)
            found.update(dict.fromkeys(s + head[1] for s in owner.short_names))
        if name.endswith("管理委员会") and not name.endswith("监督管理委员会"):
            found.update(dict.fromkeys(n.removesuffix("管理委员会") + "管委会" for n in tuple(found) if n.endswith("管理委员会")))
    return tuple(found)


def _local_labels(name: str) -> Iterator[str]:
    for o, prefix, suffix in organ_templates():
        if name.startswith(prefix) and name.endswith(suffix) and len(name) > len(prefix) + len(suffix):
            middle = name[len(prefix) : len(name) - len(suffix) or None]
            place = region_by_name(middle) or _district(middle)
            if place is not None and o.full_name(place) == name:
                yield from _template_labels(o, prefix, suffix, place)
                return
    parts = split_local(name)
    if parts is None:
        return
    place, rest = parts
    for where in (official_place(place), place.name, *place.short_names):
        yield where + rest
    organ, office = organ_forms().get(rest), ""
    for length in range(len(rest) - 2, 1, -1):
        if organ is None and (organ := organ_forms().get(rest[:length])):
            office = rest[length:]
    if organ is None or "{" in organ.name:
        return
    for form in (organ.name, *organ.short_names):
        for where in _place_names(place):
            yield where + form + office


def _district(name: str) -> Region | None:
    head = prefix_region(name)
    return head[0] if head and not head[1] else None


def _place_names(place: Region) -> Iterator[str]:
    yield official_place(place)
    if official_place(place) != place.name:
        yield place.name
    # 广西发展改革委 is as usual as 广西壮族自治区发展改革委; 河南发展改革委 is not printed in official texts
    if place.name.endswith("自治区") or place.code == "660000":
        yield from place.short_names


def _template_labels(o: Organ, prefix: str, suffix: str, place: Region) -> Iterator[str]:
    where = tuple(dict.fromkeys((*_place_names(place), *place.short_names) if "{short}" in o.name else _place_names(place)))
    for form in o.short_names:
        for w in where:
            yield w + form
            if prefix.startswith("中国共产党") and form.startswith("委"):
                yield "中共" + w + form
                yield "中共" + w + "委员会"
    owner = names().get(prefix)
    if owner:
        inner = o.name.removeprefix(prefix)
        bank = ("人行",) if prefix == "中国人民银行" else ()
        for short in (*choose(owner, None).short_names, *bank):
            yield short + inner.format(official_place(place), short=place.short_names[0] if place.short_names else place.name)
