import numpy as np
import pytest

from keras_f2a.baselines.bilateral import bilateral_filter, diagonal, joint_bilateral_filter
from keras_f2a.baselines.petschnigg import (
    DETAIL_EPSILON,
    SIGMA_RANGE,
    SIGMA_RANGE_JOINT,
    SIGMA_SPACE,
    artifact_mask,
    detail_layer,
    petschnigg,
)
from tests.baselines.pairs_of_photographs import scene, with_noise


@pytest.fixture
def pair(rng):
    return scene(rng)


def test_the_result_is_the_papers_equation(pair, rng):
    flash, ambient = pair.flash, with_noise(pair.ambient, rng)
    pixels = SIGMA_SPACE * diagonal(flash)
    mask = artifact_mask(flash, ambient)
    for channel in range(3):
        f, a = flash[..., channel], ambient[..., channel]
        arguments = {"sigma_space": pixels, "sigma_range": SIGMA_RANGE}
        f_base, a_base = bilateral_filter(f, **arguments), bilateral_filter(a, **arguments)
        a_nr = joint_bilateral_filter(a, f, sigma_space=pixels, sigma_range=SIGMA_RANGE_JOINT)
        f_detail = (f + DETAIL_EPSILON) / (f_base + DETAIL_EPSILON)
        expected = (1 - mask) * a_nr * f_detail + mask * a_base
        result = petschnigg(flash, ambient)[..., channel]
        np.testing.assert_allclose(result, np.clip(expected, 0, 1), atol=1e-5)


def test_noise_goes_and_the_flash_gives_the_detail(pair, rng):
    noisy = with_noise(pair.ambient, rng)
    result = petschnigg(pair.flash, noisy)
    lit = ~pair.shadow
    before, after = (np.abs(image - pair.ambient)[lit].mean() for image in (noisy, result))
    assert after < 0.5 * before


def test_a_flat_flash_image_has_no_detail():
    np.testing.assert_allclose(detail_layer(np.full((30, 40), 0.6), 3.0, 0.1), 1.0, rtol=1e-5)


def test_flat_photographs_stay_as_the_ambient_one_is():
    flash = np.full((30, 40, 3), (0.5, 0.4, 0.3), np.float32)
    ambient = np.full((30, 40, 3), (0.2, 0.3, 0.1), np.float32)
    np.testing.assert_allclose(petschnigg(flash, ambient), ambient, rtol=1e-5)


def test_the_mask_covers_shadow_and_highlight_and_nothing_else(pair):
    flash = pair.flash.copy()
    flash[45:55, 55:70] = 1.0
    mask = artifact_mask(flash, pair.ambient)
    assert mask[pair.shadow].mean() > 0.9
    assert mask[47:53, 58:67].min() > 0.9
    far = np.ones_like(pair.shadow)
    far[10:36, 10:46] = far[40:60, 50:75] = False
    assert mask[far].max() < 0.05


def test_without_shadow_and_highlight_there_is_no_mask(pair):
    flash = np.clip(pair.ambient, 0.3, 0.8)
    assert not artifact_mask(flash, pair.ambient).any()


def test_the_shadow_of_a_flash_that_adds_to_the_ambient_light_is_found(pair):
    """If both photographs have the ambient light, the shadow is bright but has no flash light."""
    both = np.where(pair.shadow[..., None], pair.ambient, np.minimum(1.0, pair.ambient + 0.2))
    assert not artifact_mask(both, pair.ambient)[pair.shadow].any()
    assert artifact_mask(both, pair.ambient, ambient_share=1.0)[pair.shadow].mean() > 0.9


def test_in_the_shadow_the_ambient_photograph_is_only_smoothed(pair):
    result = petschnigg(pair.flash, pair.ambient)
    inner = np.s_[19:26, 20:36]
    base = np.stack(
        [
            bilateral_filter(
                pair.ambient[..., c],
                sigma_space=SIGMA_SPACE * diagonal(pair.flash),
                sigma_range=SIGMA_RANGE,
            )
            for c in range(3)
        ],
        axis=-1,
    )
    np.testing.assert_allclose(result[inner], base[inner], atol=0.01)


def test_black_photographs_stay_black():
    black = np.zeros((20, 24, 3), np.float32)
    result = petschnigg(black, black)
    assert result.dtype == np.float32 and not result.any()
