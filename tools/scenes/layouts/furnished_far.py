"""Kinds of scenes made of models: shelves, walls and whole rooms."""

import numpy as np

from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.furnished_close import close_view
from tools.scenes.layouts.landing import Place, Rules, levels
from tools.scenes.layouts.stage import Stage
from tools.scenes.things.models import Assets
from tools.scenes.things.parts import Thing, bounds, placed


def _filled_shelf(stage: Stage, shelf: Thing) -> list[float]:
    """Fill the boards of a shelf and return their heights."""
    rng = stage.rng
    low, high = bounds(shelf)
    boards = levels(shelf) or [high[2]]
    for number, board in enumerate(boards):
        room = (boards[number + 1] if number + 1 < len(boards) else board + 0.5) - board - 0.03
        if room < 0.1:
            continue
        own = str(rng.choice(["kitchen", "floor", "bath", "office"]))
        things = stage.small_things(
            ("living", "office", own), int(rng.integers(12, 22)), "shelf", 0.5
        )
        corner = (low[0] + 0.02, low[1] + 0.005), (high[0] - 0.02, high[1] - 0.03)
        stage.fill(things, Place(*corner, board, shelf), Rules(room, 0.03, 35, share=0.4))
    return boards


def filled_shelf(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up books, boxes and ornaments on the boards of a shelf."""
    stage = Stage(rng, assets, 3.4, 0.9, -3.2)
    shelf = stage.put_by_wall(stage.surface("shelf"), 0.0)
    low, high = bounds(shelf)
    boards = _filled_shelf(stage, shelf)
    for side in (-1, 1):
        beside = placed(stage.model("floor_plant"), degrees=rng.uniform(0, 360))
        edge = high[0] if side > 0 else -low[0]
        stage.put(beside, side * (edge + bounds(beside)[1][0] + 0.1), 0.4)
    if high[2] < 1.6:
        stage.hang_pictures(-1.2, 0.8, high[2] + 0.5)
    board = boards[rng.integers(len(boards))]
    target = (rng.uniform(-0.15, 0.15), low[1], float(np.clip(board + 0.18, 0.4, 1.5)))
    return stage.layout(target, rng.uniform(0.6, 1.4), rng.uniform(0, 20))


def filled_sideboard(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a dresser or TV stand with things on it and pictures above."""
    stage = Stage(rng, assets, 3.6, 0.8, -3.2)
    board = stage.put_by_wall(stage.surface("sideboard"), rng.uniform(-0.2, 0.2))
    low, high = bounds(board)
    top = max(levels(board) or [high[2]])
    corner = (low[0] + 0.02, low[1] + 0.01), (high[0] - 0.02, high[1] - 0.01)
    if rng.uniform() < 0.4:
        stage.fill(
            [stage.model("screen")], Place(*corner, top, board), Rules(0.9, 0.03, 10, share=0.6)
        )
    if rng.uniform() < 0.6:
        stage.fill(
            [stage.model("table_lamp")], Place(*corner, top, board), Rules(0.9, 0.03, 60, 0.3, 0.4)
        )
    things = stage.small_things(
        ("living", "living", "office"), int(rng.integers(20, 34)), "shelf", 0.35
    )
    stage.fill(things, Place(*corner, top, board), Rules(0.55, 0.05))
    stage.hang_pictures(-1.2, 0.9, top + rng.uniform(0.6, 0.9))
    stage.row_by_wall(["floor_plant", "armchair", "floor_lamp"], high[0] + 0.1, 1.7)
    stage.litter(3, (-1.2, -0.6), (1.2, low[1] - 0.05))
    target = (rng.uniform(-0.4, 0.4), (low[1] + high[1]) / 2, top + 0.15)
    return stage.layout(target, rng.uniform(0.7, 1.6), rng.uniform(3, 24))


def wardrobe_wall(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up clothes, bags and hats on a wall, with low furniture below."""
    stage = Stage(rng, assets, 3.2, 0.8, -3.0)
    x = -1.1
    while x < 0.9:
        thing = stage.model("hanging")
        flat = bounds(thing)[1][2] < 0.1
        if flat:
            # Models of clothes lie flat on the floor. Hang them by their upper edge.
            thing = [(mesh.turned(90, "x"), material) for mesh, material in thing]
            low = bounds(thing)[0]
            thing = [(mesh.moved(z=-low[2]), material) for mesh, material in thing]
        low, high = bounds(thing)
        stage.put_by_wall(thing, x - low[0], rng.uniform(1.5, 1.85) - high[2] + low[2])
        x += high[0] - low[0] + rng.uniform(0.03, 0.25)
    stage.row_by_wall(["sideboard", "bedside", "floor_furniture"], -1.5, 1.2)
    things = stage.small_things(("floor",), 10, "floor", 0.4)
    stage.fill(things, Place((-1.2, -0.4), (1.2, 0.3)), Rules(0.8, 0.1, 180))
    stage.hang_switches(rng.uniform(-1, 1), 1.1)
    target = (rng.uniform(-0.6, 0.6), stage.back, rng.uniform(1.1, 1.5))
    return stage.layout(target, close_view(rng) + 0.2, rng.uniform(-8, 12))


def living_room(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a sofa, tables, lamps and things lying around."""
    stage = Stage(rng, assets, 4.6, 1.3, -3.6)
    if rng.uniform() < 0.4:
        stage.add_window(rng.uniform(-1, 1), 0.95, rng.uniform(1.0, 1.8), 1.2)
    else:
        stage.hang_pictures(-1.6, 1.2, 1.6)
    sofa = stage.put_by_wall(stage.model("sofa"), rng.uniform(-0.4, 0.0), gap=0.1)
    low, high = bounds(sofa)
    seat = next((level for level in levels(sofa, share=0.15) if 0.3 < level < 0.6), 0.42)
    corner = (low[0] + 0.15, low[1] + 0.05), (high[0] - 0.15, high[1] - 0.25)
    on_it = stage.small_things(("floor", "living"), 8, "floor", 0.5)
    stage.fill(on_it, Place(*corner, seat - 0.08, sofa), Rules(0.5, 0.25, 120, 0.25))
    stage.row_by_wall(["bedside", "floor_plant", "floor_lamp", "armchair"], high[0] + 0.05, 2.2)
    table = stage.put(stage.model("low_table"), rng.uniform(-0.4, 0.4), low[1] - 0.7)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    things = stage.small_things(("living", "kitchen"), 10, "table", 0.35)
    stage.fill(things, Place(tuple(low[:2]), tuple(high[:2]), top, table), Rules(0.4, 0.05))
    floor = stage.small_things(("floor", "pets"), int(rng.integers(6, 12)), "floor", 0.3)
    stage.fill(floor, Place((-1.8, low[1] - 0.8), (1.8, low[1])), Rules(0.8, 0.1, 180))
    target = (rng.uniform(-0.5, 0.6), 0.3, rng.uniform(0.45, 0.8))
    return stage.layout(target, rng.uniform(1.3, 2.5), rng.uniform(6, 24))


def bedroom(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a bed with things left on it, and tables and clothes around it."""
    stage = Stage(rng, assets, 4.2, 1.6, -3.4)
    bed = stage.put_by_wall(stage.model("bed"), rng.uniform(-0.3, 0.3))
    low, high = bounds(bed)
    flat = [level for level in levels(bed, share=0.2) if 0.15 < level < 0.8]
    top = max(flat or [0.45])
    things = stage.small_things(
        ("floor", "living", "office"), int(rng.integers(8, 16)), "floor", 0.5
    )
    corner = (low[0] + 0.15, low[1] + 0.1), (high[0] - 0.15, high[1] - 0.5)
    stage.fill(things, Place(*corner, top - 0.05, bed), Rules(0.5, 0.2, 180, 0.3))
    stage.row_by_wall(["bedside", "floor_lamp"], high[0] + 0.03, 2.0)
    if rng.uniform() < 0.35:
        stage.add_window(rng.uniform(-1, 1), 1.0, rng.uniform(0.9, 1.5), 1.1)
    else:
        stage.hang_pictures(-1.4, 1.0, rng.uniform(1.4, 1.7))
    stage.litter(7, (-1.9, -2.0), (1.9, low[1] - 0.1))
    target = (rng.uniform(-0.4, 0.4), 0.3, top + 0.1)
    return stage.layout(target, rng.uniform(1.2, 2.4), rng.uniform(12, 40))


def kitchen(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a kitchen wall: cabinets, appliances, and things on the counter and the floor."""
    stage = Stage(rng, assets, 4.2, 1.0, -3.4)
    series = [letter for letter in "ab" if assets.kinds[f"counter_{letter}"]]
    letter = series[rng.integers(len(series))]
    row = stage.row_by_wall([f"counter_{letter}"] * 3 + ["kitchen_machine"], -2.0, 2.0)
    stage.row_by_wall([f"upper_{letter}"], -1.9, 1.6, 1.45)
    low, high = bounds(row)
    top = next((level for level in levels(row, share=0.12) if 0.75 < level < 1.0), 0.88)
    things = stage.small_things(("kitchen",), int(rng.integers(18, 30)), "table", 0.25)
    corner = (-1.6, low[1] + 0.02), (1.6, high[1] - 0.02)
    stage.fill(things, Place(*corner, top, row), Rules(0.42, 0.06))
    floor = stage.small_things(("floor", "chair"), 6, "floor", 0.3)
    stage.fill(floor, Place((-1.7, -1.0), (1.7, low[1] - 0.1)), Rules(1.0, 0.1, 180))
    target = (rng.uniform(-0.6, 0.6), 0.5, rng.uniform(0.8, 1.1))
    return stage.layout(target, rng.uniform(1.2, 2.3), rng.uniform(2, 22))


SHELF_MODELS = (filled_shelf, filled_sideboard, wardrobe_wall)
ROOM_MODELS = (living_room, bedroom, kitchen)
