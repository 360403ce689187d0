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
        is_plain: Whether `round` only clips and rounds.
    """

    height: int
    width: int
    peak: int
    is_plain: bool

    def read(self, top: int, bottom: int) -> np.ndarray:
        """Return rows ``top`` to ``bottom - 1``, shape (rows, width, 3), values in [0, peak].

        They have the photograph's own dtype. If the array is writable, writing to it changes the
        photograph.
        """

    def round(self, values: np.ndarray, rows: np.ndarray) -> None:
        """Clip values to [0, peak] and convert them to the photograph's dtype.

        Args:
            values: float32, shape (rows, width, 3). It is used as working memory and overwritten.
            rows: Receives the result, with the photograph's dtype. Integers are rounded half up.
        """

    def replace(self, top: int, rows: np.ndarray) -> None:
        """Replace rows from ``top`` on with rows of the photograph's dtype."""

    def write(self, top: int, rows: np.ndarray) -> None:
        """Replace rows from ``top`` on with float32 values, which `round` converts.

        Args:
            top: The first row to replace.
            rows: float32, shape (rows, width, 3). It is used as working memory and overwritten.
        """

    def shrink(self, height: int, width: int) -> np.ndarray:
        """Return a smaller copy, float32 RGB in [0, 1], shape (height, width, 3).

        A small pixel is the mean of the full-size pixels whose centers lie inside it. This is
        Pillow's ``BOX`` filter, which rounds 8-bit values after its horizontal and its vertical
        pass.
        """


class Correct(Protocol):
    """Corrects a decoded photograph in place, as `Corrector.correct_image` does."""

    def __call__(
        self, image: Image.Image | np.ndarray, *, flash_fired: bool | None = None
    ) -> bool | None:
        """Correct the photograph.

        Args:
            image: A Pillow image of mode RGB, or a uint16 array of shape (height, width, 3).
            flash_fired: Whether the flash fired, according to its file; `None` if unknown.

        Returns:
            True if it is almost unchanged, because it shows no flash.
        """


class PillowPixels:
    """`Pixels` of a Pillow image of mode RGB, changed in place without a second full-size copy.

    A read-only image, such as the HEIC decoder's, is copied once.
    """

    peak = 255
    is_plain = True

    def __init__(self, image: Image.Image):
        self._image = image
        self.width, self.height = image.size
        # Pillow copies a read-only image at its first change. Make it do so before threads change
        # the image. If two threads copied it at once, the changes of the first would be lost.
        image.paste(image.crop((0, 0, 1, 1)), (0, 0))

    def read(self, top: int, bottom: int) -> np.ndarray:
        """See `Pixels.read`; uint8."""
        strip = self._image.crop((0, top, self.width, bottom)).tobytes()
        return np.frombuffer(strip, np.uint8).reshape(bottom - top, self.width, 3)

    def round(self, values: np.ndarray, rows: np.ndarray) -> None:
        """See `Pixels.round`."""
        _round_half_up(values, rows, self.peak)

    def replace(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.replace`."""
        self._image.paste(Image.fromarray(rows), (0, top))

    def write(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.write`."""
        rounded = np.empty(rows.shape, np.uint8)
        self.round(rows, rounded)
        self.replace(top, rounded)

    def shrink(self, height: int, width: int) -> np.ndarray:
        """See `Pixels.shrink`."""
        return _shrink_bytes(self._image, height, width)


class ArrayPixels:
    """`Pixels` of a uint8, uint16 or float32 array (height, width, 3), changed in place."""

    is_plain = True

    def __init__(self, array: np.ndarray):
        self._array = array
        self.height, self.width, _ = array.shape
        self.peak = 1 if array.dtype == np.float32 else int(np.iinfo(array.dtype).max)

    def read(self, top: int, bottom: int) -> np.ndarray:
        """See `Pixels.read`; a view of the array."""
        return self._array[top:bottom]

    def round(self, values: np.ndarray, rows: np.ndarray) -> None:
        """See `Pixels.round`."""
        if self.peak > 1:
            _round_half_up(values, rows, self.peak)
        else:
            values.clip(0, 1, out=rows)

    def replace(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.replace`."""
        self._array[top : top + len(rows)] = rows

    def write(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.write`."""
        self.round(rows, self._array[top : top + len(rows)])

    def shrink(self, height: int, width: int) -> np.ndarray:
        """See `Pixels.shrink`."""
        if self.peak == 255:
            return _shrink_bytes(Image.fromarray(self._array), height, width)
        small = np.empty((height, width, 3), np.float32)
        for channel in range(3):
            full = Image.fromarray(self._array[..., channel].astype(np.float32))
            small[..., channel] = np.asarray(full.resize((width, height), Image.Resampling.BOX))
        return small / np.float32(self.peak)


def _round_half_up(values: np.ndarray, rows: np.ndarray, peak: int) -> None:
    values += np.float32(0.5)
    values.clip(0, peak, out=values)
    np.copyto(rows, values, casting="unsafe")


def _shrink_bytes(image: Image.Image, height: int, width: int) -> np.ndarray:
    small = image.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32) / np.float32(255)
