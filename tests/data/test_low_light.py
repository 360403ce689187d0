import numpy as np
import pytest

from keras_f2a.data.low_light import READ_NOISE, WHITE_ELECTRONS, simulate_low_light
from keras_f2a.support.srgb import from_linear, to_linear


def gray(light, shape=(200, 200, 3)):
    return np.full(shape, float(from_linear(np.array(light))), np.float32)


@pytest.mark.parametrize("stops", [0, 2, 4])
def test_the_noise_is_the_sensors(stops):
    """The variance in electrons is the sum of shot noise, read noise and rounding."""
    light = to_linear(simulate_low_light(gray(0.3), stops).astype(np.float64))
    electrons = light * WHITE_ELECTRONS / 2**stops
    count = 0.3 * WHITE_ELECTRONS / 2**stops
    assert electrons.mean() == pytest.approx(count, rel=0.02)
    step = WHITE_ELECTRONS * np.diff(
        to_linear(np.array([0.0, 1.0]) / 255 + gray(0.3 / 2**stops)[0, 0, 0])
    )
    expected = count + READ_NOISE**2 + step[0] ** 2 / 12
    assert electrons.var() == pytest.approx(expected, rel=0.05)


def test_the_brightness_stays(rng):
    image = rng.uniform(0.2, 0.8, (64, 64, 3)).astype(np.float32)
    dark = simulate_low_light(image, 3.0)
    assert dark.dtype == np.float32 and dark.min() >= 0 and dark.max() <= 1
    assert to_linear(dark).mean() == pytest.approx(to_linear(image).mean(), rel=0.01)


def test_more_stops_leave_more_noise_and_fewer_tones(rng):
    image = np.broadcast_to(np.linspace(0, 1, 400)[None, :, None], (40, 400, 3)).astype(np.float32)
    results = [simulate_low_light(image, stops) for stops in (0, 1, 2, 4, 6)]
    errors = [np.abs(result - image).mean() for result in results]
    assert errors == sorted(errors) and errors[-1] > 4 * errors[0]
    tones = [len(np.unique(result)) for result in results]
    assert tones == sorted(tones, reverse=True) and tones[-1] < 60


def test_the_same_seed_is_the_same_photograph(rng):
    image = rng.random((16, 16, 3))
    first, again, other = (simulate_low_light(image, 2.0, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_black_has_read_noise_alone():
    dark = simulate_low_light(np.zeros((100, 100, 3)), 0)
    assert 0 < dark.max() < 0.05
