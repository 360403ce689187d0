"""Checks that a file with TIFF structure holds all the data that its directories point to."""

import mmap
import struct

_SIZES = {3: 2, 4: 4, 13: 4, 16: 8, 18: 8}
_FORMATS = {3: "H", 4: "L", 13: "L", 16: "Q", 18: "Q"}
_SUB_IFDS = 330
_DATA_TAGS = ((273, 279), (324, 325))  # Positions and lengths of strips and tiles.
_MAX_DIRECTORIES = 1000
_UNKNOWN_OFFSET = 0xFFFFFFFF  # Some cameras use their own tag for the position.


def missing_bytes(data: bytes | mmap.mmap) -> int:
    """Return how many bytes strips, tiles and directories extend past the end of the file.

    Args:
        data: The whole TIFF or BigTIFF file. For files of another structure, the result is 0.
    """
    if data[:4] not in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return 0
    order = "<" if data[:2] == b"II" else ">"
    is_big = data[2:4] in (b"+\0", b"\0+")
    offset_format = "Q" if is_big else "L"
    end = len(data)
    seen: set[int] = set()
    try:
        pending = list(struct.unpack_from(order + offset_format, data, 8 if is_big else 4))
        while pending and len(seen) < _MAX_DIRECTORIES:
            offset = pending.pop()
            if offset in seen or offset == 0:
                continue
            seen.add(offset)
            entries, next_directory = _directory(data, offset, order, is_big)
            pending += [next_directory, *entries.get(_SUB_IFDS, [])]
            for offsets_tag, lengths_tag in _DATA_TAGS:
                pairs = zip(
                    entries.get(offsets_tag, []), entries.get(lengths_tag, []), strict=False
                )
                ends = (start + length for start, length in pairs if start != _UNKNOWN_OFFSET)
                end = max([end, *ends])
    except struct.error:
        return max(end - len(data), 1)
    return end - len(data)


def _directory(
    data: bytes | mmap.mmap, offset: int, order: str, is_big: bool
) -> tuple[dict[int, list], int]:
    """Return the values of the relevant tags, and the position of the next directory."""
    layout = ("Q", "Q", 20, 8) if is_big else ("H", "L", 12, 4)
    count_format, offset_format, entry_size, inline_size = layout
    (entry_count,) = struct.unpack_from(order + count_format, data, offset)
    first = offset + struct.calcsize(order + count_format)
    end = first + entry_size * entry_count
    (next_directory,) = struct.unpack_from(order + offset_format, data, end)
    entries = {}
    for start in range(first, end, entry_size):
        tag, field_type, value_count = struct.unpack_from(order + "HH" + offset_format, data, start)
        if field_type not in _FORMATS or tag not in (_SUB_IFDS, *sum(_DATA_TAGS, ())):
            continue
        values_offset = start + entry_size - inline_size
        if value_count * _SIZES[field_type] > inline_size:
            (values_offset,) = struct.unpack_from(order + offset_format, data, values_offset)
        values_format = f"{order}{value_count}{_FORMATS[field_type]}"
        entries[tag] = list(struct.unpack_from(values_format, data, values_offset))
    return entries, next_directory
