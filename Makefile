# `make train` and `make test` need Python 3.11 or newer and a package index, nothing else.

PYTHON ?= python3
ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin/python
# Without DATA the bundled scenes, at settings for two CPU cores; with DATA=DIR the paper's.
TRAIN_OPTIONS := $(if $(DATA),--data $(DATA) --run-dir runs/train,--demo)
# Each worker imports TensorFlow; two fill two cores.
WORKERS ?= 2

# What `make weights` renders, trains and exports; hours on two cores, resumable.
BUILD := build/small_v1
SMALL_OPTIONS := --condition reconstruction --generator small --whole-images \
  --augmentation photographic --epochs 10 --batch-size 8 --generator-learning-rate 1e-3 \
  --ema 0.998 --precision mixed_bfloat16 --encoder-weights none --validate-every 2 --seed 0

.PHONY: train test lint weights clean

train: $(ENVIRONMENT)/installed
	$(RUN) -m keras_f2a.train $(TRAIN_OPTIONS) $(OPTIONS)

test: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m pytest --numprocesses $(WORKERS) $(OPTIONS)

lint: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

weights: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m tools.render_scenes --output $(BUILD)/scenes --lights $(BUILD)/lights \
	  --train 420 --test 40 --variants 6 --quality 90 --seed 0 --processes $(WORKERS)
	$(RUN) -m keras_f2a.train --data $(BUILD)/scenes --run-dir $(BUILD)/run $(SMALL_OPTIONS)
	$(RUN) -m export --model $(BUILD)/run --output $(BUILD)/files --name small_v1 \
	  --formats float32 int8 --calibration-data training_scenes

clean:
	rm -rf $(ENVIRONMENT) runs

$(ENVIRONMENT)/installed: setup.py pyproject.toml
	$(PYTHON) -m venv $(ENVIRONMENT)
	$(RUN) -m pip install --quiet --editable .
	touch $@

$(ENVIRONMENT)/installed-for-tests: $(ENVIRONMENT)/installed
	$(RUN) -m pip install --quiet --editable '.[test]'
	touch $@
