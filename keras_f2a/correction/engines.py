"""Runs a trained generator behind one small interface, in LiteRT or in Keras."""

import ctypes
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from keras_f2a.generator_files import (
    check_image_to_image,
    generator_file,
    load_generator,
    predicts_difference,
)
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.native_notices import without_native_notices
from keras_f2a.support.printable import is_text, printable

if TYPE_CHECKING:
    import keras


class Engine(Protocol):
    """A generator that is ready to run, in one thread or in several at once.

    Attributes:
        fixed_size: The only (height, width) that it takes, or `None` if it takes any.
    """

    fixed_size: tuple[int, int] | None

    def run(self, image: np.ndarray) -> np.ndarray:
        """Runs the generator on one image.

        Args:
            image: float32 RGB in [0, 1], shape (height, width, 3).

        Returns:
            Its output, float32 RGB in [0, 1], same shape.

        Raises:
            WorkError: It cannot run on an image of this size, or its output is none.
        """


def load_engine(model: str | Path, threads: int | None = None) -> Engine:
    """Loads a generator from a file, choosing the engine by what the path is.

    Args:
        model: A `.tflite` file (float32 or integer input and output; needs `ai-edge-litert` and
            no TensorFlow), a `.keras` file, or a run directory that holds `generator.keras`.
        threads: How many threads LiteRT computes in; `None` is one for each core. Keras's are
            TensorFlow's own setting.

    Raises:
        InputError: There is no such file, it is no generator, it predicts differences, or a
            package is missing.
        WorkError: There is not enough memory for it.
    """
    file = generator_file(model)
    if file.suffix == ".tflite":
        return LiteRTEngine(file, threads)
    if file.suffix == ".keras":
        return KerasEngine(load_generator(file), file)
    raise InputError(f"{printable(file)}: not a .tflite file, .keras file or run directory")


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
                "processes by spawning, or use a .tflite model"
            )
        try:
            output = self._generator(keras.ops.convert_to_tensor(image[np.newaxis]), training=False)
        except Exception as error:  # A layer may raise any type about a size it cannot take.
            raise _run_failure(image, error) from error
        output = keras.ops.cast(output[0], "float32")
        return checked_output(keras.ops.convert_to_numpy(output), image)


def needs_tensorflow(model: str | os.PathLike | None) -> bool:
    """Whether `load_engine` imports TensorFlow for this model; `None` is the package's own."""
    return model is not None and (Path(model).suffix != ".tflite" or Path(model).is_dir())


class LiteRTEngine:
    """A generator that LiteRT runs, without TensorFlow, with numbers or integers in and out.

    Integers are converted by the scale and zero point that the file gives for them. The
    interpreter holds one image at a time and uses every core for it, or as many as it is given, so
    threads that share the engine take turns. A process that is forked loads the file again at its
    first image: the interpreter's own threads stay behind.

    Args:
        path: The `.tflite` file.
        threads: How many threads it computes in; `None` is one for each core.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.

    Raises:
        InputError: The file is damaged or holds another kind of model, or LiteRT is missing.
        WorkError: There is not enough memory for it.
    """

    def __init__(self, path: Path, threads: int | None = None):
        name = printable(path)
        if not is_text(str(path)):
            raise InputError(f"{name}: LiteRT takes no file whose name is not UTF-8; rename it")
        self._path, self._threads = path, threads
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
        values = _quantised(image, self._input)[np.newaxis]
        try:
            with self._lock:
                if os.getpid() != self._process:
                    # Its destructor would wait for threads that this process does not have.
                    ctypes.pythonapi.Py_IncRef(ctypes.py_object(self._interpreter))
                    self._load()
                output = self._invoke(values)
        except (MemoryError, ValueError, RuntimeError) as error:
            raise _run_failure(image, error) from error
        return checked_output(_dequantised(output, self._output), image)

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
                    str(self._path), num_threads=self._threads or os.cpu_count()
                )
                self._interpreter.allocate_tensors()
        except MemoryError as error:
            raise WorkError(f"{name}: there is not enough memory to load it") from error
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


def checked_output(output: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Returns a generator's output as float32 in [0, 1].

    Raises:
        WorkError: Its shape is not the image's, or it holds values that are no numbers.
    """
    output = np.asarray(output, dtype=np.float32)
    if output.shape != image.shape:
        raise WorkError(
            f"the model made an output of shape {output.shape} from an image of {image.shape}; "
            "it is no flash-to-ambient generator"
        )
    if not np.isfinite(output).all():
        raise WorkError("the model's output holds values that are no numbers; it is damaged")
    return np.clip(output, 0, 1)


def _run_failure(image: np.ndarray, error: Exception) -> WorkError:
    height, width, _ = image.shape
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return WorkError(f"the model cannot run on an image of {width}x{height} pixels ({reason[0]})")


def _shape(tensor: dict) -> tuple[int | None, ...]:
    """A tensor's shape with `None` for open sides, as Keras has it."""
    return tuple(None if side < 0 else int(side) for side in tensor["shape_signature"])


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
