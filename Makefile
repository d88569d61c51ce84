# The common commands. `make demo` and `make test` work in a new clone; both build .venv once and use it again.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
WORKERS ?= 2
EFFORT ?= 20
FUZZ ?= 400
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --root-user-action=ignore

.PHONY: demo test lint types walls unit laws faults fuzz bench wheel docs clean

demo: $(READY)
	@$(BIN)/casefold demo

test: lint types walls unit

lint: $(TOOLS)
	@$(BIN)/ruff check --quiet .

types: $(TOOLS)
	@$(BIN)/mypy --no-error-summary

walls: $(TOOLS)
	@$(BIN)/lint-imports --no-logo >$(VENV)/walls.txt 2>&1 || { cat $(VENV)/walls.txt; exit 1; }

unit: $(TOOLS)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

laws: $(TOOLS)
	@CASEFOLD_EFFORT=$(EFFORT) $(BIN)/python -m pytest -n $(WORKERS) tests/laws

# Minutes, not seconds: many crashes, losses of power and attacks (figures of one such run are in docs/reliability.md).
faults: $(TOOLS)
	@CASEFOLD_LOSSES=3000 CASEFOLD_ROUNDS=20 CASEFOLD_LONG=1 $(BIN)/python -m pytest tests/faults tests/hostile tests/conformance

fuzz: $(TOOLS)
	@CASEFOLD_EFFORT=$(FUZZ) $(BIN)/python -m pytest -n $(WORKERS) tests/fuzz

bench: $(TOOLS)
	@$(BIN)/python -m bench

wheel: $(TOOLS)
	@$(BIN)/python -m build --wheel --outdir dist . >$(VENV)/wheel.txt 2>&1 || { cat $(VENV)/wheel.txt; exit 1; }
	@ls dist/*.whl

docs: $(TOOLS)
	@$(BIN)/python docs/build.py

clean:
	@rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(READY): setup.cfg pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "casefold needs Python 3.11 or newer; write: make PYTHON=python3.11" >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); echo "python3-venv is missing; install it first (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@$(PIP) -e .
	@touch $(READY)

$(TOOLS): $(READY)
	@$(PIP) -e '.[test]'
	@touch $(TOOLS)
