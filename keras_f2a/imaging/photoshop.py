"""Reads Photoshop's blocks in a JPEG file, one of which holds IPTC captions and keywords."""

import struct
from collections.abc import Iterator, Sequence

from keras_f2a.imaging.jpeg_segments import APP13, LARGEST_CONTENT, Segment, parts_of

_NAME = b"Photoshop 3.0\0"
_BLOCK = b"8BIM"
_PREVIEWS = {0x0409, 0x040C}


def photoshop_segments(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments of a JPEG file that hold Photoshop's blocks.

    They stay byte for byte, except that previews are left out, because they show the photograph
    before its correction.
    """
    found = [s for s in segments if s.marker == APP13 and s.content.startswith(_NAME)]
    joined = b"".join(segment.content.removeprefix(_NAME) for segment in found)
    kept = without_previews(joined)
    if kept == joined:
        return found
    return [Segment(APP13, _NAME + part) for part in parts_of(kept, LARGEST_CONTENT - len(_NAME))]


def without_previews(data: bytes) -> bytes:
    """Return Photoshop's blocks without those that hold a preview."""
    previews = [(start, end) for number, start, end in _blocks(data) if number in _PREVIEWS]
    for start, end in reversed(previews):
        data = data[:start] + data[end:]
    return data


def _blocks(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the number, start and end of each complete block.

    The name and the data of a block are padded to an even length.
    """
    start = 0
    while data[start : start + 4] == _BLOCK and len(data) >= start + 12:
        (number,) = struct.unpack_from(">H", data, start + 4)
        size_at = start + 6 + (data[start + 6] + 2) // 2 * 2
        if size_at + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, size_at)
        end = size_at + 4 + size
        if end > len(data):
            return
        end += size % 2
        yield number, start, min(end, len(data))
        start = end
