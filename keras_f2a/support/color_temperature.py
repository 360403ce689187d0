"""Converts the color temperature of a light to factors for linear RGB."""

import numpy as np

LOWEST, HIGHEST = 2000.0, 12000.0
"""In kelvin: candlelight and the blue hour."""
FLASH = 5500.0
"""In kelvin: a flash, for which flash photographs are white-balanced."""
_TO_LINEAR = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


def tint(temperature: float, share: float = 1.0) -> np.ndarray:
    """Return the RGB factors of a light relative to a flash of the same luminance.

    Let P(T) be the linear RGB (sRGB primaries) of a black body of T kelvin, and let ``p = (P(T) /
    P(5500)) ** share``. The factors are p divided by its luminance ``0.2126 R + 0.7152 G +
    0.0722 B``, so a gray object keeps its luminance.

    Args:
        temperature: Kelvin, in [2000, 12000].
        share: How much of the color difference to apply, because the eye adapts to most of it.

    Returns:
        Three positive factors, float64.
    """
    factors = (_black_body(temperature) / _black_body(FLASH)) ** share
    return factors / (factors @ _LUMINANCE)


def _black_body(temperature: float) -> np.ndarray:
    """Return the linear RGB of a black body at a luminance of 1.

    The chromaticity follows the cubic spline of Kim et al. (US patent 7024034, 2002).
    """
    t = 1000 / temperature
    if temperature <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if temperature <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif temperature <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    return _TO_LINEAR @ np.array([x / y, 1, (1 - x - y) / y])
