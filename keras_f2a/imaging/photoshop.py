"""Reads Photoshop's blocks in a JPEG file, one of which holds IPTC captions and keywords."""

import struct
from collections.abc import Iterator, Sequence

from keras_f2a.imaging.jpeg_segments import APP13, MAX_CONTENT_SIZE, Segment, split_bytes

_NAME = b"Photoshop 3.0\0"
_BLOCK_SIGNATURE = b"8BIM"
_PREVIEW_IDS = {0x0409, 0x040C}


def photoshop_segments(segments: Sequence[Segment]) -> list[Segment]:
    """Return the segments of a JPEG file that hold Photoshop's blocks.

    They stay byte for byte, except that previews are left out, because they show the photograph
    before its correction.
    """
    photoshop = [s for s in segments if s.marker == APP13 and s.content.startswith(_NAME)]
    joined = b"".join(segment.content.removeprefix(_NAME) for segment in photoshop)
    kept = without_previews(joined)
    if kept == joined:
        return photoshop
    return [
        Segment(APP13, _NAME + part) for part in split_bytes(kept, MAX_CONTENT_SIZE - len(_NAME))
    ]


def without_previews(data: bytes) -> bytes:
    """Return Photoshop's blocks without those that hold a preview."""
    previews = [
        (start, end) for resource_id, start, end in _blocks(data) if resource_id in _PREVIEW_IDS
    ]
    for start, end in reversed(previews):
        data = data[:start] + data[end:]
    return data


def _blocks(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the number, start and end of each complete block.

    The name and the data of a block are padded to an even length.
    """
    start = 0
    while data[start : start + 4] == _BLOCK_SIGNATURE and len(data) >= start + 12:
        (resource_id,) = struct.unpack_from(">H", data, start + 4)
        size_offset = start + 6 + (data[start + 6] + 2) // 2 * 2
        if size_offset + 4 > len(data):
            return
        (size,) = struct.unpack_from(">I", data, size_offset)
        end = size_offset + 4 + size
        if end > len(data):
            return
        end += size % 2
        yield resource_id, start, min(end, len(data))
        start = end
