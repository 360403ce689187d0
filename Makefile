# `make train` and `make test` need Python 3.11 or newer and a package index, nothing else.

PYTHON ?= python3
ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin/python
# Without DATA the bundled scenes, at settings for two CPU cores; with DATA=DIR the paper's.
TRAIN_OPTIONS := $(if $(DATA),--data $(DATA) --run-dir runs/train,--demo)
# Each worker imports TensorFlow; two fill two cores.
WORKERS ?= 2

.PHONY: train test lint clean

train: $(ENVIRONMENT)/installed
	$(RUN) -m keras_f2a.train $(TRAIN_OPTIONS) $(OPTIONS)

test: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m pytest --numprocesses $(WORKERS) $(OPTIONS)

lint: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

clean:
	rm -rf $(ENVIRONMENT) runs

$(ENVIRONMENT)/installed: setup.py pyproject.toml
	$(PYTHON) -m venv $(ENVIRONMENT)
	$(RUN) -m pip install --quiet --editable .
	touch $@

$(ENVIRONMENT)/installed-for-tests: $(ENVIRONMENT)/installed
	$(RUN) -m pip install --quiet --editable '.[test]'
	touch $@
