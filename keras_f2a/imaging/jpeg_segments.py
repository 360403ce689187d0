"""Reads and writes the segments of a JPEG file, which hold everything except its pixels."""

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

APP0, APP1, APP2, APP13 = 0xE0, 0xE1, 0xE2, 0xED
MAX_CONTENT_SIZE = 0xFFFF - 2
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_EXIF_NAME = b"Exif\0\0"
_PROFILE_NAME = b"ICC_PROFILE\0"
# In coded pixels, a zero or a restart marker follows 0xFF. `re` is fastest with a pattern that
# starts with a literal byte.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


@dataclass(frozen=True)
class Segment:
    """A marker with its content.

    Attributes:
        marker: The second byte of the marker, for example `APP1`.
        content: The bytes after the length.
    """

    marker: int
    content: bytes

    def __bytes__(self) -> bytes:
        """Return the segment as stored in a file."""
        return struct.pack(">BBH", 0xFF, self.marker, len(self.content) + 2) + self.content


def is_jpeg(data: bytes) -> bool:
    """Return whether the bytes start like a JPEG file."""
    return data[:3] == b"\xff\xd8\xff"


def read_segments(data: bytes) -> list[Segment]:
    """Return the segments before the coded pixels, in order.

    For a damaged file, return those before the damage.
    """
    return [Segment(marker, data[start:end]) for marker, start, end in _segments(data)]


def picture_end(data: bytes | bytearray, start: int = 0) -> int | None:
    """Return the position after a JPEG picture that starts at `start`.

    Args:
        data: Bytes that contain the picture. Others may follow it.
        start: The position of its first byte.

    Returns:
        The position after its end marker, or `None` if there is no complete picture.
    """
    position, has_scan = start + 2, False
    if data[start : start + 3] != b"\xff\xd8\xff":
        return None
    while match := _NEXT_MARKER.search(data, position):
        if not has_scan and data[position : match.start()].strip(b"\xff"):
            return None  # Only fill bytes (0xFF) may separate segments.
        marker, position = data[match.end() - 1], match.end()
        if marker == _END:
            return position if has_scan else None
        if marker == _START or len(data) < position + 2:
            return None
        position += struct.unpack_from(">H", data, position)[0]
        has_scan |= marker == _SCAN
    return None


def with_segments(
    jpeg: bytes, segments: Sequence[Segment], removed: Sequence[Segment] = ()
) -> bytes:
    """Add segments to a JPEG file, after the JFIF segment if it has one.

    Args:
        jpeg: The file.
        segments: The segments to add, in order.
        removed: The segments of the file to remove.
    """
    before: list[Segment] = []
    kept: list[Segment] = []
    pixels_start = 2
    for marker, start, end in _segments(jpeg):
        segment = Segment(marker, jpeg[start:end])
        pixels_start = end
        if segment not in removed:
            (before if marker == APP0 and not kept else kept).append(segment)
    parts = [jpeg[:2], *map(bytes, [*before, *segments, *kept]), jpeg[pixels_start:]]
    return b"".join(parts)


def exif_segments(exif: bytes) -> list[Segment]:
    r"""Return the segments for an EXIF block, which starts with ``Exif\0\0``.

    A block of more than 64 kB is split into several segments, which readers join.
    """
    return [
        Segment(APP1, _EXIF_NAME + part)
        for part in split_bytes(exif.removeprefix(_EXIF_NAME), MAX_CONTENT_SIZE - len(_EXIF_NAME))
    ]


def read_exif(segments: Sequence[Segment]) -> bytes:
    r"""Join the segments that hold an EXIF block, and return it with its ``Exif\0\0``.

    A second block, which some programs leave in the file, is ignored.
    """
    parts = [
        segment.content.removeprefix(_EXIF_NAME)
        for segment in segments
        if segment.marker == APP1 and segment.content.startswith(_EXIF_NAME)
    ]
    continuations = [part for part in parts[1:] if part[:4] not in (b"II*\0", b"MM\0*")]
    return _EXIF_NAME + b"".join(parts[:1] + continuations) if parts else b""


def profile_segments(profile: bytes) -> list[Segment]:
    """Return the segments for a color profile.

    Raises:
        ValueError: The profile does not fit into 255 segments, the most that a file can number.
    """
    parts = split_bytes(profile, MAX_CONTENT_SIZE - len(_PROFILE_NAME) - 2)
    if len(parts) > 255:
        raise ValueError("the color profile is too large for a JPEG file")
    return [
        Segment(APP2, _PROFILE_NAME + bytes([index, len(parts)]) + part)
        for index, part in enumerate(parts, start=1)
    ]


def split_bytes(data: bytes, size: int) -> list[bytes]:
    """Split bytes into parts of `size`. The last part may be shorter."""
    return [data[start : start + size] for start in range(0, len(data), size)]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each segment's marker and the start and end of its content, up to the first scan."""
    position = 2
    while True:
        while data[position : position + 2] == b"\xff\xff":
            position += 1
        if len(data) < position + 4 or data[position] != 0xFF:
            return
        marker = data[position + 1]
        end = position + 2 + struct.unpack_from(">H", data, position + 2)[0]
        if marker in (_SCAN, _END) or end > len(data):
            return
        yield marker, position + 4, end
        position = end
