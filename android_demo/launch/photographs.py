"""Writes the photographs that the launched app opens; all show rendered scenes."""

import struct
import zlib
from pathlib import Path

from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.imaging.exif import ORIENTATION

LANDSCAPE = BUNDLED_SCENES / "test/Scene_003_flash.webp"
PORTRAIT = BUNDLED_SCENES / "test/Scene_006_flash.webp"
UPRIGHT = "upright.jpg"
LYING = "lying.jpg"
TURN_CLOCKWISE = 6
MAKER, CAMERA, TAKEN = "Rendered", "Mitsuba", "2026:05:17 21:30:00"
FLASH_FIRED = 1
_MAKE, _MODEL, _DATE_TIME = 0x010F, 0x0110, 0x0132
_PHOTO, _FLASH = 0x8769, 0x9209


def write_photographs(folder: Path) -> None:
    """Writes them, good ones and bad ones, into a folder that is not there yet."""
    folder.mkdir(parents=True)
    _scene(1203, 901).save(folder / UPRIGHT, quality=92)
    _scene(1203, 901).save(folder / "upright.png")
    _scene(900, 1200, PORTRAIT).save(folder / "portrait.jpg", quality=92)
    _scene(1000, 750).save(folder / LYING, quality=92, exif=_exif())
    # A side of 15 pixels is one too few.
    _scene(400, 15).save(folder / "tiny.jpg")
    content = (folder / UPRIGHT).read_bytes()
    (folder / "cut.jpg").write_bytes(content[: len(content) // 2])
    (folder / "words.jpg").write_text("This is no photograph.\n" * 100)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "huge.png").write_bytes(_png_of_one_colour(40000, 40000))


def _scene(width: int, height: int, file: Path = LANDSCAPE) -> Image.Image:
    with Image.open(file) as scene:
        return scene.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)


def _png_of_one_colour(width: int, height: int) -> bytes:
    """A whole PNG file, far smaller than its pixels: 1 bit each, and all are 0."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">2I5B", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + part + struct.pack(">I", zlib.crc32(part))
        for content, part in ((content, name + content) for name, content in chunks)
    )


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = TURN_CLOCKWISE
    exif[_MAKE], exif[_MODEL], exif[_DATE_TIME] = MAKER, CAMERA, TAKEN
    exif.get_ifd(_PHOTO)[_FLASH] = FLASH_FIRED
    return exif
