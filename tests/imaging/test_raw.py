"""RAW photographs, tested with a generated DNG file."""

import io
import struct
import sys

import numpy as np
import pytest
import tifffile
from PIL import Image

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.command import correct


def write_dng(path, neutral=(0.5, 1.0, 0.7), orientation=1, side=(96, 128)):
    """Write a photograph of a gray card under the light that the camera neutral describes."""
    height, width = side
    mosaic = np.empty(side, np.uint16)
    scene = np.linspace(4000, 30000, width)
    for row in (0, 1):
        for column in (0, 1):
            channel = row + column
            mosaic[row::2, column::2] = (scene * neutral[channel])[column::2]
    matrix = np.array([[0.9, -0.3, -0.1], [-0.4, 1.2, 0.2], [-0.1, 0.2, 0.7]])
    rational = [part for value in matrix.ravel() for part in (round(value * 10000), 10000)]
    tags = [
        (271, 2, 0, "A maker", True),
        (272, 2, 0, "A camera", True),
        (274, 3, 1, orientation, True),
        (33421, 3, 2, (2, 2), True),
        (33422, 1, 4, bytes([0, 1, 1, 2]), True),
        (50706, 1, 4, bytes([1, 4, 0, 0]), True),
        (50708, 2, 0, "A maker A camera", True),
        (50714, 4, 1, 0, True),
        (50717, 4, 1, 65535, True),
        (50721, 10, 9, rational, True),
        (50728, 5, 3, [p for value in neutral for p in (round(value * 1000), 1000)], True),
        (50778, 3, 1, 21, True),
    ]
    tifffile.imwrite(path, mosaic, photometric=32803, extratags=tags, metadata=None)
    return path


def test_the_cameras_white_balance_is_used(tmp_path):
    pytest.importorskip("rawpy")
    pixels = np.asarray(open_photo(write_dng(tmp_path / "photo.dng")).image).astype(float)
    middle = pixels[20:-20, 20:-20].mean(axis=(0, 1))
    assert np.abs(middle - middle.mean()).max() < 8
    assert pixels.std() > 15


@pytest.mark.parametrize("name", ["photo.DNG", "photo.tif"])
def test_through_the_command(tmp_path, name):
    """The content decides, not the name. The result is a JPEG with the camera's name."""
    pytest.importorskip("rawpy")
    path = write_dng(tmp_path / name, orientation=6)
    assert correct(path, "--output", tmp_path / "out").returncode == 0
    (result,) = (tmp_path / "out").iterdir()
    with Image.open(result) as image:
        assert image.size == (96, 128)
        assert image.getexif()[0x0110] == "A camera"
        assert image.getexif().get(0x0112, 1) == 1
    if name.endswith("DNG"):
        assert result.name == "photo.jpg"


def test_a_cut_file_is_refused(tmp_path):
    pytest.importorskip("rawpy")
    path = write_dng(tmp_path / "photo.dng")
    path.write_bytes(path.read_bytes()[:-5000])
    with pytest.raises(InputError, match="cut short"):
        open_photo(path)


def test_the_size_limit_holds(tmp_path):
    pytest.importorskip("rawpy")
    with pytest.raises(InputError, match="megapixels"):
        open_photo(write_dng(tmp_path / "photo.dng"), max_megapixels=0.01)


def test_nonsense_is_one_line(tmp_path):
    pytest.importorskip("rawpy")
    (tmp_path / "photo.dng").write_bytes(b"II*\0\x08\0\0\0" + bytes(200))
    with pytest.raises(InputError, match="cannot be developed"):
        open_photo(tmp_path / "photo.dng")


def test_without_the_extra_its_name_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(InputError, match=r"keras_f2a\[raw\]"):
        open_photo(write_dng(tmp_path / "photo.dng"))


def test_of_raw_and_jpeg_together_the_jpeg_is_corrected(tmp_path):
    """Cameras write both under one name, so both results would get the same name."""
    folder = tmp_path / "in"
    folder.mkdir()
    write_dng(folder / "IMG_1.DNG")
    write_dng(folder / "IMG_2.DNG")
    Image.new("RGB", (64, 48), (90, 80, 70)).save(folder / "IMG_1.jpg")
    done = correct(folder, "--output", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["IMG_1.jpg", "IMG_2.jpg"]
    assert "1 .dng" in done.stdout
    with Image.open(tmp_path / "out" / "IMG_1.jpg") as result:
        assert result.size == (64, 48)


def add_preview(path, padding):
    """Append a preview in a directory of its own, followed by padding."""
    data, file = bytearray(path.read_bytes()), io.BytesIO()
    Image.new("RGB", (160, 120), "red").save(file, "JPEG")
    (directory,) = struct.unpack_from("<L", data, 4)
    (count,) = struct.unpack_from("<H", data, directory)
    start = len(data) + len(data) % 2
    data += bytes(start - len(data)) + file.getvalue() + bytes(len(file.getvalue()) % 2)
    struct.pack_into("<L", data, directory + 2 + 12 * count, len(data))
    entries = {254: 1, 256: 160, 257: 120, 258: 8, 259: 6, 262: 6, 513: start}
    entries[514] = len(file.getvalue())
    listed = [struct.pack("<HHLL", tag, 4, 1, value) for tag, value in entries.items()]
    data += struct.pack("<H", len(entries)) + b"".join(listed) + bytes(4)
    path.write_bytes(bytes(data) + bytes(padding))


@pytest.mark.parametrize("padding", [0, 45_000_000])
def test_a_preview_without_exif_hides_no_tags(tmp_path, padding):
    """The content of such a large file is released to the system after it is developed."""
    pytest.importorskip("rawpy")
    path = write_dng(tmp_path / "photo.dng")
    without = open_photo(path).exif
    add_preview(path, padding)
    assert open_photo(path).exif == without and b"A camera" in without
