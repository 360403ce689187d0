"""Turns radiance into photographs with a simulated camera: exposure, tone curve and noise."""

from dataclasses import dataclass

import numpy as np

from keras_f2a.support.srgb import from_linear

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
_NOISE = 0.03
_BLUR_PROBABILITY = 0.25


@dataclass(frozen=True)
class Camera:
    """Parameters of a simulated camera.

    Attributes:
        mean_luma: Target mean luma of the exposure, in [0, 1].
        contrast: Strength of the S-shaped tone curve, 0 for none.
        shoulder: How late the highlights roll off. 0 is film-like and 2 is nearly a sharp clip.
        saturation: Factor on the distance of a color from gray, in linear light.
        cast: Gains of R, G and B, (3,).
    """

    mean_luma: float = 0.43
    contrast: float = 0.5
    shoulder: float = 1.0
    saturation: float = 1.0
    cast: tuple[float, float, float] = (1.0, 1.0, 1.0)


def random_camera(rng: np.random.Generator) -> Camera:
    """Draw a random camera."""
    cast = np.exp(0.08 * rng.normal(size=3))
    return Camera(
        mean_luma=float(np.clip(rng.normal(0.43, 0.08), 0.25, 0.6)),
        contrast=float(rng.uniform(0, 1)),
        shoulder=float(rng.uniform(0.3, 2)),
        saturation=float(rng.uniform(0.6, 1.25)),
        cast=(float(cast[0]), float(cast[1]), float(cast[2])),
    )


def develop(radiance: np.ndarray, camera: Camera) -> np.ndarray:
    """Develop radiance, linear RGB of any scale, (height, width, 3), into RGB in [0, 1]."""
    balanced = radiance * np.array(camera.cast, np.float32)
    gray = (balanced @ _LUMINANCE)[..., None]
    balanced = np.maximum(gray + camera.saturation * (balanced - gray), 0)
    # A subset of the pixels is enough for metering.
    stride = max(1, min(balanced.shape[:2]) // 20)
    metered = balanced[::stride, ::stride]
    low, high = 1e-3, 1e3
    for _ in range(16):
        exposure = float(np.sqrt(low * high))
        if (_apply_tone_curve(exposure * metered, camera) @ _LUMA).mean() < camera.mean_luma:
            low = exposure
        else:
            high = exposure
    # Limit the exposure, so that a close face in front of a dark wall is not blown out.
    brightest = float(np.percentile(metered @ _LUMINANCE, 92))
    exposure = min(exposure, 1 / max(brightest, 1e-6))
    return _apply_tone_curve(exposure * balanced, camera).astype(np.float32)


def degrade(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add noise of random, mostly low strength, and sometimes blur."""
    if rng.random() < _BLUR_PROBABILITY:
        padded = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="edge")
        rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
        image = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4
    strength = _NOISE * rng.random() ** 2
    noisy = image + strength * rng.standard_normal(image.shape, np.float32)
    return np.clip(noisy, 0, 1).astype(np.float32)


def _apply_tone_curve(exposed: np.ndarray, camera: Camera) -> np.ndarray:
    """Map exposed linear values, where 1 is the sensor's white, to tones in [0, 1]."""
    encoded = from_linear(1 - np.exp(-exposed - camera.shoulder * exposed**2))
    curved = encoded * encoded * (3 - 2 * encoded)
    return encoded + camera.contrast * (curved - encoded)
