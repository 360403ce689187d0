"""Intrinsic relighting: ambient intensity with flash detail (Eisemann and Durand, SIGGRAPH 2004).

The method. In linear light, each photograph is intensity times color. The intensity is a weighted
mean of the three channels. In both photographs, the weights are the channels' shares in the flash
photograph. A bilateral filter in log₁₀ (σ_s 1.5% of the diagonal, σ_r 0.4) splits the flash
intensity into large scale and detail. The large scale of the ambient photograph comes from the same
filter with the flash as its guide. The result is

    ambient large scale × flash detail × flash color.

The shadow of the flash (`keras_f2a.baselines.flash_shadow`) does not count in the flash's large
scale. Inside it, the detail is that of the ambient photograph. The color is a mean of the flash
colors of lit pixels, weighted by distance (σ 2.5% of the diagonal) and by similarity of the
ambient colors. Without similar lit pixels, it is the ambient color with the flash's white balance.
The white balance is the ratio of the photographs' colors over pixels that are bright and white in
the flash photograph. The result's white is moved from the flash's back to the ambient's by this
ratio to the power of `cast`, which is 0.2 in the paper.

Differences from the paper. The paper itself was not available, only its abstract, slides about it
and quotes in other implementations. The σ of the color similarity and the weight of bright and
white pixels are ours. With `cast` 1 the result has the full color of the ambient light. The paper
keeps only a hint of it, for looks, but a comparison with the ambient photograph calls for all of
it. The paper's flash photographs include the ambient light. FAID's include only the flash.
"""

from typing import NamedTuple

import numpy as np

from keras_f2a.baselines.bilateral import diagonal, joint_bilateral_filter
from keras_f2a.baselines.flash_shadow import flash_shadow
from keras_f2a.support.srgb import from_linear, to_linear

SIGMA_SPACE = 0.015  # of the diagonal
SIGMA_RANGE = 0.4  # of log₁₀ intensity
CAST = 0.2
_DARKEST = 1e-3  # lower bound in linear light for the logarithm: a third of an 8-bit step
_SIGMA_FILL = 0.025  # of the diagonal
_SIGMA_COLOR = 0.05  # of the channels' shares, which sum to 1
_FALLBACK_WEIGHT = 0.05  # weight of the fallback color, where a perfectly similar pixel has 1


class Layers(NamedTuple):
    """An intensity in linear light, split so that intensity = large_scale × detail.

    Attributes:
        large_scale: (height, width), above 0.
        detail: (height, width), about 1.
    """

    large_scale: np.ndarray
    detail: np.ndarray


def eisemann(
    flash: np.ndarray, ambient: np.ndarray, *, cast: float = CAST, ambient_share: float = 0.0
) -> np.ndarray:
    """Relight a flash photograph like the ambient photograph.

    Args:
        flash: RGB in [0, 1], (height, width, 3).
        ambient: The same scene, in the same shape and range.
        cast: How much of the ambient light's color to keep, from 0 (none) to 1 (all).
        ambient_share: As for `keras_f2a.baselines.flash_shadow.flash_shadow`.

    Returns:
        RGB in [0, 1], float32, (height, width, 3).
    """
    flash, ambient = to_linear(flash), to_linear(ambient)
    shares = channel_shares(flash)
    flash_intensity = (shares * flash).sum(axis=-1)
    ambient_intensity = (shares * ambient).sum(axis=-1)
    shadow = flash_shadow(flash_intensity, ambient_intensity, ambient_share)
    flash_layers = layers(flash_intensity, flash_intensity, weight=1.0 - shadow)
    ambient_layers = layers(ambient_intensity, flash_intensity)
    balance = white_balance(flash, ambient)
    color = _color(flash, shares)
    balanced_ambient = _color(ambient * balance, shares)
    color[shadow] = fill_shadow_colors(color, balanced_ambient, shadow)
    detail = np.where(shadow, ambient_layers.detail, flash_layers.detail)
    tint = balance**-cast
    light = (ambient_layers.large_scale * detail)[..., None] * color * (tint / tint.mean())
    return from_linear(np.clip(light, 0.0, 1.0)).astype(np.float32)


def channel_shares(light: np.ndarray) -> np.ndarray:
    """Return each channel's share of a pixel's sum, (height, width, 3).

    The shares of a black pixel are a third each.
    """
    light = np.maximum(light, 1e-6)
    return light / light.sum(axis=-1, keepdims=True)


def layers(intensity: np.ndarray, guide: np.ndarray, weight: np.ndarray | None = None) -> Layers:
    """Split an intensity into large scale and detail.

    Args:
        intensity: Linear light, (height, width).
        guide: The flash photograph's intensity. The large scale keeps its edges.
        weight: As for `keras_f2a.baselines.bilateral.joint_bilateral_filter`.
    """
    log_intensity, log_guide = (
        np.log10(np.maximum(image, _DARKEST)) for image in (intensity, guide)
    )
    large = joint_bilateral_filter(
        log_intensity,
        log_guide,
        sigma_space=SIGMA_SPACE * diagonal(intensity),
        sigma_range=SIGMA_RANGE,
        weight=weight,
    )
    return Layers(10.0**large, 10.0 ** (log_intensity - large))


def white_balance(flash: np.ndarray, ambient: np.ndarray) -> np.ndarray:
    """Return the factors that give the ambient photograph the flash's white, (3,).

    Args:
        flash: Linear light, (height, width, 3).
        ambient: The same shape. Its exposure makes no difference.
    """
    # A pixel is bright and white if its darkest channel is high.
    weight = flash.min(axis=-1, keepdims=True) ** 2 + 1e-6
    flash_white, ambient_white = (
        (weight * light).sum(axis=(0, 1)) + 1e-9 for light in (flash, ambient)
    )
    ratio = flash_white / ambient_white
    # Clip, because a channel may be black in one of the photographs.
    return np.clip(ratio / ratio.mean(), 0.1, 10.0)


def fill_shadow_colors(
    color: np.ndarray, ambient_color: np.ndarray, shadow: np.ndarray
) -> np.ndarray:
    """Return colors for shadow pixels, from lit pixels nearby with a similar ambient color.

    Args:
        color: The flash photograph's color, (height, width, 3).
        ambient_color: The ambient photograph's color, also the fallback without similar pixels.
        shadow: Boolean mask, (height, width).

    Returns:
        The colors in row order, (number of shadow pixels, 3).
    """
    height, width = shadow.shape
    sigma = _SIGMA_FILL * diagonal(shadow)
    shares = channel_shares(ambient_color)
    rows, columns = np.nonzero(shadow)
    shadow_shares = shares[rows, columns]
    weight_sum = np.full(len(rows), _FALLBACK_WEIGHT)
    color_sum = _FALLBACK_WEIGHT * ambient_color[rows, columns]
    # Three samples per sigma are enough for a wide Gaussian.
    step = max(1, round(sigma / 3.0))
    offsets = step * np.arange(-7, 8)
    for y_offset in offsets:
        for x_offset in offsets:
            y, x = rows + y_offset, columns + x_offset
            inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
            y, x = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
            color_distance = ((shares[y, x] - shadow_shares) ** 2).sum(axis=-1) / _SIGMA_COLOR**2
            similarity = np.exp(-0.5 * ((y_offset**2 + x_offset**2) / sigma**2 + color_distance))
            weight = similarity * (inside & ~shadow[y, x])
            weight_sum += weight
            color_sum += weight[:, None] * color[y, x]
    return color_sum / weight_sum[:, None]


def _color(light: np.ndarray, shares: np.ndarray) -> np.ndarray:
    intensity = (shares * light).sum(axis=-1, keepdims=True)
    return np.maximum(light, 1e-6) / np.maximum(intensity, 1e-6)
