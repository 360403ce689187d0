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
    BoxReader,
    DamagedBoxesError,
    inner_boxes,
    top_level_boxes,
)

_IN_FILE, _IN_IDAT, _IN_ITEMS = 0, 1, 2
_HEVC = {b"hvc1", b"hev1"}
# No coded picture ends in this many zeros. They mean that the rest of the file has not arrived.
_ZEROS = bytes(16)


@dataclass
class _Item:
    type: bytes = b""
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
        parsers = {b"pitm": self._read_primary, b"iinf": self._read_types}
        parsers |= {b"iloc": self._read_locations, b"iref": self._read_references}
        parsers |= {b"iprp": self._read_properties}
        meta = next((box for box in top_level_boxes(data) if box.type == b"meta"), None)
        if meta is None:
            return
        reader = BoxReader(data, meta)
        reader.read_version_and_flags()
        for box in inner_boxes(data, reader.rest):
            if box.type == b"idat":
                self._idat = box
            elif box.type in parsers:
                parsers[box.type](box)

    def check_complete(self) -> None:
        """Check that the file holds the data of all items and that HEVC data is complete.

        Raises:
            DamagedBoxesError: Data is missing or incomplete.
        """
        for item in self._items.values():
            self._check_extents(item)
        for item_id in self._picture_items(self._primary):
            item = self._items.get(item_id, _Item())
            if item.type in _HEVC:
                self._check_hevc(item)

    def colors(self) -> Cicp | None:
        """Return the color codes of the main picture, or `None` if it has a profile or no codes.

        A profile takes precedence over codes because it says more. If a grid of tiles has no codes,
        its tiles are searched for them, and finally the HEVC stream.
        """
        item_ids = self._picture_items(self._primary)
        for item_id in item_ids:
            codes = None
            for box in self._items.get(item_id, _Item()).properties:
                if box.type != b"colr":
                    continue
                reader = BoxReader(self._data, box)
                profile_type = reader.read_bytes(4)
                if profile_type in (b"prof", b"rICC"):
                    return None
                if profile_type == b"nclx":
                    codes = Cicp(reader.read_uint(2), reader.read_uint(2))
            if codes is not None and codes != UNSPECIFIED:
                return codes
        configurations = (
            bytes(self._data[box.start : box.end])
            for item_id in item_ids
            for box in self._items.get(item_id, _Item()).properties
            if box.type == b"hvcC"
        )
        return next((codes for codes in map(hevc_colors, configurations) if codes), None)

    def main_properties(self) -> list[Box]:
        """Return the properties of the main picture."""
        return self._items.get(self._primary, _Item()).properties

    def depth(self) -> int:
        """Return the bits per channel of an AVIF file's main picture, or 8 if it does not say."""
        for item_id in self._picture_items(self._primary):
            for box in self._items.get(item_id, _Item()).properties:
                if box.type == b"av1C" and box.end - box.start >= 3:
                    flags = self._data[box.start + 2]
                    return 8 if not flags & 0x40 else 12 if flags & 0x20 else 10
        return 8

    def _picture_items(self, item_id: int) -> list[int]:
        """Return an item, followed by the items that its picture consists of, each once."""
        item_ids = {item_id: None}
        pending = [item_id]
        while pending:
            source_ids = self._items.get(pending.pop(), _Item()).references.get(b"dimg", [])
            pending += [source_id for source_id in source_ids if source_id not in item_ids]
            item_ids |= dict.fromkeys(source_ids)
        return list(item_ids)

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
        source_item = self._items.get(sources[index], _Item())
        if source_item.method == _IN_ITEMS:
            raise DamagedBoxesError("its items refer to each other in a circle")
        return sum(end - start for start, end in self._byte_ranges(source_item))

    def _byte_ranges(self, item: _Item) -> list[tuple[int, int]]:
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
            if box.type == b"hvcC" and box.end - box.start > 21
        ]
        ranges = self._byte_ranges(item)
        if len(ranges) > 1 or not sizes or not item.extents[0][2]:
            return  # NAL units may continue from one extent to the next.
        ((offset, end),) = ranges
        while offset < end:
            unit_start = offset + sizes[0]
            offset = unit_start + int.from_bytes(self._data[offset:unit_start], "big")
            if offset == unit_start or offset > end:
                raise DamagedBoxesError("the data of a picture is incomplete")
            tail_start = offset - len(_ZEROS)
            if tail_start >= unit_start and self._data[tail_start:offset] == _ZEROS:
                raise DamagedBoxesError("the data of a picture ends in zeros")

    def _read_primary(self, box: Box) -> None:
        reader = BoxReader(self._data, box)
        version, _ = reader.read_version_and_flags()
        self._primary = reader.read_uint(2 if version == 0 else 4)

    def _read_types(self, box: Box) -> None:
        reader = BoxReader(self._data, box)
        version, _ = reader.read_version_and_flags()
        reader.read_uint(2 if version == 0 else 4)
        for entry in inner_boxes(self._data, reader.rest):
            reader = BoxReader(self._data, entry)
            version, _ = reader.read_version_and_flags()
            if version >= 2:
                item = self._item(reader.read_uint(2 if version == 2 else 4))
                reader.read_uint(2)
                item.type = reader.read_bytes(4)

    def _read_locations(self, box: Box) -> None:
        reader = BoxReader(self._data, box)
        version, _ = reader.read_version_and_flags()
        sizes, more = reader.read_uint(1), reader.read_uint(1)
        offset_size, length_size, base_size = sizes >> 4, sizes & 15, more >> 4
        index_size = more & 15 if version in (1, 2) else 0
        id_size = 2 if version < 2 else 4
        for _ in range(reader.read_uint(id_size)):
            item = self._item(reader.read_uint(id_size))
            item.method = reader.read_uint(2) & 15 if version in (1, 2) else _IN_FILE
            reader.read_uint(2)  # The index of another file, which photographs do not use.
            base = reader.read_uint(base_size)
            for _ in range(reader.read_uint(2)):
                source = reader.read_uint(index_size)
                offset = base + reader.read_uint(offset_size)
                item.extents.append((source, offset, reader.read_uint(length_size)))

    def _read_references(self, box: Box) -> None:
        reader = BoxReader(self._data, box)
        version, _ = reader.read_version_and_flags()
        id_size = 2 if version == 0 else 4
        for entry in inner_boxes(self._data, reader.rest):
            reader = BoxReader(self._data, entry)
            item = self._item(reader.read_uint(id_size))
            targets = [reader.read_uint(id_size) for _ in range(reader.read_uint(2))]
            item.references.setdefault(entry.type, []).extend(targets)

    def _read_properties(self, box: Box) -> None:
        for child in inner_boxes(self._data, box):
            if child.type == b"ipco":
                self._properties = list(inner_boxes(self._data, child))
            elif child.type == b"ipma":
                self._read_associations(BoxReader(self._data, child))

    def _read_associations(self, reader: BoxReader) -> None:
        version, flags = reader.read_version_and_flags()
        size = 2 if flags & 1 else 1
        for _ in range(reader.read_uint(4)):
            item = self._item(reader.read_uint(2 if version == 0 else 4))
            for _ in range(reader.read_uint(1)):
                index = reader.read_uint(size) & ((1 << (8 * size - 1)) - 1)
                if 0 < index <= len(self._properties):
                    item.properties.append(self._properties[index - 1])

    def _item(self, item_id: int) -> _Item:
        return self._items.setdefault(item_id, _Item())
