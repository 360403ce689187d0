import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.gradients import Gradient, gradient, transposed_gradient
from keras_f2a.baselines.srie import decompose, srie

# Enough iterations and tight enough tolerances that solver errors do not show in a result.
THOROUGH = {"tolerance": 1e-7, "iterations": 400, "solver_iterations": 400}


def energy(reflectance, illumination, value, c1=0.01, c2=0.1):
    """Return the model's energy at R, L and S."""
    r, el, s = np.log(reflectance), np.log(illumination), np.log(np.maximum(value, 1.0))
    variation = sum(np.abs(reflectance * part).sum() for part in gradient(r))
    roughness = sum(((illumination * part) ** 2).sum() for part in gradient(el))
    return ((r + el - s) ** 2).sum() + c1 * variation + c2 * roughness


@pytest.fixture
def value(rng):
    """Return patches of reflectance 0.3 or 0.9 under smooth light, in [0, 255]."""
    patches = 0.6 + 0.3 * np.sign(gaussian_filter(rng.normal(size=(30, 36)), 3))
    rows, columns = np.mgrid[-1:1:30j, -1:1:36j]
    return 230.0 * patches * np.exp(-1.2 * (rows**2 + columns**2))


@pytest.mark.parametrize("weights", ["pixel", "mean"])
def test_the_parts_keep_their_bounds_and_multiply_to_the_image(value, weights):
    reflectance, illumination, _ = decompose(value, weights=weights)
    assert reflectance.min() > 0 and reflectance.max() <= 1
    assert np.all(illumination >= np.maximum(value, 1) * (1 - 1e-12))
    error = np.abs(reflectance * illumination - value) / value
    assert np.median(error) < 0.05


@pytest.mark.parametrize("weights", ["pixel", "mean"])
def test_the_energy_falls_far_below_the_start(value, weights):
    start = energy(np.ones_like(value), np.maximum(value, 1.0), value)
    energies = [
        energy(*decompose(value, weights=weights, tolerance=0, iterations=n)[:2], value)
        for n in (1, 2, 4, 8)
    ]
    assert [start, *energies] == sorted([start, *energies], reverse=True)
    assert energies[-1] < 0.2 * start


def test_the_illumination_is_smoother_than_the_image(value):
    _, illumination, _ = decompose(value)
    roughness = [
        sum(np.abs(part).mean() for part in gradient(np.log(image)))
        for image in (value, illumination)
    ]
    assert roughness[1] < 0.3 * roughness[0]


@pytest.mark.parametrize("c2", [0.1, 1e-4])
def test_the_result_stays_where_an_exact_solve_of_the_illumination_puts_it(value, c2):
    """A dense solve gives the same l = max((1 + c₂ ∇ᵀL²∇)⁻¹ (s − r), s)."""
    reflectance, illumination, _ = decompose(value, c2=c2, **THOROUGH)
    s, r, el = np.log(np.maximum(value, 1)), np.log(reflectance), np.log(illumination)
    matrix = np.stack(
        [_smoothness(illumination**2, unit).ravel() for unit in _unit_images(s.shape)]
    )
    solved = np.linalg.solve(np.eye(s.size) + c2 * matrix, (s - r).ravel()).reshape(s.shape)
    np.testing.assert_allclose(np.maximum(solved, s), el, atol=2e-3)


@pytest.mark.parametrize("weights", ["pixel", "mean"])
@pytest.mark.parametrize("c1", [2.0, 5.0])
def test_total_variation_lowers_a_reflectance_edge_as_the_optimum_says(weights, c1):
    """Under flat light an edge has a closed-form solution: (r + l − s) + ½c₁∇ᵀ(R sign ∇r) = 0.

    Between two patches of n columns, it lowers the edge's height in s by ½c₁R(1/n + 1/n), where R
    is the weight of the pixel before the edge.
    """
    value = np.full((4, 40), 60.0)
    value[:, 20:] = 200.0
    thorough = {**THOROUGH, "tolerance": 1e-9, "iterations": 1500}
    reflectance, illumination, _ = decompose(value, c1=c1, c2=1e3, weights=weights, **thorough)
    assert np.ptp(illumination) < 0.01
    weight = reflectance[0, 19] if weights == "pixel" else reflectance.mean()
    height = np.log(reflectance[0, -1] / reflectance[0, 0])
    assert height == pytest.approx(np.log(200 / 60) - c1 / 2 * weight * 2 / 20, abs=1e-4)


@pytest.mark.parametrize("weights", ["pixel", "mean"])
def test_without_total_variation_the_reflectance_is_the_rest(value, weights):
    reflectance, illumination, _ = decompose(value, c1=0.0, weights=weights, **THOROUGH)
    np.testing.assert_allclose(reflectance * illumination, np.maximum(value, 1), rtol=2e-3)


def test_changes_fall_below_the_tolerance(value):
    changes = decompose(value, tolerance=1e-2, iterations=200).changes
    assert changes[-1].max() < 1e-2
    assert np.all(changes[:-1].max(axis=1) >= 1e-2)


def test_both_kinds_of_weights_agree_roughly(value):
    pixel, mean = (decompose(value, weights=weights).illumination for weights in ("pixel", "mean"))
    assert np.abs(np.log(pixel / mean)).mean() < 0.1


@pytest.mark.parametrize("weights", ["pixel", "mean"])
def test_a_uniform_image_is_all_illumination(weights):
    value = np.full((20, 24), 90.0)
    reflectance, illumination, _ = decompose(value, weights=weights)
    np.testing.assert_allclose(reflectance, 1, atol=1e-9)
    np.testing.assert_allclose(illumination, 90, rtol=1e-9)
    gray = np.full((20, 24, 3), 90 / 255, np.float32)
    np.testing.assert_allclose(srie(gray), (90 / 255) ** (1 / 2.2), rtol=1e-5)


def test_without_smoothness_the_result_is_a_gamma_curve(value):
    reflectance, illumination, _ = decompose(value, c1=0.0, c2=0.0)
    np.testing.assert_allclose(reflectance, 1)
    np.testing.assert_allclose(illumination, np.maximum(value, 1))


def test_the_illumination_of_a_smooth_patchwork_is_found():
    """With two patches under constant light, l cannot follow the edge, so r has to."""
    value = np.full((30, 40), 60.0)
    value[:, 20:] = 200.0
    reflectance, _, _ = decompose(value, **THOROUGH)
    inner = reflectance[:, 5], reflectance[:, 35]
    assert np.all(inner[1] / inner[0] > 2.5)  # 3.3 if the whole edge were reflectance


def test_hue_and_saturation_stay(rng):
    image = gaussian_filter(rng.random((24, 30, 3)), (2, 2, 0)).astype(np.float32)
    image = np.clip((image - 0.4) * 3, 0.05, 0.9)
    result = srie(image)
    assert result.dtype == np.float32 and result.min() >= 0 and result.max() <= 1
    inside = result.max(axis=-1) < 1
    gain = (result / image)[inside]
    np.testing.assert_allclose(gain, np.broadcast_to(gain[:, :1], gain.shape), rtol=1e-4)
    assert gain.mean() > 1.05


def test_a_black_image_stays_black():
    assert not srie(np.zeros((16, 16, 3), np.float32)).any()


def _smoothness(weight, image):
    return transposed_gradient(Gradient(*(weight * part for part in gradient(image))))


def _unit_images(shape):
    for row in np.eye(shape[0] * shape[1]):
        yield row.reshape(shape)
