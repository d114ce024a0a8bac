# `make` lists what there is. Everything is installed inside this folder; nothing needs root.
PYTHON ?= python3
WORKERS ?= 4
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test check bench reset clean install install-dev

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 16

run: install ## install what is missing, then serve WorkHub (HOST, PORT and the settings of .env.example)
	@exec $(BIN)/python wsgi.py

test: install-dev ## all tests: unit, PostgreSQL, socket, browser (ARGS="-k typing" for some, WORKERS=0 for one by one)
	@$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

check: install-dev ## style, types, import order, JavaScript tests, lock file
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_architecture.py
	@$(BIN)/node --test $$(find tests/js -name "*.test.*js" 2>/dev/null)

bench: install-dev ## measure against a bare Flask-SocketIO server (N=1000 for a quick look)
	@N=$(N) $(BIN)/python -m bench $(ARGS)

reset: install ## delete the embedded database with all its data
	@$(BIN)/python tools/reset.py

clean: ## delete what was installed and generated; data in var/ stays
	@rm -rf .venv node_modules static/vendor .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

install:
	@$(PYTHON) tools/install.py run

install-dev:
	@$(PYTHON) tools/install.py dev
