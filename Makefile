PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
SIMULATOR_PORT ?= 8100
STORE ?= demo
ITEMS ?= 2000

SALES ?= 500
SEED ?= 1
DATABASE ?= sqlite

.PHONY: run test test-postgres lint bench chaos simulator messages lock clean

run: .venv/run.stamp
	$(BIN)/python manage.py serve --port $(PORT) --simulator-port $(SIMULATOR_PORT)

test: .venv/dev.stamp
	$(BIN)/python -m tests.system_packages
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ALONE:%=--ignore=%)
	$(BIN)/python -m pytest $(ALONE)
	$(MAKE) test-postgres

SIDE_BY_SIDE := -n auto --dist loadfile
# These start so many processes of their own that two of them would be in each other's way.
ALONE := tests/browser tests/chaos tests/test_two_hosts.py

# What money depends on and what is written for each database, once more on PostgreSQL. Without what is pure or has no database in it.
MONEY := tests/catalog tests/outbox tests/sales tests/elsewhere tests/orders tests/returns tests/staff tests/customers tests/terminals tests/dashboard \
  tests/mirror/test_sync.py tests/mirror/test_refresh.py tests/test_tenants.py
PURE := tests/outbox/test_next_action.py tests/outbox/test_virtual_time.py tests/sales/test_totals.py tests/sales/test_agreement.py \
  tests/terminals/test_minor_units.py tests/terminals/test_next_step.py
test-postgres: .venv/dev.stamp
	$(BIN)/python -m tests.running_postgres $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(MONEY) $(PURE:%=--ignore=%) -k "not redis"
	$(BIN)/python -m tests.running_postgres $(BIN)/python -m pytest tests/browser/test_sell_an_item.py tests/chaos

lint: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	$(BIN)/python manage.py makemigrations --check --dry-run
	SITE_URL=https://salesfloor.test SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
	  DATA_DIR=$$(mktemp -d) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: .venv/dev.stamp
	CARTS=100000 $(BIN)/python -m pytest tests/sales/test_agreement.py
	$(BIN)/python -m tests.bench

# DATABASE=postgres brings its own PostgreSQL and Redis, where they are installed.
chaos: .venv/dev.stamp
	$(BIN)/python -u -m tests.chaos --sales $(SALES) --seed $(SEED) --database $(DATABASE)

simulator: .venv/run.stamp
	$(BIN)/python manage.py simulator --port $(SIMULATOR_PORT) --store $(STORE) --items $(ITEMS)

# Needs the GNU gettext tools. The simulator speaks English alone, as Lightspeed's API does.
messages: .venv/run.stamp
	$(BIN)/python manage.py makemessages --locale fr_CA --ignore simulator --ignore tests --add-location file --no-obsolete
	$(BIN)/python manage.py compilemessages --locale fr_CA --ignore .venv

# The environment follows the lock files: a stamp older than its lock file is made again.
.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.stamp: requirements.lock | .venv/bin/python
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/dev.stamp: requirements-dev.lock | .venv/bin/python
	$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ .venv/run.stamp

LOCK := uv pip compile --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet
lock:
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -o requirements-dev.lock
