# Seeing Fairly: every command of the course. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000

# What `make grade` grades: all released assignments of the class in this folder, unless said otherwise.
ASSIGNMENT ?=
CLASS      ?= .

export PATH := $(CURDIR)/$(BIN):$(PATH)
# One thread a process: two processes at a time are faster than one with two threads, and numbers come out the same.
export OMP_NUM_THREADS ?= 1
# Tests on real data run where its folder is, and are skipped with a reason elsewhere.
ifneq ($(wildcard ../shared/data),)
export SEEING_DATA ?= $(abspath ../shared/data)
endif

INSTALLED := $(VENV)/.installed
BOOK      := _build/html/.built
SAMPLE    := _build/sample_class
PYTEST    := $(BIN)/python -m pytest
# nbval, and what it leaves out by itself: pictures above all.
NBVAL     := -p tests.notebooks.plugin --nbval-kernel-startup-timeout 300
# The pages run as one who downloaded them would: the library from its wheel, outside the repository.
AS_READER := --nbval-sanitize-with tests/nbval.cfg --as-reader _build/html/_sources

BOOK_SOURCES := _config.yml $(shell find book lib/seeing -type f -not -path '*/__pycache__/*' -not -path '*/.*') \
                $(wildcard assignments/*/*.ipynb)

.PHONY: help course venv book assignments sample grade test test-fast browser-ready serve train records bench check clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

course: book assignments sample ## build everything once: the environment, the book, the assignments, and grade a sample class

venv: $(INSTALLED) ## the environment in .venv, from requirements.txt (with uv where it is installed, else with pip)

$(INSTALLED): requirements.txt lib/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed, and $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Installing requirements.txt into $(VENV): about 5 GB, one to three minutes."
	@if command -v uv >/dev/null; then \
	  { test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) $(VENV); } && \
	  uv pip install --quiet --python $(BIN)/python -r requirements.txt; \
	else \
	  { test -x $(BIN)/pip || $(PYTHON) -m venv --clear $(VENV); } && \
	  $(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt; \
	fi
	@touch $@

book: $(BOOK) ## the book in _build/html; only the pages that changed are executed again

$(BOOK): $(INSTALLED) $(BOOK_SOURCES)
	$(BIN)/jupyter-book build book --config _config.yml --path-output . -W -n --keep-going
	@touch $@
	@echo "Open _build/html/index.html, or run: make serve"

assignments: $(INSTALLED) ## build the assignments from solutions/ and release them into assignments/
	@$(BIN)/python -m proctor release

sample: assignments ## write the sample class into _build/sample_class and grade it
	@$(BIN)/python -m proctor sample upsampling
	@$(BIN)/python -m proctor grade upsampling --class $(SAMPLE)

grade: $(INSTALLED) ## grade what was handed in: make grade [ASSIGNMENT=upsampling] [CLASS=folder]
	@$(BIN)/python -m proctor grade $(ASSIGNMENT) --class $(CLASS)

test: $(INSTALLED) browser-ready ## the whole test suite: every stage runs, whatever became of those before it
	@sh tests/stages.sh \
	  book        "make book" \
	  assignments "make assignments" \
	  tests       "$(PYTEST) -n 2 --dist loadfile" \
	  pages       "$(PYTEST) -n 2 --dist loadscope $(NBVAL) --nbval $(AS_READER) _build/jupyter_execute" \
	  solutions   "$(PYTEST) -n 2 --dist loadscope $(NBVAL) --nbval-lax _build/source"

test-fast: assignments ## the tests that take seconds: no browser, no class
	$(PYTEST) -n 2 --dist loadfile -m "not slow and not browser"

browser-ready: # a Chromium for the browser tests, where it may be installed
	@sh tests/browser/install_chromium.sh

serve: book ## read the book on http://127.0.0.1:8000 (another port: PORT=9000)
	@echo "The book is on http://127.0.0.1:$(PORT). Stop with Ctrl-C."
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

train: $(INSTALLED) ## train what the book shows, into lib/seeing/trained; what is there is not trained again
	$(BIN)/python book/_experiments/segmentation.py
	$(BIN)/python book/_experiments/transfer.py

records: $(INSTALLED) ## count again, from the data, the numbers that pages show without it, into lib/seeing/recorded
	@for file in book/_experiments/fairness_*.py; do echo "$$file"; $(BIN)/python $$file || exit 1; done

bench: $(INSTALLED) ## measure the library beside its peers, into benchmarks/results
	@for file in benchmarks/bench_*.py; do $(BIN)/python -m benchmarks.$$(basename $$file .py) || exit 1; done

check: $(INSTALLED) ## style and likely mistakes (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean: ## remove what the commands built; never a class, never the environment
	rm -rf _build _vendor .pytest_cache .ruff_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
