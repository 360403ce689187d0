"""Applies a network's light to the small photograph with rules that viewers prefer.

A network that was trained toward one ambient photograph flattens contrast, grays faces, and lifts
blacks. So the rules take only one thing from its output, how bright each place would be, and decide
how to apply it. ``docs/blind_choice.md`` shows the choices behind them.

Everything is float64. ``I`` is the small flash image and ``O`` the network's output of the same
size, both RGB in [0, 1]. ``decode`` is sRGB's curve to linear light, tabulated at ``i / 4096`` and
interpolated linearly. ``encode`` is the exact inverse curve. ``Y(X)`` is the luminance of X in
linear light (Rec. 709). ``V(X)`` is the largest of a pixel's three values. ``B`` is the box mean
over ``2 * n + 1`` pixels, applied three times vertically and three times horizontally, with edge
pixels repeated outside the image. ``n`` is the long side times ``blur``, rounded half up, and at
least 1. Names without a value here are fields of `EVENLY`.

1. Log gain: ``g = B(log((Y(O) + 0.02) / (Y(I) + 0.02)))``. It is smooth, so it leaves no patches on
   walls and no halo around hair.
2. Flash: ``f`` follows the standard deviation of g. It is 0 at `NO_FLASH` and below, 1 at
   `CLEAR_FLASH` and above, and linear in between. A photograph in good light has f near 0 and stays
   unchanged.
3. Falloff: ``g = network_share * g + radial_share * q``, where q is the squared distance from the
   center in units of the long side, because a flash on a camera lights the center most.
4. Subject: subtract the weighted mean of g, with weights ``min(Y(I), 0.6) + 1e-4``. If there are
   faces, the weights are ``w * min(Y(I), 0.6) + 1e-6``, with w from `face_weights`. So the gain is
   1 at the subject.
5. Up and down: multiply g by ``lift`` where it is above 0 and by ``darken`` where it is below. With
   faces, use ``lift_with_faces`` and ``darken_with_faces``, which is 0, because a face is never
   darkened.
6. Bright places: with ``r = (1 - B(encode(Y(I)))) ** 0.7`` and the B of `BLUR`, multiply g where it
   is above 0 by ``0.9 * r / max(mean(r), 0.3)``. Then clip g to [``darkest``, ``brightest``].
7. Exposure: ``e`` is `EXPOSURE` in stops. With faces it is `EXPOSURE_WITH_FACES` times
   ``(0.62 - 0.8 * encode(mean of Y(I) weighted by w)) / 0.25``, which is clipped to [0.2, 1],
   because a bright face needs less.
8. Close portraits: ``c`` rises smoothly (3t² − 2t³) from 0 to ``spare_close`` as the widest face
   grows from `CLOSE_FACE` to `CLOSEST_FACE` of the short side. So hair and a plain wall around a
   large face stay unchanged. Multiply g by ``a * f * (1 - c)`` and e by ``a * f * (1 - 0.8 * c)``,
   where a is the strength, or 1 if the strength is below 1. A strength below 1 mixes the result
   with I.
9. Curve: with ``l = decode(V(I))`` and ``k = exp(g) * 2 ** e``, encode
   ``k * l / sqrt(1 + (k * k - 1) * l * l)`` for every pixel. Shadows get k times as bright, and
   white stays white. Below `BLACK` the curve fades to V(I) with the weight
   ``(1 - V(I) / BLACK) ** 1.2``, so black stays black.
10. Contrast: the curve's value v becomes ``v + CONTRAST * f * v * (1 - v) * (v - 0.4)``.
11. Result: multiply I by the ratio of that value to ``max(V(I), 1e-4)``. All three channels get the
    same gain, which changes no hue and never clips. Where g is above 0, multiply the difference of
    each channel from ``0.299 R + 0.587 G + 0.114 B`` by ``exp(-CALM * g)``, because the color of a
    dim corner is mostly a cast. Clip to [0, 1] and store as float32.

A network for placed light returns its own log gain (`keras_f2a.correction.placed_light`), which
replaces the logarithm in step 1. It does so with or without a flash, so the network may also
estimate the flash's share of the photograph's light. For `auto`, f of step 2 is then multiplied by
a factor that is 0 at `LITTLE_FLASH` and below, 1 at `MUCH_FLASH` and above, and linear in between.
A light from one side shows only if the other side gets darker, so it has its own limits in steps 1,
3, 5, 6 and 8 (`light_limits`).

`keras_f2a.correction.full_resolution` then carries the difference between I and the result to every
pixel, along the edges of the full-size photograph.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keras_f2a.correction.faces import Face
from keras_f2a.correction.light_limits import Limits, limits_of, linear_step
from keras_f2a.correction.linear_light import decode
from keras_f2a.correction.smoothing import smooth
from keras_f2a.support.srgb import from_linear

NO_FLASH = 0.04
CLEAR_FLASH = 0.16
LITTLE_FLASH = 0.12
MUCH_FLASH = 0.4
EXPOSURE = 0.25
EXPOSURE_WITH_FACES = 0.3
CLOSE_FACE = 0.36
CLOSEST_FACE = 0.52
BLACK = 0.09
CONTRAST = 0.3
CALM = 0.25
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class RelitImage:
    """The small image after the rules.

    Attributes:
        image: float32 RGB in [0, 1], shape (height, width, 3).
        factor: The k of step 9, float64, shape (height, width).
    """

    image: np.ndarray
    factor: np.ndarray


def relight(
    flash: np.ndarray, output: np.ndarray, faces: Sequence[Face] = (), *, amount: float = 1.0
) -> np.ndarray:
    """Relight the small flash image with the rules above.

    Args:
        flash: Small flash image, float32 RGB in [0, 1], shape (height, width, 3).
        output: The network's output for it, same shape and range.
        faces: Its faces, in pixels of the small image.
        amount: The a of step 8, at least 1.

    Returns:
        The relit image, float32 RGB in [0, 1], same shape.
    """
    luminance_before, luminance_after = (
        _weighted_sum(decode(_to_planes(image)), _LUMINANCE) for image in (flash, output)
    )
    log_gain = np.log((luminance_after + 0.02) / (luminance_before + 0.02))
    return relight_by_gain(flash, log_gain, faces, amount=amount).image


def relight_by_gain(
    flash: np.ndarray,
    log_gain: np.ndarray,
    faces: Sequence[Face] = (),
    *,
    rightward: float = 0.0,
    amount: float = 1.0,
    flash_share: float = 1.0,
) -> RelitImage:
    """Relight the small flash image with the rules above, given the logarithm of step 1.

    Args:
        flash: Small flash image, float32 RGB in [0, 1], shape (height, width, 3).
        log_gain: Natural logarithm of the gain in linear light, float64, shape (height, width).
        faces: Its faces, in pixels of the small image.
        rightward: Where the light comes from, from -1 (left) to 1 (right).
        amount: The a of step 8, at least 1.
        flash_share: The flash's share of the photograph's light, in [0, 1].

    Returns:
        The relit image, and the factor by which each pixel got brighter.
    """
    flash = _to_planes(flash)
    light = decode(flash)
    luminance = _weighted_sum(light, _LUMINANCE)
    weights = face_weights(faces, *luminance.shape) if faces else None
    limits = limits_of(rightward)
    gain = smooth(log_gain, limits.blur)
    flash_weight = linear_step(gain.std(), NO_FLASH, CLEAR_FLASH)
    flash_weight *= linear_step(flash_share, LITTLE_FLASH, MUCH_FLASH)
    closeness = limits.spare_close * _closeness(faces, min(luminance.shape))
    gain = _shape_gain(gain, luminance, weights, limits)
    gain *= amount * flash_weight * (1 - closeness)
    exposure = _exposure(luminance, weights) * (amount * flash_weight * (1 - 0.8 * closeness))
    factor = np.exp(gain) * 2.0**exposure
    contrast = CONTRAST * flash_weight
    image = _apply_gain(flash, light.max(axis=0), gain, factor=factor, contrast=contrast)
    return RelitImage(image, factor)


def face_weights(faces: Sequence[Face], height: int, width: int) -> np.ndarray:
    """Weight every pixel by how surely it belongs to a face.

    A face fills an ellipse around the center of its box, ``0.95`` times as wide and ``1.15`` times
    as high as the box. The weight is ``(1.6 - q) / 0.9``, clipped to [0, 1], where q is the squared
    distance from the center in units of the half axes. The largest weight of all faces counts.

    Args:
        faces: The faces.
        height: Rows of the image.
        width: Columns of the image.

    Returns:
        Weights in [0, 1], float64, shape (height, width).
    """
    rows, columns = np.ogrid[:height, :width]
    weights = np.zeros((height, width))
    for face in faces:
        across = (columns + 0.5 - face.center_x) / (0.475 * face.width)
        down = (rows + 0.5 - face.center_y) / (0.575 * face.height)
        weights = np.maximum(weights, np.clip((1.6 - across**2 - down**2) / 0.9, 0, 1))
    return weights


def _shape_gain(
    gain: np.ndarray, luminance: np.ndarray, weights: np.ndarray | None, limits: Limits
) -> np.ndarray:
    """Return the log gain after steps 3 to 6."""
    gain = limits.network_share * gain + limits.radial_share * _squared_distances(*gain.shape)
    subject = np.minimum(luminance, 0.6)
    if weights is None:
        subject = subject + 1e-4
        lift, darken = limits.lift, limits.darken
    else:
        subject = weights * subject + 1e-6
        lift, darken = limits.lift_with_faces, limits.darken_with_faces
    gain = gain - (subject * gain).sum() / subject.sum()
    headroom = (1 - np.clip(smooth(from_linear(luminance)), 0, 1)) ** 0.7
    up = lift * gain * (0.9 * headroom / max(headroom.mean(), 0.3))
    return np.clip(np.where(gain > 0, up, darken * gain), limits.darkest, limits.brightest)


def _exposure(luminance: np.ndarray, weights: np.ndarray | None) -> float:
    """Return the exposure of step 7, in stops."""
    if weights is None:
        return EXPOSURE
    brightness = from_linear((weights * luminance).sum() / (weights.sum() + 1e-6))
    return EXPOSURE_WITH_FACES * float(np.clip((0.62 - 0.8 * brightness) / 0.25, 0.2, 1))


def _closeness(faces: Sequence[Face], short_side: int) -> float:
    """Return the c of step 8 for light from both sides."""
    widest = max((face.width for face in faces), default=0) / short_side
    share = linear_step(widest, CLOSE_FACE, CLOSEST_FACE)
    return share * share * (3 - 2 * share)


def _apply_gain(
    flash: np.ndarray, light: np.ndarray, gain: np.ndarray, *, factor: np.ndarray, contrast: float
) -> np.ndarray:
    """Run steps 9 to 11. `flash` holds the color planes, and `light` is decode(V(I))."""
    value = flash.max(axis=0)
    curve = from_linear(factor * light / np.sqrt(1 + (factor * factor - 1) * light * light))
    is_dark = value < BLACK
    curve[is_dark] += (1 - value[is_dark] / BLACK) ** 1.2 * (value - curve)[is_dark]
    curve += contrast * curve * (1 - curve) * (curve - 0.4)
    relit = flash * (curve / np.maximum(value, 1e-4))
    luma = _weighted_sum(relit, _LUMA)
    relit -= luma
    relit *= np.exp(-CALM * np.maximum(gain, 0))
    relit += luma
    result = np.empty((*value.shape, 3), np.float32)
    np.clip(relit, 0, 1, out=relit)
    result[...] = np.moveaxis(relit, 0, -1)
    return result


def _to_planes(image: np.ndarray) -> np.ndarray:
    """Return the image as float64, shape (3, height, width). NumPy is fast along long rows."""
    return np.moveaxis(image, -1, 0).astype(np.float64, order="C")


def _weighted_sum(planes: np.ndarray, weights: tuple[float, float, float]) -> np.ndarray:
    return weights[0] * planes[0] + weights[1] * planes[1] + weights[2] * planes[2]


def _squared_distances(height: int, width: int) -> np.ndarray:
    long_side = max(height, width)
    down = (np.arange(height) + 0.5 - height / 2) / long_side
    across = (np.arange(width) + 0.5 - width / 2) / long_side
    return down[:, np.newaxis] ** 2 + across**2
