"""Kinds of scenes along walls, shelves and counters, and those that go into depth."""

import numpy as np

from tools.scenes import fixtures, foliage, furniture, geometry, materials, organic
from tools.scenes import layout as compose
from tools.scenes.appliances import APPLIANCES
from tools.scenes.containers import CONTAINERS
from tools.scenes.layout import Layout, look, pick
from tools.scenes.objects import OBJECTS
from tools.scenes.parts import Thing, bounds, fitted, placed, spread
from tools.scenes.plants import PLANTS
from tools.scenes.soft_goods import SOFT_GOODS
from tools.scenes.toys import TOYS


def hanging_wall(rng: np.random.Generator) -> Layout:
    """Hats, coats, bags, signs or a wreath on a plain wall or a door, nearly flat."""
    width, back, front = rng.uniform(2.2, 3.4), 0.0, -2.6
    thing = furniture.room(rng, width, back, front)
    surface = back - 0.002
    if rng.uniform() < 0.4:
        thing += placed(furniture.door(rng), 0, surface)
        surface -= 0.06
    middle = rng.uniform(1.25, 1.6)
    x = rng.uniform(-0.45, -0.2)
    for _ in range(int(rng.integers(1, 5))):
        item = fixtures.HANGINGS[rng.integers(len(fixtures.HANGINGS))](rng)
        thing += placed(item, x, surface, middle + rng.uniform(-0.12, 0.25))
        x += rng.uniform(0.22, 0.45)
    if rng.uniform() < 0.5:
        thing += placed(fixtures.switch_plate(rng), rng.uniform(-0.5, 0.5), back, middle - 0.25)
    if rng.uniform() < 0.3:
        thing += placed(furniture.chest(rng, 0.8, 0.35, 0.9), rng.uniform(-0.4, 0.4), back - 0.18)
    target = (rng.uniform(-0.15, 0.15), back - 0.05, middle)
    view = look(rng, rng.uniform(0.7, 1.5), rng.uniform(-12, 20), target, turn=35)
    return Layout(thing, view, width, back, front)


def open_door(rng: np.random.Generator) -> Layout:
    """A wall close by at one side, and beside it an opening to a dark room far behind."""
    width, back, front = rng.uniform(3.0, 4.5), rng.uniform(2.5, 5.0), -2.4
    thing = furniture.room(rng, width, back, front)
    side = rng.choice([-1.0, 1.0])
    edge = rng.uniform(-0.1, 0.35)
    wall_width = width / 2 + edge
    wall = geometry.box(wall_width, 0.12, 2.5).repeated(2, 2.5)
    middle = side * (width / 2 - wall_width / 2)
    thing.append((wall.moved(middle, 0.06), furniture.wall_material(rng)))
    frame = geometry.box(0.09, 0.16, 2.1).moved(side * (-edge), 0.06)
    thing.append((frame, materials.satin(rng, furniture.colours.white(rng))))
    item = fixtures.HANGINGS[rng.integers(len(fixtures.HANGINGS))](rng)
    if rng.uniform() < 0.7:
        thing += placed(item, side * rng.uniform(0.3, 0.6), 0.0, rng.uniform(1.2, 1.5))
    thing += placed(fixtures.switch_plate(rng), side * (0.15 - edge), 0.0, 1.1)
    if rng.uniform() < 0.5:
        leaf = furniture.door(rng)
        leaf = [(mesh.moved(x=-0.49 * side), material) for mesh, material in leaf]
        hinge = -side * (edge + 0.05)
        thing += placed(leaf, hinge, 0.15, 0.0, rng.uniform(60, 100) * side)
    far = furniture.sofa(rng) if rng.uniform() < 0.5 else furniture.chest(rng, 1.1, 0.42, 0.8)
    thing += placed(far, -side * rng.uniform(0.3, 0.9), back - 0.5)
    thing += placed(compose.clutter(rng, 4, 1.2, 0.8), -side * 0.6, 0.55 * back)
    target = (-side * rng.uniform(-0.15, 0.35), 0.0, rng.uniform(0.9, 1.4))
    view = look(rng, rng.uniform(0.9, 1.7), rng.uniform(-3, 12), target, 62)
    return Layout(thing, view, width, back, front)


def staircase(rng: np.random.Generator) -> Layout:
    """Stairs that lead up, between walls, with things on them."""
    width, back, front = rng.uniform(1.3, 2.4), 3.4, -2.4
    thing = furniture.room(rng, width, back, front)
    flight = rng.uniform(0.85, 1.05)
    side = rng.choice([-1.0, 1.0])
    steps = fixtures.stairs(rng, flight)
    x = side * (width - flight) / 2
    thing += placed(steps, x)
    if rng.uniform() < 0.6:
        cloth = fixtures.hung_cloth(rng)
        thing += placed(cloth, x - side * (flight / 2 - 0.05), -0.05, 1.0)
    thing += placed(compose.clutter(rng, int(rng.integers(1, 5)), 0.9, 0.5), -side * 0.25, -0.45)
    item = fitted(pick(rng, 1, *compose.ALL_KINDS)[0], 0.3, 0.3)
    thing += placed(item, x, 0.13, 0.18)
    picture = furniture.wall_picture(rng, 0.35, 0.45)
    thing += [(mesh.turned(-90 * side), m) for mesh, m in placed(picture, 0, 0)]
    thing[-len(picture) :] = placed(thing[-len(picture) :], side * (width / 2 - 0.002), -0.3, 1.2)
    target = (0.3 * x, 0.8, rng.uniform(0.7, 1.1))
    view = look(rng, rng.uniform(2.0, 2.9), rng.uniform(0, 14), target, 62, turn=12)
    return Layout(thing, view, width, back, front)


def corridor(rng: np.random.Generator) -> Layout:
    """Narrow corridor with doors and pictures, three to six metres long."""
    width, back, front = rng.uniform(1.1, 1.8), rng.uniform(2.5, 5.5), -2.4
    thing = furniture.room(rng, width, back, front)
    for side in (-1, 1):
        y = rng.uniform(-0.6, 0.2)
        while y < back - 0.6:
            kind = rng.uniform()
            if kind < 0.45:
                item, z = furniture.door(rng), 0.0
            elif kind < 0.75:
                item, z = (
                    furniture.wall_picture(rng, *rng.uniform(0.25, 0.5, 2)),
                    rng.uniform(1.1, 1.4),
                )
            else:
                item, z = fixtures.HANGINGS[rng.integers(len(fixtures.HANGINGS))](rng), 1.5
            thing += placed(item, side * (width / 2 - 0.004), y, z, -90 * side)
            y += rng.uniform(0.9, 1.5)
    if rng.uniform() < 0.5:
        thing += placed(furniture.door(rng), 0, back - 0.002)
    if rng.uniform() < 0.5:
        thing += placed(furniture.floor_rug(rng, 0.7, 2.0), y=0.6)
    thing += placed(compose.clutter(rng, int(rng.integers(1, 6)), 0.7, 1.4), 0.1, 0.4)
    view = look(rng, rng.uniform(1.8, 2.6), rng.uniform(-2, 14), (0, 0.6, 0.85), 64, turn=8)
    return compose.within_walls(Layout(thing, view, width, back, front))


def kitchen_counter(rng: np.random.Generator) -> Layout:
    """Machines, bottles, jars and dishes on a counter before a tiled or plain wall."""
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
    """Glasses, jugs and figures in a cupboard that is dark inside."""
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
    """Larder or wardrobe with shelves of wire, half filled."""
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
    """Objects side by side on a board, with `height` metres of room above it."""
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
        plant = fitted(pick(rng, 1, PLANTS, CONTAINERS)[0], 0.6, 0.5)
        thing += placed(plant, side * (width / 2 + 0.25), 0.05)
    target = (rng.uniform(-0.15, 0.15), back - depth, rng.uniform(0.8, 1.2))
    view = look(rng, rng.uniform(0.7, 1.5), rng.uniform(0, 18), target, 54)
    return Layout(thing, view, room_width, back, front)


def sideboard(rng: np.random.Generator) -> Layout:
    """Pictures on a wall above a chest with ornaments."""
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


def night_garden(rng: np.random.Generator) -> Layout:
    """Outdoors: bushes, stones or a fence close by, and little but darkness behind."""
    width, back, front = 8.0, rng.uniform(3.0, 9.0), -2.4
    ground = organic.spread_cloth(rng, 9.0, 11.0, 0.05).repeated(7, 9).moved(y=2.5, z=-0.05)
    thing: Thing = [(ground, materials.textured(rng, "ground_cover", "concrete", "fur"))]
    far = geometry.panel(16.0, 5.0).repeated(6, 2).moved(y=back + 1.0)
    thing.append(
        (far, materials.textured(rng, "ground_cover", "bricks", "leaves_print", "mottled"))
    )
    if rng.uniform() < 0.5:
        fence = fixtures.fence(rng, 5.0, rng.uniform(0.9, 1.7))
        thing += placed(fence, rng.uniform(-1, 1), rng.uniform(0.6, 2.0), 0, rng.uniform(-35, 35))
    for _ in range(int(rng.integers(1, 5))):
        shrub = foliage.bush(rng, rng.uniform(0.2, 0.5))
        thing += placed(shrub, rng.uniform(-1.0, 1.0), rng.uniform(-0.1, 1.2))
    for _ in range(4):
        tuft = foliage.grass(rng, 0.8, 0.6)
        thing += placed(tuft, rng.uniform(-1, 1), rng.uniform(-0.5, 0.8))
    thing += foliage.stones(rng, int(rng.integers(3, 14)), 1.8, 1.4)
    if rng.uniform() < 0.5:
        thing += placed(compose.clutter(rng, 2, 0.5, 0.3), 0, -0.25)
    target = (rng.uniform(-0.2, 0.2), 0.1, rng.uniform(0.15, 0.5))
    view = look(rng, rng.uniform(1.0, 1.7), rng.uniform(4, 35), target)
    return Layout(thing, view, width, back, front)


WALLS = (
    hanging_wall,
    open_door,
    staircase,
    corridor,
    kitchen_counter,
    cabinet_inside,
    wire_shelves,
    shelves,
    sideboard,
    night_garden,
)
