import numpy as np
import pytest
import tensorflow as tf

from keras_f2a.support.srgb import from_linear, to_linear


@pytest.mark.parametrize("where", [np.where, tf.where])
def test_known_values_of_the_curve(where):
    """IEC 61966-2-1 is linear up to 0.04045, then a power curve. Middle gray is 21.4% light."""
    values = np.array([0.0, 0.04045, 0.5, 1.0], np.float32)
    light = np.array([0.0, 0.0031308, 0.2140411, 1.0], np.float32)
    given = tf.constant if where is tf.where else np.asarray
    np.testing.assert_allclose(to_linear(given(values), where), light, atol=1e-6)
    np.testing.assert_allclose(from_linear(given(light), where), values, atol=1e-6)


def test_every_8_bit_value_survives_the_way_there_and_back():
    values = np.arange(256, dtype=np.float32) / np.float32(255)
    back = from_linear(to_linear(values))
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, values, atol=1e-6)
