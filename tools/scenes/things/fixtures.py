"""Things built into a room or hung in it: hooks, stairs, counters, cabinets, shelves and beds.

Like furniture, they are `Thing`s in meters that face negative y. Those for a wall have their back
in the plane y = 0.
"""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import colors, materials, prints, textures
from tools.scenes.things import foliage, furniture, soft_goods
from tools.scenes.things.parts import Thing, bounds, placed


def hung(thing: Thing) -> Thing:
    """Hang a standing thing on a wall by its upper side, facing the viewer, centered at z = 0."""
    turned = [(mesh.turned(75, "x"), material) for mesh, material in thing]
    low, high = bounds(turned)
    return placed(turned, 0, -high[1] - 0.002, -(low[2] + high[2]) / 2)


def hung_hat(rng: np.random.Generator) -> Thing:
    """Make a cap or hat on a hook, centered at z = 0."""
    hat = soft_goods.cap(rng) if rng.uniform() < 0.7 else soft_goods.brimmed_hat(rng)
    return hung(placed(hat, degrees=rng.uniform(-40, 40)))


def hung_cloth(rng: np.random.Generator) -> Thing:
    """Make a coat, towel or dress on a hook, with its top at z = 0."""
    height = rng.uniform(0.35, 0.9)
    sheet = organic.hanging_cloth(rng, rng.uniform(0.25, 0.5), height, rng.uniform(0.15, 1.0))
    hook = meshes.tube([[0, 0, 0.02], [0, -0.03, 0.0], [0, -0.05, 0.03]], 0.006)
    return [
        (sheet.repeated(1, 2).moved(z=-height), materials.cloth(rng)),
        (hook, materials.metal(rng)),
    ]


def hung_sign(rng: np.random.Generator) -> Thing:
    """Make one to three boards on strings, with the top at z = 0."""
    width, z = rng.uniform(0.2, 0.45), -rng.uniform(0.06, 0.15)
    string = materials.matte(colors.muted(rng))
    strings: list[tuple[tuple, tuple]] = [
        ((-0.45 * width, -0.01, z), (0, -0.004, 0)),
        ((0.45 * width, -0.01, z), (0, -0.004, 0)),
    ]
    thing: Thing = []
    for _ in range(int(rng.integers(1, 4))):
        height = rng.uniform(0.08, 0.16)
        board = meshes.box(width, 0.012, height).moved(y=-0.012, z=z - height)
        face = meshes.panel(0.98 * width, 0.96 * height).moved(y=-0.0185, z=z - 0.98 * height)
        thing.append((board, materials.satin(rng, colors.wood(rng))))
        thing.append((face, materials.satin(rng, prints.sign(rng))))
        z -= height + 0.03
        strings += [
            ((side * 0.4 * width, -0.012, z), (side * 0.4 * width, -0.012, z + 0.04))
            for side in (-1, 1)
        ]
    return [*thing, (organic.bars(strings[:-2], 0.002), string)]


def hung_bag(rng: np.random.Generator) -> Thing:
    """Make a bag on a hook, centered at z = 0."""
    thing = soft_goods.bag(rng)
    low, high = bounds(thing)
    return placed(thing, 0, -high[1] - 0.005, -(low[2] + high[2]) / 2)


def wreath(rng: np.random.Generator) -> Thing:
    """Make a wreath of leaves, centered at z = 0."""
    radius = rng.uniform(0.12, 0.2)
    leaf = meshes.blade(rng.uniform(0.05, 0.09), 0.025, 0.6, 20)
    leaves = []
    for turn in np.linspace(0, 360, 110):
        wild = leaf.turned(rng.uniform(0, 360)).turned(rng.uniform(-50, 50), "y")
        leaves.append(
            wild.moved(radius * rng.uniform(0.85, 1.15), 0, rng.uniform(-0.02, 0.03)).turned(turn)
        )
    mesh = meshes.joined(leaves).turned(90, "x")
    return [(mesh.moved(y=-0.06), foliage.leaf_material(rng))]


def switch_plate(rng: np.random.Generator) -> Thing:
    """Make a light switch or outlet, with its lower edge at z = 0."""
    white = materials.satin(rng, colors.white(rng))
    dark = materials.matte(colors.dark(rng))
    thing: Thing = [(meshes.box(0.075, 0.012, 0.115).moved(y=-0.006), white)]
    if rng.uniform() < 0.5:
        return [*thing, (meshes.box(0.03, 0.012, 0.05).moved(y=-0.012, z=0.033), white)]
    for x, z in ((-0.012, 0.03), (0.012, 0.03), (-0.012, 0.075), (0.012, 0.075)):
        thing.append((meshes.box(0.004, 0.003, 0.014).moved(x, -0.012, z), dark))
    return thing


HANGINGS = (hung_hat, hung_hat, hung_cloth, hung_cloth, hung_sign, hung_bag, wreath)


def stairs(rng: np.random.Generator, width: float) -> Thing:
    """Make straight stairs that rise toward positive y from y = 0, with a handrail on one side."""
    rise, run = rng.uniform(0.17, 0.19), rng.uniform(0.25, 0.29)
    tread = materials.textured(rng, "carpet", "fur", "wood_grain", "mottled")
    front = tread if rng.uniform() < 0.5 else materials.satin(rng, colors.white(rng))
    thing: Thing = []
    for step in range(12):
        board = meshes.box(width, run + 0.03, 0.03)
        thing.append((board.moved(y=(step + 0.5) * run - 0.015, z=(step + 1) * rise - 0.03), tread))
        riser = meshes.panel(width, rise).moved(y=step * run, z=step * rise)
        thing.append((riser, front))
    wood = furniture.carcass_material(rng)
    side = rng.choice([-1.0, 1.0]) * (width / 2 - 0.06)
    ends = [(side, -0.1, 0.9), (side, 12 * run, 0.9 + 12 * rise)]
    thing.append((meshes.tube(ends, 0.028), wood))
    if rng.uniform() < 0.5:
        posts = [
            (
                (side, (n + 0.5) * run, (n + 1) * rise),
                (side, (n + 0.5) * run, 0.9 + (n + 0.9) * rise),
            )
            for n in range(12)
        ]
        thing.append((organic.bars(posts, 0.014), materials.satin(rng, colors.white(rng))))
    return thing


def wire_shelf(rng: np.random.Generator, width: float, depth: float) -> Thing:
    """Make a shelf of coated wires with a lip, with its top at z = 0."""
    coat = materials.satin(rng, colors.white(rng) if rng.uniform() < 0.8 else colors.dark(rng))
    ends = [
        ((x, -depth / 2, -0.004), (x, depth / 2, -0.004))
        for x in np.arange(-width / 2, width / 2, 0.026)
    ]
    ends += [((x, -depth / 2, -0.004), (x, -depth / 2, -0.04)) for x, *_ in (a for a, _ in ends)]
    thing: Thing = [(organic.bars(ends, 0.002), coat)]
    rails = [(y, z) for y in (-depth / 2, 0.0, depth / 2) for z in (-0.008,)] + [
        (-depth / 2, -0.04)
    ]
    beams = [((-width / 2, y, z), (width / 2, y, z)) for y, z in rails]
    struts = [
        ((x, -depth / 2, -0.01), (x, depth / 2, -0.3)) for x in (-0.4 * width, 0.0, 0.4 * width)
    ]
    return [*thing, (organic.bars(beams + struts, 0.004), coat)]


def counter(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make a kitchen counter: cabinets under a slab of stone, wood or laminate."""
    front = furniture.carcass_material(rng)
    slab = materials.textured(rng, "granite", "granite", "marble", "wood_grain", "mottled", "paint")
    top = meshes.box(width, depth + 0.03, 0.035).repeated(width / 0.7, depth / 0.7)
    thing: Thing = [
        (meshes.box(width, depth, height - 0.035), front),
        (top.moved(z=height - 0.035), materials.glossy(rng, slab.reflectance)),
    ]
    for x in np.arange(-width / 2 + 0.25, width / 2, 0.5):
        panel = meshes.box(0.46, 0.02, height - 0.16).moved(x, -depth / 2, 0.1)
        thing.append((panel, front))
    return thing


def backsplash(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Make a tiled or stone strip of wall above a counter, in the plane y = 0."""
    name = ("tiles", "bricks", "marble", "leaves_print", "mottled")[rng.integers(5)]
    strip = meshes.panel(width, height).repeated(width / 0.6, height / 0.6)
    return [(strip.moved(y=-0.004), materials.glossy(rng, textures.TEXTURES[name](rng)))]


def cabinet(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make an open cabinet with its doors swung out. Its opening is at y = -depth / 2."""
    wood = furniture.carcass_material(rng)
    inner = materials.satin(rng, colors.dark(rng)) if rng.uniform() < 0.5 else wood
    thing: Thing = [(meshes.panel(width, height).moved(y=depth / 2 - 0.004), inner)]
    for z in (0.0, height):
        thing.append((meshes.box(width, depth, 0.02).moved(z=z - 0.02), inner))
    for side in (-1, 1):
        thing.append((meshes.box(0.02, depth, height).moved(x=side * width / 2), inner))
        leaf = meshes.box(width / 2, 0.02, height).moved(x=-width / 4)
        leaf = leaf.turned(180 if side < 0 else 0).turned(side * rng.uniform(100, 150))
        thing.append((leaf.moved(side * width / 2, -depth / 2), wood))
    return thing


def bedding(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make a bed: a mattress under crumpled covers, with pillows at its far end.

    It spans y from -depth / 2 to depth / 2.
    """
    mattress = meshes.superellipsoid(width, depth, height, 0.2)
    thing: Thing = [(mattress, materials.matte(colors.white(rng)))]
    sheet = organic.spread_cloth(rng, 1.02 * width, 1.02 * depth, rng.uniform(0.01, 0.05))
    thing.append((sheet.repeated(2, 2).moved(z=height), materials.cloth(rng)))
    quilt = organic.heap(rng, 0.9 * width, 0.6 * depth, rng.uniform(0.12, 0.25))
    thing.append((quilt.moved(rng.uniform(-0.2, 0.2), -0.1 * depth, height), materials.cloth(rng)))
    for x in np.linspace(-0.3, 0.3, int(rng.integers(2, 4))):
        pillow = organic.pillow(rng, 0.55, 0.4, 0.16).turned(rng.uniform(15, 50), "x")
        place = (x * width, 0.32 * depth, height - pillow.vertices[:, 2].min())
        thing.append((pillow.moved(*place), materials.cloth(rng)))
    head = meshes.box(1.05 * width, 0.06, height + 0.5).moved(y=depth / 2)
    return [*thing, (head, furniture.carcass_material(rng))]


def fence(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Make a weathered board fence with gaps."""
    wood = materials.textured(rng, "wood_grain", "concrete", "planks")
    thing: Thing = []
    for x in np.arange(-width / 2, width / 2, 0.14):
        board = meshes.box(0.115, 0.02, height * rng.uniform(0.97, 1.0))
        thing.append((board.turned(rng.uniform(-0.7, 0.7), "y").moved(x), wood))
    for z in (0.25 * height, 0.8 * height):
        thing.append((meshes.box(width, 0.03, 0.08).moved(y=0.03, z=z), wood))
    return thing
