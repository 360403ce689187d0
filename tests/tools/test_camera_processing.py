import numpy as np
import pytest

from tools.scenes.lighting import AMBIENT_SOURCES
from tools.scenes.photographs import camera_processing
from tools.scenes.photographs.camera_processing import Camera, Development
from tools.scenes.photographs.mixing import make_pair, sample_recipe


@pytest.fixture(scope="module")
def radiance():
    """Return radiance with a gradient half and a dark half, far from the right exposure."""
    ramp = np.linspace(0.2, 1.0, 48)[None, :, None] * np.array([1.3, 1.0, 0.6])
    image = np.concatenate([np.broadcast_to(ramp, (20, 48, 3)), np.full((20, 48, 3), 0.05)])
    return 37.0 * image


@pytest.fixture(scope="module")
def pictures(radiance):
    return {name: radiance * scale for scale, name in enumerate(("flash", *AMBIENT_SOURCES), 1)}


@pytest.mark.parametrize("target", [0.3, 0.45, 0.6])
def test_auto_exposure_meets_its_target(radiance, target):
    photo = camera_processing.develop(radiance, Development(Camera(0.4), target))
    assert photo.dtype == np.uint8
    assert camera_processing.luma(photo / 255.0).mean() == pytest.approx(target, abs=0.02)


def test_exposure_does_not_depend_on_the_scale_of_radiance(radiance):
    one, other = (
        camera_processing.develop(scale * radiance, Development(Camera(0.4), 0.45))
        for scale in (1, 1000)
    )
    assert np.abs(one.astype(int) - other).max() <= 1


@pytest.mark.parametrize("contrast", [0.0, 0.5, 1.2])
def test_tone_curve_rises_from_black_to_white(contrast):
    values = camera_processing.tone_curve(np.linspace(0, 20, 500), Camera(contrast))
    assert values[0] == 0 and values[-1] == pytest.approx(1, abs=1e-6)
    assert (np.diff(values) >= -1e-12).all()


def test_full_white_balance_renders_the_light_neutral():
    light = np.array([1.4, 1.0, 0.5])
    gains = camera_processing.white_balance_gains(light, 1.0)
    assert np.allclose(light * gains, light[1])
    assert np.allclose(camera_processing.white_balance_gains(light, 0.0), 1.0)


def test_corners_get_darker_and_the_middle_stays():
    share = camera_processing.darker_corners((41, 61), 0.4)[..., 0]
    assert share[20, 30] == pytest.approx(1, abs=0.01)
    assert share[0, 0] == pytest.approx(0.6, abs=0.01)


def test_pairs_vary_and_are_functions_of_their_recipe(pictures):
    first, again, other = (
        make_pair(pictures, sample_recipe(np.random.default_rng(seed))) for seed in (1, 1, 2)
    )
    for one, two, three in zip(first, again, other, strict=True):
        assert one.dtype == np.uint8 and one.shape == (40, 48, 3)
        np.testing.assert_array_equal(one, two)
        assert np.abs(one.astype(int) - three).max() > 2


def test_share_of_ambient_light_in_the_flash_shot(pictures):
    lit = {**pictures, "ceiling": pictures["ceiling"][::-1]}
    recipe = sample_recipe(np.random.default_rng(3))
    alone, mixed = (
        make_pair(lit, recipe.__class__(**{**vars(recipe), "share": share}))[0]
        for share in (0.0, 3.0)
    )
    # The ceiling light reaches the half that the flash leaves dark.
    assert mixed[30].mean() > alone[30].mean()
