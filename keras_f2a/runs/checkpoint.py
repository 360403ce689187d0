"""Saves and restores the full state of a training run, or its generator alone."""

import json
import math
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from keras_f2a.generator_loading import load_generator
from keras_f2a.models.network import Network
from keras_f2a.runs.run_directory import Row, RunDirectory
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.base_model import PairModel
from keras_f2a.training.optimizers import unscaled

_HISTORY = "history.json"


def save_checkpoint(model: PairModel, history: list[Row], path: Path) -> None:
    """Write the model with its optimizers and statistics, and the history of its epochs.

    The file is Keras's own archive with one more member, so `keras.saving.load_model` can also read
    it. Keras builds an archive in memory. So a full disk is an ordinary `OSError`, whereas a file
    that HDF5 has open would end the process.

    Args:
        model: The compiled model.
        history: One row for the untrained model, then one for each finished epoch.
        path: A `.keras` file.
    """
    model.save(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(_HISTORY, json.dumps(history))


def restore_checkpoint(model: PairModel, directory: RunDirectory) -> list[Row]:
    """Load a run's last checkpoint into a compiled model with the same settings.

    Args:
        model: The model.
        directory: The run directory.

    Returns:
        The history, empty if there is no checkpoint.

    Raises:
        InputError: The disk is too small for the next checkpoints, or the file is damaged or
            belongs to another model.
    """
    variables = list(model.weights)
    for optimizer in (model.optimizer, getattr(model, "discriminator_optimizer", None)):
        if optimizer is not None:
            variables += optimizer.variables
    # Two checkpoints, the current and the next, and three files of the generator alone.
    needed_bytes = 2 * _stored_bytes(variables) + 3 * _stored_bytes(model.generator.weights)
    directory.check_space(needed_bytes)
    path = directory.last_checkpoint
    if not path.is_file():
        return []
    try:
        with zipfile.ZipFile(path) as archive:
            history = json.loads(archive.read(_HISTORY))
        model.load_weights(path)
    except (OSError, KeyError, ValueError, RecursionError, zipfile.BadZipFile) as error:
        raise InputError(
            f"{path}: not a checkpoint of this run; choose another `run_dir`"
        ) from error
    return history


def _stored_bytes(variables: Iterable[keras.Variable]) -> int:
    """Return how many bytes a file needs for variables, which it stores in their own dtype."""
    return sum(
        math.prod(variable.shape) * tf.as_dtype(variable.dtype).size for variable in variables
    )


@contextmanager
def averaged_weights(model: PairModel) -> Iterator[None]:
    """Set the generator's weights to their moving average in the block, if the run keeps one."""
    optimizer = unscaled(model.optimizer)
    if not optimizer.use_ema:
        yield
        return
    variables = model.generator.trainable_variables
    trained = [variable.numpy() for variable in variables]
    optimizer.finalize_variable_values(variables)
    try:
        yield
    finally:
        for variable, value in zip(variables, trained, strict=True):
            variable.assign(value)


@contextmanager
def final_weights(model: PairModel, directory: RunDirectory, final: str) -> Iterator[None]:
    """Set the generator's weights in the block to those that the run should leave.

    Args:
        model: The trained model.
        directory: The run directory.
        final: `"last"`, averaged if the run keeps an average, or `"best"`.

    Raises:
        WorkError: `final` is `"best"`, and the best generator is missing or damaged.
    """
    if final == "last":
        with averaged_weights(model):
            yield
        return
    generator = model.generator
    trained = generator.get_weights()
    generator.set_weights(_load_best_weights(directory))
    try:
        yield
    finally:
        generator.set_weights(trained)


def _load_best_weights(directory: RunDirectory) -> list[np.ndarray]:
    best = directory.best_generator
    try:
        if directory.digests.is_changed(best):
            raise ValueError("changed since it was written")
        return load_generator(best).get_weights()
    except (OSError, ValueError) as error:
        problem = "damaged" if best.is_file() else "missing, because no epoch had a validation PSNR"
        raise WorkError(
            f"{best}: {problem}; training is done and its last checkpoint is kept, so repeat the "
            "call with `final=last` to keep the last epoch's generator"
        ) from error


def save_generator(model: PairModel, path: Path) -> None:
    """Write the generator to a `.keras` file.

    A float64 generator stays float64. Any other is written in float32, also after training in mixed
    precision.
    """
    generator = model.generator
    if generator.dtype_policy.name not in ("float32", "float64"):
        generator = float32_copy(generator)
    generator.save(path)


def float32_copy(generator: Network) -> Network:
    """Return a generator with the same weights whose layers all compute in float32.

    A generator that is saved from a mixed-precision run would compute in bfloat16 or float16
    wherever it is loaded. The copy does not.
    """
    copy = type(generator).from_config({**generator.get_config(), "dtype": "float32"})
    copy.set_weights(generator.get_weights())
    return copy
