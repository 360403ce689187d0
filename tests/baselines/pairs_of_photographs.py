"""Synthetic pairs: one scene under a flash and under ambient light."""

from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter

from keras_f2a.support.srgb import from_linear


class Scene(NamedTuple):
    """A pair in sRGB in [0, 1], (height, width, 3) float32, and a mask of the flash's shadow.

    Attributes:
        flash: Bright in the middle, black in the shadow.
        ambient: Evenly lit and yellowish.
        shadow: Booleans, (height, width).
    """

    flash: np.ndarray
    ambient: np.ndarray
    shadow: np.ndarray


def scene(generator: np.random.Generator, height: int = 60, width: int = 80) -> Scene:
    """Return colored patches with a fine pattern, and the shadow of an object in the scene."""
    patches = np.sign(gaussian_filter(generator.normal(size=(height, width, 3)), (7, 7, 0)))
    pattern = np.sign(np.sin(np.arange(width) * 2.1))[None, :, None]
    surface = np.clip(0.4 + 0.25 * patches + 0.05 * pattern, 0.02, 1.0)
    rows, columns = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    shadow = np.zeros((height, width), bool)
    shadow[height // 4 : height // 2, width // 5 : width // 2] = True
    flash_light = np.where(shadow, 0.0, 0.9 * np.exp(-0.4 * (rows**2 + columns**2)))
    ambient_light = (0.55 + 0.15 * columns)[..., None] * np.array([1.0, 0.85, 0.6])
    images = (surface * flash_light[..., None], surface * ambient_light)
    return Scene(*(from_linear(image).astype(np.float32) for image in images), shadow)


def with_noise(image: np.ndarray, generator: np.random.Generator, sigma: float = 0.06):
    """Add Gaussian noise with the same sigma to every value."""
    noisy = image + generator.normal(0.0, sigma, image.shape)
    return np.clip(noisy, 0.0, 1.0).astype(np.float32)
