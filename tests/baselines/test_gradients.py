import numpy as np
import pytest

from keras_f2a.baselines.gradients import (
    CosineSmoother,
    Gradient,
    gradient,
    integrate,
    shrink,
    solve_weighted,
    transposed_gradient,
)


def test_gradient_of_a_hand_computed_image():
    image = np.array([[1.0, 4.0, 2.0], [0.0, 0.0, 5.0]])
    horizontal, vertical = gradient(image)
    np.testing.assert_array_equal(horizontal, [[3, -2, 0], [0, 5, 0]])
    np.testing.assert_array_equal(vertical, [[-1, -4, 3], [0, 0, 0]])


def test_transposed_gradient_is_the_gradients_adjoint(rng):
    image, field = rng.normal(size=(9, 7)), Gradient(*rng.normal(size=(2, 9, 7)))
    forward = sum(np.vdot(*parts) for parts in zip(gradient(image), field, strict=True))
    assert forward == pytest.approx(np.vdot(image, transposed_gradient(field)))


def test_shrink_moves_towards_zero_and_stops_there():
    values = np.array([-2.0, -0.4, 0.0, 0.3, 1.5])
    np.testing.assert_allclose(shrink(values, 0.5), [-1.5, 0, 0, 0, 1.0])


def test_cosine_smoother_solves_its_equation(rng):
    right_side = rng.normal(size=(12, 17))
    x = CosineSmoother(right_side.shape).solve(right_side, 2.0, 0.7)
    np.testing.assert_allclose(2 * x + 0.7 * transposed_gradient(gradient(x)), right_side)


def test_weighted_solve_meets_its_tolerance_with_weights_of_all_sizes(rng):
    weight = np.exp(rng.uniform(np.log(1e-2), np.log(1e3), size=(20, 24)))
    right_side = rng.normal(size=weight.shape)
    x = solve_weighted(
        weight,
        right_side,
        right_side,
        smoother=CosineSmoother(weight.shape),
        tolerance=1e-6,
        iterations=500,
    )
    weighted = Gradient(*(weight * part for part in gradient(x)))
    residual = x + transposed_gradient(weighted) - right_side
    assert np.linalg.norm(residual) <= 2e-6 * np.linalg.norm(right_side)


def test_integration_gives_the_image_of_a_true_gradient_back(rng):
    image = rng.normal(size=(13, 17))
    np.testing.assert_allclose(integrate(gradient(image), image.mean()), image, atol=1e-12)


def test_integration_of_any_field_is_the_least_squares_image(rng):
    field = Gradient(*rng.normal(size=(2, 9, 7)))
    image = integrate(field, 0.25)
    assert image.mean() == pytest.approx(0.25)
    np.testing.assert_allclose(
        transposed_gradient(gradient(image)), transposed_gradient(field), atol=1e-12
    )
