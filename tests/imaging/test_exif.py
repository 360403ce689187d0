"""What EXIF says about the flash."""

import struct

import pytest
from PIL import Image

from keras_f2a.imaging.exif import exif_of_upright_image, flash_fired, without_orientation
from keras_f2a.imaging.photo import open_photo
from tests.imaging.small_pictures import four_corners, save
from tests.imaging.written_files import exif_block


def block(value, kind=3, count=1, order="<"):
    """Return an EXIF block whose only entry is the tag `Flash`."""
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    link = struct.pack(order + "H2HLLL", 1, 0x8769, 4, 1, 26, 0)
    padded = struct.pack(order + "2H", value, 0) if kind == 3 else struct.pack(order + "L", value)
    details = struct.pack(order + "H2HL", 1, 0x9209, kind, count) + padded + bytes(4)
    return start + link + details


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("start", [b"", b"Exif\0\0"])
def test_bit_0_says_whether_the_flash_fired(order, start):
    fired = {value: flash_fired(start + block(value, order=order)) for value in range(0x60)}
    assert fired == {value: value % 2 == 1 for value in range(0x60)}


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_longer_number_says_the_same(order):
    assert [flash_fired(block(value, kind=4, order=order)) for value in (16, 25)] == [False, True]


@pytest.mark.parametrize(
    "content",
    [b"", b"Exif\0\0", b"text", block(1)[:12], block(1)[:-9], block(1, kind=9), block(1, count=2)],
    ids=["none", "name", "text", "cut", "cut entry", "another type", "two values"],
)
def test_a_block_that_does_not_say_it_is_none(content):
    assert flash_fired(content) is None


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
@pytest.mark.parametrize("value", [None, 0, 1, 16])
def test_a_photograph_of_any_format_tells(tmp_path, suffix, value):
    exif = Image.Exif()
    exif[0x0110] = "A camera"
    if value is not None:
        exif[0x8769] = {0x9209: value}
    file = save(four_corners(), tmp_path / f"photo{suffix}", exif=exif.tobytes())
    photo = open_photo(file)
    assert photo.flash_fired is (None if value is None else value == 1)


@pytest.mark.parametrize("kind", [3, 4, 8, 9])
@pytest.mark.parametrize("order", ["<", ">"])
def test_orientations_of_every_type_are_reset(kind, order):
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    number = struct.pack(order + ("HH" if kind in (3, 8) else "L"), *[6, 0][: 1 + (kind in (3, 8))])
    content = start + struct.pack(order + "H2HL", 1, 0x0112, kind, 1) + number + bytes(4)
    exif = Image.Exif()
    exif.load(exif_of_upright_image(content, 40, 24))
    assert exif[0x0112] == 1


@pytest.mark.parametrize("order", ["<", ">"])
def test_numbers_that_are_there_twice_all_change(order):
    """Readers differ in which of the two they believe."""
    main = [(0x0100, 4, 1, 24), (0x0112, 3, 1, 8), (0x0112, 3, 1, 6)]
    details = [(0xA002, 4, 1, 24), (0xA002, 4, 1, 7), (0xA003, 3, 1, 40)]
    main_after = [(0x0100, 4, 1, 40), *2 * [(0x0112, 3, 1, 1)]]
    details_after = [*2 * [(0xA002, 4, 1, 40)], (0xA003, 3, 1, 24)]
    result = exif_of_upright_image(exif_block(b"", main, details, order), 40, 24)
    assert result == b"Exif\0\0" + exif_block(b"", main_after, details_after, order)


@pytest.mark.parametrize("order", ["<", ">"])
def test_every_orientation_is_taken_out_and_nothing_else(order):
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    first, second, last = ((tag, 3, 1, 7, 0) for tag in (0x0103, 0x0112, 0x0128))

    def block(*entries):
        listed = [struct.pack(order + "2HL2H", *entry) for entry in entries]
        return head + struct.pack(order + "H", len(entries)) + b"".join(listed) + bytes(4)

    whole = block(first, second, second, last) + b"data"
    expected = block(first, last) + bytes(24) + b"data"
    assert without_orientation(whole) == b"Exif\0\0" + expected
    assert without_orientation(block(first)).removeprefix(b"Exif\0\0") == block(first)


def test_a_png_file_keeps_exif_that_starts_with_the_name_of_a_jpeg_segment(tmp_path):
    """Some programs write the name into the chunk, where it does not belong."""
    name = b"Exif\0\0"
    file = save(four_corners(), tmp_path / "photo.png", exif=name + name + block(1))
    photo = open_photo(file)
    assert photo.exif == name + block(1)
    assert photo.flash_fired is True
