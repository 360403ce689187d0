"""Plants, as `Thing`s that stand on z = 0. To add one, add its function to PLANTS."""

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces import colors, materials
from tools.scenes.things import foliage
from tools.scenes.things.objects import vase
from tools.scenes.things.parts import ObjectMaker, Thing, bounds, placed


def _pot(rng: np.random.Generator, radius: float, height: float) -> Thing:
    """Make a flower pot with soil in it."""
    side = meshes.lathe(
        np.array([0, 0.72, 0.95, 1, 1, 0.9]) * radius, np.array([0, 0, 0.8, 0.8, 1, 0.9]) * height
    )
    clay = materials.colored(rng, colors.from_hsv(0.05, rng.uniform(0.2, 0.65), 0.7))
    if rng.uniform() < 0.5:
        pattern = materials.textured(rng, "bands", "speckle", "weave", "marble")
        clay = materials.satin(rng, pattern.reflectance)
    earth = meshes.lathe([0.95 * radius, 0], [0.88 * height, 0.92 * height])
    return [(side, clay), (earth, materials.matte(colors.dark(rng)))]


def _shoot(
    rng: np.random.Generator, count: int, length: float, width: float, lift: tuple[float, float]
) -> Mesh:
    """Return blades around one point. Later ones are steeper and shorter."""
    leaves = []
    for index in range(count):
        share = index / count
        angle = lift[0] + (lift[1] - lift[0]) * share + rng.uniform(-8, 8)
        size = length * rng.uniform(0.75, 1.0) * (1 - 0.25 * share)
        leaf = meshes.blade(size, width * rng.uniform(0.8, 1.2), rng.uniform(0.2, 1.0), angle)
        leaves.append(leaf.turned(137.5 * index + rng.uniform(-15, 15)))
    return meshes.joined(leaves)


def spiky_plant(rng: np.random.Generator) -> Thing:
    """Make a potted plant with long narrow leaves."""
    height = rng.uniform(0.08, 0.15)
    length = rng.uniform(0.18, 0.34)
    leaves = _shoot(rng, int(rng.integers(22, 40)), length, rng.uniform(0.02, 0.045), (20, 85))
    pot = _pot(rng, rng.uniform(0.05, 0.09), height)
    return [*pot, (leaves.moved(z=0.9 * height), foliage.leaf_material(rng))]


def bushy_plant(rng: np.random.Generator) -> Thing:
    """Make a potted plant with broad leaves on stems."""
    height, tall = rng.uniform(0.08, 0.15), rng.uniform(0.15, 0.3)
    thing = _pot(rng, rng.uniform(0.06, 0.1), height)
    leaves, stems = [], []
    for _ in range(int(rng.integers(14, 24))):
        turn, out, up = (
            rng.uniform(0, 2 * np.pi),
            rng.uniform(0.02, 0.13),
            rng.uniform(0.3, 1) * tall,
        )
        tip = np.array([out * np.cos(turn), out * np.sin(turn), height + up])
        path = np.stack([(0, 0, 0.9 * height), tip * (0.6, 0.6, 0.8), tip])
        stems.append(meshes.tube(path, 0.003, 6))
        for _ in range(4):
            leaf = meshes.blade(
                rng.uniform(0.06, 0.11), rng.uniform(0.03, 0.055), 0.8, rng.uniform(-20, 60)
            )
            leaves.append(leaf.turned(rng.uniform(0, 360)).moved(*tip))
    thing.append((meshes.joined(stems), materials.matte(colors.leaf(rng))))
    return [*thing, (meshes.joined(leaves), foliage.leaf_material(rng))]


def cactus(rng: np.random.Generator) -> Thing:
    """Make a ribbed cactus with spines."""
    height, radius = rng.uniform(0.06, 0.1), rng.uniform(0.035, 0.055)
    tall = rng.uniform(0.08, 0.2)
    body = meshes.superellipsoid(2 * radius, 2 * radius, tall, 0.8, 32)
    turn = np.arctan2(body.vertices[:, 1], body.vertices[:, 0])
    rib = (1 + 0.1 * np.cos(12 * turn))[:, None] * np.array([1, 1, 0]) + np.array([0, 0, 1])
    body = meshes.Mesh(body.vertices * rib, body.faces, body.uv, True)
    spines = []
    for level in rng.uniform(0.15, 0.9, 60):
        spine = meshes.blade(0.02, 0.004, 0.2, rng.uniform(-10, 60)).moved(x=0.95 * radius)
        spines.append(spine.turned(rng.uniform(0, 360)).moved(z=level * tall))
    return [
        *_pot(rng, 1.2 * radius, height),
        (body.moved(z=0.85 * height), materials.satin(rng, colors.leaf(rng))),
        (meshes.joined(spines).moved(z=0.85 * height), materials.matte(colors.white(rng))),
    ]


def bouquet(rng: np.random.Generator) -> Thing:
    """Make flowers in a vase."""
    thing = vase(rng)
    top = bounds(thing)[1][2]
    petals, stems, hearts = [], [], []
    for _ in range(int(rng.integers(7, 14))):
        turn, out, up = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.12), rng.uniform(0.06, 0.16)
        tip = np.array([out * np.cos(turn), out * np.sin(turn), top + up])
        path = np.stack([(0, 0, 0.5 * top), tip * (0.4, 0.4, 0.9), tip])
        stems.append(meshes.tube(path, 0.002, 6))
        flower = _shoot(rng, int(rng.integers(8, 16)), rng.uniform(0.025, 0.045), 0.022, (5, 65))
        petals.append(flower.turned(rng.uniform(-40, 40), "x").moved(*tip))
        hearts.append(meshes.ball(0.008).moved(tip[0], tip[1], tip[2] - 0.004))
    green = _shoot(rng, 14, 0.14, 0.03, (10, 70)).moved(z=top)
    return [
        *thing,
        (meshes.joined(stems), materials.matte(colors.leaf(rng))),
        (green, foliage.leaf_material(rng)),
        (meshes.joined(petals), materials.matte(colors.vivid(rng))),
        (meshes.joined(hearts), materials.matte(colors.vivid(rng))),
    ]


def potted(rng: np.random.Generator) -> Thing:
    """Make a rosette, fern or small bush in a pot."""
    height, radius = rng.uniform(0.08, 0.14), rng.uniform(0.06, 0.1)
    kinds = (foliage.rosette, foliage.fern, lambda g: foliage.bush(g, 0.14, 150))
    plant = kinds[rng.integers(3)](rng)
    low = min(0.0, bounds(plant)[0][2])
    return [*_pot(rng, radius, height), *placed(plant, z=0.92 * height - 0.3 * low)]


PLANTS: dict[str, ObjectMaker] = {
    maker.__name__: maker
    for maker in (spiky_plant, bushy_plant, cactus, bouquet, potted, foliage.little_tree)
}
