# Entero. Two commands do everything: `make demo` and `make test`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
UV = $(shell command -v uv || echo .uv/bin/uv)
BIN := .venv/bin
DATABASES ?= sqlite postgres
PORT ?= 8000
SIZES ?= 20k,200k,1500k

.PHONY: help
help: ## Say what each command does.
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/.ready: pyproject.toml uv.lock scripts/get-uv.sh
	@scripts/get-uv.sh
	$(UV) sync --locked --quiet --extra fast --extra postgres
	$(BIN)/python scripts/compile_messages.py
	@touch $@

.PHONY: install
install: .venv/.ready ## Create the environment from the lock file.

.PHONY: demo
demo: install ## Load the demo, print one match, serve http://127.0.0.1:8000.
	$(BIN)/python scripts/compile_messages.py
	$(BIN)/entero demo --port $(PORT)

.PHONY: test
test: install ## Run every test, browser journeys included, on SQLite and PostgreSQL.
	$(BIN)/python scripts/compile_messages.py
	scripts/test.sh $(DATABASES)

.PHONY: check
check: install ## Lint, types, contracts between modules, translations, crisis lines.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python scripts/compile_messages.py
	$(BIN)/python scripts/check_messages.py
	export ENTERO_DATA_DIR=$$(mktemp -d); trap 'rm -rf "$$ENTERO_DATA_DIR"' EXIT; \
		$(BIN)/entero init --no-input && $(BIN)/entero check

.PHONY: bench
bench: install ## Measure the matcher beside its peers (SIZES=20k for a quick look).
	$(UV) sync --locked --quiet --extra fast --extra postgres --group bench
	$(BIN)/python -m bench.run --sizes $(SIZES)

.PHONY: screenshots
screenshots: install ## Draw every public page, phone and desktop, in both languages.
	scripts/get-chromium.sh
	$(BIN)/python scripts/compile_messages.py
	$(BIN)/python scripts/screenshots.py docs/screenshots

.PHONY: lock
lock: ## Refresh uv.lock after pyproject.toml changed.
	@scripts/get-uv.sh
	$(UV) lock
