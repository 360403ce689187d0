"""Splits XMP into segments of a JPEG file, each at most 64 kB long, and joins them."""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from keras_f2a.imaging.jpeg_segments import APP1, LARGEST_CONTENT, Segment, parts_of
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


def xmp_of(segments: Sequence[Segment]) -> Xmp:
    """Return the XMP of a JPEG file. An incomplete extension is ignored."""
    contents = [segment.content for segment in segments if segment.marker == APP1]
    packet = next((c[len(_PACKET_NAME) :] for c in contents if c.startswith(_PACKET_NAME)), b"")
    identifier = Packet(packet).get(NOTE, "HasExtendedXMP")
    parts = {}
    for content in contents:
        if content.startswith(_PART_NAME) and len(content) > _PART_HEADER:
            named = content[len(_PART_NAME) : len(_PART_NAME) + _IDENTIFIER_LENGTH]
            whole, start = struct.unpack_from(">II", content, _PART_HEADER - 8)
            if named.decode("latin-1") == identifier:
                parts[start] = content[_PART_HEADER:], whole
    extension = b"".join(parts[start][0] for start in sorted(parts))
    is_whole = all(whole == len(extension) for _, whole in parts.values())
    return Xmp(packet, extension if is_whole else b"")


def xmp_segments(xmp: Xmp) -> list[Segment]:
    """Return the segments that hold XMP in a JPEG file.

    A packet of more than 64 kB, which other formats allow, goes into the extension.
    """
    packet, extension = xmp.packet, xmp.extension
    if not packet:
        return []
    if len(packet) > LARGEST_CONTENT - len(_PACKET_NAME):
        packet, extension = new_packet(NOTE, "HasExtendedXMP", "0", prefix="xmpNote"), packet
    identifier = hashlib.md5(extension, usedforsecurity=False).hexdigest().upper()
    packet = _naming(packet, identifier if extension else None)
    segments = [Segment(APP1, _PACKET_NAME + packet)]
    for number, part in enumerate(parts_of(extension, LARGEST_CONTENT - _PART_HEADER)):
        start = number * (LARGEST_CONTENT - _PART_HEADER)
        place = struct.pack(">II", len(extension), start)
        segments.append(Segment(APP1, _PART_NAME + identifier.encode() + place + part))
    return segments


def without_companions(xmp: Xmp) -> Xmp:
    """Remove the depth maps, sound and second pictures that phones write into XMP."""

    def cleaned(data: bytes) -> bytes:
        packet = Packet(data)
        for namespace in (DEPTH, IMAGE, SOUND, *DYNAMIC_DEPTH):
            packet.remove(namespace)
        return bytes(packet)

    return Xmp(cleaned(xmp.packet), cleaned(xmp.extension))


def packet_alone(xmp: Xmp) -> bytes:
    """Return the packet without a reference to an extension, for formats that have none."""
    return _naming(xmp.packet, None)


def _naming(data: bytes, identifier: str | None) -> bytes:
    packet = Packet(data)
    if identifier is None:
        packet.remove(NOTE, "HasExtendedXMP")
    else:
        packet.set(NOTE, "HasExtendedXMP", identifier)
    return bytes(packet)
