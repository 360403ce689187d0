"""The light that a dot stands for, as somebody drags it over a photograph.

The dot is where the light seems to come from: the center is the side of the camera, the left edge
is 90 degrees to the left and the right edge 90 degrees to the right. The top edge is 60 degrees
above the subject and the bottom edge 30 degrees below it. Between them both angles are linear. The
light is a lamp wherever it is, so that its kind does not change on the way.
"""

import math

from keras_f2a.data.described_lights import Direction

SIZE = 0.2
"""Of the dragged light: a lamp with a large shade."""
_LEFT, _RIGHT = -90.0, 90.0
_TOP, _BOTTOM = 60.0, -30.0


def light_at(across: float, down: float) -> str:
    """Return the light of a dot, as `keras_f2a.data.light_mixtures` writes lights.

    Args:
        across: Where the dot is, from 0 at the photograph's left edge to 1 at its right; a dot
            outside counts as on the edge.
        down: The same from 0 at the top edge to 1 at the bottom.

    Returns:
        `AZIMUTH,ELEVATION,SIZE` with angles in whole degrees, halves rounded up.

    Example:
        >>> light_at(0.5, 0.5)
        '0,15,0.2'
    """
    azimuth = _LEFT + _inside(across) * (_RIGHT - _LEFT)
    elevation = _TOP + _inside(down) * (_BOTTOM - _TOP)
    return f"{math.floor(azimuth + 0.5)},{math.floor(elevation + 0.5)},{SIZE:g}"


def dot_of(light: Direction) -> tuple[float, float]:
    """Return where the dot of a light is: the `across` and `down` of `light_at`.

    A light beyond the photograph's edges has its dot on the edge.
    """
    across = (light.azimuth - _LEFT) / (_RIGHT - _LEFT)
    down = (light.elevation - _TOP) / (_BOTTOM - _TOP)
    return _inside(across), _inside(down)


def _inside(position: float) -> float:
    return min(max(position, 0.0), 1.0)
