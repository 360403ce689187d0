"""Makes a method for the tables of a trained generator's file or run directory."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engines import GENERATOR_FILE, Engine, load_engine
from keras_f2a.correction.working_copy import working_copy_of_fixed_size
from keras_f2a.support.errors import InputError
from keras_f2a.support.quiet_tensorflow import import_tensorflow_quietly

Network = Callable[[np.ndarray], np.ndarray]
"""Takes and returns RGB, float32, (height, width, 3)."""


def load_network_method(path: Path) -> Network:
    """Loads a generator and returns the function from a flash image to its result.

    A generator for any size sees the image at its own size. One with a fixed size sees it inside
    its frame (turned if the orientation differs, mirrored at the borders); an image that is larger
    than the frame is shrunk for the network, and the effect is carried back to all its pixels as
    `keras_f2a.correct` does.

    Args:
        path: A run directory, or a `.keras` or `.tflite` file.

    Raises:
        InputError: It is none of these, damaged, or needs a package that is missing.
    """
    if _condition(path) == "deepflash":
        return _load_deepflash(path / GENERATOR_FILE)
    engine = load_engine(path)
    if engine.fixed_size is None:
        return engine.run
    return lambda image: _run_in_frame(engine, image)


def _run_in_frame(engine: Engine, image: np.ndarray) -> np.ndarray:
    copy = working_copy_of_fixed_size(*image.shape[:2], *engine.fixed_size)
    if (copy.height, copy.width) == image.shape[:2]:
        return copy.out_of_frame(engine.run(copy.into_frame(image)))
    return Corrector(engine).correct(image)


def _condition(path: Path) -> str | None:
    """Returns the condition that a run directory was trained under; None for files."""
    try:
        config = json.loads((path / "config.json").read_text(encoding="utf-8"))
        return config["settings"]["condition"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _load_deepflash(path: Path) -> Network:
    """Loads a DeepFlash generator, whose output is a difference in [-1, 1] and no image."""
    import_tensorflow_quietly()
    import keras

    from keras_f2a.training import deepflash

    try:
        model = keras.saving.load_model(path, compile=False)
    except Exception as error:  # Keras raises many types for missing, damaged and foreign files.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise InputError(f"{path}: not a model that Keras can load ({reason[0]})") from error

    def network(image: np.ndarray) -> np.ndarray:
        return keras.ops.convert_to_numpy(model(image[np.newaxis], training=False))[0]

    return lambda image: deepflash.apply(network, image)
