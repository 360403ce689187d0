"""Kinds of scenes along walls, scenes with depth, and one outdoors."""

import numpy as np

from tools.scenes.layouts import composition as compose
from tools.scenes.layouts.composition import Layout, look, pick
from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import materials
from tools.scenes.things import fixtures, foliage, furniture
from tools.scenes.things.parts import Thing, fitted, placed


def hanging_wall(rng: np.random.Generator) -> Layout:
    """Set up hats, coats, bags, signs or a wreath on a plain wall or a door, nearly flat."""
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
    """Set up a wall close by on one side, next to an opening to a dark room far behind."""
    width, back, front = rng.uniform(3.0, 4.5), rng.uniform(2.5, 5.0), -2.4
    thing = furniture.room(rng, width, back, front)
    side = rng.choice([-1.0, 1.0])
    edge = rng.uniform(-0.1, 0.35)
    wall_width = width / 2 + edge
    wall = meshes.box(wall_width, 0.12, 2.5).repeated(2, 2.5)
    middle = side * (width / 2 - wall_width / 2)
    thing.append((wall.moved(middle, 0.06), furniture.wall_material(rng)))
    frame = meshes.box(0.09, 0.16, 2.1).moved(side * (-edge), 0.06)
    thing.append((frame, materials.satin(rng, furniture.colors.white(rng))))
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
    """Set up stairs that lead up between walls, with things on them."""
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
    """Set up a narrow hallway with doors and pictures, five to eight meters long."""
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


def night_garden(rng: np.random.Generator) -> Layout:
    """Set up bushes, stones or a fence close by outdoors, with little but darkness behind."""
    width, back, front = 8.0, rng.uniform(3.0, 9.0), -2.4
    ground = organic.spread_cloth(rng, 9.0, 11.0, 0.05).repeated(7, 9).moved(y=2.5, z=-0.05)
    thing: Thing = [(ground, materials.textured(rng, "ground_cover", "concrete", "fur"))]
    far = meshes.panel(16.0, 5.0).repeated(6, 2).moved(y=back + 1.0)
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


WALLS = (hanging_wall, open_door, staircase, corridor)
OUTDOORS = (night_garden,)
