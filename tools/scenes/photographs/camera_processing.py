"""Turns scene radiance into an 8-bit photograph, in the steps of a phone camera."""

from dataclasses import dataclass, field

import numpy as np

from keras_f2a.support.srgb import from_linear

LUMA = np.array([0.299, 0.587, 0.114])
"""Rec. 601 weights of R, G and B."""


@dataclass(frozen=True)
class Camera:
    """Settings that all photographs of a camera share.

    Attributes:
        contrast: Strength of the S-shaped tone curve, in [0, 1.5].
        shoulder: How early the highlights roll off; 0 is film-like, 2 is nearly a sharp clip.
        saturation: Factor on a color's distance from gray, in linear light.
        vignetting: Share of the light that the lens loses in the corners, in [0, 1).
    """

    contrast: float
    shoulder: float = 1.0
    saturation: float = 1.0
    vignetting: float = 0.0


@dataclass(frozen=True)
class Development:
    """Processing settings for one shot.

    Attributes:
        camera: The camera.
        mean_luma: Target of auto-exposure for the mean luma, in [0, 1].
        white_balance: Gains of R, G and B, shape (3,).
    """

    camera: Camera
    mean_luma: float
    white_balance: np.ndarray = field(default_factory=lambda: np.ones(3))


def luma(image: np.ndarray) -> np.ndarray:
    """Return the luma in [0, 1] of display-encoded RGB of shape (..., 3)."""
    return image @ LUMA


def white_balance_gains(light: np.ndarray, strength: float) -> np.ndarray:
    """Return gains of R, G and B that remove a share of a light's color and keep green.

    Args:
        light: Linear RGB of the light, shape (3,).
        strength: 0 keeps the color cast, 1 makes a white surface neutral.
    """
    return (light[1] / light) ** strength


def darker_corners(shape: tuple[int, int], loss: float) -> np.ndarray:
    """Return the share of light left at each pixel, (height, width, 1), 1 in the center.

    Args:
        shape: Height and width in pixels.
        loss: Share lost in the corners. It grows with the square of the distance from the center.
    """
    height, width = shape
    rows = np.linspace(-1, 1, height)[:, None] * height
    columns = np.linspace(-1, 1, width)[None, :] * width
    radius = (rows**2 + columns**2) / (height**2 + width**2)
    return 1 - loss * radius[..., None]


def tone_curve(exposed: np.ndarray, camera: Camera) -> np.ndarray:
    """Map exposed linear values (1 is sensor white) to display values in [0, 1].

    A shoulder rolls off the highlights, the sRGB curve encodes, and an S-curve adds contrast.
    """
    linear = np.maximum(exposed, 0.0)
    rolled = 1.0 - np.exp(-linear - camera.shoulder * linear**2)
    encoded = from_linear(rolled)
    curved = encoded * encoded * (3.0 - 2.0 * encoded)
    return np.clip((1.0 - camera.contrast) * encoded + camera.contrast * curved, 0.0, 1.0)


def auto_exposure(balanced: np.ndarray, mean_luma: float, camera: Camera) -> float:
    """Find the exposure factor for the wanted mean luma by bisection.

    Args:
        balanced: Linear RGB after white balance, shape (height, width, 3).
        mean_luma: Wanted mean luma of the result, in (0, 1).
        camera: Camera whose tone curve is applied.
    """
    # A ninth of the pixels is enough for metering.
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
    """Develop scene radiance into a photograph without noise.

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
