"""Every notebook runs from top to bottom, shows something at each step, and keeps its outputs small."""

from functools import cache
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
LARGEST_OUTPUT = 20_000  # characters of one cell

pytestmark = pytest.mark.slow


@cache
def executed(source: Path) -> Any:
    """The notebook with its outputs."""
    notebook = nbformat.read(source, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(source.parent)}}).execute()
    return notebook


def code_cells(source: Path) -> list[Any]:
    return [cell for cell in executed(source).cells if cell.cell_type == "code"]


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_step_shows_something_small(source: Path) -> None:
    cells = code_cells(source)
    assert [cell.source for cell in cells[1:] if not cell.outputs] == []  # the first imports
    assert max(len(str(cell.outputs)) for cell in cells) < LARGEST_OUTPUT


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda p: p.stem)
def test_headings_are_in_both_languages(source: Path) -> None:
    headings = [line for cell in executed(source).cells if cell.cell_type == "markdown" for line in cell.source.splitlines() if line.startswith("#")]
    assert len(headings) > 1
    assert [h for h in headings if " · " not in h] == []


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda p: p.stem)
def test_outputs_are_left_out_of_the_repository(source: Path) -> None:
    assert '"outputs": []' in source.read_text(encoding="utf-8") and '"output_type"' not in source.read_text(encoding="utf-8")


def test_first_notebook_tells_who_repealed_what_since_when() -> None:
    cells = code_cells(NOTEBOOKS[0])
    printed = "".join(output.get("text", "") for cell in cells for output in cell.outputs)
    assert "境外投资项目核准和备案管理办法" in printed and "2018-03-01" in printed
    assert "乘用车企业平均燃料消耗量与新能源汽车积分并行管理办法" in printed
    assert any("text/html" in output.get("data", {}) for output in cells[-1].outputs)
