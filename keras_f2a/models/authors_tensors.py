"""The names and layouts of the authors' PyTorch tensors, and how they become our weights."""

from collections.abc import Mapping

import keras
import numpy as np


class CheckpointError(ValueError):
    """Tensors are not those of the authors' network; the message names all that are wrong."""


def load_generator_tensors(
    generator: keras.Model, tensors: Mapping[str, np.ndarray], source: str = "the checkpoint"
) -> None:
    """Copy tensors with the authors' names and PyTorch's layouts into our generator.

    Args:
        generator: A `VGG16Generator`.
        tensors: Arrays by name, for example `"enc5.conv1_1.weight"` (out, in, height, width).
        source: What an error message calls the tensors.

    Raises:
        CheckpointError: Tensors are missing or misshaped; all of them are named.
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
    # The authors count convolutions and activations alike.
    return f"dec5.conv_block{block[-1]}.{2 * (int(part[-1]) - 1)}.{suffix}"


def to_keras_layout(tensor: np.ndarray) -> np.ndarray:
    """Return a kernel from PyTorch's layout to Keras's; other tensors unchanged.

    (out, in, height, width) becomes (height, width, in, out), and a transposed convolution's
    (in, out, height, width) becomes (height, width, out, in): the same permutation.
    """
    return tensor.transpose(2, 3, 1, 0) if tensor.ndim == 4 else tensor
