import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from keras_f2a.baselines.agrawal import (
    agrawal,
    agrawal_flash,
    coherence_map,
    project,
    saturation_weight,
    separate,
)
from keras_f2a.baselines.gradients import Gradient


@pytest.fixture
def surface(rng):
    """Return a smooth mid-range image with a gradient everywhere."""
    image = gaussian_filter(rng.normal(size=(48, 64, 3)), (4, 4, 0))
    return (0.45 + 0.15 * image / np.abs(image).max()).astype(np.float32)


def test_the_projection_keeps_the_coherent_part_of_the_length(rng):
    flash, ambient = Gradient(*rng.normal(size=(2, 9, 7))), Gradient(*rng.normal(size=(2, 9, 7)))
    projected = project(ambient, flash)
    expected = coherence_map(flash, ambient) * np.hypot(*ambient)
    np.testing.assert_allclose(np.hypot(*projected), expected)
    # The residual is perpendicular to the flash's gradient.
    residual = [a - p for a, p in zip(ambient, projected, strict=True)]
    np.testing.assert_allclose(
        sum(r * f for r, f in zip(residual, flash, strict=True)), 0, atol=1e-12
    )


def test_coherence_of_known_directions():
    along, across = (
        Gradient(np.ones((1, 1)), np.zeros((1, 1))),
        Gradient(np.zeros((1, 1)), np.ones((1, 1))),
    )
    diagonal, nothing = Gradient(np.ones((1, 1)), np.ones((1, 1))), Gradient(*np.zeros((2, 1, 1)))
    assert coherence_map(along, along) == 1 and coherence_map(along, across) == 0
    assert coherence_map(along, diagonal) == pytest.approx(2**-0.5)
    assert coherence_map(along, nothing) == 0


def test_equal_photographs_come_back(surface):
    np.testing.assert_allclose(agrawal(surface, surface), surface, atol=1e-5)
    np.testing.assert_allclose(agrawal_flash(surface, surface), surface, atol=1e-5)


def test_another_exposure_of_the_same_light_changes_nothing(surface):
    np.testing.assert_allclose(agrawal(0.5 * surface, surface), surface, atol=1e-4)


def test_a_flat_flash_photograph_leaves_the_ambient_mean(surface):
    result = agrawal(np.full_like(surface, 0.5), surface)
    np.testing.assert_allclose(
        result, np.broadcast_to(surface.mean((0, 1)), result.shape), atol=1e-5
    )


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_where_the_flash_cannot_tell_the_ambient_photograph_stays(surface, value):
    result = agrawal(np.full_like(surface, value), surface)
    assert np.abs(result - surface).mean() < 0.05 * surface.std()


def test_a_reflection_is_separated():
    """The scene varies to the right and its reflection downward, so they separate completely."""
    columns, rows = np.meshgrid(np.linspace(0, 6, 64), np.linspace(0, 9, 48))
    pattern, reflection = 0.1 * np.sin(columns), 0.05 * np.sin(rows)
    flash, ambient = (
        np.repeat(image[..., None], 3, -1) for image in (0.5 + pattern, 0.4 + pattern + reflection)
    )
    image, layer = separate(flash, ambient)
    expected = 0.4 + pattern + reflection.mean()
    np.testing.assert_allclose(image[..., 0], expected, atol=1e-6)
    np.testing.assert_allclose(layer[..., 0], reflection - reflection.mean(), atol=1e-6)
    np.testing.assert_allclose(image + layer, ambient, atol=1e-6)


def test_a_hot_spot_over_a_plain_surface_goes_in_full():
    """Without an ambient gradient nothing is coherent, so the ambient gradient is used."""
    rows, columns = np.mgrid[:48, :64]
    spot = np.exp(-((rows - 24) ** 2 + (columns - 32) ** 2) / 60)[..., None] * np.ones(3)
    flash = np.clip(0.4 + spot, 0.0, 1.0)
    result = agrawal_flash(flash, np.full_like(flash, 0.3))
    np.testing.assert_allclose(result, flash[..., 0].mean(), atol=1e-5)


def test_a_hot_spot_over_a_pattern_shrinks_and_the_pattern_stays(surface):
    rows, columns = np.mgrid[:48, :64]
    spot = np.exp(-((rows - 24) ** 2 + (columns - 32) ** 2) / 60)[..., None]
    flash = np.clip(surface + spot, 0.0, 1.0)
    result = agrawal_flash(flash, surface)
    before, after = (np.abs(i - i.mean() - surface + surface.mean()) for i in (flash, result))
    assert after.max() < 0.7 * before.max()
    away = spot[..., 0] < 0.01
    of_result, of_surface = (np.diff(i[..., 1])[away[:, 1:]] for i in (result, surface))
    assert np.corrcoef(of_result, of_surface)[0, 1] > 0.99


def test_the_saturation_weight_is_a_step_at_its_threshold():
    np.testing.assert_allclose(saturation_weight(np.array([0.5, 0.9, 1.0])), [0, 0.5, 1], atol=1e-3)


def test_black_photographs_stay_black():
    black = np.zeros((20, 24, 3), np.float32)
    for method in (agrawal, agrawal_flash):
        result = method(black, black)
        assert result.dtype == np.float32 and not result.any()
