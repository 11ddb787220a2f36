# Needs git, make and python3 (3.11 or newer) with venv. `make help` lists the targets.
PYTHON ?= python3
# Tests wait more than they compute: more of them at once than there are cores.
WORKERS ?= 3
BIN := .venv/bin
DIR ?= demo
READY := .venv/.ready
READY_DEV := .venv/.ready-dev
WANTED := pyproject.toml requirements.lock tools/install.py

.PHONY: help demo test test-fast lint bench kills long year audit lock clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

demo: $(READY) ## install, then the whole story on a fresh sandbox company
	$(BIN)/recon demo --dir $(DIR)

test: $(READY_DEV) ## every test but the long ones
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m "not long"

test-fast: $(READY_DEV) ## the tests that take no more than a few seconds each
	$(BIN)/python -m pytest -n logical --dist loadfile -m "not slow and not long"

lint: $(READY_DEV) ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

bench: $(READY_DEV) ## the measured promises: calls, pace, scale, idle syncs, onboarding (an hour)
	@for script in bench/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

kills: $(READY_DEV) ## runs killed at every kind of effect, each resumed and checked from outside
	$(BIN)/python -m tests.kills.run --all

long: $(READY_DEV) ## the long tests: 2,000 acts of users in made-up stories, kills, the measuring scripts
	$(BIN)/python -m pytest -n logical --dist loadfile -m long

year: $(READY_DEV) ## a consultancy's year of invoices and costs, with and without faults, judged from outside (over half an hour)
	$(BIN)/python -m tests.year.run --faults --out bench/out/year

audit: $(READY_DEV) ## known vulnerabilities among the locked packages
	$(BIN)/pip-audit --strict --disable-pip --no-deps -r requirements.lock

lock: $(READY_DEV) ## resolve requirements.lock anew (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --all-extras \
	  --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

clean: ## remove what was installed, made or measured
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage demo build dist bench/out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(WANTED)
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there: install Python 3.11 or newer, or say make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) tools/install.py
	@touch $@

$(READY_DEV): $(WANTED)
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not there: install Python 3.11 or newer, or say make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) tools/install.py test dev sqlserver postgres
	@touch $@ $(READY)
