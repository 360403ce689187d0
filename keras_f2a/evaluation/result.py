"""The input of a metric: a pair of photographs and a method's result for the flash photograph."""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from keras_f2a.correction.faces import BlazeFace, Face
from keras_f2a.evaluation.protocol import (
    file_values_as_8_bit,
    file_values_as_float,
    round_to_8_bit,
    truncate_to_8_bit,
)
from keras_f2a.model_files.bundled import FACE_DETECTOR

LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class PhotoPair:
    """A flash photograph and the ambient photograph that its results are scored against.

    Attributes:
        flash: The values in the flash photograph's file, RGB, uint8 or uint16, (height, width, 3).
        ambient: The values in the ambient photograph's file, in the same shape.
        shadow: Mask of the shadows that the flash casts, bool, (height, width), or `None` if
            unknown.
    """

    flash: np.ndarray
    ambient: np.ndarray
    shadow: np.ndarray | None = None

    @cached_property
    def flash_image(self) -> np.ndarray:
        """The flash photograph, RGB, float32 in [0, 1]."""
        return file_values_as_float(self.flash)

    @cached_property
    def flash_8_bit(self) -> np.ndarray:
        """The flash photograph, RGB, uint8."""
        return file_values_as_8_bit(self.flash)

    @cached_property
    def target(self) -> np.ndarray:
        """The ambient photograph, RGB, uint8."""
        return file_values_as_8_bit(self.ambient)

    @cached_property
    def flash_luma(self) -> np.ndarray:
        """Luma of the flash photograph, float64 in [0, 1], (height, width)."""
        return self.flash_image @ LUMA

    @cached_property
    def faces(self) -> list[Face]:
        """The faces in the flash photograph."""
        return _face_detector().find(self.flash_image)


@dataclass(frozen=True)
class Result:
    """A method's result for a flash photograph.

    Attributes:
        pair: The photographs.
        output: The method's result for the flash photograph, RGB in [0, 1], (height, width, 3).
        of_ambient: The method's result for the ambient photograph, or `None` if not requested.
    """

    pair: PhotoPair
    output: np.ndarray
    of_ambient: np.ndarray | None = None

    @cached_property
    def truncated(self) -> np.ndarray:
        """The result truncated to 8 bits, as in the authors' protocol, RGB, uint8."""
        return truncate_to_8_bit(self.output)

    @cached_property
    def rounded(self) -> np.ndarray:
        """The result rounded to 8 bits, RGB, uint8."""
        return round_to_8_bit(self.output)

    @cached_property
    def aligned(self) -> np.ndarray:
        """The truncated result, aligned to the ambient exposure and white balance, uint8."""
        return align(self.truncated, self.pair.target)

    @cached_property
    def luma(self) -> np.ndarray:
        """Luma of the result, float64 in [0, 1], (height, width), not rounded to 8 bits."""
        return self.output @ LUMA


def align(output: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Multiply each channel by the gain that brings it closest to the target, by least squares.

    Args:
        output: RGB, uint8, (height, width, 3).
        target: An image of the same kind.

    Returns:
        The product, clipped to white and truncated to uint8. A black channel stays black.
    """
    scaled_output, scaled_target = output / 255.0, target / 255.0
    energy = (scaled_output * scaled_output).sum(axis=(0, 1))
    gains = (scaled_output * scaled_target).sum(axis=(0, 1)) / np.where(energy > 0, energy, 1.0)
    return truncate_to_8_bit(scaled_output * gains)


@cache
def _face_detector() -> BlazeFace:
    return BlazeFace(FACE_DETECTOR)
