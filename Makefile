# Two commands on a machine with only Python 3.11+ and make: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
DENGGAO := $(BIN)/python -m denggao
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-tests run test test-whole lint messages lock bench clean

help: ## Say what can be asked of make.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: ## Make the checkout ready to run. Does nothing when nothing changed; opens no database.
	@$(PYTHON) tools/ready.py

setup-tests:
	@$(PYTHON) tools/ready.py --for-tests

run: setup ## Start Denggao with its demo region on 127.0.0.1 (DENGGAO_PORT, 8000 unless told).
	@DENGGAO_DEMO=1 $(DENGGAO) serve --prepare

test: setup-tests ## Run all tests; on PostgreSQL all but pages and what takes long. ARGS go to pytest.
	@$(BIN)/python -m tests.run $(ARGS)

test-whole: setup-tests ## Run all tests, on SQLite and on PostgreSQL, as CI does. ARGS go to pytest.
	@$(BIN)/python -m tests.run --whole $(ARGS)

lint: setup-tests ## Linters, types, import contracts, migrations, translations.
	@$(BIN)/python -m tools.lint

messages: setup-tests ## Collect the texts to translate into locale/, sorted, without line numbers (needs gettext).
	$(DENGGAO) makemessages -l zh_Hans --no-location --no-obsolete --no-wrap --ignore '.venv/*' --ignore 'node_modules/*' --ignore 'tests/*' --ignore 'bench/*' --ignore 'static/*' --ignore 'tools/*'
	msgcat --sort-output --no-wrap -o locale/zh_Hans/LC_MESSAGES/django.po locale/zh_Hans/LC_MESSAGES/django.po
	$(DENGGAO) compilemessages -v0 --ignore '.venv'

lock: setup-tests ## Pin the newest packages that requirements/*.in allow.
	$(BIN)/pip install --quiet uv==0.13.9
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements/dev.in -o requirements/dev.lock
	for part in base build; do $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -c requirements/dev.lock requirements/$$part.in -o requirements/$$part.lock || exit 1; done

bench: setup-tests ## Measure speed on SQLite and PostgreSQL and print a table.
	$(BIN)/python -m bench $(ARGS)

clean: ## Remove what setup made. Data stay.
	rm -rf build static denggao.egg-info denggao/foundation/ui/static/ui/dist denggao/foundation/ui/assets/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	[ -L .venv ] || rm -rf .venv
	find locale -name '*.mo' -delete
