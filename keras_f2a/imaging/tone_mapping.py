"""Converts HDR pictures (PQ, HLG, linear light) to standard range in Display P3.

1. Convert values to light in units of a standard display's white, 203 cd/m² (ITU-R BT.2408). PQ is
   absolute (SMPTE ST 2084). HLG is rendered for a display of 1000 cd/m² with a system gamma of 1.2
   (ITU-R BT.2100). Linear light needs no conversion.
2. Apply the curve of ITU-R BT.2390 (section 5.4.1) to the largest of red, green and blue, from the
   picture's own peak to white. It keeps shadows and midtones and compresses highlights. All three
   channels are scaled by the same factor, which preserves hues.
3. Apply the matrix to Display P3. Mix a color outside the gamut with the gray of its luminance.
4. Apply the sRGB curve and round to 8 bits.
"""

import numpy as np

from keras_f2a.imaging.cicp import DISPLAY_P3, HLG, LINEAR, PQ, Cicp
from keras_f2a.support.srgb import from_linear

WHITE = 203.0  # cd/m²
_HLG_PEAK = 1000.0
_STRIP_ROWS = 64
_M1, _M2 = 2610 / 16384, 2523 / 32
_C1, _C2, _C3 = 3424 / 4096, 2413 / 128, 2392 / 128


def to_standard_range(pixels: np.ndarray, codes: Cicp) -> np.ndarray:
    """Return the picture as a standard display shows it.

    Args:
        pixels: uint16 RGB, white at 65535, shape (height, width, 3).
        codes: The primaries and the transfer function, which is PQ, HLG or linear.

    Returns:
        uint8 RGB in Display P3, shape (height, width, 3).
    """
    transfer = _TransferFunction(codes)
    strips = [slice(top, top + _STRIP_ROWS) for top in range(0, len(pixels), _STRIP_ROWS)]
    peak = max((float(transfer.to_linear(pixels[strip]).max()) for strip in strips), default=1.0)
    matrix = np.linalg.solve(DISPLAY_P3.to_xyz(), codes.colors.to_xyz()).astype(np.float32)
    luminance = DISPLAY_P3.to_xyz()[1].astype(np.float32)
    encoded = (from_linear(np.linspace(0, 1, 65536)) * 255 + 0.5).astype(np.uint8)
    result = np.empty(pixels.shape, np.uint8)
    for strip in strips:
        rgb = transfer.to_linear(pixels[strip])
        largest = rgb.max(axis=-1, keepdims=True)
        rgb *= tone_curve(largest, peak) / np.maximum(largest, 1e-6)
        rgb = rgb @ matrix.T
        gray = (rgb @ luminance)[..., None]
        lowest = np.minimum(rgb.min(axis=-1, keepdims=True), 0)
        rgb = gray + (rgb - gray) * (gray / np.maximum(gray - lowest, 1e-6))
        result[strip] = encoded[(np.clip(rgb, 0, 1) * 65535 + 0.5).astype(np.uint16)]
    return result


def tone_curve(light: np.ndarray, peak: float) -> np.ndarray:
    """Apply the curve of BT.2390 from a peak to 1.

    Args:
        light: Linear light, 0 to `peak`, in units of white, of any shape.
        peak: The brightest light of the picture.

    Returns:
        Light from 0 to 1, of the same shape. Unchanged if the peak is 1 or less.
    """
    if peak <= 1:
        return light
    source, white = _to_pq(np.array([peak, 1.0]))
    target = white / source
    knee = 1.5 * target - 0.5
    value = _to_pq(light) / source
    t = np.clip((value - knee) / (1 - knee), 0, 1)
    spline = (2 * t**3 - 3 * t**2 + 1) * knee + (t**3 - 2 * t**2 + t) * (1 - knee)
    spline += (3 * t**2 - 2 * t**3) * target
    return np.where(value < knee, light, _from_pq(spline * source)).astype(np.float32)


class _TransferFunction:
    """Converts values to linear light in units of white."""

    def __init__(self, codes: Cicp):
        values = np.arange(65536) / 65535
        light = {PQ: _from_pq(values), HLG: _from_hlg(values), LINEAR: values}
        self._table = light[codes.transfer].astype(np.float32)
        self._is_hlg = codes.transfer == HLG
        self._luminance = codes.colors.to_xyz()[1].astype(np.float32)

    def to_linear(self, pixels: np.ndarray) -> np.ndarray:
        light = self._table[pixels]
        if self._is_hlg:
            scene = np.maximum(light @ self._luminance, 0)[..., None]
            light *= scene ** np.float32(0.2) * np.float32(_HLG_PEAK / WHITE)
        return light


def _from_pq(values: np.ndarray) -> np.ndarray:
    root = np.maximum(values, 0) ** (1 / _M2)
    return (np.maximum(root - _C1, 0) / (_C2 - _C3 * root)) ** (1 / _M1) * (10000 / WHITE)


def _to_pq(light: np.ndarray) -> np.ndarray:
    power = np.maximum(light * (WHITE / 10000), 0) ** _M1
    return ((_C1 + _C2 * power) / (1 + _C3 * power)) ** _M2


def _from_hlg(values: np.ndarray) -> np.ndarray:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(values <= 0.5, values**2 / 3, (np.exp((values - c) / a) + b) / 12)
