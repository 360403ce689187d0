"""Kinds of scenes that a flash lights badly: faces at plain walls, and rooms with dark backs."""

from dataclasses import replace

import numpy as np

from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.landing import Place, Rules, levels
from tools.scenes.layouts.portraits import HEAD, stand
from tools.scenes.layouts.stage import Stage
from tools.scenes.lighting import CEILING_HEIGHT, Panel
from tools.scenes.things.models import Assets
from tools.scenes.things.parts import bounds
from tools.scenes.things.people import People


def plain_portrait(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one person nearby, right in front of a bare wall."""
    stage = Stage(rng, assets, rng.uniform(3.0, 4.6), rng.uniform(0.22, 0.7), -3.2)
    person = People(assets.folder, assets.split).person(rng)
    eyes = stand(stage, person, rng.uniform(-0.3, 0.3), 0.0, rng.normal(0, 20))
    target = (eyes[0] + rng.normal(0, 0.07), eyes[1], eyes[2] - rng.uniform(-0.1, 0.8) * HEAD)
    return stage.layout(target, rng.uniform(0.42, 0.9), rng.uniform(-6, 12), stop=0.5)


def plain_pair(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up two people side by side in front of a bare wall."""
    stage = Stage(rng, assets, rng.uniform(3.0, 4.6), rng.uniform(0.3, 0.8), -3.2)
    people = People(assets.folder, assets.split)
    apart = rng.uniform(0.42, 0.54)
    eyes = [
        stand(
            stage, people.person(rng), side * apart / 2, rng.uniform(-0.1, 0.1), rng.normal(0, 15)
        )
        for side in (-1, 1)
    ]
    middle = np.mean(eyes, axis=0)
    target = (middle[0], middle[1], middle[2] - rng.uniform(0.2, 1.0) * HEAD)
    return stage.layout(target, rng.uniform(0.8, 1.3), rng.uniform(-4, 10), stop=0.5)


def _wide_stage(rng: np.random.Generator, assets: Assets) -> tuple[Stage, tuple[Panel, ...]]:
    """Return a large room with a far back wall, and the ceiling lights over its back."""
    back = rng.uniform(2.4, 4.8)
    stage = Stage(rng, assets, rng.uniform(4.8, 7.0), back, -3.4)
    half = stage.width / 2
    kinds = ["shelf", "sideboard", "sofa", "wardrobe", "floor_plant", "floor_lamp", "armchair"]
    stage.row_by_wall(kinds, rng.uniform(-0.9, -0.5) * half, rng.uniform(0.5, 0.9) * half)
    stage.hang_pictures(-0.6 * half, 0.5 * half, rng.uniform(1.5, 1.8))
    things = stage.small_things(("floor",), int(rng.integers(3, 8)), "floor", 0.4)
    stage.fill(things, Place((-0.7 * half, 0.8), (0.7 * half, back - 0.8)), Rules(0.9, 0.1, 180))
    down = np.array([0.0, 0.0, -1.0])
    panels = []
    for _ in range(int(rng.integers(1, 4))):
        spot = [rng.uniform(-0.7, 0.7) * half, rng.uniform(0.8, back - 0.3), CEILING_HEIGHT]
        across, along = rng.uniform(0.2, 0.9, 2)
        strength = rng.uniform(0.5, 1.5) / (across * along)
        panels.append(Panel(np.array(spot), down, across, along, strength))
    return stage, tuple(panels)


def person_in_a_wide_room(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one person near the camera, with the room far behind."""
    stage, panels = _wide_stage(rng, assets)
    person = People(assets.folder, assets.split).person(rng)
    eyes = stand(stage, person, rng.uniform(-0.5, 0.5), 0.0, rng.normal(0, 20))
    target = (eyes[0] + rng.normal(0, 0.2), eyes[1], eyes[2] - rng.uniform(0.0, 1.2) * HEAD)
    layout = stage.layout(target, rng.uniform(0.8, 1.8), rng.uniform(-4, 10), stop=0.5)
    return replace(layout, ceiling=panels)


def table_in_a_wide_room(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a table with things near the camera, with the room far behind."""
    stage, panels = _wide_stage(rng, assets)
    table = stage.put(stage.surface("table"), rng.uniform(-0.3, 0.3), 0.0)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    things = stage.small_things(("kitchen", "living"), int(rng.integers(8, 16)), "table", 0.35)
    corner = (low[0] + 0.05, low[1] + 0.05), (high[0] - 0.05, high[1] - 0.05)
    stage.fill(things, Place(*corner, top, table), Rules(0.4, 0.05, share=0.1))
    target = (rng.uniform(low[0], high[0]) / 2, 0.2, top + rng.uniform(0.05, 0.35))
    layout = stage.layout(target, rng.uniform(0.9, 1.7), rng.uniform(4, 20))
    return replace(layout, ceiling=panels)


PLAIN_PORTRAITS = (plain_portrait, plain_portrait, plain_pair)
WIDE_ROOMS = (person_in_a_wide_room, table_in_a_wide_room)
