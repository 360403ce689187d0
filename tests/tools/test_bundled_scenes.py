"""The bundled scenes are complete and resemble real pairs."""

import numpy as np
import pytest
from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES
from tools.scenes.photographs import camera_processing


@pytest.fixture(scope="module")
def photographs():
    """Return (flash, ambient) of all bundled scenes, as floats in [0, 1]."""
    result = []
    for path in sorted(BUNDLED_SCENES.rglob("*_flash.webp")):
        other = path.with_name(path.name.replace("flash", "ambient"))
        with Image.open(path) as flash, Image.open(other) as ambient:
            result.append((np.asarray(flash) / 255.0, np.asarray(ambient) / 255.0))
    return result


@pytest.mark.parametrize(("split", "count"), [("train", 48), ("test", 8)])
def test_all_pairs_are_there(split, count):
    kinds = ("flash", "ambient")
    expected = {f"Scene_{n:03d}_{kind}.webp" for n in range(count) for kind in kinds}
    assert {path.name for path in (BUNDLED_SCENES / split).iterdir()} == expected


def test_total_size():
    assert sum(path.stat().st_size for path in BUNDLED_SCENES.rglob("*.webp")) <= 5_000_000


def test_picture_sizes(photographs):
    for flash, ambient in photographs:
        assert flash.shape == ambient.shape
        assert flash.shape in {(240, 320, 3), (320, 240, 3)}
    portraits = sum(flash.shape[0] == 320 for flash, _ in photographs)
    assert portraits < len(photographs) / 4


def test_no_picture_is_black_white_or_flat(photographs):
    for pair in photographs:
        for picture in map(camera_processing.luma, pair):
            assert 0.2 < picture.mean() < 0.7
            assert np.ptp(np.percentile(picture, (5, 95))) > 0.3


def test_flash_is_harsher_and_ambient_is_warmer(photographs):
    spread = np.mean(
        [[camera_processing.luma(image).std() for image in pair] for pair in photographs]
    )
    assert 0.15 < spread < 0.27
    flash_spread, ambient_spread = (
        np.mean([camera_processing.luma(pair[kind]).std() for pair in photographs])
        for kind in (0, 1)
    )
    assert flash_spread > ambient_spread
    blue_share = [
        np.mean([pair[kind][..., 2].mean() / pair[kind].mean() for pair in photographs])
        for kind in (0, 1)
    ]
    assert blue_share[0] > blue_share[1] + 0.02


def test_pairs_are_as_far_apart_as_real_ones(photographs):
    psnr = [-10 * np.log10(np.mean((flash - ambient) ** 2)) for flash, ambient in photographs]
    assert 13.0 < np.mean(psnr) < 16.0
