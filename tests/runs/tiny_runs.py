"""The smallest runs there are, and what they leave."""

import csv
import io
import json
import zipfile

import h5py

from keras_f2a.runs import TrainingSettings

LEARNS = {"epochs": 15, "validate_every": 15}
"""Changes of the settings with which a run learns something; validation takes longest."""


QUICK = {"condition": "reconstruction", "generator": "small", "width": 1 / 4}
"""Changes with which a run's network is traced faster, where it does not matter which it is."""


def settings(data, run_dir, **changes):
    """Of a run that takes seconds."""
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
    """Of a run that is traced fastest: `settings` with `QUICK`."""
    return settings(data, run_dir, **(QUICK | changes))


def options_of(wanted):
    """Settings as options of the command."""
    options = []
    for name, value in wanted.as_dict().items():
        if value not in (None, False):
            options += ["--" + name.replace("_", "-"), str(value)]
    return options


def checkpoint(run_dir):
    """Every array in a run's last checkpoint by its name, and the history in it."""
    arrays = {}
    with zipfile.ZipFile(run_dir / "checkpoints" / "last.keras") as archive:
        history = json.loads(archive.read("history.json"))
        with h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            file.visititems(
                lambda name, item: arrays.update({name: item[()]} if hasattr(item, "shape") else {})
            )
    return arrays, history


def history_of(run_dir):
    """The rows of `history.csv`."""
    with (run_dir / "history.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [{name: float(value) for name, value in row.items() if value} for row in rows]
