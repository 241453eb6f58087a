# One front door: what CI runs and what a developer runs are the same words.
PYTHON := .venv/bin/python
SHARED ?= ../shared

.PHONY: help setup test fast lint bench bench-shared speed build samples clean

help:
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 16

setup: ## the package and what its tests need, in .venv
	sh setup.sh test

test: ## every test
	$(PYTHON) -m pytest

fast: ## the tests that take no more than a moment each
	$(PYTHON) -m pytest -m "not slow"

lint: ## names, imports, line lengths
	$(PYTHON) -m ruff --version >/dev/null 2>&1 || $(PYTHON) -m pip install --quiet --disable-pip-version-check ruff
	$(PYTHON) -m ruff check .

bench: ## accuracy on the annotated samples, against the last commit
	$(PYTHON) -m benchmarks.accuracy --build samples samples/annotations --against HEAD

bench-shared: ## accuracy on the compilations and annotations beside the checkout
	$(PYTHON) -m benchmarks.accuracy --build $(SHARED)/corpus/seeds $(SHARED)/gold/*.json
	$(PYTHON) -m benchmarks.accuracy --build $(SHARED)/corpus/laws $(SHARED)/gold/repeals.jsonl
	$(PYTHON) -m benchmarks.accuracy --build $(SHARED)/corpus/metadata $(SHARED)/corpus/metadata.jsonl
	$(PYTHON) -m benchmarks.accuracy $(SHARED)/corpus/titles.jsonl

speed: ## time and memory, and whether both grow in step with the input
	$(PYTHON) -m benchmarks.speed samples

build: ## the wheel, in dist/
	$(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir dist .

samples: ## the samples' graph and one page, in out/
	.venv/bin/kg build samples --graph out/graph
	.venv/bin/kg page 国市监反垄规〔2021〕2号 --graph out/graph --out out/page.html

clean:
	rm -rf out dist .pytest_cache
