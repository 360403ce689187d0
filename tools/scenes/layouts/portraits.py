"""Kinds of scenes that show people: portraits, couples and groups, at tables and on sofas."""

import numpy as np

from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.landing import Place, Rules, levels
from tools.scenes.layouts.stage import Stage
from tools.scenes.things.models import Assets
from tools.scenes.things.parts import bounds
from tools.scenes.things.people import People, Person

HEAD = 0.24
"""Height of a head in meters, by which portraits are framed."""


def _room(rng: np.random.Generator, assets: Assets, back: float) -> Stage:
    """Return a furnished room whose back wall is `back` meters behind the people at y = 0."""
    stage = Stage(rng, assets, rng.uniform(3.4, 4.6), back, -3.2)
    kinds = ["shelf", "sideboard", "wardrobe", "armchair", "floor_plant", "floor_furniture", "sofa"]
    if rng.uniform() < 0.8:
        start = rng.uniform(-1.6, -0.4)
        stage.row_by_wall(kinds, start, start + rng.uniform(1.0, 2.6))
    if rng.uniform() < 0.3:
        stage.add_window(rng.uniform(-0.9, 0.9), 0.95, rng.uniform(0.9, 1.5), 1.15)
    elif rng.uniform() < 0.7:
        stage.hang_pictures(-1.4, 1.2, rng.uniform(1.4, 1.8))
    if rng.uniform() < 0.3:
        stage.put_by_wall(stage.model("door"), rng.choice([-1.2, 1.2]))
    return stage


def stand(stage: Stage, person: Person, x: float, y: float, degrees: float) -> np.ndarray:
    """Put a person on the floor and return the point between the eyes."""
    stage.put(person.thing, x, y, 0.0, degrees)
    turn = np.radians(degrees)
    eyes = person.eyes
    ahead = np.array(
        [
            np.cos(turn) * eyes[0] - np.sin(turn) * eyes[1],
            np.sin(turn) * eyes[0] + np.cos(turn) * eyes[1],
        ]
    )
    return np.array([x + ahead[0], y + ahead[1], eyes[2]])


def portrait(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one person from the chest up, or closer."""
    back = rng.choice([rng.uniform(0.35, 0.8), rng.uniform(0.8, 3.5)])
    stage = _room(rng, assets, back)
    person = People(assets.folder, assets.split).person(rng)
    eyes = stand(stage, person, rng.uniform(-0.3, 0.3), 0.0, rng.normal(0, 18))
    target = (eyes[0] + rng.normal(0, 0.06), eyes[1], eyes[2] - rng.uniform(-0.1, 0.6) * HEAD)
    return stage.layout(target, rng.uniform(0.55, 1.15), rng.uniform(-6, 12), stop=0.5)


def half_figure(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one person from the hips or knees up."""
    stage = _room(rng, assets, rng.uniform(0.4, 2.5))
    person = People(assets.folder, assets.split).person(rng)
    eyes = stand(stage, person, rng.uniform(-0.4, 0.4), 0.0, rng.normal(0, 22))
    target = (eyes[0] + rng.normal(0, 0.12), eyes[1], 0.72 * eyes[2])
    return stage.layout(target, rng.uniform(1.1, 2.0), rng.uniform(-4, 14), stop=0.5)


def together(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up two to four people side by side."""
    stage = _room(rng, assets, rng.uniform(0.6, 2.5))
    people = People(assets.folder, assets.split)
    count = int(rng.choice([2, 2, 3, 4]))
    x = -0.24 * (count - 1)
    eyes = []
    for _ in range(count):
        turn = rng.normal(-20 * x, 10)
        eyes.append(stand(stage, people.person(rng), x, rng.uniform(-0.15, 0.2), turn))
        x += rng.uniform(0.42, 0.56)
    middle = np.mean(eyes, axis=0)
    target = (middle[0], middle[1], middle[2] - rng.uniform(0.3, 1.2) * HEAD)
    return stage.layout(
        target, rng.uniform(0.8, 1.2) * (0.5 + 0.4 * count), rng.uniform(-4, 10), stop=0.5
    )


def at_table(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one or two people seated behind a table with things on it."""
    stage = _room(rng, assets, rng.uniform(0.8, 2.2))
    people = People(assets.folder, assets.split)
    table = stage.put(stage.surface("table"), 0.0, -0.75)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    eyes = []
    for x in (-0.32, 0.32) if rng.uniform() < 0.4 else (rng.uniform(-0.2, 0.2),):
        person = people.person(rng, seated=True)
        # Adjust the seat, so that people of any height look over the table.
        seat = float(np.clip(top + 0.45 - person.eyes[2], -0.1, 0.5))
        stage.put(person.thing, x, high[1] + 0.12 - person.eyes[1], seat)
        eyes.append(np.array([x + person.eyes[0], high[1] + 0.12, person.eyes[2] + seat]))
    things = stage.small_things(("kitchen", "living", "office"), 18, "table", 0.35)
    corner = (low[0] + 0.1, low[1] + 0.05), (high[0] - 0.1, high[1] - 0.2)
    stage.fill(things, Place(*corner, top, table), Rules(0.25, 0.05, share=0.08))
    middle = np.mean(eyes, axis=0)
    target = (middle[0], middle[1], middle[2] - rng.uniform(0.2, 1.2) * HEAD)
    return stage.layout(target, rng.uniform(0.9, 1.6), rng.uniform(0, 16), stop=0.5)


def on_sofa(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up one to three people on a sofa."""
    stage = Stage(rng, assets, 4.4, 0.9, -3.2)
    stage.hang_pictures(-1.5, 1.2, 1.6)
    sofa = stage.put_by_wall(stage.model("sofa"), 0.0, gap=0.08)
    low, high = bounds(sofa)
    people = People(assets.folder, assets.split)
    count = int(rng.choice([1, 2, 3], p=[0.45, 0.35, 0.2]))
    places = (np.arange(count) - (count - 1) / 2) * 0.55 + rng.normal(0, 0.04)
    eyes = []
    for x in places:
        person = people.person(rng, seated=True)
        stage.put(person.thing, x, (low[1] + high[1]) / 2 - 0.02, 0.0, rng.normal(0, 6))
        eyes.append([x, (low[1] + high[1]) / 2 + person.eyes[1], person.eyes[2]])
    stage.row_by_wall(["bedside", "floor_lamp", "floor_plant"], high[0] + 0.05, 2.1)
    stage.litter(3, (-1.2, low[1] - 1.0), (1.2, low[1] - 0.5))
    middle = np.mean(eyes, axis=0)
    target = (middle[0], middle[1], middle[2] - rng.uniform(0.3, 1.5) * HEAD)
    distance = rng.uniform(0.9, 1.3) * (0.7 + 0.3 * count)
    return stage.layout(target, distance, rng.uniform(0, 16), stop=0.5)


PORTRAITS = (portrait, half_figure, portrait, together, at_table, portrait, on_sofa)
"""Layouts with people, in the order in which scenes use them."""
