"""Close kinds of scenes made of models: tables, desks, floors and counters, mostly within 1.2 m."""

import numpy as np

from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.landing import Place, Rules, levels
from tools.scenes.layouts.stage import Stage, tiled_wall
from tools.scenes.things.models import Assets
from tools.scenes.things.parts import bounds, placed


def close_view(rng: np.random.Generator) -> float:
    """Sample a distance from the target in meters, more often near than far."""
    return float(rng.uniform(0.5, 1.2) if rng.uniform() < 0.85 else rng.uniform(1.2, 1.6))


def table_top(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up things on a dining table, with a wall close or far behind."""
    stage = Stage(rng, assets, 3.8, rng.choice([0.8, 1.2, 2.0]), -3.0)
    table = stage.put(stage.surface("table"), rng.uniform(-0.3, 0.3), 0.0)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    reach = rng.uniform(0.3, 0.5)
    middle = np.clip(rng.uniform(-0.4, 0.4, 2), low[:2] + 0.25, high[:2] - 0.25)
    kinds = (str(rng.choice(["kitchen", "living", "office"])), "living", "kitchen")
    things = stage.small_things(kinds, int(rng.integers(20, 36)), "table", 0.3)
    corner = np.maximum(low[:2], middle - reach), np.minimum(high[:2], middle + reach)
    rules = Rules(0.4, 0.07, share=0.1)
    place = Place(tuple(corner[0]), tuple(corner[1]), top, table, tuple(middle))
    stage.fill(things, place, rules)
    for side in (-1, 1):
        if rng.uniform() < 0.7:
            chair = placed(stage.model("chair"), degrees=rng.uniform(-180, 180))
            stage.put(chair, side * rng.uniform(0.7, 1.2), rng.uniform(0.0, 0.5))
    if rng.uniform() < 0.75:
        stage.hang_pictures(-1.2, 0.9, top + rng.uniform(0.4, 0.8))
    if rng.uniform() < 0.4 and stage.back > 1.0:
        stage.row_by_wall(["sideboard", "low_table", "armchair"], -1.3, 1.0)
    target = (middle[0], middle[1], top + 0.09)
    return stage.layout(target, close_view(rng), rng.uniform(12, 50))


def desk_top(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a desk at a wall with a screen, papers, pens and cables."""
    stage = Stage(rng, assets, 3.4, 0.9, -3.2)
    desk = stage.put_by_wall(stage.surface("desk"), 0.0)
    low, high = bounds(desk)
    top = next((level for level in levels(desk) if level > 0.6), 0.72)
    corner = (low[0] + 0.03, low[1] + 0.02), (high[0] - 0.03, high[1] - 0.02)
    middle = (rng.uniform(-0.25, 0.25), (low[1] + high[1]) / 2)
    screen = placed(stage.model("screen"), degrees=rng.uniform(-15, 15))
    behind = Place(*corner, top, desk, (middle[0], high[1] - 0.15))
    stage.fill([screen], behind, Rules(0.8, 0.03, 12, share=0.5))
    things = stage.small_things(
        ("office", "office", "living"), int(rng.integers(20, 34)), "table", 0.4
    )
    stage.fill(things, Place(*corner, top, desk, middle), Rules(0.4, 0.06))
    seat = placed(stage.model("office_seat"), degrees=rng.uniform(100, 260))
    stage.put(seat, rng.choice([-1, 1]) * rng.uniform(0.6, 1.0), low[1] - 0.4)
    stage.hang_pictures(-1.1, 0.8, top + rng.uniform(0.5, 0.8))
    stage.hang_switches(rng.uniform(-0.5, 0.5), top + 0.1)
    return stage.layout((*middle, top + 0.12), close_view(rng), rng.uniform(10, 45))


def kitchen_counter(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up food, dishes and appliances on the counter of a fitted kitchen."""
    stage = Stage(rng, assets, 3.8, 0.9, -3.0)
    series = [letter for letter in "ab" if assets.kinds[f"counter_{letter}"]]
    letter = series[rng.integers(len(series))]
    row = stage.row_by_wall([f"counter_{letter}"], -1.9, 1.9)
    top = max(level for level in levels(row, share=0.2) if level < 1.0)
    if rng.uniform() < 0.6:
        tiled_wall(stage, top, 0.6)
    if rng.uniform() < 0.7:
        stage.row_by_wall([f"upper_{letter}"], -1.9, 1.8, rng.uniform(1.38, 1.5))
    low, high = bounds(row)
    left = rng.uniform(-0.8, 0.0)
    things = stage.small_things(("kitchen",), int(rng.integers(22, 38)), "table", 0.25)
    corner = (left, low[1] + 0.03), (left + rng.uniform(0.7, 1.2), high[1] - 0.03)
    middle = ((corner[0][0] + corner[1][0]) / 2, high[1] - 0.28)
    stage.fill(things, Place(*corner, top, row, middle), Rules(0.42, 0.06, share=0.2))
    stage.hang_switches(left + rng.uniform(0.1, 0.6), top + 0.2)
    return stage.layout((*middle, top + 0.12), close_view(rng), rng.uniform(8, 38))


def floor_corner(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up toys, shoes, bags and boxes on the floor in front of furniture."""
    stage = Stage(rng, assets, 3.6, 1.0, -3.2)
    ground = 0.0
    if rng.uniform() < 0.5:
        rug = placed(stage.model("rug"), degrees=rng.uniform(-40, 40))
        ground = float(bounds(stage.put(rug, 0.0, 0.1))[1][2])
    kinds = ["sideboard", "armchair", "floor_furniture", "bedside", "wardrobe", "shelf", "door"]
    stage.row_by_wall(kinds, -1.8, 1.6)
    things = stage.small_things(
        ("floor", "floor", "pets"), int(rng.integers(20, 38)), "floor", 0.35
    )
    rules = Rules(0.9, 0.14, 180)
    # One ground height for the whole floor, because a rug is thin.
    stage.fill(things, Place((-0.75, -0.55), (0.75, 0.75), ground, near=(0.0, 0.1)), rules)
    if rng.uniform() < 0.4:
        stage.hang_pictures(-1.2, 0.8, 1.5)
    target = (rng.uniform(-0.1, 0.1), 0.1, rng.uniform(0.08, 0.25))
    return stage.layout(target, rng.uniform(0.8, 1.7), rng.uniform(14, 55))


def bedside(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a lamp and small things on a nightstand next to a bed."""
    stage = Stage(rng, assets, 3.4, 0.8, -3.0)
    table = stage.put_by_wall(stage.model("bedside"), 0.0)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    side = rng.choice([-1, 1])
    bed = stage.model("bed")
    wide = bounds(bed)[1][0]
    stage.put_by_wall(bed, side * (high[0] + wide + 0.06))
    corner = (low[0], low[1]), (high[0], high[1])
    lamp = placed(stage.model("table_lamp"), degrees=rng.uniform(-60, 60))
    stage.fill([lamp], Place(*corner, top, table), Rules(0.8, 0.03, 60, 0.3, 0.7))
    things = stage.small_things(("living", "office", "bath"), 12, "table", 0.35)
    stage.fill(things, Place(*corner, top, table), Rules(0.3, 0.08, share=0.35))
    if rng.uniform() < 0.7:
        stage.hang_pictures(-1.2, 0.8, top + rng.uniform(0.5, 0.9))
    stage.hang_switches(rng.uniform(-0.3, 0.3), top + 0.25)
    stage.litter(4, (-1.2, -0.8), (1.2, low[1] - 0.05))
    target = (side * rng.uniform(-0.05, 0.2), (low[1] + high[1]) / 2, top + 0.12)
    return stage.layout(target, close_view(rng), rng.uniform(10, 40))


def washstand(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up bottles, combs and towels at a bathroom sink or a dressing table."""
    stage = Stage(rng, assets, 2.8, 0.8, -2.6)
    if rng.uniform() < 0.6:
        tiled_wall(stage, 0.0, rng.uniform(1.2, 2.4))
    vanity = stage.put_by_wall(stage.model("vanity"), 0.0)
    low, high = bounds(vanity)
    top = max([level for level in levels(vanity, share=0.15) if 0.55 < level < 1.1] or [0.8])
    corner = (low[0], low[1]), (high[0], high[1] - 0.02)
    things = stage.small_things(("bath", "bath", "living"), 24, "table", 0.3)
    stage.fill(things, Place(*corner, top, vanity), Rules(0.3, 0.12, 60, 0.4, 0.05))
    for place in (-1, 1):
        towel = stage.model("bathroom_wall")
        stage.put_by_wall(towel, place * (high[0] + rng.uniform(0.2, 0.4)), rng.uniform(0.9, 1.2))
    stage.row_by_wall(["bathroom"], high[0] + 0.1, 1.3)
    stage.hang_switches(low[0] - 0.15, 1.25)
    target = (rng.uniform(-0.2, 0.2), (low[1] + high[1]) / 2, top + 0.1)
    return stage.layout(target, close_view(rng), rng.uniform(8, 35))


def low_table(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up a coffee table with what an evening leaves on it."""
    stage = Stage(rng, assets, 4.0, 1.4, -3.2)
    sofa = stage.put_by_wall(stage.model("sofa"), rng.uniform(-0.3, 0.3), gap=0.06)
    if rng.uniform() < 0.5:
        stage.put(stage.model("rug"), 0.0, -0.1)
    table = stage.put(stage.model("low_table"), 0.0, bounds(sofa)[0][1] - 0.55)
    low, high = bounds(table)
    top = max(levels(table) or [high[2]])
    middle = tuple((low[:2] + high[:2]) / 2 + rng.uniform(-0.15, 0.15, 2))
    things = stage.small_things(
        ("living", "kitchen", "office"), int(rng.integers(20, 34)), "table", 0.35
    )
    stage.fill(things, Place(tuple(low[:2]), tuple(high[:2]), top, table, middle), Rules(0.4, 0.06))
    stage.hang_pictures(-1.2, 0.9, rng.uniform(1.3, 1.6))
    stage.litter(5, (-1.4, low[1] - 0.5), (1.4, low[1]))
    return stage.layout((*middle, top + 0.08), close_view(rng), rng.uniform(18, 55))


def window_sill(rng: np.random.Generator, assets: Assets) -> Layout:
    """Set up plants, lamps and ornaments on a sideboard in front of a window."""
    stage = Stage(rng, assets, 3.2, 0.7, -3.0)
    board = stage.put_by_wall(stage.surface("sideboard"), 0.0, gap=0.12)
    low, high = bounds(board)
    top = max(levels(board) or [high[2]])
    middle = (rng.uniform(-0.3, 0.3), (low[1] + high[1]) / 2)
    if top < 1.0:
        stage.add_window(middle[0] + rng.uniform(-0.3, 0.3), top + 0.1, rng.uniform(0.8, 1.4), 1.1)
    things = stage.small_things(("living", "living", "table_lamp"), 20, "shelf", 0.25)
    stage.fill(
        things, Place(tuple(low[:2]), tuple(high[:2]), top, board, middle), Rules(0.7, 0.05, 60)
    )
    return stage.layout((*middle, top + 0.15), close_view(rng), rng.uniform(4, 28))


CLOSE_MODELS = (
    table_top,
    kitchen_counter,
    floor_corner,
    desk_top,
    bedside,
    low_table,
    washstand,
    window_sill,
)
