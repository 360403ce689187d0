"""How far the rules let a light go, by the side that it comes from.

A light from one side shows only if the other side gets darker, even in a face, and if objects keep
their shading, which a wide blur removes. So each number in steps 1, 3, 5, 6 and 8 of
`keras_f2a.correction.lights` is ``(1 - s) * EVENLY + s * FROM_A_SIDE``. Here ``s`` grows linearly
from 0 to 1 as the light's ``|rightward|`` grows from `NO_SIDE` to `CLEAR_SIDE`. `auto` comes from
both sides equally, so its s is 0, and it never darkens a face.
"""

from dataclasses import asdict, dataclass

NO_SIDE = 0.2
CLEAR_SIDE = 0.6


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How far a light goes: the numbers of steps 1, 3, 5, 6 and 8."""

    blur: float
    network_share: float
    radial_share: float
    lift: float
    darken: float
    lift_with_faces: float
    darken_with_faces: float
    darkest: float
    brightest: float
    spare_close: float


EVENLY = Limits(
    blur=0.036,
    network_share=1.2,
    radial_share=2.25,
    lift=1.2,
    darken=0.25,
    lift_with_faces=0.8,
    darken_with_faces=0.0,
    darkest=-0.5,
    brightest=1.1,
    spare_close=1.0,
)
"""Limits for light from both sides equally."""
FROM_A_SIDE = Limits(
    blur=0.012,
    network_share=1.8,
    radial_share=1.2,
    lift=1.1,
    darken=0.6,
    lift_with_faces=0.8,
    darken_with_faces=0.15,
    darkest=-0.7,
    brightest=1.0,
    spare_close=0.5,
)
"""Limits for light from one side. On faces, viewers preferred it to darker and weaker lights."""


def limits_of(rightward: float) -> Limits:
    """Return the limits of light from a side.

    Args:
        rightward: From -1 (left) to 1 (right); 0 is from both sides equally.
    """
    share = linear_step(abs(rightward), NO_SIDE, CLEAR_SIDE)
    even, one_sided = asdict(EVENLY), asdict(FROM_A_SIDE)
    return Limits(**{name: (1 - share) * even[name] + share * one_sided[name] for name in even})


def linear_step(value: float, low: float, high: float) -> float:
    """Return 0 at `low` and below, 1 at `high` and above, and interpolate in between."""
    return min(max((float(value) - low) / (high - low), 0.0), 1.0)
