"""Metrics of what viewers reject: how a result looks next to its flash photograph.

In blind choices, viewers rejected flattened contrast, a veil over blacks, darkened faces and
blotches on plain walls. PSNR sees none of these. The metrics here do, and they need no ambient
photograph. They only warn. The final judgment is by eye.

All of them use luma (0.299 R + 0.587 G + 0.114 B of the encoded values, in [0, 1]), not rounded to
8 bits. Blurs are Gaussian, with σ in pixels, and are tuned for images of about 320×240 pixels.
"""

import numpy as np
from scipy.ndimage import gaussian_filter

from keras_f2a.correction.lights import face_weights
from keras_f2a.evaluation.result import PhotoPair, Result

NEAR_BLACK = 0.04
FLAT = 0.012
FEWEST_NEAR_BLACKS = 30
FEWEST_FLAT_PIXELS = 200
_NEAR_BLACK_BLUR = 1.5
_DETAIL_BLUR, _FLAT_BLUR, _BLOTCH_BLUR = 3.0, 4.0, 6.0
_OFFSET = 0.05


def contrast(result: Result) -> float:
    """Return the standard deviation of luma, divided by the flash photograph's.

    This is global contrast: it ignores where pixels are. It is 1 for an unchanged photograph,
    below 1 for a flatter one, and nan if the flash photograph has only one luma.
    """
    return _ratio(result.luma.std(), result.pair.flash_luma.std())


def brightness(result: Result) -> float:
    """Return mean luma divided by the flash photograph's, or nan if that one is black."""
    return _ratio(result.luma.mean(), result.pair.flash_luma.mean())


def near_black_rise(result: Result) -> float:
    """Return how much near-black pixels rise in luma relative to the flash photograph.

    A pixel is near-black if the flash photograph's luma, blurred by 1.5 pixels, is below
    `NEAR_BLACK` there.

    Returns:
        The mean rise, where white is 1, or nan if fewer than `FEWEST_NEAR_BLACKS` pixels are
        near-black.
    """
    luma = result.pair.flash_luma
    near_black = _blur(luma, _NEAR_BLACK_BLUR) < NEAR_BLACK
    if near_black.sum() < FEWEST_NEAR_BLACKS:
        return float("nan")
    return float((result.luma - luma)[near_black].mean())


def face_brightness(result: Result) -> float:
    """Return the brightness of faces, divided by their brightness in the flash photograph.

    `keras_f2a.correction.faces` finds the faces in the flash photograph, and
    `keras_f2a.correction.lights.face_weights` gives each pixel its weight.

    Returns:
        The ratio of the weighted mean lumas, or nan if there is no face.
    """
    faces = result.pair.faces
    if not faces:
        return float("nan")
    weights = face_weights(faces, *result.luma.shape)
    return _ratio((weights * result.luma).sum(), (weights * result.pair.flash_luma).sum())


def blotches(result: Result) -> float:
    """Measure the patches that a result adds to flat surfaces.

    The change in luma is log((result + 0.05) / (flash + 0.05)). Light makes it vary slowly over a
    surface. Subtracting its own blur of 6 pixels leaves blotches, halos and bands.

    Returns:
        The standard deviation of the remainder over `flat_surfaces`, or nan if fewer than
        `FEWEST_FLAT_PIXELS` pixels are flat.
    """
    flat = flat_surfaces(result.pair)
    if flat.sum() < FEWEST_FLAT_PIXELS:
        return float("nan")
    change = np.log((result.luma + _OFFSET) / (result.pair.flash_luma + _OFFSET))
    return float((change - _blur(change, _BLOTCH_BLUR))[flat].std())


def flat_surfaces(pair: PhotoPair) -> np.ndarray:
    """Find where the flash photograph is flat, such as walls, sky and skin.

    Detail is the absolute difference between luma and its own blur of 3 pixels. A pixel is flat if
    the detail, averaged by a blur of 4 pixels, is below `FLAT` (three levels of 255). Noise stays
    below this threshold. Edges and texture within about 8 pixels exceed it.

    Returns:
        A mask of the flat pixels, bool, (height, width).
    """
    detail = np.abs(pair.flash_luma - _blur(pair.flash_luma, _DETAIL_BLUR))
    return _blur(detail, _FLAT_BLUR) < FLAT


def _blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return gaussian_filter(image, sigma, mode="reflect")


def _ratio(after: float, before: float) -> float:
    return float(after / before) if before > 0 else float("nan")
