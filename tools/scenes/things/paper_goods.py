"""Books, boxes and framed pictures, as `Thing`s that stand on z = 0.

They are listed with the other objects in `tools.scenes.things.objects.OBJECTS`.
"""

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.things.parts import Thing, placed


def _book(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make an upright book whose spine, `width` thick, faces negative y."""
    cover = materials.satin(rng, prints.book_spine(rng))
    front = materials.satin(rng, prints.label(rng))
    pages = materials.matte(colors.white(rng))
    block = meshes.box(0.8 * width, 0.96 * depth, 0.96 * height).moved(z=0.02 * height)
    spine = meshes.box(width, 0.004, height).moved(y=-depth / 2)
    board = meshes.panel(depth, height).turned(90).moved(x=width / 2)
    return [(block, pages), (spine, cover), (board, front), (board.moved(x=-width), front)]


def book_row(rng: np.random.Generator) -> Thing:
    """Make a row of upright books, the last one leaning."""
    thing: Thing = []
    x, end = 0.0, rng.uniform(0.14, 0.45)
    while x < end:
        width, height = rng.uniform(0.012, 0.045), rng.uniform(0.16, 0.26)
        book = _book(rng, width, rng.uniform(0.12, 0.17), height)
        thing += placed(book, x + width / 2, rng.uniform(-0.01, 0.01))
        x += width + 0.001
    lean = rng.uniform(8, 18)
    book = _book(rng, 0.025, 0.15, 0.2)
    leaning = [(mesh.turned(-lean, "y"), material) for mesh, material in book]
    offset = x + 0.2 * np.sin(np.radians(lean)) + 0.0125
    thing += placed(leaning, offset, 0, 0.0125 * np.sin(np.radians(lean)))
    return placed(thing, -x / 2)


def book_stack(rng: np.random.Generator) -> Thing:
    """Make a stack of books."""
    thing: Thing = []
    z = 0.0
    for _ in range(int(rng.integers(2, 7))):
        width, height = rng.uniform(0.015, 0.045), rng.uniform(0.18, 0.25)
        book = _book(rng, width, rng.uniform(0.13, 0.18), height)
        lying = [(mesh.moved(z=-height / 2).turned(90, "y"), material) for mesh, material in book]
        thing += placed(lying, z=z + width / 2, degrees=rng.uniform(-12, 12))
        z += width
    return thing


def open_book(rng: np.random.Generator) -> Thing:
    """Make an open book that lies on its back."""
    width, depth, thickness = rng.uniform(0.13, 0.18), rng.uniform(0.2, 0.26), 0.02
    across = np.linspace(0, 1, 12)
    rise = thickness * (0.4 + 0.6 * np.sqrt(np.sin(np.pi * np.clip(across, 0.02, 1) ** 0.6)))
    thing: Thing = []
    for side in (-1, 1):
        order = slice(None, None, side)
        x, y = np.meshgrid(side * across[order] * width, [-depth / 2, depth / 2])
        z = np.broadcast_to(rise[order], x.shape)
        thing.append((meshes.surface(np.stack([x, y, z], -1)), materials.matte(prints.page(rng))))
    thing.append((meshes.box(2 * width, depth, 0.006), materials.matte(colors.vivid(rng))))
    return placed(thing, degrees=rng.uniform(-30, 30))


def package(rng: np.random.Generator) -> Thing:
    """Make a printed box, sometimes with a second one on top."""
    size = rng.uniform((0.07, 0.04, 0.1), (0.2, 0.1, 0.28))
    thing: Thing = [(meshes.box(*size), materials.satin(rng, prints.label(rng)))]
    if rng.uniform() < 0.3:
        lid = meshes.box(size[0] * 0.9, size[1] * 0.9, size[2] * 0.4).moved(z=size[2])
        thing.append((lid, materials.glossy(rng, prints.label(rng))))
    return thing


def parcel(rng: np.random.Generator) -> Thing:
    """Make a cardboard box with tape."""
    size = rng.uniform((0.15, 0.12, 0.1), (0.35, 0.25, 0.28))
    return [(meshes.box(*size), materials.matte(prints.cardboard(rng)))]


def standing_picture(rng: np.random.Generator) -> Thing:
    """Make a small framed picture that leans back on its stand."""
    width, height = rng.uniform(0.1, 0.2), rng.uniform(0.12, 0.24)
    image = prints.PICTURES[rng.integers(len(prints.PICTURES))](rng)
    edge = materials.colored(rng, colors.wood(rng))
    thing: Thing = [
        (meshes.box(width, 0.014, height), edge),
        (
            meshes.panel(0.8 * width, 0.8 * height).moved(y=-0.008, z=0.1 * height),
            materials.glossy(rng, image),
        ),
    ]
    return [(mesh.turned(-12, "x"), material) for mesh, material in thing]
