"""Saves and restores the whole state of a training run, and its generator alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py

from keras_f2a.models.network import Network
from keras_f2a.support.atomic_file import atomic_path
from keras_f2a.support.errors import InputError
from keras_f2a.training.flash_to_ambient import FlashToAmbient


def save_checkpoint(model: FlashToAmbient, epoch: int, path: Path) -> None:
    """Writes weights, optimizers and statistics after `epoch` finished epochs."""
    with atomic_path(path) as temporary:
        model.save_weights(temporary)
        with h5py.File(temporary, "a") as file:
            file.attrs["epoch"] = epoch


def restore_checkpoint(model: FlashToAmbient, path: Path) -> int:
    """Reads what `save_checkpoint` wrote into a compiled model of the same settings.

    Returns:
        The number of finished epochs; 0 if there is no checkpoint.

    Raises:
        InputError: The file is damaged or of another model.
    """
    if not path.is_file():
        return 0
    try:
        with h5py.File(path) as file:
            epoch = int(file.attrs["epoch"])
        model.load_weights(path)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(
            f"{path}: not a checkpoint of this run; remove the run directory or choose another one"
        ) from error
    return epoch


def checkpoint_bytes(model: FlashToAmbient) -> int:
    """The size of a checkpoint, but for a few kilobytes of structure."""
    optimizers = (model.optimizer, model.discriminator_optimizer)
    variables = [*model.weights, *(v for o in optimizers if o is not None for v in o.variables)]
    return sum(4 * variable.numpy().size for variable in variables)


@contextmanager
def averaged_weights(model: FlashToAmbient) -> Iterator[None]:
    """Inside the block the generator has its moving average, if the run keeps one."""
    optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
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


def save_generator(model: FlashToAmbient, path: Path) -> None:
    """Writes the generator to a `.keras` file, in float32 whatever it was trained in."""
    copy = float32_copy(model.generator)
    with atomic_path(path) as temporary:
        copy.save(temporary)


def float32_copy(generator: Network) -> Network:
    """A generator of the same weights whose layers all compute in float32.

    A file saved from a mixed-precision run would compute in bfloat16 or float16 wherever it is
    loaded; the copy does not.
    """
    copy = type(generator).from_config({**generator.get_config(), "dtype": "float32"})
    copy.set_weights(generator.get_weights())
    return copy
