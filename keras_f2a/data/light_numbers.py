"""The numbers that describe a light to a network for placed light.

The first nine use the camera's axes (right, up, forward). Lengths are fractions of the distance
from the camera to the subject that it aims at:

- direction to the light's center (3, a unit vector),
- log(distance + 0.1),
- direction in which the light shines (3, zero if it shines in all directions),
- log(size + 0.02), where the size is the square root of the light's area,
- spread of its panels.

The remaining numbers are a one-hot encoding of its kind, one of `KINDS`.
"""

from collections.abc import Sequence

import numpy as np

KINDS = ("ceiling", "window", "lamp", "room")
PLACE_NUMBERS = 9
"""How many numbers say where a light is, where it shines and how large it is."""
LIGHT_NUMBERS = PLACE_NUMBERS + len(KINDS)
"""How many numbers describe a light in all."""


def describe_light(numbers: Sequence[float], kind: str) -> np.ndarray:
    """Return a light's description: the nine numbers, then its kind in one-hot encoding."""
    return np.array([*numbers, *(kind == name for name in KINDS)], np.float32)
