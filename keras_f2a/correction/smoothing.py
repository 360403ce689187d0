"""Blurs what the rules calculate with; `keras_f2a.correction.lights` calls it B."""

import itertools

import numpy as np

from keras_f2a.correction.light_limits import EVENLY

BLUR = EVENLY.blur
"""Of everything but the gain of a light from one side."""


def smooth(image: np.ndarray, blur: float = BLUR) -> np.ndarray:
    """Return three means over a box, down and across; float64, shape (height, width).

    Args:
        image: Of shape (height, width).
        blur: The box reaches so far to each side, as a share of the long side, at least a pixel.
    """
    reach = max(int(blur * max(image.shape) + 0.5), 1)
    for _ in range(2):
        for _ in range(3):
            image = _box_mean(image, reach)
        image = np.ascontiguousarray(image.T)
    return image


def _box_mean(image: np.ndarray, reach: int) -> np.ndarray:
    """Return the mean over the rows above and below."""
    sums, window = np.pad(image, ((reach + 1, reach), (0, 0)), mode="edge"), 2 * reach + 1
    # Row by row, because NumPy's own sum along columns takes every number for itself.
    for above, row in itertools.pairwise(sums):
        row += above
    return (sums[window:] - sums[:-window]) / window
