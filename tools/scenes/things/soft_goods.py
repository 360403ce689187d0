"""Cloth, leather and wool things, as `Thing`s that stand on z = 0. Add new ones to SOFT_GOODS."""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.things.parts import ObjectMaker, Thing, placed


def cloth_heap(rng: np.random.Generator) -> Thing:
    """Make a pile of crumpled clothes."""
    thing: Thing = []
    for layer in range(int(rng.integers(1, 4))):
        width, depth = rng.uniform(0.25, 0.5, 2)
        mound = organic.heap(rng, width, depth, rng.uniform(0.08, 0.22))
        x, y = rng.uniform(-0.1, 0.1, 2) * (layer > 0)
        thing += placed([(mound, materials.cloth(rng))], x, y, 0.03 * layer)
    return thing


def folded_towels(rng: np.random.Generator) -> Thing:
    """Make a stack of folded towels or sweaters."""
    thing: Thing = []
    z, sides = 0.0, rng.uniform((0.2, 0.16), (0.36, 0.28))
    for _ in range(int(rng.integers(1, 6))):
        height = rng.uniform(0.025, 0.06)
        width, depth = sides * rng.uniform(0.9, 1.05)
        fold = meshes.superellipsoid(width, depth, height, 0.3)
        fold = organic.dented(rng, fold, 0.004, 0.1)
        thing += placed([(fold, materials.cloth(rng))], z=z, degrees=rng.uniform(-6, 6))
        z += 0.92 * height
    return thing


def cushion(rng: np.random.Generator) -> Thing:
    """Make a cushion that leans back."""
    size = rng.uniform(0.3, 0.48)
    shape = organic.pillow(rng, size, size, rng.uniform(0.1, 0.18))
    upright = shape.turned(rng.uniform(55, 80), "x")
    low = upright.vertices[:, 2].min()
    return placed([(upright.moved(z=-low), materials.cloth(rng))], degrees=rng.uniform(-30, 30))


def cap(rng: np.random.Generator) -> Thing:
    """Make a baseball cap that lies on z = 0."""
    crown_cloth = materials.cloth(rng)
    crown = meshes.superellipsoid(0.17, 0.19, 0.22, 0.9, 24).moved(z=-0.11)
    crown = meshes.Mesh(np.maximum(crown.vertices, [-9, -9, 0]), crown.faces, crown.uv, True)
    peak = meshes.superellipsoid(0.17, 0.2, 0.02, 1.0).turned(8, "x").moved(y=-0.09)
    other = materials.cloth(rng) if rng.uniform() < 0.5 else crown_cloth
    button = meshes.ball(0.008).moved(z=0.105)
    badge = meshes.superellipsoid(0.06, 0.01, 0.045, 0.5).turned(-18, "x").moved(y=-0.09, z=0.03)
    emblem = materials.matte(prints.sign(rng))
    return [(crown, crown_cloth), (peak, other), (button, other), (badge, emblem)]


def brimmed_hat(rng: np.random.Generator) -> Thing:
    """Make a felt or straw hat."""
    brim, top = rng.uniform(0.15, 0.21), rng.uniform(0.1, 0.14)
    body = meshes.lathe([brim, 0.1, 0.095, 0.085, 0.05, 0], [0.012, 0, 0.03, 0.9 * top, top, top])
    body = organic.dented(rng, body, 0.006, 0.15)
    ribbon = meshes.lathe([0.101, 0.098], [0.012, 0.045])
    name = ("weave", "fur", "mottled")[rng.integers(3)]
    felt = materials.textured(rng, name)
    return [(body.repeated(2, 1), felt), (ribbon, materials.matte(colors.any_surface(rng)))]


def shoe(rng: np.random.Generator) -> Thing:
    """Make a shoe with a sole and laces, along x."""
    tall = rng.uniform(0.07, 0.14)
    along = np.array([-0.14, -0.12, -0.08, -0.03, 0.02, 0.08, 0.12, 0.14])
    heights = np.array([0.6, 1, 1, 0.85, 0.62, 0.5, 0.4, 0.15]) * tall
    widths = np.array([0.045, 0.07, 0.075, 0.075, 0.085, 0.098, 0.08, 0.03])
    upper = organic.loft(along, widths, heights, 0.75).moved(z=0.02)
    sole = organic.loft(along, widths * 1.08, np.full(8, 0.03), 0.3)
    skin = materials.leather(rng) if rng.uniform() < 0.5 else materials.cloth(rng)
    opening = meshes.superellipsoid(0.1, 0.05, 0.02, 1.0).moved(x=-0.08, z=0.01 + tall)
    thing: Thing = [
        (upper, skin),
        (sole, materials.satin(rng, colors.any_surface(rng))),
        (opening, materials.matte(colors.dark(rng))),
    ]
    lace = materials.matte(colors.any_surface(rng))
    for x in np.linspace(-0.01, 0.05, 4):
        high = 0.028 + np.interp(x, along, heights)
        bow = [[x, -0.028, high - 0.02], [x + 0.01, 0, high], [x, 0.028, high - 0.02]]
        thing.append((meshes.tube(bow, 0.004, 6), lace))
    return thing


def shoes(rng: np.random.Generator) -> Thing:
    """Make a dropped pair of shoes."""
    one = shoe(rng)
    other = [(mesh.scaled(1, -1, 1).turned(180, "z").turned(180), m) for mesh, m in one]
    turn = rng.uniform(0, 360)
    pair = placed(one, y=-0.06, degrees=rng.uniform(-20, 20))
    pair += placed(other, x=rng.uniform(-0.05, 0.05), y=0.07, degrees=rng.uniform(-20, 20))
    return placed(pair, degrees=turn)


def bag(rng: np.random.Generator) -> Thing:
    """Make a purse, backpack or cooler bag with a pocket, seams and handles."""
    width, depth, height = rng.uniform((0.22, 0.12, 0.2), (0.42, 0.24, 0.38))
    body = meshes.superellipsoid(width, depth, height, rng.uniform(0.25, 0.5), 30)
    body = organic.dented(rng, body, rng.uniform(0.002, 0.012), 0.2)
    skin = materials.leather(rng) if rng.uniform() < 0.5 else materials.cloth(rng)
    trim = materials.satin(rng, colors.any_surface(rng))
    pocket = meshes.superellipsoid(0.62 * width, 0.05, 0.5 * height, 0.25)
    second = materials.cloth(rng) if rng.uniform() < 0.5 else skin
    thing: Thing = [
        (body, skin),
        (pocket.moved(y=-0.47 * depth, z=0.1 * height), second),
        (meshes.box(0.64 * width, 0.006, 0.012).moved(y=-0.52 * depth, z=0.55 * height), trim),
        (meshes.panel(0.18 * width, 0.05).moved(y=-0.62 * depth, z=0.3 * height), trim),
    ]
    angle = np.linspace(0, np.pi, 16)
    for side in (-1, 1):
        arc = np.stack(
            [0.25 * width * np.cos(angle), np.full(16, side * 0.3 * depth), np.sin(angle) * 0.13], 1
        )
        thing.append((meshes.tube(arc + [0, 0, 0.9 * height], 0.011, 8), trim))
        seam = np.array([[side * 0.4 * width, -0.46 * depth, z * height] for z in (0.1, 0.5, 0.85)])
        thing.append((meshes.tube(seam, 0.004, 6), trim))
    return placed(thing, degrees=rng.uniform(-25, 25))


def sack(rng: np.random.Generator) -> Thing:
    """Make a tied bag of plastic, foil or cloth."""
    width, depth, height = rng.uniform((0.2, 0.18, 0.2), (0.4, 0.35, 0.4))
    body = organic.blob(rng, width, depth, height, 0.12)
    top = body.vertices[:, 2].max()
    tie = meshes.lathe([0.035, 0.015, 0.05, 0.07], [-0.02, 0.01, 0.04, 0.07]).moved(z=top)
    kind = rng.uniform()
    if kind < 0.4:
        cover = materials.glossy(rng, colors.dark(rng) if kind < 0.2 else colors.white(rng))
    else:
        cover = materials.foil(rng) if kind < 0.5 else materials.cloth(rng)
    return [(body, cover), (organic.dented(rng, tie, 0.004, 0.03).moved(z=top - 0.02), cover)]


def plush(rng: np.random.Generator) -> Thing:
    """Make a sitting plush creature of irregular lumps."""
    fur = materials.velvet(materials.textured(rng, "fur", "fur", "carpet", "mottled").reflectance)
    second = materials.velvet(materials.textured(rng, "fur", "printed_cloth").reflectance)
    ink = materials.glossy(rng, colors.dark(rng))
    wide, head = rng.uniform(0.13, 0.2), rng.uniform(0.1, 0.16)
    tall = rng.uniform(0.12, 0.2)
    thing: Thing = [
        (organic.blob(rng, wide, 0.85 * wide, tall, 0.08), fur),
        (organic.blob(rng, head, 0.9 * head, 0.9 * head, 0.06).moved(z=0.88 * tall), fur),
        (
            organic.blob(rng, 0.45 * head, 0.4 * head, 0.35 * head, 0.1).moved(
                y=-0.42 * head, z=tall + 0.1 * head
            ),
            second,
        ),
    ]
    ear = rng.uniform((0.2, 0.15), (0.5, 0.9)) * head
    for side in (-1, 1):
        thing += [
            (
                organic.blob(rng, 0.35 * wide, 0.7 * wide, 0.32 * wide, 0.1).moved(
                    side * 0.4 * wide, -0.45 * wide
                ),
                second,
            ),
            (
                organic.blob(rng, 0.25 * wide, 0.25 * wide, 0.6 * tall, 0.1)
                .turned(-30 * side, "y")
                .moved(side * 0.45 * wide, -0.1 * wide, 0.3 * tall),
                fur,
            ),
            (
                organic.blob(rng, ear[0], 0.3 * ear[0], ear[1], 0.1).moved(
                    side * 0.36 * head, 0, tall + 0.6 * head
                ),
                second,
            ),
            (
                meshes.ball(0.07 * head).moved(side * 0.2 * head, -0.43 * head, tall + 0.4 * head),
                ink,
            ),
        ]
    return placed(thing, degrees=rng.uniform(-50, 50))


SOFT_GOODS: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (
        cloth_heap,
        folded_towels,
        cushion,
        cap,
        brimmed_hat,
        shoes,
        bag,
        sack,
        plush,
    )
}
