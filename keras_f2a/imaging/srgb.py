"""The sRGB transfer function between what files hold and linear light (IEC 61966-2-1)."""

import numpy as np


def to_linear(values: np.ndarray) -> np.ndarray:
    """Linear light in [0, 1] of sRGB values in [0, 1], any shape."""
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def from_linear(light: np.ndarray) -> np.ndarray:
    """The sRGB values in [0, 1] of linear light in [0, 1], any shape."""
    # The power is taken of non-negative numbers only; the low branch is chosen for the others.
    curve = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(light <= 0.0031308, light * 12.92, curve)
