"""Imports go one way, and the command line starts without what it does not need."""

import ast
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "kg"

# Down this list, as decisions/0001-structure.md has it: a module may import what stands on its own line or above, without a circle.
STAGES = (
    {"errors", "model"},
    {"tables", "progress"},
    {"furniture", "pasted_table"},
    {"text", "numerals", "lines"},
    {"regions", "agency_words", "agencies", "agency_labels", "statutes"},
    {"body", "seams", "split", "starts", "contents", "layout"},
    {"extract"},
    {"record", "corrections"},
    {"resolve"},
    {"graph"},
    {"build", "conflict_checks", "conflicts", "export", "force", "gaps", "lineage", "lookup", "neighbourhood", "page", "parse", "placement", "query", "show", "status"},
    {"output"},
    {"cli"},
)
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}
MODULES = {path: ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in sorted(PACKAGE.rglob("*.py"))}


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every module of ours that a file imports, inside functions and for type checking too."""
    package = MODULES[path] if path.name == "__init__.py" else MODULES[path].rpartition(".")[0]
    known = set(MODULES.values())
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names if alias.name.split(".")[0] == "kg")
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1] + ([node.module] if node.module else []))
            if base.split(".")[0] == "kg":
                for alias in node.names:
                    yield node.lineno, f"{base}.{alias.name}" if f"{base}.{alias.name}" in known else base


def stage(module: str) -> str | None:
    return module.split(".")[1] if "." in module else None


def against_the_order(path: Path) -> list[str]:
    here = stage(MODULES[path])
    if here is None:
        return []
    return [f"{path.relative_to(ROOT)}:{line}: kg.{here} must not import {module}" for line, module in imported(path)
            if (there := stage(module)) and RANK[there] > RANK[here]]


def test_every_module_has_its_place() -> None:
    homeless = {name for module in MODULES.values() if (name := stage(module)) and name not in RANK}
    assert not homeless, "say in STAGES where these stand"


@pytest.mark.parametrize("path", MODULES, ids=MODULES.values())
def test_imports_go_one_way(path: Path) -> None:
    assert not against_the_order(path)


def test_no_circles() -> None:
    graph = {module: {name for _, name in imported(path) if name != module} for path, module in MODULES.items()}
    done: set[str] = set()

    def visit(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join([*trail, module])
        if module not in done:
            for other in sorted(graph.get(module, ())):
                visit(other, (*trail, module))
            done.add(module)

    for module in sorted(graph):
        visit(module, ())


def test_the_guard_sees_a_wrong_import(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def f():\n    from kg.graph import store\n    from ..graph.namespaces import PKG\n")
    monkeypatch.setitem(MODULES, wrong, "kg.extract.wrong")
    assert [module for _, module in imported(wrong)] == ["kg.graph.store", "kg.graph.namespaces"]
    monkeypatch.setattr("test_imports.ROOT", tmp_path)
    assert len(against_the_order(wrong)) == 2


def test_help_starts_at_once_without_heavy_libraries() -> None:
    probe = ("import sys, kg.cli\ntry: kg.cli.main(['--help'])\nexcept SystemExit: pass\n"
             "print(*sorted({'spacy', 'rdflib', 'networkx', 'rich', 'pyvis', 'pyshacl', 'numpy', 'pyoxigraph'} & set(sys.modules)), file=sys.stderr)")
    seconds = []
    for _ in range(3):  # the best of three: other work on the machine is not ours to measure
        start = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
        seconds.append(time.perf_counter() - start)
    assert done.stderr.strip() == ""
    assert "build" in done.stdout
    assert min(seconds) < 0.3


def test_a_query_loads_neither_rdflib_nor_spacy(policies: Path) -> None:
    probe = ("import sys, kg.cli\nkg.cli.main(['query', '--graph', sys.argv[1], '--format', 'json', 'ASK { ?s a pkg:Agency }'])\n"
             "print(*sorted({'spacy', 'rdflib', 'networkx', 'rich', 'numpy'} & set(sys.modules)), file=sys.stderr)")
    done = subprocess.run([sys.executable, "-c", probe, str(policies)], check=True, capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr.strip()) == ('{"head":{},"boolean":true}\n', "")
