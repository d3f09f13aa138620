# Thin aliases; the README has the commands.
VENV ?= .venv

.PHONY: audit test check install phrases tables schemas sample conformance soundness bench compat-az

install:
	python3 -m venv $(VENV) && $(VENV)/bin/pip install -q -c constraints.txt -e '.[test]'

audit: install
	$(VENV)/bin/cmkproof run

test: install
	$(VENV)/bin/python -m pytest -n auto --dist worksteal

check: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

# Bring the phrase book and the table of requirements in features/README.md up to date.
phrases: install
	$(VENV)/bin/python -m harness.run.phrase_book

# Bring the tables of docs/live-setup.md up to date.
tables: install
	$(VENV)/bin/python -m harness.run.live_setup

# Bring the JSON Schemas of a bundle's files up to date.
schemas: install
	$(VENV)/bin/python -m harness.run.schema_files

# Make the sample bundle anew, after a change of features, steps or the format of bundles.
sample: install
	$(VENV)/bin/python -m tests.evidence.sample

# More than five thousand requests generated from the official API description, which CMKPROOF_ATLAS_OPENAPI names.
conformance: install
	CMKPROOF_EXAMPLES=110 $(VENV)/bin/python -m pytest -s tests/contract/test_generated.py

# No false alarm: the sound fake under two hundred seeds and under every combination of readings; takes most of an hour.
soundness: install
	$(VENV)/bin/cmkproof prove --seeds 200 --readings

# The figures of docs/performance.md.
bench: install
	$(VENV)/bin/python -m tests.performance.in_process
	$(VENV)/bin/python -m tests.performance.serving
	$(VENV)/bin/python -m tests.performance.bundles

# The real az CLI against the served fake; installs about 700 MB into a directory of its own.
compat-az: install
	python3 -m venv .venv-az && .venv-az/bin/pip install -q azure-cli
	$(VENV)/bin/python -m tests.compat.az .venv-az/bin/az
