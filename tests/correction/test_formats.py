"""The result in every file format matches the same pixels corrected as an array."""

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.correction.pixels import PillowPixels
from keras_f2a.imaging.photo import open_photo

# Large enough that both halves are written at the same time.
_SIZE = (1280, 960)


class Darken:
    fixed_size = None

    def run(self, image):
        return 0.5 * image


@pytest.fixture(scope="module")
def flash():
    small = np.random.default_rng(0).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    return Image.fromarray(small).resize(_SIZE, Image.Resampling.BICUBIC)


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".heic"])
def test_a_file_is_corrected_like_its_array(tmp_path, flash, suffix, orientation):
    if suffix == ".heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"photo{suffix}"
    flash.save(path, exif=exif.tobytes(), quality=80)
    corrector = keras_f2a.Corrector(Darken())
    expected = corrector.correct(np.asarray(open_photo(path).image))
    assert expected.shape[:2] == (_SIZE[::-1] if orientation == 1 else _SIZE)
    for _ in range(10 if suffix == ".heic" else 1):  # Its decoder once had a data race.
        photo = open_photo(path)
        corrector.correct_image(photo.image)
        np.testing.assert_array_equal(np.asarray(photo.image), expected)
    corrector.correct_file(path, tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as result:
        np.testing.assert_array_equal(np.asarray(result), expected)


def test_pixels_are_owned_before_threads_write_them(flash):
    """Pillow copies a read-only image at the first write, so two threads would lose changes."""
    image = flash.crop((0, 0, 64, 48))
    pixels = image.tobytes("raw", "RGBX")
    borrowed = Image.frombuffer("RGBX", image.size, pixels, "raw", "RGBX", 0, 1)
    assert borrowed.readonly
    PillowPixels(borrowed)
    assert not borrowed.readonly
