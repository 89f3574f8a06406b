# `make demo` and `make test` do all the set-up that they need, in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint check messages sample bench clean

demo: $(VENV)/installed
	$(BIN)/htr demo -o demo-output

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest

# Format, lint, types, layers and the catalogue: what CI runs besides the tests.
lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

# The French catalogue: find the messages, merge them into the .po, compile it.
BABEL := $(BIN)/python -m babel.messages.frontend -q
PO := -D htr -d htr/locale -l fr

messages: $(VENV)/installed-dev
	$(BABEL) extract --no-wrap --omit-header --add-location=file -k _ -k ngettext:1,2 -o htr/locale/htr.pot htr
	cat htr/locale/click.pot >> htr/locale/htr.pot
	$(BABEL) update --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -i htr/locale/htr.pot $(PO)
	$(BABEL) compile $(PO)

sample: $(VENV)/installed-dev
	$(BIN)/python corpora/generate_sample

# Speed beside kraken's, into docs/performance.md: two hours on a machine that does nothing else.
bench: $(VENV)/installed
	$(BIN)/python -m benchmarks.performance

clean:
	rm -rf $(VENV) demo-output build dist

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@ $(VENV)/installed
