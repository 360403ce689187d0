"""Loads trained networks as methods that keep the size of an image."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from keras_f2a.correction.corrector import Corrector
from keras_f2a.correction.engine import Engine
from keras_f2a.correction.engines import KerasEngine, load_generator_engine
from keras_f2a.correction.working_copy import working_copy_of_fixed_size
from keras_f2a.generator_files import generator_file
from keras_f2a.generator_loading import load_generator, predicts_difference
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES

ImageFunction = Callable[[np.ndarray], np.ndarray]
"""A function that takes and returns RGB in [0, 1], float32, (height, width, 3)."""


def load_network(path: Path) -> tuple[str, ImageFunction]:
    """Load a trained generator as a function that keeps each image's size.

    A generator for any size gets the image at its own size. A generator with a fixed size gets it
    inside its frame, rotated if the orientation differs and padded by mirroring at the borders. An
    image that is larger than the frame is downsampled first. The effect is then transferred to the
    full resolution, as in `keras-f2a correct`.

    Args:
        path: A run directory, or a `.keras`, `.tflite` or `.onnx` file.

    Returns:
        A label and the function. The label is the run directory's name or the file's name without
        its extension. The function takes and returns RGB in [0, 1], float32, (height, width, 3).

    Raises:
        InputError: There is no generator, or it cannot be loaded.
    """
    label = path.stem if path.is_file() else path.resolve().name
    file = generator_file(path)
    if file.suffix in PLAIN_SUFFIXES:
        return label, _run_engine(load_generator_engine(file))
    generator = load_generator(file)
    if predicts_difference(generator):
        return label, _run_deepflash(generator)
    return label, _run_engine(KerasEngine(generator, file))


def _run_engine(engine: Engine) -> ImageFunction:
    def run(image: np.ndarray) -> np.ndarray:
        if engine.fixed_size is None:
            return engine.run(image)
        frame_height, frame_width = engine.fixed_size
        copy = working_copy_of_fixed_size(
            *image.shape[:2], frame_height=frame_height, frame_width=frame_width
        )
        if (copy.height, copy.width) == image.shape[:2]:
            return copy.out_of_frame(engine.run(copy.into_frame(image)))
        return Corrector(engine).correct(image)

    return run


def _run_deepflash(generator) -> ImageFunction:
    import keras

    from keras_f2a.training import deepflash

    def network(image: np.ndarray) -> np.ndarray:
        return keras.ops.convert_to_numpy(generator(image[np.newaxis], training=False))[0]

    return lambda image: deepflash.apply(network, image)
