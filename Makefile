# Everything that a fresh clone needs is made here: Python 3.11 or newer and make are enough.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
SYNCED := $(VENV)/.synced

.PHONY: help demo test check bench fmt lock clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

demo: $(SYNCED) ## Run LeadFlow with a demo organization (PORT=8000)
	@exec $(BIN)/leadflow demo

test: $(SYNCED) ## Run all tests, browser tests included (ARGS="-k board" chooses)
	@$(BIN)/python -m tests.fixtures.chromium
	@exec $(BIN)/python -m pytest $(ARGS)

check: $(SYNCED) ## Check format, lint, types, import contracts and migrations, then test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m leadflow.infra.migration_check
	$(BIN)/python -m pytest -q tests/architecture
	@$(MAKE) test

bench: $(SYNCED) ## Run the benchmarks; writes bench/results/latest.json
	@exec $(BIN)/python -m bench $(ARGS)

fmt: $(SYNCED) ## Format the code, and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(SYNCED) ## Write requirements.lock anew from pyproject.toml, and try it for each Python
	"$$(cat $(VENV)/.uv)" pip compile pyproject.toml --all-extras --universal --generate-hashes \
	  --no-emit-index-url --quiet $(ARGS) -o requirements.lock
	@for version in 3.11 3.12 3.13 3.14; do \
	  "$$(cat $(VENV)/.uv)" pip install --dry-run --quiet --no-deps --only-binary :all: --python-version $$version \
	    --target $(VENV)/none -r requirements.lock || exit 1; \
	done

clean: ## Remove what was built; the data in .leadflow is kept
	rm -rf $(VENV) .web .states assets/external .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage

# The environment is synchronised when the lock has changed, and not otherwise.
$(SYNCED): requirements.lock
	@bash -euo pipefail -c "$$SYNCHRONISE"

define SYNCHRONISE
python=
for name in python3.13 python3.12 python3.11 python3 python; do
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$$("$$name" -c 'import sys; print(sys.executable)')
    break
  fi
done
if [ -z "$$python" ]; then
  echo "LeadFlow needs Python 3.11 or newer: install it, then run make again." >&2
  exit 1
fi

uv=
for name in uv "$${HOME:-}/.local/bin/uv" .leadflow/uv/bin/uv; do
  if "$$name" --version >/dev/null 2>&1; then
    uv=$$(command -v "$$name")
    break
  fi
done
if [ -z "$$uv" ]; then
  echo "  installing uv into .leadflow/uv"
  rm -rf .leadflow/uv
  mkdir -p .leadflow
  if "$$python" -m venv .leadflow/uv >/dev/null 2>&1; then
    .leadflow/uv/bin/python -m pip install --quiet uv
  elif "$$python" -m pip --version >/dev/null 2>&1; then
    rm -rf .leadflow/uv
    "$$python" -m pip install --quiet --target .leadflow/uv uv
  else
    echo "uv is missing and $$python has neither venv nor pip to get it with: install uv, or Debian's python3-venv." >&2
    exit 1
  fi
  uv=$$PWD/.leadflow/uv/bin/uv
fi

if ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "  creating $(VENV) with $$python"
  rm -rf $(VENV)
  "$$uv" venv --quiet --python "$$python" $(VENV)
fi
echo "  installing what requirements.lock names"
if [ -z "$${UV_DEFAULT_INDEX:-}$${UV_INDEX_URL:-}" ] && [ -n "$${PIP_INDEX_URL:-}" ]; then
  export UV_DEFAULT_INDEX=$$PIP_INDEX_URL
fi
export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true
VIRTUAL_ENV=$$PWD/$(VENV) "$$uv" pip sync --require-hashes --compile-bytecode requirements.lock

site=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "$$PWD" > "$$site/leadflow.pth"
printf '#!/bin/sh\nexec "$${0%%/*}/python" -m leadflow.cli "$$@"\n' > $(BIN)/leadflow
chmod +x $(BIN)/leadflow
echo "$$uv" > $(VENV)/.uv
touch $(SYNCED)
endef
export SYNCHRONISE
