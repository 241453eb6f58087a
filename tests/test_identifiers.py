"""kg.graph.identifiers: readable names in, IRIs out, the same on every machine; cases in tests/cases/identifiers.csv."""

import pyoxigraph
import pytest
from case_rows import rows
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.graph.identifiers import Identifiers
from kg.graph.namespaces import DEFAULT_BASE

IDS = Identifiers()


@pytest.mark.parametrize("case", rows("identifiers.csv"), ids=lambda c: f"{c['kind']} {c['name']}")
def test_names(case: dict[str, str]) -> None:
    assert getattr(IDS, case["kind"])(case["name"]) == DEFAULT_BASE + case["expected"], case["why"]


def test_evidence_is_named_by_its_place_in_its_file() -> None:
    assert IDS.passage("in/a.txt", 3, 9) == f"{DEFAULT_BASE}passage/in/a.txt/3-9"
    assert IDS.reference("in/a.txt", 30, 42) == f"{DEFAULT_BASE}reference/in/a.txt/30-42"
    assert [IDS.warning("a.txt", line, "number_shared", n)[len(DEFAULT_BASE):] for line, n in ((3, 1), (3, 2), (None, 1))] == [
        "warning/a.txt/3-number_shared", "warning/a.txt/3-number_shared-2", "warning/a.txt/0-number_shared",
    ]


@pytest.mark.parametrize(("base", "expected"), [
    ("https://example.org/kg/", "https://example.org/kg/document/甲"), ("https://example.org/kg", "https://example.org/kg/document/甲"),
    ("https://example.org/kg#", "https://example.org/kg#document/甲"),
])
def test_the_base_is_an_option(base: str, expected: str) -> None:
    assert Identifiers(base).document("甲") == expected


def test_files_that_differ_only_in_steps_up_stay_apart() -> None:
    assert len({IDS.compilation(f) for f in ("a.txt", "../a.txt", "../../a.txt", "in/a.txt", "../in/a.txt")}) == 5


@settings(deadline=None, max_examples=200)
@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_every_name_gives_an_iri_and_two_names_give_two(a: str, b: str) -> None:
    for name in (a, b):
        line = f"<{IDS.document(name)}> <http://example.org/p> <{IDS.agency(name)}> .\n"
        (quad,) = pyoxigraph.parse(line.encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert quad.subject.value == IDS.document(name)
    assert (IDS.document(a) == IDS.document(b)) == (a == b)
