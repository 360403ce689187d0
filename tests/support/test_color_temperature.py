"""Color temperatures as factors: known colors of light, and grays that keep their luminance."""

import numpy as np
import pytest

from keras_f2a.support.color_temperature import FLASH, HIGHEST, LOWEST, tint


def test_flash_has_no_tint():
    np.testing.assert_allclose(tint(FLASH), 1)


@pytest.mark.parametrize("temperature", [LOWEST, 2222, 2700, 4000, 6500, HIGHEST])
def test_a_gray_thing_keeps_its_luminance(temperature):
    for share in (0.3, 1.0):
        factors = tint(temperature, share)
        assert factors.min() > 0
        assert factors @ [0.2126, 0.7152, 0.0722] == pytest.approx(1)


def test_warm_is_red_and_cold_is_blue():
    ratios = [factors[2] / factors[0] for factors in map(tint, np.linspace(LOWEST, HIGHEST, 60))]
    assert np.all(np.diff(ratios) > 0)
    # 6500 K daylight is the white of sRGB.
    np.testing.assert_allclose(tint(6500) / tint(5500) * [1.09, 1, 0.84], 1, atol=0.03)
