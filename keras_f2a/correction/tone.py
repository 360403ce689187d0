"""Brightness and warmth of a corrected photograph: the photographer's choice, not the network's.

A flash photograph shows how its light is distributed, but not how bright and how warm the ambient
light was. So both are set afterward, at full size, by one curve for each channel. The network does
not run again. These are the steps, in enough detail to port them:

1. Gains ``g = 2 ** brightness * w / (0.2126 * w[red] + 0.7152 * w[green] + 0.0722 * w[blue])`` with
   ``w = (2 ** (0.5 * warmth), 1, 2 ** (-0.5 * warmth))``. Warmth alone keeps a gray's luminance
   (Rec. 709), as far as step 2 allows.
2. Curve on linear light ``c(x) = g * x / (1 + (g - 1) * x)``. Shadows get g times as bright, while
   black stays black and white stays white for any g. The curve of 1 / g inverts it.
3. Curve on encoded values ``t(v) = encode(c(decode(v)))`` with sRGB's curve, tabulated in double
   precision at ``v = i / 4080`` for i from 0 to 4080 and stored as float32.
4. A corrected value ``v``, clipped to ``[0, 1]`` but not yet rounded, becomes ``t`` at
   ``i = floor(4080 * v + 0.5)``. 4080 is 16 steps for each of the 255 levels of 8 bits. In steps 3
   and 4, photographs of 16 bits and of floating point take 16 steps for each of 65535 levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_f2a.support.late_import import LateModule
from keras_f2a.support.settings import check_values, documented, setting

# Late: settings are read before anything is calculated.
if TYPE_CHECKING:
    import numpy as np

    from keras_f2a.correction.pixels import Pixels
    from keras_f2a.support import srgb
else:
    np = LateModule("numpy")
    srgb = LateModule("keras_f2a.support.srgb")

LARGEST_BRIGHTNESS = 3.0  # stops, up or down
LARGEST_WARMTH = 1.0  # half a stop more red and less blue than green
STEPS = 4080
_FINE_STEPS = 16 * 65535
_PEAK_OF_8_BITS = 255
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_WARMEST = (0.5, 0.0, -0.5)


@documented
@dataclass(frozen=True)
class Tone:
    """A change of brightness and white balance. The constructor checks it.

    Raises:
        InputError: A value is out of range.
    """

    brightness: float = setting(
        0.0,
        "stops (EV) by which to brighten shadows and midtones; black and white do not change",
        metavar="EV",
        at_least=-LARGEST_BRIGHTNESS,
        at_most=LARGEST_BRIGHTNESS,
    )
    warmth: float = setting(
        0.0,
        "from -1 (cooler) to 1 (warmer: half a stop more red and less blue)",
        metavar="W",
        at_least=-LARGEST_WARMTH,
        at_most=LARGEST_WARMTH,
    )

    def __post_init__(self):
        check_values(self)

    @property
    def is_neutral(self) -> bool:
        """Whether it changes nothing."""
        return self.brightness == 0 and self.warmth == 0

    def gains(self) -> np.ndarray:
        """Return the gains of red, green and blue in the shadows, float64, shape (3,).

        They apply to linear light.
        """
        balance = 2.0 ** (np.array(_WARMEST) * self.warmth)
        return 2.0**self.brightness * balance / (balance @ np.array(_LUMINANCE))

    def curves(self, steps: int = STEPS) -> np.ndarray:
        """Return the curves of red, green and blue, float32 in [0, 1], shape (3, steps + 1)."""
        light = srgb.to_linear(np.arange(steps + 1) / steps)
        gains = self.gains()[:, None]
        return srgb.from_linear(gains * light / (1 + (gains - 1) * light)).astype(np.float32)

    def over(self, pixels: Pixels) -> Pixels:
        """Return the same pixels, with the curves applied to all values that are written."""
        return pixels if self.is_neutral else _TonedPixels(pixels, self)


class _TonedPixels:
    """`Pixels` whose `round` and `write` apply curves."""

    is_plain = False

    def __init__(self, pixels: Pixels, tone: Tone):
        self._pixels = pixels
        self.height, self.width, self.peak = pixels.height, pixels.width, pixels.peak
        self._steps = STEPS if pixels.peak == _PEAK_OF_8_BITS else _FINE_STEPS
        curves = tone.curves(self._steps) * np.float32(pixels.peak)
        # The three curves, one after the other, in the photograph's own dtype.
        self._curves = np.empty(curves.size, pixels.read(0, 1).dtype)
        pixels.round(curves.reshape(1, -1, 1), self._curves.reshape(1, -1, 1))
        # Where each value's curve starts, for a whole row. Without warmth, all curves are the same.
        starts = np.tile(np.arange(3) * (self._steps + 1), (pixels.width, 1))
        self._starts = starts if tone.warmth else None
        self.read, self.replace, self.shrink = pixels.read, pixels.replace, pixels.shrink

    def round(self, values: np.ndarray, rows: np.ndarray) -> None:
        """See `Pixels.round`."""
        values *= np.float32(self._steps / self.peak)
        values += np.float32(0.5)
        values.clip(0, self._steps, out=values)
        steps = values.astype(np.intp)
        if self._starts is not None:
            steps += self._starts
        # No step is out of range, but with mode="clip" NumPy writes to `out` without a copy.
        np.take(self._curves, steps, out=rows, mode="clip")

    def write(self, top: int, rows: np.ndarray) -> None:
        """See `Pixels.write`."""
        toned = np.empty(rows.shape, self._curves.dtype)
        self.round(rows, toned)
        self.replace(top, toned)
