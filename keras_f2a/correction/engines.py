"""Runs a trained generator from a file, behind one small interface."""

from pathlib import Path
from typing import Protocol

import numpy as np

from keras_f2a.support.errors import InputError, WorkError

GENERATOR_FILE = "generator.keras"


class Engine(Protocol):
    """A generator that is ready to run.

    Attributes:
        fixed_size: The only (height, width) that it takes, or `None` if it takes any.
    """

    fixed_size: tuple[int, int] | None

    def run(self, image: np.ndarray) -> np.ndarray:
        """Runs the generator on one image.

        Args:
            image: float32 RGB in [0,1], shape (height, width, 3).

        Returns:
            Its output, float32 RGB in [0,1], same shape.

        Raises:
            WorkError: It cannot run on an image of this size, or its output is none.
        """


def load_engine(model: str | Path) -> Engine:
    """Loads a generator from a file, choosing the engine by what the path is.

    Args:
        model: A `.tflite` file (float32 or integer input and output; needs `ai-edge-litert` and
            no TensorFlow), a `.keras` file, or a run directory that holds `generator.keras`.

    Raises:
        InputError: There is no such file, it is no generator, or a package is missing.
    """
    path = Path(model)
    if path.is_dir():
        if not (path / GENERATOR_FILE).is_file():
            raise InputError(
                f"{path}: not a finished run directory (no {GENERATOR_FILE} in it); name one, or "
                "a .tflite or .keras file"
            )
        path = path / GENERATOR_FILE
    if not path.is_file():
        raise InputError(f"{path}: there is no such model; name a .tflite or .keras file")
    if path.suffix == ".tflite":
        from keras_f2a.correction.litert_engine import LiteRTEngine

        return LiteRTEngine(path)
    if path.suffix == ".keras":
        from keras_f2a.correction.keras_engine import KerasEngine

        return KerasEngine(path)
    raise InputError(f"{path}: not a .tflite file, .keras file or run directory")


def needs_tensorflow(model: str | Path | None) -> bool:
    """Whether `load_engine` imports TensorFlow for this model; `None` is the package's own."""
    return model is not None and (Path(model).suffix != ".tflite" or Path(model).is_dir())


def run_failure(image: np.ndarray, error: Exception) -> WorkError:
    """Returns the error for a generator that failed on an image."""
    height, width, _ = image.shape
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return WorkError(f"the model cannot run on an image of {width}x{height} pixels ({reason[0]})")


def checked_output(output: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Returns a generator's output as float32 in [0,1].

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
