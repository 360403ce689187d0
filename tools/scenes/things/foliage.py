"""Masses of leaves: bushes, grass, ferns, small trees and beds that fill a picture.

All leaves of one material form one mesh. Things stand on z = 0.
"""

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces import colors, materials
from tools.scenes.surfaces.materials import Material
from tools.scenes.things.parts import Thing, placed


def leaf_material(rng: np.random.Generator) -> Material:
    """Return a leaf material: dull to waxy, green or sometimes reddish or yellow."""
    image = materials.textured(rng, "veined_leaf").reflectance
    if rng.uniform() < 0.2:
        image = np.clip(
            image * colors.from_hsv(rng.uniform(-0.05, 0.15), 0.5, 0.95) * 1.8, 0.005, 0.8
        )
    return materials.satin(rng, image) if rng.uniform() < 0.6 else materials.matte(image)


def _swirl(rng: np.random.Generator, leaf: Mesh, places: np.ndarray, tilt: float) -> Mesh:
    """Copy a leaf to places (count, 3), turned at random and tilted by up to `tilt` degrees."""
    copies = []
    for place in places:
        size = rng.uniform(0.6, 1.25)
        copy = leaf.scaled(size, size, size).turned(rng.uniform(-tilt, tilt), "y")
        copy = copy.turned(rng.uniform(-25, 25), "x").turned(rng.uniform(0, 360))
        copies.append(copy.moved(*place))
    return meshes.joined(copies)


def bush(rng: np.random.Generator, radius: float, leaves: int = 260) -> Thing:
    """Make a round bush of small leaves, sometimes with flowers or berries."""
    way = rng.normal(size=(leaves, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    reach = (
        radius
        * rng.uniform(0.55, 1.0, (leaves, 1))
        * (1 + 0.15 * organic.smooth_noise(rng, way, 0.9)[:, None])
    )
    places = way * reach * np.array([1, 1, 0.85])
    places[:, 2] = np.abs(places[:, 2] + 0.4 * radius)
    long = rng.uniform(0.1, 0.28) * min(radius, 0.4)
    shape = meshes.blade(long, long * rng.uniform(0.3, 0.75), rng.uniform(0.1, 0.8), 15)
    half = leaves // 2
    inner = organic.blob(rng, 1.3 * radius, 1.3 * radius, 1.0 * radius, 0.1)
    thing: Thing = [(inner, materials.matte(0.25 * colors.leaf(rng)))]
    for part in (places[:half], places[half:]):
        thing.append((_swirl(rng, shape, part, 50), leaf_material(rng)))
    if rng.uniform() < 0.4:
        outer = places[np.argsort(-np.linalg.norm(places, axis=1))[: int(rng.integers(8, 30))]]
        flower = flower_head(rng, 0.25 * long + 0.012)
        tone = materials.satin(rng, colors.vivid(rng) if rng.uniform() < 0.7 else colors.white(rng))
        thing.append((_swirl(rng, flower, outer * 1.05, 40), tone))
    return thing


def flower_head(rng: np.random.Generator, radius: float) -> Mesh:
    """Return a blossom with a ring of petals, or a berry."""
    if rng.uniform() < 0.3:
        return meshes.superellipsoid(radius, radius, radius, 1.0, 10)
    petals = []
    count = int(rng.integers(5, 12))
    for index in range(count):
        petal = meshes.blade(radius, radius * rng.uniform(0.5, 0.9), 0.5, rng.uniform(15, 50))
        petals.append(petal.turned(360 * index / count))
    return meshes.joined(petals)


def rosette(rng: np.random.Generator) -> Thing:
    """Make a rosette of long leaves, like an agave, a lily or a dracaena."""
    count, length = int(rng.integers(14, 34)), rng.uniform(0.16, 0.34)
    width, bend = length * rng.uniform(0.08, 0.3), rng.uniform(0.2, 1.2)
    leaves = []
    for index in range(count):
        lift = 12 + 62 * index / count + rng.uniform(-10, 10)
        size = length * (1 - 0.4 * index / count)
        leaf = meshes.blade(size, width * rng.uniform(0.85, 1.15), bend, lift)
        leaves.append(leaf.turned(137.5 * index + rng.uniform(-12, 12)))
    return [(meshes.joined(leaves), leaf_material(rng))]


def grass(rng: np.random.Generator, width: float, depth: float, blades: int = 300) -> Thing:
    """Make tufts of grass over a rectangle."""
    long = rng.uniform(0.06, 0.2)
    blade = meshes.blade(long, rng.uniform(0.004, 0.01), rng.uniform(0.4, 1.2), 75)
    places = rng.uniform(-0.5, 0.5, (blades, 3)) * np.array([width, depth, 0])
    tone = materials.matte(colors.leaf(rng))
    return [(_swirl(rng, blade, places, 20), tone)]


def fern(rng: np.random.Generator) -> Thing:
    """Make a fern or conifer twigs: fronds with two rows of leaflets."""
    fronds = []
    long = rng.uniform(0.2, 0.4)
    slim = rng.uniform(0.08, 0.3)
    for index in range(int(rng.integers(6, 12))):
        leaflets = []
        for share in np.linspace(0.08, 0.98, 20):
            size = long * 0.28 * (1 - share) ** 0.7 + 0.006
            for side in (-1, 1):
                leaflet = meshes.blade(size, size * slim, 0.3, 5).turned(side * 62)
                leaflets.append(leaflet.moved(x=long * share, z=-0.35 * long * share**2))
        frond = meshes.joined(leaflets).turned(-rng.uniform(25, 70), "y")
        fronds.append(frond.turned(137.5 * index + rng.uniform(-20, 20)))
    return [(meshes.joined(fronds), leaf_material(rng))]


def little_tree(rng: np.random.Generator) -> Thing:
    """Make a small cone-shaped tree in a pot, sometimes with ornaments."""
    height, radius = rng.uniform(0.22, 0.4), rng.uniform(0.07, 0.12)
    share = np.sqrt(rng.uniform(0, 1, 420))
    turn = rng.uniform(0, 2 * np.pi, 420)
    out = radius * share * rng.uniform(0.6, 1.0, 420)
    places = np.stack([out * np.cos(turn), out * np.sin(turn), 0.1 + height * (1 - share)], 1)
    long = rng.uniform(0.018, 0.04)
    twig = meshes.blade(long, long * rng.uniform(0.15, 0.6), 0.4, 20)
    pot = meshes.lathe([0, 0.05, 0.065], [0, 0, 0.11])
    core = meshes.cylinder(0.75 * radius, height, 0.005).moved(z=0.1)
    thing: Thing = [
        (pot, materials.satin(rng, colors.any_surface(rng))),
        (core, materials.matte(0.2 * colors.leaf(rng))),
        (_swirl(rng, twig, places, 40), leaf_material(rng)),
    ]
    for place in places[: int(rng.integers(0, 9))]:
        bauble = meshes.ball(rng.uniform(0.01, 0.02)).moved(*place * (1.1, 1.1, 1.0))
        thing.append((bauble, materials.foil(rng)))
    return thing


def bed(rng: np.random.Generator, width: float, depth: float) -> Thing:
    """Make a planted bed with soil, densely filled with one to three kinds of plants."""
    earth = organic.spread_cloth(rng, width, depth, 0.03)
    thing: Thing = [(earth.repeated(3, 3), materials.textured(rng, "ground_cover", "concrete"))]
    kinds = [rosette, fern, lambda g: bush(g, 0.16, 180), lambda g: grass(g, 0.35, 0.3, 160)]
    chosen = [kinds[index] for index in rng.permutation(4)[: int(rng.integers(1, 4))]]
    pitch = 0.26
    for x in np.arange(-width / 2, width / 2 + 0.01, pitch):
        for y in np.arange(-depth / 2, depth / 2 + 0.01, pitch):
            if rng.uniform() < 0.85:
                plant = chosen[rng.integers(len(chosen))](rng)
                right, back = rng.uniform(-0.06, 0.06, 2) + (x, y)
                thing += placed(plant, right, back, 0.01, rng.uniform(0, 360))
    return thing


def stones(rng: np.random.Generator, count: int, width: float, depth: float) -> Thing:
    """Make stones scattered over a rectangle."""
    thing: Thing = []
    tones = [materials.textured(rng, "concrete", "granite", "mottled") for _ in range(3)]
    for _ in range(count):
        size = rng.uniform(0.03, 0.14)
        stone = organic.blob(rng, size * rng.uniform(1, 1.6), size, 0.7 * size, 0.2)
        x, y = rng.uniform(-0.5, 0.5, 2) * (width, depth)
        thing += placed([(stone, tones[rng.integers(3)])], x, y, -0.2 * size, rng.uniform(0, 360))
    return thing
