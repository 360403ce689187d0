"""Walks the boxes of ISO base media files, such as HEIC, AVIF and CR3."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass


class DamagedBoxesError(ValueError):
    """The boxes of a file contradict each other or run past its end. The message says how."""


@dataclass(frozen=True)
class Box:
    """A box of an ISO base media file.

    Attributes:
        type: Its type, four characters.
        start: Start of its content in the file.
        end: End of its content.
    """

    type: bytes
    start: int
    end: int


class BoxReader:
    """Reads big-endian integers and bytes from a box, one after the other.

    Args:
        data: The file.
        box: The box whose content is read.
    """

    def __init__(self, data: bytes | mmap.mmap, box: Box):
        self._data, self._offset, self._end = data, box.start, box.end

    def read_uint(self, size: int) -> int:
        """Read an unsigned integer of `size` bytes. A size of 0 gives 0."""
        return int.from_bytes(self.read_bytes(size), "big")

    def read_bytes(self, size: int) -> bytes:
        """Read `size` bytes.

        Raises:
            DamagedBoxesError: The box has fewer bytes left.
        """
        if self._offset + size > self._end:
            raise DamagedBoxesError("a box is shorter than what it holds")
        self._offset += size
        return bytes(self._data[self._offset - size : self._offset])

    def read_version_and_flags(self) -> tuple[int, int]:
        """Read the version and the flags at the start of a full box."""
        return self.read_uint(1), self.read_uint(3)

    @property
    def rest(self) -> Box:
        """The unread part, as a box without a type."""
        return Box(b"", self._offset, self._end)

    def __bool__(self):
        return self._offset < self._end


def top_level_boxes(data: bytes | mmap.mmap) -> Iterator[Box]:
    """Yield the boxes of a file, in order.

    Data that is not a box, such as the trailer that some phones write, ends the iteration.

    Args:
        data: The whole file.

    Raises:
        DamagedBoxesError: A box runs past the end of the file.
    """
    offset = 0
    while offset + 8 <= len(data):
        box = _box_at(data, offset, len(data))
        if box is None:
            return
        if box.end > len(data):
            raise DamagedBoxesError(
                f"it ends after {len(data)} bytes, {box.end - len(data)} bytes too early"
            )
        yield box
        offset = box.end


def inner_boxes(data: bytes | mmap.mmap, outer: Box) -> Iterator[Box]:
    """Yield the boxes inside another one.

    Args:
        data: The whole file.
        outer: A part of the file that holds only boxes.

    Raises:
        DamagedBoxesError: A box runs past the end of the outer one.
    """
    offset = outer.start
    while offset + 8 <= outer.end:
        box = _box_at(data, offset, outer.end)
        if box is None or box.end > outer.end:
            raise DamagedBoxesError("a box runs past the end of the one that holds it")
        yield box
        offset = box.end


def brands(start: bytes) -> list[bytes]:
    """Return the brands of a file, the major one first. Other kinds of files have none.

    Args:
        start: The beginning of the file, at least 4 KB unless the file is shorter.
    """
    box = _box_at(start, 0, len(start)) if len(start) >= 8 else None
    if box is None or box.type != b"ftyp":
        return []
    content = bytes(start[box.start : box.end])
    names = [content[offset : offset + 4] for offset in range(0, len(content) - 3, 4)]
    return names[:1] + names[2:]  # The second entry is the minor version.


def _box_at(data: bytes | mmap.mmap, offset: int, end: int) -> Box | None:
    """Return the box that starts at `offset`, or `None` if no box can start there."""
    size, box_type = (
        int.from_bytes(data[offset : offset + 4], "big"),
        bytes(data[offset + 4 : offset + 8]),
    )
    header_size = 8
    if not all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in box_type):
        return None
    if size == 1:
        header_size, size = 16, int.from_bytes(data[offset + 8 : offset + 16], "big")
    elif size == 0:
        size = max(end - offset, header_size)
    return Box(box_type, offset + header_size, offset + size) if size >= header_size else None
