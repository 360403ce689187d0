"""Loads a trained generator and builds the graph of it that is exported."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from keras_f2a.correction.engines import GENERATOR_FILE
from keras_f2a.models.image_layers import ImageNetPreprocessing
from keras_f2a.support.errors import InputError


@dataclass(frozen=True)
class Generator:
    """A trained generator.

    Attributes:
        path: Its `.keras` file.
        model: From float32 RGB in [0, 1], (batch, height, width, 3), to the same.
        sha256: Digest of the file.
    """

    path: Path
    model: keras.Model
    sha256: str


def load_generator(path: str | Path) -> Generator:
    """Loads a generator from a run directory or a `.keras` file.

    Raises:
        InputError: There is none, it is damaged, of a fixed size, or predicts no image.
    """
    file = Path(path) / GENERATOR_FILE if Path(path).is_dir() else Path(path)
    if not file.is_file():
        raise InputError(
            f"--model {path}: no trained generator; name a run directory with {GENERATOR_FILE} in "
            "it or a .keras file"
        )
    try:
        model = keras.saving.load_model(file, compile=False)
    except Exception as error:  # Keras raises many types for damaged and foreign files.
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(f"--model {file}: not a model that Keras can load ({reason})") from error
    _check(model, file)
    return Generator(file, model, hashlib.sha256(file.read_bytes()).hexdigest())


def inference_model(
    generator: keras.Model, size: tuple[int, int] | None = None, batch_size: int | None = None
) -> keras.Model:
    """Copies a generator into the form that is exported: float32, plain operators.

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
    """Returns the weights that a layer has in the exported form of a generator."""
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
    """Kernel and bias of the convolution that does to each pixel what the layer does."""
    primaries = np.eye(3, dtype=np.float32)[None, None]
    black = keras.ops.convert_to_numpy(layer(np.zeros((1, 1, 1, 3), np.float32)))[0, 0, 0]
    kernel = keras.ops.convert_to_numpy(layer(primaries)) - black
    return [np.rint(kernel), black]


def _check(model: keras.Model, file: Path) -> None:
    shape = getattr(model, "input_shape", None)
    if not isinstance(shape, tuple) or len(shape) != 4 or shape[-1] != 3:
        raise InputError(f"--model {file}: not a generator: it must take (batch, height, width, 3)")
    if shape[1:3] != (None, None):
        raise InputError(
            f"--model {file}: takes images of one size only; save the generator with open sides, "
            "input_shape=(None, None, 3)"
        )
    names = {layer.name for layer in model.layers}
    if model.output_shape[-1] != 3 or not {"pad", "ambient", "crop"} <= names:
        raise InputError(f"--model {file}: not a generator that keras_f2a built")
    if model.get_layer("ambient").get_config().get("activation") == "tanh":
        raise InputError(
            f"--model {file}: predicts differences (DeepFlash) and is no photograph's correction "
            "by itself; export a generator of another condition"
        )
