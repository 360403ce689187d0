"""Reads the authors' PyTorch checkpoint as a generator of this project."""

from pathlib import Path
from typing import TYPE_CHECKING

from keras_f2a.model_files.pytorch_file import PyTorchFileError, read_state_dictionary
from keras_f2a.support.errors import InputError
from keras_f2a.support.input_files import check_file
from keras_f2a.support.printable import printable
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras


def convert_checkpoint(path: str | Path) -> "keras.Model":
    """Read a generator's state dictionary (`.pth`) into a `VGG16Generator`.

    PyTorch is not needed, and the file cannot run code; see `keras_f2a.model_files.pytorch_file`.

    Args:
        path: The checkpoint, for example the authors' `model-1000.pth`.

    Returns:
        A generator that takes RGB in [0, 1] without ImageNet preprocessing, like the authors' own.

    Raises:
        InputError: The file is not a state dictionary, or tensors are missing or have the wrong
            shape.
    """
    import_tensorflow_quietly()
    path = Path(path)
    check_file(path)
    try:
        tensors = read_state_dictionary(path)
    except PyTorchFileError as error:
        raise InputError(f"{error}", file=path) from error
    from keras_f2a.models import VGG16Generator
    from keras_f2a.models.authors_tensors import CheckpointError, load_generator_tensors

    generator = VGG16Generator(encoder_weights=None, preprocessing="none", freeze_encoder=True)
    try:
        load_generator_tensors(generator, tensors, source=printable(path))
    except CheckpointError as error:
        raise InputError(str(error)) from error
    return generator
