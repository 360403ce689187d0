"""The joint (or cross) bilateral filter that the methods with two photographs share.

Both papers of 2004 define it alike: a pixel p becomes the mean of the pixels q around it,

    J_p = 1/k(p) Σ_q g_d(p − q) g_r(G_p − G_q) I_q,    k(p) = Σ_q g_d(p − q) g_r(G_p − G_q),

with Gaussians of the distance in the picture and of the difference in a guide G. With the image as
its own guide it is the bilateral filter. It is computed as Durand and Dorsey (2002) do: for fixed
values of G_p the sums are plain Gaussian blurs; between two such values the result is interpolated.
The values lie σ_r/2 apart, which costs less than 1 % of the image's contrast, even on white noise.
"""

import math

import cv2
import numpy as np

_TRUNCATION = 3.0  # standard deviations of the window's half side
_STEP = 0.5  # standard deviations between the guide's values with a blur of their own


def joint_bilateral_filter(
    image: np.ndarray,
    guide: np.ndarray,
    *,
    sigma_space: float,
    sigma_range: float,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Smooth an image within the edges of a guide.

    Beyond the border nothing is averaged, as in the definition.

    Args:
        image: I, (height, width), any range.
        guide: G, (height, width), any range.
        sigma_space: Of g_d, in pixels.
        sigma_range: Of g_r, in the guide's unit.
        weight: How much each pixel counts as a q, in [0, 1], (height, width); all alike by
            default. Where no pixel around counts, the image stays as it is.

    Returns:
        J, (height, width), float32.
    """
    image, guide = image.astype(np.float32), guide.astype(np.float32)
    weight = np.ones_like(image) if weight is None else weight.astype(np.float32)
    lowest, highest = float(guide.min()), float(guide.max())
    steps = max(1, math.ceil((highest - lowest) / (_STEP * sigma_range)))
    position = (guide - lowest) * (steps / max(highest - lowest, float(np.finfo(np.float32).tiny)))
    filtered = np.zeros_like(image)
    for step, level in enumerate(np.linspace(lowest, highest, steps + 1)):
        share = np.maximum(0.0, 1.0 - np.abs(position - step))
        if not share.any():
            continue
        closeness = weight * np.exp(-0.5 * ((guide - np.float32(level)) / sigma_range) ** 2)
        total = _blurred(closeness, sigma_space)
        mean = _blurred(closeness * image, sigma_space)
        # Less than this part of one pixel is rounding, not a neighbor.
        counts = total > 1e-6
        mean = np.divide(mean, total, out=image.copy(), where=counts)
        filtered += share * mean
    return filtered


def bilateral_filter(
    image: np.ndarray,
    *,
    sigma_space: float,
    sigma_range: float,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Smooth an image within its own edges; arguments as for `joint_bilateral_filter`."""
    return joint_bilateral_filter(
        image, image, sigma_space=sigma_space, sigma_range=sigma_range, weight=weight
    )


def diagonal(image: np.ndarray) -> float:
    """Return the length of an image's diagonal in pixels, in which the papers give sizes."""
    return math.hypot(*image.shape[:2])


def _blurred(image: np.ndarray, sigma: float) -> np.ndarray:
    side = 2 * math.ceil(_TRUNCATION * sigma) + 1
    return cv2.GaussianBlur(image, (side, side), sigma, borderType=cv2.BORDER_CONSTANT)
