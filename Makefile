# Each target does its own set-up; a second run finds it done.
.PHONY: setup demo serve test check bench docs wheel lock
PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1
# Many of these steps start Python anew; without its cache of compiled files each start takes two seconds longer.
unexport PYTHONDONTWRITEBYTECODE

setup: .make/run .make/web .make/backbone

.make/venv:
	@mkdir -p .make
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 or newer is needed; this is ' + sys.version.split()[0] + '. Set PYTHON=…') if sys.version_info < (3, 11) else None"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	@touch $@

.make/run: .make/venv requirements/run.txt pyproject.toml
	$(BIN)/uv pip install -q -p $(BIN)/python --require-hashes -r requirements/run.txt
	$(BIN)/uv pip install -q -p $(BIN)/python --no-deps -e .
	@touch $@

.make/dev: .make/run requirements/dev.txt
	$(BIN)/uv pip install -q -p $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

# The other tools whose formats we read and write, in an environment of their own: they drag in much.
.make/peers: .make/venv requirements/peers.txt
	$(BIN)/uv venv -q --clear -p $(BIN)/python .venv-peers
	$(BIN)/uv pip install -q -p .venv-peers/bin/python --no-deps --require-hashes -r requirements/peers.txt
	@touch $@

.make/backbone: .make/run
	$(BIN)/python -m modelyard.engine.backbones build
	@touch $@

.make/web: .make/run $(shell find web/src web/public web/index.html web/package-lock.json -type f 2>/dev/null)
	tools/build-web
	@touch $@

demo: setup
	$(BIN)/modelyard demo --data demo-data $(if $(filter 0,$(SERVE)),--no-serve,)

serve: setup
	$(BIN)/modelyard serve

test: setup .make/dev .make/peers
	tools/install-chromium
	$(BIN)/python -m pytest -n logical --maxprocesses 8 --dist loadfile
	tools/test-web

check: setup .make/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	tools/check-web

bench: setup .make/dev
	status=0; for script in bench/[a-z]*.py; do echo "$$script"; $(BIN)/python $$script || status=1; done; exit $$status

docs: .make/dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict -q

wheel: setup
	rm -rf dist
	$(BIN)/uv build -q --wheel
	@ls dist/*.whl

lock: .make/venv
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --extra backbone -o requirements/run.txt
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate pyproject.toml --extra backbone --extra sso --extra dev -c requirements/run.txt -o requirements/dev.txt
	$(BIN)/uv pip compile -q --universal -p 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate requirements/peers.in --override requirements/peers.overrides -o requirements/peers.txt
