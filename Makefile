# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the others.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test check bench bench-planning bench-learning notebooks serve clean lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## The main job on a generated caseload: slates for three clients, with reasons
	@$(BIN)/placement demo

test: $(VENV)/.dev ## Every test: examples, laws, doctests
	@$(BIN)/python -m pytest -n auto

check: $(VENV)/.dev ## Style, types and the directions of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.bench ## Speed of the engine beside its peers, as ratios in one run
	@$(BIN)/python -m tests.benchmarks

bench-planning: $(VENV)/.bench ## Plans beside other solvers, with their proofs
	@$(BIN)/python -m tests.benchmarks.planning

bench-learning: $(VENV)/.bench ## What is learned from outcomes, beside other models
	@$(BIN)/python -m tests.benchmarks.learning

notebooks: $(VENV)/.dev ## The analysts' notebooks with their figures, into var/notebooks
	@$(BIN)/python -m tests.notebooks.executing var/notebooks

serve: $(VENV)/.run ## The HTTP API on this machine; its pages list every route
	@$(BIN)/placement serve

clean: ## Remove the environment and the caches; what is in var/ stays
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

lock: $(VENV)/.run ## Lock the requirements again, with hashes and without addresses
	$(PIP) install uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --no-annotate --group build pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --no-annotate --group build --group dev -c requirements.txt pyproject.toml \
		-o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
		--no-header --no-annotate --group build --group dev --group bench -c requirements-dev.txt \
		pyproject.toml -o requirements-bench.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) -V). Say which: make PYTHON=/path"; exit 1; }
	@echo "Making an environment in $(VENV)/ ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(VENV)/bin/python requirements.txt pyproject.toml
	@echo "Installing what the service needs (once, about a minute) ..."
	@$(PIP) install --require-hashes -r requirements.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	@echo "Installing what the tests need (once) ..."
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: $(VENV)/.dev requirements-bench.txt
	@echo "Installing the peers that are measured beside it (once) ..."
	@$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@
