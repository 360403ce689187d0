"""Loads a trained network behind a small interface, in LiteRT, ONNX Runtime or Keras."""

import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from keras_f2a.correction.engine import (
    AnyEngine,
    EncodedPhoto,
    Engine,
    LightEngine,
    run_failure,
    validate_flash_share,
    validate_gain,
    validate_output,
)
from keras_f2a.correction.file_engines import file_engine
from keras_f2a.generator_files import generator_file
from keras_f2a.generator_loading import (
    PLACED_LIGHT,
    check_photographs,
    load_network,
    predicts_difference,
    pretrained,
)
from keras_f2a.model_files.card import check_digest, read_card
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.printable import printable

if TYPE_CHECKING:
    import keras

    from keras_f2a.models import PlacedLight

    AnyModel = str | os.PathLike | keras.Model | AnyEngine
    """The path of a network, or the network itself."""

_logger = logging.getLogger(__name__)


def load_engine(model: str | Path, threads: int | None = None) -> AnyEngine:
    """Load a generator or a network for placed light, with the engine for its kind of file.

    A `.tflite` or `.onnx` file runs in this process if it matches its card byte for byte. Without a
    card it runs in its own process, which a damaged file may crash, and a warning is logged.

    Args:
        model: A `.tflite` file (float32 or integer input and output; needs `ai-edge-litert` and
            no TensorFlow), an `.onnx` file with floating-point input and output (needs the extra
            `onnx`), a `.keras` file, a run directory that holds `generator.keras` or
            `placed_light.keras`, the name of a network in the package, or the address of one of
            these files on a hub, `hf://user/repository`.
        threads: How many threads LiteRT or ONNX Runtime computes in; `None` uses one per core.
            Keras uses TensorFlow's own setting.

    Raises:
        InputError: The file is missing, holds no such network, does not match its card or predicts
            differences, or a package is missing.
        WorkError: Out of memory.
    """
    file = generator_file(model)
    if file.suffix in PLAIN_SUFFIXES:
        return _file_engine(file, threads)
    if file.suffix == ".keras":
        return keras_engine(load_network(file), file)
    raise InputError("not a .tflite, .onnx or .keras file or run directory", file=file)


def keras_engine(network: "keras.Model", name: str | Path = "model") -> AnyEngine:
    """Return an engine for a network in memory. Further training changes the engine's results.

    Args:
        network: A generator, a network for placed light, or another image-to-image model.
        name: Its name in error messages.

    Raises:
        InputError: It is none of these, or predicts differences.
    """
    check_photographs(network, name)
    if type(network).__name__ == PLACED_LIGHT:
        return KerasLightEngine(cast("PlacedLight", network))
    return KerasEngine(network, name)


def extract_network(model: Any) -> "keras.Model | None":
    """Return the network that a Keras model corrects with; `None` for any other object.

    For a `FlashToAmbient`, this is its generator, as when its file is loaded.
    """
    keras = sys.modules.get("keras")
    if keras is None or not isinstance(model, keras.Model):
        return None
    # Late: a generator alone needs no training code.
    from keras_f2a.training.base_model import PairModel

    return model.generator if isinstance(model, PairModel) else model


def is_bundled(model: "keras.Model") -> bool:
    """Return whether a model in memory is the package's generator with its original weights."""
    if type(model).__name__ != "LightGenerator":
        return False
    bundled, weights = pretrained().get_weights(), model.get_weights()
    return len(bundled) == len(weights) and all(map(np.array_equal, bundled, weights))


def load_generator_engine(model: str | Path, threads: int | None = None) -> Engine:
    """Load a generator, and refuse a network for placed light; see `load_engine`.

    Raises:
        InputError: It cannot be loaded, or is a network for placed light.
        WorkError: Out of memory.
    """
    engine = load_engine(model, threads)
    if isinstance(engine, LightEngine):
        raise InputError("is a network for placed light, which needs a light", file=model)
    return engine


def _file_engine(file: Path, threads: int | None) -> AnyEngine:
    try:
        card = read_card(file)
    except InputError as error:
        # Late: the package's own models have a card.
        from keras_f2a.correction.guarded_engine import GuardedEngine
        from keras_f2a.correction.guarded_light_engine import GuardedLightEngine

        engine = GuardedEngine(file, threads)
        _logger.warning(
            f"{printable(file)}: has no valid card, so it runs in its own process ({error})"
        )
        return GuardedLightEngine(engine) if engine.takes_lights else engine
    check_digest(file, card)
    return file_engine(file, threads)


class KerasEngine:
    """A generator that Keras runs. Threads may run it in parallel.

    Args:
        generator: A generator, as `keras_f2a.load_generator` returns it.
        path: Its file, or another name for error messages.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: It predicts differences instead of images.
    """

    def __init__(self, generator: "keras.Model", path: str | Path):
        if predicts_difference(generator):
            raise InputError(
                "predicts differences (DeepFlash), so it cannot correct photographs "
                "by itself; choose a generator of another condition",
                file=path,
            )
        self._generator = generator
        self._process_id = os.getpid()
        _, height, width, _ = generator.input_shape
        self.fixed_size = None if height is None or width is None else (height, width)

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        import keras

        _check_process(self._process_id)
        try:
            output = self._generator(keras.ops.convert_to_tensor(image[np.newaxis]), training=False)
        except Exception as error:  # Layers raise various types for a size they cannot take.
            raise run_failure(image, error) from error
        return validate_output(_to_numpy(output[0]), image)


class KerasLightEngine:
    """A network for placed light that Keras runs; see `LightEngine`.

    Threads may run it in parallel.

    Args:
        network: A `keras_f2a.models.PlacedLight`.

    Attributes:
        fixed_size: The only (height, width) that it takes, or `None` if it takes any.
    """

    def __init__(self, network: "PlacedLight"):
        self._encoder, self._decoder = network.encoder(), network.decoder()
        self._process_id = os.getpid()
        _, height, width, _ = network.inputs[0].shape
        self.fixed_size = None if height is None or width is None else (height, width)

    def encode(self, image: np.ndarray) -> EncodedPhoto:
        """See `LightEngine.encode`."""
        outputs = self._run(self._encoder, image[np.newaxis], image)
        features = [np.asarray(tensor) for tensor in outputs["features"]]
        if "flash_share" not in outputs:
            return EncodedPhoto(features)
        return EncodedPhoto(features, validate_flash_share(outputs["flash_share"]))

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `LightEngine.log_gain`."""
        inputs = [*features, light[np.newaxis]]
        return validate_gain(np.asarray(self._run(self._decoder, inputs, features[0][0])))

    def _run(self, model: "keras.Model", inputs, image: np.ndarray):
        """Run the encoder or the decoder. `image` gives the size for the error message."""
        import keras

        _check_process(self._process_id)
        try:
            outputs = model(keras.tree.map_structure(keras.ops.convert_to_tensor, inputs))
        except Exception as error:  # Layers raise various types for a size they cannot take.
            raise run_failure(image, error) from error
        return keras.tree.map_structure(_to_numpy, outputs)


def _to_numpy(tensor: Any) -> np.ndarray:
    import keras

    return keras.ops.convert_to_numpy(keras.ops.cast(tensor, "float32"))


def _check_process(process_id: int) -> None:
    """Check that this process loaded the model."""
    if os.getpid() != process_id:
        raise WorkError(
            "TensorFlow does not run in a forked process; load the model in that process, spawn "
            "processes instead of forking them, or use a .tflite or .onnx model"
        )
