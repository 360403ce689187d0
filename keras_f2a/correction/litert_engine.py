"""Runs a `.tflite` generator through LiteRT, without TensorFlow."""

import os
from pathlib import Path

import numpy as np

from keras_f2a.correction.engines import checked_output, run_failure
from keras_f2a.support.errors import InputError


class LiteRTEngine:
    """A generator in a `.tflite` file, with floating-point or integer input and output.

    Integers are converted by the scale and zero point that the file gives for them.

    Args:
        path: The file.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged or holds another kind of model, or LiteRT is missing.
    """

    def __init__(self, path: Path):
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise InputError(
                f"{path}: running .tflite files needs a package: pip install ai-edge-litert"
            ) from error
        try:
            self._interpreter = Interpreter(str(path), num_threads=os.cpu_count())
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise InputError(f"{path}: not a model that LiteRT can run ({error})") from error
        inputs = self._interpreter.get_input_details()
        outputs = self._interpreter.get_output_details()
        if len(inputs) != 1 or len(outputs) != 1 or not _is_image(inputs[0]):
            raise InputError(f"{path}: not a generator: one RGB image in, one RGB image out")
        self._input, self._output = inputs[0], outputs[0]
        if not (_has_scale(self._input) and _has_scale(self._output)):
            raise InputError(f"{path}: its integer input or output says nothing about its scale")
        size = tuple(int(side) for side in inputs[0]["shape_signature"][1:3])
        self.fixed_size = None if -1 in size else size

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `keras_f2a.correction.engines.Engine.run`."""
        interpreter, index = self._interpreter, self._input["index"]
        try:
            if self.fixed_size is None:
                interpreter.resize_tensor_input(index, [1, *image.shape])
                interpreter.allocate_tensors()
            interpreter.set_tensor(index, _quantised(image, self._input)[np.newaxis])
            interpreter.invoke()
        except (ValueError, RuntimeError) as error:
            raise run_failure(image, error) from error
        output = interpreter.get_tensor(self._output["index"])[0]
        return checked_output(_dequantised(output, self._output), image)


def _is_image(tensor: dict) -> bool:
    shape = tensor["shape_signature"]
    return len(shape) == 4 and shape[0] in (1, -1) and shape[3] == 3


def _has_scale(tensor: dict) -> bool:
    return np.issubdtype(tensor["dtype"], np.floating) or tensor["quantization"][0] > 0


def _quantised(values: np.ndarray, tensor: dict) -> np.ndarray:
    dtype = tensor["dtype"]
    if np.issubdtype(dtype, np.floating):
        return values.astype(dtype)
    scale, zero_point = tensor["quantization"]
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values / scale) + zero_point, limits.min, limits.max).astype(dtype)


def _dequantised(values: np.ndarray, tensor: dict) -> np.ndarray:
    if np.issubdtype(values.dtype, np.floating):
        return values
    scale, zero_point = tensor["quantization"]
    return (values.astype(np.float32) - zero_point) * np.float32(scale)
