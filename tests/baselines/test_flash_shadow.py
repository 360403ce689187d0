import numpy as np
import pytest

from keras_f2a.baselines.flash_shadow import MAX_THRESHOLD, flash_shadow, umbra_threshold
from keras_f2a.support.srgb import to_linear
from tests.baselines.pairs_of_photographs import scene


@pytest.fixture
def light(rng):
    flash, ambient, shadow = scene(rng)
    return to_linear(flash).mean(axis=-1), to_linear(ambient).mean(axis=-1), shadow


def test_the_threshold_lies_between_two_peaks(rng):
    dark, bright = rng.normal(0.01, 0.003, 900), rng.normal(0.12, 0.02, 2000)
    threshold = umbra_threshold(np.concatenate([dark, bright]).reshape(50, 58))
    assert 0.015 < threshold < 0.08


def test_light_everywhere_has_no_threshold(rng):
    assert umbra_threshold(rng.uniform(0.3, 0.9, (40, 40))) < 0
    assert umbra_threshold(np.full((40, 40), MAX_THRESHOLD + 0.1)) < 0


def test_the_shadow_is_found_and_the_rest_left(light):
    flash, ambient, shadow = light
    found = flash_shadow(flash, ambient)
    assert found[shadow].all()
    away = np.ones_like(shadow)
    away[10:36, 10:46] = False
    assert found[away].mean() < 0.05


def test_the_penumbra_beside_the_umbra_belongs_to_the_shadow(light):
    flash, ambient, shadow = light
    soft = flash.copy()
    soft[15:30, 40:44] *= np.linspace(0.2, 0.8, 4)
    found = flash_shadow(soft, ambient)
    assert found[16:29, 40:42].mean() > 0.8


def test_equal_bright_photographs_have_no_shadow(light):
    _, ambient, _ = light
    bright = ambient + MAX_THRESHOLD
    assert not flash_shadow(bright, bright).any()


def test_a_thin_shadow_without_umbra_is_found():
    ambient = np.full((60, 80), 0.5)
    flash = ambient.copy()
    flash[:, 60:62] *= 0.55
    found = flash_shadow(flash, ambient)
    assert found[5:-5, 59:62].mean() > 0.6
    assert not found[:, :50].any()


def test_ambient_light_in_the_flash_photograph_is_subtracted(light):
    flash, ambient, shadow = light
    found = flash_shadow(np.minimum(flash + ambient, 1.0), ambient, ambient_share=1.0)
    assert found[shadow].all()
