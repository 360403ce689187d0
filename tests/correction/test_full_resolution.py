import numpy as np
import pytest
from PIL import Image

from keras_f2a.correction import full_resolution
from keras_f2a.correction.full_resolution import LocalAffine, apply_local_affine, fit_local_affine
from keras_f2a.correction.pixels import ArrayPixels, PillowPixels


@pytest.fixture
def flash(rng):
    """Return a smooth 120×160 picture with a strong vertical edge and some texture."""
    down, across = np.mgrid[0:120, 0:160].astype(np.float32)
    image = 0.3 + 0.2 * np.sin(down / 17) + 0.1 * np.cos(across / 11)
    image = np.stack([image, 0.8 * image, 0.6 * image], axis=-1)
    image[:, 80:] += 0.35
    return np.clip(image + 0.02 * rng.standard_normal(image.shape).astype(np.float32), 0, 1)


def carry(effect, flash, factor=4):
    """Apply an effect to the small copy and carry it over to the full-size image."""
    height, width, _ = flash.shape
    full = flash.copy()
    small = ArrayPixels(full).shrink(height // factor, width // factor)
    apply_local_affine(fit_local_affine(small, effect(small)), ArrayPixels(full))
    return full


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
def test_an_unchanged_small_image_changes_nothing(rng, dtype):
    image = rng.integers(0, 256, (50, 70, 3), dtype=np.uint8)
    image = image if dtype == np.uint8 else (image / 255).astype(np.float32)
    np.testing.assert_allclose(carry(lambda small: small, image), image, atol=2e-6)


def test_a_change_of_light_is_exact(flash):
    light = np.float32([0.9, 0.6, 0.4])
    corrected = carry(lambda small: small * light, flash)
    error = np.abs(corrected - flash * light)
    assert error.mean() < 0.1 / 255
    assert error.max() < 2.5 / 255


@pytest.mark.parametrize("curve", [lambda x: x**2, lambda x: x**0.5, lambda x: x * x * (3 - 2 * x)])
def test_a_tone_curve_is_followed_without_a_halo(flash, curve):
    error = np.abs(carry(curve, flash) - curve(flash))
    assert error.mean() < 1.5 / 255
    beside_the_edge = error[:, 70:90].mean(axis=(0, 2))
    assert beside_the_edge.max() < 6 / 255


def test_a_network_that_blurs_does_not_blur_the_photograph(flash):
    def darker_and_blurred(small):
        for axis in 0, 1, 0, 1:
            small = (np.roll(small, 1, axis) + 2 * small + np.roll(small, -1, axis)) / 4
        return 0.7 * small

    corrected, expected = carry(darker_and_blurred, flash), 0.7 * flash
    inside = slice(16, -16)  # The blur above wraps around at the border.
    gradients = [np.diff(image[inside, inside], axis=1) for image in (corrected, expected)]
    kept = (gradients[0] ** 2).sum() / (gradients[1] ** 2).sum()
    assert 0.9 < kept < 1.1


def test_clipped_highlights_take_the_local_mean(rng):
    """Where the flash image is pure white, only the network's brightness remains."""
    white = np.ones((64, 64, 3), np.float32)
    corrected = carry(lambda small: np.full_like(small, 0.6), white)
    np.testing.assert_allclose(corrected, 0.6, atol=1e-5)
    half = white.copy()
    half[:, :32] = 0.2
    corrected = carry(lambda small: np.where(small > 0.9, 0.6, 0.3).astype(np.float32), half)
    np.testing.assert_allclose(corrected[:, 40:], 0.6, atol=1e-4)
    np.testing.assert_allclose(corrected[:, :24], 0.3, atol=1e-4)


def test_detail_is_neither_inverted_nor_blown_up(flash):
    small = ArrayPixels(flash).shrink(30, 40)
    inverted = fit_local_affine(small, 1 - small)
    blown_up = fit_local_affine(small, np.clip(0.5 + 50 * (small - 0.5), 0, 1))
    assert inverted.gain.min() >= 0
    assert blown_up.gain.max() <= 4 * 1.02 / 0.02
    assert np.isfinite(blown_up.offset).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (37, 1), (7, 5), (100, 61)])
def test_any_size_follows_the_coordinates_of_the_docstring(rng, size):
    """Coefficients are interpolated between pixel centers and repeated outside them."""
    height, width = size
    gain = rng.random((5, 4, 3), np.float32)
    image = np.ones((height, width, 3), np.float32)
    apply_local_affine(LocalAffine(gain, np.zeros_like(gain)), ArrayPixels(image))

    def positions(full, small):
        x = np.clip((np.arange(full) + 0.5) * small / full - 0.5, 0, small - 1)
        before = np.minimum(x.astype(int), small - 2)
        return before, (x - before)[:, None]

    row, down = positions(height, 5)
    column, across = positions(width, 4)
    rows = gain[row] * (1 - down[..., None]) + gain[row + 1] * down[..., None]
    expected = rows[:, column] * (1 - across) + rows[:, column + 1] * across
    np.testing.assert_allclose(image, expected, atol=1e-6)


@pytest.mark.parametrize("size", [(37, 50), (200, 41), (3, 9001)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_strips_and_threads_change_no_bit(rng, monkeypatch, size, dtype):
    """However the photograph is divided, every value equals that of one pass over the whole."""
    image = rng.integers(0, np.iinfo(dtype).max, (*size, 3), dtype=dtype, endpoint=True)
    gain = 0.5 + rng.random((6, 8, 3), np.float32)
    model = LocalAffine(gain, rng.random((6, 8, 3), np.float32) - np.float32(0.5))
    results = []
    for strip, block, threads in ((10**8, 10**8, 1), (300_000, 48_000, 2), (700, 300, 3)):
        monkeypatch.setattr(full_resolution, "STRIP_VALUES", strip)
        monkeypatch.setattr(full_resolution, "BLOCK_VALUES", block)
        monkeypatch.setattr(full_resolution, "THREADS", threads)
        results.append(image.copy())
        apply_local_affine(model, ArrayPixels(results[-1]))
    if dtype == np.uint8:
        picture = Image.fromarray(image)
        apply_local_affine(model, PillowPixels(picture))
        results.append(np.asarray(picture))
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def test_strength_mixes_with_the_original(rng):
    image = rng.random((20, 30, 3), np.float32)
    model = LocalAffine(np.full((5, 6, 3), 0.5, np.float32), np.full((5, 6, 3), 0.1, np.float32))
    for strength in (0.0, 0.3, 1.0):
        mixed = image.copy()
        apply_local_affine(model.mixed_with_original(strength), ArrayPixels(mixed))
        expected = strength * (0.5 * image + 0.1) + (1 - strength) * image
        np.testing.assert_allclose(mixed, expected, atol=1e-6)


def test_bytes_are_rounded_half_up_and_clipped():
    image = np.array([[[0, 1, 2]], [[3, 200, 255]]], np.uint8)
    model = LocalAffine(np.full((1, 1, 3), 1.5, np.float32), np.zeros((1, 1, 3), np.float32))
    apply_local_affine(model, ArrayPixels(image))
    np.testing.assert_array_equal(image, [[[0, 2, 3]], [[5, 255, 255]]])
