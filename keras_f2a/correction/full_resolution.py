"""Carries the effect of a network that ran on a small copy to every pixel of the full-size photo.

Everything is float32 RGB in [0, 1]. Each channel is processed separately, in the same way. ``I`` is
the small flash image, whose pixels are means of the full-size pixels that they cover. ``O`` is the
network's output for it. ``m(X)`` is the mean over the 3x3 window, with edge pixels repeated outside
the image.

1. Variances ``v = max(m(I*I) - m(I)^2, 0)`` and ``u = m(O*O) - m(O)^2``, and covariance
   ``c = m(I*O) - m(I) * m(O)``.
2. Brightness ratio ``g = (m(O) + 0.02) / (m(I) + 0.02)``.
3. Gain ``a = (c + 1e-4 * g) / (v + 1e-4)``, clipped to ``[0, 4 * g]``. This is ridge regression
   of O on I. Where the window has no contrast, as in a clipped highlight, it falls back to "the
   same light, g times as bright". So texture finer than the small pixels keeps its local contrast.
4. Residual ``r``: the mean of ``u - 2 * a * c + a * a * v`` over all pixels and channels.
5. A network blurs, and its blur must not lower the contrast of the photograph. So I is blurred by
   [1 6 1] / 8 vertically and horizontally (edge pixels repeated), and steps 1 to 4 are repeated
   with it. This happens at most 12 times, as long as it lowers r by 1% or more. Then I is about
   as blurred as O. The sharp photograph gets the gain and offset that were found between equally
   blurred images.
6. Offset ``b = m(O) - a * m(I)``, with the I of step 5. Then ``a = m(a)`` and ``b = m(b)``.
7. The full-size result is ``clip(A * flash + B, 0, 1)``, rounded half up for 8 bits. A and B are
   a and b, interpolated bilinearly between pixel centers. With w small and W full-size columns,
   full-size column X lies at ``x = (X + 0.5) * w / W - 0.5``, clipped to ``[0, w - 1]``. Rows work
   the same way.

This is the guided filter (He, Sun and Tang, PAMI 2013) in its fast, subsampled form, with three
changes. The regularization draws the gain toward g instead of 0. The gain is limited, so that
detail is neither inverted nor exaggerated. Step 5 is the third change. The window and the
regularization were chosen with ``benchmarks/correct_photo.py``. Larger ones lose accuracy, and
smaller ones add noise.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from keras_f2a.correction.pixels import Pixels

try:
    from keras_f2a.correction._row_kernel import correct_rows
except ImportError:  # Installed without a compiler.
    correct_rows = None

REGULARIZATION = 1e-4
RATIO_FLOOR = 0.02
LARGEST_GAIN = 4.0
MOST_BLURRINGS = 12
WORTHWHILE = 0.99
# More values at once would not fit in the CPU cache. With fewer, call overhead dominates.
STRIP_VALUES = 300_000
BLOCK_VALUES = 48_000
# More than two gain little, because strips are read and written one at a time.
THREADS = 2


@dataclass(frozen=True)
class LocalAffine:
    """A gain and an offset for every small pixel and channel: corrected = gain * flash + offset.

    Attributes:
        gain: float32 of shape (height, width, 3).
        offset: float32 of shape (height, width, 3), in units of the value range [0, 1].
    """

    gain: np.ndarray
    offset: np.ndarray

    def mixed_with_original(self, strength: float) -> "LocalAffine":
        """Return the model of ``strength * corrected + (1 - strength) * flash``."""
        return LocalAffine(1 + strength * (self.gain - 1), strength * self.offset)


def fit_local_affine(flash: np.ndarray, corrected: np.ndarray) -> LocalAffine:
    """Fit the local affine model to the network's change of the small image.

    Args:
        flash: Small flash image, float32 RGB in [0, 1], shape (height, width, 3).
        corrected: The network's output for it, same shape and range.

    Returns:
        The model, with one gain and offset for each small pixel and channel.
    """
    mean = _window_mean(corrected)
    target = corrected, mean, _window_mean(corrected * corrected) - mean * mean
    gain, offset, residual = _fit(flash, *target)
    for _ in range(MOST_BLURRINGS):
        flash = _blur(flash)
        candidate = _fit(flash, *target)
        if candidate[2] > WORTHWHILE * residual:
            break
        gain, offset, residual = candidate
    return LocalAffine(_window_mean(gain), _window_mean(offset))


def apply_local_affine(model: LocalAffine, pixels: Pixels) -> None:
    """Replace every full-size pixel with its corrected value, strip by strip.

    This needs memory for only a few strips of `STRIP_VALUES`, whatever the photograph's size. Each
    of `THREADS` threads corrects one part of the photograph.

    Args:
        model: What `fit_local_affine` returned for the small copy of these pixels.
        pixels: The full-size photograph; changed in place.
    """
    # A float64 engine or strength makes float64 coefficients.
    coefficients = np.stack(
        [model.gain, model.offset * np.float32(pixels.peak)], dtype=np.float32, casting="same_kind"
    )
    edges = np.linspace(0, pixels.height, THREADS + 1).astype(int)

    def apply_part(first: int, last: int) -> None:
        full_size = FullSizeCoefficients(coefficients, pixels.height, pixels.width)
        strip = max(STRIP_VALUES // (3 * pixels.width), 1)
        for top in range(first, last, strip):
            flash = pixels.read(top, min(top + strip, last))
            if correct_rows is not None and pixels.is_plain and flash.dtype == np.uint8:
                result = full_size.corrected_bytes(flash, top)
            else:
                result = flash if flash.flags.writeable else np.empty_like(flash)
                for start, stop, gain, offset in full_size.between(top, top + len(flash)):
                    part = slice(start - top, stop - top)
                    corrected = np.multiply(flash[part], gain, out=gain)
                    corrected += offset
                    pixels.round(corrected, result[part])
            pixels.replace(top, result)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(apply_part, edges[:-1], edges[1:]))


def _fit(
    flash: np.ndarray, corrected: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return gain, offset and mean squared residual. `mean` and `variance` are of `corrected`."""
    flash_mean = _window_mean(flash)
    flash_variance = np.maximum(_window_mean(flash * flash) - flash_mean * flash_mean, 0)
    covariance = _window_mean(flash * corrected) - flash_mean * mean
    ratio = (mean + RATIO_FLOOR) / (flash_mean + RATIO_FLOOR)
    gain = (covariance + REGULARIZATION * ratio) / (flash_variance + REGULARIZATION)
    gain = np.clip(gain, 0, LARGEST_GAIN * ratio)
    residual = np.mean(variance - 2 * gain * covariance + gain * gain * flash_variance)
    return gain, mean - gain * flash_mean, float(residual)


def _blur(image: np.ndarray) -> np.ndarray:
    height, width, _ = image.shape
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = (padded[:height] + 6 * padded[1 : height + 1] + padded[2:]) / np.float32(8)
    return (rows[:, :width] + 6 * rows[:, 1 : width + 1] + rows[:, 2:]) / np.float32(8)


def _window_mean(image: np.ndarray) -> np.ndarray:
    height, width, _ = image.shape
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:height] + padded[1 : height + 1] + padded[2:]
    return (rows[:, :width] + rows[:, 1 : width + 1] + rows[:, 2:]) / np.float32(9)


def _sample_positions(full: int, small: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the small position before each full-size position, and the weight of the next one."""
    centers = (np.arange(full) + 0.5) * small / full - 0.5
    centers = np.clip(centers, 0, small - 1)
    index = np.clip(centers.astype(np.intp), 0, max(small - 2, 0))
    return index, (centers - index).astype(np.float32)


class FullSizeCoefficients:
    """Gains and offsets for every full-size pixel, a few rows at a time.

    Args:
        coefficients: Gains and offsets, float32 of shape (2, small height, small width, 3).
        height: Rows of the photograph.
        width: Columns of the photograph.
    """

    def __init__(self, coefficients: np.ndarray, height: int, width: int):
        _, small_height, small_width, _ = coefficients.shape
        self._coefficients = coefficients.reshape(2, small_height, 3 * small_width)
        self._upper_row, self._row_weights = _sample_positions(height, small_height)
        left, weights = _sample_positions(width, small_width)
        right = np.minimum(left + 1, small_width - 1)
        self._left_columns = (left[:, np.newaxis] * 3 + np.arange(3)).ravel()
        self._right_columns = (right[:, np.newaxis] * 3 + np.arange(3)).ravel()
        self._column_weights = np.repeat(weights, 3)
        self._block_rows = max(BLOCK_VALUES // (3 * width), 1)
        self._block = np.empty((2, self._block_rows, 3 * width), np.float32)
        self._width = width
        self._row = -1
        self._upper = self._lower = self._step = np.empty(0, np.float32)

    def corrected_bytes(self, flash: np.ndarray, top: int) -> np.ndarray:
        """Correct and round 8-bit rows in one compiled pass.

        Args:
            flash: uint8, shape (rows, width, 3).
            top: The row of the photograph that is the first of them.
        """
        flash = np.ascontiguousarray(flash)
        result = np.empty_like(flash)
        for start, end in self._between_small_rows(top, top + len(flash)):
            part, weights = slice(start - top, end - top), self._row_weights[start:end]
            correct_rows(flash[part], self._upper, self._step, weights, result[part])
        return result

    def between(self, top: int, bottom: int) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
        """Yield (start, stop, gain, offset) for blocks of the rows from `top` to `bottom` − 1.

        The arrays have shape (rows, width, 3). They are valid until the next block, and the caller
        may change them.
        """
        for first, end in self._between_small_rows(top, bottom):
            for start in range(first, end, self._block_rows):
                stop = min(start + self._block_rows, end)
                block = self._block[:, : stop - start]
                np.multiply(self._row_weights[start:stop, np.newaxis], self._step, out=block)
                block += self._upper
                gain, offset = block.reshape(2, stop - start, self._width, 3)
                yield start, stop, gain, offset

    def _between_small_rows(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """Yield (start, stop) for each run of rows that lie between the same two small rows."""
        while top < bottom:
            row = int(self._upper_row[top])
            end = min(int(np.searchsorted(self._upper_row, row, side="right")), bottom)
            self._move_to(row)
            yield top, end
            top = end

    def _move_to(self, row: int) -> None:
        """Interpolate a small row, and its step to the next one, to the full width.

        Both have shape (2, 1, 3 * width).
        """
        if row == self._row:
            return
        is_next = self._row >= 0 and row == self._row + 1
        self._upper = self._lower if is_next else self._interpolate_columns(row)
        self._lower = self._interpolate_columns(min(row + 1, self._coefficients.shape[1] - 1))
        self._step = self._lower - self._upper
        self._row = row

    def _interpolate_columns(self, row: int) -> np.ndarray:
        coefficients = self._coefficients[:, row : row + 1]
        left = coefficients.take(self._left_columns, axis=2, mode="clip")
        wide = coefficients.take(self._right_columns, axis=2, mode="clip")
        wide -= left
        wide *= self._column_weights
        wide += left
        return wide
