"""Names the parts of a photograph's file that its corrected version cannot keep."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from keras_f2a.imaging.container_directory import PRIMARY, items_of
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
_AUXILIARY = {
    "hdrgainmap": HDR,
    "depth": DEPTH,
    "disparity": DEPTH,
    "urn:mpeg:hevc:2015:auxid:2": DEPTH,
    "urn:mpeg:mpegb:cicp:systems:auxiliary:depth": DEPTH,
}


def companions_of_jpeg(behind: bytes, xmp: Xmp) -> tuple[str, ...]:
    """Return the names of known companions in a JPEG file.

    Args:
        behind: The bytes after the picture, without a gain map that is kept.
        xmp: The XMP of the picture, as stored in the file.

    Returns:
        Each kind once, for example ``("video", "depth map")``.
    """
    found = [
        _SEMANTICS[item.semantic]
        for item in items_of(xmp.packet)
        if item.semantic in _SEMANTICS and item.semantic != PRIMARY
    ]
    for data in xmp.packet, xmp.extension:
        packet = Packet(data)
        depth = any(packet.uses(namespace) for namespace in (DEPTH_NAMESPACE, *DYNAMIC_DEPTH))
        found += [DEPTH] * depth + [SOUND] * packet.uses(SOUND_NAMESPACE)
    if behind and any(_is_set(xmp.packet, name) for name in ("MotionPhoto", "MicroVideo")):
        found.append(VIDEO)
    found += [kind for mark, kind in _MARKS.items() if mark in behind]
    found += [VIDEO] * _holds_video(behind)
    return _each_once(found)


def companions_of_heif(data: bytes, information: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return the names of known companions in a HEIF file.

    Args:
        data: The file.
        information: The decoder's `Image.info` for the file.
    """
    auxiliary = [str(kind).lower() for kind in information.get("aux") or {}]
    found = [word for mark, word in _AUXILIARY.items() if any(mark in kind for kind in auxiliary)]
    found += [DEPTH] * bool(information.get("depth_images"))
    for name, content in _boxes(data):
        found += [_BOXES[name]] if name in _BOXES else []
        # An item of this type derives an HDR rendition (ISO 21496-1).
        found += [HDR] * (name == b"meta" and b"tmap" in content)
    found += [kind for mark, kind in _MARKS.items() if mark in data[-_TRAILER:]]
    return _each_once(found)


def _is_set(packet: bytes, name: str) -> bool:
    return (Packet(packet).get(CAMERA, name) or "0") != "0"


def _holds_video(data: bytes) -> bool:
    """Return whether an MP4 file starts somewhere in the bytes."""
    place = data.find(b"ftyp")
    while place >= 4:
        (size,) = struct.unpack_from(">I", data, place - 4)
        if 16 <= size <= 256 and size % 4 == 0 and data[place + 4 : place + 8].isascii():
            return True
        place = data.find(b"ftyp", place + 1)
    return False


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 16 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        if size == 1:
            (size,) = struct.unpack_from(">Q", data, position + 8)
        size = size or len(data) - position
        if size < 8:
            return
        yield name, data[position + 8 : position + size] if name == b"meta" else b""
        position += size


def _each_once(found: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


_TRAILER = 1 << 16
