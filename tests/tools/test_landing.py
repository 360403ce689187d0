import numpy as np
import pytest

from tools.scenes.layouts.landing import HeightMap, Rules, levels
from tools.scenes.shapes import meshes
from tools.scenes.surfaces.materials import matte
from tools.scenes.things import furniture
from tools.scenes.things.parts import bounds, placed

GRAY = matte(np.full(3, 0.5))


def box(width, depth, height):
    return [(meshes.box(width, depth, height), GRAY)]


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_things_stand_on_a_table_without_overlapping(rng):
    table = placed(box(0.8, 0.6, 0.7))
    place = HeightMap((-0.5, -0.4), (0.5, 0.4), 0.7)
    place.add_support(table, 0.71)
    landed = [place.drop(rng, box(0.15, 0.15, 0.1), Rules(stack=0.02)) for _ in range(12)]
    landed = [thing for thing in landed if thing is not None]
    assert len(landed) >= 5
    corners = np.array([bounds(thing) for thing in landed])
    np.testing.assert_allclose(corners[:, 0, 2], 0.7, atol=0.012)
    for number, (low, high) in enumerate(corners):
        # At most a third of it may extend beyond the edge.
        assert (np.abs((low + high)[:2] / 2) < [0.41, 0.31]).all()
        for other_low, other_high in corners[:number]:
            overlap = np.minimum(high, other_high) - np.maximum(low, other_low)
            # Rotated things may have overlapping bounding boxes.
            assert (overlap[:2] < 0.1).any()


def test_nothing_lands_beside_what_carries_it(rng):
    place = HeightMap((0, 0), (1, 1), 0.7)
    place.add_support(placed(box(0.2, 0.2, 0.7), -5), 0.71)
    assert place.drop(rng, box(0.1, 0.1, 0.1), Rules()) is None


def test_what_is_too_tall_or_wide_does_not_land(rng):
    place = HeightMap((0, 0), (0.5, 0.5), 0.0)
    place.add_floor()
    assert place.drop(rng, box(0.1, 0.1, 0.6), Rules(room=0.5)) is None
    assert place.drop(rng, box(0.8, 0.1, 0.1), Rules()) is None
    assert place.drop(rng, box(0.1, 0.1, 0.1), Rules()) is not None


def test_things_may_lie_on_others_as_high_as_the_rules_say(rng):
    place = HeightMap((0, 0), (0.3, 0.3), 0.0)
    place.add_floor()
    rules = Rules(stack=0.2)
    assert place.drop(rng, box(0.28, 0.28, 0.1), Rules(turn=0)) is not None
    upper = place.drop(rng, box(0.1, 0.1, 0.1), rules)
    assert bounds(upper)[0][2] == pytest.approx(0.1, abs=0.01)
    assert place.drop(rng, box(0.1, 0.1, 0.1), Rules(stack=0.05)) is None


def test_levels_are_the_boards_of_a_shelf(rng):
    shelf = furniture.bookcase(rng, 0.8, 0.3, [0.3, 0.7, 1.1])
    np.testing.assert_allclose(levels(shelf), [0.3, 0.7, 1.1], atol=0.011)
    assert levels(box(1, 1, 0.5)) == pytest.approx([0.0, 0.5])
