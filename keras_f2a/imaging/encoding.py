"""Encodes images into files and detects a full disk."""

import io
from pathlib import Path

from PIL import Image


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
