"""Photographs under a chosen light: sides, colors, faces, and what is refused."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.engine import LightEngine
from keras_f2a.correction.faces import Face
from keras_f2a.correction.placed_light import mix_lights
from keras_f2a.correction.settings import CorrectionSettings
from keras_f2a.data.light_mixtures import light_mixture
from keras_f2a.model_files.bundled import PLACED_LIGHT, pretrained_file
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.srgb import to_linear
from tests.correction.ramp_engine import Ramp, corrector

SIDES = ("window-left", "lamp-left", "-70,10,0.3")


def halves(image):
    return image[:, :32].mean(), image[:, -32:].mean()


def test_a_ramp_is_such_a_model():
    assert isinstance(Ramp(), LightEngine)


@pytest.mark.parametrize("light", SIDES)
def test_the_side_of_the_light_gets_brighter_and_the_other_darker(photo, light):
    left, right = halves(corrector(light=light).correct(photo))
    assert left > right + 0.03
    # The right half is also darker than under a light without a side.
    assert right < halves(corrector().correct(photo))[1] - 0.01


def test_right_is_the_mirror_image_of_left(photo):
    one = corrector(light="lamp-left").correct(photo)
    other = corrector(light="lamp-right").correct(photo[:, ::-1])[:, ::-1]
    np.testing.assert_allclose(one, other, atol=1e-4)


def test_auto_is_the_default_and_takes_no_side(photo):
    result = corrector().correct(photo)
    np.testing.assert_array_equal(result, corrector(light="auto").correct(photo))
    left, right = halves(result)
    assert left == pytest.approx(right, abs=1e-3)


def test_weights_mix_lights(photo):
    sides = []
    for light in ("lamp-left", "lamp-left*3+lamp-right", "lamp-left+lamp-right"):
        left, right = halves(corrector(light=light).correct(photo))
        sides.append(left - right)
    assert sides[0] > sides[1] + 0.01 > sides[2] + 0.02
    assert sides[2] == pytest.approx(0, abs=1e-3)


def test_an_upright_photograph_is_not_turned_in_a_lying_frame(photo):
    """If it were turned, left would be below."""
    upright = np.ascontiguousarray(photo[:, 24:72])
    engine = Ramp(fixed_size=(48, 64))
    result = corrector(engine=engine, light="lamp-left").correct(upright)
    assert result.shape == upright.shape
    assert result[:, :16].mean() > result[:, -16:].mean() + 0.02
    assert result[:16].mean() == pytest.approx(result[-16:].mean(), abs=0.02)


def test_auto_never_darkens_a_face_and_a_side_light_may(photo):
    face = Face(center_x=48, center_y=36, width=20, height=24)
    inside = np.s_[28:44, 50:56]
    for light in ("auto", "room", "ceiling+lamp-left+lamp-right"):
        result = corrector(face, light=light).correct(photo)
        assert (result[inside] >= photo[inside] - 1 / 255).all()
    # Compare the half of the face that is turned away with the other half.
    near, far = np.s_[30:42, 40:43], np.s_[30:42, 53:56]
    shading = []
    for light in ("auto", "lamp-left"):
        result = corrector(face, light=light).correct(photo) / photo
        shading.append(result[far].mean() / result[near].mean())
    assert shading[0] == pytest.approx(1, abs=0.005)
    assert shading[1] < 0.98


def test_a_color_tints_what_is_added(photo):
    photo[:8] = 0
    plain = corrector(light="lamp-left").correct(photo)
    warm = corrector(light="lamp-left@2700").correct(photo)
    cold = corrector(light="lamp-left@9000").correct(photo)
    added, darkened = np.s_[20:60, 2:20], np.s_[30:42, 84:94]
    redness = [np.mean(image[added][..., 0] / image[added][..., 2]) for image in (cold, warm)]
    assert redness[0] < 0.97 < 1.1 < redness[1]
    luminance = [to_linear(image[added]) @ [0.2126, 0.7152, 0.0722] for image in (plain, warm)]
    np.testing.assert_allclose(*luminance, rtol=0.03)
    np.testing.assert_allclose(warm[darkened], plain[darkened], atol=0.01)
    assert warm[:6].max() == 0
    same = corrector(light="lamp-left@5500").correct(photo)
    np.testing.assert_allclose(same, plain, atol=2e-3)


def test_without_rules_the_model_shows_its_own_light(photo):
    result = corrector(light="lamp-left", rules="off").correct(photo)
    before, after = to_linear(photo).mean(), to_linear(result).mean()
    assert after == pytest.approx(before, rel=0.02)
    left, right = halves(result / photo)
    assert left > 1.2 and right < 0.85


def test_no_strength_leaves_the_photograph(photo):
    result = corrector(light="lamp-left@2700", strength=0.0).correct(photo)
    np.testing.assert_allclose(result, photo, atol=1e-6)


def test_a_photograph_is_read_once_for_any_number_of_lights(photo):
    engine = Ramp()
    lit = corrector(engine=engine).lights_for(photo)
    shown = {light: lit.under(light) for light in ("auto", *SIDES, "lamp-left@2700")}
    assert engine.read == 1
    assert all(image.shape == lit.small.shape for image in shown.values())
    full = corrector(light="lamp-left").correct((photo * 255).round().astype(np.uint8))
    assert np.abs(full / 255 - shown["lamp-left"]).mean() < 0.01
    with pytest.raises(InputError, match="light=candle: choose one of"):
        lit.under("candle")


def test_what_a_light_does_does_not_depend_on_the_strength(photo):
    previews = [corrector(strength=share).lights_for(photo).under("room") for share in (0.0, 1.0)]
    np.testing.assert_array_equal(*previews)


@pytest.mark.parametrize("rules", ["on", "off"])
def test_a_light_is_shown_at_any_strength(photo, rules):
    lit = corrector(rules=rules).lights_for(photo)
    shown = {share: lit.under("lamp-left@2700", strength=share) for share in (0.0, 0.5, 1.0, 1.6)}
    np.testing.assert_array_equal(shown[0.0], lit.small)
    np.testing.assert_allclose(shown[0.5], (shown[0.0] + shown[1.0]) / 2, atol=1e-6)
    sides = [np.subtract(*halves(image)) for image in shown.values()]
    assert sides == sorted(sides)
    assert sides[-1] > 1.25 * sides[-2]
    full = corrector(rules=rules, light="lamp-left@2700", strength=1.6).correct(photo)
    assert np.abs(full - shown[1.6]).mean() < 0.01
    with pytest.raises(InputError, match="strength=2.5: must be at least 0 and at most 2"):
        lit.under("room", strength=2.5)


@pytest.mark.parametrize("kind", ["path", "bytes", "image"])
def test_any_form_of_photograph_is_read(photo, kind, tmp_path):
    image = Image.fromarray((photo * 255).round().astype(np.uint8))
    image.save(tmp_path / "a.png")
    forms = {"path": tmp_path / "a.png", "bytes": (tmp_path / "a.png").read_bytes(), "image": image}
    assert corrector().lights_for(forms[kind]).small.shape == photo.shape


def test_settings_change_without_loading(photo):
    first = corrector()
    left, right = halves(first.with_settings(light="lamp-left").correct(photo))
    assert left > right + 0.03
    with pytest.raises(InputError, match="light=lamp: choose one of"):
        first.with_settings(light="lamp")


@pytest.mark.parametrize(
    ("light", "message"),
    [
        ("candle", "light=candle: choose one of auto, ceiling"),
        ("room@99", "light=room@99: the color temperature must be"),
        ("nan,0,1", "light=nan,0,1: the azimuth must be"),
        ("", "must not be empty"),
        (None, "light"),
        (7, "light=7: must be a text"),
        (Path("room"), "light=room: must be a text"),
    ],
)
def test_a_light_that_is_none_is_refused_with_the_setting(light, message):
    with pytest.raises(InputError, match=message):
        CorrectionSettings(light=light)


def test_a_generator_cannot_be_told():
    generator = pretrained_file("int8.tflite")
    keras_f2a.Corrector(generator, light="auto")
    for light in ("window-left", "auto@3000", "10,20,0.3"):
        with pytest.raises(InputError, match=r"light=.*cannot be told.*omit `model`") as error:
            keras_f2a.Corrector(generator, light=light)
        assert error.value.setting == "light"
    with pytest.raises(InputError, match="model: cannot be told where the light comes from"):
        keras_f2a.Corrector(generator).lights_for(np.zeros((40, 40, 3), np.uint8))


def test_without_a_model_the_package_s_own_takes_any_light(photo):
    own = pretrained_file("int8.tflite", PLACED_LIGHT)
    corrector = keras_f2a.Corrector()
    results = []
    for light in ("auto", "lamp-left"):
        results.append(corrector.with_settings(light=light).correct(photo))
        wanted = keras_f2a.Corrector(own, light=light).correct(photo)
        np.testing.assert_array_equal(results[-1], wanted)
    assert not np.array_equal(*results)
    np.testing.assert_array_equal(
        corrector.lights_for(photo).under("room"),
        keras_f2a.Corrector(own).lights_for(photo).under("room"),
    )


def test_a_model_that_answers_nonsense_fails_with_one_line(photo):
    class Broken(Ramp):
        def log_gain(self, features, light):
            raise WorkError("the model's output has NaN or infinite values; the model is damaged")

    with pytest.raises(WorkError, match="damaged"):
        corrector(engine=Broken()).correct(photo)


def test_lights_add_up():
    flash = np.full((1, 2, 3), 0.5, np.float32)
    gains = np.log(np.array([[[1.0, 3.0]], [[3.0, 1.0]]]))
    even = mix_lights(flash, gains, light_mixture("lamp-left+lamp-right"))
    np.testing.assert_allclose(np.exp(even.log_gain), [[1, 1]])
    uneven = mix_lights(flash, gains, light_mixture("lamp-left*3+lamp-right"))
    np.testing.assert_allclose(np.exp(uneven.log_gain), [[0.75, 1.25]])
