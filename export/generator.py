"""Loads a trained network and builds its inference graph for export."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from keras_f2a.generator_files import generator_file
from keras_f2a.generator_loading import load_network, predicts_difference
from keras_f2a.models import Generator as GeneratorNetwork
from keras_f2a.models import PlacedLight
from keras_f2a.models.image_layers import ImageNetPreprocessing
from keras_f2a.support.errors import InputError


@dataclass(frozen=True)
class Generator:
    """A trained generator, or a network for placed light.

    Attributes:
        path: The `.keras` file.
        model: A model that takes and returns float32 RGB in [0, 1], (batch, height, width, 3), or
            a `PlacedLight`.
        sha256: Digest of the file.
    """

    path: Path
    model: keras.Model
    sha256: str


def load_exportable(path: str | Path) -> Generator:
    """Load an exportable network from a run directory or a `.keras` file.

    Raises:
        InputError: There is no network, or it is damaged, has a fixed size, was not built by this
            package, or does not predict an image.
        WorkError: There is not enough memory.
    """
    file = generator_file(path, kinds="a .keras file", suffixes=(".keras",))
    model = load_network(file)
    if not isinstance(model, GeneratorNetwork | PlacedLight):
        raise InputError(f"{file}: not a generator that keras_f2a built")
    if model.inputs[0].shape[1:3] != (None, None):
        raise InputError(
            f"{file}: accepts images of only one size; save the generator with variable sides, "
            "input_shape=(None, None, 3)"
        )
    if predicts_difference(model):
        raise InputError(
            f"{file}: predicts differences (DeepFlash), so it cannot correct photographs by "
            "itself; export a generator of another condition"
        )
    return Generator(file, model, hashlib.sha256(file.read_bytes()).hexdigest())


def inference_model(
    generator: keras.Model, size: tuple[int, int] | None = None, batch_size: int | None = None
) -> keras.Model:
    """Copy a generator into its exported form: float32, with plain operators.

    The ImageNet preprocessing becomes a 1×1 convolution, because phone GPUs do not support the
    operator for a channel flip. If the size is a multiple of the network's stride, the graph does
    not pad or crop the image.

    Args:
        generator: Functional model for images of any size.
        size: (height, width) of the input, or `None` for any size.
        batch_size: Number of images in a batch, or `None` for any number.

    Returns:
        A model with the same weights and the same outputs.
    """
    inputs = keras.Input((*(size or (None, None)), 3), batch_size=batch_size, name="flash")
    copy = keras.models.clone_model(generator, input_tensors=inputs, clone_function=_plain_layer)
    for layer in copy.layers:
        layer.set_weights(exported_weights(generator, layer.name))
    return copy


def exported_weights(generator: keras.Model, name: str) -> list[np.ndarray]:
    """Return the weights of a layer in the exported form of a generator."""
    layer = generator.get_layer(name)
    if isinstance(layer, ImageNetPreprocessing):
        return _pixel_convolution(layer)
    return layer.get_weights()


def _plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    if isinstance(layer, ImageNetPreprocessing):
        return keras.layers.Conv2D(3, 1, name=layer.name)
    return type(layer).from_config({**layer.get_config(), "dtype": "float32"})


def _pixel_convolution(layer: ImageNetPreprocessing) -> list[np.ndarray]:
    """Return the kernel and bias of the 1×1 convolution that is equivalent to the layer."""
    primaries = np.eye(3, dtype=np.float32)[None, None]
    black = keras.ops.convert_to_numpy(layer(np.zeros((1, 1, 1, 3), np.float32)))[0, 0, 0]
    kernel = keras.ops.convert_to_numpy(layer(primaries)) - black
    return [np.rint(kernel), black]
