import numpy as np
import pytest

from keras_f2a.training import metrics


def test_psnr_of_a_known_error():
    ambient = np.full((2, 8, 8, 3), 100 / 255, np.float32)
    generated = np.stack([np.full((8, 8, 3), 110 / 255), np.full((8, 8, 3), 101 / 255)])
    expected = [20 * np.log10(255 / 10), 20 * np.log10(255)]
    np.testing.assert_allclose(metrics.psnr(ambient, generated.astype(np.float32)), expected, 1e-5)


def test_outputs_are_truncated_to_8_bit_as_in_the_authors_code():
    ambient = np.zeros((1, 8, 8, 3), np.float32)
    assert np.isinf(metrics.psnr(ambient, ambient + np.float32(0.99 / 255)))
    levels = np.arange(256, dtype=np.float32).reshape(1, 16, 16, 1) / np.float32(255)
    levels = np.broadcast_to(levels, (1, 16, 16, 3))
    assert np.isinf(metrics.psnr(levels, levels))


def test_ssim_is_1_for_equal_images_and_falls_with_noise(rng):
    ambient = rng.random((2, 20, 24, 3), np.float32)
    noisy = np.clip(ambient + rng.normal(0, 0.2, ambient.shape), 0, 1).astype(np.float32)
    np.testing.assert_allclose(metrics.ssim(ambient, np.round(ambient * 255) / 255), 1, atol=1e-4)
    assert np.all(metrics.ssim(ambient, noisy) < 0.9)


def test_ssim_equals_scikit_images(rng):
    skimage_metrics = pytest.importorskip("skimage.metrics")
    from PIL import Image

    x, y = rng.integers(0, 256, (2, 24, 30, 3), dtype=np.uint8)
    luma = [np.asarray(Image.fromarray(image).convert("L")) for image in (x, y)]
    expected = skimage_metrics.structural_similarity(*luma)
    actual = metrics.ssim(*(image[None].astype(np.float32) / 255 for image in (x, y)))
    np.testing.assert_allclose(actual, [expected], atol=1e-5)
