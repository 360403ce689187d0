"""Walks the boxes of an ISO base media file, which HEIC, AVIF and CR3 files are."""

import mmap
from collections.abc import Iterator
from dataclasses import dataclass


class DamagedBoxesError(ValueError):
    """The boxes of a file contradict each other, or run past its end; the text says how."""


@dataclass(frozen=True)
class Box:
    """One box.

    Attributes:
        kind: Its four characters.
        start: Where its content begins in the file.
        end: Where it ends.
    """

    kind: bytes
    start: int
    end: int


class Fields:
    """Big-endian numbers and texts that are read one after the other from a box.

    Args:
        data: The file.
        box: The box whose content is read.
    """

    def __init__(self, data: bytes | mmap.mmap, box: Box):
        self._data, self._place, self._end = data, box.start, box.end

    def number(self, size: int) -> int:
        """Read an unsigned number of `size` bytes; 0 for a size of 0."""
        return int.from_bytes(self.bytes(size), "big")

    def bytes(self, size: int) -> bytes:
        """Read `size` bytes.

        Raises:
            DamagedBoxesError: The box does not hold so many.
        """
        if self._place + size > self._end:
            raise DamagedBoxesError("a box is shorter than what it holds")
        self._place += size
        return bytes(self._data[self._place - size : self._place])

    def version_and_flags(self) -> tuple[int, int]:
        """Read what a full box begins with."""
        return self.number(1), self.number(3)

    @property
    def rest(self) -> Box:
        """What has not been read yet, as a box without a name."""
        return Box(b"", self._place, self._end)

    def __bool__(self):
        return self._place < self._end


def top_level_boxes(data: bytes | mmap.mmap) -> Iterator[Box]:
    """Yield the boxes of a file in their order.

    What follows the last box and is none, such as the trailer of some phones, ends the walk.

    Args:
        data: The whole file.

    Raises:
        DamagedBoxesError: A box runs past the end of the file.
    """
    place = 0
    while place + 8 <= len(data):
        box = _box_at(data, place, len(data))
        if box is None:
            return
        if box.end > len(data):
            raise DamagedBoxesError(
                f"it ends after {len(data)} bytes, {box.end - len(data)} bytes too early"
            )
        yield box
        place = box.end


def inner_boxes(data: bytes | mmap.mmap, outer: Box) -> Iterator[Box]:
    """Yield the boxes inside another one.

    Args:
        data: The whole file.
        outer: The part that holds nothing else than boxes.

    Raises:
        DamagedBoxesError: A box runs past the end of the outer one.
    """
    place = outer.start
    while place + 8 <= outer.end:
        box = _box_at(data, place, outer.end)
        if box is None or box.end > outer.end:
            raise DamagedBoxesError("a box runs past the end of the one that holds it")
        yield box
        place = box.end


def brands(start: bytes) -> list[bytes]:
    """Return the brands of a file, the major one first; none for a file of another kind.

    Args:
        start: The beginning of the file, 4 KB or more unless it is shorter.
    """
    box = _box_at(start, 0, len(start)) if len(start) >= 8 else None
    if box is None or box.kind != b"ftyp":
        return []
    content = bytes(start[box.start : box.end])
    names = [content[place : place + 4] for place in range(0, len(content) - 3, 4)]
    return names[:1] + names[2:]  # The second is the version of the first.


def _box_at(data: bytes | mmap.mmap, place: int, end: int) -> Box | None:
    """Return the box that begins there, or `None` if none can."""
    size, kind = int.from_bytes(data[place : place + 4], "big"), bytes(data[place + 4 : place + 8])
    header = 8
    if not all(0x20 <= letter < 0x7F or letter == 0xA9 for letter in kind):
        return None
    if size == 1:
        header, size = 16, int.from_bytes(data[place + 8 : place + 16], "big")
    elif size == 0:
        size = max(end - place, header)
    return Box(kind, place + header, place + size) if size >= header else None
