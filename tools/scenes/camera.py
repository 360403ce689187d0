"""The camera's position and field of view."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class View:
    """Pinhole camera.

    Attributes:
        origin: Position of the lens in meters, shape (3,).
        target: Point in the center of the picture, meters, shape (3,).
        field_of_view: Angle across the longer side of the picture, degrees.
        roll: Rotation about the optical axis, clockwise for the viewer, degrees.
    """

    origin: np.ndarray
    target: np.ndarray
    field_of_view: float
    roll: float = 0.0

    @property
    def forward(self) -> np.ndarray:
        """Unit vector along the optical axis, shape (3,)."""
        direction = self.target - self.origin
        return direction / np.linalg.norm(direction)

    @property
    def right(self) -> np.ndarray:
        """Unit vector toward the right edge of the picture, shape (3,)."""
        side = np.cross(self.forward, [0.0, 0.0, 1.0])
        side /= np.linalg.norm(side)
        turn = np.radians(self.roll)
        return np.cos(turn) * side - np.sin(turn) * np.cross(side, self.forward)

    @property
    def up(self) -> np.ndarray:
        """Unit vector toward the top edge of the picture, shape (3,)."""
        return np.cross(self.right, self.forward)


def recomposed(view: View, field_of_view: float) -> View:
    """Return a view that frames the target the same with another lens.

    The camera moves along its axis.

    Args:
        view: The camera.
        field_of_view: Wanted angle across the longer side of the picture, degrees.
    """
    half_angles = np.radians([view.field_of_view / 2, field_of_view / 2])
    ratio = np.tan(half_angles[0]) / np.tan(half_angles[1])
    origin = view.target + ratio * (view.origin - view.target)
    return replace(view, origin=origin, field_of_view=field_of_view)


def clearance(view: View, vertices: np.ndarray) -> float:
    """Return the distance in meters from the lens to the nearest vertex in front of it.

    Args:
        view: The camera.
        vertices: Positions in meters, shape (vertices, 3).

    Returns:
        The distance, or infinity if no vertex lies within 60 degrees of the optical axis.
    """
    offset = vertices - view.origin
    distance = np.linalg.norm(offset, axis=1)
    seen = distance[offset @ view.forward > 0.5 * distance]
    return float(seen.min()) if len(seen) else float("inf")
