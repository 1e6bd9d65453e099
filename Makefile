PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test torture lint audit bench

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Zhike needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say which to use: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: install
	$(BIN)/zhike chat --demo

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -c pyproject.toml -r bot engine

audit: install
	$(BIN)/python .ci/audit.py

test: lint
	$(BIN)/python -m pytest -n 3 --dist worksteal

torture: install
	ZHIKE_KILLS=100 $(BIN)/python -m pytest -n 2 tests/test_kills.py tests/engine/services/test_imports_killed.py

bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	$(BIN)/python -m benchmarks
