"""Encodes an image into a file so that a full disk is noticed."""

import io
from pathlib import Path

from PIL import Image


def encoded(image: Image.Image, image_format: str, **settings) -> bytes:
    """Return the file that `Image.save` would write.

    Args:
        image: The image.
        image_format: Pillow's name of the format.
        settings: The format's, as `Image.save` takes them.
    """
    file = io.BytesIO()
    image.save(file, image_format, **settings)
    return file.getvalue()


def save_encoded(image: Image.Image, path: Path, image_format: str, **settings) -> None:
    """Write what `Image.save` would write.

    Pillow hands the files of some formats, JPEG among them, straight to the system and takes a
    write that stopped halfway, as on a disk that is full then, for a whole one.

    Args:
        image: The image.
        path: The file.
        image_format: Pillow's name of the format.
        settings: The format's, as `Image.save` takes them.

    Raises:
        OSError: The file could not be written whole.
    """
    path.write_bytes(encoded(image, image_format, **settings))
