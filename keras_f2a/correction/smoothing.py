"""The blur of the rules, which `keras_f2a.correction.lights` calls B."""

import itertools

import numpy as np

from keras_f2a.correction.light_limits import EVENLY

BLUR = EVENLY.blur
"""The blur of everything except the gain of a light from one side."""


def smooth(image: np.ndarray, blur: float = BLUR) -> np.ndarray:
    """Blur an image with three box means vertically and three horizontally.

    Args:
        image: float64, shape (height, width).
        blur: How far the box reaches to each side, as a share of the long side. It reaches at least
            one pixel.

    Returns:
        float64, the same shape.
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
    # Row by row, because NumPy's own cumulative sum along columns goes number by number.
    for above, row in itertools.pairwise(sums):
        row += above
    return (sums[window:] - sums[:-window]) / window
