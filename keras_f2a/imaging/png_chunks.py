"""Reads and writes the chunks of a PNG file, which hold everything beside its pixels."""

import struct
import zlib
from collections.abc import Iterator, Sequence

from keras_f2a.imaging.photoshop import without_previews

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOR = frozenset({b"gAMA", b"cHRM", b"cICP", b"sRGB", b"mDCV", b"cLLI"})
_TEXT = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_OTHER = frozenset({b"tIME", b"pHYs", b"oFFs", b"sCAL", b"pCAL"})
_XMP_KEY = b"XML:com.adobe.xmp"
# How ImageMagick wrote EXIF and XMP before PNG had a place for EXIF. They name an orientation and
# go into the places of today.
_REPLACED_KEYS = frozenset(
    {_XMP_KEY, b"Raw profile type exif", b"Raw profile type APP1", b"Raw profile type xmp"}
)

_PHOTOSHOP_KEY = b"Raw profile type 8bim"
_MOST_TEXT = 1 << 24
_LINE = 72

Chunk = tuple[bytes, bytes]
"""A chunk's name and content."""


def kept_chunks(data: bytes) -> tuple[Chunk, ...]:
    """Return the chunks of a PNG file that a corrected photograph keeps byte for byte.

    They are its texts, time, resolution and description of color; not XMP and EXIF, which are
    kept otherwise. ImageMagick writes Photoshop's blocks as a text; previews in it are left out.
    """
    found = ((name, data[start:end]) for name, start, end in _chunks(data))
    return tuple(
        (name, _without_preview(name, content))
        for name, content in found
        if name in _COLOR | _OTHER
        or (name in _TEXT and content.partition(b"\0")[0] not in _REPLACED_KEYS)
    )


def without_color(chunks: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """Leave out what describes color, because the pixels were converted to another space."""
    return tuple(chunk for chunk in chunks if chunk[0] not in _COLOR)


def xmp_chunk(packet: bytes) -> Chunk:
    """Return the chunk of an XMP packet, not compressed, as its specification asks."""
    return b"iTXt", _XMP_KEY + b"\0\0\0\0\0" + packet


def with_chunks(png: bytes, chunks: Sequence[Chunk]) -> bytes:
    """Return a PNG file with more chunks, behind its header.

    A chunk of the file gives way to one of the same name that may be there only once.
    """
    replaced = {name for name, _ in chunks} - _TEXT
    parts = [SIGNATURE]
    for name, start, end in _chunks(png):
        if name not in replaced:
            parts.append(png[start - 8 : end + 4])
        if name == b"IHDR":
            parts.extend(_as_bytes(*chunk) for chunk in chunks)
    return b"".join(parts)


def _without_preview(name: bytes, content: bytes) -> bytes:
    key, _, text = content.partition(b"\0")
    if key != _PHOTOSHOP_KEY or name == b"iTXt":
        return content
    head = b"\0" if name == b"zTXt" else b""  # How it is compressed.
    try:
        if head:
            text = zlib.decompressobj().decompress(text[1:], _MOST_TEXT)
        # Its kind and its length stand in front.
        data = bytes.fromhex(text.split(maxsplit=2)[2].decode("ascii"))
    except (ValueError, IndexError, zlib.error):
        return content
    kept = without_previews(data)
    if kept == data:
        return content
    digits = kept.hex()
    lines = [digits[start : start + _LINE] for start in range(0, len(digits), _LINE)]
    text = "\n".join(["", "8bim", f"{len(kept):8}", *lines, ""]).encode()
    return key + b"\0" + head + (zlib.compress(text) if head else text)


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the name, start and end of each chunk that lies in the file as a whole."""
    position = len(SIGNATURE)
    while position + 12 <= len(data):
        start = position + 8
        end = start + struct.unpack_from(">I", data, position)[0]
        if end + 4 > len(data):
            return
        yield data[position + 4 : start], start, end
        position = end + 4


def _as_bytes(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return b"".join([struct.pack(">I", len(content)), name, content, struct.pack(">I", checksum)])
