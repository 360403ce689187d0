"""Small photographs and `.keras` files that demand excessive memory or time."""

import io
import json
import struct
import zipfile
import zlib

import h5py
import numpy as np
from PIL import Image

_SIDE = 60_000


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG chunk."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(side: int, *chunks: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    rows = png_chunk(b"IDAT", zlib.compress(bytes((1 + 3 * side) * side if side < 100 else 1000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + rows + png_chunk(b"IEND", b"")


def _zeros(rng: np.random.Generator) -> bytes:
    """Return zlib data that expands to a few hundred megabytes."""
    packer = zlib.compressobj(9)
    megabyte = bytes(1_000_000)
    parts = [packer.compress(megabyte) for _ in range(int(rng.integers(100, 400)))]
    return b"".join(parts) + packer.flush()


def huge_png(rng):
    """Return a PNG that declares at least 20,000×20,000 pixels."""
    return _png(int(rng.integers(20_000, 2**31 - 1)))


def inflating_png(rng):
    """Return a PNG whose profile or text expands enormously."""
    zeros = _zeros(rng)
    several = int(rng.integers(1, 6))
    chunk = {
        0: png_chunk(b"iCCP", b"profile\0\0" + zeros),
        1: png_chunk(b"zTXt", b"text\0\0" + zeros) * several,
        2: png_chunk(b"iTXt", b"text\0\1\0\0\0" + zeros) * several,
        3: png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zeros),
    }[int(rng.integers(4))]
    return _png(32, chunk)


def huge_tiff(rng):
    """Return a TIFF that declares billions of pixels, or whose directories form a cycle."""
    side = _SIDE if rng.random() < 0.5 else 16
    count = 10
    entries = [(256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, (1, 5, 8)[rng.integers(3)])]
    entries += [(262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 4, side), (279, 4, 100)]
    entries += [(34665, 4, 8)]  # the EXIF directory is the directory itself
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    following = 8 if rng.random() < 0.5 else 0
    return b"II*\0\x08\0\0\0" + struct.pack("<H", count) + fields + struct.pack("<I", following)


def long_tiff(rng):
    """Return a TIFF with a chain of two hundred thousand directories."""
    parts, place = [b"II*\0\x08\0\0\0"], 8
    for _ in range(200_000):
        place += 18
        parts.append(struct.pack("<HHHIII", 1, 256, 4, 1, 16, place))
    return b"".join(parts)


def huge_webp(rng):
    """Return a WebP with a canvas of at least 16383×16383 pixels and no valid image."""
    side = (2**14 - 2, 2**24 - 1)[rng.integers(2)]
    canvas = b"\x10\0\0\0" + side.to_bytes(3, "little") * 2
    body = b"WEBPVP8X" + struct.pack("<I", len(canvas)) + canvas
    body += b"VP8L" + struct.pack("<I", 8) + b"\x2f\xff\xff\xff\x0f\0\0\0"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def huge_jpeg(rng):
    """Return a JPEG that declares 65500×65500 pixels."""
    file = io.BytesIO()
    Image.new("RGB", (16, 16)).save(file, "JPEG", progressive=bool(rng.random() < 0.5))
    content = bytearray(file.getvalue())
    place = max(content.find(b"\xff\xc0"), content.find(b"\xff\xc2"))
    content[place + 5 : place + 9] = struct.pack(">HH", 65_500, 65_500)
    return bytes(content)


def huge_avif(rng):
    """Return an AVIF whose boxes declare 65535×65535 pixels."""
    file = io.BytesIO()
    Image.new("RGB", (64, 64)).save(file, "AVIF")
    content = bytearray(file.getvalue())
    place = content.find(b"ispe")
    content[place + 8 : place + 16] = struct.pack(">II", 65_535, 65_535)
    return bytes(content)


PHOTOGRAPHS = (
    huge_png, inflating_png, huge_tiff, long_tiff, huge_webp, huge_jpeg, huge_avif,
)  # fmt: skip


def keras_bomb(content: bytes, rng: np.random.Generator) -> bytes:
    """Return a `.keras` file that needs much more than it stores, or refers to other files."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    layers = config["config"]["layers"]
    kind = int(rng.integers(6))
    if kind == 0:
        weights = io.BytesIO()
        with h5py.File(weights, "w") as file:
            file.create_dataset("layers/a/vars/0", (30_000, 30_000), "float32")
        members["model.weights.h5"] = weights.getvalue()
    elif kind == 1:
        layers[0]["config"]["batch_shape"] = [None, _SIDE, _SIDE, 3]
    elif kind == 2:
        layers[1].update(class_name="UpSampling2D", config={"name": "a", "size": [10**5, 10**5]})
    elif kind == 3:
        name = ("Lambda", "TFSMLayer", "Dense")[rng.integers(3)]
        layers[1].update(class_name=name, config={"name": "a", "filepath": "/", "units": 10**9})
    elif kind == 4:
        members["metadata.json"] = b"[" * 10**6
    else:
        config.update(
            module="keras_f2a.models.vgg16_generator",
            class_name="VGG16Generator",
            registered_name="keras_f2a>VGG16Generator",
            config={"encoder_weights": "/etc/passwd", "width": (1, 3, 1e5)[rng.integers(3)]},
        )
    members["config.json"] = json.dumps(config).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()
