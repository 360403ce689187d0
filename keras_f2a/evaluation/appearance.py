"""What viewers reject, as numbers: how a result looks beside the flash photograph it comes from.

In blind choices viewers rejected flattened contrast, a veil over blacks, darkened faces and
blotches on plain walls. PSNR sees none of these. The measures here do, and need no ambient
photograph. They warn; the eye decides.

All look at luma (0.299 R + 0.587 G + 0.114 B of the encoded values, in [0, 1]), not rounded to
8 bit. Blurs are Gaussian, with their σ in pixels, meant for pictures of about 320×240 pixels.
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
    """Measure the contrast that is left: standard deviation of luma over the flash photograph's.

    It is global: it compares the spread of all pixels, whatever lies beside what. 1 for an
    unchanged photograph; below 1 is flatter; nan where the flash photograph is of one luma.
    """
    return _ratio(result.luma.std(), result.pair.flash_luma.std())


def brightness(result: Result) -> float:
    """Measure mean luma over the flash photograph's; nan for a black flash photograph."""
    return _ratio(result.luma.mean(), result.pair.flash_luma.mean())


def near_black_rise(result: Result) -> float:
    """Measure by how much near-blacks rise: the mean difference of luma to the flash photograph.

    Near-black is where the flash photograph's luma, blurred by 1.5 pixels, is below `NEAR_BLACK`.

    Returns:
        The rise, of 1; nan where fewer than `FEWEST_NEAR_BLACKS` pixels are near-black.
    """
    luma = result.pair.flash_luma
    near_black = _blur(luma, _NEAR_BLACK_BLUR) < NEAR_BLACK
    if near_black.sum() < FEWEST_NEAR_BLACKS:
        return float("nan")
    return float((result.luma - luma)[near_black].mean())


def face_brightness(result: Result) -> float:
    """Measure the brightness of faces over that before.

    Faces are those that `keras_f2a.correction.faces` finds in the flash photograph; a pixel counts
    by its weight of `keras_f2a.correction.lights.face_weights`.

    Returns:
        Weighted mean luma over the flash photograph's; nan where there is no face.
    """
    faces = result.pair.faces
    if not faces:
        return float("nan")
    weights = face_weights(faces, *result.luma.shape)
    return _ratio((weights * result.luma).sum(), (weights * result.pair.flash_luma).sum())


def blotches(result: Result) -> float:
    """Measure patches that a result has on surfaces that were flat.

    The change is log((result + 0.05) / (flash + 0.05)) of luma. Light changes it slowly over a
    surface; blotches, halos and bands are what is left after its own blur of 6 pixels is taken
    away.

    Returns:
        The standard deviation of that rest over `flat_surfaces`; nan where fewer than
        `FEWEST_FLAT_PIXELS` pixels are flat.
    """
    flat = flat_surfaces(result.pair)
    if flat.sum() < FEWEST_FLAT_PIXELS:
        return float("nan")
    change = np.log((result.luma + _OFFSET) / (result.pair.flash_luma + _OFFSET))
    return float((change - _blur(change, _BLOTCH_BLUR))[flat].std())


def flat_surfaces(pair: PhotoPair) -> np.ndarray:
    """Find where the flash photograph is flat: walls, sky, skin, whatever shows no detail.

    Detail is the absolute difference of luma to its own blur of 3 pixels. A pixel is flat where
    detail, averaged by a blur of 4 pixels, is below `FLAT` (three levels of 255): noise stays below
    it, edges and texture within about 8 pixels do not.

    Returns:
        Whether a pixel is flat, bool, (height, width).
    """
    detail = np.abs(pair.flash_luma - _blur(pair.flash_luma, _DETAIL_BLUR))
    return _blur(detail, _FLAT_BLUR) < FLAT


def _blur(image: np.ndarray, sigma: float) -> np.ndarray:
    return gaussian_filter(image, sigma, mode="reflect")


def _ratio(after: float, before: float) -> float:
    return float(after / before) if before > 0 else float("nan")
