"""Blanks the previews that cameras write into an EXIF block, mostly into the maker note.

They show the photograph before its correction. Their bytes become zeros and nothing moves, so that
the rest of the maker note stays readable.
"""

import struct
from collections.abc import Iterator

from keras_f2a.imaging.jpeg_segments import picture_end

_JPEG = b"\xff\xd8\xff"
_LONG, _UNDEFINED, _BYTE, _DIRECTORY = 4, 7, 1, 13
_FIELD_TYPES = range(1, 14)
# Offsets at which the directory of a maker note may start, after the name, version and byte order
# that makers write first.
_DIRECTORY_OFFSETS = (0, 6, 8, 10, 12, 14, 16, 18, 20, 22, 26)
_MAX_ENTRIES = 400
_MAX_DIRECTORIES = 5000


def blank_previews(block: bytearray, maker_note: int | None) -> None:
    """Overwrite every preview that can be identified with certainty.

    These are all complete JPEG pictures, and all data that starts like a JPEG picture and whose
    position and length are in a directory of the maker note. Makers count positions from the start
    of the block, of their note, or of a TIFF header inside it. All three are tried.

    Args:
        block: The EXIF block, which starts with its byte order. Changed in place.
        maker_note: The position of the maker note in the block, or `None` if there is none.
    """
    if _JPEG not in block:
        return
    for start, end in list(_find_referenced(block, maker_note) if maker_note is not None else ()):
        _blank(block, start, end)
    start = block.find(_JPEG)
    while start >= 0:
        stop = picture_end(block, start)
        if stop is not None:
            _blank(block, start, stop)
        start = block.find(_JPEG, start + 1)


def _blank(block: bytearray, start: int, end: int) -> None:
    block[start:end] = bytes(end - start)


def _find_referenced(block: bytearray, maker_note: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each JPEG picture that a maker note's directories point to."""
    headers = (
        block.find(signature, maker_note, maker_note + 32) for signature in (b"II*\0", b"MM\0*")
    )
    bases = {0, maker_note} | {position for position in headers if position >= 0}
    seen: set[tuple[str, int]] = set()
    for order in "<>":
        header_directories = {
            base + _read_long(block, order, base + 4) for base in bases - {0, maker_note}
        }
        for start in header_directories | {maker_note + start for start in _DIRECTORY_OFFSETS}:
            yield from _find_in_directory(block, order, start, bases, seen)


def _find_in_directory(
    block: bytearray, order: str, directory: int, bases: set[int], seen: set[tuple[str, int]]
) -> Iterator[tuple[int, int]]:
    if (order, directory) in seen or len(seen) > _MAX_DIRECTORIES:
        return
    seen.add((order, directory))
    entries = _entries(block, order, directory)
    long_values = {
        tag: value
        for tag, field_type, count, value in entries
        if field_type == _LONG and count == 1
    }
    for tag, field_type, count, value in entries:
        for base in bases:
            start = base + value
            if field_type in (_BYTE, _UNDEFINED) and count > 4:
                length = count
            else:
                length = long_values.get(tag + 1, 0) if tag in long_values else 0
            if length > 4 and start + length <= len(block) and block[start : start + 3] == _JPEG:
                yield start, start + length
            is_directory = tag in long_values or field_type in (_DIRECTORY, _UNDEFINED)
            if is_directory:
                yield from _find_in_directory(block, order, start, bases, seen)


def _entries(block: bytearray, order: str, start: int) -> list[tuple[int, int, int, int]]:
    """Return the tag, type, count and value of each entry, if a directory starts there."""
    if not 0 < start <= len(block) - 2:
        return []
    (count,) = struct.unpack_from(order + "H", block, start)
    if not 0 < count <= _MAX_ENTRIES or start + 2 + 12 * count > len(block):
        return []
    entries = [
        struct.unpack_from(order + "HHLL", block, start + 2 + 12 * index) for index in range(count)
    ]
    return entries if all(field_type in _FIELD_TYPES for _, field_type, _, _ in entries) else []


def _read_long(block: bytearray, order: str, position: int) -> int:
    if position + 4 > len(block):
        return len(block)
    return struct.unpack_from(order + "L", block, position)[0]
