"""Toys, as `Thing`s that stand on z = 0. To add one, add its function to TOYS."""

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.surfaces import colors, materials, prints
from tools.scenes.things.parts import ObjectMaker, Thing, placed, spread


def _toy_color(rng: np.random.Generator) -> colors.Color:
    """Sample a toy color, which is vivid more often than the colors of other things."""
    return colors.vivid(rng) if rng.uniform() < 0.5 else colors.any_surface(rng)


def blocks(rng: np.random.Generator) -> Thing:
    """Make scattered building blocks, some stacked."""
    cubes = []
    for _ in range(int(rng.integers(4, 9))):
        size = rng.uniform(0.03, 0.055)
        cube: Thing = [(meshes.box(size, size, size), materials.colored(rng, _toy_color(rng)))]
        if rng.uniform() < 0.4:
            top = (meshes.box(size, size, size), materials.satin(rng, prints.label(rng)))
            cube += placed([top], z=size, degrees=rng.uniform(-20, 20))
        cubes.append(cube)
    return spread(rng, cubes, 0.34, 0.26)


def stacking_rings(rng: np.random.Generator) -> Thing:
    """Make rings of decreasing size on a peg."""
    thing: Thing = [(meshes.cylinder(0.06, 0.012), materials.colored(rng, colors.wood(rng)))]
    z = 0.012
    for radius in np.linspace(0.05, 0.022, int(rng.integers(4, 7))):
        hue = materials.glossy(rng, _toy_color(rng))
        thing.append((meshes.ring(radius, 0.015).moved(z=z + 0.015), hue))
        z += 0.027
    thing.append((meshes.ball(0.02).moved(z=z), materials.glossy(rng, _toy_color(rng))))
    return thing


def teddy(rng: np.random.Generator) -> Thing:
    """Make a sitting plush animal."""
    fur = materials.velvet(materials.textured(rng, "fur", "carpet").reflectance)
    inner, ink = materials.matte(colors.wall(rng)), materials.glossy(rng, colors.dark(rng))
    ear = rng.uniform(0.04, 0.12)
    thing: Thing = [
        (meshes.superellipsoid(0.16, 0.14, 0.18, 1.0), fur),
        (meshes.superellipsoid(0.1, 0.05, 0.12, 1.0).moved(y=-0.055, z=0.02), inner),
        (meshes.ball(0.065).moved(z=0.155), fur),
        (meshes.superellipsoid(0.06, 0.05, 0.045, 1.0).moved(y=-0.055, z=0.175), inner),
        (meshes.ball(0.01).moved(y=-0.082, z=0.2), ink),
    ]
    for side in (-1, 1):
        arm = meshes.superellipsoid(0.05, 0.05, 0.13, 1.0).turned(-35 * side, "y")
        leg = meshes.superellipsoid(0.065, 0.15, 0.06, 1.0)
        head = meshes.superellipsoid(0.05, 0.025, ear, 1.0)
        thing += [
            (arm.moved(0.055 * side, -0.03, 0.06), fur),
            (leg.moved(0.06 * side, -0.08), fur),
            (head.moved(0.045 * side, 0, 0.26), fur),
            (meshes.ball(0.008).moved(0.024 * side, -0.058, 0.225), ink),
        ]
    return thing


def car(rng: np.random.Generator) -> Thing:
    """Make a toy car."""
    body = materials.glossy(rng, _toy_color(rng))
    window, tyre = materials.glossy(rng, colors.dark(rng)), materials.matte(colors.dark(rng))
    roof = rng.uniform(0.07, 0.12)
    thing: Thing = [
        (meshes.superellipsoid(0.2, 0.09, 0.05, 0.3).moved(z=0.018), body),
        (meshes.superellipsoid(roof, 0.08, 0.05, 0.4).moved(z=0.055), window),
        (meshes.superellipsoid(0.9 * roof, 0.082, 0.02, 0.4).moved(z=0.09), body),
    ]
    for x in (-0.06, 0.06):
        for y in (-0.046, 0.046):
            wheel = meshes.cylinder(0.023, 0.016).turned(90, "x").moved(x, y + 0.008, 0.023)
            hub = meshes.ball(0.011).moved(x, y * 1.1, 0.012)
            thing += [(wheel, tyre), (hub, materials.metal(rng))]
    return placed(thing, degrees=rng.uniform(0, 360))


def toy_ball(rng: np.random.Generator) -> Thing:
    """Make a patterned ball."""
    pattern = materials.textured(rng, "stripes", "dots", "bands", "leaves_print")
    ball = meshes.ball(rng.uniform(0.05, 0.12)).turned(rng.uniform(0, 90), "y")
    low = ball.vertices[:, 2].min()
    return [(ball.moved(z=-low), materials.glossy(rng, pattern.reflectance))]


def robot(rng: np.random.Generator) -> Thing:
    """Make a boxy robot."""
    coat = materials.colored(rng, _toy_color(rng))
    trim = materials.metal(rng) if rng.uniform() < 0.5 else materials.matte(_toy_color(rng))
    eye = materials.glossy(rng, colors.white(rng))
    thing: Thing = [
        (meshes.superellipsoid(0.12, 0.07, 0.13, 0.2).moved(z=0.08), coat),
        (meshes.superellipsoid(0.08, 0.07, 0.075, 0.25).moved(z=0.215), trim),
        (
            meshes.panel(0.08, 0.07).moved(y=-0.036, z=0.11),
            materials.matte(prints.label(rng)),
        ),
    ]
    for side in (-1, 1):
        arm = meshes.cylinder(0.015, 0.11).turned(rng.uniform(-30, 150) * side, "y")
        thing += [
            (meshes.superellipsoid(0.045, 0.08, 0.08, 0.3).moved(0.032 * side), trim),
            (arm.moved(0.065 * side, 0, 0.19), coat),
            (meshes.ball(0.012).moved(0.018 * side, -0.034, 0.245), eye),
        ]
    return thing


def duck(rng: np.random.Generator) -> Thing:
    """Make a rubber duck or a similar bird."""
    skin = materials.glossy(rng, colors.from_hsv(rng.normal(0.13, 0.06), 0.8, 0.9))
    beak = materials.glossy(rng, colors.from_hsv(0.05, 0.85, 0.9))
    ink = materials.glossy(rng, colors.dark(rng))
    thing: Thing = [
        (meshes.superellipsoid(0.15, 0.11, 0.08, 1.0), skin),
        (meshes.superellipsoid(0.06, 0.05, 0.05, 1.0).turned(30, "y").moved(0.05, 0, 0.05), skin),
        (meshes.ball(0.04).moved(x=-0.04, z=0.065), skin),
        (meshes.superellipsoid(0.04, 0.04, 0.015, 1.0).moved(x=-0.085, z=0.095), beak),
    ]
    for side in (-1, 1):
        thing.append((meshes.ball(0.007).moved(-0.068, 0.022 * side, 0.112), ink))
    return placed(thing, degrees=rng.uniform(0, 130))


def doll(rng: np.random.Generator) -> Thing:
    """Make a doll with a patterned dress and a mop of hair."""
    skin = materials.satin(rng, colors.skin(rng))
    dress = materials.cloth(rng)
    hair = materials.textured(rng, "carpet", "wood_grain")
    skirt = meshes.lathe([0.085, 0.07, 0.035, 0.045, 0.02], [0.04, 0.09, 0.17, 0.22, 0.245])
    thing: Thing = [
        (skirt.repeated(2, 1), dress),
        (meshes.ball(0.05).moved(z=0.235), skin),
        (meshes.superellipsoid(0.115, 0.09, 0.09, 1.0).moved(y=0.018, z=0.265), hair),
    ]
    for side in (-1, 1):
        arm = meshes.superellipsoid(0.028, 0.028, 0.12, 1.0).turned(-30 * side, "y")
        leg = meshes.superellipsoid(0.03, 0.035, 0.09, 0.8).moved(0.03 * side)
        thing += [
            (arm.moved(0.085 * side, -0.01, 0.11), skin),
            (leg, skin),
            (
                meshes.ball(0.007).moved(0.018 * side, -0.045, 0.285),
                materials.glossy(rng, colors.dark(rng)),
            ),
        ]
    return thing


TOYS: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (blocks, stacking_rings, teddy, car, toy_ball, robot, duck, doll)
}
