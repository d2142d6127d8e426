# Everything a contributor types. Each target makes what it needs first; nothing but Python 3.11+ and a package registry is assumed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header -q

unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes, and each would compile anew

.PHONY: help venv extras dev demo test lint format score bench mutate soak kills scale fuzz audit pictures lock clean

help:            ## What each target does
	@grep -hE '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(VENV)/.plain: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Trek needs Python 3.11 or newer; this is %s. Name another one: make PYTHON=python3.12 ..." % sys.version.split()[0])'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.plain requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

venv: $(VENV)/.plain   ## The command at .venv/bin/trek, with what it needs to run
extras: $(VENV)/.plain ## What PostgreSQL, many workers and S3 storage need as well
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-extras.lock
dev: $(VENV)/.dev      ## The same with the tools for tests and linting

demo: $(VENV)/.plain   ## The main job on the built-in sample region, then serve it
	$(BIN)/trek demo $(ARGS)

# One more than a small machine has cores: a third of the tests' time is waiting.
TESTERS ?= 3
test: $(VENV)/.dev     ## Lint, types, import rules and every test
	$(MAKE) lint
	$(BIN)/python -m pytest -n $(TESTERS) --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(VENV)/.dev     ## ruff, mypy strict, import rules
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev   ## Let ruff lay the code out
	$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

score: $(VENV)/.plain  ## How good Trek is on the labelled sets (DIR=folder)
	$(BIN)/trek score $(DIR)

.venv-splink/.done: tests/bench/splink.lock
	test -x .venv-splink/bin/python || $(PYTHON) -m venv .venv-splink
	.venv-splink/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r tests/bench/splink.lock
	@touch $@

bench: $(VENV)/.dev .venv-splink/.done  ## Speed against peers, in one run (ARGS="same --full"); writes bench.jsonl
	$(BIN)/python -m tests.bench $(ARGS)

mutate: $(VENV)/.dev   ## Ten thousand damaged pages through every reader (ARGS="1000 --seed 2")
	$(BIN)/python -m tests.mutate $(ARGS)

soak: $(VENV)/.dev     ## Thirty days of the sample region, with changes every day (ARGS="--days 10 --municipality borne")
	$(BIN)/python -m tests.soak $(ARGS)

kills: $(VENV)/.dev    ## Kill every stage at random points, nothing may be lost (ARGS="--seed 7 --count 40")
	$(BIN)/python -m tests.kills $(ARGS)

scale: $(VENV)/.dev    ## A country's day in a simulation, held against docs/scale.md
	$(BIN)/python -m tests.scale

.venv-fuzz/.done: tests/fuzz/requirements.txt requirements.lock
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock -r tests/fuzz/requirements.txt
	@touch $@

SECONDS ?= 600
fuzz: .venv-fuzz/.done ## Coverage-guided fuzzing of readers, dates, feeds and queries, SECONDS each
	for target in readers dates feeds query; do .venv-fuzz/bin/python -m tests.fuzz $$target $(SECONDS) && .venv-fuzz/bin/python -m tests.fuzz keep $$target || exit 1; done

.venv-audit/.done:
	test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	.venv-audit/bin/python -m pip install -q --disable-pip-version-check pip-audit==2.10.1
	@touch $@

audit: .venv-audit/.done ## Known weaknesses of the locked packages, as PyPI tells them; fails when it tells nothing
	rm -f .venv-audit/found.json  # there after it only when every package was asked for
	.venv-audit/bin/pip-audit --strict --disable-pip --progress-spinner off --format json --output .venv-audit/found.json -r requirements-extras.lock

pictures: $(VENV)/.dev ## The pictures of the README, from the sample in Chromium
	$(BIN)/python -m tests.browser.pictures

lock:                  ## Renew the lock files (needs uv)
	$(COMPILE) --group dev --all-extras pyproject.toml -o requirements-dev.lock --upgrade
	$(COMPILE) --group build pyproject.toml -c requirements-dev.lock -o requirements.lock
	$(COMPILE) --all-extras pyproject.toml -c requirements-dev.lock -o requirements-extras.lock

clean:                 ## Remove what make made
	rm -rf $(VENV) .venv-splink .venv-fuzz .venv-audit tests/fuzz/found .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
