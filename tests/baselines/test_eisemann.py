import numpy as np
import pytest

from keras_f2a.baselines.eisemann import (
    channel_shares,
    eisemann,
    fill_shadow_colors,
    layers,
    white_balance,
)
from keras_f2a.support.srgb import to_linear
from tests.baselines.pairs_of_photographs import scene, with_noise


@pytest.fixture
def pair(rng):
    return scene(rng)


def test_large_scale_times_detail_is_the_intensity(rng):
    intensity = rng.uniform(0.01, 1.0, (30, 40))
    large_scale, detail = layers(intensity, intensity)
    np.testing.assert_allclose(large_scale * detail, intensity, rtol=1e-5)


def test_equal_photographs_come_back(pair):
    """Without a shadow, ambient large scale × flash detail × flash color is the photograph."""
    lit = np.clip(pair.ambient, 0.55, 0.95)  # brighter than any shadow
    np.testing.assert_allclose(eisemann(lit, lit), lit, atol=2e-3)


def test_flat_photographs_take_the_ambient_intensity_and_the_cast():
    flash = np.full((30, 40, 3), 0.8, np.float32)
    ambient = np.full((30, 40, 3), (0.6, 0.4, 0.2), np.float32)
    np.testing.assert_allclose(eisemann(flash, ambient, cast=1.0), ambient, atol=2e-3)
    white = to_linear(eisemann(flash, ambient, cast=0.0))
    np.testing.assert_allclose(white, to_linear(ambient)[0, 0].mean(), rtol=1e-3)
    between = to_linear(eisemann(flash, ambient))
    np.testing.assert_allclose(between.mean(axis=-1), white.mean(axis=-1), rtol=1e-3)
    assert between[0, 0, 0] > between[0, 0, 1] > between[0, 0, 2]


def test_the_white_balance_is_the_ratio_of_the_lights():
    rng = np.random.default_rng(0)
    flash = rng.uniform(0.1, 1.0, (20, 20, 1)) * np.ones(3)
    balance = white_balance(flash, flash * (0.5, 0.4, 0.2))
    np.testing.assert_allclose(balance / balance[1], [0.8, 1.0, 2.0], rtol=1e-3)
    np.testing.assert_allclose(white_balance(flash, 0.1 * flash), 1.0, rtol=1e-3)


def test_a_photograph_without_one_color_has_a_finite_balance():
    blueless = np.full((10, 10, 3), (0.5, 0.5, 0.0))
    assert np.isfinite(eisemann(blueless, blueless[..., ::-1])).all()


def test_noise_of_the_ambient_photograph_goes(pair, rng):
    noisy = with_noise(pair.ambient, rng)
    clean, result = (eisemann(pair.flash, image, cast=1.0) for image in (pair.ambient, noisy))
    lit = ~pair.shadow
    assert np.abs(result - clean)[lit].mean() < 0.4 * np.abs(noisy - pair.ambient)[lit].mean()


def test_the_result_is_lit_as_the_ambient_photograph_is(pair):
    result = eisemann(pair.flash, pair.ambient, cast=1.0)
    error, unchanged = (np.abs(image - pair.ambient).mean() for image in (result, pair.flash))
    assert error < 0.25 * unchanged
    assert np.abs(result - pair.ambient)[pair.shadow].mean() < 0.08


def test_shadow_colors_are_those_of_lit_pixels_with_a_like_ambient_color():
    ambient = np.full((90, 120, 3), (1.0, 0.8, 0.4))
    ambient[:, 60:] = (0.3, 0.8, 1.2)
    color = np.where(ambient[..., :1] > 0.5, (1.0, 1.0, 0.9), (0.4, 0.9, 1.8))
    shadow = np.zeros((90, 120), bool)
    shadow[42:48, 54:66] = True
    damaged = np.where(shadow[..., None], 0.0, color)
    filled = fill_shadow_colors(damaged, ambient, shadow)
    np.testing.assert_allclose(filled, color[shadow], atol=0.02)


def test_where_no_lit_pixel_is_alike_the_ambient_color_stands_in():
    ambient = np.full((20, 20, 3), (1.0, 0.8, 0.4))
    everywhere = np.ones((20, 20), bool)
    filled = fill_shadow_colors(np.zeros((20, 20, 3)), ambient, everywhere)
    np.testing.assert_allclose(filled, ambient[everywhere])


def test_shares_of_black_are_a_third_each():
    np.testing.assert_allclose(channel_shares(np.zeros((2, 2, 3))), 1 / 3)


def test_black_photographs_stay_dark():
    black = np.zeros((20, 24, 3), np.float32)
    result = eisemann(black, black)
    assert result.dtype == np.float32 and result.max() < 0.02
