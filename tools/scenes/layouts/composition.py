"""The layout of a scene, and helpers to compose one."""

from dataclasses import dataclass, replace

import numpy as np

from tools.scenes.camera import View
from tools.scenes.lighting import Panel
from tools.scenes.things import furniture
from tools.scenes.things.appliances import APPLIANCES
from tools.scenes.things.containers import CONTAINERS
from tools.scenes.things.objects import OBJECTS
from tools.scenes.things.parts import ObjectMaker, Thing, bounds, placed
from tools.scenes.things.plants import PLANTS
from tools.scenes.things.soft_goods import SOFT_GOODS
from tools.scenes.things.toys import TOYS

ALL_KINDS = (OBJECTS, CONTAINERS, SOFT_GOODS, TOYS, PLANTS, APPLIANCES)


@dataclass(frozen=True)
class Layout:
    """Furnished room and camera.

    Width, back and front are in meters, as in `furniture.room`. Windows are lights in the picture
    that show the view outside. Ceiling lights are added to those of every room.
    """

    thing: Thing
    view: View
    width: float
    back: float
    front: float
    windows: tuple[Panel, ...] = ()
    ceiling: tuple[Panel, ...] = ()


def pick(rng: np.random.Generator, count: int, *tables: dict[str, ObjectMaker]) -> list[Thing]:
    """Make `count` objects of evenly drawn kinds, with as little repetition as possible."""
    makers = [maker for table in tables for maker in table.values()]
    order = np.concatenate([rng.permutation(len(makers)) for _ in range(count // len(makers) + 1)])
    return [makers[index](rng) for index in order[:count]]


def look(
    rng: np.random.Generator,
    distance: float,
    elevation: float,
    target: tuple,
    angle: float = 58.0,
    turn: float = 22.0,
) -> View:
    """Return a camera that looks at a target.

    Args:
        rng: Source of randomness.
        distance: Distance from the lens to the target, meters.
        elevation: Elevation of the lens above the target, degrees.
        target: Center of the picture, meters.
        angle: Field of view across the longer side, degrees.
        turn: Largest angle between the view and positive y, degrees.
    """
    aim = np.array(target, float)
    azimuth, rise = np.radians(rng.uniform(-turn, turn)), np.radians(elevation)
    back = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0]) * np.cos(rise)
    return View(aim + distance * (back + np.array([0, 0, np.sin(rise)])), aim, angle)


def framing(thing: Thing, share: float, angle: float = 58.0) -> tuple[float, np.ndarray]:
    """Return the distance at which a thing fills `share` of the longer side, and its center."""
    low, high = bounds(thing)
    size = np.linalg.norm((high - low) * np.array([1.0, 0.5, 1.0]))
    distance = 0.5 * size / share / np.tan(np.radians(angle / 2)) + 0.3 * (high - low)[1]
    return max(float(distance), 0.4), (low + high) / 2


def grown(thing: Thing, least: float, most: float) -> Thing:
    """Scale a thing so that its largest extent lies between `least` and `most` meters."""
    low, high = bounds(thing)
    extent = (high - low).max()
    factor = np.clip(extent, least, most) / extent
    return [(mesh.scaled(factor, factor, factor), material) for mesh, material in thing]


def wall_decoration(rng: np.random.Generator, back: float, height: float) -> Thing:
    """Hang pictures side by side on the back wall, around `height` meters."""
    thing: Thing = []
    x = rng.uniform(-1.0, -0.2)
    while x < 0.9:
        width, tall = rng.uniform(0.2, 0.6), rng.uniform(0.25, 0.6)
        picture = furniture.wall_picture(rng, width, tall)
        x += width / 2
        thing += placed(picture, x, back - 0.001, height + rng.uniform(-0.15, 0.15))
        x += width / 2 + rng.uniform(0.06, 0.6)
    return thing


def clutter(
    rng: np.random.Generator, count: int, width: float, depth: float, *tables: dict
) -> Thing:
    """Drop things close together. They overlap, some lie on top of others, and some are toppled."""
    thing: Thing = []
    piles: list[tuple[np.ndarray, float]] = []
    for item in pick(rng, count, *(tables or ALL_KINDS)):
        if rng.uniform() < 0.25:
            item = toppled(rng, item)
        item = placed(item, degrees=rng.uniform(-60, 60))
        place = rng.uniform(-0.5, 0.5, 2) * np.array([width, depth])
        under = [top for spot, top in piles if np.linalg.norm(spot - place) < 0.16]
        z = 0.8 * max(under) if under else 0.0
        low, high = bounds(item)
        thing += placed(item, place[0], place[1], z - low[2])
        piles.append((place, z + min(float(high[2] - low[2]), 0.3)))
    return thing


def toppled(rng: np.random.Generator, thing: Thing) -> Thing:
    """Lay a thing on its side."""
    lying = [(mesh.turned(90, "y"), material) for mesh, material in thing]
    low, high = bounds(lying)
    middle = (low + high) / 2
    return placed(placed(lying, -middle[0], -middle[1], -low[2]), degrees=rng.uniform(0, 360))


def within_walls(layout: Layout) -> Layout:
    """Keep a layout's camera within the walls and the ceiling. The room is open in front."""
    view = layout.view
    half = layout.width / 2 - 0.15
    low = np.array([-half, -np.inf, 0.15])
    high = np.array([half, layout.back - 0.3, 2.3])
    return replace(layout, view=replace(view, origin=np.clip(view.origin, low, high)))
