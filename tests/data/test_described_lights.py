"""Lights by name and by direction: left means left, and errors name the problem."""

import numpy as np
import pytest

from keras_f2a.data.described_lights import (
    AUTO,
    NAMED,
    NAMES,
    Direction,
    describe_direction,
    mirror_lights,
)
from keras_f2a.data.light_mixtures import light_mixture
from keras_f2a.data.light_numbers import KINDS, PLACE_NUMBERS
from keras_f2a.support.errors import InputError


def lights(text):
    """Return the numbers that a network gets for each light of a text."""
    return light_mixture(text).numbers


def center(numbers):
    """Return a light's position in the camera's axes, in subject distances."""
    return numbers[:3] * (np.exp(numbers[3]) - 0.1)


def kind(numbers):
    return KINDS[int(numbers[PLACE_NUMBERS:].argmax())]


@pytest.mark.parametrize("name", [name for name in NAMED if name.endswith("-left")])
def test_left_is_left_and_right_its_mirror_image(name):
    (left,), (right,) = lights(name), lights(name.replace("left", "right"))
    assert center(left)[0] < -1 < 1 < center(right)[0]
    # The light shines toward the opposite side.
    assert left[4] > 0 > right[4]
    np.testing.assert_allclose(mirror_lights(left), right, atol=1e-6)
    np.testing.assert_allclose(mirror_lights(mirror_lights(left)), left)


def test_the_ceiling_is_above_and_the_room_behind_the_camera():
    (ceiling,), (room,) = lights("ceiling"), lights("room")
    assert center(ceiling)[1] > 1 and ceiling[5] == -1
    assert center(room)[2] < -1 and room[6] > 0.9
    assert [kind(one) for one in (ceiling, room)] == ["ceiling", "room"]


def test_auto_mixes_lights_that_favor_no_side():
    found = lights("auto")
    assert found.shape == (len(AUTO), 13) and found.dtype == np.float32
    assert np.abs(found[:, 0].sum()) < 1e-6
    assert set(NAMES) == {"auto", *NAMED}


@pytest.mark.parametrize(
    ("text", "axis", "sign"),
    [
        ("90,0,0.5", 0, 1),
        ("-90,0,0.5", 0, -1),
        ("0,90,0.5", 1, 1),
        ("0,-60,0.1", 1, -1),
        ("180,0,0.1", 2, 1),
        ("-180, 0, 0.1", 2, 1),
        ("0,0,1", 2, -1),
    ],
)
def test_a_direction_is_where_it_says(text, axis, sign):
    (numbers,) = lights(text)
    from_subject = center(numbers) - [0, 0, 1]
    assert int(np.abs(from_subject).argmax()) == axis
    assert np.sign(from_subject[axis]) == sign
    assert np.linalg.norm(numbers[:3]) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(numbers[4:7]) == pytest.approx(1, abs=1e-5)


def test_azimuth_and_elevation_come_back_from_the_numbers():
    for azimuth, elevation in ((37, 12), (-120, 30), (150, -20)):
        x, y, z = center(describe_direction(Direction(azimuth, elevation, 0.1))) - [0, 0, 1]
        assert np.degrees(np.arctan2(x, -z)) == pytest.approx(azimuth, abs=0.01)
        assert np.degrees(np.arcsin(y / np.hypot(np.hypot(x, y), z))) == pytest.approx(
            elevation, abs=0.01
        )


def test_a_light_shines_at_the_subject():
    for text in ("40,10,0.1", "-100,-30,0.2", "20,5,1"):
        (numbers,) = lights(text)
        toward_subject = np.array([0, 0, 1]) - center(numbers)
        assert numbers[4:7] @ toward_subject / np.linalg.norm(toward_subject) > 0.999


def test_size_and_elevation_decide_the_kind():
    found = {text: kind(lights(text)[0]) for text in ("60,5,0.1", "60,5,.5", "60,5,1", "0,70,.5")}
    assert list(found.values()) == ["lamp", "window", "room", "ceiling"]
    sizes = [lights(f"60,5,{size}")[0][7] for size in (0.05, 0.2, 0.5, 0.7)]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("window", r"light=window: choose one of auto, ceiling, window-left.*AZIMUTH,ELEVATION"),
        ("", "choose one of"),
        ("1,2", "choose one of"),
        ("1,2,3,4", "choose one of"),
        ("left,2,0.5", "choose one of"),
        ("181,0,0.5", "light=181,0,0.5: the azimuth must be between -180 and 180, not 181"),
        ("0,-91,0.5", "the elevation must be between -90 and 90, not -91"),
        ("0,0,0", "the size must be between 0.02 and 1.5, not 0"),
        ("nan,0,0.5", "the azimuth must be"),
        ("0,0,inf", "the size must be"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(text, message):
    with pytest.raises(InputError, match=message) as caught:
        lights(text)
    assert "\n" not in str(caught.value)


def test_a_kind_must_be_known():
    with pytest.raises(InputError, match="'candle' is unknown; choose one of ceiling, window"):
        describe_direction(Direction(0, 0, 0.1, "candle"))
