"""Opens and decodes files of any size with Pillow.

Pillow has one size limit for the whole process. Photographs have their own limit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageFile

from keras_f2a.imaging.file_kind import PNG
from keras_f2a.imaging.turns import swaps_axes
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.late_import import LateModule

# Imported late, because opening a JPEG file does not need it.
if TYPE_CHECKING:
    from keras_f2a.imaging import png_file
else:
    png_file = LateModule("keras_f2a.imaging.png_file")

_MAX_RESOLUTION = 1e8
"""Dots per inch. PNG stores no larger number."""
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


def resolution(
    information: Mapping[Any, Any], turn: Image.Transpose | None = None
) -> tuple[float, float] | None:
    """Return the horizontal and the vertical resolution, or `None` without a valid one.

    Args:
        information: The decoder's `Image.info`.
        turn: How the pixels were rotated or mirrored, or `None` if they were not.
    """
    try:
        x, y = (float(value) for value in information["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    if not (0 < x < _MAX_RESOLUTION and 0 < y < _MAX_RESOLUTION):
        return None
    return (y, x) if swaps_axes(turn) else (x, y)


@contextmanager
def _no_limit() -> Iterator[None]:
    with _pixel_limit:
        limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = limit
