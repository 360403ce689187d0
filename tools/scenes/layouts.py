"""Kinds of scenes: what stands where, and from where it is photographed.

Every layout takes a NumPy generator and returns a `Layout`. The camera looks along positive y.
To add a kind of scene, write such a function and name it in LAYOUTS.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tools.scenes import furniture
from tools.scenes.camera import View
from tools.scenes.objects import OBJECTS
from tools.scenes.parts import ObjectMaker, Thing, bounds, fitted, placed, spread
from tools.scenes.plants import PLANTS
from tools.scenes.toys import TOYS


@dataclass(frozen=True)
class Layout:
    """Furnished room and camera; width, back and front in metres as in `furniture.room`."""

    thing: Thing
    view: View
    width: float
    back: float
    front: float


def _pick(rng: np.random.Generator, count: int, *tables: dict[str, ObjectMaker]) -> list[Thing]:
    """Make `count` objects, kinds drawn evenly and as far as possible without repetition."""
    makers = [maker for table in tables for maker in table.values()]
    order = np.concatenate([rng.permutation(len(makers)) for _ in range(count // len(makers) + 1)])
    return [makers[index](rng) for index in order[:count]]


def _view(
    rng: np.random.Generator, distance: float, elevation: float, target: tuple, angle: float
) -> View:
    """Camera `distance` metres from the target, `elevation` degrees above it, nearly frontal."""
    aim = np.array(target, float)
    azimuth, rise = np.radians(rng.uniform(-22, 22)), np.radians(elevation)
    back = np.array([np.sin(azimuth), -np.cos(azimuth), 0.0]) * np.cos(rise)
    return View(aim + distance * (back + np.array([0, 0, np.sin(rise)])), aim, angle)


def _wall_decoration(rng: np.random.Generator, back: float, height: float) -> Thing:
    """Two to four pictures side by side on the back wall, around `height` metres."""
    thing: Thing = []
    x = rng.uniform(-1.0, -0.7)
    while x < 0.9:
        width, tall = rng.uniform(0.2, 0.55), rng.uniform(0.25, 0.55)
        picture = furniture.wall_picture(rng, width, tall)
        x += width / 2
        thing += placed(picture, x, back - 0.001, height + rng.uniform(-0.1, 0.1))
        x += width / 2 + rng.uniform(0.06, 0.3)
    return thing


def tabletop(rng: np.random.Generator) -> Layout:
    """Household things on a table, a wall close or far behind."""
    back = rng.uniform(0.5, 1.7)
    tall, width = 0.75, rng.uniform(2.6, 3.6)
    front = -2.4
    thing = furniture.room(rng, width, back, front)
    thing += furniture.table(rng, rng.uniform(1.2, 1.7), 0.8, tall)
    items = _pick(rng, int(rng.integers(10, 17)), OBJECTS, TOYS, PLANTS)
    thing += placed(spread(rng, items, 1.05, 0.6), z=tall)
    thing += _wall_decoration(rng, back, rng.uniform(0.95, 1.3))
    if back > 1.1 and rng.uniform() < 0.7:
        chest = furniture.chest(rng, rng.uniform(0.7, 1.3), 0.4, 0.9)
        side = rng.uniform(-0.6, 0.6)
        thing += placed(chest, side, back - 0.21)
        thing += placed(spread(rng, _pick(rng, 4, OBJECTS), 0.7, 0.3), side, back - 0.21, 0.9)
    view = _view(rng, rng.uniform(0.8, 1.15), rng.uniform(12, 38), (0, -0.05, tall + 0.1), 50)
    return Layout(thing, view, width, back, front)


def _fill_board(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Objects side by side on a board, with `height` metres of room above it."""
    thing: Thing = []
    x = -width / 2
    tables = (OBJECTS, OBJECTS, TOYS) if rng.uniform() < 0.5 else (OBJECTS, PLANTS)
    for item in _pick(rng, 8, *tables):
        if rng.uniform() < 0.35:
            item = OBJECTS["book_row"](rng)
        item = fitted(item, height, 0.45)
        low, high = bounds(item)
        if x + high[0] - low[0] > width / 2:
            continue
        thing += placed(item, x - low[0], rng.uniform(-0.06, 0.0))
        x += high[0] - low[0] + rng.uniform(0.005, 0.07)
    return thing


def shelves(rng: np.random.Generator) -> Layout:
    """Bookcase filled with books, boxes and ornaments."""
    width, depth, back = rng.uniform(0.8, 1.3), 0.3, 0.32
    levels = list(np.cumsum([0.3, *rng.uniform(0.28, 0.38, 4)]))
    room_width = rng.uniform(2.4, 3.4)
    front = -2.6
    thing = furniture.room(rng, room_width, back, front)
    thing += placed(furniture.bookcase(rng, width, depth, levels), y=back - depth / 2 - 0.01)
    for low, high in zip(levels, [*levels[1:], 2.3], strict=True):
        board = _fill_board(rng, width - 0.08, min(high - low - 0.04, 0.35))
        thing += placed(board, y=back - depth / 2 - 0.01, z=low)
    for side in (-1, 1):
        plant = fitted(_pick(rng, 1, PLANTS)[0], 0.6, 0.5)
        thing += placed(plant, side * (width / 2 + 0.25), 0.05)
    target = (rng.uniform(-0.15, 0.15), back - depth, rng.uniform(0.8, 1.2))
    view = _view(rng, rng.uniform(0.9, 1.5), rng.uniform(0, 18), target, 54)
    return Layout(thing, view, room_width, back, front)


def living_room(rng: np.random.Generator) -> Layout:
    """Furniture along a wall, seen from across the room."""
    width, back = rng.uniform(3.0, 4.2), 1.0
    front = -3.2
    thing = furniture.room(rng, width, back, front)
    thing += _wall_decoration(rng, back, rng.uniform(1.25, 1.5))
    if rng.uniform() < 0.5:
        thing += placed(furniture.sofa(rng), rng.uniform(-0.4, 0.4), back - 0.45)
    else:
        chest = furniture.chest(rng, 1.2, 0.42, 0.8)
        thing += placed(chest, y=back - 0.22)
        items = _pick(rng, 6, OBJECTS, PLANTS)
        thing += placed(spread(rng, items, 1.15, 0.36), 0, back - 0.22, 0.8)
    side = rng.choice([-1.0, 1.0])
    thing += placed(furniture.chair(rng), side * 0.95, 0.15, degrees=rng.uniform(-60, 60))
    if rng.uniform() < 0.5:
        thing += placed(furniture.door(rng), -side * (width / 2 - 0.6), back - 0.001)
    else:
        curtain = furniture.curtain(rng, 0.8, 2.2)
        thing += placed(curtain, -side * (width / 2 - 0.5), back - 0.001)
    thing += placed(furniture.floor_rug(rng, 1.8, 1.2), y=-0.3)
    clutter = _pick(rng, 6, TOYS, PLANTS, OBJECTS)
    thing += placed(spread(rng, clutter, 2.0, 0.8, 0.05), y=-0.35, z=0.013)
    view = _view(rng, rng.uniform(2.0, 2.7), rng.uniform(8, 22), (0, 0.4, 0.65), 62)
    return Layout(thing, view, width, back, front)


def play_corner(rng: np.random.Generator) -> Layout:
    """Toys on a rug, seen from above."""
    width, back = rng.uniform(2.4, 3.4), rng.uniform(0.6, 1.3)
    front = -2.0
    thing = furniture.room(rng, width, back, front)
    thing += furniture.floor_rug(rng, 1.6, 1.2)
    items = _pick(rng, int(rng.integers(11, 18)), TOYS, TOYS, {"parcel": OBJECTS["parcel"]})
    thing += placed(spread(rng, items, 1.15, 0.85), z=0.013)
    if rng.uniform() < 0.6:
        chest = furniture.chest(rng, 0.9, 0.35, 0.55)
        thing += placed(chest, rng.uniform(-0.4, 0.4), back - 0.18)
    view = _view(rng, rng.uniform(0.85, 1.25), rng.uniform(25, 52), (0, -0.05, 0.08), 50)
    return Layout(thing, view, width, back, front)


def plant_bench(rng: np.random.Generator) -> Layout:
    """Plants close to the camera, with a few other things."""
    width, back, tall = rng.uniform(2.2, 3.2), rng.uniform(0.4, 0.9), 0.6
    front = -2.0
    thing = furniture.room(rng, width, back, front)
    thing += furniture.table(rng, 1.5, 0.7, tall)
    items = _pick(rng, int(rng.integers(6, 10)), PLANTS) + _pick(rng, 3, OBJECTS)
    thing += placed(spread(rng, items, 1.0, 0.55, 0.0), z=tall)
    if rng.uniform() < 0.6:
        thing += _wall_decoration(rng, back, rng.uniform(0.85, 1.1))
    view = _view(rng, rng.uniform(0.7, 0.95), rng.uniform(12, 40), (0, 0, tall + 0.12), 46)
    return Layout(thing, view, width, back, front)


def sideboard(rng: np.random.Generator) -> Layout:
    """Pictures on a wall above a chest with ornaments."""
    width, back = rng.uniform(2.4, 3.4), 0.3
    front = -2.4
    thing = furniture.room(rng, width, back, front)
    thing += placed(furniture.chest(rng, 1.4, 0.42, 0.85), y=back - 0.22)
    items = _pick(rng, 8, OBJECTS, PLANTS, TOYS)
    thing += placed(spread(rng, items, 1.3, 0.36), 0, back - 0.22, 0.85)
    thing += _wall_decoration(rng, back, rng.uniform(1.2, 1.35))
    target = (rng.uniform(-0.15, 0.15), 0.1, rng.uniform(1.0, 1.15))
    view = _view(rng, rng.uniform(0.95, 1.4), rng.uniform(0, 22), target, 50)
    return Layout(thing, view, width, back, front)


LAYOUTS: dict[str, Callable[[np.random.Generator], Layout]] = {
    layout.__name__: layout
    for layout in (tabletop, shelves, play_corner, plant_bench, sideboard, living_room)
}
