"""Opens PNG files that Pillow rejects or misreads.

Pillow rejects a file with a compressed profile or text larger than 1 MiB. That limit counts for the
whole process, so it is raised only while chunks are read. Pillow scales gray of 2 and 4 bits to 8,
but not the value that is transparent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PIL import PngImagePlugin

from keras_f2a.support.fork_safe_lock import ForkSafeLock

_WHITES = {"L;2": 3, "L;4": 15}
_chunk_limit = ForkSafeLock()


class PngFile(PngImagePlugin.PngImageFile):
    """A PNG file. A chunk may be as large as Pillow allows all texts of a file together to be."""

    def _open(self) -> None:
        with _large_chunks():
            super()._open()
        transparent = self.info.get("transparency")
        white = _WHITES.get(str(self.tile[0].args)) if self.mode == "L" and self.tile else None
        if white is not None and isinstance(transparent, int):
            self.info["transparency"] = (transparent & white) * 255 // white

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
