"""Files that are not photographs, damaged or too large give one-line errors."""

import io
import os
import struct
import sys
import zlib

import pytest
from PIL import Image

from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.errors import InputError
from tests.imaging.small_pictures import four_corners, save


@pytest.fixture
def image():
    return four_corners()


@pytest.mark.parametrize("kind", ["pipe", "too long", "empty name", "not a number"])
def test_what_is_no_file_is_refused_at_once(tmp_path, image, kind):
    path, message, limit = tmp_path / "photo.jpg", "pipe, socket or device", 100
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "too long":
        path, message = tmp_path / ("x" * 300 + ".jpg"), "File name too long"
    elif kind == "empty name":
        path, message = "", "folder"
    else:
        save(image, path)
        message, limit = "max_megapixels", float("nan")
    with pytest.raises(InputError, match=message):
        open_photo(path, limit)


def test_heic_without_the_extra_names_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    for name in "photo.heic", "photo.jpg":
        (tmp_path / name).write_bytes(b"\0\0\0\x18ftypheic")
        with pytest.raises(InputError, match=r"keras_f2a\[heic\]"):
            open_photo(tmp_path / name)


def jpeg(image):
    data = io.BytesIO()
    image.save(data, "JPEG")
    return data.getvalue()


def broken_files(image):
    whole = jpeg(image.resize((400, 300)))
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + header
    bomb += struct.pack(">I", zlib.crc32(bomb[12:])) + b"\0\0\0\0IEND\xaeB`\x82"
    return {
        "zero bytes": (b"", "is empty"),
        "text": (b"not a photograph", "is not a JPEG, PNG, WebP, HEIC, AVIF or TIFF file"),
        "truncated": (whole[: len(whole) // 2], "is damaged"),
        "only a header": (whole[:200], "is not a JPEG|is damaged"),
        "1x1": (jpeg(image.resize((1, 1))), "too few"),
        "enormous": (bomb, "`max_megapixels`"),
    }


@pytest.mark.parametrize("kind", list(broken_files(Image.new("RGB", (8, 8)))))
def test_every_bad_file_is_an_input_error_of_one_line(tmp_path, image, kind):
    content, message = broken_files(image)[kind]
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as error:
        open_photo(path)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_files_folders_and_forbidden_files(tmp_path, image, monkeypatch):
    with pytest.raises(InputError, match="no such file"):
        open_photo(tmp_path / "missing.jpg")
    with pytest.raises(InputError, match="is a folder"):
        open_photo(tmp_path)

    def forbidden(*_, **__):
        raise PermissionError

    path = save(image, tmp_path / "photo.jpg")
    monkeypatch.setattr(type(path), "open", forbidden)
    with pytest.raises(InputError, match="permissions"):
        open_photo(path)


def test_the_size_limit_can_be_moved_and_leaves_pillows_own_alone(tmp_path, image):
    path = save(image, tmp_path / "photo.png")
    limit = Image.MAX_IMAGE_PIXELS
    with pytest.raises(InputError, match="40x24"):
        open_photo(path, max_megapixels=0.0009)
    assert open_photo(path, max_megapixels=0.001).image.size == (40, 24)
    assert limit == Image.MAX_IMAGE_PIXELS
