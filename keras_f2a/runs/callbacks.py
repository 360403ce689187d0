"""Callbacks for each epoch: checkpoints, history, sample pictures and progress."""

import logging
import time
from contextlib import ExitStack

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.runs.checkpoint import averaged_weights, save_checkpoint, save_generator
from keras_f2a.runs.comparison import drop_alias
from keras_f2a.runs.run_directory import Row, RunDirectory
from keras_f2a.runs.sample_picture import sample_picture
from keras_f2a.support.errors import WorkError
from keras_f2a.support.progress import duration, progress_bar
from keras_f2a.training.losses import LOSSES
from keras_f2a.training.metrics import SCORES

_logger = logging.getLogger(__name__)


class ValidateAveragedWeights(keras.callbacks.Callback):
    """Validates the moving average of the generator's weights instead of the weights themselves.

    `keras.callbacks.SwapEMAWeights` swaps by adding and subtracting. That rounds, so training would
    continue from slightly different weights.
    """

    def on_test_begin(self, logs=None):
        self._averaging = ExitStack()
        self._averaging.enter_context(averaged_weights(self.model))

    def on_test_end(self, logs=None):
        self._averaging.close()


class RunKeeper(keras.callbacks.Callback):
    """Writes the history, the best generator and, last, the checkpoint of each epoch.

    The checkpoint holds weights, optimizers, statistics and the history. A run that is killed
    between two of these files resumes from the checkpoint and writes the others again.

    Args:
        run: The run directory to write to.
        history: The rows of the earlier epochs, to which new ones are appended.
    """

    def __init__(self, run: RunDirectory, history: list[Row]):
        super().__init__()
        self.run = run
        self.history = history

    def on_epoch_end(self, epoch, logs=None):
        self._check_losses(epoch + 1, logs)
        trained = [row for row in self.history if row["epoch"] > 0]
        best = max((row.get("val_psnr", -np.inf) for row in trained), default=-np.inf)
        values = {name: float(value) for name, value in drop_alias(logs).items()}
        self.history.append({"epoch": epoch + 1, **values})
        self.run.write_history(self.history)
        if logs.get("val_psnr", -np.inf) > best:
            best_generator = self.run.replacing(self.run.best_generator)
            with averaged_weights(self.model), best_generator as temporary:
                save_generator(self.model, temporary)
        with self.run.replacing(self.run.last_checkpoint) as temporary:
            save_checkpoint(self.model, self.history, temporary)

    def _check_losses(self, epoch, logs):
        """Raise a `WorkError`, before anything is saved, if a loss is not finite."""
        names = (*LOSSES, "generator", "discriminator")
        non_finite = [name for name in names if not np.isfinite(logs.get(name, 0.0))]
        if non_finite:
            raise WorkError(
                f"{self.run.path}: the {non_finite[0]} loss became NaN or infinite in epoch "
                f"{epoch}, and that epoch was discarded; choose lower learning rates and another "
                "`run_dir`"
            )


class SampleGrids(keras.callbacks.Callback):
    """Writes pictures of a few scenes to TensorBoard whenever the run validates.

    Args:
        run: The run directory to write to.
        samples: Batches (flash, ambient), each for one row of the picture.
    """

    def __init__(self, run: RunDirectory, samples: tf.data.Dataset):
        super().__init__()
        self.samples = samples
        self._writer = tf.summary.create_file_writer(str(run.tensorboard / "samples"))

    def on_epoch_end(self, epoch, logs=None):
        if "val_psnr" not in logs:
            return
        with averaged_weights(self.model):
            grid = sample_picture(self.model, self.samples)
        with self._writer.as_default(epoch + 1):
            tf.summary.image("samples", np.asarray(grid)[None])
        self._writer.flush()


class Progress(keras.callbacks.Callback):
    """Logs a line per epoch with losses, speed and time left, and shows a bar on a terminal.

    Args:
        epochs: Number of the last epoch.
        steps: Steps per epoch.
        batch_size: Images per step.
    """

    def __init__(self, epochs: int, steps: int, batch_size: int):
        super().__init__()
        self.epochs = epochs
        self.steps = steps
        self.batch_size = batch_size

    def on_train_begin(self, logs=None):
        self._begin = time.monotonic()
        self._epochs_done = 0

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch_begin = time.monotonic()
        self._bar = progress_bar(self.steps, "step", leave=False)

    def on_train_batch_end(self, batch, logs=None):
        if not self._bar.disable:
            self._bar.set_postfix(reconstruction=float(logs["reconstruction"]), refresh=False)
        self._bar.update()

    def on_epoch_end(self, epoch, logs=None):
        self._bar.close()
        now = time.monotonic()
        self._epochs_done += 1
        seconds_per_epoch = (now - self._begin) / self._epochs_done
        seconds_per_image = (now - self._epoch_begin) / (self.steps * self.batch_size)
        values = "  ".join(
            f"{name} {float(logs[name]):.{digits}f}"
            for name, digits in _displayed_digits().items()
            if name in logs
        )
        remaining = duration(seconds_per_epoch * (self.epochs - epoch - 1))
        _logger.info(
            f"epoch {epoch + 1}/{self.epochs}  {values}  {seconds_per_image:.3f} s/image  "
            f"{remaining} left"
        )


def _displayed_digits() -> dict[str, int]:
    """Return the names of the values in a progress line, with their decimal places."""
    losses = {loss.name: loss.digits for loss in LOSSES.values()}
    best = SCORES["psnr"]  # which selects the best generator
    scores = {f"val_{score.name}": score.digits for score in SCORES.values()}
    return {**losses, "discriminator": 4, **scores, f"val_{best.name}_gain": best.digits}
