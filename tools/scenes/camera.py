"""Where the camera stands, and how it moves between the two shots of a pair."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class View:
    """Pinhole camera, upright.

    Attributes:
        origin: Position of the lens in metres, shape (3,).
        target: Point in the middle of the picture, metres, shape (3,).
        field_of_view: Angle across the longer side of the picture, degrees.
    """

    origin: np.ndarray
    target: np.ndarray
    field_of_view: float

    @property
    def forward(self) -> np.ndarray:
        """Unit vector along the optical axis, shape (3,)."""
        direction = self.target - self.origin
        return direction / np.linalg.norm(direction)

    @property
    def right(self) -> np.ndarray:
        """Horizontal unit vector towards the right edge of the picture, shape (3,)."""
        side = np.cross(self.forward, [0.0, 0.0, 1.0])
        return side / np.linalg.norm(side)

    @property
    def up(self) -> np.ndarray:
        """Unit vector towards the top edge of the picture, shape (3,)."""
        return np.cross(self.right, self.forward)


def shifted(rng: np.random.Generator, view: View, pixels: float, width: int) -> View:
    """The view of the second, hand-held shot.

    Args:
        rng: Source of the direction and size of the movement.
        view: View of the first shot.
        pixels: Largest shift of the picture in pixels along each axis.
        width: Longer side of the picture in pixels.

    The camera turns by up to `pixels` and moves by a millimetre or so, so that near and far
    objects shift a little differently.
    """
    distance = np.linalg.norm(view.target - view.origin)
    pixel = 2 * distance * np.tan(np.radians(view.field_of_view / 2)) / width
    turn = rng.uniform(-pixels, pixels, 2) * pixel
    drift = rng.normal(0.0, 0.001, 3)
    target = view.target + turn[0] * view.right + turn[1] * view.up
    return View(view.origin + drift, target + drift, view.field_of_view)


def clearance(view: View, vertices: np.ndarray) -> float:
    """Distance in metres from the lens to the nearest vertex in front of it.

    Args:
        view: The camera.
        vertices: Positions in metres, shape (vertices, 3).

    Returns infinity if nothing lies within 60 degrees of the optical axis.
    """
    offset = vertices - view.origin
    distance = np.linalg.norm(offset, axis=1)
    seen = distance[offset @ view.forward > 0.5 * distance]
    return float(seen.min()) if len(seen) else float("inf")
