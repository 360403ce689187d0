"""Families of surface colours.

Every function takes a NumPy generator and returns one diffuse reflectance: a float64 array of
shape (3,), linear RGB, in [0.01, 0.9].
"""

import colorsys

import numpy as np

Colour = np.ndarray
"""Linear RGB reflectance, shape (3,), in [0, 1]."""


def from_hsv(hue: float, saturation: float, value: float) -> Colour:
    """Convert display HSV (each in [0, 1], hue taken modulo 1) to linear RGB reflectance."""
    display = np.array(colorsys.hsv_to_rgb(hue % 1.0, saturation, value))
    return np.clip(display**2.2, 0.01, 0.9)


def _household_hue(rng: np.random.Generator) -> float:
    """Hue in [0, 1]: reds, oranges and blues are commoner at home than greens and purples."""
    centres = (0.0, 0.03, 0.09, 0.14, 0.35, 0.52, 0.6, 0.92)
    weights = (0.2, 0.14, 0.14, 0.12, 0.08, 0.08, 0.17, 0.07)
    return rng.choice(centres, p=weights) + rng.normal(0.0, 0.02)


def vivid(rng: np.random.Generator) -> Colour:
    """Saturated colour: toys, book covers, packaging."""
    return from_hsv(_household_hue(rng), rng.uniform(0.55, 0.95), rng.uniform(0.5, 0.95))


def muted(rng: np.random.Generator) -> Colour:
    """Greyed colour: textiles, painted furniture."""
    return from_hsv(_household_hue(rng), rng.uniform(0.1, 0.45), rng.uniform(0.35, 0.85))


def wall(rng: np.random.Generator) -> Colour:
    """Light wall paint: mostly cream, beige and grey, now and then a clear tint."""
    if rng.uniform() < 0.25:
        return from_hsv(_household_hue(rng), rng.uniform(0.12, 0.38), rng.uniform(0.6, 0.85))
    return from_hsv(rng.normal(0.1, 0.03), rng.uniform(0.03, 0.28), rng.uniform(0.68, 0.92))


def white(rng: np.random.Generator) -> Colour:
    """Nearly white: paper, china, gloss paint."""
    return from_hsv(rng.normal(0.11, 0.03), rng.uniform(0.0, 0.1), rng.uniform(0.85, 0.95))


def dark(rng: np.random.Generator) -> Colour:
    """Nearly black: electronics, leather, ink."""
    return from_hsv(rng.uniform(), rng.uniform(0.0, 0.4), rng.uniform(0.1, 0.3))


def wood(rng: np.random.Generator) -> Colour:
    """Wood, from pale birch to dark walnut."""
    return from_hsv(rng.normal(0.075, 0.012), rng.uniform(0.3, 0.65), rng.uniform(0.3, 0.85))


def leaf(rng: np.random.Generator) -> Colour:
    """Foliage green."""
    return from_hsv(rng.normal(0.27, 0.04), rng.uniform(0.3, 0.62), rng.uniform(0.35, 0.7))


def any_surface(rng: np.random.Generator) -> Colour:
    """Colour of an arbitrary household object."""
    families = (vivid, muted, white, dark, wood)
    return families[rng.choice(len(families), p=(0.4, 0.25, 0.15, 0.1, 0.1))](rng)
