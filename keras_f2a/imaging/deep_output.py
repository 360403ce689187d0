"""Encodes 16-bit color PNG, which Pillow cannot write, and TIFF with 8 or 16 bits per channel."""

import io
import struct
import zlib
from collections.abc import Mapping

import numpy as np
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from keras_f2a.imaging.exif_tags import portable_tags, writable_tags

_LEVEL = 3
_STRIP_ROWS = 64
_SIGNATURE_SIZE = 8
_COLOR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
_UP_FILTER = 2
_ROWS_PER_BLOCK = 256
_EXIF, _GPS = 0x8769, 0x8825
_WIDTH, _HEIGHT, _BITS, _COMPRESSION, _PHOTOMETRIC = 256, 257, 258, 259, 262
_STRIPS, _CHANNELS, _ROWS, _LENGTHS = 273, 277, 278, 279
_RESOLUTION_X, _RESOLUTION_Y, _PREDICTOR, _ALPHA, _XMP, _PROFILE = 282, 283, 317, 338, 700, 34675
_DEFLATE, _HORIZONTAL_DIFFERENCES, _UNASSOCIATED = 8, 2, 2
_RESOLUTION_UNIT, _INCH = 296, 2
_BYTE, _UNDEFINED = 1, 7
# Tags that describe the pixels of the source file.
_STRUCTURE = {254, 255, 256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 317, 320, 322, 323}
_STRUCTURE |= {324, 325, 330, 338, 339, 347, 513, 514, 529, 530, 531, 532}


def encode_16_bit_png(pixels: np.ndarray, settings: dict) -> bytes:
    """Encode a PNG file with 16 bits per channel.

    Args:
        pixels: uint16. Gray of shape (height, width), or gray and alpha, RGB or RGBA with channels
            last.
        settings: Options of `Image.save` for PNG. The compression level has no effect.
    """
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    height, width, channels = pixels.shape
    placeholder = io.BytesIO()
    Image.new("L" if channels < 3 else "RGB", (1, 1)).save(placeholder, "PNG", **settings)
    header = struct.pack(">IIBBBBB", width, height, 16, _COLOR_TYPES[channels], 0, 0, 0)
    return b"".join(
        [
            placeholder.getvalue()[:_SIGNATURE_SIZE],
            _chunk(b"IHDR", header),
            *_other_chunks(placeholder.getvalue()),
            _chunk(b"IDAT", _filter_and_compress(pixels)),
            _chunk(b"IEND", b""),
        ]
    )


def encode_tiff(
    pixels: np.ndarray,
    *,
    exif: bytes,
    profile: bytes,
    xmp: bytes,
    captions: Mapping[int, bytes],
    dpi: tuple[float, float] | None,
) -> bytes:
    """Encode a TIFF file with lossless compression (Deflate with a horizontal predictor).

    Args:
        pixels: uint8 or uint16. Gray of shape (height, width), or gray and alpha, RGB or RGBA with
            channels last.
        exif: An EXIF block. Its tags become tags of the file.
        profile: A color profile, or empty.
        xmp: An XMP packet, or empty.
        captions: Further tags by number, with the bytes that they get.
        dpi: Horizontal and vertical resolution, or `None`.
    """
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    height, width, channels = pixels.shape
    strips = [
        _compress_strip(pixels[top : top + _STRIP_ROWS]) for top in range(0, height, _STRIP_ROWS)
    ]
    lengths = [len(strip) for strip in strips]
    tags = _read_tags(exif)
    tags[_WIDTH], tags[_HEIGHT] = width, height
    tags[_BITS] = (8 * pixels.itemsize,) * channels
    tags[_COMPRESSION], tags[_PREDICTOR] = _DEFLATE, _HORIZONTAL_DIFFERENCES
    tags[_PHOTOMETRIC] = 1 if channels < 3 else 2
    tags[_CHANNELS], tags[_ROWS] = channels, _STRIP_ROWS
    # Pillow adds the position of the first strip.
    tags[_STRIPS] = tuple(np.cumsum([0, *lengths[:-1]]).tolist())
    tags.tagtype[_STRIPS] = tags.tagtype[_LENGTHS] = 4
    tags[_LENGTHS] = tuple(lengths)
    if channels in (2, 4):
        tags[_ALPHA] = _UNASSOCIATED
    for tag, content in {**captions, _PROFILE: profile, _XMP: xmp}.items():
        if content:
            tags.tagtype[tag] = _BYTE if tag == _XMP else _UNDEFINED
            tags[tag] = content
    if dpi is not None:
        tags[_RESOLUTION_X], tags[_RESOLUTION_Y] = dpi
        tags[_RESOLUTION_UNIT] = _INCH
    file = io.BytesIO()
    tags.save(file)
    return b"".join([file.getvalue(), *strips])


def _read_tags(exif: bytes) -> ImageFileDirectory_v2:
    block = Image.Exif()
    block.load(exif)
    tags = ImageFileDirectory_v2(b"II*\0\0\0\0\0")
    excluded = _STRUCTURE | {_EXIF, _GPS}
    tags.update(writable_tags(item for item in block.items() if item[0] not in excluded))
    for tag in (_EXIF, _GPS):
        if subdirectory := portable_tags(block, tag):
            tags[tag] = subdirectory
    return tags


def _compress_strip(rows: np.ndarray) -> bytes:
    differences = rows.copy()
    differences[:, 1:] -= rows[:, :-1]
    return zlib.compress(differences.astype(rows.dtype.newbyteorder("<")).tobytes(), _LEVEL)


def _filter_and_compress(pixels: np.ndarray) -> bytes:
    """Return the compressed rows for PNG, each stored as its difference from the row above."""
    compressor, parts = zlib.compressobj(_LEVEL), []
    above = np.zeros(pixels[0].size * 2, np.uint8)
    for top in range(0, len(pixels), _ROWS_PER_BLOCK):
        strip = pixels[top : top + _ROWS_PER_BLOCK]
        rows = strip.reshape(len(strip), -1).astype(">u2").view(np.uint8)
        filtered = np.full((len(rows), rows.shape[1] + 1), _UP_FILTER, np.uint8)
        filtered[0, 1:] = rows[0] - above
        filtered[1:, 1:] = rows[1:] - rows[:-1]
        above = rows[-1]
        parts.append(compressor.compress(filtered.tobytes()))
    return b"".join([*parts, compressor.flush()])


def _chunk(chunk_type: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(chunk_type))
    return struct.pack(">I4s", len(content), chunk_type) + content + struct.pack(">I", checksum)


def _other_chunks(png: bytes) -> list[bytes]:
    """Return all chunks except the header, the pixels and the end."""
    offset, chunks = _SIGNATURE_SIZE, []
    while offset < len(png):
        end = offset + 12 + int.from_bytes(png[offset : offset + 4], "big")
        if png[offset + 4 : offset + 8] not in (b"IHDR", b"IDAT", b"IEND"):
            chunks.append(png[offset:end])
        offset = end
    return chunks
