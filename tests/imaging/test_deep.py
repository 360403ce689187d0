"""Input and output with 16 bits per channel, through the command."""

import cv2
import numpy as np
import pytest
import tifffile
from PIL import Image

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import corrected
from tests.imaging.deep_files import ramp, write_tiff


@pytest.mark.parametrize("suffix", [".png", ".tif"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_stay_sixteen_bits(folder, suffix, channels):
    pixels = ramp(channels)
    path = folder / f"photo{suffix}"
    if suffix == ".png":
        swapped = pixels if channels == 1 else pixels[..., [2, 1, 0, 3][:channels]]
        assert cv2.imwrite(str(path), swapped)
    else:
        write_tiff(path, pixels)
    result = corrected(folder, "--strength", "0") / path.name
    found = cv2.imread(str(result), cv2.IMREAD_UNCHANGED)
    assert found.dtype == np.uint16
    expected = pixels if channels == 1 else pixels[..., [2, 1, 0, 3][:channels]]
    np.testing.assert_allclose(found.astype(int), expected, atol=1)
    with Image.open(result) as image:
        image.load()  # Pillow reads it too.
    if suffix == ".tif":
        np.testing.assert_allclose(tifffile.imread(result).astype(int), pixels, atol=1)


def test_the_correction_itself_has_sixteen_bits(folder):
    """The result has more than 8 bits' worth of levels, also after the brightness curve."""
    across = np.linspace(9000, 20000, 640)
    smooth = np.repeat(np.repeat(across[None, :, None], 64, 0), 3, 2).astype(np.uint16)
    write_tiff(folder / "photo.tiff", smooth)
    result = tifffile.imread(corrected(folder, "--brightness", "0.5") / "photo.tiff")
    assert result.dtype == np.uint16
    assert len(np.unique(result[32, :, 1])) > 500
    assert abs(int(result[32, 320, 1]) - int(smooth[32, 320, 1])) > 500


def test_the_result_of_sixteen_bits_is_that_of_eight(folder):
    base = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
    eight = np.asarray(Image.fromarray(base).resize((320, 240), Image.Resampling.BICUBIC))
    Image.fromarray(eight).save(folder / "a.png")
    write_tiff(folder / "b.tif", eight.astype(np.uint16) * 257)
    output = corrected(folder)
    a = np.asarray(Image.open(output / "a.png")).astype(float)
    b = tifffile.imread(output / "b.tif") / 257
    assert np.abs(a - b).mean() < 0.5


def test_a_cut_sixteen_bit_png_is_refused(tmp_path):
    content = cv2.imencode(".png", ramp())[1].tobytes()
    (tmp_path / "photo.png").write_bytes(content[: len(content) // 2])
    with pytest.raises(InputError, match="is damaged"):
        open_photo(tmp_path / "photo.png")


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_pillows_own_limit_does_not_hold(tmp_path, monkeypatch, suffix):
    path = tmp_path / f"photo{suffix}"
    if suffix == ".png":
        assert cv2.imwrite(str(path), ramp())
    else:
        write_tiff(path, ramp())
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    assert open_photo(path).image.shape == (64, 64, 3)
