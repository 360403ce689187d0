"""The gain map of an HDR photograph: a second JPEG picture behind the first.

It holds, for each place, how much brighter the HDR rendition is than the picture that every
viewer shows. A ratio stays valid for a corrected picture up to where the correction changes how
bright one light is beside another.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from keras_f2a.imaging.container_directory import GAIN_MAP_ITEM, declares_gain_map, items_of
from keras_f2a.imaging.exif import exif_of_upright_image
from keras_f2a.imaging.extended_xmp import xmp_of
from keras_f2a.imaging.jpeg_segments import (
    APP1,
    APP2,
    Segment,
    exif_of,
    exif_segments,
    picture_end,
    read_segments,
    with_segments,
)
from keras_f2a.imaging.multi_picture import INDEX_LENGTH, index_of_two, is_index

_ISO_NAME = b"urn:iso:std:iso:ts:21496:-1\0"
_APPLE_NAMESPACE = b"http://ns.apple.com/HDRGainMap/"


@dataclass(frozen=True)
class GainMap:
    """A gain map as a file holds it.

    Attributes:
        jpeg: The picture, with the segments that hold its numbers.
        announcement: The segments of the primary picture that say that there is one, without XMP.
    """

    jpeg: bytes
    announcement: tuple[Segment, ...] = ()


def pictures_behind(data: bytes, start: int) -> list[tuple[int, int]]:
    """Return start and end of each JPEG picture from a position on."""
    found = []
    while (start := data.find(b"\xff\xd8\xff", start)) >= 0:
        end = picture_end(data, start)
        if end is None:
            start += 1
        else:
            found.append((start, end))
            start = end
    return found


def find_gain_map(
    data: bytes, segments: Sequence[Segment], pictures: Sequence[tuple[int, int]]
) -> tuple[GainMap, tuple[int, int]] | None:
    """Return the gain map of a JPEG file and its place.

    Args:
        data: The file.
        segments: The segments of its primary picture.
        pictures: What `pictures_behind` found behind that.
    """
    announcement = tuple(segment for segment in segments if _is_iso(segment))
    place = next((place for place in pictures if _is_gain_map(data[slice(*place)])), None)
    packet = xmp_of(segments).packet
    if place is None and (announcement or declares_gain_map(packet)):
        named = {item.length for item in items_of(packet) if item.semantic == GAIN_MAP_ITEM}
        by_length = (place for place in pictures if place[1] - place[0] in named)
        place = next(by_length, pictures[0] if pictures else None)
    return place and (GainMap(data[slice(*place)], announcement), place)


def turned(gain_map: GainMap, turn: Image.Transpose) -> GainMap:
    """Return the gain map of a photograph whose pixels were turned.

    Its picture is encoded again with its own tables; what else it holds stays.
    """
    segments = [s for s in read_segments(gain_map.jpeg) if s.marker in (APP1, APP2)]
    with Image.open(io.BytesIO(gain_map.jpeg), formats=("JPEG",)) as stored:
        assert isinstance(stored, JpegImageFile)
        picture = stored.transpose(turn)
        picture.info = {}
        sampling = get_sampling(stored)
        tables = {"qtables": stored.quantization, "subsampling": sampling if sampling >= 0 else 0}
        encoded = io.BytesIO()
        picture.save(encoded, "JPEG", **tables)
    exif = exif_of(segments)
    others = [s for s in segments if s not in exif_segments(exif) and not is_index(s)]
    exif = exif_of_upright_image(exif, *picture.size)
    jpeg = with_segments(encoded.getvalue(), [*exif_segments(exif), *others])
    return GainMap(jpeg, gain_map.announcement)


def with_gain_map(jpeg: bytes, segments: Sequence[Segment], gain_map: GainMap) -> bytes:
    """Return a JPEG file with segments, and a gain map behind its picture that an index names.

    Args:
        jpeg: The file of the corrected photograph.
        segments: What is added to it; its XMP announces the gain map already, if anything does.
        gain_map: The gain map.
    """
    segments = [*segments, *gain_map.announcement]
    placeholder = Segment(APP2, bytes(INDEX_LENGTH - 4))
    primary = with_segments(jpeg, [*segments, placeholder])
    position = primary.index(bytes(placeholder))
    index = index_of_two(position, len(primary), len(gain_map.jpeg))
    return b"".join(
        [primary[:position], bytes(index), primary[position + INDEX_LENGTH :], gain_map.jpeg]
    )


def _is_gain_map(jpeg: bytes) -> bool:
    segments = read_segments(jpeg)
    packet = xmp_of(segments).packet
    return (
        any(_is_iso(segment) for segment in segments)
        or declares_gain_map(packet)
        or _APPLE_NAMESPACE in packet
    )


def _is_iso(segment: Segment) -> bool:
    return segment.marker == APP2 and segment.content.startswith(_ISO_NAME)
