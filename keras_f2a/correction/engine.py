"""What runs a trained generator, whatever library does: one image in, one image out."""

from typing import Protocol

import numpy as np

from keras_f2a.support.errors import WorkError


class Engine(Protocol):
    """A generator that is ready to run, in one thread or in several at once.

    Attributes:
        fixed_size: The only (height, width) that it takes, or `None` if it takes any.
    """

    fixed_size: tuple[int, int] | None

    def run(self, image: np.ndarray) -> np.ndarray:
        """Run the generator on one image.

        Args:
            image: float32 RGB in [0, 1], shape (height, width, 3).

        Returns:
            Its output, float32 RGB in [0, 1], same shape.

        Raises:
            WorkError: It cannot run on an image of this size, or its output is none.
        """


def checked_output(output: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Return a generator's output as float32 in [0, 1].

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


def run_failure(image: np.ndarray, error: Exception) -> WorkError:
    """Return the error of a generator that raised one on an image."""
    height, width, _ = image.shape
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return WorkError(f"the model cannot run on an image of {width}x{height} pixels ({reason[0]})")
