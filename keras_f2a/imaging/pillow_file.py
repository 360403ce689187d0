"""Opens and decodes files with Pillow, of whatever size.

Pillow's own limit is one number for the whole process; photographs have one of their own.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageFile

from keras_f2a.support.fork_safe_lock import ForkSafeLock

_pixel_limit = ForkSafeLock()


def opened(opener: Callable[[Path], ImageFile.ImageFile], path: Path) -> ImageFile.ImageFile:
    """Call what opens a file, while Pillow has no limit.

    Args:
        opener: Opens it; nothing is decoded yet.
        path: The file.
    """
    with _no_limit():
        return opener(path)


def open_as(path: Path, kind: str) -> ImageFile.ImageFile:
    """Open a file of any size with the decoder of one kind.

    Args:
        path: The file.
        kind: Pillow's name of the format.
    """
    return opened(lambda file: Image.open(file, formats=(kind,)), path)


def decode(image: ImageFile.ImageFile) -> None:
    """Decode an image of any size; the caller has checked it."""
    if image.format == "TIFF":
        with _no_limit():  # Here, and not when it is opened, Pillow asks for TIFF.
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
