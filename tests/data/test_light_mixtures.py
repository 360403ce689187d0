"""Several lights in one text: weights, colors, and errors in a text."""

import numpy as np
import pytest

from keras_f2a.data.described_lights import AUTO, NAMED, describe_direction, parse_direction
from keras_f2a.data.light_mixtures import MOST_LIGHTS, light_mixture
from keras_f2a.data.light_names import NAMES
from keras_f2a.support.errors import InputError


@pytest.mark.parametrize("name", [*NAMES, "-60,20,0.5", "-180, 0, 0.1"])
def test_one_light_is_what_it_is_alone(name):
    mixture = light_mixture(name)
    names = AUTO if name == "auto" else [name]
    directions = [NAMED[one] if one in NAMED else parse_direction(one) for one in names]
    np.testing.assert_array_equal(mixture.numbers, [describe_direction(one) for one in directions])
    assert mixture.shares.sum() == pytest.approx(1)
    assert {light.temperature for light in mixture.lights} == {None}


def test_several_have_weights_and_colors():
    mixture = light_mixture("window-left*0.5+-20,60,0.3*1.5@2700+room@6000")
    np.testing.assert_allclose(mixture.shares, [1 / 6, 1 / 2, 1 / 3])
    assert [light.temperature for light in mixture.lights] == [None, 2700, 6000]
    assert mixture.lights[1].direction.elevation == 60


def test_auto_in_a_mixture_weighs_as_much_as_one_light():
    mixture = light_mixture("auto+lamp-left")
    np.testing.assert_allclose(mixture.shares, [0.125] * 4 + [0.5])


@pytest.mark.parametrize(
    ("text", "is_auto"),
    [
        ("auto", True),
        ("auto*2", True),
        (" auto @ 2700 ", True),
        ("auto*0.5@2700", True),
        ("auto+auto", False),
        ("auto*0.5+room", False),
        ("auto -20,10,0.1", False),
        ("room", False),
        ("-20,10,0.1", False),
    ],
)
def test_only_auto_alone_is_nobodys_choice(text, is_auto):
    assert light_mixture(text).is_auto is is_auto


@pytest.mark.parametrize(
    "text",
    ["window-left*0.7 lamp-right*0.3@2700", " window-left * 0.7 + lamp-right*0.3 @ 2700\n"],
)
def test_a_space_between_lights_is_a_plus_as_in_addresses(text):
    assert light_mixture(text) == light_mixture("window-left*0.7+lamp-right*0.3@2700")


@pytest.mark.parametrize(
    ("signed", "plain"),
    [
        ("+20,10,0.3", "20,10,0.3"),
        ("-20,+10,+3e-1", "-20,10,0.3"),
        ("room++20,10,0.3", "room+20,10,0.3"),
        ("room*+0.5+room", "room*0.5+room"),
        ("room*1e+1+lamp-left", "room*10+lamp-left"),
        ("+20,10,0.3  room", "20,10,0.3+room"),
    ],
)
def test_a_plus_may_be_a_sign(signed, plain):
    assert light_mixture(signed) == light_mixture(plain)


def test_where_light_comes_from_on_the_whole():
    side = {name: light_mixture(name).rightward for name in NAMES}
    for name in ("auto", "ceiling", "room"):
        assert side[name] == pytest.approx(0)
    assert side["window-right"] == pytest.approx(side["lamp-right"], abs=0.03)
    assert side["lamp-left"] == -side["lamp-right"] < -0.8
    assert light_mixture("lamp-left+lamp-right").rightward == pytest.approx(0)
    assert light_mixture("0,90,0.3").rightward == pytest.approx(0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("candle", r"light=candle: choose one of auto, ceiling, window-left"),
        ("", "choose one of"),
        ("+", "choose one of"),
        ("room++room", "choose one of"),
        ("room*0", "the weight must be a number from 0.01 to 10, not '0'"),
        ("room*-1", "the weight must be"),
        ("room*nan", "the weight must be"),
        ("room*inf", "the weight must be"),
        ("room*", "the weight must be"),
        ("room@1999", "the color temperature must be a number from 2000 to 12000, not '1999'"),
        ("room@12001", "the color temperature must be"),
        ("room@nan", "the color temperature must be"),
        ("room@warm", "the color temperature must be"),
        ("room@2700*2", "write each light as"),
        ("nan,0,0.5", "the azimuth must be between"),
        ("10,0,2", "the size must be between"),
        ("+".join(["room"] * (MOST_LIGHTS + 1)), "name at most 8 lights"),
        ("room*" + "1" * 500, "write at most 400 characters"),
        ("\x1b[31mroom", "choose one of"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text, message):
    with pytest.raises(InputError, match=message) as caught:
        light_mixture(text)
    assert caught.value.setting == "light"
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300
