# The front door for developers. `make demo` and `make test` are all a newcomer needs; both set up what they use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := build/demo
# Two a processor: these tests wait for disks and processes half of the time.
WORKERS := $(shell expr 2 \* `getconf _NPROCESSORS_ONLN`)
BOOKITER := $(abspath $(BIN))/bookiter

.PHONY: help demo test test-kill lint types check bench bench-patch docs wheel clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("bookiter needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing bookiter into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## See it work: a sample book, several iterations, no network and no key
	@rm -rf $(DEMO)
	@sh tests/demo.sh $(BOOKITER) $(DEMO)

test: $(READY) ## Run the tests
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

test-kill: $(READY) ## Stop every operation at every write, and let 8 processes make 200 iterations (minutes)
	@KILL_POINTS=all $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -rP tests/crash $(ARGS)

lint: $(READY) ## Check style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(READY) ## Check types
	@$(BIN)/mypy

check: lint types test ## All of the above, as CI does

bench: $(READY) ## Measure start-up, iterations and memory, and how commands grow with the history
	@$(BIN)/python bench/pipeline.py $(ARGS)
	@$(BIN)/python bench/growth.py

bench-patch: $(READY) ## Measure the patch engine beside its peers
	@$(BIN)/python bench/patch_bench.py $(ARGS)

docs: $(READY) ## Write docs/commands.md from the commands' help
	@PYTHONPATH=tests $(BIN)/python -m support.reference

wheel: $(READY) ## Build the wheel into dist/
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## Remove everything that can be made again
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
