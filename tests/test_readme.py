"""The README's words are true: its commands run, its queries answer, its tables name what is there."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from kg.cli import COMMANDS
from kg.query import query

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh.md")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def blocks(readme: str, language: str) -> list[str]:
    return [m[2] for m in _BLOCK.finditer((ROOT / readme).read_text(encoding="utf-8")) if m[1] == language]


QUERIES = [(readme, n) for readme in READMES for n in range(len(blocks(readme, "sparql")))]


def test_both_languages_start_with_the_same_two_commands() -> None:
    english, chinese = (blocks(readme, "sh")[:2] for readme in READMES)
    assert english == chinese
    assert all("\n" not in command for command in english)


def test_ci_runs_the_command_that_installs_and_passes_the_tests() -> None:
    assert blocks("README.md", "sh")[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("readme", READMES)
def test_command_table_names_every_command_and_no_other(readme: str) -> None:
    rows = re.findall(r"^\| `kg (\w+)", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(COMMANDS)


@pytest.mark.parametrize("readme", READMES)
def test_paths_and_links_lead_somewhere(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    named = re.findall(r"`((?:kg|ontology|samples|notebooks|benchmarks|tests|decisions)/[\w./-]*)`", text) + re.findall(
        r"\]\(([\w./-]+)\)", text
    )
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.slow
@pytest.mark.parametrize(("readme", "n"), QUERIES)
def test_query_of_the_readme_answers(sample_graph: Path, readme: str, n: int) -> None:
    answer = query(sample_graph, blocks(readme, "sparql")[n], format="csv").decode()
    assert len(answer.splitlines()) > 1, answer


@pytest.mark.slow
def test_first_query_of_the_readme_tells_since_when(sample_graph: Path) -> None:
    answer = query(sample_graph, blocks("README.md", "sparql")[0], format="csv").decode()
    row = next(line for line in answer.splitlines() if line.startswith("境外投资项目核准和备案管理办法,"))
    assert "第11号" in row and row.endswith("2018-03-01")


def clean_copy(target: Path) -> Path:
    """What a fresh clone would hold: the files that git knows, or would be asked to add. Skips outside a checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("no git checkout to copy")
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.mark.slow
def test_first_command_runs_as_written_in_a_clean_copy(tmp_path: Path) -> None:
    copy = clean_copy(tmp_path / "clone")
    command = blocks("README.md", "sh")[0]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        command, shell=True, cwd=copy, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-4000:]
    page = copy / command.split("--out ")[1]
    assert json.dumps("公平竞争审查制度实施细则（暂行）")[1:-1] in page.read_text(encoding="utf-8")  # the page holds its data as JSON
    where = subprocess.run(
        [copy / ".venv/bin/python", "-P", "-c", "from kg.graph.ontology import ontology_path; print(ontology_path())"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "site-packages" in where, "the installed package must bring its own ontology"
