"""Interfaces of the engines that run a trained network, whatever their library.

A generator maps one image to one image. A network for placed light encodes an image once and then
returns a gain for each light.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from keras_f2a.support.errors import WorkError


@runtime_checkable
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
            WorkError: It cannot run on an image of this size, or its output is invalid.
        """


@dataclass(frozen=True)
class EncodedPhoto:
    """An image that a network for placed light has encoded.

    Attributes:
        features: Features of each level, finest first, float32, each of shape (1, height, width,
            channels).
        flash_share: The flash's share of the image's light, in [0, 1]; 1 if the network does not
            estimate it.
    """

    features: Sequence[np.ndarray]
    flash_share: float = 1.0


@runtime_checkable
class LightEngine(Protocol):
    """A network for placed light that is ready to run, in one thread or in several at once.

    Attributes:
        fixed_size: The only (height, width) that it takes, or `None` if it takes any.
    """

    fixed_size: tuple[int, int] | None

    def encode(self, image: np.ndarray) -> EncodedPhoto:
        """Encode an image, once for all lights.

        Args:
            image: float32 RGB in [0, 1], shape (height, width, 3).

        Raises:
            WorkError: It cannot run on an image of this size, or its output is invalid.
        """

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """Return the log gain of a light.

        Args:
            features: The features that `encode` returned.
            light: The numbers that describe the light, float32, shape (13,); see
                `keras_f2a.data.light_numbers`.

        Returns:
            Natural logarithm of the gain in linear light, float32, shape (height, width). It may
            have a few more rows at the bottom and columns at the right than the image.

        Raises:
            WorkError: It cannot run, or its output is invalid.
        """


AnyEngine = Engine | LightEngine
"""An engine of either kind."""


def validate_flash_share(output: np.ndarray) -> float:
    """Return a network's estimate of the flash's share of an image's light, in [0, 1].

    Raises:
        WorkError: It is not one finite number.
    """
    output = np.asarray(output)
    if output.size != 1 or not np.isfinite(output).all():
        raise WorkError("the model's flash share is not one finite number; the model is damaged")
    return min(max(float(output.item()), 0.0), 1.0)


def validate_gain(output: np.ndarray) -> np.ndarray:
    """Return a network's log gain for a light, float32, shape (height, width).

    Args:
        output: The network's output, shape (1, height, width, 1).

    Raises:
        WorkError: It has another shape, or holds NaN or infinite values.
    """
    output = np.asarray(output, dtype=np.float32)
    if output.ndim != 4 or (output.shape[0], output.shape[3]) != (1, 1):
        raise WorkError(f"the model returned an output of shape {output.shape} for a light")
    if not np.isfinite(output).all():
        raise WorkError("the model's output has NaN or infinite values; the model is damaged")
    return output[0, :, :, 0]


def validate_output(output: np.ndarray, image: np.ndarray) -> np.ndarray:
    """Return a generator's output as float32 in [0, 1].

    Raises:
        WorkError: Its shape is not the image's, or it holds NaN or infinite values.
    """
    output = np.asarray(output, dtype=np.float32)
    if output.shape != image.shape:
        raise WorkError(
            f"the model returned an output of shape {output.shape} from an image of {image.shape}; "
            "it is not a flash-to-ambient generator"
        )
    if not np.isfinite(output).all():
        raise WorkError("the model's output has NaN or infinite values; the model is damaged")
    return np.clip(output, 0, 1)


def run_failure(image: np.ndarray, error: Exception) -> WorkError:
    """Return the error for a model that raised an exception on an image."""
    height, width, _ = image.shape
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return WorkError(f"the model cannot run on an image of {width}x{height} pixels ({reason[0]})")
