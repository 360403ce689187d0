import contextlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import keras_f2a.export.probe
import pytest
import tensorflow as tf
from keras_f2a.export.__main__ import main as export
from keras_f2a.export.settings import DEFAULT_FORMATS

import keras_f2a
from keras_f2a.train import main as train
from tests.conftest import write_pair
from tests.export import warm_probes as warm
from tests.made_once import made_once


class Exported(NamedTuple):
    """Result of `python -m export`: its folder, its report and its standard output."""

    folder: Path
    report: dict
    printed: str

    def file(self, file_format):
        """Return the `.tflite` file of a format, which has its card next to it."""
        return self.folder / f"flash_to_ambient_64x48_{file_format}.tflite"


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory):
    """Train the smallest run of a VGG16 generator and return its run directory."""
    return made_once(tmp_path_factory, "training", _train) / "run"


def _train(folder):
    for i in range(2):
        write_pair(folder / "data/train", f"Toys_{i:03}", seed=i)
    write_pair(folder / "data/test", "Rooms_000", seed=2)
    words = f"--data {folder / 'data'} --run-dir {folder / 'run'} --condition reconstruction"
    words += " --width 0.0625 --encoder-weights none --epochs 1 --batch-size 2 --crop-size 32"
    train([*words.split(), "--generator-learning-rate", "1e-3", "--strategy", "single"])


@pytest.fixture(scope="session")
def generator(run_directory):
    """Return the generator of that run."""
    return keras_f2a.load_generator(run_directory)


@pytest.fixture(scope="session")
def exported(run_directory, tmp_path_factory):
    """Export that run once in every format."""

    def make(folder):
        words = f"--model {run_directory} --output {folder / 'files'} --size 64x48"
        words += " --max-megapixels 0.01 --fine-tuning-steps 2 --model-version 3"
        words += f" --formats {' '.join(DEFAULT_FORMATS)}"
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            assert export(words.split()) == 0
        (folder / "printed").write_text(printed.getvalue())

    folder = made_once(tmp_path_factory, "export", make)
    report = json.loads((folder / "files/report.json").read_text())
    return Exported(folder / "files", report, (folder / "printed").read_text())


@pytest.fixture(scope="session")
def model_folder(exported):
    """Return the SavedModel of that export, for photographs of up to 10,000 pixels."""
    return exported.folder / "flash_to_ambient" / "3"


@pytest.fixture(scope="session")
def signatures(model_folder):
    """Return the signatures of that SavedModel."""
    return tf.saved_model.load(model_folder).signatures


@pytest.fixture(scope="module")
def warm_probes():
    """Let a module's exports try their files in forked processes whose imports are done."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras_f2a.export.probe, "subprocess", SimpleNamespace(run=warm.run))
        yield
