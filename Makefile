# Needs python3 (3.11 to 3.13), make and a C compiler. Everything else is installed below this folder.
#
#   make demo    send a request through the whole system, on this machine
#   make test    check and test everything
#   make up      start the whole system and print where it is; Ctrl-C ends it
#   make package put what is deployed into dist/
#   make docs    write the generated files under docs/ again
#   make lock    pin the dependencies again, after a change of pyproject.toml
#   make clean   remove what was installed

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
BIN = $(VENV)/bin
NODE = $(shell node -p 'parseInt(process.versions.node)' 2>/dev/null || echo 0)

.PHONY: demo test load up package docs lock check clean install

demo: install
	@$(BIN)/python -m tests.local demo $(ARGS)

up: install
	@$(BIN)/python -m tests.local up $(ARGS)

test: check
	$(BIN)/python -m pytest --numprocesses=2 --dist=loadfile $(ARGS)

check: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The app alone, on another interpreter: make load PYTHON=python3.13 VENV=.venv-3.13
load: install
	$(BIN)/python -m pytest tests/contract/test_functions_runtime.py tests/contract/test_function_app.py tests/contract/test_exporting.py $(ARGS)

package:
	$(PYTHON) tools/package.py

docs: install
	$(BIN)/python -m tests.schemas

install: $(VENV)/.installed node_modules/.installed

$(VENV)/.installed: requirements-dev.txt requirements-runtime.txt tools/preflight.py
	$(PYTHON) tools/preflight.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps --ignore-requires-python -r requirements-runtime.txt
	@touch $@

node_modules/.installed: package-lock.json $(VENV)/.installed
	@if [ "$(NODE)" -lt 20 ] || ! command -v npm >/dev/null; then \
		$(BIN)/python -m pip install --quiet --require-hashes -r requirements-node.txt; fi
	PATH="$(abspath $(BIN)):$$PATH" npm ci --no-audit --no-fund --loglevel=error
	@touch $@

lock:
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet uv
	.venv-lock/bin/uv pip compile $(PIN) pyproject.toml -o requirements.txt
	.venv-lock/bin/uv pip compile $(PIN) -c requirements.txt --group dev pyproject.toml -o requirements-dev.txt
	.venv-lock/bin/uv pip compile $(PIN_ONE) --python-version 3.13 --no-deps --group runtime -o requirements-runtime.txt
	.venv-lock/bin/uv pip compile $(PIN) --group node -o requirements-node.txt
	npm install --package-lock-only --omit=optional

PIN_ONE = --quiet --generate-hashes --no-header --no-emit-index-url --no-emit-find-links
PIN = $(PIN_ONE) --universal --python-version 3.11

clean:
	rm -rf .venv .venv-* dist node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
