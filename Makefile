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

# the program is started a hundred times, and each start would compile all of it anew
test torture: export PYTHONDONTWRITEBYTECODE :=
# several at a time already; threads of theirs would wait for one another, each on a core that another test wants
test torture: export OMP_NUM_THREADS := 1
test torture: export OPENBLAS_NUM_THREADS := 1

test: install
	$(BIN)/python -m pytest -n 3 --dist worksteal

torture: install
	ZHIKE_TORTURE=full $(BIN)/python -m pytest -n 2 --dist worksteal tests/torture

bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,bench]'
	$(BIN)/python -m benchmarks
