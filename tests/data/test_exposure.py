import numpy as np
import pytest
import tensorflow as tf

from keras_f2a.data.exposure import auto_expose, match_exposure
from keras_f2a.support.srgb import from_linear, to_linear


@pytest.fixture
def flash():
    return np.random.default_rng(0).uniform(0.1, 0.6, (2, 24, 32, 3)).astype(np.float32)


def test_exposure_and_white_balance_are_taken_back(flash):
    gains = np.array([0.5, 1.2, 1.8], np.float32)
    developed = from_linear(np.minimum(to_linear(flash) * gains, 1))
    matched = match_exposure(tf.constant(developed), tf.constant(flash)).numpy()
    unclipped = developed < 0.98
    np.testing.assert_allclose(matched[unclipped], flash[unclipped], atol=2e-5)
    np.testing.assert_array_equal(
        match_exposure(tf.constant(developed[1]), tf.constant(flash[1])).numpy(), matched[1]
    )


def test_the_distribution_of_light_stays(flash):
    ambient = flash[:, ::-1] * np.linspace(0.3, 1, 32, dtype=np.float32)[:, None]
    matched = match_exposure(tf.constant(ambient), tf.constant(flash)).numpy()
    ratio = to_linear(matched) / to_linear(ambient)
    np.testing.assert_allclose(ratio, ratio[:, :1, :1].repeat(24, 1).repeat(32, 2), rtol=1e-3)
    means = [to_linear(image).mean(axis=(1, 2)) for image in (matched, flash)]
    np.testing.assert_allclose(*means, rtol=1e-4)


def test_clipped_pixels_say_nothing(flash):
    blown = flash.copy()
    blown[:, :12] = 1
    matched = match_exposure(tf.constant(flash), tf.constant(blown)).numpy()
    np.testing.assert_allclose(matched, flash, atol=1e-5)


def test_the_factor_is_limited_and_black_stays(flash):
    matched = match_exposure(tf.constant(flash * 0.1), tf.constant(flash)).numpy()
    np.testing.assert_allclose(to_linear(matched), 5 * to_linear(flash * 0.1), rtol=1e-4)
    black = tf.zeros_like(flash)
    np.testing.assert_array_equal(match_exposure(black, tf.constant(flash)), black)
    np.testing.assert_allclose(match_exposure(tf.constant(flash), black), flash, atol=1e-6)


def test_metering_goes_a_share_of_the_way_to_middle_gray():
    dark = from_linear(np.full((2, 4, 4, 3), 0.18 / 4, np.float32))
    dark[1] = from_linear(np.float32(0.18))
    brighter = to_linear(auto_expose(tf.constant(dark), 0.25).numpy())
    gain, light = 2**0.5, 0.18 / 4
    np.testing.assert_allclose(brighter[0], gain * light / (1 + (gain - 1) * light), rtol=1e-4)
    np.testing.assert_allclose(brighter[1], 0.18, rtol=1e-4)


def test_metering_keeps_black_and_white_and_is_limited(flash):
    flash[:, 0] = 0
    flash[:, 1] = 1
    result = auto_expose(tf.constant(flash), 1.0).numpy()
    np.testing.assert_allclose(result[:, :2], flash[:, :2], atol=1e-6)
    black = np.zeros_like(flash)
    np.testing.assert_array_equal(auto_expose(tf.constant(black), 1.0), black)
    nearly = np.full_like(flash, 0.01)
    doubled = to_linear(auto_expose(tf.constant(nearly), 1.0).numpy()) / to_linear(nearly)
    np.testing.assert_allclose(doubled, 2, rtol=1e-2)
    bright = from_linear(np.full((4, 4, 3), 0.72, np.float32))
    gain = 2**-0.05
    expected = gain * 0.72 / (1 + (gain - 1) * 0.72)
    np.testing.assert_allclose(
        to_linear(auto_expose(tf.constant(bright), 0.5).numpy()), expected, rtol=1e-4
    )
