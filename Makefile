# Everything a new checkout needs: Python 3.11 or later, make, and a package index. See README.md.
PYTHON ?= python3
BIN := .venv/bin
TRYTON_ENV := .cache/tryton-env

.PHONY: help demo test check format openapi lock clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: .venv/.demo $(TRYTON_ENV)/.installed ## Run the main job before your eyes; KEEP=1 leaves it running
	@$(BIN)/python -m sandbox.demo $(if $(KEEP),--keep)

test: .venv/.dev $(TRYTON_ENV)/.installed ## Run all tests
	$(BIN)/python -m pytest

check: .venv/.dev ## Run every static check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

format: .venv/.dev ## Format the code and apply the safe fixes
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: .venv/.dev ## Refresh the API's description in docs
	$(BIN)/python -m starter.openapi > docs/openapi.json

lock: .venv/.dev ## Refresh the pinned dependencies
	requirements/lock

clean: ## Remove everything make has built
	rm -rf .venv .cache .run

# The two environments. A stamp is as new as the lock file it was installed from.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Supplyline needs Python 3.11 or later; try make PYTHON=python3.11")'
	@echo "Creating the Python environment in .venv ..."
	@$(PYTHON) -m venv .venv

.venv/.demo: requirements/sandbox.lock pyproject.toml | .venv/bin/python
	@echo "Installing Supplyline and its embedded servers (about 20 s) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sandbox.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.demo
	@echo "Installing the tools of the tests and checks (about 15 s) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@touch $@

$(TRYTON_ENV)/.installed: requirements/tryton.lock
	@echo "Installing Tryton in an environment of its own (about 15 s) ..."
	@$(PYTHON) -m venv $(TRYTON_ENV)
	@$(TRYTON_ENV)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tryton.lock
	@touch $@
