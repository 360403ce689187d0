"""Kinds of scenes with shelves and counters."""

import numpy as np

from tools.scenes.layouts import composition as compose
from tools.scenes.layouts.composition import Layout, look, pick
from tools.scenes.things import fixtures, furniture
from tools.scenes.things.appliances import APPLIANCES
from tools.scenes.things.containers import CONTAINERS
from tools.scenes.things.objects import OBJECTS
from tools.scenes.things.parts import Thing, bounds, fitted, placed, spread
from tools.scenes.things.plants import PLANTS
from tools.scenes.things.soft_goods import SOFT_GOODS
from tools.scenes.things.toys import TOYS


def kitchen_counter(rng: np.random.Generator) -> Layout:
    """Set up appliances, bottles, jars and dishes on a counter at a tiled or plain wall."""
    width, back, front, tall = rng.uniform(2.2, 3.4), 0.33, -2.4, 0.9
    thing = furniture.room(rng, width, back, front)
    thing += fixtures.counter(rng, width, 0.62, tall)
    if rng.uniform() < 0.6:
        thing += placed(fixtures.backsplash(rng, width, 0.55), 0, back - 0.002, tall)
    kitchen = {name: APPLIANCES[name] for name in ("toaster", "kettle", "blender")} | {
        name: OBJECTS[name] for name in ("bottle", "jar", "pot", "mug", "fruit_bowl", "package")
    }
    wet = {name: CONTAINERS[name] for name in ("jug", "drinking_glasses", "spray_bottle", "tin")}
    items = pick(rng, int(rng.integers(3, 11)), kitchen, wet, PLANTS)
    thing += placed(spread(rng, items, 1.5, 0.48), 0, 0, tall)
    thing += placed(fixtures.switch_plate(rng), rng.uniform(-0.4, 0.4), back - 0.008, 1.15)
    if rng.uniform() < 0.5:
        thing += placed(furniture.chest(rng, width, 0.32, 0.7), 0, back - 0.17, 1.5)
    target = (rng.uniform(-0.3, 0.3), 0.0, tall + 0.13)
    view = look(rng, rng.uniform(0.65, 1.4), rng.uniform(5, 40), target)
    return Layout(thing, view, width, back, front)


def cabinet_inside(rng: np.random.Generator) -> Layout:
    """Set up glasses, jugs and figures in a cabinet that is dark inside."""
    width, back, front = 3.0, 0.3, -2.4
    wide, tall, base = rng.uniform(0.6, 1.0), rng.uniform(0.4, 0.6), rng.uniform(0.8, 1.3)
    thing = furniture.room(rng, width, back, front)
    depth = rng.uniform(0.3, 0.42)
    thing += placed(fixtures.cabinet(rng, wide, depth, tall), 0, back - depth / 2 - 0.01, base)
    thing += placed(
        furniture.chest(rng, wide + 0.02, depth, base - 0.03), 0, back - depth / 2 - 0.01
    )
    glassy = {name: CONTAINERS[name] for name in ("drinking_glasses", "jug", "tin", "drinking_cup")}
    items = [
        fitted(item, 0.9 * tall, 0.45 * wide)
        for item in pick(rng, int(rng.integers(4, 9)), glassy, OBJECTS, TOYS)
    ]
    thing += placed(
        spread(rng, items, wide - 0.06, depth - 0.04, 0.004), 0, back - depth / 2 - 0.01, base
    )
    target = (rng.uniform(-0.06, 0.06), back - depth / 2, base + 0.45 * tall)
    view = look(rng, rng.uniform(0.7, 1.1), rng.uniform(-5, 22), target, 56)
    return Layout(thing, view, width, back, front)


def wire_shelves(rng: np.random.Generator) -> Layout:
    """Set up a pantry or closet with half-filled wire shelves."""
    width, back, front = rng.uniform(1.3, 2.2), 0.25, -2.2
    thing = furniture.room(rng, width, back, front)
    for level in np.arange(rng.uniform(0.5, 0.7), 2.0, rng.uniform(0.4, 0.55)):
        depth = rng.uniform(0.3, 0.42)
        place = back - depth / 2 - 0.005
        thing += placed(fixtures.wire_shelf(rng, width - 0.02, depth), 0, place, level)
        tables = (CONTAINERS, SOFT_GOODS) if rng.uniform() < 0.6 else (OBJECTS, CONTAINERS)
        items = [fitted(item, 0.36, 0.4) for item in pick(rng, int(rng.integers(2, 7)), *tables)]
        thing += placed(spread(rng, items, width - 0.1, depth + 0.05, 0.0), 0, place, level)
    target = (rng.uniform(-0.2, 0.2), 0.0, rng.uniform(0.9, 1.4))
    view = look(rng, rng.uniform(0.8, 1.4), rng.uniform(-12, 25), target)
    return compose.within_walls(Layout(thing, view, width, back, front))


def _fill_board(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Return objects side by side on a board, with `height` meters of room above it."""
    thing: Thing = []
    x = -width / 2
    tables = compose.ALL_KINDS if rng.uniform() < 0.5 else (OBJECTS, PLANTS)
    for item in pick(rng, int(rng.integers(3, 10)), *tables):
        if rng.uniform() < 0.35:
            item = OBJECTS["book_row"](rng)
        item = fitted(item, height, 0.45)
        low, high = bounds(item)
        if x + high[0] - low[0] > width / 2 or high[1] - low[1] > 0.45:
            continue
        thing += placed(item, x - low[0], rng.uniform(-0.06, 0.0))
        x += high[0] - low[0] + rng.uniform(0.005, 0.12)
    return thing


def shelves(rng: np.random.Generator) -> Layout:
    """Set up a bookcase filled with books, boxes and ornaments."""
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
        plant = fitted(pick(rng, 1, PLANTS, CONTAINERS)[0], 0.6, 0.5)
        thing += placed(plant, side * (width / 2 + 0.25), 0.05)
    target = (rng.uniform(-0.15, 0.15), back - depth, rng.uniform(0.8, 1.2))
    view = look(rng, rng.uniform(0.7, 1.5), rng.uniform(0, 18), target, 54)
    return Layout(thing, view, room_width, back, front)


def sideboard(rng: np.random.Generator) -> Layout:
    """Set up pictures on a wall above a dresser with ornaments."""
    width, back = rng.uniform(2.4, 3.4), 0.3
    front = -2.4
    thing = furniture.room(rng, width, back, front)
    thing += placed(furniture.chest(rng, 1.4, 0.42, 0.85), y=back - 0.22)
    items = pick(rng, int(rng.integers(2, 8)), *compose.ALL_KINDS)
    thing += placed(spread(rng, items, 1.3, 0.36), 0, back - 0.22, 0.85)
    thing += compose.wall_decoration(rng, back, rng.uniform(1.2, 1.35))
    target = (rng.uniform(-0.15, 0.15), 0.1, rng.uniform(1.0, 1.15))
    view = look(rng, rng.uniform(0.8, 1.4), rng.uniform(0, 22), target, 50)
    return Layout(thing, view, width, back, front)


SHELVES = (kitchen_counter, cabinet_inside, wire_shelves, shelves, sideboard)
"""All layouts of this file."""
