"""Window frames, bars, sills and curtains. The view outside is a light of the scene."""

import numpy as np

from tools.scenes.shapes import meshes
from tools.scenes.surfaces import colors, materials
from tools.scenes.things import furniture
from tools.scenes.things.parts import Thing, placed


def window_frame(rng: np.random.Generator, width: float, height: float) -> Thing:
    """Make a frame and bars for an opening in the wall at y = 0, with its lower edge at z = 0."""
    coat = materials.satin(rng, colors.white(rng) if rng.uniform() < 0.7 else colors.wood(rng))
    thing: Thing = []
    bars = int(rng.integers(1, 4))
    for x in np.linspace(-width / 2, width / 2, bars + 1):
        thing.append((meshes.box(0.05, 0.05, height + 0.05).moved(x, -0.025, -0.025), coat))
    for z in (-0.03, height - 0.02):
        thing.append((meshes.box(width + 0.1, 0.06, 0.05).moved(0, -0.03, z), coat))
    thing.append((meshes.box(width + 0.2, 0.16, 0.03).moved(0, -0.08, -0.06), coat))
    return thing


def curtains(rng: np.random.Generator, width: float, top: float) -> Thing:
    """Make two curtains beside an opening, from just above the floor up to `top` meters."""
    thing: Thing = []
    for side in (-1, 1):
        cloth = furniture.curtain(rng, rng.uniform(0.3, 0.5), top - 0.1)
        thing += placed(cloth, side * (width / 2 + 0.15), -0.08, 0.1)
    return thing
