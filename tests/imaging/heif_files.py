"""HEIC files assembled from boxes, with or without tiles and with every way to locate data."""

import io
import struct

import numpy as np
import pillow_heif
from PIL import Image

TILE = 64


def box(kind, *parts, large=False):
    body = b"".join(parts)
    if large:
        return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind, version, flags, *parts):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def find(data, path, start=0, end=None):
    end = len(data) if end is None else end
    while start < end:
        size, kind = struct.unpack_from(">I4s", data, start)
        if kind == path[0]:
            first = start + 8
            if len(path) == 1:
                return data[first : start + size]
            return find(data, path[1:], first + (4 if kind == b"meta" else 0), start + size)
        start += size
    raise AssertionError(path)


def coded(seed):
    """Return the decoder configuration and the data of a tile of noise."""
    noise = np.random.default_rng(seed).integers(0, 255, (TILE, TILE, 3), np.uint8)
    file = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(noise)).save(file, quality=80)
    data = file.getvalue()
    return find(data, [b"meta", b"iprp", b"ipco", b"hvcC"]), find(data, [b"mdat"])


def heic(
    tiled=True, method=0, size=4, version=1, brands=b"heic\0\0\0\0mif1heic", last="plain", colr=b""
):
    """Return a complete file.

    Args:
        tiled: Whether the picture is a grid of four tiles instead of a single one.
        method: Where the coded pictures are: 0 in the file, 1 in `idat`.
        size: Bytes of an offset in `iloc`: 0 (only a base offset), 4 or 8.
        version: The version of `iloc`, 1 or 2.
        brands: The content of `ftyp`.
        last: How `mdat` stores its length: "plain", "large" (64 bits) or "open" (to the end).
        colr: The content of a `colr` box for the main picture.
    """
    count = 4 if tiled else 1
    tiles = [coded(seed) for seed in range(count)]
    data = [piece for _, piece in tiles]
    side = 2 * TILE if tiled else TILE
    grid = struct.pack(">BBBBHH", 0, 0, 1, 1, side, side)
    hidden = 1 if tiled else 0
    items = [
        full(b"infe", 2, hidden, struct.pack(">HH4sB", n + 1, 0, b"hvc1", 0)) for n in range(count)
    ]
    properties = [box(b"hvcC", tiles[0][0])]
    properties += [full(b"ispe", 0, 0, struct.pack(">II", s, s)) for s in (TILE, side)]
    properties += [
        full(b"pixi", 0, 0, bytes([3, 8, 8, 8])),
        *([box(b"colr", colr)] if colr else []),
    ]
    more = b"\x05" if colr else b""
    main = b"" if tiled else more
    uses = [
        struct.pack(">HBBBB", n + 1, 3 + len(main), 0x81, 0x02, 0x04) + main for n in range(count)
    ]
    iref = []
    if tiled:
        items.append(full(b"infe", 2, 0, struct.pack(">HH4sB", 5, 0, b"grid", 0)))
        uses.append(struct.pack(">HBBB", 5, 2 + len(more), 0x03, 0x04) + more)
        iref = [full(b"iref", 0, 0, box(b"dimg", struct.pack(">HH4H", 5, 4, 1, 2, 3, 4)))]
    inner = (b"".join(data) if method == 1 else b"") + (grid if tiled else b"")
    ftyp = box(b"ftyp", brands)

    def meta(start):
        place, entries = 0 if method == 1 else start, b""
        wide = ">H" if version < 2 else ">I"

        def entry(number, how, offset, length):
            base, own = (offset, 0) if size == 0 else (0, offset)
            return (
                struct.pack(wide, number)
                + struct.pack(">HH", how, 0)
                + base.to_bytes(4 if size == 0 else 0, "big")
                + struct.pack(">H", 1)
                + own.to_bytes(size, "big")
                + length.to_bytes(8 if size == 8 else 4, "big")
            )

        for n, piece in enumerate(data):
            entries += entry(n + 1, method, place, len(piece))
            place += len(piece)
        if tiled:
            entries += entry(5, 1, len(inner) - len(grid), len(grid))
        sizes = bytes([size << 4 | (8 if size == 8 else 4), 0x40 if size == 0 else 0])
        number = struct.pack(wide, len(items))
        parts = [
            full(b"hdlr", 0, 0, struct.pack(">I4s12sB", 0, b"pict", b"", 0)),
            full(b"pitm", 0, 0, struct.pack(">H", 5 if tiled else 1)),
            full(b"iloc", version, 0, sizes, number, entries),
            full(b"iinf", 0, 0, struct.pack(">H", len(items)), *items),
            *iref,
            box(
                b"iprp",
                box(b"ipco", *properties),
                full(b"ipma", 0, 0, struct.pack(">I", len(uses)), *uses),
            ),
        ]
        return full(b"meta", 0, 0, *parts, *([box(b"idat", inner)] if inner else []))

    start = len(ftyp) + len(meta(0)) + (16 if last == "large" else 8)
    mdat = b"" if method == 1 else box(b"mdat", *data, large=last == "large")
    if last == "open":
        mdat = bytes(4) + mdat[4:]
    return ftyp + meta(start) + mdat
