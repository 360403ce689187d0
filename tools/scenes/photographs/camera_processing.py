"""From scene radiance to an 8-bit photograph, in the steps of a phone camera."""

from dataclasses import dataclass, field

import numpy as np

from keras_f2a.support.srgb import from_linear

LUMA = np.array([0.299, 0.587, 0.114])
"""Rec. 601 weights of R, G and B."""


@dataclass(frozen=True)
class Camera:
    """What a camera does alike to all its photographs.

    Attributes:
        contrast: Strength in [0, 1.5] of the S-shaped tone curve.
        shoulder: How early the highlights roll off; 0 is film-like, 2 is nearly a sharp clip.
        saturation: Factor on the distance of a color from gray, in linear light.
        vignetting: Share of the light that the lens loses in the corners, in [0, 1).
    """

    contrast: float
    shoulder: float = 1.0
    saturation: float = 1.0
    vignetting: float = 0.0


@dataclass(frozen=True)
class Development:
    """Settings of the camera's processing for one shot.

    Attributes:
        camera: The camera.
        mean_luma: Mean luma in [0, 1] that auto-exposure aims at.
        white_balance: Gains of R, G and B, shape (3,).
    """

    camera: Camera
    mean_luma: float
    white_balance: np.ndarray = field(default_factory=lambda: np.ones(3))


def luma(image: np.ndarray) -> np.ndarray:
    """Luma in [0, 1] of display-encoded RGB of shape (..., 3)."""
    return image @ LUMA


def white_balance_gains(light: np.ndarray, strength: float) -> np.ndarray:
    """Gains of R, G and B that take out a share of a light's color and keep green.

    Args:
        light: Linear RGB of the light, shape (3,).
        strength: 0 leaves the cast, 1 renders a white surface neutral.
    """
    return (light[1] / light) ** strength


def darker_corners(shape: tuple[int, int], loss: float) -> np.ndarray:
    """Share of the light that stays at each pixel, (height, width, 1), 1 in the middle.

    Args:
        shape: Height and width in pixels.
        loss: Share that is lost in the corners; towards the middle its part falls with the square.
    """
    height, width = shape
    rows = np.linspace(-1, 1, height)[:, None] * height
    columns = np.linspace(-1, 1, width)[None, :] * width
    radius = (rows**2 + columns**2) / (height**2 + width**2)
    return 1 - loss * radius[..., None]


def tone_curve(exposed: np.ndarray, camera: Camera) -> np.ndarray:
    """Exposed linear values (1 is sensor white) to display values in [0, 1].

    A shoulder rolls off the highlights, the sRGB curve encodes, an S-curve adds contrast.
    """
    linear = np.maximum(exposed, 0.0)
    rolled = 1.0 - np.exp(-linear - camera.shoulder * linear**2)
    encoded = from_linear(rolled)
    curved = encoded * encoded * (3.0 - 2.0 * encoded)
    return np.clip((1.0 - camera.contrast) * encoded + camera.contrast * curved, 0.0, 1.0)


def auto_exposure(balanced: np.ndarray, mean_luma: float, camera: Camera) -> float:
    """Factor that brings the picture to the wanted mean luma, found by bisection.

    Args:
        balanced: Linear RGB after white balance, shape (height, width, 3).
        mean_luma: Wanted mean luma of the result, in (0, 1).
        camera: Its tone curve.
    """
    # A sample of the pixels meters as well as all of them.
    sample = balanced[::3, ::3]
    low, high = 1e-6, 1e6
    for _ in range(40):
        middle = np.sqrt(low * high)
        if luma(tone_curve(middle * sample, camera)).mean() < mean_luma:
            low = middle
        else:
            high = middle
    return float(np.sqrt(low * high))


def develop(radiance: np.ndarray, development: Development) -> np.ndarray:
    """Photograph from scene radiance; it has no noise.

    Args:
        radiance: Linear RGB, non-negative, shape (height, width, 3), any scale.
        development: Settings of the camera.

    Returns:
        Display-encoded RGB, uint8, shape (height, width, 3).
    """
    camera = development.camera
    seen = radiance * darker_corners(radiance.shape[:2], camera.vignetting)
    balanced = _saturated(seen * development.white_balance, camera.saturation)
    exposure = auto_exposure(balanced, development.mean_luma, camera)
    return np.round(255 * tone_curve(exposure * balanced, camera)).astype(np.uint8)


def _saturated(image: np.ndarray, saturation: float) -> np.ndarray:
    gray = luma(image)[..., None]
    return np.maximum(gray + saturation * (image - gray), 0.0)
