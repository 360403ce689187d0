import numpy as np
import pytest

from keras_f2a.baselines.intrinsic import decompose, intrinsic
from keras_f2a.baselines.sparse_reflectance import chromaticity, pair_differences
from keras_f2a.support.srgb import from_linear, to_linear

THOROUGH = {"iterations": 60, "solver_iterations": 60}
LUMA = np.array([0.2126, 0.7152, 0.0722])


@pytest.fixture
def patches():
    """Return log reflectance, log shading and sRGB of four surfaces under light that falls off."""
    colors = np.array([[0.8, 0.2, 0.2], [0.2, 0.6, 0.3], [0.3, 0.3, 0.9], [0.7, 0.7, 0.6]])
    index = np.zeros((40, 48), int)
    index[:20, 24:], index[20:, :24], index[20:, 24:] = 1, 2, 3
    rows, columns = np.mgrid[-1:1:40j, -1:1:48j]
    shading = -0.8 * (rows**2 + columns**2)
    image = from_linear(colors[index] * np.exp(shading)[..., None])
    return np.log(colors[index] @ LUMA), shading, image.astype(np.float32)


def test_the_parts_sum_to_the_image(patches):
    reflectance, shading, _ = decompose(patches[2])
    luminance = to_linear(patches[2].astype(np.float64)) @ LUMA
    np.testing.assert_allclose(reflectance + shading, np.log(luminance))


def test_known_reflectance_and_shading_are_found(patches):
    true_reflectance, true_shading, image = patches
    decomposed = decompose(image, **THOROUGH)
    for found, true in (
        (decomposed.reflectance, true_reflectance),
        (decomposed.shading, true_shading),
    ):
        # Only their product is observed, so each is known up to a constant.
        difference = (found - found.mean()) - (true - true.mean())
        assert np.abs(difference).mean() < 0.15 * np.abs(true - true.mean()).mean()


def test_the_energy_falls_with_each_solve_and_each_choice(patches):
    energies = decompose(patches[2], choices=3, **THOROUGH).energies
    assert np.all(np.diff(energies.ravel()) <= 1e-3 * energies[0, 0])
    assert energies[-1, 1] < energies[0, 0]


def test_the_default_run_comes_near_the_optimum(patches):
    quick, thorough = (decompose(patches[2], **k).energies[-1, 1] for k in ({}, THOROUGH))
    assert quick <= 1.1 * thorough


@pytest.mark.parametrize("beta", [0.2, 0.5, 3.0])
def test_a_gray_step_is_shared_as_the_optimum_says(beta):
    """Two pixels with a step h minimize |δ| + β(h − δ)² at δ = max(0, h − 1/2β)."""
    height = 2.0
    image = from_linear(np.exp([[-2.5, -2.5 + height]]))[..., None] * np.ones(3)
    reflectance, _, _ = decompose(image, beta=beta, choices=0, **THOROUGH)
    expected = max(0.0, height - 1.0 / (2.0 * beta))
    np.testing.assert_allclose(reflectance[0, 1] - reflectance[0, 0], expected, atol=1e-3)


def test_the_global_term_draws_pixels_to_their_reflectance(patches):
    def spread(alpha):
        reflectance = decompose(patches[2], alpha=alpha, **THOROUGH).reflectance
        return np.mean([np.ptp(reflectance[rows, columns]) for rows, columns in quarters])

    quarters = [np.s_[r : r + 20, c : c + 24] for r in (0, 20) for c in (0, 24)]
    assert spread(5.0) < 0.5 * spread(0.0)


def test_a_pair_is_weighed_by_its_step_and_its_chromaticities():
    color = np.full((5, 5, 3), 1 / 3)
    color[:, 3:] = (0.4, 0.3, 0.3)
    matrix = pair_differences(color, sigma=0.05, levels=2)
    image = np.zeros((5, 5))
    image[:, 3:] = 1.0
    distance = ((np.array([0.4, 0.3, 0.3]) - 1 / 3) ** 2).sum()
    weight = np.exp(-0.5 * distance / 0.05**2)
    differences = np.abs(matrix @ image.ravel())
    # Five pairs cross the edge on the fine grid, and three pairs with step 2 on the coarse grid.
    np.testing.assert_allclose(np.sort(differences)[-8:], [weight] * 5 + [2 * weight] * 3)
    assert matrix.shape == (2 * 20 + 2 * 6, 25)


def test_a_flat_image_has_flat_parts_and_comes_back():
    image = np.full((20, 24, 3), (0.5, 0.4, 0.3), np.float32)
    reflectance, shading, _ = decompose(image)
    assert np.ptp(reflectance) < 1e-6 and np.ptp(shading) < 1e-6
    np.testing.assert_allclose(intrinsic(image), image, atol=1e-4)


def test_without_flattening_the_image_comes_back(patches):
    np.testing.assert_allclose(intrinsic(patches[2], flattening=0.0), patches[2], atol=1e-4)


def test_flattening_evens_the_light_out_and_keeps_colors_and_mean(patches):
    _, _, image = patches
    light = to_linear(image.astype(np.float64))
    relit = to_linear(intrinsic(image, flattening=0.5).astype(np.float64))
    contrast = [np.log(part[0, 0, 0] / part[18, 22, 0]) for part in (light, relit)]
    assert abs(contrast[1]) < 0.75 * abs(contrast[0])
    np.testing.assert_allclose((relit @ LUMA).mean(), (light @ LUMA).mean(), rtol=0.03)
    inside = relit.max(axis=-1) < 0.99
    np.testing.assert_allclose(
        (relit / relit.sum(-1, keepdims=True))[inside],
        (light / light.sum(-1, keepdims=True))[inside],
        atol=1e-3,
    )


def test_chromaticity_sums_to_one_and_the_dark_is_gray():
    colors = chromaticity(np.array([[[0.0, 0.0, 0.0], [0.9, 0.3, 0.0]]]))
    np.testing.assert_allclose(colors.sum(-1), 1)
    np.testing.assert_allclose(colors[0, 0], 1 / 3)
    assert colors[0, 1, 0] > 0.7


@pytest.mark.parametrize("shape", [(20, 24, 3), (11, 13, 3)])
def test_a_black_image_stays_black(shape):
    result = intrinsic(np.zeros(shape, np.float32))
    assert result.dtype == np.float32 and not result.any()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 13, 3), (13, 1, 3)])
def test_a_single_row_or_pixel_is_an_image(shape):
    image = np.full(shape, (0.5, 0.4, 0.3), np.float32)
    np.testing.assert_allclose(intrinsic(image), image, atol=1e-4)
