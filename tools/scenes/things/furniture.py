"""Rooms and furniture, as `Thing`s that stand on z = 0 and face negative y."""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces import colors, materials, prints, textures
from tools.scenes.surfaces.materials import Material
from tools.scenes.things.parts import Thing, placed

PLAIN_WALLS = ("worn_paint", "worn_paint", "orange_peel", "paint")
PATTERNED_WALLS = ("wallpaper", "bricks", "tiles", "stripes", "concrete", "planks", "leaves_print")
FLOORS = ("planks", "planks", "carpet", "carpet", "tiles", "concrete", "mottled", "rug", "granite")
TABLE_TOPS = (
    *("wood_grain", "wood_grain", "planks", "granite", "granite", "marble", "mottled", "concrete"),
    *("weave", "printed_cloth", "checks", "paint"),
)


def wall_material(rng: np.random.Generator, plain: float = 0.8) -> Material:
    """Return a wall covering, plain with the given probability, sometimes with a sheen."""
    names = PLAIN_WALLS if rng.uniform() < plain else PATTERNED_WALLS
    covering = materials.textured(rng, *names)
    return covering if rng.uniform() < 0.75 else materials.satin(rng, covering.reflectance)


def floor_material(rng: np.random.Generator) -> Material:
    """Return a floor covering. Planks, tiles and stone are often varnished or polished."""
    name = FLOORS[rng.integers(len(FLOORS))]
    covering = materials.textured(rng, name)
    smooth = name in ("planks", "tiles", "granite", "concrete") and rng.uniform() < 0.6
    return materials.satin(rng, covering.reflectance) if smooth else covering


def _metres(mesh: Mesh, width: float, height: float, tile: float) -> Mesh:
    """Repeat the texture every `tile` meters over a surface of the given size."""
    return mesh.repeated(width / tile, height / tile)


def room(rng: np.random.Generator, width: float, back: float, front: float) -> Thing:
    """Make a room with a floor, a ceiling, three walls and a baseboard at the back wall.

    The room spans x in [-width / 2, width / 2] and y in [front, back]. It is 2.5 m high and open
    behind the viewer.
    """
    height, depth, middle = 2.5, back - front, (back + front) / 2
    wall = wall_material(rng)
    tile = rng.uniform(0.5, 1.6)
    accent = wall_material(rng) if rng.uniform() < 0.3 else wall
    side = _metres(meshes.panel(depth, height), depth, height, tile)
    floor = _metres(meshes.sheet(width, depth), width, depth, rng.uniform(0.8, 1.3))
    skirting = materials.satin(rng, colors.white(rng))
    return [
        (_metres(meshes.panel(width, height), width, height, tile).moved(y=back), wall),
        (side.turned(-90).moved(x=width / 2, y=middle), accent),
        (side.turned(90).moved(x=-width / 2, y=middle), accent),
        (floor.moved(y=middle), floor_material(rng)),
        (
            meshes.sheet(width, depth).moved(y=middle, z=height),
            materials.matte(colors.white(rng)),
        ),
        (meshes.box(width, 0.015, 0.1).moved(y=back - 0.01), skirting),
    ]


def table(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make a table with four legs."""
    top = materials.textured(rng, *TABLE_TOPS)
    if rng.uniform() < 0.5:
        top = materials.satin(rng, top.reflectance)
    legs = materials.satin(rng, colors.wood(rng))
    thing: Thing = [(meshes.box(width, depth, 0.035).moved(z=height - 0.035), top)]
    for x in (-width / 2 + 0.05, width / 2 - 0.05):
        for y in (-depth / 2 + 0.05, depth / 2 - 0.05):
            thing.append((meshes.box(0.06, 0.06, height - 0.035).moved(x, y), legs))
    return thing


def carcass_material(rng: np.random.Generator) -> Material:
    """Return a material for cabinets and shelves: wood, or white or colored paint."""
    kind = rng.uniform()
    if kind < 0.6:
        return materials.satin(rng, textures.wood_grain(rng))
    return materials.satin(rng, colors.white(rng) if kind < 0.8 else colors.muted(rng))


def bookcase(rng: np.random.Generator, width: float, depth: float, levels: list[float]) -> Thing:
    """Make an open bookcase with a back and boards at the given heights (meters, ascending)."""
    wood = carcass_material(rng)
    back = wood if rng.uniform() < 0.6 else materials.matte(colors.muted(rng))
    tall = levels[-1] + 0.02
    thing: Thing = [(meshes.panel(width, tall).moved(y=depth / 2 - 0.005), back)]
    for level in levels:
        thing.append((meshes.box(width, depth, 0.022).moved(z=level - 0.022), wood))
    for side in (-1, 1):
        thing.append((meshes.box(0.025, depth, tall).moved(x=side * width / 2), wood))
    return thing


def chest(rng: np.random.Generator, width: float, depth: float, height: float) -> Thing:
    """Make a chest of drawers with knobs."""
    wood, knob = carcass_material(rng), materials.metal(rng)
    rows, columns = int(rng.integers(2, 5)), int(rng.integers(1, 3))
    thing: Thing = [(meshes.box(width, depth, height), wood)]
    drawer_width, drawer_height = width / columns, (height - 0.06) / rows
    for row in range(rows):
        for column in range(columns):
            x = (column + 0.5) * drawer_width - width / 2
            z = 0.05 + row * drawer_height
            front = meshes.box(drawer_width - 0.025, 0.018, drawer_height - 0.025)
            thing.append((front.moved(x, -depth / 2, z), wood))
            handle = meshes.ball(0.016).moved(x, -depth / 2 - 0.02, z + drawer_height / 2 - 0.03)
            thing.append((handle, knob))
    return thing


def chair(rng: np.random.Generator) -> Thing:
    """Make a wooden chair with a cushion."""
    wood = carcass_material(rng)
    cushion = meshes.superellipsoid(0.4, 0.4, 0.06, 0.4).moved(z=0.45)
    thing: Thing = [
        (meshes.box(0.42, 0.42, 0.03).moved(z=0.42), wood),
        (cushion, materials.cloth(rng)),
    ]
    for x in (-0.19, 0.19):
        thing.append((meshes.box(0.035, 0.035, 0.42).moved(x, -0.19), wood))
        thing.append((meshes.box(0.035, 0.035, 0.92).moved(x, 0.19), wood))
    for z in np.linspace(0.55, 0.85, int(rng.integers(2, 5))):
        thing.append((meshes.box(0.38, 0.02, 0.05).moved(0, 0.19, z), wood))
    return thing


def sofa(rng: np.random.Generator) -> Thing:
    """Make a two-seat sofa with cushions."""
    cloth = materials.leather(rng) if rng.uniform() < 0.3 else materials.cloth(rng)
    thing: Thing = [
        (meshes.superellipsoid(1.6, 0.8, 0.42, 0.2), cloth),
        (meshes.superellipsoid(1.6, 0.25, 0.8, 0.3).moved(y=0.32), cloth),
    ]
    for side in (-1, 1):
        thing.append((meshes.superellipsoid(0.22, 0.8, 0.62, 0.3).moved(x=0.75 * side), cloth))
        pillow = organic.pillow(rng, 0.42, 0.42, 0.14).turned(72, "x")
        place = (rng.uniform(0.25, 0.5) * side, 0.02, 0.42)
        thing.append((pillow.moved(*place), materials.cloth(rng)))
    return thing


def wall_picture(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Make a framed picture, or sometimes a mirror, with its back in the plane y = 0."""
    edge = rng.uniform(0.02, 0.05)
    frame = materials.metal(rng) if rng.uniform() < 0.2 else carcass_material(rng)
    image = prints.PICTURES[rng.integers(len(prints.PICTURES))](rng)
    face = materials.mirror() if rng.uniform() < 0.12 else materials.matte(image)
    thing: Thing = [
        (
            meshes.panel(width - 2 * edge, height - 2 * edge).moved(y=-0.012, z=edge),
            face,
        )
    ]
    for z in (0.0, height - edge):
        thing.append((meshes.box(width, 0.03, edge).moved(y=-0.015, z=z), frame))
    for side in (-1, 1):
        upright = meshes.box(edge, 0.03, height).moved(side * (width - edge) / 2, -0.015)
        thing.append((upright, frame))
    return thing


def door(rng: np.random.Generator) -> Thing:
    """Make a paneled door in its frame, with a knob and its back in the plane y = 0."""
    coat = materials.satin(rng, colors.white(rng) if rng.uniform() < 0.7 else colors.wood(rng))
    thing: Thing = [
        (meshes.box(0.98, 0.03, 2.1).moved(y=-0.015), coat),
        (meshes.box(0.82, 0.05, 2.02).moved(y=-0.02), coat),
        (meshes.ball(0.03).moved(0.34, -0.08, 0.98), materials.metal(rng)),
    ]
    for x in (-0.19, 0.19):
        for z, height in ((0.2, 0.6), (0.95, 0.9)):
            thing.append((meshes.box(0.28, 0.02, height).moved(x, -0.05, z), coat))
    return thing


def curtain(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Make a curtain that hangs in folds from a rod."""
    across = np.linspace(0, 1, 80)
    folds = 0.035 * np.sin(2 * np.pi * (across * rng.uniform(5, 9) + 0.3 * np.sin(5 * across)))
    x, z = np.meshgrid((across - 0.5) * width, np.linspace(0, height, 12))
    y = folds * (1 - 0.4 * z / height) - 0.06
    cloth = meshes.surface(np.stack([x, y, z], -1)).repeated(2, 3)
    rail = meshes.tube([[-0.6 * width, -0.06, height], [0.6 * width, -0.06, height]], 0.012)
    pattern = materials.cloth(rng)
    return [(cloth, pattern), (rail, materials.metal(rng))]


def floor_rug(rng: np.random.Generator, width: float, depth: float) -> Thing:
    """Make a rug on the floor."""
    pattern = materials.textured(rng, "rug", "carpet", "fur", "mottled", "leaves_print", "stripes")
    top = meshes.sheet(width, depth).moved(z=0.012).repeated(2, 2)
    return placed([(top, pattern)], degrees=rng.uniform(-15, 15))
