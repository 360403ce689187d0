"""Loads a trained generator behind one small interface, in LiteRT, ONNX Runtime or Keras."""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from keras_f2a.correction.engine import Engine, checked_output, run_failure
from keras_f2a.correction.file_engines import file_engine
from keras_f2a.generator_files import generator_file, load_generator, predicts_difference
from keras_f2a.model_files.card import check_digest, read_card
from keras_f2a.model_files.tflite_names import PLAIN_SUFFIXES
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.printable import printable

if TYPE_CHECKING:
    import keras

_logger = logging.getLogger(__name__)


def load_engine(model: str | Path, threads: int | None = None) -> Engine:
    """Load a generator from a file, choosing the engine by what the path is.

    A `.tflite` or `.onnx` file runs in this process if it is, byte for byte, what its card was
    written for. Without a card it runs in a process of its own, which a damaged file may end, and a
    logged line says so.

    Args:
        model: A `.tflite` file (float32 or integer input and output; needs `ai-edge-litert` and
            no TensorFlow), an `.onnx` file with floating-point input and output (needs the extra
            `onnx`), a `.keras` file, a run directory that holds `generator.keras`, or the address
            of one of these files on a hub, `hf://user/repository`.
        threads: How many threads LiteRT or ONNX Runtime computes in; `None` uses one per core.
            Keras's are TensorFlow's own setting.

    Raises:
        InputError: There is no such file, it is no generator, it is not what its card was written
            for, it predicts differences, or a package is missing.
        WorkError: There is not enough memory for it.
    """
    file = generator_file(model)
    if file.suffix in PLAIN_SUFFIXES:
        return _file_engine(file, threads)
    if file.suffix == ".keras":
        return KerasEngine(load_generator(file), file)
    raise InputError(f"{printable(file)}: not a .tflite, .onnx or .keras file or run directory")


def _file_engine(file: Path, threads: int | None) -> Engine:
    try:
        card = read_card(file)
    except InputError as none:
        # Late: our own model has a card.
        from keras_f2a.correction.guarded_engine import GuardedEngine

        engine = GuardedEngine(file, threads)
        _logger.warning(
            f"{printable(file)}: nothing tells whether it is whole, so it runs apart ({none})"
        )
        return engine
    check_digest(file, card)
    return file_engine(file, threads)


class KerasEngine:
    """A generator that Keras runs. Threads run it side by side.

    Args:
        generator: As `keras_f2a.load_generator` returns it.
        path: Its file, for messages.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: It predicts differences and no images.
    """

    def __init__(self, generator: "keras.Model", path: str | Path):
        if predicts_difference(generator):
            raise InputError(
                f"{printable(path)}: predicts differences (DeepFlash) and corrects no photograph "
                "by itself; choose a generator of another condition"
            )
        self._generator = generator
        self._process = os.getpid()
        _, height, width, _ = generator.input_shape
        self.fixed_size = None if height is None or width is None else (height, width)

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        import keras

        if os.getpid() != self._process:
            raise WorkError(
                "TensorFlow does not run in a process that was forked; load the model there, start "
                "processes by spawning, or use a .tflite or .onnx model"
            )
        try:
            output = self._generator(keras.ops.convert_to_tensor(image[np.newaxis]), training=False)
        except Exception as error:  # A layer may raise any type about a size it cannot take.
            raise run_failure(image, error) from error
        output = keras.ops.cast(output[0], "float32")
        return checked_output(keras.ops.convert_to_numpy(output), image)
