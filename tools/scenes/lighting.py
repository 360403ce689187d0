"""The lights of a scene: the camera's flash, and the sources that make up the ambient light.

Every source is white here. Light adds up, and surfaces reflect R, G and B independently. So one
picture under each source is enough: `tools.scenes.photographs.mixing` weights and colors them.
"""

from dataclasses import dataclass

import numpy as np

from tools.scenes.camera import View

AMBIENT_SOURCES = ("ceiling", "window", "lamp", "room")
"""Ceiling lights; daylight from one side; a lamp outside the view and lampshades inside it; and the
soft light that the rest of the room, behind the viewer, reflects."""

CEILING_HEIGHT = 2.45


@dataclass(frozen=True)
class Flash:
    """Small flash beside the lens.

    Attributes:
        position: Meters, shape (3,).
        target: Point that it is aimed at, meters, shape (3,).
        beam: Half angle of the beam in degrees. Brightness falls off toward its edge.
    """

    position: np.ndarray
    target: np.ndarray
    beam: float


@dataclass(frozen=True)
class Panel:
    """Rectangular light.

    Attributes:
        center: Meters, shape (3,).
        direction: Unit vector in the direction of its light, shape (3,).
        width: Meters.
        height: Meters.
        radiance: Radiance of its white light, relative to other panels of the same source.
        picture: Picture that it shows, as factors on the radiance: linear RGB with a mean of 1,
            first row at the top, shape (rows, columns, 3); None if it is plain.
    """

    center: np.ndarray
    direction: np.ndarray
    width: float
    height: float
    radiance: float = 1.0
    picture: np.ndarray | None = None


def sample_flash(rng: np.random.Generator, view: View) -> Flash:
    """Sample a phone's flash, 1 to 3 cm from the lens, or sometimes a camera's, up to 12 cm."""
    reach = rng.uniform(0.04, 0.12) if rng.uniform() < 0.25 else rng.uniform(0.01, 0.03)
    turn = rng.uniform(0, np.pi)
    position = view.origin + reach * (np.cos(turn) * view.right + np.sin(turn) * view.up)
    return Flash(position, view.target, rng.uniform(44.0, 70.0))


def sample_ambient(
    rng: np.random.Generator, view: View, width: float, back: float, front: float
) -> dict[str, tuple[Panel, ...]]:
    """Sample the panels of each of AMBIENT_SOURCES.

    Args:
        rng: Source of randomness.
        view: The camera. Lights are placed around the space that it sees.
        width: Width of the room in meters, centered at x = 0.
        back: Position y of the back wall in meters.
        front: Position y of the room's open side, behind the viewer.
    """
    return {
        "ceiling": _ceiling(rng, view, width, back),
        "window": (_window(rng, view, width),),
        "lamp": (_lamp(rng, view, width, back),),
        "room": (Panel(np.array([0.0, front, 1.25]), np.array([0.0, 1.0, 0.0]), width, 2.5),),
    }


def _ceiling(rng: np.random.Generator, view: View, width: float, back: float) -> tuple[Panel, ...]:
    """Sample one to three lights above the subject or the viewer, from bulbs to bright ceilings."""
    down = np.array([0.0, 0.0, -1.0])
    panels = []
    for _ in range(int(rng.integers(1, 4))):
        x = rng.uniform(-0.35, 0.35) * width
        y = np.clip(rng.uniform(view.origin[1] - 0.8, view.target[1] + 0.5), None, back - 0.3)
        sides = rng.uniform(0.12, 0.4, 2) if rng.uniform() < 0.5 else rng.uniform(0.4, 1.2, 2)
        across, along = sides
        strength = rng.uniform(0.5, 1.5) / (across * along)
        panels.append(Panel(np.array([x, y, CEILING_HEIGHT]), down, across, along, strength))
    return tuple(panels)


def _window(rng: np.random.Generator, view: View, width: float) -> Panel:
    """Sample soft daylight from a side wall, beside or behind the viewer."""
    side = rng.choice([-1.0, 1.0])
    depth = rng.uniform(view.origin[1] - 0.8, 0.5 * (view.origin[1] + view.target[1]))
    center = np.array([side * (0.5 * width - 0.02), depth, rng.uniform(1.2, 1.6)])
    return Panel(center, np.array([-side, 0.0, 0.0]), rng.uniform(0.7, 1.6), rng.uniform(0.9, 1.4))


def _lamp(rng: np.random.Generator, view: View, width: float, back: float) -> Panel:
    """Sample a small lamp to one side, outside the picture, that casts sharp-edged shadows."""
    side = rng.choice([-1.0, 1.0])
    x = np.clip(side * rng.uniform(0.8, 1.8), -0.48 * width, 0.48 * width)
    y = np.clip(rng.uniform(view.origin[1] - 0.5, view.target[1] + 0.2), None, back - 0.2)
    center = np.array([x, y, rng.uniform(1.0, 2.1)])
    direction = view.target - center
    size = rng.uniform(0.06, 0.3)
    return Panel(center, direction / np.linalg.norm(direction), size, size)
