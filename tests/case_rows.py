"""Case tables: the name of a file in tests/cases in, its rows out. In a cell ⏎ is a line end and | parts several values."""

import csv
import json
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"


def rows(name: str) -> list[dict[str, Any]]:
    """The rows of a .csv or .jsonl table; a table without rows would test nothing and is an error."""
    text = (CASES / name).read_text(encoding="utf-8")
    if name.endswith(".jsonl"):
        found = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        found = list(csv.DictReader(text.splitlines()))
        uneven = [row for row in found if None in row or None in row.values()]
        assert not uneven, f"{name}: a row of another width than the header: {uneven[0]}; quote a comma"
        found = [{k: v.replace("⏎", "\n") for k, v in row.items()} for row in found]
    assert found, f"{name} has no rows"
    return found


def parts(cell: str) -> list[str]:
    """The values of a cell: none for an empty one."""
    return cell.split("|") if cell else []
