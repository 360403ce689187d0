"""The smallest possible runs, and readers of the files that they write."""

import csv
import io
import json
import zipfile

import h5py

from keras_f2a.runs import TrainingSettings

LEARNS = {"epochs": 15, "validate_every": 15}
"""Changed settings with which a run learns something. Validation would take most of the time."""


QUICK = {"condition": "reconstruction", "generator": "small", "width": 1 / 4}
"""Changed settings that trace faster, for tests that work with any network."""


def settings(data, run_dir, **changes):
    """Return the settings of a run that takes seconds."""
    tiny = {
        "condition": "unet",
        "epochs": 2,
        "batch_size": 2,
        "crop_size": 32,
        "width": 1 / 16,
        "encoder_weights": "none",
        "generator_learning_rate": 1e-3,
    }
    return TrainingSettings(run_dir=str(run_dir), data=str(data), **(tiny | changes))


def quick_settings(data, run_dir, **changes):
    """Return `settings` with `QUICK`, which traces fastest."""
    return settings(data, run_dir, **(QUICK | changes))


def options_of(wanted):
    """Return settings as command-line options."""
    options = []
    for name, value in wanted.as_dict().items():
        if value not in (None, False):
            options += ["--" + name.replace("_", "-"), str(value)]
    return options


def checkpoint(run_dir):
    """Return every array in a run's last checkpoint by name, and the checkpoint's history."""
    arrays = {}
    with zipfile.ZipFile(run_dir / "checkpoints" / "last.keras") as archive:
        history = json.loads(archive.read("history.json"))
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visititems(
                lambda name, item: arrays.update({name: item[()]} if hasattr(item, "shape") else {})
            )
    return arrays, history


def history_of(run_dir):
    """Return the rows of `history.csv`."""
    with (run_dir / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: float(value) for name, value in row.items() if value} for row in rows]
