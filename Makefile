# Thin aliases; the README has the commands.
VENV ?= .venv

.PHONY: audit test check install phrases

install:
	python3 -m venv $(VENV) && $(VENV)/bin/pip install -q -c constraints.txt -e '.[test]'

audit: install
	$(VENV)/bin/cmkproof run

test: install
	$(VENV)/bin/python -m pytest

check: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Bring the phrase book in features/README.md up to date.
phrases: install
	$(VENV)/bin/python -m harness.run.phrase_book
