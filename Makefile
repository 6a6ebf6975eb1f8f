# Two commands on a machine with only Python 3.11+ and make: `make run` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: messages
messages: ## Collect the texts to translate into locale/, sorted, without line numbers.
	$(BIN)/denggao makemessages -l zh_Hans --no-location --no-obsolete --no-wrap --ignore '.venv/*' --ignore 'node_modules/*' --ignore 'tests/*' --ignore 'bench/*' --ignore 'static/*'
	msgcat --sort-output --no-wrap -o locale/zh_Hans/LC_MESSAGES/django.po locale/zh_Hans/LC_MESSAGES/django.po
	$(BIN)/denggao compilemessages -v0
