"""Kinds of scenes that show furniture and clutter, about one to three meters away."""

import numpy as np

from tools.scenes.layouts import composition as compose
from tools.scenes.layouts.composition import Layout, look, pick
from tools.scenes.things import fixtures, furniture
from tools.scenes.things.appliances import APPLIANCES
from tools.scenes.things.containers import CONTAINERS
from tools.scenes.things.objects import OBJECTS
from tools.scenes.things.parts import placed, spread
from tools.scenes.things.plants import PLANTS
from tools.scenes.things.soft_goods import SOFT_GOODS
from tools.scenes.things.toys import TOYS


def tabletop(rng: np.random.Generator) -> Layout:
    """Set up household things on a table, with a wall close or far behind."""
    back = rng.uniform(0.5, 3.0)
    tall, width = 0.75, rng.uniform(2.6, 3.6)
    front = -2.4
    thing = furniture.room(rng, width, back, front)
    thing += furniture.table(rng, rng.uniform(1.2, 1.7), 0.8, tall)
    items = pick(rng, int(rng.integers(3, 13)), *compose.ALL_KINDS)
    thing += placed(spread(rng, items, 1.05, 0.6), z=tall)
    if rng.uniform() < 0.6:
        thing += compose.wall_decoration(rng, back, rng.uniform(0.95, 1.3))
    if back > 1.1 and rng.uniform() < 0.7:
        chest = furniture.chest(rng, rng.uniform(0.7, 1.3), 0.4, 0.9)
        side = rng.uniform(-0.6, 0.6)
        thing += placed(chest, side, back - 0.21)
        thing += placed(spread(rng, pick(rng, 4, OBJECTS), 0.7, 0.3), side, back - 0.21, 0.9)
    view = look(rng, rng.uniform(0.7, 1.15), rng.uniform(8, 38), (0, -0.05, tall + 0.1), 50)
    return Layout(thing, view, width, back, front)


def messy_corner(rng: np.random.Generator) -> Layout:
    """Set up the corner of a room with a pile of clothes, toys, bags and boxes."""
    width, back, front = rng.uniform(2.4, 3.6), rng.uniform(0.5, 1.0), -3.0
    thing = furniture.room(rng, width, back, front)
    side = rng.choice([-1.0, 1.0])
    middle = side * (width / 2 - 0.65)
    heap = compose.clutter(rng, int(rng.integers(6, 16)), 1.0, 0.8, SOFT_GOODS, CONTAINERS, TOYS)
    thing += placed(heap, middle, back - 0.6)
    if rng.uniform() < 0.5:
        place = (-side * 0.3, back - 0.25)
        thing += placed(furniture.chest(rng, 0.8, 0.4, rng.uniform(0.5, 1.0)), *place)
    if rng.uniform() < 0.4:
        thing += placed(
            furniture.chair(rng), middle - side * 0.7, back - 0.7, 0, rng.uniform(0, 360)
        )
    if rng.uniform() < 0.4:
        thing += placed(furniture.door(rng), -side * 0.5, back - 0.002)
    target = (middle - side * rng.uniform(0.1, 0.5), back - 0.6, rng.uniform(0.2, 0.5))
    view = look(rng, rng.uniform(1.2, 2.4), rng.uniform(10, 35), target)
    return compose.within_walls(Layout(thing, view, width, back, front))


def bedroom(rng: np.random.Generator) -> Layout:
    """Set up an unmade bed with cushions and things left on it."""
    width, back, front = rng.uniform(2.6, 4.0), 1.25, -3.2
    thing = furniture.room(rng, width, back, front)
    tall = rng.uniform(0.35, 0.5)
    x = rng.uniform(-0.4, 0.4)
    thing += placed(fixtures.bedding(rng, rng.uniform(1.2, 1.6), 1.9, tall), x, 0.25)
    items = pick(rng, int(rng.integers(1, 6)), SOFT_GOODS, TOYS, OBJECTS)
    thing += placed(spread(rng, items, 1.0, 0.9), x, 0.0, tall + 0.04)
    thing += placed(furniture.chest(rng, 0.45, 0.4, 0.5), x + rng.choice([-1.1, 1.1]), 1.0)
    if rng.uniform() < 0.6:
        thing += compose.wall_decoration(rng, back, 1.4)
    distance = rng.uniform(1.3, 2.6)
    view = look(rng, distance, rng.uniform(15, 40), (0.5 * x, 0.3, tall + 0.15))
    return compose.within_walls(Layout(thing, view, width, back, front))


def sofa_close(rng: np.random.Generator) -> Layout:
    """Set up a sofa with cushions and a few things on it."""
    width, back, front = rng.uniform(2.4, 3.6), 0.6, -2.6
    thing = furniture.room(rng, width, back, front)
    thing += placed(furniture.sofa(rng), 0, 0.1)
    items = pick(rng, int(rng.integers(1, 4)), SOFT_GOODS, TOYS, CONTAINERS)
    thing += placed(spread(rng, items, 1.0, 0.5), 0, -0.1, 0.415)
    if rng.uniform() < 0.5:
        thing += compose.wall_decoration(rng, back, 1.3)
    target = (rng.uniform(-0.4, 0.4), 0.0, 0.55)
    view = look(rng, rng.uniform(0.8, 1.7), rng.uniform(8, 40), target)
    return Layout(thing, view, width, back, front)


def desk(rng: np.random.Generator) -> Layout:
    """Set up a desk with a screen or laptop, papers, cables and small things."""
    width, back, front, tall = rng.uniform(2.2, 3.4), 0.42, -2.4, 0.74
    thing = furniture.room(rng, width, back, front)
    thing += furniture.table(rng, 1.5, 0.75, tall)
    if rng.uniform() < 0.6:
        thing += placed(APPLIANCES["display"](rng), rng.uniform(-0.15, 0.15), 0.2, tall)
        thing += placed(APPLIANCES["keyboard"](rng), rng.uniform(-0.1, 0.1), -0.15, tall)
    else:
        thing += placed(APPLIANCES["laptop"](rng), rng.uniform(-0.15, 0.15), 0.0, tall)
    thing += placed(APPLIANCES["tangle"](rng), rng.choice([-0.4, 0.4]), 0.1, tall)
    papers = {
        name: OBJECTS[name] for name in ("open_book", "book_stack", "mug", "clock", "package")
    }
    small = {"small_device": APPLIANCES["small_device"], "cup": CONTAINERS["drinking_cup"]}
    for side in (-1, 1):
        items = pick(rng, int(rng.integers(1, 4)), papers, small, PLANTS)
        thing += placed(spread(rng, items, 0.4, 0.6), side * 0.52, 0.0, tall)
    if rng.uniform() < 0.6:
        thing += compose.wall_decoration(rng, back, 1.35)
    target = (rng.uniform(-0.2, 0.2), 0.0, tall + rng.uniform(0.05, 0.25))
    view = look(rng, rng.uniform(0.7, 1.3), rng.uniform(8, 50), target)
    return Layout(thing, view, width, back, front)


def living_room(rng: np.random.Generator) -> Layout:
    """Set up furniture along a wall, seen from across the room."""
    width, back = rng.uniform(3.0, 4.2), 1.0
    front = -3.2
    thing = furniture.room(rng, width, back, front)
    thing += compose.wall_decoration(rng, back, rng.uniform(1.25, 1.5))
    if rng.uniform() < 0.5:
        thing += placed(furniture.sofa(rng), rng.uniform(-0.4, 0.4), back - 0.45)
    else:
        thing += placed(furniture.chest(rng, 1.2, 0.42, 0.8), y=back - 0.22)
        tables = (APPLIANCES, OBJECTS, PLANTS)
        items = pick(rng, int(rng.integers(2, 7)), *tables)
        thing += placed(spread(rng, items, 1.15, 0.36), 0, back - 0.22, 0.8)
    side = rng.choice([-1.0, 1.0])
    thing += placed(furniture.chair(rng), side * 0.95, 0.15, degrees=rng.uniform(-60, 60))
    if rng.uniform() < 0.5:
        thing += placed(furniture.door(rng), -side * (width / 2 - 0.6), back - 0.001)
    else:
        curtain = furniture.curtain(rng, 0.8, 2.2)
        thing += placed(curtain, -side * (width / 2 - 0.5), back - 0.001)
    if rng.uniform() < 0.6:
        thing += placed(furniture.floor_rug(rng, 1.8, 1.2), y=-0.3)
    litter = compose.clutter(rng, int(rng.integers(0, 9)), 2.0, 0.8)
    thing += placed(litter, y=-0.35, z=0.013)
    view = look(rng, rng.uniform(2.0, 2.7), rng.uniform(8, 22), (0, 0.4, 0.65), 62)
    return compose.within_walls(Layout(thing, view, width, back, front))


def play_corner(rng: np.random.Generator) -> Layout:
    """Set up toys on a rug or carpet, seen from above."""
    width, back = rng.uniform(2.4, 3.4), rng.uniform(0.6, 1.3)
    front = -2.0
    thing = furniture.room(rng, width, back, front)
    if rng.uniform() < 0.6:
        thing += furniture.floor_rug(rng, 1.6, 1.2)
    items = pick(rng, int(rng.integers(3, 14)), TOYS, CONTAINERS, SOFT_GOODS)
    thing += placed(spread(rng, items, 1.15, 0.85), z=0.013)
    if rng.uniform() < 0.6:
        chest = furniture.chest(rng, 0.9, 0.35, 0.55)
        thing += placed(chest, rng.uniform(-0.4, 0.4), back - 0.18)
    view = look(rng, rng.uniform(0.75, 1.3), rng.uniform(18, 60), (0, -0.05, 0.1), 50)
    return Layout(thing, view, width, back, front)


ROOMS = (tabletop, messy_corner, bedroom, sofa_close, desk, living_room, play_corner)
