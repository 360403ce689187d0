"""Runs a `.tflite` generator in LiteRT, in this process and without TensorFlow."""

from pathlib import Path

import numpy as np

from keras_f2a.correction.engine import run_failure, validate_output
from keras_f2a.correction.litert_file import LiteRTFile, shape_of
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable


class LiteRTEngine:
    """A generator that LiteRT runs without TensorFlow, with floating-point or integer images.

    Integers are converted with the scale and zero point that the file declares. Threads that share
    the engine take turns; see `LiteRTFile`.

    Args:
        file: The `.tflite` file, or its path.
        threads: How many threads it computes in; `None` uses one per core.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged or holds another kind of model, or LiteRT is missing.
        WorkError: Out of memory.
    """

    def __init__(self, file: LiteRTFile | Path, threads: int | None = None):
        self._file = file if isinstance(file, LiteRTFile) else LiteRTFile(file, threads)
        name = printable(self._file.path)
        inputs = self._file.details.get_input_details()
        outputs = self._file.details.get_output_details()
        if len(inputs) != 1 or len(outputs) != 1:
            raise InputError(f"{name}: not a generator: it must take and return one RGB image")
        self._input, self._output = inputs[0], outputs[0]
        check_image_to_image(self._file.path, shape_of(self._input), shape_of(self._output))
        if not (_has_scale(self._input) and _has_scale(self._output)):
            raise InputError(f"{name}: its integer input or output does not declare a scale")
        _, height, width, _ = shape_of(self._input)
        self.fixed_size = None if height is None or width is None else (height, width)

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        values = _quantize(image, self._input)[np.newaxis]
        try:
            with self._file.acquire() as interpreter:
                output = self._invoke(interpreter, values)
        except (MemoryError, ValueError, RuntimeError) as error:
            raise run_failure(image, error) from error
        return validate_output(_dequantize(output, self._output), image)

    def _invoke(self, interpreter, values: np.ndarray) -> np.ndarray:
        index = self._input["index"]
        if self.fixed_size is None:
            interpreter.resize_tensor_input(index, values.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(index, values)
        interpreter.invoke()
        return interpreter.get_tensor(self._output["index"])[0]  # A copy.


def _has_scale(tensor: dict) -> bool:
    return np.issubdtype(tensor["dtype"], np.floating) or tensor["quantization"][0] > 0


def _quantize(values: np.ndarray, tensor: dict) -> np.ndarray:
    dtype = tensor["dtype"]
    if np.issubdtype(dtype, np.floating):
        return values.astype(dtype)
    scale, zero_point = tensor["quantization"]
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values / scale) + zero_point, limits.min, limits.max).astype(dtype)


def _dequantize(values: np.ndarray, tensor: dict) -> np.ndarray:
    if np.issubdtype(values.dtype, np.floating):
        return values
    scale, zero_point = tensor["quantization"]
    return (values.astype(np.float32) - zero_point) * np.float32(scale)
