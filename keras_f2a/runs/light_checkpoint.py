"""Saves a training run for placed light after each epoch, and restores it."""

import csv
import io
import json
import logging
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.progress import duration

_logger = logging.getLogger(__name__)
CHECKPOINT = "checkpoint.keras"
_HISTORY = "history.json"
Row = dict[str, float]
"""`epoch`, the losses, and the scores if the epoch has any."""


def restore(model: keras.Model, folder: Path) -> list[Row]:
    """Load a run's checkpoint into a compiled model with the same settings.

    Args:
        model: The model.
        folder: The run directory.

    Returns:
        A row for each finished epoch, or none if there is no checkpoint.

    Raises:
        InputError: The file is damaged or belongs to another model.
    """
    path = folder / CHECKPOINT
    if not path.is_file():
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            rows = [dict(row) for row in json.loads(archive.read(_HISTORY))]
        # The optimizer's variables are restored only if they already exist.
        model.optimizer.build(model.trainable_variables)
        model.load_weights(path)
    except (OSError, KeyError, ValueError, TypeError, RecursionError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path}: not a checkpoint of this run; choose another `run_dir`"
        ) from error
    return rows


class LightRunKeeper(keras.callbacks.Callback):
    """Scores the network, writes the checkpoint and the history, and logs a line.

    Args:
        folder: The folder to write to.
        history: The rows of the earlier epochs, to which new ones are appended.
        epochs: Total number of epochs in the run.
        validate_every: Number of epochs between scores.
        score: Function that returns the scores.
    """

    def __init__(
        self,
        folder: Path,
        history: list[Row],
        *,
        epochs: int,
        validate_every: int,
        score: Callable[[], dict[str, float]],
    ):
        super().__init__()
        self.folder = folder
        self.history = history
        self.epochs = epochs
        self.validate_every = validate_every
        self.score = score

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self._start_time, self._first_epoch = time.monotonic(), len(self.history)

    def on_epoch_end(self, epoch, logs=None):
        """Save the epoch, or raise a `WorkError` if its loss is not finite."""
        losses = {name: float(value) for name, value in (logs or {}).items()}
        if not np.isfinite(losses["loss"]):
            raise WorkError(
                f"{self.folder}: the loss became NaN or infinite in epoch {epoch + 1}, and that "
                "epoch was discarded; choose a lower `learning_rate` and another `run_dir`"
            )
        row: Row = {"epoch": epoch + 1, **losses}
        if (epoch + 1) % self.validate_every == 0:
            row |= self.score()
        self.history.append(row)
        with named_file(self.folder / CHECKPOINT) as temporary:
            self.model.save(temporary)
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.writestr(_HISTORY, json.dumps(self.history))
        with named_file(self.folder / "history.csv") as temporary:
            temporary.write_text(_format_csv(self.history), encoding="utf-8", newline="")
        _logger.info(self._format_line(row))

    def _format_line(self, row: Row) -> str:
        epochs_done = len(self.history) - self._first_epoch
        seconds_per_epoch = (time.monotonic() - self._start_time) / epochs_done
        remaining = duration(seconds_per_epoch * (self.epochs - len(self.history)))
        formats = {
            "loss": "loss {:.4f}",
            "gain_db": "unseen {:+.2f} dB",
            "sides": "sides {:.0%}",
            "flash": "flash seen {:.0%}",
        }
        texts = [text.format(row[name]) for name, text in formats.items() if name in row]
        return f"epoch {len(self.history)}/{self.epochs}  {'  '.join(texts)}  {remaining} left"


def _format_csv(rows: list[Row]) -> str:
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
