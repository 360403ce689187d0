"""Decodes a photograph to linear light with a table. The rules of light call this `decode`."""

import numpy as np

from keras_f2a.support.srgb import to_linear

_STEPS = 4096
_LIGHT = to_linear(np.arange(_STEPS + 1) / _STEPS)
_LIGHT_STEPS = np.diff(_LIGHT, append=_LIGHT[-1])


def decode(image: np.ndarray) -> np.ndarray:
    """Decode sRGB with its curve, tabulated at ``i / 4096`` and interpolated linearly.

    Args:
        image: float64 in [0, 1], of any shape.

    Returns:
        float64 in [0, 1], the same shape.
    """
    light = image * _STEPS
    index = np.minimum(light.astype(np.intp), _STEPS - 1)
    light -= index
    light *= _LIGHT_STEPS.take(index)
    light += _LIGHT.take(index)
    return light
