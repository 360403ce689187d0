"""Preserves the gain map of an HDR photograph, a second JPEG picture after the first.

For each position, the map stores how much brighter the HDR rendition is than the picture that every
viewer shows. These ratios stay valid for a corrected picture, except where the correction changes
the relative brightness of two lights.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from keras_f2a.imaging.container_directory import GAIN_MAP_ITEM, declares_gain_map, read_items
from keras_f2a.imaging.encoding import encode, jpeg_settings
from keras_f2a.imaging.exif import exif_of_upright_image
from keras_f2a.imaging.extended_xmp import read_xmp
from keras_f2a.imaging.jpeg_segments import (
    APP1,
    APP2,
    Segment,
    exif_segments,
    picture_end,
    read_exif,
    read_segments,
    with_segments,
)
from keras_f2a.imaging.multi_picture import INDEX_LENGTH, is_index, two_picture_index

_ISO_NAME = b"urn:iso:std:iso:ts:21496:-1\0"
_APPLE_NAMESPACE = b"http://ns.apple.com/HDRGainMap/"


@dataclass(frozen=True)
class GainMap:
    """A gain map as stored in a file.

    Attributes:
        jpeg: The JPEG picture, including the segments with its parameters.
        announcement: The segments of the primary picture that announce the map, except XMP.
    """

    jpeg: bytes
    announcement: tuple[Segment, ...] = ()


def find_pictures(data: bytes, start: int) -> list[tuple[int, int]]:
    """Return the start and end of each JPEG picture at or after a position."""
    pictures = []
    while (start := data.find(b"\xff\xd8\xff", start)) >= 0:
        end = picture_end(data, start)
        if end is None:
            start += 1
        else:
            pictures.append((start, end))
            start = end
    return pictures


def find_gain_map(
    data: bytes, segments: Sequence[Segment], pictures: Sequence[tuple[int, int]]
) -> tuple[GainMap, tuple[int, int]] | None:
    """Return the gain map of a JPEG file and its start and end, or `None` if it has none.

    Args:
        data: The file.
        segments: The segments of its primary picture.
        pictures: The pictures that `find_pictures` found after the primary one.
    """
    announcement = tuple(segment for segment in segments if _is_iso(segment))
    span = next((span for span in pictures if _is_gain_map(data[slice(*span)])), None)
    packet = read_xmp(segments).packet
    if span is None and (announcement or declares_gain_map(packet)):
        lengths = {item.length for item in read_items(packet) if item.semantic == GAIN_MAP_ITEM}
        by_length = (span for span in pictures if span[1] - span[0] in lengths)
        span = next(by_length, pictures[0] if pictures else None)
    if span is None:
        return None
    return GainMap(data[slice(*span)], announcement), span


def transpose_gain_map(gain_map: GainMap, turn: Image.Transpose) -> GainMap:
    """Rotate or mirror a gain map like the pixels of its photograph.

    The picture is re-encoded with its original quantization tables. Its APP1 and APP2 segments are
    kept, except an index of pictures.
    """
    segments = [s for s in read_segments(gain_map.jpeg) if s.marker in (APP1, APP2)]
    with Image.open(io.BytesIO(gain_map.jpeg), formats=("JPEG",)) as stored:
        assert isinstance(stored, JpegImageFile)
        picture = stored.transpose(turn)
        picture.info = {}
        encoded = encode(picture, "JPEG", **jpeg_settings(stored))
    exif = read_exif(segments)
    others = [s for s in segments if s not in exif_segments(exif) and not is_index(s)]
    exif = exif_of_upright_image(exif, *picture.size)
    jpeg = with_segments(encoded, [*exif_segments(exif), *others])
    return GainMap(jpeg, gain_map.announcement)


def with_gain_map(jpeg: bytes, segments: Sequence[Segment], gain_map: GainMap) -> bytes:
    """Add segments and an index to a JPEG file, and append a gain map.

    Args:
        jpeg: The file of the corrected photograph.
        segments: The segments to add. If XMP announces the gain map, it must already do so.
        gain_map: The gain map.
    """
    segments = [*segments, *gain_map.announcement]
    placeholder = Segment(APP2, bytes(INDEX_LENGTH - 4))
    primary = with_segments(jpeg, [*segments, placeholder])
    position = primary.index(bytes(placeholder))
    index = two_picture_index(position, len(primary), len(gain_map.jpeg))
    return b"".join(
        [primary[:position], bytes(index), primary[position + INDEX_LENGTH :], gain_map.jpeg]
    )


def _is_gain_map(jpeg: bytes) -> bool:
    segments = read_segments(jpeg)
    packet = read_xmp(segments).packet
    return (
        any(_is_iso(segment) for segment in segments)
        or declares_gain_map(packet)
        or _APPLE_NAMESPACE in packet
    )


def _is_iso(segment: Segment) -> bool:
    return segment.marker == APP2 and segment.content.startswith(_ISO_NAME)
