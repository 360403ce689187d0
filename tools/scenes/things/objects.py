"""Household objects that stand on tables, shelves and floors.

Every function takes a NumPy generator and returns a `Thing`: parts in meters that stand on z = 0.
To add a kind of object, write such a function and add it to OBJECTS.
"""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.surfaces.noise import fractal_noise
from tools.scenes.things import figures, paper_goods
from tools.scenes.things.parts import ObjectMaker, Thing, placed


def _profile(rng: np.random.Generator, height: float, radius: float) -> tuple:
    """Return a smooth random profile (radii, heights) of a turned vessel, closed at the bottom."""
    along = np.linspace(0, 1, 24)
    knots = rng.uniform(0.35, 1.0, 5) * radius
    radii = np.interp(along, np.linspace(0, 1, 5), knots)
    radii = np.convolve(np.pad(radii, 3, mode="edge"), np.ones(7) / 7, mode="valid")
    return np.concatenate([[0.0], radii]), np.concatenate([[0.0], along * height])


def _vessel_material(rng: np.random.Generator) -> materials.Material:
    """Return a glazed, painted, metal or glass material."""
    kind = rng.uniform()
    if kind < 0.15:
        return materials.glass(rng)
    if kind < 0.3:
        return materials.metal(rng)
    if kind < 0.6:
        pattern = materials.textured(rng, "bands", "speckle", "marble", "dots", "stripes")
        return materials.glossy(rng, pattern.reflectance)
    return materials.colored(rng, colors.any_surface(rng))


def vase(rng: np.random.Generator) -> Thing:
    """Make a turned vase with an open mouth."""
    profile = _profile(rng, rng.uniform(0.14, 0.34), rng.uniform(0.05, 0.1))
    return [(meshes.lathe(*profile), _vessel_material(rng))]


def bottle(rng: np.random.Generator) -> Thing:
    """Make a bottle with a neck, a cap and a printed label."""
    height, radius = rng.uniform(0.18, 0.32), rng.uniform(0.028, 0.045)
    radii = np.array([0, 0.95, 1, 1, 0.98, 0.75, 0.36, 0.33, 0.33]) * radius
    heights = np.array([0, 0, 0.02, 0.5, 0.58, 0.68, 0.78, 0.9, 0.93]) * height
    body = materials.glossy(rng, colors.any_surface(rng))
    band = meshes.lathe([radius * 1.01] * 2, [0.12 * height, 0.46 * height]).repeated(2, 1)
    cap = meshes.cylinder(0.4 * radius, 0.1 * height).moved(z=0.9 * height)
    return [
        (meshes.lathe(radii, heights), body),
        (band, materials.matte(prints.label(rng))),
        (cap, materials.colored(rng, colors.any_surface(rng))),
    ]


def mug(rng: np.random.Generator) -> Thing:
    """Make a mug with a handle."""
    radius, height = rng.uniform(0.036, 0.048), rng.uniform(0.08, 0.12)
    wall = meshes.lathe(
        np.array([0, 1, 1, 0.92, 0.92, 0]) * radius, np.array([0, 0, 1, 1, 0.1, 0.1]) * height
    )
    handle = meshes.ring(0.3 * height, 0.006).turned(90, "x").moved(x=radius, z=0.5 * height)
    glaze = materials.glossy(rng, colors.any_surface(rng))
    if rng.uniform() < 0.4:
        glaze = materials.glossy(rng, prints.PICTURES[rng.integers(3)](rng))
    return placed([(wall, glaze), (handle, glaze)], degrees=rng.uniform(-80, 80))


def fruit_bowl(rng: np.random.Generator) -> Thing:
    """Make a bowl piled with fruit."""
    radius = rng.uniform(0.1, 0.16)
    bowl = meshes.lathe(
        np.array([0, 0.4, 0.75, 1, 0.96, 0.7, 0]) * radius,
        np.array([0, 0, 0.2, 0.5, 0.5, 0.22, 0.06]) * radius,
    )
    thing: Thing = [(bowl, _vessel_material(rng))]
    hue = rng.uniform(-0.02, 0.28)
    for index in range(9):
        size = rng.uniform(0.3, 0.4) * radius
        turn = 2 * np.pi * index / 6 + rng.uniform(-0.2, 0.2)
        out, up = (0.55 * radius, 0.22 * radius) if index < 6 else (0.22 * radius, 0.6 * radius)
        skin = colors.from_hsv(hue + rng.normal(0, 0.03), rng.uniform(0.45, 0.8), 0.8)
        mesh = organic.blob(rng, 2 * size, 2 * size, 1.9 * size, 0.05)
        mesh = mesh.moved(out * np.cos(turn), out * np.sin(turn), up)
        thing.append((mesh, materials.satin(rng, skin)))
    return thing


def jar(rng: np.random.Generator) -> Thing:
    """Make a filled glass jar with a lid."""
    radius, height = rng.uniform(0.035, 0.06), rng.uniform(0.09, 0.18)
    level = rng.uniform(0.3, 0.85) * height
    filling = materials.textured(
        rng, "speckle", "granite", "carpet", "leaves_print", "ground_cover"
    )
    return [
        (meshes.cylinder(radius, height), materials.glass(rng)),
        (meshes.cylinder(0.94 * radius, level).moved(z=0.004), filling),
        (meshes.cylinder(1.02 * radius, 0.016).moved(z=height), materials.metal(rng)),
    ]


def pot(rng: np.random.Generator) -> Thing:
    """Make a metal cooking pot with a lid and two handles."""
    radius, height = rng.uniform(0.08, 0.12), rng.uniform(0.08, 0.15)
    steel = materials.metal(rng)
    lid = meshes.lathe(np.array([1.03, 0.9, 0.5, 0]) * radius, np.array([0, 0.012, 0.025, 0.03]))
    knob = materials.glossy(rng, colors.dark(rng))
    thing: Thing = [
        (meshes.cylinder(radius, height), steel),
        (lid.moved(z=height), steel),
        (meshes.ball(0.014).moved(z=height + 0.03), knob),
    ]
    for side in (-1, 1):
        thing.append((meshes.ring(0.025, 0.006).moved(side * radius, 0, 0.8 * height), knob))
    return placed(thing, degrees=rng.uniform(0, 180))


def basket(rng: np.random.Generator) -> Thing:
    """Make a woven basket with cloth or balls of wool in it."""
    radius, height = rng.uniform(0.1, 0.16), rng.uniform(0.1, 0.18)
    side = meshes.lathe([0, 0.8 * radius, radius], [0, 0, height]).repeated(3, 1)
    thing: Thing = [
        (side, materials.textured(rng, "weave", "bands")),
        (meshes.ring(radius, 0.008).moved(z=height), materials.matte(colors.wood(rng))),
    ]
    for turn in rng.uniform(0, 2 * np.pi, 5):
        size = rng.uniform(0.3, 0.42) * radius
        place = (0.5 * radius * np.cos(turn), 0.5 * radius * np.sin(turn), height - size)
        thing.append(
            (organic.blob(rng, *(2 * size,) * 3, 0.08).moved(*place), materials.cloth(rng))
        )
    return thing


def candle(rng: np.random.Generator) -> Thing:
    """Make a candle on a turned holder."""
    height = rng.uniform(0.05, 0.16)
    holder = meshes.lathe(
        [0, 0.05, 0.045, 0.012, 0.012, 0.03, 0], [0, 0, 0.008, 0.02, 0.06, 0.07, 0.07]
    )
    wax = meshes.cylinder(0.018, height).moved(z=0.07)
    return [
        (holder, materials.metal(rng)),
        (wax, materials.satin(rng, colors.any_surface(rng))),
        (
            meshes.cylinder(0.001, 0.012).moved(z=0.07 + height),
            materials.matte(colors.dark(rng)),
        ),
    ]


def table_lamp(rng: np.random.Generator) -> Thing:
    """Make a lamp with a turned base and a shade that glows under ambient light."""
    height, radius = rng.uniform(0.16, 0.26), rng.uniform(0.05, 0.07)
    foot = meshes.lathe(*_profile(rng, height, radius))
    wide = rng.uniform(0.1, 0.14)
    shade = meshes.lathe([wide, rng.uniform(0.6, 0.95) * wide], [height, height + 0.16])
    glow = materials.lampshade(colors.white(rng), rng.uniform(0.05, 0.35))
    return [(foot, _vessel_material(rng)), (shade, glow)]


def globe(rng: np.random.Generator) -> Thing:
    """Make a globe on a stand."""
    radius = rng.uniform(0.07, 0.12)
    sea = colors.from_hsv(rng.normal(0.57, 0.03), 0.5, 0.7)
    land = fractal_noise(rng, 1.6) > 0.4
    earth = np.where(land[..., None], colors.leaf(rng), sea)
    foot = meshes.lathe([0, 0.06, 0.05, 0.01, 0.01], [0, 0, 0.01, 0.02, 0.06])
    return [
        (foot, materials.metal(rng)),
        (meshes.ball(radius).turned(23, "y").moved(z=0.06), materials.glossy(rng, earth)),
    ]


def clock(rng: np.random.Generator) -> Thing:
    """Make a round table clock."""
    radius = rng.uniform(0.05, 0.09)
    face = materials.matte(colors.white(rng))
    ink = materials.matte(colors.dark(rng))
    thing: Thing = [
        (meshes.cylinder(radius, 0.04), materials.colored(rng, colors.any_surface(rng))),
        (meshes.cylinder(0.88 * radius, 0.002).moved(z=0.04), face),
    ]
    for hour in range(12):
        mark = meshes.box(0.006, 0.016, 0.001).moved(y=0.75 * radius, z=0.042)
        thing.append((mark.turned(30 * hour), ink))
    for length in (0.5, 0.7):
        hand = meshes.box(0.005, length * radius, 0.001).moved(y=0.5 * length * radius, z=0.043)
        thing.append((hand.turned(rng.uniform(0, 360)), ink))
    upright = [(mesh.turned(85, "x").moved(z=radius), material) for mesh, material in thing]
    return placed(upright, degrees=rng.uniform(-25, 25))


def stone(rng: np.random.Generator) -> Thing:
    """Make a stone, shell or lump of clay."""
    size = rng.uniform(0.05, 0.14)
    lump = organic.blob(rng, size * rng.uniform(1, 1.6), size, 0.7 * size, rng.uniform(0.1, 0.25))
    coat = materials.textured(rng, "marble", "granite", "concrete", "mottled")
    return [(lump, coat if rng.uniform() < 0.6 else materials.satin(rng, coat.reflectance))]


OBJECTS: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (
        vase,
        bottle,
        mug,
        fruit_bowl,
        paper_goods.book_row,
        paper_goods.book_stack,
        paper_goods.open_book,
        paper_goods.package,
        paper_goods.parcel,
        jar,
        pot,
        basket,
        candle,
        table_lamp,
        paper_goods.standing_picture,
        globe,
        clock,
        stone,
        figures.statuette,
    )
}
