import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.faces import Face
from keras_f2a.correction.lights import relight
from keras_f2a.data.scenes import BUNDLED_SCENES

FACE = Face(center_x=60, center_y=50, width=24, height=28)


def flash_scene(height=96, width=128):
    """Return gray texture under a flash: bright in the middle, dark in the corners."""
    texture = np.random.default_rng(3).uniform(0.5, 0.7, (height, width, 1))
    down, across = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    return (texture * np.exp(-1.2 * (down**2 + across**2))[..., None] * [1, 0.95, 0.9]).astype(
        np.float32
    )


def evened(flash):
    """Return what a network makes of a flash photograph: the fall-off is compensated."""
    return np.clip(flash / (flash.mean(axis=-1, keepdims=True) + 0.3) * 0.6, 0, 1)


def corner_and_center(image):
    return image[:12, :12].mean(), image[42:54, 56:72].mean()


def test_corners_rise_and_the_subject_stays():
    flash = flash_scene()
    relit = relight(flash, evened(flash))
    corner, center = corner_and_center(relit / flash)
    assert corner > 1.1
    assert center == pytest.approx(1.1, abs=0.1)
    assert relit.dtype == np.float32
    assert relit.min() >= 0
    assert relit.max() <= 1


def test_a_photograph_in_good_light_stays_as_it_is():
    flash = np.random.default_rng(4).uniform(0.1, 0.9, (96, 128, 3)).astype(np.float32)
    assert np.abs(relight(flash, flash) - flash).max() < 1e-6


def test_black_stays_black_and_white_white():
    flash = flash_scene()
    flash[:8], flash[-8:, :40] = 0, 1
    relit = relight(flash, evened(flash))
    assert relit[:8].max() == 0
    np.testing.assert_allclose(relit[-8:, :40], 1, atol=1e-6)


def test_hues_stay_where_nothing_is_lifted_and_no_value_clips():
    flash = flash_scene()
    flash[40:56, 56:72] *= np.float32([1.4, 0.5, 0.3])
    relit = relight(flash, evened(flash))
    before, after = flash[46:50, 62:66], relit[46:50, 62:66]
    np.testing.assert_allclose(
        after / after.max(axis=-1, keepdims=True),
        before / before.max(axis=-1, keepdims=True),
        atol=0.05,
    )


def test_a_face_is_not_darkened_though_the_network_darkens_it():
    flash = flash_scene()
    output = evened(flash)
    output[36:64, 48:72] *= 0.5
    face = relight(flash, output, [FACE])[40:60, 50:70]
    assert face.mean() >= flash[40:60, 50:70].mean()


def test_around_a_close_face_nothing_is_lifted():
    flash = flash_scene()
    close = Face(center_x=64, center_y=48, width=60, height=70)
    lifted = relight(flash, evened(flash)) - flash
    spared = relight(flash, evened(flash), [close]) - flash
    assert spared[:12, :12].mean() < 0.3 * lifted[:12, :12].mean()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (3, 5)])
def test_any_size_is_relit(shape):
    flash = np.full((*shape, 3), 0.3, np.float32)
    relit = relight(flash, flash)
    assert relit.shape == flash.shape
    assert np.isfinite(relit).all()


@pytest.fixture(scope="module")
def scene():
    with Image.open(BUNDLED_SCENES / "test/Scene_003_flash.webp") as image:
        return np.asarray(image.convert("RGB"))


def test_our_generator_follows_the_rules_unless_told_otherwise(scene):
    ours = keras_f2a.Corrector().correct(scene)
    np.testing.assert_array_equal(keras_f2a.Corrector(rules="on").correct(scene), ours)
    assert np.abs(ours - keras_f2a.Corrector(rules="off").correct(scene).astype(int)).mean() > 1


def test_another_generator_keeps_its_own_result_unless_asked(scene):
    engine = Brighter()
    plain = keras_f2a.Corrector(engine).correct(scene)
    np.testing.assert_array_equal(keras_f2a.Corrector(engine, rules="off").correct(scene), plain)
    ruled = keras_f2a.Corrector(engine, rules="on").correct(scene)
    assert np.abs(plain - ruled.astype(int)).mean() > 1


@pytest.mark.parametrize("rules", ["on", "off"])
def test_strength_0_gives_the_photograph_back(scene, rules):
    corrector = keras_f2a.Corrector(rules=rules, strength=0.0)
    np.testing.assert_array_equal(corrector.correct(scene), scene)


@pytest.mark.parametrize("rules", ["on", "off"])
def test_a_strength_above_1_does_more_of_the_same(scene, rules):
    once, more = (
        keras_f2a.Corrector(rules=rules, strength=strength).correct(scene).astype(int) - scene
        for strength in (1.0, 1.8)
    )
    assert np.abs(more).mean() > 1.2 * np.abs(once).mean()
    assert np.corrcoef(once.ravel(), more.ravel())[0, 1] > 0.9


def test_a_strength_above_1_keeps_black_white_and_the_face():
    flash = flash_scene()
    flash[:8], flash[-8:, :40] = 0, 1
    once, more = (relight(flash, evened(flash), [FACE], amount=amount) for amount in (1, 2))
    assert more[:8].max() == 0
    np.testing.assert_allclose(more[-8:, :40], 1, atol=1e-6)
    face = np.s_[40:60, 50:70]
    assert flash[face].mean() < once[face].mean() < more[face].mean() < 0.9


class Brighter:
    """Engine that evens out the light and tints it."""

    fixed_size = None

    def run(self, image):
        return np.sqrt(image) * np.float32([0.9, 0.8, 0.7])
