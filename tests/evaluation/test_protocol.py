import numpy as np
import pytest

from keras_f2a.evaluation import protocol


def levels():
    """Return a 16×16 image with all 256 values."""
    return np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=-1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_8_bit_value_comes_back_from_its_float(dtype):
    image = levels().astype(dtype) / dtype(255)
    np.testing.assert_array_equal(protocol.truncate_to_8_bit(image), levels())
    np.testing.assert_array_equal(protocol.round_to_8_bit(image), levels())


def test_a_value_that_float32_leaves_just_below_still_counts():
    through_tanh_range = levels().astype(np.float32) / np.float32(127.5) - np.float32(1)
    image = through_tanh_range * np.float32(0.5) + np.float32(0.5)
    assert np.any(image.astype(np.float64) * 255 < levels())
    np.testing.assert_array_equal(protocol.truncate_to_8_bit(image), levels())


def test_truncation_cuts_and_rounding_rounds():
    image = np.array([0.0, 0.99, 1.0, 100.6, 254.99, 300.0, -3.0]) / 255
    np.testing.assert_array_equal(protocol.truncate_to_8_bit(image), [0, 0, 1, 100, 254, 255, 0])
    np.testing.assert_array_equal(protocol.round_to_8_bit(image), [0, 1, 1, 101, 255, 255, 0])


def test_files_values():
    deep = np.array([[[0, 256, 65535]]], np.uint16)
    np.testing.assert_array_equal(protocol.file_values_as_8_bit(deep), [[[0, 1, 255]]])
    assert protocol.file_values_as_8_bit(levels()) is not None
    np.testing.assert_array_equal(protocol.file_values_as_8_bit(levels()), levels())
    assert protocol.file_values_as_float(deep).max() == 1
    assert protocol.file_values_as_float(levels()).dtype == np.float32


def test_psnr_by_hand():
    target = np.full((4, 4, 3), 100, np.uint8)
    assert protocol.psnr(target + np.uint8(10), target) == pytest.approx(
        20 * np.log10(25.5)
    )  # 28.13
    one_color = target.copy()
    one_color[..., 0] = 90  # a third of the values is 10 too low
    assert protocol.psnr(one_color, target) == pytest.approx(10 * np.log10(255**2 / (100 / 3)))
    assert protocol.psnr(target, target) == np.inf


def test_ssim_of_uniform_luma_by_hand():
    """Without variance, SSIM is (2ab + c) / (a² + b² + c) with c = (0.01 · 255)²."""
    a, b = (np.full((12, 12, 3), value, np.uint8) for value in (60, 120))
    c = 2.55**2
    expected = (2 * 60 * 120 + c) / (60**2 + 120**2 + c)
    assert protocol.ssim(a, b) == pytest.approx(expected)
    assert protocol.ssim_gaussian(a, b) == pytest.approx(expected)


def test_ssim_looks_at_luma_and_the_gaussian_one_at_colors():
    red, green = np.zeros((2, 16, 16, 3), np.uint8)
    # Both are 76 in Pillow's luma: 0.299 · 255 and 0.587 · 130.
    red[..., 0], green[..., 1] = 255, 130
    assert protocol.ssim(red, green) == pytest.approx(1.0)
    assert protocol.ssim_gaussian(red, green) < 0.5


def test_gaussian_ssim_by_its_definition(rng):
    """Wang et al. (2004), equation 13, on one 11×11 window."""
    x, y = rng.integers(0, 256, (2, 11, 11, 3)).astype(np.uint8)
    line = np.exp(-(np.arange(-5, 6) ** 2) / (2 * 1.5**2))
    window = np.outer(line, line)[..., None] / np.outer(line, line).sum()
    a, b = x.astype(float), y.astype(float)
    mean_a, mean_b = ((window * image).sum((0, 1)) for image in (a, b))
    variance_a, variance_b = (
        (window * (image - mean) ** 2).sum((0, 1)) for image, mean in ((a, mean_a), (b, mean_b))
    )
    covariance = (window * (a - mean_a) * (b - mean_b)).sum((0, 1))
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    expected = ((2 * mean_a * mean_b + c1) * (2 * covariance + c2)) / (
        (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    )
    assert protocol.ssim_gaussian(x, y) == pytest.approx(expected.mean())
