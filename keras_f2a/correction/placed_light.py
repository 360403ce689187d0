"""Shows a photograph under a light, from the output of a network for placed light.

The network's output is the natural logarithm of one gain for each pixel, in linear light. Only its
variation over the picture counts, because training scaled every result to the photograph's mean.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from keras_f2a.correction.engine import LightEngine
from keras_f2a.correction.smoothing import smooth
from keras_f2a.data.light_mixtures import LightMixture
from keras_f2a.support.color_temperature import tint
from keras_f2a.support.srgb import from_linear, to_linear

TINT_SHARE = 0.7
"""How much of a color temperature shows. The eye adapts to the rest."""
_DARKEST = 1e-6


def log_gains(
    engine: LightEngine,
    features: Sequence[np.ndarray],
    lights: np.ndarray,
    *,
    size: tuple[int, int],
) -> np.ndarray:
    """Return the log gain of each light on a photograph. All lights are equally bright.

    Args:
        engine: The network.
        features: The features that its `encode` returned for the photograph.
        lights: The numbers that describe each light, float32, (lights, 13).
        size: (height, width) of the photograph that was encoded.

    Returns:
        Natural logarithms of the gains, float64, (lights, height, width).

    Raises:
        WorkError: The network cannot run.
    """
    height, width = size
    gains = [engine.log_gain(features, light)[:height, :width] for light in lights]
    return np.stack(gains).astype(np.float64)


def mean_light(flash: np.ndarray) -> np.ndarray:
    """Return the mean of each pixel's three channels in linear light.

    Args:
        flash: float32 RGB in [0, 1], (height, width, 3).

    Returns:
        float64 in [0, 1], (height, width).
    """
    return to_linear(flash.astype(np.float64)).mean(axis=-1)


def keep_mean_light(light: np.ndarray, log_gain: np.ndarray) -> np.ndarray:
    """Return gains that keep the photograph's mean light.

    Args:
        light: The photograph's `mean_light`, (height, width).
        log_gain: Natural logarithms, (height, width).

    Returns:
        Natural logarithms, float64, (height, width): `log_gain` minus a constant.
    """
    after, before = (light * np.exp(log_gain)).mean(), light.mean()
    return log_gain - np.log(max(float(after), _DARKEST) / max(float(before), _DARKEST))


def apply_log_gain(flash: np.ndarray, log_gain: np.ndarray) -> np.ndarray:
    """Return the photograph under a light with the network's own gain, without rules.

    Args:
        flash: float32 RGB in [0, 1], (height, width, 3).
        log_gain: Natural logarithms, (height, width).

    Returns:
        float32 RGB in [0, 1], the same shape: ``encode(min(decode(flash) * exp(g), 1))``, where g
        is `keep_mean_light` of the gain.
    """
    gain = np.exp(keep_mean_light(mean_light(flash), log_gain))[..., np.newaxis]
    light = np.minimum(to_linear(flash.astype(np.float64)) * gain, 1)
    return from_linear(light).astype(np.float32)


@dataclass(frozen=True)
class LightMix:
    """The combined effect of several lights on a photograph.

    Attributes:
        log_gain: Natural logarithm of the gain in linear light, float64, (height, width).
        tint: Factors by which the light is redder, greener and bluer than the flash, float64,
            (height, width, 3); `None` if it has the flash's color everywhere.
    """

    log_gain: np.ndarray
    tint: np.ndarray | None


def mix_lights(flash: np.ndarray, gains: np.ndarray, mixture: LightMixture) -> LightMix:
    """Mix the network's gains for several lights.

    Light adds up, so the gain is ``G = sum of w_i * exp(g_i)``. Here ``w_i`` are the lights' shares
    and ``g_i`` the logarithms of their gains, each at the photograph's mean light
    (`keep_mean_light`). The tint of each channel is ``B(sum of w_i * exp(g_i) * t_i / G)``, with
    the B of `keras_f2a.correction.lights`. ``t_i`` is the `tint` of a light for `TINT_SHARE`, or 1
    for the flash's color.

    Args:
        flash: float32 RGB in [0, 1], (height, width, 3).
        gains: What `log_gains` returned, (lights, height, width).
        mixture: The lights.
    """
    light = mean_light(flash)
    weighted_gains = np.stack(
        [
            share * np.exp(keep_mean_light(light, gain))
            for share, gain in zip(mixture.shares, gains, strict=True)
        ]
    )
    total_gain = weighted_gains.sum(axis=0)
    temperatures = [light.temperature for light in mixture.lights]
    if all(temperature is None for temperature in temperatures):
        return LightMix(np.log(total_gain), None)
    tints = np.stack([_tint_of(temperature) for temperature in temperatures])
    mean_tint = np.tensordot(tints, weighted_gains / total_gain, axes=(0, 0))
    planes = [smooth(np.ascontiguousarray(plane)) for plane in mean_tint]
    return LightMix(np.log(total_gain), np.stack(planes, axis=-1))


def _tint_of(temperature: float | None) -> np.ndarray:
    """Return a light's factors for red, green and blue; `None` is the flash's color."""
    return np.ones(3) if temperature is None else tint(temperature, TINT_SHARE)


def apply_tint(image: np.ndarray, factor: np.ndarray, tint_of_light: np.ndarray) -> np.ndarray:
    """Return an image whose added light has a color. The flash's light keeps its own.

    Where a pixel got k times as bright, ``max(k - 1, 0)`` was added to the flash's 1. Each channel
    of its linear light is multiplied by ``(1 + max(k - 1, 0) * tint) / (1 + max(k - 1, 0))``. The
    result is clipped to [0, 1].

    Args:
        image: The relit image, float32 RGB in [0, 1], (height, width, 3).
        factor: The k of each pixel, (height, width).
        tint_of_light: The light's factors for red, green and blue, (height, width, 3).

    Returns:
        float32, the same shape.
    """
    added = np.maximum(factor - 1, 0)[..., np.newaxis]
    light = to_linear(image.astype(np.float64)) * (1 + added * tint_of_light) / (1 + added)
    return from_linear(np.minimum(light, 1)).astype(np.float32)
