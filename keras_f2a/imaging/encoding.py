"""Encodes images into files and detects a full disk."""

import io
from pathlib import Path

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

# Pillow's number for each ratio of the luma's to the chroma's columns and rows.
_SUBSAMPLINGS = {(1, 1): 0, (2, 1): 1, (2, 2): 2}


def encode(image: Image.Image, image_format: str, **settings) -> bytes:
    """Return the bytes of the file that `Image.save` would write.

    Args:
        image: The image.
        image_format: Pillow's name for the format.
        settings: Options of the format, as for `Image.save`.
    """
    file = io.BytesIO()
    image.save(file, image_format, **settings)
    return file.getvalue()


def jpeg_settings(image: JpegImageFile) -> dict:
    """Return the options of `Image.save` that give a JPEG file the quality of another one.

    These are its quantization tables and its chroma subsampling. A subsampling that Pillow cannot
    write, such as 4:4:0 or 4:1:1, becomes 4:4:4, which loses nothing.

    Args:
        image: The other file. It may number its tables in any way.
    """
    sizes = [size for _, *size, _ in image.layer]
    subsampling = 0
    if len(sizes) == 3 and sizes[1] == sizes[2]:
        columns, rows = (luma / chroma for luma, chroma in zip(*sizes[:2], strict=True))
        subsampling = _SUBSAMPLINGS.get((columns, rows), 0)
    tables = [image.quantization.get(number) for *_, number in image.layer]
    if None in tables:  # A progressive file may define a table between its scans.
        return {"subsampling": subsampling}
    while len(tables) > 1 and tables[-1] == tables[-2]:  # Pillow repeats the last table.
        tables.pop()
    return {"qtables": tables, "subsampling": subsampling}


def save_encoded(image: Image.Image, path: Path, image_format: str, **settings) -> None:
    """Write the file that `Image.save` would write, and detect a full disk.

    For some formats, including JPEG, Pillow's encoder writes directly to the file descriptor and
    does not notice a partial write, for example on a full disk.

    Args:
        image: The image.
        path: The file.
        image_format: Pillow's name for the format.
        settings: Options of the format, as for `Image.save`.

    Raises:
        OSError: The file could not be written completely.
    """
    path.write_bytes(encode(image, image_format, **settings))
