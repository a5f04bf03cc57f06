# The few commands one needs. `make` alone lists them; each is a line that can also be typed by hand.
PYTHON ?= python3
BIN := .venv/bin
export PYTHONUTF8 := 1
export NO_MKDOCS_2_WARNING := 1

.PHONY: help setup test quick mutation lint reference docs wheelhouse hooks ci

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

setup: $(BIN)/pytest ## make .venv with everything to develop with

$(BIN)/pytest: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet -e '.[dev]'
	@touch $@

test: setup ## run all tests, on all cores, with coverage
	$(BIN)/pytest -n auto --cov --cov-report=term:skip-covered

quick: setup ## run the tests that take no time
	$(BIN)/pytest -n auto -q -m 'not slow'

mutation: setup ## would a test notice a wrong figure? a sample, on one core, in about an hour (docs/internals/mutation.md)
	$(BIN)/pip install --quiet -e '.[dev,mutation]'
	nice -n 19 $(BIN)/python -m tests.mutation arithmetic --sample 2000 --quick 0.5

lint: setup ## format, lint, types, import direction
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

reference: setup ## write schemas/, docs/reference/cli.md and the tables of docs/reference/formats.md anew from the code
	$(BIN)/python -m ledger.core.models.schemas schemas
	$(BIN)/python docs/make_reference.py

docs: setup ## build the documentation into site/, strictly
	$(BIN)/mkdocs build --strict --quiet

wheelhouse: ## everything an intranet machine needs, in dist/wheelhouse
	$(PYTHON) -m pip wheel --wheel-dir dist/wheelhouse .

hooks: setup ## check each commit before it is made
	$(BIN)/pre-commit install

ci: ## every gate, as the server runs them
	.ci/run
