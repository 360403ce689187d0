"""Reads and edits the XMP directory in which phones list what follows the picture in a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from keras_f2a.imaging.xmp import CAMERA, CONTAINER, GAIN_MAP, ITEM, Packet

PRIMARY, GAIN_MAP_ITEM = "Primary", "GainMap"


@dataclass(frozen=True)
class Item:
    """One part of a file.

    Attributes:
        semantic: What it is, for example ``Primary``, ``GainMap``, ``MotionPhoto`` or ``Depth``.
        length: Size in bytes. 0 if the directory does not say, as for the primary picture.
    """

    semantic: str
    length: int


def read_items(data: bytes) -> list[Item]:
    """Return the items of a packet's directory, in file order."""
    packet = Packet(data)
    return [item for _, item in _items(packet)]


def declares_gain_map(data: bytes) -> bool:
    """Return whether a packet announces a gain map or holds the parameters of one."""
    packet = Packet(data)
    return packet.uses(GAIN_MAP) or any(
        item.semantic == GAIN_MAP_ITEM for _, item in _items(packet)
    )


def update_directory(data: bytes, gain_map_length: int | None) -> bytes:
    """Return a packet that announces only the parts that the result has.

    Args:
        data: The packet.
        gain_map_length: Size in bytes of the gain map after the picture, or `None` if there is
            none.
    """
    packet = Packet(data)
    for name in ("MotionPhoto", "MicroVideo"):  # Also removes versions, offsets and times.
        packet.remove(CAMERA, rf"{name}\w*")
    if gain_map_length is None:
        packet.remove(GAIN_MAP)
    items = _items(packet)
    has_gain_map = any(item.semantic == GAIN_MAP_ITEM for _, item in items)
    if gain_map_length is None or not has_gain_map:
        packet.remove(CONTAINER)
        return bytes(packet)
    for text, item in items:
        if item.semantic == GAIN_MAP_ITEM:
            packet.text = packet.text.replace(text, _with_length(packet, text, gain_map_length))
        elif item.semantic != PRIMARY:
            packet.text = packet.text.replace(text, "")
    packet.set(ITEM, "Padding", "0")
    return bytes(packet)


def _items(packet: Packet) -> Sequence[tuple[str, Item]]:
    items: list[tuple[str, Item]] = []
    if not packet.uses(ITEM):
        return items
    for text in packet.list_items():
        if "Semantic" not in text:  # Skip other lists, which may be long.
            continue
        part = packet.part(text)
        semantic = part.get(ITEM, "Semantic")
        if semantic is not None:
            length = re.fullmatch(r"\d+", part.get(ITEM, "Length") or "")
            items.append((text, Item(semantic, int(length[0]) if length else 0)))
    return items


def _with_length(packet: Packet, text: str, length: int) -> str:
    part = packet.part(text)
    part.set(ITEM, "Length", str(length))
    return part.text.removeprefix(packet.namespaces)
