import numpy as np

from keras_f2a.imaging.srgb import from_linear, to_linear


def test_known_values_of_the_standard():
    np.testing.assert_allclose(to_linear(np.array([0.0, 0.5, 1.0])), [0, 0.21404114, 1], rtol=1e-6)
    np.testing.assert_allclose(from_linear(np.array([0.0, 0.18, 1.0])), [0, 0.46135612, 1], 1e-6)


def test_there_and_back_for_every_8_bit_value():
    values = np.arange(256) / 255
    np.testing.assert_array_equal(np.rint(from_linear(to_linear(values)) * 255), np.arange(256))
