import numpy as np
import pytest

from keras_f2a.correction.working_copy import working_copy_of_any_size, working_copy_of_fixed_size


@pytest.mark.parametrize(
    ("size", "expected"),
    [((3000, 4000), (240, 320)), ((4000, 3000), (320, 240)), ((100, 150), (100, 150))],
)
def test_the_aspect_is_kept_and_nothing_is_enlarged(size, expected):
    copy = working_copy_of_any_size(*size, 320)
    assert (copy.height, copy.width) == expected
    assert (copy.frame_height, copy.frame_width) == expected


@pytest.mark.parametrize(
    ("size", "expected", "rotated"),
    [
        ((3000, 4000), (240, 320), False),
        ((4000, 3000), (320, 240), True),
        ((2250, 4000), (180, 320), False),
        ((3000, 3000), (240, 240), False),
        ((50, 4000), (4, 320), False),
        ((4000, 20), (320, 2), True),
    ],
)
def test_a_frame_of_one_size_takes_every_photograph(rng, size, expected, rotated):
    copy = working_copy_of_fixed_size(*size, frame_height=240, frame_width=320)
    assert (copy.height, copy.width, copy.rotated) == (*expected, rotated)
    small = rng.random((*expected, 3), np.float32)
    framed = copy.into_frame(small)
    assert framed.shape == (240, 320, 3)
    np.testing.assert_array_equal(copy.out_of_frame(framed), small)


def test_a_thin_photograph_is_filled_up_with_its_mirror_image(rng):
    copy = working_copy_of_any_size(10, 3200, 320)
    small = rng.random((copy.height, copy.width, 3), np.float32)
    framed = copy.into_frame(small)
    assert framed.shape == (32, 320, 3)
    np.testing.assert_array_equal(framed[15], framed[14])
