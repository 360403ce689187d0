"""Writes the index of the pictures in one JPEG file (CIPA DC-007, the Multi-Picture Format)."""

import struct

from keras_f2a.imaging.jpeg_segments import APP2, Segment

_NAME = b"MPF\0"
_VERSION, _COUNT, _ENTRIES = 0xB000, 0xB001, 0xB002
_LONG, _UNDEFINED = 4, 7
_PRIMARY = 0x030000
_ENTRY = struct.Struct(">LLLHH")
_DIRECTORY_OFFSET = 8
_ENTRIES_OFFSET = _DIRECTORY_OFFSET + 2 + 3 * 12 + 4
INDEX_LENGTH = 4 + len(_NAME) + _ENTRIES_OFFSET + 2 * _ENTRY.size
"""Size in bytes of the segment with an index of two pictures."""


def is_index(segment: Segment) -> bool:
    """Return whether a segment is an index of pictures."""
    return segment.marker == APP2 and segment.content.startswith(_NAME)


def two_picture_index(position: int, primary_length: int, second_length: int) -> Segment:
    """Return the index of two pictures, the second of which directly follows the first.

    Args:
        position: Position of the segment in the file.
        primary_length: Size in bytes of the first picture, including this segment of
            `INDEX_LENGTH` bytes.
        second_length: Size in bytes of the second picture.
    """
    header_position = position + 4 + len(_NAME)
    return Segment(
        APP2,
        b"".join(
            [
                _NAME,
                struct.pack(">2sHL", b"MM", 42, _DIRECTORY_OFFSET),
                struct.pack(">H", 3),
                struct.pack(">HHL4s", _VERSION, _UNDEFINED, 4, b"0100"),
                struct.pack(">HHLL", _COUNT, _LONG, 1, 2),
                struct.pack(">HHLL", _ENTRIES, _UNDEFINED, 2 * _ENTRY.size, _ENTRIES_OFFSET),
                struct.pack(">L", 0),
                _ENTRY.pack(_PRIMARY, primary_length, 0, 0, 0),
                _ENTRY.pack(0, second_length, primary_length - header_position, 0, 0),
            ]
        ),
    )
