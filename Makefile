# Two commands matter: `make demo` shows the program at work, `make test` proves it. Both set up .venv by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up
SET_UP_DEV := $(VENV)/.set-up-dev

.PHONY: demo run test check bench lock format clean install

$(SET_UP): requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(SET_UP_DEV): $(SET_UP) requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

demo: $(SET_UP)  ## the whole way on this machine alone: news site, daemon, alerts
	$(BIN)/monitor demo

run: $(SET_UP)  ## real feeds from config/monitor.yaml, alerts on the terminal
	$(BIN)/monitor run --config config/monitor.yaml

test: $(SET_UP_DEV)
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal

check: $(SET_UP_DEV)
	$(BIN)/ruff format --check monitor tests
	$(BIN)/ruff check monitor tests
	$(BIN)/mypy monitor
	$(BIN)/lint-imports

bench: $(SET_UP_DEV)  ## what the program costs, beside others on the same work
	test $(VENV)/bench/.set-up -nt requirements-bench.txt || $(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --upgrade --target $(VENV)/bench -r requirements-bench.txt && touch $(VENV)/bench/.set-up \
		|| echo "reader could not be installed: the bench runs without it, and says so"
	$(BIN)/python -m tests.bench

format: $(SET_UP_DEV)
	$(BIN)/ruff format monitor tests
	$(BIN)/ruff check --fix monitor tests

lock: $(SET_UP_DEV)  ## writes the requirements files anew, with hashes, for every platform
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements.txt pyproject.toml requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements-dev.txt --constraint requirements.txt --group dev requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --output-file requirements-bench.txt --constraint requirements.txt --group bench

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

PREFIX ?= /opt/monitor
install:  ## as root: program, unit and an example configuration, for systemd
	$(PYTHON) -m venv $(PREFIX)
	$(PREFIX)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(PREFIX)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation .
	ln -sf $(PREFIX)/bin/monitor /usr/local/bin/monitor
	install -d /etc/monitor/rules
	test -e /etc/monitor/monitor.yaml || install -m 644 config/monitor.yaml /etc/monitor/monitor.yaml
	install -m 644 systemd/monitor.service /etc/systemd/system/monitor.service
	systemctl daemon-reload
