import pytest

from keras_f2a.data.described_lights import NAMED, Direction
from keras_f2a.data.dragged_light import dot_of, light_at
from keras_f2a.data.light_mixtures import light_mixture


@pytest.mark.parametrize(
    ("dot", "light"),
    [
        ((0.5, 0.5), "0,15,0.2"),
        ((0, 0), "-90,60,0.2"),
        ((1, 1), "90,-30,0.2"),
        ((0.2, 0.4), "-54,24,0.2"),
        ((-3, 7), "-90,-30,0.2"),
    ],
)
def test_a_dot_stands_for_the_light_on_its_side_of_the_photograph(dot, light):
    assert light_at(*dot) == light
    assert light_mixture(light).rightward * (dot[0] - 0.5) >= 0


def test_a_dot_is_found_again_where_its_light_is():
    for across in (0.0, 0.25, 0.9):
        for down in (0.1, 0.6, 1.0):
            light = light_mixture(light_at(across, down)).lights[0].direction
            assert dot_of(light) == pytest.approx((across, down), abs=0.01)


def test_named_lights_have_their_dots_on_their_side():
    assert dot_of(NAMED["lamp-left"])[0] < 0.5 < dot_of(NAMED["window-right"])[0]
    assert dot_of(NAMED["ceiling"])[1] < dot_of(NAMED["room"])[1]


def test_a_light_beyond_the_edge_has_its_dot_on_the_edge():
    assert dot_of(Direction(170, 85, 0.1)) == (1, 0)
