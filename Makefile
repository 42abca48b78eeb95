# newsarchive: every target sets up what it needs. Nothing but Python 3.11+ (with venv) and make has to be there.
#
#   make crawl                                                     crawl the demo newspaper into data/archive.db
#   make crawl SITE=https://example.com CONTACT=you@example.org    crawl a site
#   make test                                                      run the tests

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:

VENV := .venv
MARKER := $(VENV).setup
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP := $(PY) -m pip --disable-pip-version-check --no-input

# What a person types after `make crawl` reaches the program as typed: the text is neither expanded by make ($(value))
# nor read by the shell (it travels in the environment).
override SITE := $(value SITE)
override CONTACT := $(value CONTACT)
override ARCHIVE := $(value ARCHIVE)
override SINCE := $(value SINCE)
override MAX := $(value MAX)
override DELAY := $(value DELAY)
override REVISIT := $(value REVISIT)
override PYTHON := $(value PYTHON)
export SITE CONTACT ARCHIVE SINCE MAX DELAY REVISIT PYTHON

.PHONY: help
help: ## Show the targets
	@echo "newsarchive: crawl news sites into one SQLite archive"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'
	@echo "Variables of make crawl: SITE CONTACT ARCHIVE SINCE MAX DELAY REVISIT. PYTHON=/path/to/python chooses the interpreter."

# --- setting up -------------------------------------------------------------------------------------------------------

# Prints the first Python that is new enough and has venv; says what is missing otherwise.
define find_python
usable() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }; \
complete() { "$$1" -c 'import ensurepip, ssl, sqlite3, venv' >/dev/null 2>&1; }; \
found=; old=; \
if [ -n "$$PYTHON" ]; then candidates=; set -- "$$PYTHON"; else set -- python3.11 python3.12 python3.13 python3.14 python3 python; fi; \
for candidate in "$$@"; do \
  if usable "$$candidate"; then old="$$candidate"; if complete "$$candidate"; then found="$$candidate"; break; fi; fi; \
done; \
if [ -z "$$found" ] && [ -n "$$old" ]; then \
  echo "Error: $$old has no venv module (or no sqlite3, or no ssl); on Debian and Ubuntu install it with: apt install python3-venv" >&2; exit 1; \
elif [ -z "$$found" ] && [ -n "$$PYTHON" ]; then \
  echo "Error: $$PYTHON is no Python 3.11 or newer; name another one with: make PYTHON=/path/to/python3.11" >&2; exit 1; \
elif [ -z "$$found" ]; then \
  echo "Error: no Python 3.11 or newer was found; install one, or name it with: make PYTHON=/path/to/python3.11" >&2; exit 1; \
fi
endef

# Makes .venv afresh unless it is whole. `.venv.setup` stands there, with the process that works on it, from before .venv is
# touched until everything is installed: a killed pip can leave a package that only looks installed, so what it left is not
# trusted. `.place` holds the folder .venv was made for: a moved checkout needs a new one.
define fresh_venv
if [ -n "$$broken" ] || [ "$$(cat $(VENV)/.place 2>/dev/null)" != "$(CURDIR)" ] || ! $(PY) -c 'import pip' >/dev/null 2>&1; then \
  $(find_python); \
  printf '%s' "$$$$" >$(MARKER); \
  echo "Setting up $(VENV) with $$found (once, about a minute) ..." >&2; \
  "$$found" -m venv --clear $(VENV) || { echo "Error: $(VENV) could not be made; see the message above" >&2; exit 1; }; \
  printf '%s' "$(CURDIR)" >$(VENV)/.place; \
fi
endef

# $(1): the lock file, $(2): the stamp, written last.
define install
broken=; \
if [ -e $(MARKER) ]; then \
  if kill -0 "$$(cat $(MARKER))" 2>/dev/null; then \
    echo "Error: process $$(cat $(MARKER)) is setting up $(VENV) at this moment; run the same command again when it is done" >&2; exit 1; \
  fi; \
  broken=yes; \
fi; \
$(fresh_venv); \
printf '%s' "$$$$" >$(MARKER); rm -f $(2); \
$(PIP) install -qq --require-hashes -r $(1) || { echo "Error: the locked packages of $(1) could not be installed; see the message above, then run the same command again" >&2; exit 1; }; \
$(PIP) install -qq --no-deps --no-build-isolation --editable . || { echo "Error: newsarchive itself could not be installed; see the message above" >&2; exit 1; }; \
rm -f $(MARKER); : >$(2)
endef

# $(1): the lock file, $(2): the stamp. Installs when the stamp is missing or older than what it was made from.
define ensure
if [ -e $(MARKER) ] || [ ! -e $(2) ] || [ $(1) -nt $(2) ] || [ pyproject.toml -nt $(2) ] \
  || [ "$$(cat $(VENV)/.place 2>/dev/null)" != "$(CURDIR)" ] || ! $(PY) -c 'import pip' >/dev/null 2>&1; then $(call install,$(1),$(2)); fi
endef

.PHONY: setup setup-dev
setup: ## Make .venv and install newsarchive with its locked dependencies
	@$(call ensure,requirements.txt,$(VENV)/.installed)

setup-dev: ## The same with what the tests and checks need
	@$(call ensure,requirements-dev.txt,$(VENV)/.installed-dev); [ -e $(VENV)/.installed ] || : >$(VENV)/.installed

# --- the main job -----------------------------------------------------------------------------------------------------

.PHONY: crawl
crawl: setup ## Crawl SITE (the demo newspaper when none is given) into data/archive.db
	@set -- --archive "$${ARCHIVE:-data/archive.db}"; \
	if [ -n "$$CONTACT" ]; then set -- "$$@" --contact "$$CONTACT"; fi; \
	if [ -n "$$SINCE" ]; then set -- "$$@" --since "$$SINCE"; fi; \
	if [ -n "$$MAX" ]; then set -- "$$@" --max "$$MAX"; fi; \
	if [ -n "$$DELAY" ]; then set -- "$$@" --delay "$$DELAY"; fi; \
	if [ -n "$$SITE" ]; then \
	  if [ -n "$$REVISIT" ]; then set -- "$$@" --revisit "$$REVISIT"; fi; \
	  set -- "$$@" -- "$$SITE"; \
	else set -- --demo --revisit "$${REVISIT:-now}" "$$@"; fi; \
	exec $(PY) -m newsarchive crawl "$$@"

# --- tests and checks -------------------------------------------------------------------------------------------------

# Two tests at a time, the tests of one file one after the other in one process (docs/decisions/0013-tests-at-a-time.md).
AT_ONCE := -n 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

.PHONY: test check check-long
test: setup-dev ## Run the tests
	@$(PY) -m pytest -q $(AT_ONCE) -m "not long"

check: setup-dev ## Format, lint, types, import contracts, docs and locks
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(BIN)/lint-imports
	$(PIP) check
	$(PY) -m pytest -q tests/unit/test_packaging_docs.py tests/unit/test_packaging_locks.py tests/unit/test_packaging_tree.py

check-long: setup-dev ## The tests that take minutes: kills, hostile pages, fuzzing
	@$(PY) -m pytest -q $(AT_ONCE) --dist worksteal -m long

# --- what is generated ------------------------------------------------------------------------------------------------

.PHONY: docs lock bench train
docs: setup-dev ## Write the references in docs/reference again
	@$(PY) docs/generate.py

lock: setup-dev ## Resolve the dependencies again and write the lock files
	@$(PIP) install -qq 'uv>=0.8'; : >$(VENV)/.constraints; \
	for part in requirements.txt:build requirements-dev.txt:dev; do \
	  out=$${part%%:*}; group=$${part##*:}; \
	  UV_CUSTOM_COMPILE_COMMAND="make lock" $(PY) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-annotate --group $$group --constraint $(VENV)/.constraints \
	    --output-file $$out pyproject.toml || exit 1; \
	  cp $$out $(VENV)/.constraints; \
	done

bench: setup-dev ## Measure the extraction on the bench data (NEWSARCHIVE_BENCH names its folder)
	@$(PY) benchmarks/run_extraction.py
	@$(PY) benchmarks/run_metadata.py
	@$(PY) benchmarks/run_teasers.py
	@$(PY) benchmarks/run_workers.py
	@$(PY) benchmarks/run_archive.py

train: setup-dev ## Train the models again (NEWSARCHIVE_BENCH names the data's folder)
	@$(PY) benchmarks/train_blocks.py
	@$(PY) benchmarks/train_page_type.py

.PHONY: clean
clean: ## Remove .venv and caches; the archive in data/ stays
	@rm -rf $(VENV) $(MARKER) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
