"""The numbers by which a network for placed light is told of a light.

The first nine are in the camera's axes (right, up, forward), lengths as shares of the distance to
what the camera aims at: direction to the light's center (3, a unit vector), log(distance + 0.1),
direction in which it shines (3, zero if to all sides), log(size + 0.02) with the root of its area
as the size, and the spread of its panels. The others say its kind, one of KINDS.
"""

from collections.abc import Sequence

import numpy as np

KINDS = ("ceiling", "window", "lamp", "room")
PLACE_NUMBERS = 9
"""Where a light is, where it shines and how large it is."""
LIGHT_NUMBERS = PLACE_NUMBERS + len(KINDS)
"""All that is told of a light."""


def described(numbers: Sequence[float], kind: str) -> np.ndarray:
    """Return what a network is told of a light: nine numbers, then its kind as one of KINDS."""
    return np.array([*numbers, *(kind == name for name in KINDS)], np.float32)
