import math

import numpy as np
import pytest

from keras_f2a.evaluation import light
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.result import PhotoPair, Result, align


@pytest.fixture
def ambient(rng):
    return rng.integers(40, 200, (24, 32, 3)).astype(np.uint8)


def result(output, ambient, flash):
    return Result(PhotoPair(flash, ambient), output / np.float32(255))


def test_exposure_and_white_balance_do_not_count_in_the_aligned_scores(ambient):
    warmer = np.rint(ambient * np.array([1.2, 1.0, 0.8])).astype(np.uint8)
    seen = result(warmer, ambient, ambient)
    assert light.aligned_psnr(seen) > 45  # only rounding differs
    assert light.aligned_ssim(seen) > 0.99


def test_a_wrong_distribution_of_light_counts(ambient):
    fall_off = np.linspace(1, 0.3, 32)[None, :, None]
    assert light.aligned_psnr(result((ambient * fall_off).astype(np.uint8), ambient, ambient)) < 25


def test_alignment_is_the_least_squares_gain(ambient, rng):
    output = rng.integers(0, 256, ambient.shape).astype(np.uint8)

    def error(gain):
        return ((output[..., 0] / 255 * gain - ambient[..., 0] / 255) ** 2).sum()

    best = (output[..., 0] / 255.0 * (ambient[..., 0] / 255.0)).sum() / (
        (output[..., 0] / 255.0) ** 2
    ).sum()
    assert error(best) < min(error(best + 0.01), error(best - 0.01))
    expected = np.floor(np.clip(output[..., 0] * best, 0, 255) + 1e-3)
    np.testing.assert_array_equal(align(output, ambient)[..., 0], expected)


def test_brightness_and_contrast_are_ratios(ambient):
    half = result(ambient // 2, ambient, ambient)
    assert light.brightness(half) == pytest.approx(0.5, abs=0.01)
    assert light.contrast(half) == pytest.approx(0.5, abs=0.01)


def test_near_white_pixels_are_those_of_the_flash_image(ambient):
    flash = np.full_like(ambient, 100)
    flash[3, 4] = 250
    flash[5, 6] = (255, 255, 244)  # one channel is not near white
    output = ambient.copy()
    output[3, 4] = (220, 215, 210)
    seen = result(output, ambient, flash)
    assert light.white_level(seen) == pytest.approx(215)
    assert light.white_cast(seen) == pytest.approx(10)


def test_a_method_that_changes_nothing_has_no_score_without_flash(rng):
    for dtype in (np.uint8, np.uint16):
        ambient = rng.integers(0, np.iinfo(dtype).max, (24, 32, 3), dtype, endpoint=True)
        given = ambient / np.float32(np.iinfo(dtype).max)
        pair = PhotoPair(ambient, ambient)
        assert math.isnan(light.without_flash(Result(pair, given, given)))
        assert light.without_flash(Result(pair, given, 0.9 * given)) > 20


def test_what_is_not_defined_is_nan(ambient):
    black = np.zeros_like(ambient)
    seen = result(black, black, black)
    undefined = ("brightness", "contrast", "white_level", "white_cast", "without_flash")
    undefined += ("shadow_error", "contrast_kept", "brightness_kept", "face_kept")
    assert all(math.isnan(METRICS[name].compute(seen)) for name in undefined)
    assert align(black, ambient).max() == 0
