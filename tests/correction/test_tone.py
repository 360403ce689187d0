import numpy as np
import pytest

from keras_f2a.correction.pixels import ArrayPixels
from keras_f2a.correction.tone import STEPS, Tone
from keras_f2a.support.errors import InputError


def toned(tone, image):
    image = image.copy()
    tone.over(ArrayPixels(image)).write(0, image.astype(np.float32))
    return image


def linear(value):
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize("brightness", [-3, -0.4, 0.7, 3])
@pytest.mark.parametrize("warmth", [-1, 0, 0.3])
def test_black_and_white_stay_and_curves_rise(brightness, warmth):
    curves = Tone(brightness, warmth).curves()
    assert (curves[:, 0] == 0).all()
    assert (curves[:, -1] == 1).all()
    assert (np.diff(curves, axis=1) >= 0).all()


def test_shadows_get_the_gain_in_linear_light():
    (curve, *_) = Tone(brightness=1.5).curves()
    index = 60  # 0.0147 of white in linear light
    ratio = linear(float(curve[index])) / linear(index / STEPS)
    assert ratio == pytest.approx(2**1.5, rel=0.005)


def test_warmth_makes_gray_redder_and_keeps_its_luminance():
    gray = STEPS // 4
    red, green, blue = (linear(float(curve[gray])) for curve in Tone(warmth=0.5).curves())
    assert red > green > blue
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert luminance == pytest.approx(linear(gray / STEPS), rel=0.01)


def test_the_opposite_tone_undoes_a_tone(rng):
    image = rng.random((9, 7, 3), np.float32)
    # The luminance factor of warmth is not symmetric. Only brightness is undone exactly.
    there_and_back = toned(Tone(-1.2), toned(Tone(1.2), image))
    np.testing.assert_allclose(there_and_back, image, atol=2 / 255)


def test_eight_bits_equal_floats_within_rounding(rng):
    values = rng.integers(0, 256, (5, 6, 3)).astype(np.uint8)
    tone = Tone(0.5, -0.7)
    floats = toned(tone, values.astype(np.float32) / 255)
    assert np.abs(toned(tone, values) / 255 - floats).max() <= 0.5001 / 255


def test_floats_keep_their_fine_steps():
    image = np.linspace(0, 0.05, 3000, dtype=np.float32).reshape(1, 1000, 3)
    values = toned(Tone(1.5), image).ravel()
    assert len(np.unique(values)) > 2900
    assert np.diff(values).max() < 0.1 / 255


def test_values_beyond_white_and_black_are_limited():
    pixels = np.zeros((1, 2, 3), np.uint8)
    rows = np.array([[[-9.0] * 3, [300.0] * 3]], np.float32)
    Tone(1.0).over(ArrayPixels(pixels)).write(0, rows)
    assert pixels.tolist() == [[[0, 0, 0], [255, 255, 255]]]


def test_a_neutral_tone_is_no_step_at_all():
    pixels = ArrayPixels(np.zeros((1, 1, 3), np.uint8))
    assert Tone().is_neutral
    assert Tone().over(pixels) is pixels


@pytest.mark.parametrize("values", [(3.1, 0), (0, -1.01), (float("nan"), 0), (0, float("nan"))])
def test_values_out_of_range_are_refused(values):
    with pytest.raises(InputError, match="must be (at least|a finite)"):
        Tone(*values)
