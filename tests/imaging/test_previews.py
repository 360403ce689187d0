import struct

import pytest
from PIL import Image

from keras_f2a.imaging.exif import exif_of_upright_image
from tests.imaging.written_files import encoded, exif_block, ifd

PREVIEW = encoded(Image.linear_gradient("L").resize((24, 16)))
# Starts like a picture, but only an address in the maker note tells where it ends.
FRAGMENT = b"\xff\xd8\xff\xdb" + bytes(range(1, 100))
TEXT = b"serial 0123456789"


def nikon(preview):
    inner = ifd([(0x0011, 4, 1, 0), (0x0001, 7, len(TEXT), TEXT)], 8)
    pointer = 8 + len(inner)
    inner = ifd([(0x0011, 4, 1, pointer), (0x0001, 7, len(TEXT), TEXT)], 8)
    place = pointer + 2 + 3 * 12 + 4
    directory = [(0x0103, 3, 1, 6), (0x0201, 4, 1, place), (0x0202, 4, 1, len(preview))]
    return (b"Nikon\0\x02\x10\0\0II*\0\x08\0\0\0" + inner + ifd(directory, pointer) + preview), 10


def olympus(preview):
    start = 12
    main = ifd([(0x2020, 13, 1, 0), (0x0207, 2, len(TEXT), TEXT)], start)
    settings = start + len(main)
    main = ifd([(0x2020, 13, 1, settings), (0x0207, 2, len(TEXT), TEXT)], start)
    place = settings + 2 + 2 * 12 + 4
    inner = ifd([(0x0101, 4, 1, place), (0x0102, 4, 1, len(preview))], settings)
    return b"OLYMPUS\0II\x03\0" + main + inner + preview, 0


def samsung(preview):
    main = ifd([(0x0035, 4, 1, 0), (0x0001, 7, len(TEXT), TEXT)], 0)
    main = ifd([(0x0035, 4, 1, len(main)), (0x0001, 7, len(TEXT), TEXT)], 0)
    place = len(main) + 2 + 2 * 12 + 4
    return main + ifd([(0x0201, 4, 1, place), (0x0202, 4, 1, len(preview))], len(main)) + preview, 0


def pentax(preview):
    directory = [(0x0003, 4, 1, len(preview)), (0x0004, 4, 1, 0), (0x0001, 7, len(TEXT), TEXT)]
    return b"PENTAX \0II" + ifd(directory, 10) + preview, 0


def canon(preview):
    directory = [(0x0006, 7, len(TEXT), TEXT), (0x0081, 7, len(preview), preview)]
    return ifd(directory, 0), 0


@pytest.mark.parametrize("maker", [nikon, olympus, samsung, pentax, canon])
def test_a_whole_picture_in_a_makers_note_is_blanked_and_nothing_else(maker):
    note, _ = maker(PREVIEW)
    check_blanked(exif_block(note), PREVIEW)


@pytest.mark.parametrize("maker", [nikon, olympus, samsung])
def test_what_a_makers_note_gives_the_place_of_is_blanked(maker):
    note, _ = maker(FRAGMENT)
    check_blanked(exif_block(note), FRAGMENT)


@pytest.mark.parametrize("start", [0, 8, 12])
def test_data_of_an_entry_that_starts_like_a_picture_is_blanked(start):
    """Sony, Panasonic and Casio count its offset from the start of the EXIF block."""
    empty = exif_block(b"x" * 200)
    place = empty.index(b"x" * 200)
    at = place + start + 2 + 12 + 4
    note = b"MAKER ABC \0\0"[:start] + ifd([(0x2001, 7, len(FRAGMENT), 0)], start)
    note = note[: start + 10] + struct.pack("<L", at) + note[start + 14 :] + FRAGMENT
    check_blanked(exif_block(note), FRAGMENT)


def check_blanked(block, preview):
    place = block.index(preview)
    expected = block[:place] + bytes(len(preview)) + block[place + len(preview) :]
    assert exif_of_upright_image(block, 40, 30) == b"Exif\0\0" + expected


def test_notes_without_pictures_stay():
    for note in (
        TEXT * 30,
        b"\xff\xd8\xff" + TEXT * 30,
        b"Nikon\0\x02\x10\0\0II*\0\xff\xff\xff\xff",
    ):
        block = exif_block(note)
        assert exif_of_upright_image(block, 40, 30) == b"Exif\0\0" + block


@pytest.mark.parametrize("order", ["<", ">"])
def test_sizes_of_both_directories_follow_the_pixels(order):
    main = [(0x0100, 4, 1, 4000), (0x0101, 3, 1, 3000), (0x0112, 3, 1, 6)]
    details = [(0xA002, 4, 1, 4000), (0xA003, 4, 1, 3000)]
    block = exif_block(main=main, details=details, order=order)
    main = [(0x0100, 4, 1, 3000), (0x0101, 3, 1, 4000), (0x0112, 3, 1, 1)]
    details = [(0xA002, 4, 1, 3000), (0xA003, 4, 1, 4000)]
    expected = exif_block(main=main, details=details, order=order)
    assert exif_of_upright_image(block, 3000, 4000) == b"Exif\0\0" + expected


def test_each_of_several_orientations_becomes_one():
    """Readers take the first. If it stayed, they would turn the upright picture again."""
    sizes = 2 * [(0x0100, 4, 1, 4000)]
    block = exif_block(main=[*sizes, (0x0112, 3, 1, 6), (0x0112, 3, 1, 3)])
    expected = exif_block(main=[*2 * [(0x0100, 4, 1, 3000)], *2 * [(0x0112, 3, 1, 1)]])
    assert exif_of_upright_image(block, 3000, 4000) == b"Exif\0\0" + expected


@pytest.mark.parametrize("start, length", [(0x0201, 0x0202), (0x0111, 0x0117)])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_preview_without_an_end_is_blanked_where_its_directory_says(start, length, order):
    """The preview is truncated or not compressed."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    main = struct.pack(order + "H2HL2HL", 1, 0x0112, 3, 1, 1, 0, 26)
    second = struct.pack(order + "H2H2L2H2LL", 2, start, 4, 1, 56, length, 4, 1, 7, 0)
    block = head + main + second + b"of then" + b"and more"
    result = exif_of_upright_image(block, 40, 30).removeprefix(b"Exif\0\0")
    assert result[56:] == bytes(7) + b"and more"
    assert result[22:26] == bytes(4)
