"""Reads the authors' PyTorch checkpoint as a generator of this project."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file
from keras_f2a.support.printable import printable
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

if TYPE_CHECKING:
    import keras
    import torch


def convert_checkpoint(path: str | Path) -> "keras.Model":
    """Reads a generator's state dictionary (`.pth`) into a `VGG16Generator`.

    Needs PyTorch (`pip install 'keras_f2a[pytorch]'`); the file is read with `weights_only=True`,
    so that it cannot run code.

    Args:
        path: The checkpoint, for example the authors' `model-1000.pth`.

    Returns:
        A generator that takes RGB in [0, 1] without ImageNet's preprocessing, like theirs.

    Raises:
        InputError: PyTorch is missing, the file is no state dictionary, or tensors are missing or
            misshaped.
    """
    tensors = _read_tensors(Path(path))
    import_tensorflow_quietly()
    from keras_f2a.models import VGG16Generator
    from keras_f2a.models.authors_tensors import CheckpointError, load_generator_tensors

    generator = VGG16Generator(encoder_weights=None, preprocessing="none", freeze_encoder=True)
    try:
        load_generator_tensors(generator, tensors, source=printable(path))
    except CheckpointError as error:
        raise InputError(str(error)) from error
    return generator


def _read_tensors(path: Path) -> dict[str, np.ndarray]:
    try:
        import torch
    except ImportError as error:
        raise InputError(
            "reading a PyTorch checkpoint needs PyTorch: pip install 'keras_f2a[pytorch]'"
        ) from error
    check_file(path)
    name = printable(path)
    try:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # PyTorch raises many kinds for what is not its file.
        raise InputError(f"{name}: not a PyTorch checkpoint ({type(error).__name__})") from error
    if not isinstance(tensors, Mapping) or not all(map(torch.is_tensor, tensors.values())):
        raise InputError(f"{name}: holds no state dictionary of tensors")
    try:
        return {str(key): to_float32(tensor) for key, tensor in tensors.items()}
    except Exception as error:  # Of kinds that have no numbers, or no dense ones.
        reason = one_line(error)
        raise InputError(f"{name}: holds a tensor that cannot be read ({reason})") from error


def to_float32(tensor: "torch.Tensor") -> np.ndarray:
    """A PyTorch tensor's values, whether it is trained, quantized, sparse or of 16 bits."""
    tensor = tensor.detach()
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    return tensor.to_dense().float().numpy()
