"""Seamless noise, and the steps that all procedural textures share."""

import numpy as np

from tools.scenes.surfaces.colors import Color

SIZE = 256
"""Width and height of a texture in pixels."""


def fractal_noise(
    rng: np.random.Generator, falloff: float = 1.5, stretch: float = 1.0
) -> np.ndarray:
    """Return seamless noise, shape (SIZE, SIZE), mean 0 and standard deviation 1.

    Amplitude falls with frequency to the power `falloff`. A `stretch` above 1 elongates it along x.
    """
    # The spectrum of real-valued noise is symmetric, so half of it is enough.
    frequency_y = np.fft.fftfreq(SIZE)[:, None] * SIZE
    frequency_x = np.fft.rfftfreq(SIZE)[None, :] * SIZE * stretch
    radius = np.hypot(frequency_x, frequency_y)
    radius[0, 0] = 1.0
    spectrum = np.fft.rfft2(rng.standard_normal((SIZE, SIZE))) / radius**falloff
    spectrum[0, 0] = 0.0
    noise = np.fft.irfft2(spectrum)
    return noise / noise.std()


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Return texture coordinates x and y in [0, 1), each of shape (SIZE, SIZE)."""
    axis = (np.arange(SIZE) + 0.5) / SIZE
    return np.meshgrid(axis, axis)


def blend(first: Color, second: Color, weight: np.ndarray) -> np.ndarray:
    """Blend two colors by a (SIZE, SIZE) weight in [0, 1]."""
    return first + (second - first) * np.clip(weight, 0.0, 1.0)[..., None]


def reflectances(image: np.ndarray, shade: np.ndarray | float = 1.0) -> np.ndarray:
    """Multiply an image by a shading of shape (SIZE, SIZE) and clip it to the reflectance range."""
    shade = np.broadcast_to(np.asarray(shade), (SIZE, SIZE))
    return np.clip(image * shade[..., None], 0.005, 0.92).astype(np.float32)
