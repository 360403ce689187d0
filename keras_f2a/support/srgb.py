"""The sRGB curve between the values of a picture and linear light (IEC 61966-2-1).

Both ways take what the field calculates with: NumPy arrays as they are, TensorFlow's tensors with
`where=tf.where`.
"""

import numpy as np


def to_linear(values, where=np.where):
    """Return linear light in [0, 1] of sRGB values in [0, 1], of any shape; the type stays."""
    return where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def from_linear(light, where=np.where):
    """Return sRGB values in [0, 1] of linear light in [0, 1], of any shape; the type stays."""
    return where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
