"""Opens a photograph's file with the decoder that its content, and not its name, calls for."""

import io
from pathlib import Path
from typing import BinaryIO

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from keras_f2a.support.errors import InputError
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.printable import printable

# Named through their modules, which registers them. Phones' MPO files open as JPEG.
_FORMATS = (
    JpegImagePlugin.JpegImageFile.format,
    PngImagePlugin.PngImageFile.format,
    WebPImagePlugin.WebPImageFile.format,
)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1"}
_pixel_limit = ForkSafeLock()

# Pillow refuses a PNG file over one compressed profile or text of more than 1 MiB. What all texts
# of a file may hold together is the bound that stays.
PngImagePlugin.MAX_TEXT_CHUNK = max(PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY)


def open_image(path: Path) -> Image.Image:
    """Opens a JPEG, PNG, WebP or HEIC file of any size; nothing is decoded yet.

    Raises:
        InputError: It is a HEIC file, and the package that reads it is not installed.
        Exception: Whatever Pillow raises for other files.
    """
    with path.open("rb") as file:
        start = file.read(12)
    formats: tuple[str, ...] = _FORMATS
    if start[4:8] == b"ftyp" and start[8:] in _HEIF_BRANDS:
        _register_heif(path)
        formats = ("HEIF",)
    # Without Pillow's own limit, which is one number for the whole process.
    with _pixel_limit:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            return Image.open(path, formats=formats)
        finally:
            Image.MAX_IMAGE_PIXELS = limit


def is_lossless_webp(path: Path) -> bool:
    """Whether a WebP file's first image is stored without loss."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF":
            return False
        file.seek(12)
        return _first_image(file) == b"VP8L"


def _first_image(file: BinaryIO) -> bytes:
    """The kind of the first chunk that holds an image; what an animation says comes before it."""
    while len(header := file.read(8)) == 8:
        kind, size = header[:4], int.from_bytes(header[4:], "little")
        if kind in (b"VP8 ", b"VP8L"):
            return kind
        if kind == b"ANMF":
            file.seek(16, io.SEEK_CUR)  # The frame's place; its image's chunks follow.
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
    return b""


def _register_heif(path: Path) -> None:
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            f"{printable(path)}: reading HEIC needs one more package: pip install 'keras_f2a[heic]'"
        ) from error
    pillow_heif.register_heif_opener()
