"""How many pixels a photograph may have."""

from pathlib import Path

from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable

# Above what phones take, 200 megapixels.
DEFAULT_MAX_MEGAPIXELS = 250.0
SMALLEST_PHOTO_SIDE = 16


class TooManyPixelsError(InputError):
    """The photograph has more pixels than are taken."""


def check_size(
    path: str | Path,
    size: tuple[int, int],
    *,
    max_megapixels: float = DEFAULT_MAX_MEGAPIXELS,
    smallest: int = SMALLEST_PHOTO_SIDE,
) -> None:
    """Raise an `InputError` for a picture of too few pixels, a `TooManyPixelsError` for too many.

    Args:
        path: The file that messages name.
        size: Its width and height.
        max_megapixels: The most pixels, in millions.
        smallest: The least width and height.
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
