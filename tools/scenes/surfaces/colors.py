"""Families of surface colors.

Every function except `from_hsv` and `palette` takes a NumPy generator and returns one diffuse
reflectance: a float64 array of shape (3,), linear RGB, in [0.01, 0.9]. Most things at home are
grayish, white or brown.
"""

import colorsys

import numpy as np

Color = np.ndarray
"""Linear RGB reflectance, shape (3,), in [0, 1]."""


def from_hsv(hue: float, saturation: float, value: float) -> Color:
    """Convert display HSV (each in [0, 1], hue taken modulo 1) to linear RGB reflectance."""
    display = np.array(colorsys.hsv_to_rgb(hue % 1.0, saturation, value))
    return np.clip(display**2.2, 0.01, 0.9)


def _household_hue(rng: np.random.Generator) -> float:
    """Sample a hue, modulo 1. Reds, oranges and blues are more common than greens and purples."""
    centers = (0.0, 0.03, 0.09, 0.14, 0.35, 0.48, 0.6, 0.75, 0.92)
    weights = (0.19, 0.13, 0.15, 0.12, 0.09, 0.07, 0.14, 0.04, 0.07)
    return rng.choice(centers, p=weights) + rng.normal(0.0, 0.025)


def vivid(rng: np.random.Generator) -> Color:
    """Sample a saturated color for toys, book covers and packaging."""
    return from_hsv(_household_hue(rng), rng.uniform(0.5, 0.9), rng.uniform(0.4, 0.9))


def muted(rng: np.random.Generator) -> Color:
    """Sample a grayish color for textiles and painted furniture."""
    return from_hsv(_household_hue(rng), rng.uniform(0.04, 0.34), rng.uniform(0.3, 0.85))


def pastel(rng: np.random.Generator) -> Color:
    """Sample a light tint for nursery things, cosmetics and bed linen."""
    return from_hsv(_household_hue(rng), rng.uniform(0.1, 0.35), rng.uniform(0.75, 0.95))


def wall(rng: np.random.Generator) -> Color:
    """Sample wall paint: mostly cream, beige and gray, sometimes a clear tint or a deep tone."""
    kind = rng.uniform()
    if kind < 0.1:
        return from_hsv(_household_hue(rng), rng.uniform(0.08, 0.3), rng.uniform(0.6, 0.85))
    if kind < 0.18:
        return from_hsv(_household_hue(rng), rng.uniform(0.05, 0.35), rng.uniform(0.25, 0.5))
    return from_hsv(rng.normal(0.1, 0.03), rng.uniform(0.01, 0.18), rng.uniform(0.62, 0.93))


def white(rng: np.random.Generator) -> Color:
    """Sample a near-white for paper, china and gloss paint."""
    return from_hsv(rng.normal(0.11, 0.04), rng.uniform(0.0, 0.08), rng.uniform(0.82, 0.95))


def dark(rng: np.random.Generator) -> Color:
    """Sample a near-black for electronics, leather and ink."""
    return from_hsv(rng.uniform(), rng.uniform(0.0, 0.3), rng.uniform(0.08, 0.3))


def wood(rng: np.random.Generator) -> Color:
    """Sample a wood color, from pale birch to dark walnut."""
    return from_hsv(rng.normal(0.072, 0.012), rng.uniform(0.22, 0.58), rng.uniform(0.22, 0.8))


def leaf(rng: np.random.Generator) -> Color:
    """Sample a foliage green."""
    return from_hsv(rng.normal(0.27, 0.045), rng.uniform(0.2, 0.55), rng.uniform(0.25, 0.65))


def skin(rng: np.random.Generator) -> Color:
    """Sample a human skin color, from very dark to very light."""
    depth = rng.uniform()
    hue = rng.normal(0.058, 0.008)
    return from_hsv(hue, 0.6 - 0.32 * depth + rng.uniform(-0.05, 0.05), 0.3 + 0.58 * depth)


def hair(rng: np.random.Generator) -> Color:
    """Sample a hair color, from black through brown to blond and gray."""
    if rng.uniform() < 0.15:
        return from_hsv(0.1, rng.uniform(0.0, 0.1), rng.uniform(0.45, 0.8))
    return from_hsv(rng.normal(0.075, 0.012), rng.uniform(0.25, 0.6), rng.uniform(0.08, 0.65))


def any_surface(rng: np.random.Generator) -> Color:
    """Sample the color of an arbitrary household object."""
    families = (vivid, muted, pastel, white, dark, wood)
    return families[rng.choice(len(families), p=(0.19, 0.29, 0.08, 0.2, 0.16, 0.08))](rng)


def palette(rng: np.random.Generator, count: int, spread: float = 0.35) -> np.ndarray:
    """Sample colors that go together, shape (count, 3): variations of one color and a few outliers.

    Args:
        rng: Source of randomness.
        count: Number of colors.
        spread: Standard deviation of the natural logarithm of their brightness.
    """
    base = any_surface(rng)
    tints = base * np.exp(rng.normal(0, spread, (count, 1)) + rng.normal(0, 0.12, (count, 3)))
    for stranger in np.flatnonzero(rng.uniform(size=count) < 0.3):
        tints[stranger] = any_surface(rng)
    return np.clip(tints, 0.01, 0.9)
