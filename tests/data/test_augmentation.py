import numpy as np
import pytest
import tensorflow as tf

from keras_f2a.data.augmentation import simulate_camera, simulate_photograph


def images(rng, size=(48, 40)):
    small = rng.uniform(0.1, 0.9, size=(6, 5, 3))
    image = tf.image.resize(small, size)
    return image, image * 0.6


@pytest.mark.parametrize("change", [simulate_photograph, simulate_camera])
def test_keeps_shape_and_range(change, rng):
    flash, ambient = images(rng)
    for seed in range(12):
        for image in change(flash, ambient, (seed, 1)):
            assert image.shape == flash.shape
            assert 0 <= image.numpy().min() <= image.numpy().max() <= 1


def test_is_a_function_of_the_seed(rng):
    flash, ambient = images(rng)
    first, again, other = (simulate_photograph(flash, ambient, (seed, 1)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert np.abs(first[0] - other[0]).max() > 0.01


def test_changes_tone_alike_and_degrades_only_the_flash_image(rng):
    flash, _ = images(rng)
    for seed in range(8):
        changed_flash, changed_ambient = simulate_photograph(flash, flash, (seed, 1))
        # Both show the same picture and differ only in noise, blur and compression.
        assert np.abs(changed_flash - changed_ambient).mean() < 0.03
        assert np.abs(changed_flash - changed_ambient).max() > 0


def test_another_camera_stands_where_the_first_one_stood(rng):
    """Both functions agree except for the third of photographic changes that take another crop."""
    flash, ambient = images(rng)
    alike = []
    for seed in range(30):
        camera = simulate_camera(flash, ambient, (seed, 1))
        both = simulate_photograph(flash, ambient, (seed, 1))
        alike.append(np.array_equal(camera[0], both[0]) and np.array_equal(camera[1], both[1]))
        order = np.corrcoef(np.ravel(camera[1]), np.ravel(ambient))[0, 1]
        assert order > 0.8
    assert 0.4 < np.mean(alike) < 0.9
