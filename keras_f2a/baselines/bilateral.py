"""The joint (or cross) bilateral filter that several baselines share.

Petschnigg et al. and Eisemann and Durand (both 2004) define it in the same way. Each pixel p
becomes a weighted mean of the pixels q around it,

    J_p = 1/k(p) Σ_q g_d(p − q) g_r(G_p − G_q) I_q,    k(p) = Σ_q g_d(p − q) g_r(G_p − G_q),

with Gaussians of the spatial distance and of the difference in a guide G. With the image as its own
guide, this is the bilateral filter. The computation follows Durand and Dorsey (2002): for a fixed
value of G_p the sums are plain Gaussian blurs, and the result is interpolated between such values.
They are σ_r/2 apart, which costs less than 1% of the image's contrast, even on white noise.
"""

import math

import cv2
import numpy as np

_TRUNCATION = 3.0  # half side of the window, in standard deviations
_LEVEL_STEP = 0.5  # distance of the guide values that are blurred, in standard deviations


def joint_bilateral_filter(
    image: np.ndarray,
    guide: np.ndarray,
    *,
    sigma_space: float,
    sigma_range: float,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Smooth an image while preserving the edges of a guide.

    Pixels beyond the border do not count, as in the definition.

    Args:
        image: I, (height, width), any range.
        guide: G, (height, width), any range.
        sigma_space: Standard deviation of g_d, in pixels.
        sigma_range: Standard deviation of g_r, in the guide's unit.
        weight: The weight of each pixel as a q, in [0, 1], (height, width), by default 1. Where
            all weights around a pixel are 0, the image does not change.

    Returns:
        J, (height, width), float32.
    """
    image, guide = image.astype(np.float32), guide.astype(np.float32)
    weight = np.ones_like(image) if weight is None else weight.astype(np.float32)
    lowest, highest = float(guide.min()), float(guide.max())
    steps = max(1, math.ceil((highest - lowest) / (_LEVEL_STEP * sigma_range)))
    position = (guide - lowest) * (steps / max(highest - lowest, float(np.finfo(np.float32).tiny)))
    filtered = np.zeros_like(image)
    for step, level in enumerate(np.linspace(lowest, highest, steps + 1)):
        interpolation = np.maximum(0.0, 1.0 - np.abs(position - step))
        if not interpolation.any():
            continue
        level_weight = weight * np.exp(-0.5 * ((guide - np.float32(level)) / sigma_range) ** 2)
        weight_sum = _blur(level_weight, sigma_space)
        mean = _blur(level_weight * image, sigma_space)
        # A smaller total is a rounding error, not a neighbor.
        has_neighbors = weight_sum > 1e-6
        mean = np.divide(mean, weight_sum, out=image.copy(), where=has_neighbors)
        filtered += interpolation * mean
    return filtered


def bilateral_filter(
    image: np.ndarray,
    *,
    sigma_space: float,
    sigma_range: float,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Smooth an image while preserving its edges. Arguments as for `joint_bilateral_filter`."""
    return joint_bilateral_filter(
        image, image, sigma_space=sigma_space, sigma_range=sigma_range, weight=weight
    )


def diagonal(image: np.ndarray) -> float:
    """Return the length of an image's diagonal in pixels. The papers give sizes relative to it."""
    return math.hypot(*image.shape[:2])


def _blur(image: np.ndarray, sigma: float) -> np.ndarray:
    side = 2 * math.ceil(_TRUNCATION * sigma) + 1
    return cv2.GaussianBlur(image, (side, side), sigma, borderType=cv2.BORDER_CONSTANT)
