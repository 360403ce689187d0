import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.gradients import Gradient, gradient, transposed_gradient
from keras_f2a.baselines.lime import (
    EPSILON,
    illumination_weights,
    initial_illumination,
    lime,
    refine_exactly,
    refine_sped_up,
)


def objective(illumination, initial, weights, alpha):
    """Return ‖T̂ − T‖² + α ‖W∘∇T‖₁."""
    slopes = zip(weights, gradient(illumination), strict=True)
    roughness = sum(np.abs(w * slope).sum() for w, slope in slopes)
    return ((illumination - initial) ** 2).sum() + alpha * roughness


@pytest.fixture
def image(rng):
    """Return colored patches under light that falls off, with noise."""
    patches = 0.5 + 0.4 * np.sign(gaussian_filter(rng.normal(size=(36, 44, 3)), (3, 3, 0)))
    light = np.linspace(0.15, 1.0, 44)[None, :, None]
    return np.clip(patches * light + rng.normal(0, 0.01, patches.shape), 0, 1).astype(np.float32)


def test_initial_illumination_is_the_largest_color():
    image = np.array([[[0.1, 0.7, 0.2], [0.9, 0.0, 0.3]]], np.float32)
    np.testing.assert_allclose(initial_illumination(image), [[0.7, 0.9]])


def test_weights_of_a_step_by_hand():
    initial = np.full((40, 40), 0.2)
    initial[:, 20:] = 0.8
    first, second, third = (illumination_weights(initial, strategy) for strategy in (1, 2, 3))
    assert np.all(first.horizontal == 1) and np.all(first.vertical == 1)
    assert second.horizontal[5, 19] == pytest.approx(1 / (0.6 + EPSILON))
    assert second.horizontal[5, 10] == pytest.approx(1 / EPSILON)
    # At the step, a Gaussian of sigma 2 weights the one difference with its center value.
    weights = np.exp(-(np.arange(-8, 9) ** 2) / 8)
    center = weights.max() / weights.sum()
    assert third.horizontal[20, 19] == pytest.approx(1 / (0.6 * center + EPSILON), rel=1e-3)
    # The vertical difference is 0 everywhere.
    assert np.all(third.vertical == 1 / EPSILON)


@pytest.mark.parametrize("strategy", [1, 2, 3])
def test_sped_up_solver_solves_the_surrogates_normal_equation(image, strategy):
    initial = initial_illumination(image)
    weights = illumination_weights(initial, strategy)
    refined = refine_sped_up(initial, weights, 0.15)
    pulls = Gradient(
        *(
            0.15 * weight / (np.abs(slope) + EPSILON) * part
            for weight, slope, part in zip(
                weights, gradient(initial), gradient(refined), strict=True
            )
        )
    )
    residual = refined + transposed_gradient(pulls) - initial
    assert np.linalg.norm(residual) < 1e-8 * np.linalg.norm(initial)


@pytest.mark.parametrize(("strategy", "alpha"), [(1, 0.15), (1, 0.01), (2, 0.002), (3, 0.001)])
def test_exact_solver_reaches_the_optimum(image, strategy, alpha):
    """The result is close to a long run with a constant penalty, which is sure to converge."""
    initial = initial_illumination(image)
    weights = illumination_weights(initial, strategy)
    refined = refine_exactly(initial, weights, alpha)
    reached = objective(refined, initial, weights, alpha)
    best = refine_exactly(initial, weights, alpha, penalty_growth=1.0, tolerance=0, iterations=4000)
    optimum = objective(best, initial, weights, alpha)
    assert optimum <= reached * (1 + 1e-9)
    assert reached <= 1.02 * optimum
    assert reached < objective(initial, initial, weights, alpha)


def test_exact_solvers_objective_falls_over_the_iterations(image):
    initial = initial_illumination(image)
    weights = illumination_weights(initial, 1)
    objectives = [
        objective(
            refine_exactly(initial, weights, 0.15, tolerance=0, iterations=n),
            initial,
            weights,
            0.15,
        )
        for n in (1, 3, 10, 30, 100)
    ]
    assert objectives == sorted(objectives, reverse=True)


def test_exact_solver_meets_the_subgradient_condition():
    """With one edge, total variation has a closed-form solution: both sides move together."""
    initial = np.zeros((1, 20))
    initial[0, 10:] = 1.0
    weights = illumination_weights(initial, 1)
    refined = refine_exactly(initial, weights, 0.5, penalty_growth=1.0, iterations=3000)
    # d/dm of 10·m² + α(1 − 2m) vanishes at m = α/10.
    np.testing.assert_allclose(refined[0], [0.05 / 2] * 10 + [1 - 0.05 / 2] * 10, atol=1e-3)


def test_both_solvers_agree_roughly(image):
    initial = initial_illumination(image)
    weights = illumination_weights(initial, 1)
    exact = refine_exactly(initial, weights, 0.05)
    sped_up = refine_sped_up(initial, weights, 0.05)
    assert np.abs(exact - sped_up).mean() < 0.2 * np.abs(exact - initial.mean()).mean()
    lowest = objective(exact, initial, weights, 0.05)
    assert lowest <= objective(sped_up, initial, weights, 0.05) <= 1.25 * lowest


@pytest.mark.parametrize("solver", ["sped_up", "exact"])
@pytest.mark.parametrize("strategy", [1, 2, 3])
def test_a_uniform_image_keeps_its_illumination(solver, strategy):
    image = np.full((20, 24, 3), (0.2, 0.4, 0.1), np.float32)
    result = lime(image, solver=solver, strategy=strategy)
    np.testing.assert_allclose(result, image / np.float32(0.4**0.8), atol=2e-3)


def test_without_smoothing_the_illumination_is_the_largest_color(image):
    result = lime(image, alpha=0.0)
    expected = image / np.maximum(image.max(-1, keepdims=True), 1e-3) ** 0.8
    np.testing.assert_allclose(result, np.clip(expected, 0, 1), atol=1e-5)


def test_gamma_0_returns_the_image_and_more_gamma_brightens(image):
    np.testing.assert_allclose(lime(image, gamma=0.0), image, atol=1e-6)
    means = [lime(image, gamma=gamma).mean() for gamma in (0.0, 0.4, 0.7, 0.8, 1.0)]
    assert means == sorted(means)


def test_a_black_image_stays_black():
    result = lime(np.zeros((16, 16, 3), np.float32))
    assert result.dtype == np.float32 and not result.any()


def test_denoising_spares_what_is_bright():
    """R∘T + R_d∘(1 − T) equals R where T is 1 and is smooth where T is small."""
    rng = np.random.default_rng(1)
    clean = np.full((48, 64, 3), 0.05)
    clean[:, 32:] = 0.9
    noisy = np.clip(clean + rng.normal(0, 0.01, clean.shape), 0, 1).astype(np.float32)
    plain, denoised = (
        lime(noisy, gamma=0.5, denoise_sigma=sigma)[:, :, 1] for sigma in (0.0, 0.03)
    )
    dark, bright = np.s_[8:40, 4:26], np.s_[8:40, 38:60]
    assert denoised[dark].std() < 0.8 * plain[dark].std()
    # The denoised image contributes at most a tenth in the bright half.
    assert np.abs(denoised[bright] - plain[bright]).max() < 0.02


@pytest.mark.parametrize("settings", [{}, {"solver": "exact"}, {"denoise_sigma": 0.04}])
def test_a_single_column_is_a_turned_row(image, settings):
    row = image[20:21]
    column = lime(row.swapaxes(0, 1), **settings)
    np.testing.assert_allclose(column.swapaxes(0, 1), lime(row, **settings), atol=1e-5)


@pytest.mark.parametrize("solver", ["sped_up", "exact"])
def test_a_single_pixel_is_lit_by_itself(solver):
    pixel = np.array([[[0.1, 0.2, 0.4]]], np.float32)
    np.testing.assert_allclose(lime(pixel, solver=solver), pixel / 0.4**0.8, rtol=1e-5)
