"""Meshes without straight lines: blobs, lofts, draped and crumpled cloth, and cables.

Lengths are in meters, and z points up, as in `tools.scenes.shapes.meshes`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.shapes.meshes import Mesh


def smooth_noise(
    rng: np.random.Generator, points: np.ndarray, size: float, octaves: int = 3
) -> np.ndarray:
    """Return noise of mean 0 and standard deviation about 1 at the points.

    Args:
        rng: Source of randomness.
        points: Positions in meters, shape (..., dimensions).
        size: Wavelength of the coarsest octave in meters. Each further octave halves wavelength
            and amplitude.
        octaves: Number of octaves.
    """
    total = np.zeros(points.shape[:-1])
    for octave in range(octaves):
        waves = rng.normal(size=(6, points.shape[-1])) * 2**octave / size * 2.5
        phases = rng.uniform(0, 2 * np.pi, 6)
        total += np.sin(points @ waves.T + phases).sum(axis=-1) * 0.5**octave
    return total / np.sqrt(3.0 * sum(0.25**octave for octave in range(octaves)))


def dented(rng: np.random.Generator, mesh: Mesh, depth: float, size: float) -> Mesh:
    """Move vertices to or from the center by noise of `depth` meters. The mesh rests on z = 0."""
    middle = (mesh.vertices.min(axis=0) + mesh.vertices.max(axis=0)) / 2
    outwards = mesh.vertices - middle
    length = np.linalg.norm(outwards, axis=1, keepdims=True)
    shift = depth * smooth_noise(rng, mesh.vertices, size)[:, None]
    vertices = mesh.vertices + outwards / np.maximum(length, 1e-9) * shift
    return replace(mesh, vertices=vertices - [0, 0, vertices[:, 2].min()])


def blob(rng: np.random.Generator, width: float, depth: float, height: float, dent: float) -> Mesh:
    """Return an ellipsoid with dents of `dent` times its mean radius: a fruit, stone or sack."""
    radius = (width + depth + height) / 6
    body = meshes.superellipsoid(width, depth, height, 1.0, 28)
    return dented(rng, body, dent * radius, 1.6 * radius)


def pillow(rng: np.random.Generator, width: float, depth: float, height: float) -> Mesh:
    """Return a flat pillow with pinched corners and creases."""
    x, y = np.meshgrid(np.linspace(-1, 1, 40), np.linspace(-1, 1, 40))
    bulge = np.clip((1 - x**4) * (1 - y**4), 0, 1) ** 0.45
    crease = 0.03 * smooth_noise(rng, np.stack([x, y], -1), 0.7, 4) * bulge
    pinch = 1 - 0.12 * (x**2 * y**2 > 0.5)
    sides = []
    for side in (-1, 1):
        z = height / 2 * (1 + side * bulge * (1 + crease))
        points = np.stack([x * pinch * width / 2, y * pinch * depth / 2, z], -1)
        sides.append(meshes.surface(points if side > 0 else points[::-1]))
    return meshes.joined(sides)


def loft(
    along: np.ndarray, widths: np.ndarray, heights: np.ndarray, roundness: float = 0.8
) -> Mesh:
    """Return a body along x that rests on z = 0 and has half-superellipse cross-sections.

    Args:
        along: Positions along x in meters.
        widths: Full widths along y at these positions.
        heights: Heights at these positions.
        roundness: 1 for elliptic cross-sections, toward 0 for boxes.
    """
    places = np.linspace(along[0], along[-1], 32)
    angle = np.linspace(0, np.pi, 25)
    sine, cosine = np.sin(angle) ** roundness, np.cos(angle)
    cosine = np.sign(cosine) * np.abs(cosine) ** roundness
    width = np.interp(places, along, widths)[:, None]
    height = np.interp(places, along, heights)[:, None]
    x = np.broadcast_to(places[:, None], (32, 25))
    return meshes.surface(np.stack([x, -width / 2 * cosine, height * sine], -1))


def wrinkles(rng: np.random.Generator, points: np.ndarray, size: float) -> np.ndarray:
    """Return sharp-ridged creases at the points of shape (..., 2), in [0, 1], mostly near 0.7."""
    bent = points + 0.25 * size * np.stack(
        [smooth_noise(rng, points, 2 * size, 2) for _ in range(2)], axis=-1
    )
    ridge = 1 - np.abs(np.tanh(smooth_noise(rng, bent, size, 2)))
    return np.clip(
        0.7 * ridge + 0.3 * (1 - np.abs(np.tanh(smooth_noise(rng, bent, size / 2)))), 0, 1
    )


def spread_cloth(
    rng: np.random.Generator,
    width: float,
    depth: float,
    wrinkle: float,
    over: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
    detail: int = 90,
) -> Mesh:
    """Return a cloth that lies on z = 0 or over something.

    Args:
        rng: Source of randomness.
        width: Width along x, meters.
        depth: Depth along y, meters.
        wrinkle: Height of its wrinkles in meters.
        over: Height of what lies under it, as a function of x and y; None for flat ground.
        detail: Vertices along each side.
    """
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, detail), np.linspace(-0.5, 0.5, detail))
    plane = np.stack([x * width, y * depth], -1)
    edge = 0.02 * width * np.stack([smooth_noise(rng, plane, 0.4 * width, 2) for _ in range(2)], -1)
    z = 0.002 + wrinkle * wrinkles(rng, plane, max(5 * wrinkle, 0.12))
    if over is not None:
        z = z + over(plane[..., 0], plane[..., 1])
    return meshes.surface(np.concatenate([plane + edge, z[..., None]], -1))


def heap(rng: np.random.Generator, width: float, depth: float, height: float) -> Mesh:
    """Return a crumpled pile of cloth: a mound with deep folds and an irregular outline."""
    radius, angle = np.meshgrid(np.linspace(0, 1, 30), np.linspace(0, 2 * np.pi, 64))
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)
    outline = 1 + 0.18 * smooth_noise(rng, circle, 1.2, 3)
    outline[-1] = outline[0]
    plane = circle * (radius * outline)[..., None] * np.array([width, depth]) / 2
    folds = wrinkles(rng, plane, 0.35 * min(width, depth))
    z = height * np.clip(1 - radius**2.5, 0, 1) * (0.35 + 0.65 * folds)
    return meshes.surface(np.concatenate([plane, z[..., None]], -1)).repeated(1, 2)


def hanging_cloth(rng: np.random.Generator, width: float, height: float, gather: float) -> Mesh:
    """Return a cloth that hangs in front of the plane y = 0, with its lower edge at z = 0.

    Args:
        rng: Source of randomness.
        width: Width at the lower edge, meters.
        height: Meters.
        gather: Width at the top as a share of the lower width; small for a cloth on a hook.
    """
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 70), np.linspace(0, 1, 30))
    narrow = 1 - (1 - gather) * v**1.5
    plane = np.stack([6 * u, 0.6 * v], -1)
    folds = smooth_noise(rng, plane, 2.2, 3) * 0.03 * (1.2 - 0.5 * v) * (1.5 - narrow)
    hem = 0.02 * smooth_noise(rng, plane, 3.0, 2) * (1 - v)
    y = -0.05 + folds - 0.06 * (1 - gather) * np.cos(np.pi * u) * v**0.5
    return meshes.surface(
        np.stack([u * width * narrow, np.minimum(y, -0.004), v * height + hem], -1)
    )


def cable(rng: np.random.Generator, start: np.ndarray, end: np.ndarray, slack: float) -> Mesh:
    """Return a cable from start to end (meters) that wanders sideways by about `slack` meters."""
    along = np.linspace(0, 1, 40)[:, None]
    path = np.asarray(start) + (np.asarray(end) - np.asarray(start)) * along
    bend = np.sin(np.pi * along) * slack
    for axis in (0, 1):
        path[:, axis] += bend[:, 0] * smooth_noise(rng, along, 0.8, 2)
    return meshes.tube(path, rng.uniform(0.0025, 0.005), 8)


def bars(ends: list[tuple], radius: float) -> Mesh:
    """Return straight round bars, each given by its two ends, as one mesh."""
    return meshes.joined(
        [meshes.tube(np.linspace(start, end, 2), radius, 7) for start, end in ends]
    )


def squared(mesh: Mesh, roundness: float = 0.35) -> Mesh:
    """Turn round cross-sections about z into rounded squares of the same width."""
    angle = np.arctan2(mesh.vertices[:, 1], mesh.vertices[:, 0])
    cosine, sine = np.abs(np.cos(angle)), np.abs(np.sin(angle))
    power = 2 / roundness
    stretch = (cosine**power + sine**power) ** (-1 / power)
    return replace(mesh, vertices=mesh.vertices * np.stack([stretch, stretch, stretch**0], 1))
