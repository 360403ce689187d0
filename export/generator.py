"""Loads a trained network and builds the graph of it that is exported."""

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
        path: Its `.keras` file.
        model: From float32 RGB in [0, 1], (batch, height, width, 3), to the same; or a
            `PlacedLight`.
        sha256: Digest of the file.
    """

    path: Path
    model: keras.Model
    sha256: str


def load_exportable(path: str | Path) -> Generator:
    """Load a network that can be exported from a run directory or a `.keras` file.

    Raises:
        InputError: There is none, it is damaged, of a fixed size, none of this package's, or
            predicts no image.
        WorkError: There is not enough memory for it.
    """
    file = generator_file(path, kinds="a .keras file", suffixes=(".keras",))
    model = load_network(file)
    if not isinstance(model, GeneratorNetwork | PlacedLight):
        raise InputError(f"{file}: not a generator that keras_f2a built")
    if model.inputs[0].shape[1:3] != (None, None):
        raise InputError(
            f"{file}: takes images of one size only; save the generator with open sides, "
            "input_shape=(None, None, 3)"
        )
    if predicts_difference(model):
        raise InputError(
            f"{file}: predicts differences (DeepFlash) and is not a photograph's correction by "
            "itself; export a generator of another condition"
        )
    return Generator(file, model, hashlib.sha256(file.read_bytes()).hexdigest())


def inference_model(
    generator: keras.Model, size: tuple[int, int] | None = None, batch_size: int | None = None
) -> keras.Model:
    """Copy a generator into the form that is exported: float32, plain operators.

    A channel flip would become an operator that phones' GPUs refuse, so ImageNet's preprocessing
    becomes a convolution of one pixel. A size that is a multiple of the network's stride leaves
    no padding or cropping of the image in the graph.

    Args:
        generator: Functional model that takes images of any size.
        size: (height, width) of its input; `None` leaves both open.
        batch_size: Images in a batch; `None` leaves it open.

    Returns:
        A model with the same weights and the same outputs.
    """
    inputs = keras.Input((*(size or (None, None)), 3), batch_size=batch_size, name="flash")
    copy = keras.models.clone_model(generator, input_tensors=inputs, clone_function=_plain_layer)
    for layer in copy.layers:
        layer.set_weights(exported_weights(generator, layer.name))
    return copy


def exported_weights(generator: keras.Model, name: str) -> list[np.ndarray]:
    """Return the weights that a layer has in the exported form of a generator."""
    layer = generator.get_layer(name)
    return (
        _pixel_convolution(layer)
        if isinstance(layer, ImageNetPreprocessing)
        else (layer.get_weights())
    )


def _plain_layer(layer: keras.layers.Layer) -> keras.layers.Layer:
    if isinstance(layer, ImageNetPreprocessing):
        return keras.layers.Conv2D(3, 1, name=layer.name)
    return type(layer).from_config({**layer.get_config(), "dtype": "float32"})


def _pixel_convolution(layer: ImageNetPreprocessing) -> list[np.ndarray]:
    """Return the kernel and bias of the convolution that does to each pixel what the layer does."""
    primaries = np.eye(3, dtype=np.float32)[None, None]
    black = keras.ops.convert_to_numpy(layer(np.zeros((1, 1, 1, 3), np.float32)))[0, 0, 0]
    kernel = keras.ops.convert_to_numpy(layer(primaries)) - black
    return [np.rint(kernel), black]
