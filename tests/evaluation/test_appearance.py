import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from keras_f2a.correction.faces import Face
from keras_f2a.evaluation import appearance
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.result import PhotoPair, Result

SIZE = (96, 128)
KEPT = {"contrast_kept": 1, "near_black_rise": 0, "face_kept": 1, "blotches": 0}


@pytest.fixture
def flash(rng):
    """Return an image with a black, a flat gray and a textured third."""
    image = np.zeros((*SIZE, 3), np.uint8)
    image[:, 40:84] = 120
    image[:, 84:] = rng.integers(20, 240, (96, 44, 3))
    return image


def made(flash, change, faces=()):
    """Apply a change to the flash photograph's values in [0, 1] and return the result."""
    pair = PhotoPair(flash, flash)
    pair.__dict__["faces"] = list(faces)  # replaces the detector's
    return Result(pair, np.clip(change(pair.flash_image), 0, 1))


def test_an_unchanged_photograph_measures_as_unchanged(flash):
    seen = made(flash, lambda image: image, [Face(60, 40, 20, 24)])
    for name, value in {**KEPT, "brightness_kept": 1}.items():
        assert METRICS[name].compute(seen) == value
        assert METRICS[name].warns_of(value) is None


def test_contrast_and_brightness_are_beside_the_flash_photograph(flash):
    flatter = made(flash, lambda image: 0.8 * image + 0.05)
    assert appearance.contrast(flatter) == pytest.approx(0.8)
    assert appearance.brightness(made(flash, lambda image: 0.7 * image)) == pytest.approx(0.7)


def test_near_blacks_rise_by_a_veil_and_not_by_light_elsewhere(flash):
    def veil(image):
        return np.maximum(image, 0.06)

    def lit(image):
        return np.where(image > 0.3, image + 0.1, image)

    assert appearance.near_black_rise(made(flash, veil)) == pytest.approx(0.06, abs=1e-6)
    assert appearance.near_black_rise(made(flash, lit)) == 0


def test_a_dark_dot_among_brightness_is_no_near_black(flash):
    flash[:, :40] = 60
    flash[48, 20] = 0
    assert math.isnan(appearance.near_black_rise(made(flash, lambda image: image)))


def test_less_than_one_8_bit_value_is_measured(flash):
    """Rounding to 8 bits would hide such a change or turn it into bands."""
    raised = made(flash, lambda image: image + np.float32(0.3 / 255))
    assert appearance.near_black_rise(raised) == pytest.approx(0.3 / 255, rel=0.01)
    assert appearance.blotches(raised) < 1e-3


def test_faces_count_where_the_face_is(flash):
    face = Face(center_x=62, center_y=48, width=24, height=28)

    def darker_face(image):
        darker = image.copy()
        darker[20:76, 42:82] *= 0.9
        return darker

    def darker_wall(image):
        darker = image.copy()
        darker[:, :20] *= 0.5
        darker[:, 100:] *= 0.5
        return darker

    assert appearance.face_brightness(made(flash, darker_face, [face])) == pytest.approx(0.9)
    assert appearance.face_brightness(made(flash, darker_wall, [face])) == pytest.approx(1)
    assert math.isnan(appearance.face_brightness(made(flash, darker_face)))


def test_flat_is_the_wall_and_not_the_texture(flash, rng):
    noisy = np.clip(flash + rng.normal(0, 2, flash.shape), 0, 255).astype(np.uint8)
    for image in (flash, noisy):
        flat = appearance.flat_surfaces(PhotoPair(image, image))
        assert flat[:, 55:70].all() and not flat[:, 95:].any()


def test_blotches_are_patches_and_not_slow_light(flash, rng):
    patches = gaussian_filter(rng.normal(0, 1, SIZE), 2.5)[..., None] * 0.8
    slow = np.linspace(0.7, 1.2, SIZE[0], dtype=np.float32)[:, None, None]
    patchy = appearance.blotches(made(flash, lambda image: image * np.exp(0.5 * patches)))
    lit = appearance.blotches(made(flash, lambda image: image * slow))
    assert patchy > 5 * lit
    assert lit < 0.015 < patchy


def test_without_flat_surfaces_blotches_are_not_defined(rng):
    flash = rng.integers(0, 255, (*SIZE, 3)).astype(np.uint8)
    assert math.isnan(appearance.blotches(made(flash, lambda image: image / 2)))


def test_16_bit_files_and_8_bit_files_measure_alike(flash):
    def change(image):
        return image**0.8

    deep = made(flash.astype(np.uint16) * 257, change)
    for name in ("contrast_kept", "near_black_rise", "blotches", "brightness_kept"):
        compute = METRICS[name].compute
        assert compute(deep) == pytest.approx(compute(made(flash, change)), abs=1e-6)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("contrast_kept", 0.95, 0.94),
        ("near_black_rise", 0.02, 0.021),
        ("face_kept", 0.996, 0.98),
        ("blotches", 0.015, 0.016),
    ],
)
def test_what_lies_beyond_the_bound_warns(name, good, bad):
    metric = METRICS[name]
    assert metric.warns_of(good) is None and metric.warns_of(math.nan) is None
    assert f"{bad:.{metric.digits}f}" in metric.warns_of(bad) and metric.warning in metric.warns_of(
        bad
    )
    assert replace(metric, at_least=None, at_most=None).warns_of(bad) is None
