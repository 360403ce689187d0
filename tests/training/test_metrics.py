import numpy as np

from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.result import PhotoPair, Result
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


def test_both_are_what_the_tables_say(rng):
    ambient = rng.integers(0, 256, (4, 24, 30, 3), dtype=np.uint8)
    ambient_images = ambient.astype(np.float32) / np.float32(255)
    noise = rng.normal(0, [[[[0.01]]], [[[0.05]]], [[[0.2]]], [[[0.7]]]], ambient.shape)
    generated = np.clip(ambient_images + noise, 0, 1).astype(np.float32)
    results = [
        Result(PhotoPair(target, target), output)
        for output, target in zip(generated, ambient, strict=True)
    ]
    for name, metric in (("psnr", metrics.psnr), ("ssim", metrics.ssim)):
        expected = [METRICS[name].compute(result) for result in results]
        np.testing.assert_allclose(metric(ambient_images, generated), expected, atol=1e-5)
