"""Materials: what a surface does with light, described without the renderer.

A `Material` is plain data, so that a scene can be sampled and compared without Mitsuba;
`tools.scenes.render` turns it into a Mitsuba BSDF. The functions below are the finishes that
objects are made of; to add one, write another function that returns a Material.
"""

from dataclasses import dataclass, field

import numpy as np

from tools.scenes import textures
from tools.scenes.colours import Colour

FINISHES = ("matte", "plastic", "metal", "mirror", "glass")


@dataclass(frozen=True)
class Material:
    """Surface description.

    Attributes:
        finish: One of FINISHES.
        reflectance: Linear RGB in [0, 1], shape (3,) or a texture of shape (height, width, 3).
        roughness: GGX roughness in [0.02, 1] of the plastic and metal finishes.
        emission: Linear RGB radiance under ambient light, shape (3,); None if it does not glow.
    """

    finish: str
    reflectance: np.ndarray = field(repr=False)
    roughness: float = 0.3
    emission: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.finish not in FINISHES:
            raise ValueError(f"unknown finish {self.finish!r}; choose one of {FINISHES}")


def matte(reflectance: np.ndarray) -> Material:
    """Diffuse surface: paint, cloth, paper."""
    return Material("matte", np.asarray(reflectance))


def satin(rng: np.random.Generator, reflectance: np.ndarray) -> Material:
    """Diffuse surface under a dull coat: varnished wood, book covers, leather."""
    return Material("plastic", np.asarray(reflectance), rng.uniform(0.22, 0.4))


def glossy(rng: np.random.Generator, reflectance: np.ndarray) -> Material:
    """Diffuse surface under a smooth coat: toys, glazed china, glossy print."""
    return Material("plastic", np.asarray(reflectance), rng.uniform(0.05, 0.15))


def metal(rng: np.random.Generator, reflectance: np.ndarray | None = None) -> Material:
    """Brushed or polished metal; steel, brass or copper if no reflectance is given."""
    if reflectance is None:
        tints = ((0.62, 0.61, 0.6), (0.75, 0.58, 0.28), (0.78, 0.47, 0.33))
        reflectance = np.array(tints[rng.integers(len(tints))])
    return Material("metal", np.asarray(reflectance), rng.uniform(0.1, 0.3))


def mirror() -> Material:
    """Looking glass."""
    return Material("mirror", np.array([0.88, 0.9, 0.89]))


def glass(rng: np.random.Generator) -> Material:
    """Thin clear glass; the reflectance is its faint tint."""
    return Material("glass", 1 - rng.uniform(0.02, 0.12, 3))


def lampshade(tint: Colour, radiance: float) -> Material:
    """Lampshade that glows when the room light is on; `radiance` in units of the ceiling light."""
    return Material("matte", np.asarray(tint), emission=radiance * np.array([1.0, 0.74, 0.46]))


def textured(rng: np.random.Generator, *names: str) -> Material:
    """Matte surface with one of the named textures, or any texture if no name is given."""
    names = names or tuple(textures.TEXTURES)
    return matte(textures.TEXTURES[names[rng.integers(len(names))]](rng))


def coloured(rng: np.random.Generator, colour: Colour) -> Material:
    """One colour in a finish drawn at random: mostly satin and glossy, sometimes matte."""
    kind = rng.uniform()
    if kind < 0.3:
        return matte(colour)
    return satin(rng, colour) if kind < 0.6 else glossy(rng, colour)
