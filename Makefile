# Everything a fresh machine needs: `make html` builds the sample digest, `make test` runs every test.
# Set PYTHON to choose an interpreter (3.11 or later): make test PYTHON=python3.13

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
# the source distributions of Pelican and Python-Markdown: they have samples that the installed packages have not
SAMPLES := $(VENV)/samples
# the checkout's own copy, as `pelican` finds it through PLUGIN_PATHS
ALSOREAD := PYTHONPATH=plugins $(PY) -m alsoread
PIP := $(PY) -m pip --disable-pip-version-check --quiet

.PHONY: html test check serve publish torture bench tables lock clean help

help: ## Show what can be made.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

html: $(VENV)/.run ## Build the sample digest into output/.
	$(ALSOREAD) build

serve: $(VENV)/.run ## Build it, show it at http://127.0.0.1:8000 and rebuild on every change.
	$(ALSOREAD) serve

publish: $(VENV)/.run ## Build it for the web: SITEURL=https://www.example.org make publish
	$(ALSOREAD) publish -s publishconf.py

test: $(VENV)/.dev ## Run every test.
	tools/browser
	$(PY) -m pytest -n 2 --dist worksteal -m "not torture and not peers"

torture: $(VENV)/.dev ## Run the long campaigns too.
	tools/browser
	$(PY) -m pytest -m torture

check: $(VENV)/.dev ## Lint, types, import contract, formatting.
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	PYTHONPATH=plugins $(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/.dev ## Measure builds beside other generators, and rebuilds; bench/README.md says more.
	$(PY) bench/peers.py 1000x1
	$(PY) bench/rebuilds.py 500
	$(PY) -m pytest -m peers tests/test_bench.py

tables: $(VENV)/.run ## Write the tables of fields in the documents anew, from the schemas.
	PYTHONPATH=plugins $(PY) tools/field_tables.py docs

lock: $(VENV)/.dev ## Resolve the dependencies anew.
	$(PIP) install uv
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url -q pyproject.toml -o requirements/run.lock
	$(VENV)/bin/uv pip compile --universal --python-version 3.11 --upgrade --generate-hashes --no-header --no-annotate \
	  --no-emit-index-url -q pyproject.toml requirements/dev.in -c requirements/run.lock -o requirements/dev.lock

clean: ## Remove what was built and installed.
	rm -rf $(VENV) .cache .output.alsoread .mypy_cache .ruff_cache .pytest_cache .hypothesis dist test-artifacts
	find output -mindepth 1 -not -name .gitkeep -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; name one: make PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV) \
	  || { echo "The venv module is needed; on Debian: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }

$(VENV)/.run: requirements/run.lock | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements/run.lock
	touch $@

$(VENV)/.dev: requirements/dev.lock requirements/axe.lock pyproject.toml | $(VENV)/.run
	$(PIP) install --require-hashes -r requirements/dev.lock
	$(PIP) install --no-deps --require-hashes -r requirements/axe.lock
	$(PIP) install --no-deps --no-build-isolation --no-index -e .
	rm -rf $(SAMPLES) && mkdir $(SAMPLES)
	sed -n -E '/^(markdown|pelican)==/,/[^\\]$$/p' requirements/run.lock > $(SAMPLES)/samples.lock
	$(PIP) download --no-deps --no-build-isolation --no-binary markdown,pelican --require-hashes \
	  -r $(SAMPLES)/samples.lock -d $(SAMPLES)
	for archive in $(SAMPLES)/*.tar.gz; do tar -xzf "$$archive" -C $(SAMPLES); done
	touch $@
