"""The compiled pass over a photograph's bytes matches NumPy bit for bit."""

import numpy as np
import pytest
from PIL import Image

from keras_f2a.correction import full_resolution
from keras_f2a.correction.full_resolution import LocalAffine, apply_local_affine
from keras_f2a.correction.pixels import ArrayPixels, PillowPixels
from keras_f2a.correction.tone import Tone
from tests.system_packages import skip_or_fail

try:
    from keras_f2a.correction._row_kernel import correct_rows
except ImportError:
    correct_rows = None


@pytest.fixture(autouse=True)
def compiled():
    if correct_rows is None:
        skip_or_fail("not compiled; apt-get install gcc libc6-dev, then install the package again")


def model(rng, height, width, spread):
    """Return random gains and offsets, so that results lie inside, below and above the range."""
    shape = (height, width, 3)
    gain = 1 + spread * rng.standard_normal(shape).astype(np.float32)
    return LocalAffine(gain, 0.3 * spread * rng.standard_normal(shape).astype(np.float32))


def corrected(image, affine, tone=None):
    """Correct an array and a Pillow image of the same bytes and check that they match."""
    array, picture = image.copy(), Image.fromarray(image)
    for pixels in (ArrayPixels(array), PillowPixels(picture)):
        apply_local_affine(affine, (tone or Tone()).over(pixels))
    np.testing.assert_array_equal(array, np.asarray(picture))
    return array


@pytest.mark.parametrize(
    ("size", "small"),
    [((203, 331), (24, 32)), ((7, 1), (3, 1)), ((1, 9), (1, 2)), ((64, 64), (64, 64))],
)
@pytest.mark.parametrize("spread", [0.0, 0.1, 3.0])
def test_it_equals_numpy(rng, monkeypatch, size, small, spread):
    image = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    affine = model(rng, *small, spread)
    monkeypatch.setattr(full_resolution, "STRIP_VALUES", 3 * size[1] * 4)
    ours = corrected(image, affine)
    monkeypatch.setattr(full_resolution, "correct_rows", None)
    np.testing.assert_array_equal(ours, corrected(image, affine))


def test_a_tone_is_not_passed_over(rng, monkeypatch):
    image = rng.integers(0, 256, (40, 50, 3), dtype=np.uint8)
    affine = model(rng, 10, 12, 0.1)
    brighter = corrected(image, affine, Tone(brightness=1))
    assert brighter.mean() > corrected(image, affine).mean() + 20
    monkeypatch.setattr(full_resolution, "correct_rows", None)
    np.testing.assert_array_equal(brighter, corrected(image, affine, Tone(brightness=1)))


def test_an_array_that_lies_in_another_order(rng):
    image = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    affine = model(rng, 6, 8, 0.2)
    turned = np.asfortranarray(image)
    apply_local_affine(affine, ArrayPixels(turned))
    np.testing.assert_array_equal(turned, corrected(image, affine))


def test_gains_of_64_bits_are_rounded(rng):
    image = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    affine = model(rng, 6, 8, 0.2)
    wide = LocalAffine(affine.gain.astype(float), affine.offset.astype(float))
    np.testing.assert_array_equal(corrected(image, wide), corrected(image, affine))
    corrected(image, affine.mixed_with_original(np.float64(0.5)))


def arguments():
    """Return arrays of matching sizes, by name."""
    return {
        "flash": np.zeros((2, 12), np.uint8),
        "upper": np.zeros((2, 12), np.float32),
        "step": np.zeros((2, 12), np.float32),
        "share": np.zeros(2, np.float32),
        "result": np.zeros((2, 12), np.uint8),
    }


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("flash", (2, 11)),
        ("upper", (2, 11)),
        ("step", (1, 12)),
        ("share", (3,)),
        ("result", (1, 12)),
    ],
)
def test_sizes_that_do_not_belong_together(name, shape):
    arrays = arguments()
    correct_rows(*arrays.values())
    arrays[name] = np.zeros(shape, arrays[name].dtype)
    with pytest.raises(ValueError, match="do not belong together"):
        correct_rows(*arrays.values())


def test_arrays_that_it_cannot_use():
    flash, pair, share = np.zeros((1, 6), np.uint8), np.zeros((2, 6), np.float32), np.float32([0.5])
    result = np.zeros_like(flash)
    result.flags.writeable = False
    with pytest.raises((BufferError, ValueError)):
        correct_rows(flash, pair, pair, share, result)
    with pytest.raises((BufferError, ValueError)):
        correct_rows(flash[:, ::2], pair[:, ::2], pair[:, ::2], share, np.zeros((1, 3), np.uint8))
    with pytest.raises(TypeError):
        correct_rows(flash, pair, pair, share, None)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("flash", "int8"),
        ("upper", "float64"),
        ("step", ">f4"),
        ("share", "int32"),
        ("result", "bool"),
    ],
)
def test_arrays_of_another_type(name, kind):
    arrays = arguments()
    size = arrays[name].nbytes
    arrays[name] = np.zeros(size // np.dtype(kind).itemsize, kind)
    with pytest.raises(TypeError, match="neither uint8 nor float32"):
        correct_rows(*arrays.values())
