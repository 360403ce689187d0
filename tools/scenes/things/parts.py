"""Groups of (mesh, material) parts, and functions to place them."""

from collections.abc import Callable

import numpy as np

from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces.materials import Material

Part = tuple[Mesh, Material]
Thing = list[Part]
"""An object: parts in meters that stand on z = 0, centered on the z axis, facing negative y."""

ObjectMaker = Callable[[np.random.Generator], Thing]


def placed(
    thing: Thing, x: float = 0.0, y: float = 0.0, z: float = 0.0, degrees: float = 0.0
) -> Thing:
    """Rotate a thing about the z axis, then move it (meters)."""
    return [(mesh.turned(degrees).moved(x, y, z), material) for mesh, material in thing]


def resized(thing: Thing, factor: float) -> Thing:
    """Scale a thing about the origin."""
    return [(mesh.scaled(factor, factor, factor), material) for mesh, material in thing]


def bounds(thing: Thing) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and highest corner in meters, each of shape (3,)."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in thing])
    return vertices.min(axis=0), vertices.max(axis=0)


def fitted(thing: Thing, height: float, width: float) -> Thing:
    """Shrink a thing, if necessary, to at most `height` and `width` (along x) in meters."""
    low, high = bounds(thing)
    factor = min(1.0, height / high[2], width / (high[0] - low[0]))
    return resized(thing, factor)


def spread(
    rng: np.random.Generator, things: list[Thing], width: float, depth: float, gap: float = 0.01
) -> Thing:
    """Scatter things without overlap over a rectangle centered at the origin.

    Each thing tries 60 random places. It is left out if none of them is free.
    """
    taken: list[tuple[float, float, float, float]] = []
    result: Thing = []
    for thing in things:
        thing = placed(thing, degrees=rng.uniform(-30, 30))
        low, high = bounds(thing)
        reach = np.array([width, depth]) / 2 - (high - low)[:2] / 2
        if np.any(reach < 0):
            continue
        for _ in range(60):
            x, y = rng.uniform(-reach, reach) - (high + low)[:2] / 2
            left, front, right, back = x + low[0], y + low[1], x + high[0], y + high[1]
            if not any(
                left < other[2] + gap
                and right > other[0] - gap
                and front < other[3] + gap
                and back > other[1] - gap
                for other in taken
            ):
                taken.append((left, front, right, back))
                result += placed(thing, x, y)
                break
    return result
