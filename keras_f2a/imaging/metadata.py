"""Reads a photograph's metadata and updates it to match the corrected, upright pixels."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from keras_f2a.imaging import container_directory
from keras_f2a.imaging.companions import HDR, heif_companions, jpeg_companions
from keras_f2a.imaging.extended_xmp import (
    Xmp,
    read_xmp,
    standalone_packet,
    without_companions,
    xmp_segments,
)
from keras_f2a.imaging.gain_map import (
    GainMap,
    find_gain_map,
    find_pictures,
    transpose_gain_map,
    with_gain_map,
)
from keras_f2a.imaging.jpeg_segments import (
    Segment,
    exif_segments,
    is_jpeg,
    picture_end,
    profile_segments,
    read_segments,
    with_segments,
)
from keras_f2a.imaging.photoshop import photoshop_segments
from keras_f2a.imaging.png_chunks import (
    SIGNATURE,
    Chunk,
    kept_chunks,
    profile_in_text,
    turned_chunks,
    with_chunks,
    without_color,
    xmp_chunk,
)
from keras_f2a.imaging.upright_xmp import upright_xmp
from keras_f2a.imaging.xmp import with_digital_source_type, without_zeros


@dataclass(frozen=True)
class Metadata:
    """The metadata that is kept of a file, besides its EXIF block and color profile.

    Attributes:
        xmp: The XMP, with orientation 1.
        photoshop: The segments of a JPEG file with Photoshop's blocks and IPTC captions.
        captions: The tags of a TIFF file with IPTC's and Photoshop's blocks, by number.
        png_chunks: The chunks of a PNG file with its texts, time, resolution and color.
        gain_map: The gain map of an HDR JPEG file, turned like the pixels, or `None`.
        left_out: Parts of the file that cannot be kept, for example ``"video"``.
    """

    xmp: Xmp = Xmp()
    photoshop: tuple[Segment, ...] = ()
    captions: Mapping[int, bytes] = field(default_factory=dict)
    png_chunks: tuple[Chunk, ...] = ()
    gain_map: GainMap | None = None
    left_out: tuple[str, ...] = ()


def read_metadata(
    path: Path,
    information: Mapping[Any, Any],
    *,
    size: tuple[int, int],
    turn: Image.Transpose | None,
) -> Metadata:
    """Read the metadata of a photograph.

    Args:
        path: The file.
        information: The decoder's `Image.info` for the file.
        size: Width and height of the upright image.
        turn: How the pixels were rotated or mirrored, or `None` if they were not.
    """
    data = path.read_bytes()
    if is_jpeg(data):
        return _read_jpeg_metadata(data, size, turn)
    xmp = _heif_xmp(path) if "original_orientation" in information else None
    xmp = without_zeros(xmp) if xmp else _stored_xmp(information)
    xmp = container_directory.update_directory(upright_xmp(xmp, *size, turn=turn), None)
    chunks = turned_chunks(kept_chunks(data), turn) if data.startswith(SIGNATURE) else ()
    left_out = heif_companions(data, information) if data[4:8] == b"ftyp" else ()
    return Metadata(Xmp(xmp), png_chunks=chunks, left_out=left_out)


def mark_as_edited(metadata: Metadata) -> Metadata:
    """Add the IPTC digital source type for a photograph that an algorithm edited."""
    packet = with_digital_source_type(metadata.xmp.packet)
    return dataclasses.replace(metadata, xmp=Xmp(packet, metadata.xmp.extension))


def drop_color_chunks(metadata: Metadata) -> Metadata:
    """Drop a PNG file's color chunks, because its pixels were converted to another color space."""
    return dataclasses.replace(metadata, png_chunks=without_color(metadata.png_chunks))


def list_left_out(metadata: Metadata, image_format: str) -> tuple[str, ...]:
    """Return what a result in this format loses, for example ``("video", "HDR part")``."""
    lost = metadata.gain_map is not None and image_format != "JPEG"
    return metadata.left_out + ((HDR,) if lost else ())


def jpeg_with_metadata(jpeg: bytes, metadata: Metadata, *, exif: bytes, profile: bytes) -> bytes:
    r"""Add metadata to a JPEG file.

    Args:
        jpeg: The file with the corrected pixels.
        metadata: The metadata to add.
        exif: The EXIF block with the leading ``Exif\0\0``. May be empty.
        profile: The color profile. May be empty.

    Raises:
        ValueError: The color profile is too large for a JPEG file.
    """
    segments = [
        *exif_segments(exif),
        *xmp_segments(metadata.xmp),
        *profile_segments(profile),
        *metadata.photoshop,
    ]
    if metadata.gain_map is None:
        return with_segments(jpeg, segments)
    return with_gain_map(jpeg, segments, metadata.gain_map)


def png_with_metadata(png: bytes, metadata: Metadata) -> bytes:
    """Add the texts and other chunks that are kept, and the XMP, to a PNG file."""
    chunks = list(metadata.png_chunks)
    if packet := xmp_packet(metadata):
        chunks.append(xmp_chunk(packet))
    return with_chunks(png, chunks)


def picture_xmp(information: Mapping[Any, Any]) -> bytes:
    """Return the XMP of a Pillow image, without parts of its file that it lacks.

    Args:
        information: Its `Image.info`.
    """
    return xmp_packet(Metadata(Xmp(_stored_xmp(information))))


def xmp_packet(metadata: Metadata) -> bytes:
    """Return the XMP for a result that is not JPEG: one packet that announces no gain map."""
    return container_directory.update_directory(standalone_packet(metadata.xmp), None)


def _stored_xmp(information: Mapping[Any, Any]) -> bytes:
    xmp = information.get("xmp") or profile_in_text(information, "xmp")
    return without_zeros(xmp.encode("latin-1") if isinstance(xmp, str) else bytes(xmp))


def _heif_xmp(path: Path) -> bytes | None:
    """Return the XMP of a HEIC file as stored.

    The decoder's Pillow plugin would remove the orientation from it.
    """
    import pillow_heif

    return pillow_heif.open_heif(path).info.get("xmp")


def _read_jpeg_metadata(
    data: bytes, size: tuple[int, int], turn: Image.Transpose | None
) -> Metadata:
    segments = read_segments(data)
    xmp = read_xmp(segments)
    end = picture_end(data) or len(data)
    pictures = find_pictures(data, end) if end < len(data) else []
    gain_map, trailer = None, data[end:]
    if gain_map_and_span := find_gain_map(data, segments, pictures):
        gain_map, (start, stop) = gain_map_and_span
        trailer = data[end:start] + data[stop:]
    left_out = jpeg_companions(trailer, xmp)
    if gain_map is not None and turn is not None:
        gain_map = _transpose_or_drop(gain_map, turn)
        if gain_map is None:
            left_out += (HDR,)
    packet = upright_xmp(xmp.packet, *size, turn=turn)
    gain_map_length = None if gain_map is None else len(gain_map.jpeg)
    packet = container_directory.update_directory(packet, gain_map_length)
    # Do this before other edits, because depth maps are megabytes of text.
    cleaned = without_companions(Xmp(packet, xmp.extension))
    extension = cleaned.extension
    if extension:
        extension = upright_xmp(extension, *size, turn=turn)
    return Metadata(
        Xmp(cleaned.packet, extension),
        tuple(photoshop_segments(segments)),
        gain_map=gain_map,
        left_out=left_out,
    )


def _transpose_or_drop(gain_map: GainMap, turn: Image.Transpose) -> GainMap | None:
    """Return the turned gain map, or `None` if it is damaged. The photograph is kept anyway."""
    try:
        return transpose_gain_map(gain_map, turn)
    except Exception:  # Damaged pixels raise almost any exception.
        return None
