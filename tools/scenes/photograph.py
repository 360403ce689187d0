"""From scene radiance to an 8-bit photograph, in the steps of a phone camera."""

from dataclasses import dataclass

import numpy as np

LUMA = np.array([0.299, 0.587, 0.114])
"""Rec. 601 weights of R, G and B."""


@dataclass(frozen=True)
class Development:
    """Settings of the camera's processing for one shot.

    Attributes:
        mean_luma: Mean luma in [0, 1] that auto-exposure aims at.
        white_balance: Gains of R, G and B, shape (3,).
        contrast: Strength in [0, 1] of the S-shaped tone curve.
        noise: Standard deviation of the sensor noise at mid grey, relative to full scale.
        noise_seed: Seed of the noise.
    """

    mean_luma: float
    white_balance: np.ndarray
    contrast: float
    noise: float
    noise_seed: int


def luma(image: np.ndarray) -> np.ndarray:
    """Luma in [0, 1] of display-encoded RGB of shape (..., 3)."""
    return image @ LUMA


def white_balance_gains(light: np.ndarray, strength: float) -> np.ndarray:
    """Gains of R, G and B that take out a share of a light's colour and keep green.

    Args:
        light: Linear RGB of the light, shape (3,).
        strength: 0 leaves the cast, 1 renders a white surface neutral.
    """
    return (light[1] / light) ** strength


def remove_fireflies(radiance: np.ndarray, factor: float = 2.0) -> np.ndarray:
    """Limit every pixel to `factor` times the brightness of its second brightest neighbour.

    Args:
        radiance: Linear RGB, shape (height, width, 3).
        factor: Allowed ratio; lone bright samples of the path tracer exceed it.
    """
    height, width = radiance.shape[:2]
    brightness = radiance.max(axis=-1)
    padded = np.pad(brightness, 1, mode="edge")
    offsets = [(y, x) for y in range(3) for x in range(3) if (y, x) != (1, 1)]
    neighbours = np.stack([padded[y : y + height, x : x + width] for y, x in offsets])
    limit = factor * np.sort(neighbours, axis=0)[-2] + 1e-6
    return radiance * np.minimum(1.0, limit / np.maximum(brightness, 1e-6))[..., None]


def tone_curve(exposed: np.ndarray, contrast: float) -> np.ndarray:
    """Exposed linear values (1 is sensor white) to display values in [0, 1].

    A shoulder rolls off the highlights, the sRGB curve encodes, an S-curve adds contrast.
    """
    linear = np.maximum(exposed, 0.0)
    rolled = 1.0 - np.exp(-linear - linear**2)
    encoded = np.where(rolled <= 0.0031308, 12.92 * rolled, 1.055 * rolled ** (1 / 2.4) - 0.055)
    curved = encoded * encoded * (3.0 - 2.0 * encoded)
    return np.clip((1.0 - contrast) * encoded + contrast * curved, 0.0, 1.0)


def auto_exposure(balanced: np.ndarray, mean_luma: float, contrast: float) -> float:
    """Factor that brings the picture to the wanted mean luma, found by bisection.

    Args:
        balanced: Linear RGB after white balance, shape (height, width, 3).
        mean_luma: Wanted mean luma of the result, in (0, 1).
        contrast: Of the tone curve.
    """
    low, high = 1e-6, 1e6
    for _ in range(60):
        middle = np.sqrt(low * high)
        if luma(tone_curve(middle * balanced, contrast)).mean() < mean_luma:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def develop(radiance: np.ndarray, development: Development) -> np.ndarray:
    """Photograph from scene radiance.

    Args:
        radiance: Linear RGB, non-negative, shape (height, width, 3), any scale.
        development: Settings of the camera.

    Returns:
        Display-encoded RGB, uint8, shape (height, width, 3).
    """
    balanced = remove_fireflies(radiance) * development.white_balance
    exposure = auto_exposure(balanced, development.mean_luma, development.contrast)
    exposed = exposure * balanced
    rng = np.random.default_rng(development.noise_seed)
    # Shot noise grows with the signal; a floor of read noise stays in the shadows.
    deviation = development.noise * np.sqrt(np.clip(exposed, 0, 1) / 0.2 * 0.9 + 0.1)
    noisy = exposed + deviation * rng.standard_normal(exposed.shape)
    return np.round(255 * tone_curve(noisy, development.contrast)).astype(np.uint8)
