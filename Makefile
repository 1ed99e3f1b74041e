# Every command runs in .venv, which is made here and brought up to date when pyproject.toml changes.

.DEFAULT_GOAL := help
.PHONY: help demo test check soak bench docs clean

# The first Python that fits and can make an environment; `make PYTHON=… demo` picks another.
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(FITS)' 2>/dev/null && echo "$$python" && break; done)

RUN := .venv/bin/python -m
PIP := $(RUN) pip --quiet --disable-pip-version-check
BASE := .venv/base.stamp
DEV := .venv/dev.stamp
PYTEST := $(RUN) pytest --numprocesses auto --dist loadgroup

help:
	@echo 'make demo    run a decision on real input; needs Python 3.11, 3.12 or 3.13 and make'
	@echo 'make test    run the tests, with coverage'
	@echo 'make check   everything that has to be green: lint, types, imports, docs, tests'
	@echo 'make soak    run the scaling tests at full size'
	@echo 'make bench   print the table of speeds'
	@echo 'make docs    build the documentation into site/'
	@echo 'make clean   remove everything that was made here'

demo: $(BASE)
	@$(RUN) criterion.demo

test: $(DEV)
	$(PYTEST) --cov

check: $(DEV)
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) mypy
	.venv/bin/lint-imports
	$(MAKE) --no-print-directory docs
	$(MAKE) --no-print-directory test

soak: $(DEV)
	CRITERION_SOAK=1 $(PYTEST) -m soak

bench: $(DEV)
	@$(RUN) tests.benchmarks

# A page may link anywhere, but it must load nothing from elsewhere.
docs: $(DEV)
	$(RUN) zensical build --clean --strict
	@! grep -rnoE --include='*.html' --include='*.css' \
		'<(script|img|iframe|link)[^>]+(src|href)="?(https?:)?//[^>]*>|(@import|url\()[^;)]*//[^;)]*' site

clean:
	rm -rf .venv site dist .cache .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@test -n '$(PYTHON)' || { \
		echo 'No Python 3.11, 3.12 or 3.13 with venv was found; name one: make PYTHON=/path/to/python'; \
		exit 1; }
	'$(PYTHON)' -m venv .venv

$(BASE): pyproject.toml | .venv/bin/python
	$(PIP) install --editable .
	@touch $@

# Dependency groups need pip 25.1.
$(DEV): pyproject.toml | .venv/bin/python
	$(PIP) install 'pip>=25.1'
	$(PIP) install --editable . --group dev
	@touch $@ $(BASE)
