"""Training with Keras's JAX backend, skipped where JAX (380 MB) is not installed."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.made_up_views import made_up_folder

ROOT = Path(__file__).parents[2]
needs_jax = pytest.mark.skipif(
    importlib.util.find_spec("jax") is None, reason="no JAX; `pip install jax` tests with it"
)
OPTIONS = ["--epochs", "2", "--batch-size", "2", "--long-side", "16", "--width", "0.1"]
OPTIONS += ["--validate-every", "5"]

FIRST_LOSSES = """
import json, sys
import numpy as np
from keras_f2a.data.light_batches import LightDataSettings, encoded_views, training_batches
from keras_f2a.light_training.compiled_model import compiled, untrained
from keras_f2a.light_training.settings import LightTrainingSettings

settings = LightTrainingSettings(width=0.1)
network = untrained(settings)
model = compiled(network, settings, 100)
rng = np.random.default_rng(0)
shapes = [value.shape for value in model.get_weights()]
model.set_weights([rng.normal(0, 0.1, shape) for shape in shapes])
data = LightDataSettings(views=sys.argv[1], batch_size=2, long_side=16)
batches = training_batches(encoded_views(data.views), data, seed=3)
print(json.dumps([float(model.train_on_batch(*next(batches), return_dict=True)["loss"])
                  for _ in range(4)]))
"""

KILLED = """
from keras_f2a.runs.light_checkpoint import LightRunKeeper
from tools.train_placed_light import main
import os, sys

kept = LightRunKeeper.on_epoch_end

def killed(self, epoch, logs=None):
    if epoch == 1:
        os._exit(9)  # before anything of the second epoch is kept
    kept(self, epoch, logs)

LightRunKeeper.on_epoch_end = killed
main(sys.argv[1:])
"""


@pytest.fixture(scope="module", autouse=True)
def compiled_once(tmp_path_factory):
    """Share JAX's compilation cache, because compiling takes most of the time in every process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path_factory.mktemp("compiled")))
        patch.setenv("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")
        yield


def python(backend, *arguments, code=0):
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | {"KERAS_BACKEND": backend, "TF_ENABLE_ONEDNN_OPTS": "0"},
    )
    assert done.returncode == code, done.stderr
    return done.stdout


@needs_jax
def test_the_first_losses_are_those_of_tensorflow(tmp_path):
    views = made_up_folder(tmp_path / "views")
    jax, tensorflow = (
        json.loads(python(backend, "-c", FIRST_LOSSES, views).splitlines()[-1])
        for backend in ("jax", "tensorflow")
    )
    assert len(set(jax)) == 4
    np.testing.assert_allclose(jax, tensorflow, rtol=1e-4)


@needs_jax
def test_an_interrupted_run_resumes_in_jax(tmp_path):
    views = made_up_folder(tmp_path / "views")
    options = [*OPTIONS, "--views", views, "--run-dir"]
    python("jax", "-m", "tools.train_placed_light", *options, tmp_path / "whole")
    python("jax", "-c", KILLED, *options, tmp_path / "halves", code=9)
    python("jax", "-m", "tools.train_placed_light", *options, tmp_path / "halves")
    whole, halves = (
        (tmp_path / name / "history.csv").read_text().splitlines() for name in ("whole", "halves")
    )
    assert len(whole) == 3
    assert whole == halves
