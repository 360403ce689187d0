import contextlib
import io
import json
from pathlib import Path
from typing import NamedTuple

import pytest
import tensorflow as tf
from keras_f2a.export.__main__ import main as export
from keras_f2a.export.settings import DEFAULT_FORMATS

import keras_f2a
from keras_f2a.train import main as train
from tests.conftest import write_pair


class Exported(NamedTuple):
    """What `python -m export` left: its folder, its report, and what it printed."""

    folder: Path
    report: dict
    printed: str

    def file(self, file_format):
        """The `.tflite` file of a format; its card lies beside it."""
        return self.folder / f"flash_to_ambient_64x48_{file_format}.tflite"


@pytest.fixture(scope="session")
def run_directory(tmp_path_factory):
    """The smallest run of a VGG16 generator, as `python -m keras_f2a.train` leaves it."""
    folder = tmp_path_factory.mktemp("training")
    for i in range(2):
        write_pair(folder / "data/train", f"Toys_{i:03}", seed=i)
    write_pair(folder / "data/test", "Rooms_000", seed=2)
    words = f"--data {folder / 'data'} --run-dir {folder / 'run'} --condition reconstruction"
    words += " --width 0.0625 --encoder-weights none --epochs 1 --batch-size 2 --crop-size 32"
    train([*words.split(), "--generator-learning-rate", "1e-3", "--strategy", "single"])
    return folder / "run"


@pytest.fixture(scope="session")
def generator(run_directory):
    """The generator of that run."""
    return keras_f2a.load_generator(run_directory)


@pytest.fixture(scope="session")
def exported(run_directory, tmp_path_factory):
    """One export of that run in every format."""
    folder = tmp_path_factory.mktemp("export")
    words = f"--model {run_directory} --output {folder} --size 64x48 --max-megapixels 0.01"
    words += f" --fine-tuning-steps 2 --model-version 3 --formats {' '.join(DEFAULT_FORMATS)}"
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        assert export(words.split()) == 0
    report = json.loads((folder / "report.json").read_text())
    return Exported(folder, report, printed.getvalue())


@pytest.fixture(scope="session")
def model_folder(exported):
    """The SavedModel of that export, for photographs of up to 10,000 pixels."""
    return exported.folder / "flash_to_ambient" / "3"


@pytest.fixture(scope="session")
def signatures(model_folder):
    """The signatures of that SavedModel."""
    return tf.saved_model.load(model_folder).signatures
