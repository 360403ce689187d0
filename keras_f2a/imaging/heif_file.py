"""Parses the items of a HEIC or AVIF file to check that it is complete and to read color codes.

Decoders fill missing data with green, so that a truncated file seems to decode correctly.
ISO/IEC 14496-12 (boxes, ``iloc``) and 23008-12 (items, properties, ``grid``) define the structure.
"""

import mmap
from dataclasses import dataclass, field

from keras_f2a.imaging.cicp import UNSPECIFIED, Cicp
from keras_f2a.imaging.hevc_colors import hevc_colors
from keras_f2a.imaging.iso_boxes import (
    Box,
    DamagedBoxesError,
    Fields,
    inner_boxes,
    top_level_boxes,
)

_IN_FILE, _IN_IDAT, _IN_ITEMS = 0, 1, 2
_HEVC = {b"hvc1", b"hev1"}
# No coded picture ends in this many zeros. They mean that the rest of the file has not arrived.
_ZEROS = bytes(16)


@dataclass
class _Item:
    kind: bytes = b""
    method: int = _IN_FILE
    extents: list[tuple[int, int, int]] = field(default_factory=list)  # source, offset, length
    properties: list[Box] = field(default_factory=list)
    references: dict[bytes, list[int]] = field(default_factory=dict)


class HeifFile:
    """The structure of one HEIC or AVIF file.

    Args:
        data: The whole file, for example memory-mapped.

    Raises:
        DamagedBoxesError: A box runs past the end of the file or of its parent box.
    """

    def __init__(self, data: bytes | mmap.mmap):
        self._data = data
        self._items: dict[int, _Item] = {}
        self._properties: list[Box] = []
        self._primary = 0
        self._idat = Box(b"idat", 0, 0)
        parsers = {b"pitm": self._read_primary, b"iinf": self._read_kinds}
        parsers |= {b"iloc": self._read_places, b"iref": self._read_references}
        parsers |= {b"iprp": self._read_properties}
        for meta in [box for box in top_level_boxes(data) if box.kind == b"meta"][:1]:
            fields = Fields(data, meta)
            fields.version_and_flags()
            for box in inner_boxes(data, fields.rest):
                if box.kind == b"idat":
                    self._idat = box
                elif box.kind in parsers:
                    parsers[box.kind](box)

    def check_whole(self) -> None:
        """Check that the file holds the data of all items and that HEVC data is complete.

        Raises:
            DamagedBoxesError: Data is missing or incomplete.
        """
        for item in self._items.values():
            self._check_extents(item)
        for number in self._parts(self._primary):
            item = self._items.get(number, _Item())
            if item.kind in _HEVC:
                self._check_hevc(item)

    def colors(self) -> Cicp | None:
        """Return the color codes of the main picture, or `None` if it has a profile or no codes.

        A profile takes precedence over codes because it says more. If a grid of tiles has no codes,
        its tiles are searched for them, and finally the HEVC stream.
        """
        parts = self._parts(self._primary)
        for number in parts:
            codes = None
            for box in self._items.get(number, _Item()).properties:
                if box.kind != b"colr":
                    continue
                fields = Fields(self._data, box)
                kind = fields.bytes(4)
                if kind in (b"prof", b"rICC"):
                    return None
                if kind == b"nclx":
                    codes = Cicp(fields.number(2), fields.number(2))
            if codes is not None and codes != UNSPECIFIED:
                return codes
        configurations = (
            bytes(self._data[box.start : box.end])
            for number in parts
            for box in self._items.get(number, _Item()).properties
            if box.kind == b"hvcC"
        )
        return next((found for found in map(hevc_colors, configurations) if found), None)

    def main_properties(self) -> list[Box]:
        """Return the properties of the main picture."""
        return self._items.get(self._primary, _Item()).properties

    def depth(self) -> int:
        """Return the bits per channel of an AVIF file's main picture, or 8 if it does not say."""
        for number in self._parts(self._primary):
            for box in self._items.get(number, _Item()).properties:
                if box.kind == b"av1C" and box.end - box.start >= 3:
                    flags = self._data[box.start + 2]
                    return 8 if not flags & 0x40 else 12 if flags & 0x20 else 10
        return 8

    def _parts(self, number: int) -> list[int]:
        """Return an item, followed by the items that its picture consists of, each once."""
        parts = {number: None}
        waiting = [number]
        while waiting:
            made_of = self._items.get(waiting.pop(), _Item()).references.get(b"dimg", [])
            waiting += [part for part in made_of if part not in parts]
            parts |= dict.fromkeys(made_of)
        return list(parts)

    def _check_extents(self, item: _Item) -> None:
        for source, offset, length in item.extents:
            available = self._source_size(item, source)
            if offset + length > available:
                raise DamagedBoxesError(
                    f"a picture in it ends at byte {offset + length} of {available}"
                )

    def _source_size(self, item: _Item, source: int) -> int:
        if item.method == _IN_FILE:
            return len(self._data)
        if item.method == _IN_IDAT:
            return self._idat.end - self._idat.start
        if item.method != _IN_ITEMS:
            raise DamagedBoxesError("it stores a picture in an unknown way")
        sources = item.references.get(b"iloc", [])
        index = max(source, 1) - 1
        if index >= len(sources):
            raise DamagedBoxesError("a part of a picture is missing")
        other = self._items.get(sources[index], _Item())
        if other.method == _IN_ITEMS:
            raise DamagedBoxesError("its items refer to each other in a circle")
        return sum(last - first for first, last in self._places(other))

    def _places(self, item: _Item) -> list[tuple[int, int]]:
        """Return the byte ranges of an item's data. The data must not be in other items."""
        start, end = 0, len(self._data)
        if item.method == _IN_IDAT:
            start, end = self._idat.start, self._idat.end
        return [
            (start + offset, start + offset + length if length else end)
            for _, offset, length in item.extents
        ]

    def _check_hevc(self, item: _Item) -> None:
        """Check the NAL units of a coded picture, each of which starts with its length."""
        if item.method == _IN_ITEMS:
            return
        if not item.extents:
            raise DamagedBoxesError("a part of the picture is missing")
        sizes = [
            (self._data[box.start + 21] & 3) + 1
            for box in item.properties
            if box.kind == b"hvcC" and box.end - box.start > 21
        ]
        places = self._places(item)
        if len(places) > 1 or not sizes or not item.extents[0][2]:
            return  # NAL units may continue from one extent to the next.
        ((place, end),) = places
        while place < end:
            first = place + sizes[0]
            place = first + int.from_bytes(self._data[place:first], "big")
            if place == first or place > end:
                raise DamagedBoxesError("the data of a picture is incomplete")
            if place - first >= len(_ZEROS) and self._data[place - len(_ZEROS) : place] == _ZEROS:
                raise DamagedBoxesError("the data of a picture ends in zeros")

    def _read_primary(self, box: Box) -> None:
        fields = Fields(self._data, box)
        version, _ = fields.version_and_flags()
        self._primary = fields.number(2 if version == 0 else 4)

    def _read_kinds(self, box: Box) -> None:
        fields = Fields(self._data, box)
        version, _ = fields.version_and_flags()
        fields.number(2 if version == 0 else 4)
        for entry in inner_boxes(self._data, fields.rest):
            fields = Fields(self._data, entry)
            version, _ = fields.version_and_flags()
            if version >= 2:
                item = self._item(fields.number(2 if version == 2 else 4))
                fields.number(2)
                item.kind = fields.bytes(4)

    def _read_places(self, box: Box) -> None:
        fields = Fields(self._data, box)
        version, _ = fields.version_and_flags()
        sizes, more = fields.number(1), fields.number(1)
        offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
        index_size = more & 15 if version in (1, 2) else 0
        wide = 2 if version < 2 else 4
        for _ in range(fields.number(wide)):
            item = self._item(fields.number(wide))
            item.method = fields.number(2) & 15 if version in (1, 2) else _IN_FILE
            fields.number(2)  # The index of another file, which photographs do not use.
            base = fields.number(base_size)
            for _ in range(fields.number(2)):
                source = fields.number(index_size)
                offset = base + fields.number(offset_size)
                item.extents.append((source, offset, fields.number(length_size)))

    def _read_references(self, box: Box) -> None:
        fields = Fields(self._data, box)
        version, _ = fields.version_and_flags()
        wide = 2 if version == 0 else 4
        for entry in inner_boxes(self._data, fields.rest):
            fields = Fields(self._data, entry)
            item = self._item(fields.number(wide))
            targets = [fields.number(wide) for _ in range(fields.number(2))]
            item.references.setdefault(entry.kind, []).extend(targets)

    def _read_properties(self, box: Box) -> None:
        for part in inner_boxes(self._data, box):
            if part.kind == b"ipco":
                self._properties = list(inner_boxes(self._data, part))
            elif part.kind == b"ipma":
                self._read_uses(Fields(self._data, part))

    def _read_uses(self, fields: Fields) -> None:
        version, flags = fields.version_and_flags()
        size = 2 if flags & 1 else 1
        for _ in range(fields.number(4)):
            item = self._item(fields.number(2 if version == 0 else 4))
            for _ in range(fields.number(1)):
                index = fields.number(size) & ((1 << (8 * size - 1)) - 1)
                if 0 < index <= len(self._properties):
                    item.properties.append(self._properties[index - 1])

    def _item(self, number: int) -> _Item:
        return self._items.setdefault(number, _Item())
