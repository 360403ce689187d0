"""Runs a `.tflite` generator in LiteRT, in this process and without TensorFlow."""

import ctypes
import os
from pathlib import Path

import numpy as np

from keras_f2a.correction.engine import checked_output, run_failure
from keras_f2a.generator_files import check_image_to_image
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.native_notices import without_native_notices
from keras_f2a.support.printable import is_text, printable


class LiteRTEngine:
    """A generator that LiteRT runs, without TensorFlow, with numbers or integers in and out.

    Integers are converted by the scale and zero point that the file gives for them. The
    interpreter holds one image at a time and uses every core for it, or as many as it is given, so
    threads that share the engine take turns. A process that is forked loads the file again at its
    first image: the interpreter's own threads stay behind.

    Args:
        path: The `.tflite` file.
        threads: How many threads it computes in; `None` uses one per core.
        content: What the file holds, if it is not to be read again.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged or holds another kind of model, or LiteRT is missing.
        WorkError: There is not enough memory for it.
    """

    def __init__(self, path: Path, threads: int | None = None, *, content: bytes | None = None):
        name = printable(path)
        if content is None and not is_text(str(path)):  # LiteRT opens no file of such a name.
            content = path.read_bytes()
        self._path, self._threads, self._content = path, threads, content
        self._load()
        inputs = self._interpreter.get_input_details()
        outputs = self._interpreter.get_output_details()
        if len(inputs) != 1 or len(outputs) != 1:
            raise InputError(f"{name}: not a generator: one RGB image in, one RGB image out")
        self._input, self._output = inputs[0], outputs[0]
        check_image_to_image(path, _shape(self._input), _shape(self._output))
        if not (_has_scale(self._input) and _has_scale(self._output)):
            raise InputError(f"{name}: its integer input or output says nothing about its scale")
        _, height, width, _ = _shape(self._input)
        self.fixed_size = None if height is None or width is None else (height, width)
        self._lock = ForkSafeLock()

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        values = _quantized(image, self._input)[np.newaxis]
        try:
            with self._lock:
                if os.getpid() != self._process:
                    # Its destructor would wait for threads that this process does not have.
                    ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._interpreter))
                    self._load()
                output = self._invoke(values)
        except (MemoryError, ValueError, RuntimeError) as error:
            raise run_failure(image, error) from error
        return checked_output(_dequantized(output, self._output), image)

    def _load(self) -> None:
        name = printable(self._path)
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise InputError(
                f"{name}: running .tflite files needs a package: pip install ai-edge-litert"
            ) from error
        try:
            with without_native_notices():
                self._interpreter = Interpreter(
                    None if self._content else str(self._path),
                    model_content=self._content,
                    num_threads=self._threads or os.cpu_count(),
                )
                self._interpreter.allocate_tensors()
        except MemoryError as error:
            raise WorkError(f"{name}: out of memory") from error
        except (ValueError, RuntimeError) as error:
            raise InputError(
                f"{name}: not a model that LiteRT can run ({one_line(error)})"
            ) from error
        self._process = os.getpid()

    def _invoke(self, values: np.ndarray) -> np.ndarray:
        interpreter, index = self._interpreter, self._input["index"]
        if self.fixed_size is None:
            interpreter.resize_tensor_input(index, values.shape)
            interpreter.allocate_tensors()
        interpreter.set_tensor(index, values)
        interpreter.invoke()
        return interpreter.get_tensor(self._output["index"])[0]  # A copy.


def _shape(tensor: dict) -> tuple[int | None, ...]:
    """Return a tensor's shape with `None` for open sides, as Keras has it."""
    return tuple(None if side < 0 else int(side) for side in tensor["shape_signature"])


def _has_scale(tensor: dict) -> bool:
    return np.issubdtype(tensor["dtype"], np.floating) or tensor["quantization"][0] > 0


def _quantized(values: np.ndarray, tensor: dict) -> np.ndarray:
    dtype = tensor["dtype"]
    if np.issubdtype(dtype, np.floating):
        return values.astype(dtype)
    scale, zero_point = tensor["quantization"]
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values / scale) + zero_point, limits.min, limits.max).astype(dtype)


def _dequantized(values: np.ndarray, tensor: dict) -> np.ndarray:
    if np.issubdtype(values.dtype, np.floating):
        return values
    scale, zero_point = tensor["quantization"]
    return (values.astype(np.float32) - zero_point) * np.float32(scale)
