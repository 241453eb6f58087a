"""The words of `kg/data/agency_words.csv` that decide whether a body is named."""

from functools import cache

from kg.tables import table


@cache
def words(kind: str) -> tuple[str, ...]:
    """The words of one kind, in the table's order; the head of the table says what each kind is.

    >>> "指挥部" in words("ending")
    True
    """
    return tuple(r["text"] for r in table("agency_words", columns=("kind", "text"), key=("kind", "text")) if r["kind"] == kind)
