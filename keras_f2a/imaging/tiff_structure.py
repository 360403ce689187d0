"""Checks that a file with TIFF structure holds all the data that its directories point to."""

import mmap
import struct

_SIZES = {3: 2, 4: 4, 13: 4, 16: 8, 18: 8}
_LETTERS = {3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}
_SUB_IFDS = 330
_DATA = ((273, 279), (324, 325))  # Positions and lengths of strips and tiles.
_MOST_DIRECTORIES = 1000
_ELSEWHERE = 0xFFFFFFFF  # Some cameras use their own tag for the position.


def missing_bytes(data: bytes | mmap.mmap) -> int:
    """Return how many bytes strips, tiles and directories extend past the end of the file.

    Args:
        data: The whole TIFF or BigTIFF file. For files of another structure, the result is 0.
    """
    if data[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return 0
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in (b"+\0", b"\0+")
    offset = "Q" if big else "L"
    end = len(data)
    seen: set[int] = set()
    try:
        waiting = list(struct.unpack_from(order + offset, data, 8 if big else 4))
        while waiting and len(seen) < _MOST_DIRECTORIES:
            place = waiting.pop()
            if place in seen or place == 0:
                continue
            seen.add(place)
            entries, following = _directory(data, place, order, big)
            waiting += [following, *entries.get(_SUB_IFDS, [])]
            for places, lengths in _DATA:
                pairs = zip(entries.get(places, []), entries.get(lengths, []), strict=False)
                ends = (first + length for first, length in pairs if first != _ELSEWHERE)
                end = max([end, *ends])
    except struct.error:
        return max(end - len(data), 1)
    return end - len(data)


def _directory(
    data: bytes | mmap.mmap, place: int, order: str, big: bool
) -> tuple[dict[int, list], int]:
    """Return the values of the relevant tags, and the position of the next directory."""
    count_letter, offset, step, room = ("Q", "Q", 20, 8) if big else ("H", "L", 12, 4)
    (count,) = struct.unpack_from(order + count_letter, data, place)
    first = place + struct.calcsize(order + count_letter)
    (following,) = struct.unpack_from(order + offset, data, first + step * count)
    entries = {}
    for start in range(first, first + step * count, step):
        tag, kind, number = struct.unpack_from(order + "HH" + offset, data, start)
        if kind not in _LETTERS or tag not in (_SUB_IFDS, *sum(_DATA, ())):
            continue
        value = start + step - room
        if number * _SIZES[kind] > room:
            (value,) = struct.unpack_from(order + offset, data, value)
        entries[tag] = list(struct.unpack_from(f"{order}{number}{_LETTERS[kind]}", data, value))
    return entries, following
