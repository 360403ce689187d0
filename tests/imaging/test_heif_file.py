"""Truncated HEIC and AVIF files are refused, and complete files of every structure are read."""

import io

import numpy as np
import pytest
from PIL import Image

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import correct

heif_files = pytest.importorskip("tests.imaging.heif_files")

_STRUCTURES = {
    "tiled": {},
    "one picture": {"tiled": False},
    "large box": {"last": "large"},
    "open box": {"last": "open"},
    "idat": {"method": 1},
    "idat, one picture": {"method": 1, "tiled": False},
    "base offsets": {"size": 0},
    "long offsets": {"size": 8},
    "iloc version 2": {"version": 2},
    "major brand msf1": {"brands": b"msf1\0\0\0\0mif1heic"},
    "brands in another order": {"brands": b"mif1\0\0\0\0miafMiHBheic"},
}


@pytest.mark.parametrize("structure", _STRUCTURES)
def test_whole_files_are_read_and_cut_ones_refused(tmp_path, structure):
    whole = heif_files.heic(**_STRUCTURES[structure])
    path = tmp_path / "photo.heic"
    path.write_bytes(whole)
    pixels = np.asarray(open_photo(path).image)
    assert pixels.std(axis=(0, 1)).min() > 20
    for share in (0.3, 0.5, 0.75, 0.95, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(InputError, match="cut short") as error:
            open_photo(path)
        assert "\n" not in str(error.value)


@pytest.mark.parametrize("share", [0.4, 0.6, 0.9])
@pytest.mark.parametrize("tiled", [True, False])
def test_a_file_whose_rest_never_arrived(tmp_path, tiled, share):
    """Copying programs allocate the whole file first, so the missing part is zeros."""
    whole = heif_files.heic(tiled=tiled)
    kept = int(len(whole) * share)
    path = tmp_path / "photo.heic"
    path.write_bytes(whole[:kept] + bytes(len(whole) - kept))
    with pytest.raises(InputError, match="zeros|incomplete"):
        open_photo(path)


@pytest.mark.parametrize("trailer", [bytes(100), b"\0\0\0\x05SEFT", b"\xff\xd8\xff" * 9, b"\0"])
def test_what_phones_write_behind_the_boxes_is_left_alone(tmp_path, trailer):
    path = tmp_path / "photo.heic"
    path.write_bytes(heif_files.heic() + trailer)
    assert open_photo(path).image.size == (128, 128)


def test_a_missing_tile(tmp_path):
    whole = heif_files.heic()
    tiles = b"\0\x05\0\x04\0\x01\0\x02\0\x03\0\x04"
    assert tiles in whole
    path = tmp_path / "photo.heic"
    path.write_bytes(whole.replace(tiles, tiles[:-1] + b"\x09"))
    with pytest.raises(InputError, match="missing"):
        open_photo(path)


def test_cut_avif(tmp_path):
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(file, "AVIF")
    for name in ("photo.avif", "photo.jpg"):
        path = tmp_path / name
        path.write_bytes(file.getvalue())
        assert open_photo(path).image.size == (64, 64)
        path.write_bytes(file.getvalue()[:-200])
        with pytest.raises(InputError, match="cut short"):
            open_photo(path)


def test_through_the_command(tmp_path):
    whole = heif_files.heic()
    for name, size in (("a.heic", len(whole)), ("b.HIF", len(whole)), ("c.heic", len(whole) // 2)):
        (tmp_path / name).write_bytes(whole[:size])
    done = correct(tmp_path, "--output", tmp_path / "out")
    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.jpg", "b.jpg"]
    assert [line for line in done.stderr.splitlines() if "c.heic" in line][0].count(
        "cut short"
    ) == 1


def test_gray_of_ten_bits_is_read_with_eight(tmp_path):
    ramp = np.repeat(np.linspace(0, 65535, 64).astype(np.uint16)[None], 64, axis=0)
    picture = heif_files.pillow_heif.from_bytes("I;16", (64, 64), ramp.tobytes())
    picture.save(tmp_path / "a.heic", quality=-1)
    photo = open_photo(tmp_path / "a.heic")
    assert photo.gray
    np.testing.assert_allclose(np.asarray(photo.image)[..., 1], ramp / 257, atol=2)
