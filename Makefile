# Every command runs in .venv, which is made here and brought up to date when pyproject.toml changes.

.DEFAULT_GOAL := help
.PHONY: help demo test check coverage soak bench bench-http bench-peers docs clean

# The first Python that fits and can make an environment; `make PYTHON=… demo` picks another.
FITS := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	"$$python" -c '$(FITS)' 2>/dev/null && echo "$$python" && break; done)

RUN := .venv/bin/python -m
PIP := $(RUN) pip --quiet --disable-pip-version-check
BASE := .venv/base.stamp
DEV := .venv/dev.stamp
PEERS := .venv/peers.stamp
SERVERS := .venv/servers.stamp
PYTEST := $(RUN) pytest --numprocesses auto

help:
	@echo 'make demo         run a decision on real input; needs Python 3.11, 3.12 or 3.13 and make'
	@echo 'make test         run the tests'
	@echo 'make check        everything that has to be green: lint, types, imports, docs, tests'
	@echo 'make coverage     run the tests, and say which lines they leave out'
	@echo 'make soak         run the scaling tests at full size'
	@echo 'make bench        print the table of speeds'
	@echo 'make bench-http   ask decisions over HTTP, and print their speeds beside those of echoes'
	@echo 'make bench-peers  ask other engines the same, and print their speeds beside ours'
	@echo 'make docs         build the documentation into site/'
	@echo 'make clean        remove everything that was made here'

demo: $(BASE)
	@$(RUN) criterion.demo

test: $(DEV)
	$(PYTEST)

coverage: $(DEV)
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

bench-http: $(SERVERS)
	@$(RUN) tests.benchmarks.http

bench-peers: $(PEERS)
	@$(RUN) tests.benchmarks.peers
	@$(RUN) tests.benchmarks.metering

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

$(SERVERS): $(DEV)
	$(PIP) install --group servers
	@touch $@

$(PEERS): $(DEV)
	$(PIP) install --group peers
	@touch $@
