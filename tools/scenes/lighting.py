"""The two lights of a pair: the camera's flash, and warm ambient light from above."""

from dataclasses import dataclass

import numpy as np

from tools.scenes.camera import View


@dataclass(frozen=True)
class Flash:
    """Small flash beside the lens.

    Attributes:
        position: Metres, shape (3,).
        target: Point it is aimed at, metres, shape (3,).
        colour: Linear RGB, green 1, shape (3,).
        beam: Half angle of the beam in degrees; brightness falls off towards it.
    """

    position: np.ndarray
    target: np.ndarray
    colour: np.ndarray
    beam: float


@dataclass(frozen=True)
class Panel:
    """Rectangular soft light.

    Attributes:
        centre: Metres, shape (3,).
        direction: Unit vector into which it shines, shape (3,).
        width: Metres.
        height: Metres.
        radiance: Linear RGB, shape (3,).
    """

    centre: np.ndarray
    direction: np.ndarray
    width: float
    height: float
    radiance: np.ndarray


@dataclass(frozen=True)
class Ambient:
    """Ambient light of a room.

    Attributes:
        panels: Ceiling lights, windows, and the dim rest of the room behind the viewer.
        colour: Colour of the main light, linear RGB, green 1, shape (3,).
    """

    panels: tuple[Panel, ...]
    colour: np.ndarray


def sample_flash(rng: np.random.Generator, view: View) -> Flash:
    """Flash 5 to 12 cm beside the lens, sometimes above it: its shadows fall sideways."""
    side = rng.choice([-1.0, 1.0]) * rng.uniform(0.05, 0.12)
    position = view.origin + side * view.right + rng.uniform(-0.02, 0.06) * view.up
    colour = np.array([rng.normal(1.0, 0.03), 1.0, rng.normal(1.0, 0.05)])
    return Flash(position, view.target, colour, rng.uniform(48.0, 65.0))


def warm_colour(rng: np.random.Generator) -> np.ndarray:
    """Colour of a lamp from incandescent to neutral white, linear RGB with green 1."""
    warmth = rng.uniform(0.25, 1.0)
    return np.array([1.0 + 0.4 * warmth, 1.0, 1.0 - 0.55 * warmth])


def sample_ambient(
    rng: np.random.Generator, view: View, width: float, back: float, front: float
) -> Ambient:
    """One or two ceiling lights, now and then a window at the side, and a weak fill.

    Args:
        rng: Source of randomness.
        view: The camera; the lights hang above the space it looks at.
        width: Width of the room in metres, centred at x = 0.
        back: Position y of the back wall in metres.
        front: Position y of the room's open side, behind the viewer.
    """
    colour = warm_colour(rng)
    down = np.array([0.0, 0.0, -1.0])
    panels = []
    for _ in range(int(rng.integers(1, 3))):
        x = rng.uniform(-0.35, 0.35) * width
        y = np.clip(rng.uniform(view.origin[1] - 0.3, view.target[1] + 0.2), None, back - 0.4)
        size = rng.uniform(0.35, 1.1, 2)
        strength = rng.uniform(0.6, 1.4) / (size[0] * size[1])
        panels.append(Panel(np.array([x, y, 2.45]), down, size[0], size[1], strength * colour))
    if rng.uniform() < 0.35:
        panels.append(_window(rng, view, width))
    fill = rng.uniform(0.02, 0.09) * (0.5 * colour + 0.5)
    inwards = np.array([0.0, 1.0, 0.0])
    panels.append(Panel(np.array([0.0, front, 1.25]), inwards, width, 2.5, fill))
    return Ambient(tuple(panels), colour)


def _window(rng: np.random.Generator, view: View, width: float) -> Panel:
    """Soft daylight from a side wall, beside or behind the viewer."""
    side = rng.choice([-1.0, 1.0])
    centre = np.array([side * (0.5 * width - 0.02), view.origin[1] - rng.uniform(-0.2, 0.6), 1.5])
    daylight = np.array([0.85, 1.0, 1.15]) * rng.uniform(0.2, 0.8)
    return Panel(centre, np.array([-side, 0.0, 0.0]), 0.9, 1.1, daylight)
