# Two commands: `make demo` and `make test`. Everything else is for people who work on the code.
# uv is used if it is there, else venv and pip; both install the same locked versions.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(shell command -v uv 2>/dev/null)
SERVE ?= 1
PORT ?= 8000
# Two processes share the tests; a file stays whole, since much is made once for a file.
SHARED := -n 2 --dist loadfile
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)

.PHONY: demo test test-services lint browser drills bench messages lock clean help
.DEFAULT_GOAL := help

help: ## What can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: $(VENV)/ready $(VENV)/catalogues ## Set up, make the biennial report, serve the site (SERVE=0: do not serve)
	@$(BIN)/python manage.py demo
ifneq ($(SERVE),0)
	@echo; echo "The site: http://127.0.0.1:$(PORT)/   (stop with Ctrl-C)"
	@BIND=127.0.0.1:$(PORT) $(BIN)/gunicorn --config deploy/gunicorn.conf.py
endif

test: $(VENV)/ready-dev $(VENV)/catalogues ## Run the tests: no service needed
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m pytest -q $(SHARED) -m "not browser and not services" tests

test-services: $(VENV)/ready-dev $(VENV)/catalogues ## Run what PostgreSQL, Redis and workers can change (DOORS=1: pages too)
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} \
	 REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/9} SECRET_KEY=$${SECRET_KEY:-tests-only} HABITAT_HTTPS=0 \
	 $(BIN)/python -m pytest -q $(SHARED) -m "not browser" --other-database=$(if $(DOORS),all,below) tests

browser: $(VENV)/ready-dev $(VENV)/catalogues ## Run the journeys in Chromium
	@env -u DATABASE_URL -u REDIS_URL $(BIN)/python -m pytest -q -m browser tests/journeys

drills: $(VENV)/ready-dev $(VENV)/catalogues ## Run the reliability checks with many more rounds, on both databases
	@env -u DATABASE_URL -u REDIS_URL DRILLS=long $(BIN)/python -m pytest -q -o faulthandler_timeout=7200 -m "drill and not services and not browser" tests
	@DRILLS=long DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} \
	 REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/9} SECRET_KEY=$${SECRET_KEY:-tests-only} HABITAT_HTTPS=0 \
	 $(BIN)/python -m pytest -q -o faulthandler_timeout=7200 -m "drill and not browser" tests

lint: $(VENV)/ready-dev ## Lint, types, layers, pending migrations
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@$(BIN)/python manage.py check --fail-level WARNING

bench: $(VENV)/ready-dev $(VENV)/catalogues ## Print the speed ratios
	@$(BIN)/python tests/bench.py
	@$(BIN)/python tests/bench_import.py
	@$(BIN)/python tests/bench_reports.py
	@$(BIN)/python tests/bench_evaluations.py

messages: $(VENV)/ready-dev ## Gather strings for translation (needs gettext)
	@$(BIN)/python manage.py makemessages --all --no-obsolete --no-location --ignore tests

lock: ## Lock the dependencies anew (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.txt
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml --group dev -o requirements-dev.txt

clean: ## Remove the environment and all local data
	rm -rf $(VENV) var

$(BIN)/python:
ifneq ($(UV),)
	@uv venv -q --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -m venv $(VENV)
endif

$(VENV)/ready: requirements.txt | $(BIN)/python
ifneq ($(UV),)
	@uv pip install -q --python $(BIN)/python --require-hashes -r requirements.txt
else
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
endif
	@touch $@

$(VENV)/ready-dev: requirements-dev.txt | $(BIN)/python
ifneq ($(UV),)
	@uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt
else
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
endif
	@touch $@

$(VENV)/catalogues: $(CATALOGUES) | $(BIN)/python
	@$(BIN)/python -m habitat_plan.kit.catalogues
	@touch $@
