"""Reads and writes the chunks of a PNG file that hold everything except its pixels."""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from PIL import Image

from keras_f2a.imaging.photoshop import without_previews
from keras_f2a.imaging.turns import swaps_axes

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR = frozenset({b"gAMA", b"cHRM", b"cICP", b"sRGB", b"mDCV", b"cLLI"})
_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_ANCILLARY = frozenset({b"tIME", b"pHYs", b"oFFs", b"sCAL", b"pCAL"})
_XMP_KEY = b"XML:com.adobe.xmp"
# Keys of EXIF and XMP, including ImageMagick's from before PNG had a chunk for EXIF. They are left
# out because they contain an orientation. EXIF and XMP get new chunks.
_REPLACED_KEYS = frozenset(
    {_XMP_KEY, b"Raw profile type exif", b"Raw profile type APP1", b"Raw profile type xmp"}
)

_APP1_PREFIXES = {"exif": b"Exif\0\0", "xmp": b"http://ns.adobe.com/xap/1.0/\0"}
_PHOTOSHOP_KEY = b"Raw profile type 8bim"
_MAX_TEXT_SIZE = 1 << 24
_HEX_LINE_LENGTH = 72

Chunk = tuple[bytes, bytes]
"""A chunk's name and content."""


def kept_chunks(data: bytes) -> tuple[Chunk, ...]:
    """Return the chunks of a PNG file that a corrected photograph keeps.

    These are its texts, time, resolution and color description, byte for byte. EXIF and XMP are not
    among them, because they are kept separately. ImageMagick stores Photoshop's blocks as a text,
    and previews in it are removed.
    """
    chunks = ((name, data[start:end]) for name, start, end in _chunks(data))
    kept = []
    for name, content in chunks:
        key = content.partition(b"\0")[0]
        if name in _COLOR | _ANCILLARY or (name in _TEXT and key not in _REPLACED_KEYS):
            kept.append((name, _without_preview(name, content)))
    return tuple(kept)


def profile_in_text(information: Mapping[Any, Any], kind: str) -> bytes:
    """Return EXIF or XMP that ImageMagick stored as hexadecimal text.

    Args:
        information: The texts of the file, as Pillow's `Image.info` has them.
        kind: ``"exif"`` or ``"xmp"``.

    Returns:
        The content without the name that it has in a JPEG segment. Empty if there is none.
    """
    prefix = _APP1_PREFIXES[kind]
    for name in (kind, "APP1"):
        try:
            # The type and the length come before the data.
            content = bytes.fromhex(str(information[f"Raw profile type {name}"]).split(None, 2)[2])
        except (KeyError, IndexError, ValueError):
            continue
        if name == kind or content.startswith(prefix):
            return content.removeprefix(prefix)
    return b""


def turned_chunks(chunks: Sequence[Chunk], turn: Image.Transpose | None) -> tuple[Chunk, ...]:
    """Return chunks whose resolution and physical size fit the pixels of a turned image.

    Args:
        chunks: The chunks of the file.
        turn: How the pixels were transposed, or `None` if they were not.
    """
    return tuple(map(_swap_sides, chunks)) if swaps_axes(turn) else tuple(chunks)


def without_color(chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Drop the color chunks, because the pixels were converted to another color space."""
    return tuple(chunk for chunk in chunks if chunk[0] not in _COLOR)


def xmp_chunk(packet: bytes) -> Chunk:
    """Return the chunk for an XMP packet, uncompressed as the XMP specification requires."""
    return b"iTXt", _XMP_KEY + b"\0\0\0\0\0" + packet


def with_chunks(png: bytes, chunks: Sequence[Chunk]) -> bytes:
    """Add chunks to a PNG file, after its header.

    They replace chunks of the same name, except texts, of which a file may have several.
    """
    replaced = {name for name, _ in chunks} - _TEXT
    parts = [SIGNATURE]
    for name, start, end in _chunks(png):
        if name not in replaced:
            parts.append(png[start - 8 : end + 4])
        if name == b"IHDR":
            parts.extend(_serialize(*chunk) for chunk in chunks)
    return b"".join(parts)


def _swap_sides(chunk: Chunk) -> Chunk:
    """Exchange the horizontal and the vertical resolution, or the width and the height."""
    name, content = chunk
    if name == b"pHYs" and len(content) == 9:
        content = content[4:8] + content[:4] + content[8:]
    elif name == b"sCAL" and content.count(b"\0") == 1:
        content = content[:1] + b"\0".join(reversed(content[1:].split(b"\0")))
    return name, content


def _without_preview(name: bytes, content: bytes) -> bytes:
    key, _, text = content.partition(b"\0")
    if key != _PHOTOSHOP_KEY or name == b"iTXt":
        return content
    compression_method = b"\0" if name == b"zTXt" else b""  # The compression method.
    try:
        if compression_method:
            text = zlib.decompressobj().decompress(text[1:], _MAX_TEXT_SIZE)
        # The type and the length come before the data.
        data = bytes.fromhex(text.split(maxsplit=2)[2].decode("ascii"))
    except (ValueError, IndexError, zlib.error):
        return content
    kept = without_previews(data)
    if kept == data:
        return content
    digits = kept.hex()
    lines = [
        digits[start : start + _HEX_LINE_LENGTH]
        for start in range(0, len(digits), _HEX_LINE_LENGTH)
    ]
    text = "\n".join(["", "8bim", f"{len(kept):8}", *lines, ""]).encode()
    return key + b"\0" + compression_method + (zlib.compress(text) if compression_method else text)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name of each complete chunk, and the start and end of its content."""
    position = len(SIGNATURE)
    while position + 12 <= len(data):
        start = position + 8
        end = start + struct.unpack_from(">I", data, position)[0]
        if end + 4 > len(data):
            return
        yield data[position + 4 : start], start, end
        position = end + 4


def _serialize(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return b"".join([struct.pack(">I", len(content)), name, content, struct.pack(">I", checksum)])
