import math

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.bilateral import bilateral_filter, diagonal, joint_bilateral_filter


@pytest.fixture
def image(rng):
    return gaussian_filter(rng.random((26, 31)), 1).astype(np.float32)


@pytest.fixture
def guide(rng):
    return (gaussian_filter(rng.normal(size=(26, 31)), 2) > 0).astype(np.float32)


@pytest.mark.parametrize("sigma_range", [0.05, 0.3])
def test_the_filter_is_the_papers_sum(rng, sigma_range):
    image, guide = rng.random((2, 17, 23))
    filtered = joint_bilateral_filter(image, guide, sigma_space=2.0, sigma_range=sigma_range)
    expected = _direct_sum(image, guide, 2.0, sigma_range)
    # The tolerance is the error of interpolating between values of the guide.
    assert np.abs(filtered - expected).max() < 0.01
    assert np.abs(filtered - expected).mean() < 0.002


def test_an_image_is_its_own_guide(image):
    arguments = {"sigma_space": 2.0, "sigma_range": 0.1}
    own = bilateral_filter(image, **arguments)
    np.testing.assert_array_equal(own, joint_bilateral_filter(image, image, **arguments))


def test_a_flat_guide_leaves_a_gaussian_blur(image):
    filtered = joint_bilateral_filter(
        image, np.full_like(image, 0.4), sigma_space=1.5, sigma_range=0.1
    )
    inner = np.s_[8:-8, 8:-8]
    blurred = gaussian_filter(image, 1.5, truncate=10 / 3)
    np.testing.assert_allclose(filtered[inner], blurred[inner], atol=1e-4)


def test_a_flat_image_stays_flat_under_any_guide(guide):
    filtered = joint_bilateral_filter(
        np.full_like(guide, 0.3), guide, sigma_space=3.0, sigma_range=0.1
    )
    np.testing.assert_allclose(filtered, 0.3, rtol=1e-5)


def test_noise_goes_and_the_guides_edges_stay(rng, guide):
    clean = 0.2 + 0.5 * guide
    noisy = clean + rng.normal(0, 0.1, clean.shape)
    filtered = joint_bilateral_filter(noisy, guide, sigma_space=3.0, sigma_range=0.1)
    assert np.abs(filtered - clean).mean() < 0.35 * np.abs(noisy - clean).mean()


def test_pixels_without_weight_are_not_averaged(guide):
    image = np.where(guide > 0, 1.0, 0.0)
    filtered = joint_bilateral_filter(
        image, np.zeros_like(guide), sigma_space=2.0, sigma_range=1.0, weight=guide
    )
    near = gaussian_filter(guide, 1.0) > 0.2
    np.testing.assert_allclose(filtered[near], 1.0, rtol=1e-5)


def test_where_no_pixel_counts_the_image_stays(image):
    filtered = bilateral_filter(
        image, sigma_space=2.0, sigma_range=0.1, weight=np.zeros_like(image)
    )
    np.testing.assert_allclose(filtered, image, rtol=1e-6)


def test_the_diagonal_is_in_pixels():
    assert diagonal(np.zeros((240, 320, 3))) == 400


def _direct_sum(image, guide, sigma_space, sigma_range):
    rows, columns = np.indices(image.shape)
    radius = math.ceil(3 * sigma_space)
    result = np.zeros_like(image)
    for row, column in np.ndindex(image.shape):
        distances = np.maximum(abs(rows - row), abs(columns - column))
        squares = (rows - row) ** 2 + (columns - column) ** 2
        differences = guide - guide[row, column]
        weights = np.exp(-0.5 * squares / sigma_space**2 - 0.5 * (differences / sigma_range) ** 2)
        weights = weights * (distances <= radius)
        result[row, column] = (weights * image).sum() / weights.sum()
    return result
