"""A JPEG result has the quality of its photograph, however that photograph was encoded."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, JpegImagePlugin

from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.photo_output import save_photo
from tests.imaging import written_files as made
from tests.imaging.written_files import encoded

TABLES, FRAME = b"\xff\xdb", b"\xff\xc0"


@pytest.fixture
def image(rng):
    small = rng.integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(small).resize((64, 48), Image.Resampling.BICUBIC)


def renumbered(jpeg, numbers):
    """Return a JPEG file whose quantization tables have other numbers."""
    data = bytearray(jpeg)
    start = data.find(TABLES)
    while start >= 0:
        data[start + 4] = numbers[data[start + 4]]
        start = data.find(TABLES, start + 1)
    frame = data.index(FRAME)
    for component in range(data[frame + 9]):
        place = frame + 12 + 3 * component
        data[place] = numbers[data[place]]
    return bytes(data)


def with_tall_chroma(image):
    """Return a JPEG file of 4:4:0, as a lossless rotation makes it of 4:2:2."""
    data = bytearray(encoded(image, quality=92, subsampling=1))
    frame = data.index(FRAME)
    # Each block of 16x8 pixels now stands for one of 8x16.
    data[frame + 5 : frame + 9] = struct.pack(">HH", 2 * image.height, image.width // 2)
    data[frame + 11] = 0x12
    return bytes(data)


def result_of(tmp_path, data):
    (tmp_path / "in.jpg").write_bytes(data)
    save_photo(open_photo(tmp_path / "in.jpg"), tmp_path / "out.jpg")
    return Image.open(tmp_path / "out.jpg")


def used_tables(image):
    """Return the table of each channel."""
    return [image.quantization[number] for *_, number in image.layer]


@pytest.mark.parametrize("numbers", [(0, 1), (1, 0), (1, 2), (0, 3), (2, 3)])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_tables_of_any_number_stay(tmp_path, image, mode, numbers):
    data = renumbered(encoded(image.convert(mode), quality=70), numbers)
    with result_of(tmp_path, data) as result, Image.open(tmp_path / "in.jpg") as source:
        assert used_tables(result) == used_tables(source)


def test_chroma_in_another_direction_loses_nothing(tmp_path, image):
    with result_of(tmp_path, with_tall_chroma(image)) as result:
        assert JpegImagePlugin.get_sampling(result) == 0
        with Image.open(tmp_path / "in.jpg") as source:
            difference = np.asarray(result, float) - np.asarray(source)
    assert np.abs(difference).mean() < 2


def test_a_gain_map_turns_whatever_its_tables_are_called(tmp_path, image):
    second = renumbered(made.gain_map(), (3, 3))
    (tmp_path / "in.jpg").write_bytes(made.hdr_jpeg(image, orientation=6, second=second))
    metadata = open_photo(tmp_path / "in.jpg").metadata
    assert metadata.left_out == ()
    with Image.open(io.BytesIO(metadata.gain_map.jpeg)) as turned:
        assert turned.size == (12, 16)
