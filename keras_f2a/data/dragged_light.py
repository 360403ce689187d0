"""Maps a dot that a user drags over a photograph to a light, and a light to its dot.

The light seems to come from the dot. The center is the direction of the camera, the left edge is
90 degrees to the left, and the right edge is 90 degrees to the right. The top edge is 60 degrees
above the subject, and the bottom edge is 30 degrees below it. Both angles are linear in between.
The light is always a lamp, so its kind does not change while the dot moves.
"""

import math

from keras_f2a.data.described_lights import Direction

SIZE = 0.2
"""Size of the dragged light, a lamp with a large shade."""
_LEFT, _RIGHT = -90.0, 90.0
_TOP, _BOTTOM = 60.0, -30.0


def light_at(across: float, down: float) -> str:
    """Return the light of a dot, in the syntax of `keras_f2a.data.light_mixtures`.

    Args:
        across: The dot's horizontal position, from 0 at the photograph's left edge to 1 at its
            right edge. Positions outside are moved to the edge.
        down: The dot's vertical position, from 0 at the top edge to 1 at the bottom edge, limited
            in the same way.

    Returns:
        `AZIMUTH,ELEVATION,SIZE`, with angles rounded to whole degrees. Halves round up.

    Example:
        >>> light_at(0.5, 0.5)
        '0,15,0.2'
    """
    azimuth = _LEFT + _clip(across) * (_RIGHT - _LEFT)
    elevation = _TOP + _clip(down) * (_BOTTOM - _TOP)
    return f"{math.floor(azimuth + 0.5)},{math.floor(elevation + 0.5)},{SIZE:g}"


def dot_of(light: Direction) -> tuple[float, float]:
    """Return the dot of a light, as the `across` and `down` of `light_at`.

    If the light lies beyond the photograph's edges, its dot is on the edge.
    """
    across = (light.azimuth - _LEFT) / (_RIGHT - _LEFT)
    down = (light.elevation - _TOP) / (_BOTTOM - _TOP)
    return _clip(across), _clip(down)


def _clip(position: float) -> float:
    return min(max(position, 0.0), 1.0)
