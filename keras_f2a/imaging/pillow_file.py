"""Opens and decodes files of any size with Pillow.

Pillow has one size limit for the whole process. Photographs have their own limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageFile

from keras_f2a.imaging.file_kind import PNG
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.late_import import LateModule

# Imported late, because opening a JPEG file does not need it.
if TYPE_CHECKING:
    from keras_f2a.imaging import png_file
else:
    png_file = LateModule("keras_f2a.imaging.png_file")

_pixel_limit = ForkSafeLock()


def open_without_limit(
    opener: Callable[[Path], ImageFile.ImageFile], path: Path
) -> ImageFile.ImageFile:
    """Open a file while Pillow's size limit is off.

    Args:
        opener: Opens the file without decoding it.
        path: The file.
    """
    with _no_limit():
        return opener(path)


def open_as(path: Path, kind: str) -> ImageFile.ImageFile:
    """Open a file of any size with the decoder of one kind.

    Args:
        path: The file.
        kind: Pillow's name for the format.
    """
    return open_without_limit(lambda file: with_pillow(file, kind), path)


def with_pillow(path: Path, kind: str) -> ImageFile.ImageFile:
    """Open a file with Pillow's decoder of one kind. Its size limit may apply.

    Args:
        path: The file.
        kind: Pillow's name for the format.
    """
    return png_file.PngFile(path) if kind == PNG else Image.open(path, formats=(kind,))


def decode(image: ImageFile.ImageFile) -> None:
    """Decode an image of any size. The caller must check the size first."""
    if image.format == "TIFF":
        with _no_limit():  # For TIFF, Pillow checks the size here, not in `open`.
            image.load_prepare()
    image.load()


@contextmanager
def _no_limit() -> Iterator[None]:
    with _pixel_limit:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit
