import numpy as np
import tensorflow as tf

from keras_f2a.data.augmentation import photographic


def images(rng, size=(48, 40)):
    small = rng.uniform(0.1, 0.9, size=(6, 5, 3))
    image = tf.image.resize(small, size)
    return image, image * 0.6


def test_keeps_shape_and_range(rng):
    flash, ambient = images(rng)
    for seed in range(12):
        for image in photographic(flash, ambient, (seed, 1)):
            assert image.shape == flash.shape
            assert 0 <= image.numpy().min() <= image.numpy().max() <= 1


def test_is_a_function_of_the_seed(rng):
    flash, ambient = images(rng)
    first, again, other = (photographic(flash, ambient, (seed, 1)) for seed in (3, 3, 4))
    np.testing.assert_array_equal(first[0], again[0])
    np.testing.assert_array_equal(first[1], again[1])
    assert np.abs(first[0] - other[0]).max() > 0.01


def test_changes_tone_alike_and_degrades_only_the_flash_image(rng):
    flash, _ = images(rng)
    for seed in range(8):
        changed_flash, changed_ambient = photographic(flash, flash, (seed, 1))
        # Both stay the same picture but for noise, blur and compression.
        assert np.abs(changed_flash - changed_ambient).mean() < 0.03
        assert np.abs(changed_flash - changed_ambient).max() > 0
