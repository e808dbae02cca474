# Suyuan: what a person who has just cloned it types. `make` alone lists it.
#
# Each step leaves a stamp beside what it made, so that the second run takes a second; whoever
# removes .venv or node_modules removes its stamp too.

SHELL = /bin/sh
.DEFAULT_GOAL = help
.DELETE_ON_ERROR:
# Recipes share .venv and the database folder; parallel jobs would race for them.
.NOTPARALLEL:

BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check
RUNTIME = .venv/.stamp-runtime
DEV = .venv/.stamp-dev
MODULES = frontend/node_modules/.stamp
CLIENT = tests/conformance/client/node_modules/.stamp
ASSETS = src/suyuan/web/static/build/.stamp
FRONTEND_SOURCES = $(shell find frontend -name node_modules -prune -o -name dist -prune -o -type f -print 2>/dev/null)
NAME ?= all
UV_VERSION = 0.13.9
# Settings are read when Django starts; checks must not touch a developer's own data folder.
CHECK_ENV = DJANGO_SETTINGS_MODULE=tests.settings PYTHONPATH=.

.PHONY: help
help: ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' $(MAKEFILE_LIST) | expand -t 22

# ---------------------------------------------------------------- environment

# An environment that works is kept, whoever made it.
.venv/.stamp-venv:
	@if ! $(BIN)/python -I -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null; then \
	    python=$$(scripts/find-python) && echo "Making .venv with $$python" && \
	    "$$python" -m venv --clear .venv; \
	fi
	@touch $@

$(RUNTIME): .venv/.stamp-venv requirements.txt pyproject.toml
	@echo "Installing what Suyuan runs on"
	@$(PIP) install --quiet --require-hashes -r requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "Installing what checks and tests run on"
	@$(PIP) install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(MODULES): frontend/package-lock.json
	@command -v npm >/dev/null || { echo "Suyuan's screens are built with Node.js 20 or newer and npm; neither was found." >&2; exit 1; }
	@echo "Installing what the screens are built from"
	@npm ci --prefix frontend --no-audit --no-fund --loglevel=error
	@touch $@

$(CLIENT): tests/conformance/client/package-lock.json
	@echo "Installing the client that a test talks to"
	@npm ci --prefix tests/conformance/client --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

$(ASSETS): $(MODULES) $(FRONTEND_SOURCES)
	@echo "Building the screens"
	@npm run --silent build --prefix frontend
	@mkdir -p $(@D) && touch $@

.PHONY: install
install: $(RUNTIME) $(ASSETS) messages ## install and build everything, start nothing

.PHONY: messages
messages: $(RUNTIME) ## compile the translations
	@$(BIN)/python scripts/messages.py compile

# ---------------------------------------------------------------- use

.PHONY: demo
demo: install ## load a demonstration brand and serve it (PORT=8000)
	@exec $(BIN)/suyuan demo

.PHONY: bench
bench: $(RUNTIME) ## measure against named baselines (NAME=all)
	@$(BIN)/suyuan bench $(NAME)

.PHONY: screenshots
screenshots: $(DEV) $(ASSETS) messages ## take the pictures in docs/ anew from the demonstration
	@$(BIN)/python scripts/screenshots.py

# ---------------------------------------------------------------- checks

.PHONY: lint
lint: $(DEV) $(ASSETS) messages ## check style, types, layers, templates, translations, pins
	@$(BIN)/python scripts/lint.py

.PHONY: test
test: $(DEV) $(ASSETS) $(CLIENT) messages ## run every test, on SQLite and on PostgreSQL, and hold the coverage
	@scripts/prepare-tests
	@npm run --silent --if-present test --prefix frontend
	@$(BIN)/python scripts/suite.py

.PHONY: fuzz
fuzz: $(DEV) ## feed parsers broken input for longer than the tests do (SECONDS=600)
	@$(BIN)/python scripts/fuzz.py $(if $(SECONDS),--seconds $(SECONDS))

.PHONY: lives
lives: $(DEV) ## compare lineage with its reference model on thousands of random lives (LIVES=1000)
	@SUYUAN_TEST_LIVES=$(or $(LIVES),1000) SUYUAN_TEST_STEPS=25 \
	    $(BIN)/pytest -q -n auto tests/db/reference/test_machine.py -k everything

.PHONY: format
format: $(DEV) $(MODULES) ## rewrite the sources as lint wants them
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@npm run --silent --if-present format --prefix frontend

# ---------------------------------------------------------------- upkeep

.PHONY: pins
pins: build/pins/bin/uv ## pin the dependencies anew (UPGRADE=1 raises them)
	@set -eu; \
	compile() { $< pip compile --quiet --generate-hashes --no-emit-index-url --no-annotate --universal \
	    --python-version 3.12 --custom-compile-command "make pins" $(if $(UPGRADE),--upgrade) "$$@"; }; \
	compile pyproject.toml --group build -o requirements.txt; \
	compile pyproject.toml --group build --group dev -c requirements.txt -o requirements-dev.txt

build/pins/bin/uv:
	@python=$$(scripts/find-python) && "$$python" -m venv build/pins
	@build/pins/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.PHONY: clean
clean: ## remove what was built, but no data
	@rm -rf build dist .venv frontend/node_modules frontend/dist src/suyuan/web/static/build \
	    .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/suyuan.egg-info
	@find src -name '*.mo' -delete
