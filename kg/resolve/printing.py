"""Where the printings of one document disagree: resolved documents in, a warning for each disagreement out."""

from collections.abc import Iterable, Iterator

from kg.extract.document_number import number_key
from kg.model import Document, PassageRecord, Warning
from kg.resolve.title_key import issued_text, title_key, without_issuer


def differing_printings(documents: Iterable[Document]) -> Iterator[Warning]:
    """A warning at the later printing for each of title, number and dates that two printings tell otherwise.

    What one printing leaves out is no disagreement; nor is a title with or without its issuer, or that of the covering notice.
    """
    for document in documents:
        for n, later in enumerate(document.passages[1:], 1):
            seen: set[str] = set()
            for earlier in document.passages[:n]:
                for field, a, b in _differences(earlier, later):
                    if field not in seen:
                        seen.add(field)
                        yield Warning(later.file, later.start_line, "printings_differ", f"{field}: {a} in {earlier.file}:{earlier.start_line}, {b} here")


def _differences(a: PassageRecord, b: PassageRecord) -> Iterator[tuple[str, str, str]]:
    if not _title_forms(a) & _title_forms(b):
        yield "title", a.title, b.title
    if a.numbers and b.numbers and not {number_key(n) for n in a.numbers} & {number_key(n) for n in b.numbers}:
        yield "number", a.numbers[0], b.numbers[0]
    if a.issued and b.issued and a.issued != b.issued and not {a.issued, *a.adopted} & {b.issued, *b.adopted}:
        yield "issued", a.issued, b.issued
    if a.effective_date and b.effective_date and a.effective_date != b.effective_date and _printed(a) and _printed(b):
        yield "effective date", a.effective_date, b.effective_date


def _printed(p: PassageRecord) -> bool:
    return p.effective_basis != "presumed"


def _title_forms(p: PassageRecord) -> set[str]:
    titles = (p.title, *p.alternative_titles)
    return {form for t in titles for form in (title_key(t), title_key(issued_text(t) or t), without_issuer(t)[1])}
