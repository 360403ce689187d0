"""Close kinds of scenes, in which one or a few things fill the picture."""

import numpy as np

from tools.scenes.layouts import composition as compose
from tools.scenes.layouts.composition import Layout, framing, look, pick
from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import materials
from tools.scenes.things import figures, fixtures, foliage, furniture
from tools.scenes.things.containers import CONTAINERS
from tools.scenes.things.objects import OBJECTS
from tools.scenes.things.paper_goods import open_book
from tools.scenes.things.parts import Thing, bounds, placed, spread
from tools.scenes.things.plants import PLANTS
from tools.scenes.things.soft_goods import SOFT_GOODS
from tools.scenes.things.toys import TOYS


def thing_on_table(rng: np.random.Generator) -> Layout:
    """Set up one or two big things on a table or counter, with a wall close or far behind."""
    back, tall = rng.choice([rng.uniform(0.35, 0.7), rng.uniform(1.0, 4.0)]), rng.uniform(0.7, 0.95)
    width, front = rng.uniform(1.8, 4.0), -2.2
    thing = furniture.room(rng, width, back, front)
    if rng.uniform() < 0.5:
        thing += furniture.table(rng, 1.5, 0.7, tall)
    else:
        thing += fixtures.counter(rng, width, 0.65, tall)
    item = pick(rng, 1, *compose.ALL_KINDS)[0]
    distance, middle = framing(item, rng.uniform(0.4, 0.95))
    thing += placed(item, z=tall)
    low, high = bounds(item)
    for neighbor in pick(rng, int(rng.integers(0, 4)), *compose.ALL_KINDS):
        near, far = bounds(neighbor)
        side = rng.choice([-1.0, 1.0])
        gap = rng.uniform(0.02, 0.15)
        x = high[0] - near[0] + gap if side > 0 else low[0] - far[0] - gap
        if abs(x) < 0.6:
            thing += placed(neighbor, x, rng.uniform(0.0, 0.15), tall)
    if back > 1.0:
        thing += placed(furniture.chest(rng, 1.0, 0.4, 0.8), rng.uniform(-0.6, 0.6), back - 0.22)
    target = (rng.uniform(-0.05, 0.05), 0.0, tall + middle[2])
    view = look(rng, max(distance, 0.5), rng.uniform(3, 45), target)
    return Layout(thing, view, width, back, front)


def thing_on_floor(rng: np.random.Generator) -> Layout:
    """Set up a bin, bag, basket, boxed toy or the like on the floor, often in front of a wall."""
    back = rng.choice([rng.uniform(0.3, 0.6), rng.uniform(0.8, 3.0)])
    width, front = rng.uniform(2.0, 4.0), -2.6
    thing = furniture.room(rng, width, back, front)
    item = compose.grown(pick(rng, 1, CONTAINERS, SOFT_GOODS, CONTAINERS, TOYS)[0], 0.25, 0.7)
    distance, middle = framing(item, rng.uniform(0.4, 0.9))
    thing += placed(item)
    if rng.uniform() < 0.4:
        thing += placed(pick(rng, 1, CONTAINERS, SOFT_GOODS)[0], rng.choice([-0.5, 0.5]), 0.05)
    if rng.uniform() < 0.3:
        thing += placed(furniture.door(rng), rng.choice([-0.7, 0.7]), back - 0.001)
    target = (rng.uniform(-0.1, 0.1), 0.0, middle[2])
    view = look(rng, max(distance, 0.55), rng.uniform(8, 55), target)
    return Layout(thing, view, width, back, front)


def _bedspread(rng: np.random.Generator, tall: float) -> Thing:
    """Return a flat or crumpled surface of 1.8 by 1.6 meters at height `tall`."""
    if rng.uniform() < 0.6:
        sheet = organic.spread_cloth(rng, 1.8, 1.6, rng.uniform(0.01, 0.06), detail=130)
        return [(sheet.repeated(2.5, 2.2).moved(z=tall), materials.cloth(rng))]
    top = meshes.sheet(1.8, 1.6).repeated(2, 1.8).moved(z=tall)
    return [(top, materials.textured(rng, *furniture.TABLE_TOPS))]


def open_book_close(rng: np.random.Generator) -> Layout:
    """Set up an open book, papers or pictures on a bedspread or table, seen from above."""
    width, back, front, tall = rng.uniform(2.4, 3.6), rng.uniform(0.8, 1.6), -2.2, 0.5
    thing = furniture.room(rng, width, back, front) + _bedspread(rng, tall)
    book = placed(open_book(rng), 0, 0, tall + 0.045, rng.uniform(-40, 40))
    book = [(mesh.turned(rng.uniform(-2, 2), "x"), material) for mesh, material in book]
    thing += book
    for _ in range(int(rng.integers(0, 3))):
        extra = pick(rng, 1, OBJECTS, SOFT_GOODS)[0]
        thing += placed(
            extra, rng.choice([-1, 1]) * rng.uniform(0.35, 0.5), rng.uniform(-0.2, 0.4), tall + 0.02
        )
    if rng.uniform() < 0.3:
        thing += placed(figures.hand(rng), rng.uniform(-0.15, 0.15), -0.16, tall + 0.05)
    target = (rng.uniform(-0.04, 0.04), 0.0, tall + 0.05)
    view = look(rng, rng.uniform(0.38, 0.6), rng.uniform(35, 82), target, turn=40)
    return Layout(thing, view, width, back, front)


def flat_lay(rng: np.random.Generator) -> Layout:
    """Set up small things spread out on a surface, seen from almost straight above."""
    width, back, front = rng.uniform(2.4, 3.4), 1.2, -2.0
    tall = rng.choice([0.002, 0.5, 0.75])
    thing = furniture.room(rng, width, back, front) + _bedspread(rng, tall)
    items = pick(rng, int(rng.integers(3, 12)), *compose.ALL_KINDS)
    flat = [compose.toppled(rng, item) if rng.uniform() < 0.4 else item for item in items]
    thing += placed(spread(rng, flat, 0.8, 0.6), z=tall + 0.02)
    target = (rng.uniform(-0.05, 0.05), 0.0, tall + 0.04)
    view = look(rng, rng.uniform(0.75, 1.1), rng.uniform(60, 84), target, turn=60)
    return Layout(thing, view, width, back, front)


def foliage_close(rng: np.random.Generator) -> Layout:
    """Set up leaves and flowers that fill the picture."""
    width, back, front, tall = rng.uniform(2.2, 3.2), rng.uniform(0.6, 1.4), -2.0, 0.45
    thing = furniture.room(rng, width, back, front)
    bed = foliage.bed(rng, rng.uniform(0.9, 1.1), 0.8)
    thing += placed(bed, z=tall)
    trough = meshes.box(1.5, 1.2, tall - 0.03)
    thing.append((trough, materials.textured(rng, "concrete", "wood_grain")))
    target = (rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.05), tall + 0.08)
    view = look(rng, rng.uniform(0.6, 0.85), rng.uniform(25, 78), target, 54)
    return Layout(thing, view, width, back, front)


def person(rng: np.random.Generator) -> Layout:
    """Set up one or two people close by, with the back wall 0.5 to 3.8 meters behind them."""
    width, back, front, tall = rng.uniform(2.4, 4.5), rng.uniform(0.5, 3.8), -2.4, 0.75
    thing = furniture.room(rng, width, back, front)
    thing += compose.wall_decoration(rng, back, rng.uniform(1.1, 1.4))
    thing += placed(furniture.chest(rng, 1.1, 0.42, 0.8), rng.uniform(-0.8, 0.8), back - 0.22)
    if rng.uniform() < 0.4:
        thing += placed(furniture.curtain(rng, 1.0, 2.2), rng.uniform(-0.8, 0.8), back - 0.001)
    thing += placed(figures.bust(rng), rng.uniform(-0.1, 0.1), 0.0, tall, rng.uniform(-25, 25))
    if rng.uniform() < 0.4:
        second = figures.bust(rng)
        side = rng.choice([-1.0, 1.0]) * rng.uniform(0.45, 0.6)
        thing += placed(second, side, rng.uniform(0.0, min(1.2, back - 0.3)), tall)
    if rng.uniform() < 0.5:
        thing += placed(furniture.table(rng, 1.3, 0.5, 0.72), y=-0.35)
        thing += placed(pick(rng, 1, OBJECTS, TOYS)[0], rng.choice([-0.3, 0.3]), -0.3, 0.72)
    target = (rng.uniform(-0.1, 0.1), 0.0, tall + rng.uniform(0.3, 0.5))
    view = look(rng, rng.uniform(0.8, 1.4), rng.uniform(-5, 15), target)
    return Layout(thing, view, width, back, front)


def shop_shelf(rng: np.random.Generator) -> Layout:
    """Set up rows of packages on boards close by, as in a store or a pantry."""
    width, back, front = 3.0, 0.3, -2.2
    thing = furniture.room(rng, width, back, front)
    levels = [0.4, 0.4 + rng.uniform(0.4, 0.5), 1.35, 1.8]
    thing += placed(furniture.bookcase(rng, 1.8, 0.4, levels), y=0.08)
    goods = {
        name: CONTAINERS[name] for name in ("boxed_toy", "crisp_bag", "tin", "spray_bottle")
    } | {"package": OBJECTS["package"], "bottle": OBJECTS["bottle"], "jar": OBJECTS["jar"]}
    for level, above in zip(levels[:-1], levels[1:], strict=True):
        maker = list(goods.values())[rng.integers(len(goods))]
        x = -0.85
        while x < 0.8:
            if rng.uniform() < 0.3:
                maker = list(goods.values())[rng.integers(len(goods))]
            item = placed(maker(rng), degrees=rng.uniform(-10, 10))
            low, high = bounds(item)
            shrink = min(1.0, 0.92 * (above - level - 0.03) / high[2], 0.34 / (high[1] - low[1]))
            item = [(mesh.scaled(shrink, shrink, shrink), m) for mesh, m in item]
            low, high = bounds(item)
            if x + high[0] - low[0] > 0.88:
                break
            thing += placed(item, x - low[0], -0.09 - low[1] + rng.uniform(0, 0.02), level)
            x += high[0] - low[0] + rng.uniform(0.005, 0.05)
    target = (rng.uniform(-0.3, 0.3), 0.0, rng.uniform(0.6, 1.5))
    view = look(rng, rng.uniform(0.55, 1.1), rng.uniform(-10, 25), target)
    return Layout(thing, view, width, back, front)


def plants_close(rng: np.random.Generator) -> Layout:
    """Set up one or more potted plants close by, on a table or the floor."""
    width, back, front = rng.uniform(2.2, 3.2), rng.uniform(0.35, 2.0), -2.0
    tall = rng.choice([0.0, 0.6, 0.9])
    thing = furniture.room(rng, width, back, front)
    if tall > 0:
        thing += furniture.table(rng, 1.5, 0.6, tall)
    items = pick(rng, int(rng.integers(1, 5)), PLANTS) + pick(rng, int(rng.integers(0, 2)), OBJECTS)
    thing += placed(spread(rng, items, 0.9, 0.45, 0.0), z=tall)
    target = (rng.uniform(-0.1, 0.1), 0.0, tall + 0.15)
    view = look(rng, rng.uniform(0.6, 0.9), rng.uniform(8, 50), target)
    return Layout(thing, view, width, back, front)


CLOSE = (
    thing_on_table,
    thing_on_floor,
    open_book_close,
    flat_lay,
    foliage_close,
    person,
    shop_shelf,
    plants_close,
)
