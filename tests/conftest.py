"""What several tests share: the graphs they ask, the corpus where it is there, a browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from kg.graph.store import open_graph, write_graph

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "tests" / "graphs" / "policies.ttl"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared corpus beside the checkout; tests that need it are skipped where it is not."""
    folder = ROOT.parent / "shared"
    if not (folder / "corpus").is_dir():
        pytest.skip("the corpus is not there: no folder ../shared/corpus beside the checkout")
    return folder


@pytest.fixture(scope="session")
def ntriples() -> bytes:
    """The hand-written graph of the tests."""
    triples = [quad.triple for quad in pyoxigraph.parse(path=POLICIES, format=pyoxigraph.RdfFormat.TURTLE)]
    return pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES) or b""


@pytest.fixture(scope="session")
def policies(ntriples: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that holds the hand-written graph, to be read only."""
    directory = tmp_path_factory.mktemp("policies") / "graph"
    write_graph([ntriples], directory)
    return directory


@pytest.fixture(scope="session")
def store(policies: Path) -> pyoxigraph.Store:
    return open_graph(policies)


@pytest.fixture(scope="session")
def sample_graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph built from the project's own samples."""
    from kg.build import build

    directory = tmp_path_factory.mktemp("samples") / "graph"
    build([ROOT / "samples"], directory)
    return directory


@pytest.fixture(scope="session")
def run_kg() -> Run:
    """Runs the command line in a process of its own; bytes of any other encoding than UTF-8 would fail the test."""
    def run(*arguments: str | Path, stdin: str | None = None, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "kg.cli", *map(str, arguments)], check=False, capture_output=True, encoding="utf-8",
                              input=stdin, cwd=cwd or ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment})
    return run


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A headless Chromium that records requests and console messages. Missing in CI it is a failure, elsewhere a skip."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (binary and driver):
        message = "chromium and chromedriver are not there; Debian: apt install chromium chromium-driver fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
                 "disable-component-update", "disable-sync", "window-size=1280,800", f"user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    browser = webdriver.Chrome(options=options, service=Service(driver))
    yield browser
    browser.quit()
