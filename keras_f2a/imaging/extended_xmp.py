"""Splits XMP into segments of a JPEG file, each at most 64 kB long, and joins them."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from keras_f2a.imaging.jpeg_segments import APP1, MAX_CONTENT_SIZE, Segment, split_bytes
from keras_f2a.imaging.xmp import DEPTH, DYNAMIC_DEPTH, IMAGE, NOTE, SOUND, Packet, new_packet

_PACKET_NAME = b"http://ns.adobe.com/xap/1.0/\0"
_PART_NAME = b"http://ns.adobe.com/xmp/extension/\0"
_IDENTIFIER_LENGTH = 32
_PART_HEADER = len(_PART_NAME) + _IDENTIFIER_LENGTH + 8


@dataclass(frozen=True)
class Xmp:
    """The XMP of a photograph.

    Attributes:
        packet: The packet that every reader sees. Empty if there is none.
        extension: A second packet for what does not fit into the first. Only JPEG files have one.
    """

    packet: bytes = b""
    extension: bytes = b""

    def __bool__(self) -> bool:
        """Return whether there is any XMP."""
        return bool(self.packet)


def read_xmp(segments: Sequence[Segment]) -> Xmp:
    """Return the XMP of a JPEG file. An incomplete extension is ignored."""
    contents = [segment.content for segment in segments if segment.marker == APP1]
    packets = (content for content in contents if content.startswith(_PACKET_NAME))
    packet = next(packets, b"").removeprefix(_PACKET_NAME)
    identifier = Packet(packet).get(NOTE, "HasExtendedXMP")
    parts = {}
    for content in contents:
        if content.startswith(_PART_NAME) and len(content) > _PART_HEADER:
            part_identifier = content[len(_PART_NAME) : len(_PART_NAME) + _IDENTIFIER_LENGTH]
            total_size, offset = struct.unpack_from(">II", content, _PART_HEADER - 8)
            if part_identifier.decode("latin-1") == identifier:
                parts[offset] = content[_PART_HEADER:], total_size
    extension = b"".join(parts[offset][0] for offset in sorted(parts))
    is_complete = all(total_size == len(extension) for _, total_size in parts.values())
    return Xmp(packet, extension if is_complete else b"")


def xmp_segments(xmp: Xmp) -> list[Segment]:
    """Return the segments that hold XMP in a JPEG file.

    A packet of more than 64 kB, which other formats allow, goes into the extension.
    """
    packet, extension = xmp.packet, xmp.extension
    if not packet:
        return []
    if len(packet) > MAX_CONTENT_SIZE - len(_PACKET_NAME):
        packet, extension = new_packet(NOTE, "HasExtendedXMP", "0", prefix="xmpNote"), packet
    identifier = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    packet = _set_extension_identifier(packet, identifier if extension else None)
    segments = [Segment(APP1, _PACKET_NAME + packet)]
    for index, part in enumerate(split_bytes(extension, MAX_CONTENT_SIZE - _PART_HEADER)):
        offset = index * (MAX_CONTENT_SIZE - _PART_HEADER)
        size_and_offset = struct.pack(">II", len(extension), offset)
        segments.append(Segment(APP1, _PART_NAME + identifier.encode() + size_and_offset + part))
    return segments


def without_companions(xmp: Xmp) -> Xmp:
    """Remove the depth maps, sound and second pictures that phones write into XMP."""

    def clean(data: bytes) -> bytes:
        packet = Packet(data)
        for namespace in (DEPTH, IMAGE, SOUND, *DYNAMIC_DEPTH):
            packet.remove(namespace)
        return bytes(packet)

    return Xmp(clean(xmp.packet), clean(xmp.extension))


def standalone_packet(xmp: Xmp) -> bytes:
    """Return the packet without a reference to an extension, for formats that have none."""
    return _set_extension_identifier(xmp.packet, None)


def _set_extension_identifier(data: bytes, identifier: str | None) -> bytes:
    packet = Packet(data)
    if identifier is None:
        packet.remove(NOTE, "HasExtendedXMP")
    else:
        packet.set(NOTE, "HasExtendedXMP", identifier)
    return bytes(packet)
