"""Opens PNG files that hold more metadata than Pillow accepts.

Pillow rejects a file with a compressed profile or text larger than 1 MiB. That limit counts for the
whole process, so it is raised only while chunks are read.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PIL import PngImagePlugin

from keras_f2a.support.fork_safe_lock import ForkSafeLock

_chunk_limit = ForkSafeLock()


class PngFile(PngImagePlugin.PngImageFile):
    """A PNG file. A chunk may be as large as Pillow allows all texts of a file together to be."""

    def _open(self) -> None:
        with _large_chunks():
            super()._open()

    def load_end(self) -> None:
        """Read the chunks after the pixels."""
        with _large_chunks():
            super().load_end()


@contextmanager
def _large_chunks() -> Iterator[None]:
    with _chunk_limit:
        limit = PngImagePlugin.MAX_TEXT_CHUNK
        PngImagePlugin.MAX_TEXT_CHUNK = max(limit, PngImagePlugin.MAX_TEXT_MEMORY)
        try:
            yield
        finally:
            PngImagePlugin.MAX_TEXT_CHUNK = limit
