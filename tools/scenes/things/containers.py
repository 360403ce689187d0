"""Bins, baskets, cups, jugs and packages, as `Thing`s on z = 0. Add new ones to CONTAINERS."""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.things.parts import ObjectMaker, Thing, placed, resized


def waste_bin(rng: np.random.Generator) -> Thing:
    """Make a trash can with a lid, a pedal and a sticker."""
    radius, height = rng.uniform(0.12, 0.2), rng.uniform(0.3, 0.6)
    shell = materials.satin(rng, colors.any_surface(rng))
    if rng.uniform() < 0.25:
        shell = materials.metal(rng)
    body = meshes.lathe([0, 0.85 * radius, radius], [0, 0, height])
    lid = meshes.lathe(
        np.array([1.06, 1.06, 0.9, 0]) * radius, height + np.array([0, 0.03, 0.06, 0.07])
    )
    band = meshes.lathe([1.03 * radius, 1.03 * radius], [0.93 * height, 0.97 * height])
    if rng.uniform() < 0.6:
        body, lid, band = (organic.squared(mesh) for mesh in (body, lid, band))
    sticker = meshes.panel(0.5 * radius, 0.7 * radius).moved(y=-1.02 * radius, z=0.55 * height)
    pedal = meshes.superellipsoid(0.08, 0.06, 0.02, 0.4).moved(y=-radius, z=0.01)
    dark = materials.satin(rng, colors.dark(rng))
    thing: Thing = [(body, shell), (lid, shell), (band, materials.satin(rng, colors.muted(rng)))]
    return placed(
        [*thing, (sticker, materials.matte(prints.label(rng))), (pedal, dark)], degrees=10
    )


def laundry_basket(rng: np.random.Generator) -> Thing:
    """Make a basket of plastic staves, filled with cloth."""
    radius, height = rng.uniform(0.16, 0.24), rng.uniform(0.18, 0.4)
    plastic = materials.satin(rng, colors.any_surface(rng))
    ends = []
    for angle in np.linspace(0, 2 * np.pi, int(rng.integers(24, 40)))[:-1]:
        out = radius * np.array([np.cos(angle), np.sin(angle)])
        ends.append(((*0.82 * out, 0.0), (*out, height)))
    rings = [(share, 0.82 + 0.18 * share) for share in (0.02, 0.5, 1.0)]
    thing: Thing = [(organic.bars(ends, 0.005), plastic)]
    for share, wide in rings:
        thing.append((meshes.ring(wide * radius, 0.009).moved(z=share * height), plastic))
    for _ in range(int(rng.integers(2, 5))):
        width, depth = rng.uniform(1.1, 1.7, 2) * radius
        mound = organic.heap(rng, width, depth, rng.uniform(0.1, 0.2))
        x, y = rng.uniform(-0.15, 0.15, 2) * radius
        thing.append((mound.moved(x, y, 0.75 * height), materials.cloth(rng)))
    core = organic.blob(rng, 1.5 * radius, 1.5 * radius, 0.9 * height, 0.05)
    return [*thing, (core, materials.cloth(rng))]


def drinking_cup(rng: np.random.Generator) -> Thing:
    """Make a clear cup with a domed lid and a straw, partly full."""
    radius, height = rng.uniform(0.035, 0.05), rng.uniform(0.12, 0.18)
    clear = materials.clear_plastic(rng)
    wall = meshes.lathe([0, 0.72 * radius, radius], [0, 0, height])
    dome = meshes.lathe(
        np.array([1.04, 1.0, 0.75, 0.2]) * radius, height + np.array([0, 0.01, 0.03, 0.04])
    )
    lean = rng.uniform(-0.02, 0.02, 2)
    straw = meshes.tube([[*-lean, 0.01], [*lean, height + 0.1]], 0.004, 8)
    level = rng.uniform(0.2, 0.75)
    drink = meshes.cylinder(0.7 * radius, level * height, (0.7 + 0.25 * level) * radius)
    filling = materials.textured(rng, "leaves_print", "mottled", "speckle")
    return [
        (wall, clear),
        (dome, clear),
        (meshes.ring(1.03 * radius, 0.004).moved(z=height), clear),
        (straw, materials.glossy(rng, colors.vivid(rng))),
        (drink.moved(z=0.004), filling),
    ]


def drinking_glasses(rng: np.random.Generator) -> Thing:
    """Make a few drinking glasses, some printed, some with a drink."""
    thing: Thing = []
    for number in range(int(rng.integers(1, 5))):
        radius, height = rng.uniform(0.028, 0.042), rng.uniform(0.08, 0.16)
        place = (0.11 * number - 0.15, rng.uniform(-0.06, 0.06))
        cup = meshes.lathe([0, rng.uniform(0.7, 1.0) * radius, radius], [0, 0, height])
        one: Thing = [
            (cup, materials.glass(rng)),
            (meshes.ring(radius, 0.0015).moved(z=height), materials.glass(rng)),
        ]
        if rng.uniform() < 0.4:
            drink = meshes.cylinder(0.68 * radius, rng.uniform(0.3, 0.8) * height)
            one.append((drink.moved(z=0.005), materials.glossy(rng, colors.any_surface(rng))))
        if rng.uniform() < 0.3:
            print_ = meshes.lathe([0.99 * radius] * 2, [0.25 * height, 0.7 * height])
            one.append((print_, materials.glossy(rng, prints.snapshot(rng))))
        thing += placed(one, *place)
    return thing


def jug(rng: np.random.Generator) -> Thing:
    """Make a round-bellied pitcher with a spout and a handle, of china, metal or plastic."""
    radius, height = rng.uniform(0.06, 0.1), rng.uniform(0.16, 0.28)
    radii = np.array([0, 0.7, 0.95, 1, 0.8, rng.uniform(0.35, 0.6), 0.6]) * radius
    body = meshes.lathe(radii, np.array([0, 0, 0.15, 0.4, 0.7, 0.85, 1]) * height)
    angle = np.linspace(-1.2, 1.4, 14)
    handle = np.stack(
        [
            0.8 * radius + 0.5 * radius * np.cos(angle),
            0 * angle,
            0.55 * height + 0.3 * height * np.sin(angle),
        ],
        1,
    )
    spout = meshes.tube(
        [
            [-0.4 * radius, 0, 0.8 * height],
            [-0.75 * radius, 0, 0.95 * height],
            [-0.95 * radius, 0, 1.05 * height],
        ],
        0.016,
    )
    kind = rng.uniform()
    coat = materials.metal(rng) if kind < 0.3 else materials.glossy(rng, colors.any_surface(rng))
    thing: Thing = [(body, coat), (meshes.tube(handle, 0.009), coat), (spout, coat)]
    return placed(thing, degrees=rng.uniform(-60, 60))


def spray_bottle(rng: np.random.Generator) -> Thing:
    """Make a cleaner or shampoo bottle with a pump head and a label."""
    width, height = rng.uniform(0.06, 0.1), rng.uniform(0.16, 0.26)
    body = meshes.superellipsoid(width, 0.6 * width, height, rng.uniform(0.3, 0.7))
    shell = materials.glossy(rng, colors.any_surface(rng))
    if rng.uniform() < 0.25:
        shell = materials.clear_plastic(rng)
    cap = materials.satin(rng, colors.any_surface(rng))
    label = meshes.superellipsoid(0.9 * width, 0.615 * width, 0.5 * height, 0.3)
    thing: Thing = [
        (body, shell),
        (label.moved(z=0.2 * height), materials.satin(rng, prints.label(rng))),
        (meshes.cylinder(0.016, 0.04).moved(z=0.97 * height), cap),
        (meshes.superellipsoid(0.08, 0.025, 0.025, 0.5).moved(x=-0.02, z=height + 0.035), cap),
    ]
    return placed(thing, degrees=rng.uniform(-40, 40))


def tin(rng: np.random.Generator) -> Thing:
    """Make a food can or spray can with a printed wrapper, or two stacked cans."""
    radius, height = rng.uniform(0.03, 0.05), rng.uniform(0.07, 0.2)
    thing: Thing = []
    for level in range(1 + int(rng.uniform() < 0.3 and height < 0.12)):
        wrapper = meshes.lathe([radius, radius], [0.05 * height, 0.95 * height]).repeated(2, 1)
        can = meshes.cylinder(0.99 * radius, height)
        part: Thing = [
            (can, materials.metal(rng, colors.white(rng))),
            (wrapper, materials.satin(rng, prints.label(rng))),
        ]
        thing += placed(part, z=level * height, degrees=rng.uniform(0, 360))
    return thing


def boxed_toy(rng: np.random.Generator) -> Thing:
    """Make a toy in an open-fronted box behind clear plastic."""
    from tools.scenes.things.toys import TOYS

    width, depth, height = rng.uniform((0.16, 0.1, 0.2), (0.26, 0.16, 0.36))
    board = materials.satin(rng, prints.poster(rng))
    inside = materials.satin(rng, prints.label(rng))
    toy = list(TOYS.values())[rng.integers(len(TOYS))](rng)
    spread = np.ptp(np.concatenate([mesh.vertices for mesh, _ in toy]), axis=0)
    factor = min(0.8 * width / spread[0], 0.85 * depth / spread[1], 0.75 * height / spread[2])
    low = min(mesh.vertices[:, 2].min() for mesh, _ in toy) * factor
    middle = np.concatenate([mesh.vertices for mesh, _ in toy])
    center = (middle.min(axis=0) + middle.max(axis=0)) / 2 * factor
    thing = placed(resized(toy, factor), -center[0], -center[1], 0.06 * height - low)
    wall = meshes.panel(depth, height)
    thing += [
        (meshes.panel(width, height).moved(y=depth / 2), inside),
        (meshes.box(width, depth, 0.05 * height), board),
        (meshes.box(width, depth, 0.01).moved(z=height), board),
        (meshes.panel(width, 0.16 * height).moved(y=-depth / 2), board),
        (meshes.panel(width, height).moved(y=-depth / 2 + 0.001), materials.clear_plastic(rng)),
    ]
    for side in (-1, 1):
        thing.append((wall.turned(90 * side).moved(x=side * width / 2), board))
    return placed(thing, degrees=rng.uniform(-25, 25))


def crisp_bag(rng: np.random.Generator) -> Thing:
    """Make a puffed shiny bag of chips, nearly upright."""
    width, height = rng.uniform(0.12, 0.24), rng.uniform(0.16, 0.32)
    cushion = organic.pillow(rng, width, height, rng.uniform(0.05, 0.09))
    upright = organic.dented(rng, cushion, 0.004, 0.06).turned(80, "x")
    upright = upright.moved(z=-upright.vertices[:, 2].min())
    cover = materials.Material("metal", prints.poster(rng), 0.3)
    if rng.uniform() < 0.5:
        cover = materials.glossy(rng, prints.label(rng))
    return placed([(upright, cover)], degrees=rng.uniform(-30, 30))


def crate(rng: np.random.Generator) -> Thing:
    """Make a clear or colored storage box with things inside, often with a lid."""
    width, depth, height = rng.uniform((0.25, 0.18, 0.12), (0.45, 0.3, 0.28))
    clear = rng.uniform() < 0.6
    wall = materials.clear_plastic(rng) if clear else materials.satin(rng, colors.any_surface(rng))
    body = organic.squared(meshes.lathe([0, 0.45, 0.5], [0, 0, height])).scaled(width, depth, 1)
    thing: Thing = [(body, wall)]
    for _ in range(5):
        sides = rng.uniform(0.25, 0.5, 2) * depth
        lump = organic.blob(rng, sides[0], sides[1], 0.6 * height, 0.15)
        x, y = rng.uniform(-0.25, 0.25, 2) * np.array([width, depth])
        thing.append((lump.moved(x, y, 0.01), materials.cloth(rng)))
    lid = meshes.superellipsoid(1.04 * width, 1.04 * depth, 0.03, 0.25).moved(z=height)
    if rng.uniform() < 0.7:
        thing.append((lid, materials.satin(rng, colors.any_surface(rng))))
    return placed(thing, degrees=rng.uniform(-20, 20))


CONTAINERS: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (
        waste_bin,
        laundry_basket,
        drinking_cup,
        drinking_glasses,
        jug,
        spray_bottle,
        tin,
        boxed_toy,
        crisp_bag,
        crate,
    )
}
