"""Human shapes: busts, heads, arms and statuettes, as `Thing`s that stand on z = 0."""

from dataclasses import replace

import numpy as np

from tools.scenes.shapes import meshes, organic
from tools.scenes.shapes.meshes import Mesh
from tools.scenes.surfaces import colors, materials
from tools.scenes.surfaces.materials import Material
from tools.scenes.surfaces.noise import SIZE, fractal_noise, reflectances
from tools.scenes.things.parts import Thing, placed, resized


def _bump(mesh: Mesh, center: tuple, radius: float, push: tuple) -> Mesh:
    """Push the vertices around a point by a smooth bump of the given radius (meters)."""
    distance = np.linalg.norm(mesh.vertices - np.array(center), axis=1)
    weight = np.exp(-0.5 * (distance / radius) ** 2)[:, None]
    return replace(mesh, vertices=mesh.vertices + weight * np.array(push))


def _head(rng: np.random.Generator) -> Mesh:
    """Return a head 0.23 m high that faces negative y, with its chin at z = 0."""
    wide, deep = rng.uniform(0.145, 0.165), rng.uniform(0.18, 0.2)
    mesh = meshes.superellipsoid(wide, deep, 0.23, 0.95, 56)
    jaw = np.interp(mesh.vertices[:, 2], [0, 0.06, 0.14, 0.23], [0.72, 0.85, 1.0, 1.0])
    mesh = replace(mesh, vertices=mesh.vertices * np.stack([jaw, jaw**0.4, jaw**0], 1))
    front = -deep / 2
    for side in (-1, 1):
        mesh = _bump(mesh, (side * 0.032, front, 0.125), 0.016, (0, 0.014, 0))
        mesh = _bump(mesh, (side * 0.045, front + 0.02, 0.09), 0.022, (0, -0.006, 0))
    mesh = _bump(mesh, (0, front, 0.118), 0.01, (0, -0.012, 0))
    mesh = _bump(mesh, (0, front, 0.092), 0.012, (0, -rng.uniform(0.018, 0.03), 0))
    mesh = _bump(mesh, (0, front + 0.01, 0.052), 0.016, (0, -0.008, 0))
    return _bump(mesh, (0, front + 0.03, 0.015), 0.02, (0, -0.012, 0))


def _face(rng: np.random.Generator, skin: Material) -> Thing:
    """Make the eyes, brows, lips and ears of a head from `_head`."""
    white = materials.glossy(rng, colors.white(rng))
    iris = materials.glossy(rng, colors.dark(rng))
    brow = materials.matte(colors.hair(rng))
    tone = skin.reflectance.reshape(-1, 3).mean(axis=0)
    lips = materials.satin(rng, np.clip(tone * np.array([0.85, 0.5, 0.5]), 0.01, 0.9))
    lower, upper = (meshes.superellipsoid(0.044, 0.02, 0.012, 1.0) for _ in range(2))
    thing: Thing = [(lower.moved(y=-0.083, z=0.044), lips), (upper.moved(y=-0.085, z=0.052), lips)]
    for side in (-1, 1):
        line = [[side * x, y, z] for x, y, z in ((0.016, -0.086, 0.142), (0.05, -0.07, 0.146))]
        ear = meshes.superellipsoid(0.022, 0.035, 0.06, 0.9)
        thing += [
            (meshes.ball(0.0125).moved(side * 0.031, -0.071, 0.11), white),
            (meshes.ball(0.006).moved(side * 0.031, -0.0795, 0.1165), iris),
            (meshes.tube(line, 0.0035, 6), brow),
            (ear.turned(15 * side).moved(side * 0.077, 0.005, 0.085), skin),
        ]
    return thing


def _hair(rng: np.random.Generator) -> Thing:
    """Make hair as a lumpy cap, short or shoulder-length, or sometimes none."""
    if rng.uniform() < 0.08:
        return []
    tone = colors.hair(rng)
    strands = 1 + 0.35 * fractal_noise(rng, 0.7, stretch=0.08)
    coat = materials.Material(
        "plastic", reflectances(np.ones((SIZE, SIZE, 3)) * tone, strands), 0.3
    )
    cap = organic.blob(rng, 0.178, 0.205, 0.19, 0.04).turned(-18, "x").moved(y=0.035, z=0.085)
    thing: Thing = [(cap, coat)]
    if rng.uniform() < 0.5:
        long = rng.uniform(0.2, 0.38)
        fall = organic.blob(rng, 0.2, 0.13, long, 0.05).moved(y=0.065, z=0.23 - long)
        thing.append((fall, coat))
    return thing


def bust(rng: np.random.Generator) -> Thing:
    """Make the life-size upper body of a person, from z = -0.25 to 0.67 meters."""
    skin, shirt = materials.skin(rng), materials.cloth(rng)
    head = [(_head(rng), skin), *_face(rng, skin), *_hair(rng)]
    nod = rng.uniform(-8, 8)
    head = [(mesh.turned(nod, "x"), material) for mesh, material in head]
    wide = rng.uniform(0.38, 0.48)
    torso = organic.dented(rng, meshes.superellipsoid(wide, 0.24, 0.7, 0.75, 30), 0.006, 0.2)
    shoulders = np.interp(torso.vertices[:, 2], [0, 0.5, 0.7], [1.0, 1.0, 0.72])
    torso = replace(
        torso, vertices=torso.vertices * np.stack([shoulders, shoulders**0, shoulders**0], 1)
    )
    neck = meshes.lathe([0.075, 0.058, 0.055, 0.06], [0.36, 0.42, 0.48, 0.52])
    thing: Thing = [(torso.moved(z=-0.25).repeated(2, 2), shirt), (neck, skin)]
    for side in (-1, 1):
        arm = meshes.superellipsoid(0.12, 0.14, 0.62, 0.8).turned(-7 * side, "y")
        thing.append((arm.moved(side * 0.53 * wide, 0, -0.24), shirt))
    return thing + placed(head, y=-0.02, z=0.435, degrees=rng.uniform(-35, 35))


def hand(rng: np.random.Generator) -> Thing:
    """Make a hand and forearm that lie along y, with the fingers toward positive y."""
    skin, sleeve = materials.skin(rng), materials.cloth(rng)
    palm = meshes.superellipsoid(0.085, 0.1, 0.03, 0.7).moved(z=0.004)
    thing: Thing = [(palm, skin)]
    for x, length in zip((-0.03, -0.01, 0.01, 0.03), (0.06, 0.075, 0.08, 0.07), strict=True):
        bend = rng.uniform(0.0, 0.035)
        path = [
            [x, 0.03, 0.02],
            [1.15 * x, 0.05 + 0.5 * length, 0.022 + bend],
            [1.25 * x, 0.05 + length, 0.014 + 0.4 * bend],
        ]
        thing.append((meshes.tube(path, 0.0095), skin))
        thing.append((meshes.ball(0.0095).moved(path[2][0], path[2][1], path[2][2] - 0.0095), skin))
    thumb = [[-0.035, -0.02, 0.02], [-0.065, 0.015, 0.022], [-0.075, 0.045, 0.018]]
    thing.append((meshes.tube(thumb, 0.011), skin))
    arm = organic.loft(
        np.array([0.0, 0.1, 0.3]), np.array([0.055, 0.07, 0.09]), np.full(3, 0.06), 1.0
    )
    thing.append((arm.turned(-90).moved(y=-0.03), skin))
    cuff = organic.loft(
        np.array([0.1, 0.2, 0.36]), np.array([0.095, 0.1, 0.12]), np.full(3, 0.085), 1.0
    )
    thing.append((organic.dented(rng, cuff.turned(-90), 0.004, 0.06).moved(y=-0.03), sleeve))
    return thing


def statuette(rng: np.random.Generator) -> Thing:
    """Make a small bust of china, bronze or wood."""
    kind = rng.uniform()
    coat = materials.metal(rng) if kind < 0.3 else materials.satin(rng, colors.white(rng))
    if kind > 0.7:
        coat = materials.textured(rng, "marble", "wood_grain", "mottled")
    figure = resized([(mesh, coat) for mesh, _ in bust(rng)], rng.uniform(0.25, 0.45))
    low = min(mesh.vertices[:, 2].min() for mesh, _ in figure)
    return placed(figure, z=-low, degrees=rng.uniform(-40, 40))
