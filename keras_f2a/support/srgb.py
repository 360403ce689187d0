"""Converts between sRGB values and linear light with the sRGB curve (IEC 61966-2-1).

Both functions take NumPy arrays, or TensorFlow tensors with `where=tf.where`.
"""

import numpy as np


def to_linear(values, where=np.where):
    """Convert sRGB values in [0, 1] of any shape to linear light in [0, 1] of the same type."""
    return where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def from_linear(light, where=np.where):
    """Convert linear light in [0, 1] of any shape to sRGB values in [0, 1] of the same type."""
    return where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
