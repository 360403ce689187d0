"""Checks the number of pixels of a photograph."""

from pathlib import Path

from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

# Phones take up to 200 megapixels.
DEFAULT_MAX_MEGAPIXELS = 250.0
SMALLEST_PHOTO_SIDE = 16


class TooManyPixelsError(InputError):
    """The photograph has more pixels than the limit."""


def check_size(
    path: str | Path,
    size: tuple[int, int],
    *,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    smallest: int = SMALLEST_PHOTO_SIDE,
) -> None:
    """Check that a picture has neither too few nor too many pixels.

    Args:
        path: The file to name in error messages.
        size: Its width and height.
        max_megapixels: The largest number of pixels, in millions.
        smallest: The smallest width and height.

    Raises:
        InputError: A side is too short.
        TooManyPixelsError: The picture has too many pixels.
    """
    width, height = size
    if min(size) < smallest:
        raise InputError(
            f"{width}x{height} pixels are too few for a photograph; each side "
            f"must have {smallest} or more",
            file=path,
        )
    if width * height > max_megapixels * 1e6:
        raise TooManyPixelsError(
            f"{printable(path)}: {width}x{height} pixels are more than {max_megapixels:g} "
            "megapixels; if you trust the file, raise `max_megapixels`"
        )
