# Seeing Fairly: every command of the course. `make help` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
# How many processes test: as many as the machine has processors, unless said otherwise (make test WORKERS=4).
WORKERS ?= logical

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
SAMPLE    := _build/sample_class
PYTEST    := $(BIN)/python -m pytest -p tests.parts
# nbval, and what it leaves out by itself: pictures above all.
NBVAL     := -p tests.notebooks.plugin --nbval-kernel-startup-timeout 300
# The pages run as one who downloaded them would: the library from its wheel, outside the repository.
AS_READER := --nbval-sanitize-with tests/nbval.cfg --as-reader _build/html/_sources

BUILD_BOOK := $(BIN)/jupyter-book build book --config _config.yml -W -n --keep-going
# An empty SEEING_DATA says: no real data. The library would look into its cache then, so the book gets an empty folder.
NO_DATA    := $(CURDIR)/_build/no_data
BOOK_DATA  := $(if $(filter undefined,$(flavor SEEING_DATA)),,SEEING_DATA="$(or $(strip $(SEEING_DATA)),$(NO_DATA))")
# What is wrong with a book stands in failed.txt beside it, on one line, with which make ends; with -k it goes on first.
KEEP_GOING := $(findstring k,$(filter-out -%,$(firstword $(MAKEFLAGS))))
outcome     = $(if $(wildcard $(1)),$(if $(KEEP_GOING),cat $(1); exit 1,$(error $(shell cat $(1)))))
build_book  = rm -f $(1)/failed.txt; BOOK_SAYS_LATER=1 $(2) $(BUILD_BOOK) --path-output $(dir $(1)) || \
              test -s $(1)/failed.txt || { mkdir -p $(1); echo "The book is not whole: see above." > $(1)/failed.txt; }

.PHONY: help course venv book pages publish pages-to-publish assignments sample grade test test-fast browser-ready serve train records bench check clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

course: pages assignments sample ## build everything once: the environment, the book, the assignments, and grade a sample class
	@$(call outcome,_build/failed.txt)

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

book: pages ## the book in _build/html; only pages whose code, library, records or data changed are executed again
	@$(call outcome,_build/failed.txt)
	@echo "Open _build/html/index.html, or run: make serve"

pages: $(INSTALLED) # the book, whole or not
	@$(call build_book,_build,$(BOOK_DATA))

publish: pages-to-publish ## the book for others in _build/publish: without real data, refused where a page failed or shows some
	@$(call outcome,_build/publishing/_build/failed.txt)
	@cp -R _build/publishing/_build/html _build/publish
	@echo "_build/publish is the book to publish. No picture of a data set is in it."

pages-to-publish: $(INSTALLED)
	@rm -rf _build/publish $(NO_DATA)
	@$(call build_book,_build/publishing/_build,SEEING_DATA="$(NO_DATA)" BOOK_TO_PUBLISH=1)

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
	  tests       "$(PYTEST) -n $(WORKERS) --dist loadfile" \
	  pages       "$(PYTEST) -n $(WORKERS) --dist loadscope $(NBVAL) --nbval $(AS_READER) _build/jupyter_execute" \
	  solutions   "$(PYTEST) -n $(WORKERS) --dist loadscope $(NBVAL) --nbval-lax _build/source"

test-fast: assignments ## the tests that take seconds: no browser, no class
	$(PYTEST) -n $(WORKERS) --dist loadfile -m "not slow and not browser"

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

check: $(INSTALLED) ## style and likely mistakes (ruff), and the library's types (mypy)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

clean: ## remove what the commands built; never a class, never the environment
	rm -rf _build _vendor .pytest_cache .ruff_cache .mypy_cache
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
