"""Copies EXIF tags into another file, as far as Pillow can write them."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

# Tags that hold file offsets: maker notes, and the link to another directory.
_OFFSET_TAGS = frozenset({0x927C, 0xA005})


class _StoredText(str):
    """A string that encodes to the bytes that Pillow decoded it from.

    Pillow encodes other strings as ASCII.
    """

    def encode(self, *_: str) -> bytes:
        return super().encode("latin-1")


def as_stored(value: Any) -> Any:
    """Return a tag's value in a form that Pillow writes back byte for byte."""
    return _StoredText(value) if isinstance(value, str) else value


def writable_tags(tags: Iterable[tuple[int, Any]], directory: int | None = None) -> dict[int, Any]:
    """Return the tags that Pillow can write. It cannot write some values of an unexpected type.

    Args:
        tags: Tags and their values, as Pillow read them.
        directory: The tag that points to their directory, or `None` for the main one.
    """
    writable = {}
    for tag, value in tags:
        trial = ImageFileDirectory_v2(group=directory)
        with suppress(Exception):  # A value of an unexpected type makes it raise almost any one.
            trial[tag] = as_stored(value)
            trial.tobytes()
            writable[tag] = as_stored(value)
    return writable


def portable_tags(exif: Image.Exif, directory: int) -> dict[int, Any]:
    """Return the tags of a directory that stay valid in another file.

    Args:
        exif: The block as Pillow read it.
        directory: The tag that points to the directory, for example the GPS tag.
    """
    tags = exif.get_ifd(directory).items()
    return writable_tags((item for item in tags if item[0] not in _OFFSET_TAGS), directory)
