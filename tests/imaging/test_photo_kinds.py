"""AVIF files, and files of kinds that are not supported."""

import numpy as np
import pytest
from PIL import Image

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import correct, corrected


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_avif(folder, mode):
    small = np.random.default_rng(1).integers(60, 200, (4, 4, 3), np.uint8)
    stored = Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC).convert(mode)
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A maker"
    if mode == "RGBA":
        stored.putalpha(stored.getchannel("R"))
    stored.save(folder / "photo.avif", quality=90, exif=exif)
    with Image.open(corrected(folder, "--strength", "0") / "photo.avif") as result:
        assert result.size == (48, 64)
        assert result.getexif()[0x010F] == "A maker"
        assert result.getexif().get(0x0112, 1) == 1
        assert (result.mode == "RGBA") == (mode == "RGBA")
        turned = np.asarray(stored.convert("RGB").transpose(Image.Transpose.ROTATE_270)).astype(int)
        assert np.abs(np.asarray(result.convert("RGB")) - turned).mean() < 6


def test_a_jpeg_of_twelve_bits(tmp_path):
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (32, 32)).save(path)
    content = bytearray(path.read_bytes())
    content[content.index(b"\xff\xc0") + 4] = 12
    path.write_bytes(content)
    done = correct(path, "--output", tmp_path / "out")
    assert "is a JPEG with 12 bits per channel" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"GIF89a", "GIF"), (b"\xff\x0a", "JPEG XL"), (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", "video")],
)
def test_files_of_other_kinds_are_named(tmp_path, content, name):
    path = tmp_path / "photo.jpg"
    path.write_bytes(content + bytes(100))
    with pytest.raises(InputError, match=name):
        open_photo(path)
