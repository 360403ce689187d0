"""Screens, keyboards and kitchen appliances, as `Thing`s on z = 0. Add new ones to APPLIANCES."""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.things.parts import ObjectMaker, Thing, placed


def _shell(rng: np.random.Generator) -> materials.Material:
    """Return a housing material: dark, white or colored plastic, or brushed metal."""
    kind = rng.uniform()
    if kind < 0.25:
        return materials.metal(rng, np.array([0.6, 0.6, 0.6]))
    color = (colors.dark, colors.white, colors.any_surface)[rng.integers(3)](rng)
    return materials.glossy(rng, color) if kind < 0.6 else materials.satin(rng, color)


def display(rng: np.random.Generator) -> Thing:
    """Make a monitor or TV on a stand. Its screen is off, or glows when the room lights are on."""
    width = rng.uniform(0.4, 0.75)
    height = width * rng.uniform(0.55, 0.65)
    case = materials.glossy(rng, colors.dark(rng))
    if rng.uniform() < 0.55:
        light = rng.uniform(0.05, 0.3) * rng.uniform(0.5, 1.0, 3)
        front = materials.Material("plastic", prints.screen(rng), 0.1, emission=light)
    else:
        front = materials.glossy(rng, np.full(3, 0.012))
    face = meshes.panel(0.95 * width, 0.92 * height).moved(y=-0.021, z=0.12 + 0.04 * height)
    return [
        (meshes.box(width, 0.04, height).moved(z=0.12), case),
        (face, front),
        (meshes.box(0.06, 0.03, 0.14).moved(y=0.02), case),
        (meshes.superellipsoid(0.24, 0.18, 0.016, 0.4), case),
    ]


def laptop(rng: np.random.Generator) -> Thing:
    """Make an open laptop."""
    width, depth = rng.uniform(0.28, 0.38), rng.uniform(0.2, 0.25)
    case = _shell(rng)
    lid: Thing = [
        (meshes.box(width, 0.008, depth), case),
        (
            meshes.panel(0.93 * width, 0.88 * depth).moved(y=-0.005, z=0.06 * depth),
            materials.Material(
                "plastic", prints.screen(rng), 0.1, emission=rng.uniform(0.0, 0.25) * np.ones(3)
            ),
        ),
    ]
    thing = [(mesh.turned(-15, "x").moved(y=depth / 2, z=0.015), m) for mesh, m in lid]
    thing += keyboard(rng, 0.9 * width, 0.55 * depth, 0.0165)
    thing.append((meshes.box(width, depth, 0.016), case))
    return placed(thing, degrees=rng.uniform(-25, 25))


def keyboard(
    rng: np.random.Generator, width: float = 0.42, depth: float = 0.14, base: float = 0.014
) -> Thing:
    """Make a keyboard whose keys form one mesh."""
    keys = []
    for row in range(5):
        x = -width / 2 + 0.006
        while x < width / 2 - 0.02:
            long = 0.016 * (rng.choice([1, 1, 1, 2, 5], p=[0.3, 0.3, 0.28, 0.1, 0.02]))
            long = min(long, width / 2 - x - 0.004)
            key = meshes.box(long, depth / 6, 0.006)
            keys.append(key.moved(x + long / 2, (row - 2) * depth / 5.3, base))
            x += long + 0.003
    cap = colors.dark(rng) if rng.uniform() < 0.7 else colors.white(rng)
    body = materials.satin(rng, colors.dark(rng) if rng.uniform() < 0.6 else colors.muted(rng))
    return [
        (meshes.box(width, depth, base), body),
        (meshes.joined(keys), materials.satin(rng, cap)),
    ]


def tangle(rng: np.random.Generator) -> Thing:
    """Make a tangle of cables with plugs."""
    thing: Thing = []
    for _ in range(int(rng.integers(2, 5))):
        start, end = np.concatenate(
            [rng.uniform(-0.22, 0.22, (2, 2)), np.full((2, 1), 0.006)], axis=1
        )
        skin = materials.satin(rng, colors.dark(rng) if rng.uniform() < 0.6 else colors.white(rng))
        thing.append((organic.cable(rng, start, end, 0.1), skin))
        thing.append((meshes.box(0.035, 0.02, 0.014).moved(*start[:2]), skin))
    return thing


def toaster(rng: np.random.Generator) -> Thing:
    """Make a toaster, bread box or slow cooker: a shiny rounded housing with slots and knobs."""
    width, depth, height = rng.uniform((0.22, 0.14, 0.14), (0.38, 0.24, 0.24))
    dark = materials.satin(rng, colors.dark(rng))
    thing: Thing = [
        (meshes.superellipsoid(width, depth, height, rng.uniform(0.2, 0.5), 30), _shell(rng)),
        (meshes.box(0.7 * width, 0.03, 0.004).moved(y=-0.03, z=height - 0.002), dark),
        (meshes.box(0.7 * width, 0.03, 0.004).moved(y=0.03, z=height - 0.002), dark),
    ]
    for x in (-0.25, 0.25):
        knob = meshes.cylinder(0.018, 0.02).turned(90, "x")
        thing.append((knob.moved(x * width, -depth / 2 + 0.004, 0.3 * height), dark))
    return placed(thing, degrees=rng.uniform(-25, 25))


def kettle(rng: np.random.Generator) -> Thing:
    """Make a kettle or coffee pot on its base."""
    radius, height = rng.uniform(0.065, 0.09), rng.uniform(0.17, 0.26)
    dark = materials.satin(rng, colors.dark(rng))
    body = meshes.lathe(
        np.array([0, 1, 1.02, 0.85, 0.72, 0]) * radius,
        np.array([0, 0, 0.15, 0.7, 0.96, 1.0]) * height,
    )
    arc = np.linspace(-1.3, 1.3, 14)
    handle = np.stack(
        [0.75 * radius + 0.6 * radius * np.cos(arc), 0 * arc, (0.55 + 0.33 * np.sin(arc)) * height],
        1,
    )
    spout = meshes.cylinder(0.025, 0.06, 0.012).turned(-50, "y")
    shell = materials.clear_plastic(rng) if rng.uniform() < 0.15 else _shell(rng)
    thing: Thing = [
        (meshes.cylinder(1.05 * radius, 0.02), dark),
        (body.moved(z=0.02), shell),
        (meshes.tube(handle, 0.012), dark),
        (spout.moved(x=-0.75 * radius, z=0.8 * height), shell),
        (meshes.ball(0.014).moved(z=1.0 * height + 0.02), dark),
    ]
    return placed(thing, degrees=rng.uniform(-60, 60))


def blender(rng: np.random.Generator) -> Thing:
    """Make a blender: a motor base with a clear jar."""
    radius = rng.uniform(0.055, 0.075)
    dark = materials.satin(rng, colors.dark(rng))
    beaker = meshes.lathe(np.array([0.75, 0.8, 1.05]) * radius, [0.16, 0.2, 0.36])
    return [
        (meshes.cylinder(1.2 * radius, 0.15, 0.85 * radius), _shell(rng)),
        (beaker, materials.clear_plastic(rng)),
        (meshes.cylinder(1.08 * radius, 0.03).moved(z=0.36), dark),
        (meshes.cylinder(0.02, 0.012).turned(90, "x").moved(y=-1.1 * radius, z=0.06), dark),
    ]


def small_device(rng: np.random.Generator) -> Thing:
    """Make a phone, remote control or speaker."""
    kind = rng.integers(3)
    case, dark = _shell(rng), materials.glossy(rng, np.full(3, 0.012))
    if kind == 0:
        width, height = rng.uniform((0.06, 0.13), (0.08, 0.17))
        return placed(
            [
                (meshes.superellipsoid(width, height, 0.01, 0.3), case),
                (meshes.sheet(0.88 * width, 0.88 * height).moved(z=0.0104), dark),
            ],
            degrees=rng.uniform(0, 180),
        )
    if kind == 1:
        keys = [
            meshes.box(0.007, 0.007, 0.003).moved(x, y, 0.018)
            for x in (-0.012, 0, 0.012)
            for y in np.linspace(-0.07, 0.05, 9)
        ]
        body = meshes.superellipsoid(0.05, 0.19, 0.019, 0.4)
        soft = materials.satin(rng, colors.muted(rng))
        thing: Thing = [(body, dark), (meshes.joined(keys), soft)]
        return placed(thing, degrees=rng.uniform(0, 180))
    size = rng.uniform((0.09, 0.08, 0.12), (0.18, 0.16, 0.3))
    grille = materials.textured(rng, "weave", "knit")
    front = meshes.panel(0.88 * size[0], 0.8 * size[2]).moved(y=-size[1] / 2 - 0.002, z=0.02)
    return [(meshes.box(*size), case), (front, grille)]


APPLIANCES: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (
        display,
        laptop,
        keyboard,
        tangle,
        toaster,
        kettle,
        blender,
        small_device,
    )
}
