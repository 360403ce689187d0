"""Converts the names and layouts of the authors' PyTorch tensors to those of our weights."""

from collections.abc import Mapping

import keras
import numpy as np


class CheckpointError(ValueError):
    """The tensors are not those of the authors' network. The message names every wrong one."""


def load_generator_tensors(
    generator: keras.Model, tensors: Mapping[str, np.ndarray], source: str = "the checkpoint"
) -> None:
    """Copy tensors with the authors' names and PyTorch's layouts into our generator.

    Args:
        generator: A `VGG16Generator`.
        tensors: Arrays by name, for example `"enc5.conv1_1.weight"` (out, in, height, width).
        source: Name of the tensors' source, for error messages.

    Raises:
        CheckpointError: Tensors are missing or have the wrong shape. The message names all of them.
    """
    values, problems = [], []
    for variable in generator.weights:
        name = authors_name(variable)
        if name not in tensors:
            problems.append(f"{name} is missing")
            continue
        value = to_keras_layout(np.asarray(tensors[name]))
        if value.shape != tuple(variable.shape):
            problems.append(f"{name} has shape {tuple(np.shape(tensors[name]))}")
        values.append(value)
    if problems:
        raise CheckpointError(
            f"{source}: not a checkpoint of the authors' network: {'; '.join(problems)}"
        )
    generator.set_weights(values)


def authors_name(variable: keras.Variable) -> str:
    """Return the authors' name for a variable of our generator.

    For example `"dec5.unconv4.weight"` for the kernel of `up4_deconv`.
    """
    layer = variable.path.split("/")[-2]
    suffix = {"kernel": "weight", "bias": "bias"}[variable.name]
    if layer == "output_conv":
        return f"dec5.convToCh.{suffix}"
    block, part = layer.split("_")
    if block.startswith("block"):
        return f"enc5.conv{block[-1]}_{part[-1]}.{suffix}"
    if part == "deconv":
        return f"dec5.unconv{block[-1]}.{suffix}"
    # The authors number convolutions and activations in one sequence.
    return f"dec5.conv_block{block[-1]}.{2 * (int(part[-1]) - 1)}.{suffix}"


def to_keras_layout(tensor: np.ndarray) -> np.ndarray:
    """Convert a kernel from PyTorch's layout to Keras's, and return other tensors unchanged.

    (out, in, height, width) becomes (height, width, in, out). The same permutation turns a
    transposed convolution's (in, out, height, width) into (height, width, out, in).
    """
    return tensor.transpose(2, 3, 1, 0) if tensor.ndim == 4 else tensor
