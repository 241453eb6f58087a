"""The samples as they are read, against tests/golden: a change of reading shows as a difference to be read."""

from pathlib import Path

import pytest
from renew_golden import GOLDEN, SAMPLES, golden, projection

from kg.record import read_file


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.name)
def test_reading_of_a_sample_is_as_recorded(path: Path) -> None:
    assert projection(read_file(path, path.name)) == golden(path).read_text(encoding="utf-8"), "renew with: python -m tests.renew_golden"


def test_each_sample_has_its_golden_text_and_no_other_is_there() -> None:
    assert {p.name for p in GOLDEN.iterdir()} == {golden(p).name for p in SAMPLES}
    assert len(SAMPLES) >= 4
