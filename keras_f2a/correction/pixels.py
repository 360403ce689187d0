"""The full-size pixels of a photograph, read and replaced strip by strip."""

from typing import Protocol

import numpy as np
from PIL import Image


class Pixels(Protocol):
    """Rows of RGB pixels that can be read, replaced and shrunk.

    Attributes:
        height: Number of rows.
        width: Number of columns.
        peak: The value of white: 255 for 8 bits, 65535 for 16 and 1 for floating point.
    """

    height: int
    width: int
    peak: int

    def read(self, top: int, bottom: int) -> np.ndarray:
        """Returns rows ``top`` to ``bottom - 1``, shape (rows, width, 3), values in [0, peak]."""

    def write(self, top: int, rows: np.ndarray) -> None:
        """Replaces rows from ``top`` on, clipped to [0, peak]; whole numbers are rounded half up.

        Args:
            top: The first row to replace.
            rows: float32, shape (rows, width, 3); used as working memory, its values are lost.
        """

    def shrink(self, height: int, width: int) -> np.ndarray:
        """Returns a smaller copy, float32 RGB in [0, 1], shape (height, width, 3).

        A small pixel is the mean of the full-size pixels whose centers lie inside it (Pillow's
        ``BOX`` filter; for 8 bits it rounds once across and once down).
        """


class PillowPixels:
    """`Pixels` of a Pillow image of mode RGB, changed in place: no second full-size copy.

    An image that Pillow calls read-only, as the HEIC decoder's is, is copied once.
    """

    peak = 255

    def __init__(self, image: Image.Image):
        self._image = image
        self.width, self.height = image.size
        # Pillow copies a read-only image at its first change. Done here, before threads change it:
        # of two copies made at once, the later one would drop what the earlier one had received.
        image.paste(image.crop((0, 0, 1, 1)), (0, 0))

    def read(self, top: int, bottom: int) -> np.ndarray:
        """See `Pixels.read`; uint8."""
        return np.asarray(self._image.crop((0, top, self.width, bottom)))

    def write(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.write`."""
        self._image.paste(Image.fromarray(_to_bytes(rows)), (0, top))

    def shrink(self, height: int, width: int) -> np.ndarray:
        """See `Pixels.shrink`."""
        return _shrink_bytes(self._image, height, width)


class ArrayPixels:
    """`Pixels` of a uint8, uint16 or float32 array (height, width, 3), changed in place."""

    def __init__(self, array: np.ndarray):
        self._array = array
        self.height, self.width, _ = array.shape
        self.peak = 1 if array.dtype == np.float32 else int(np.iinfo(array.dtype).max)

    def read(self, top: int, bottom: int) -> np.ndarray:
        """See `Pixels.read`; the array's own type."""
        return self._array[top:bottom]

    def write(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.write`."""
        if self.peak > 1:
            rows += np.float32(0.5)
        self._array[top : top + len(rows)] = np.clip(rows, 0, self.peak, out=rows)

    def shrink(self, height: int, width: int) -> np.ndarray:
        """See `Pixels.shrink`."""
        if self.peak == 255:
            return _shrink_bytes(Image.fromarray(self._array), height, width)
        small = np.empty((height, width, 3), np.float32)
        for channel in range(3):
            full = Image.fromarray(self._array[..., channel].astype(np.float32))
            small[..., channel] = np.asarray(full.resize((width, height), Image.Resampling.BOX))
        return small / np.float32(self.peak)


def _to_bytes(rows: np.ndarray) -> np.ndarray:
    rows += np.float32(0.5)
    return np.clip(rows, 0, 255, out=rows).astype(np.uint8)


def _shrink_bytes(image: Image.Image, height: int, width: int) -> np.ndarray:
    small = image.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)
