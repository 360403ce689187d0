"""Names the parts of a photograph's file that its corrected version cannot keep."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_f2a.imaging.container_directory import PRIMARY, read_items
from keras_f2a.imaging.extended_xmp import Xmp
from keras_f2a.imaging.xmp import CAMERA, DYNAMIC_DEPTH, Packet
from keras_f2a.imaging.xmp import DEPTH as DEPTH_NAMESPACE
from keras_f2a.imaging.xmp import SOUND as SOUND_NAMESPACE

VIDEO, DEPTH, SOUND, HDR = "video", "depth map", "sound", "HDR part"
_SEMANTICS = {
    "MotionPhoto": VIDEO,
    "Depth": DEPTH,
    "DepthMap": DEPTH,
    "ConfidenceMap": DEPTH,
    "Audio": SOUND,
}
# Phones write these after the picture, or into the XMP of a second picture.
_MARKS = {
    b"MotionPhoto_Data": VIDEO,
    b"DualShot_DepthMap": DEPTH,
    b"SoundShot_": SOUND,
    b"kCGImageAuxiliaryDataTypeDepth": DEPTH,
    b"kCGImageAuxiliaryDataTypeDisparity": DEPTH,
    b":aux:disparity": DEPTH,
    b":aux:depth": DEPTH,
}
_BOXES = {b"mpvd": VIDEO, b"moov": VIDEO}
_TRAILER_SIZE = 1 << 16
_AUXILIARY = {
    "hdrgainmap": HDR,
    "depth": DEPTH,
    "disparity": DEPTH,
    "urn:mpeg:hevc:2015:auxid:2": DEPTH,
    "urn:mpeg:mpegb:cicp:systems:auxiliary:depth": DEPTH,
}


def jpeg_companions(trailer: bytes, xmp: Xmp) -> tuple[str, ...]:
    """Return the names of known companions in a JPEG file.

    Args:
        trailer: The bytes after the picture, without a gain map that is kept.
        xmp: The XMP of the picture, as stored in the file.

    Returns:
        Each kind once, for example ``("video", "depth map")``.
    """
    companions = [
        _SEMANTICS[item.semantic]
        for item in read_items(xmp.packet)
        if item.semantic in _SEMANTICS and item.semantic != PRIMARY
    ]
    for data in xmp.packet, xmp.extension:
        packet = Packet(data)
        if any(packet.uses(namespace) for namespace in (DEPTH_NAMESPACE, *DYNAMIC_DEPTH)):
            companions.append(DEPTH)
        if packet.uses(SOUND_NAMESPACE):
            companions.append(SOUND)
    if trailer and any(_is_set(xmp.packet, name) for name in ("MotionPhoto", "MicroVideo")):
        companions.append(VIDEO)
    companions += [name for mark, name in _MARKS.items() if mark in trailer]
    if _holds_video(trailer):
        companions.append(VIDEO)
    return _deduplicate(companions)


def heif_companions(data: bytes, information: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the names of known companions in a HEIF file.

    Args:
        data: The file.
        information: The decoder's `Image.info` for the file.
    """
    auxiliary_types = [str(name).lower() for name in information.get("aux") or {}]
    companions = [
        name for mark, name in _AUXILIARY.items() if any(mark in text for text in auxiliary_types)
    ]
    if information.get("depth_images"):
        companions.append(DEPTH)
    for box_type, content in _boxes(data):
        if box_type in _BOXES:
            companions.append(_BOXES[box_type])
        # An item of this type derives an HDR rendition (ISO 21496-1).
        if box_type == b"meta" and b"tmap" in content:
            companions.append(HDR)
    companions += [name for mark, name in _MARKS.items() if mark in data[-_TRAILER_SIZE:]]
    return _deduplicate(companions)


def _is_set(packet: bytes, name: str) -> bool:
    return (Packet(packet).get(CAMERA, name) or "0") != "0"


def _holds_video(data: bytes) -> bool:
    """Return whether an MP4 file starts somewhere in the bytes."""
    offset = data.find(b"ftyp")
    while offset >= 4:
        (size,) = struct.unpack_from(">I", data, offset - 4)
        if 16 <= size <= 256 and size % 4 == 0 and data[offset + 4 : offset + 8].isascii():
            return True
        offset = data.find(b"ftyp", offset + 1)
    return False


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    offset = 0
    while offset + 16 <= len(data):
        size, box_type = struct.unpack_from(">I4s", data, offset)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, offset + 8)
        size = size or len(data) - offset
        if size < 8:
            return
        yield box_type, data[offset + 8 : offset + size] if box_type == b"meta" else b""
        offset += size


def _deduplicate(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
