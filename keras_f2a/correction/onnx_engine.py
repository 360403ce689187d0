"""Runs an ONNX generator in ONNX Runtime, in this process and without TensorFlow."""

import ctypes
import os
from pathlib import Path
from typing import Any

import numpy as np

from keras_f2a.correction.engine import run_failure, validate_output
from keras_f2a.model_files.archive import RefusedError
from keras_f2a.model_files.image_to_image import check_image_to_image
from keras_f2a.model_files.onnx_file import check_onnx
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.native_notices import without_native_notices
from keras_f2a.support.packages import install_hint

_DTYPES = {"tensor(float)": np.float32, "tensor(float16)": np.float16, "tensor(double)": np.float64}
_FATAL = 4  # ONNX Runtime also raises the lesser errors that it logs.


class ONNXEngine:
    """A generator that ONNX Runtime runs on the CPU, with floating-point images.

    Images may be (batch, height, width, 3), as this project exports them, or (batch, 3, height,
    width), as many other projects do. Threads may run it in parallel. A forked process loads the
    file again at its first image, because a fork does not copy the threads of ONNX Runtime.

    Args:
        path: The `.onnx` file.
        threads: How many threads it computes in; `None` uses one per core.
        content: The file's content, if it has been read already.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged, holds another kind of model or one that needs other files
            or custom operators, or a package is missing.
        WorkError: Out of memory.
    """

    def __init__(self, path: Path, threads: int | None = None, *, content: bytes | None = None):
        self._path, self._threads, self._content = path, threads, content
        self._load()
        inputs, outputs = self._session.get_inputs(), self._session.get_outputs()
        if len(inputs) != 1 or len(outputs) != 1:
            raise self._input_error("not a generator: it must take and return one RGB image")
        if inputs[0].type not in _DTYPES or outputs[0].type not in _DTYPES:
            raise self._input_error("not a generator: its input and output must be floating point")
        self._input_name, self._dtype = inputs[0].name, _DTYPES[inputs[0].type]
        input_shape, output_shape = _shape_of(inputs[0].shape), _shape_of(outputs[0].shape)
        self._channels_first = len(input_shape) == 4 and input_shape[1] == 3 and input_shape[3] != 3
        if self._channels_first:
            input_shape, output_shape = _channels_last(input_shape), _channels_last(output_shape)
        check_image_to_image(path, input_shape, output_shape)
        _, height, width, _ = input_shape
        self.fixed_size = None if height is None or width is None else (height, width)
        self._lock = ForkSafeLock()

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        values = image[np.newaxis].astype(self._dtype)
        if self._channels_first:
            values = np.ascontiguousarray(values.transpose(0, 3, 1, 2))
        with self._lock:
            if os.getpid() != self._process_id:
                # Its destructor would wait for threads that this process does not have.
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._session))
                self._load()
        try:
            [output] = self._session.run(None, {self._input_name: values})
        except Exception as error:  # ONNX Runtime raises its own types, also when out of memory.
            raise run_failure(image, error) from error
        if self._channels_first and output.ndim == 4:
            output = output.transpose(0, 2, 3, 1)
        return validate_output(output[0] if output.ndim == 4 else output, image)

    def _load(self) -> None:
        try:
            # The import may warn about GPUs that do not exist.
            with without_native_notices(b""):
                import onnxruntime
            content = self._path.read_bytes() if self._content is None else self._content
            check_onnx(content)
        except ImportError as error:
            raise self._input_error(
                install_hint(error.name, "onnx") or f"cannot be run ({one_line(error)})"
            ) from error
        except OSError as error:
            raise self._input_error(f"cannot be read ({one_line(error)})") from error
        except RefusedError as refused:
            raise self._input_error(f"{refused}; this program does not run it") from refused
        except MemoryError as error:
            raise self._memory_error() from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads or os.cpu_count() or 1
        options.log_severity_level = _FATAL
        try:
            self._session: Any = onnxruntime.InferenceSession(
                content, options, providers=["CPUExecutionProvider"]
            )
        except MemoryError as error:
            raise self._memory_error() from error
        except Exception as error:  # ONNX Runtime raises its own types.
            raise self._input_error(
                f"not a model that ONNX Runtime can run ({one_line(error)})"
            ) from error
        self._process_id = os.getpid()

    def _input_error(self, reason: str) -> InputError:
        return InputError(f"{reason}", file=self._path)

    def _memory_error(self) -> WorkError:
        return WorkError("there is not enough memory to load it", file=self._path)


def _shape_of(sides: list) -> tuple[int | None, ...]:
    """Return a tensor's shape with `None` for open dimensions, as in Keras."""
    return tuple(side if isinstance(side, int) and side > 0 else None for side in sides)


def _channels_last(shape: tuple) -> tuple:
    return (shape[0], *shape[2:], shape[1]) if len(shape) == 4 else shape
