"""Finds the flash's shadow in a pair of photographs, like Eisemann and Durand (2004).

Umbra: the pixels that get no light from the flash. The light ΔI from the flash, up to 0.2, has a
histogram of 128 bins, which is smoothed by a Gaussian of variance 2 bins. It has a peak near 0. The
threshold is the first minimum after that peak.

Penumbra: the pixels near the umbra (within a square of 1% of the diagonal) where the gradient of
the intensity is stronger in the flash photograph. Gradients are smoothed by a Gaussian of variance
2 pixels. Shadows of small objects have no umbra. They are the pixels where 80% of a square of
0.7% of the diagonal has such gradients.

This code uses gradients of the logarithm because the two photographs differ in exposure. A pattern
on a surface has the same logarithmic gradient in both, but the edge of a shadow does not. A
gradient must be stronger by a margin, which excludes the noise of 8-bit files.
"""

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from keras_f2a.baselines.bilateral import diagonal
from keras_f2a.baselines.gradients import gradient

MAX_THRESHOLD = 0.2
_BINS = 128
_VARIANCE = 2.0  # bins, and pixels
_NEAR_UMBRA_SIZE = 0.01  # of the diagonal
_SMALL_SHADOW_SIZE = 0.007  # of the diagonal
_SMALL_SHADOW_FRACTION = 0.8
_LOG_OFFSET = 0.01  # linear light; much smaller differences are noise
_GRADIENT_MARGIN = 0.1  # of the logarithm, per pixel


def flash_shadow(flash: np.ndarray, ambient: np.ndarray, ambient_share: float = 0.0) -> np.ndarray:
    """Find where the flash is blocked or too far away.

    Args:
        flash: Intensity, linear light in [0, 1], (height, width).
        ambient: The same shape and range.
        ambient_share: The fraction of the ambient photograph's light that is also in the flash
            photograph: 0 in FAID, 1 for two photographs with the same exposure.

    Returns:
        Boolean mask, (height, width).
    """
    flash_light = flash - ambient_share * ambient
    umbra = flash_light <= umbra_threshold(flash_light)
    return umbra | _penumbra(umbra, flash, ambient)


def umbra_threshold(flash_light: np.ndarray) -> float:
    """Return the largest ΔI of the umbra, in [0, 0.2], or −1 if there is no umbra.

    Args:
        flash_light: ΔI, linear light, (height, width).
    """
    counts, edges = np.histogram(np.maximum(flash_light, 0.0), _BINS, (0.0, MAX_THRESHOLD))
    counts = gaussian_filter1d(counts.astype(np.float64), _VARIANCE**0.5, mode="nearest")
    for i in range(1, _BINS - 1):
        if counts[i] < counts[i - 1] and counts[i] <= counts[i + 1]:
            return float(edges[i])
    # Without a minimum, no pixels are clearly darker than those that the flash lights.
    return -1.0


def _penumbra(umbra: np.ndarray, flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    least = _log_gradient_magnitude(ambient) + _GRADIENT_MARGIN
    is_stronger = (_log_gradient_magnitude(flash) > least).astype(np.float32)
    near_umbra = _local_mean(umbra.astype(np.float32), _NEAR_UMBRA_SIZE) > 0.0
    is_small_shadow = _local_mean(is_stronger, _SMALL_SHADOW_SIZE) >= _SMALL_SHADOW_FRACTION
    return (is_stronger > 0) & (near_umbra | is_small_shadow)


def _log_gradient_magnitude(image: np.ndarray) -> np.ndarray:
    return gaussian_filter(np.hypot(*gradient(np.log(image + _LOG_OFFSET))), _VARIANCE**0.5)


def _local_mean(mask: np.ndarray, size: float) -> np.ndarray:
    """Return the mean of a mask of 0 and 1 over a square around each pixel."""
    side = 2 * round(0.5 * size * diagonal(mask)) + 1
    mean = cv2.blur(mask, (side, side), borderType=cv2.BORDER_REFLECT)
    return np.where(mean < 0.5 / side**2, 0.0, mean)
