"""Materials: how a surface interacts with light, described without the renderer.

A `Material` is plain data, so that scenes can be sampled and compared without Mitsuba.
`tools.scenes.rendering.mitsuba_shapes` turns it into a Mitsuba BSDF. The functions below are the
finishes that objects are made of. To add one, write another function that returns a Material.
"""

from dataclasses import dataclass, field

import numpy as np

from tools.scenes.surfaces import colors, textures
from tools.scenes.surfaces.colors import Color

FINISHES = ("matte", "plastic", "velvet", "metal", "mirror", "glass")


@dataclass(frozen=True)
class Material:
    """Appearance of a surface.

    Attributes:
        finish: One of FINISHES.
        reflectance: Linear RGB in [0, 1], shape (3,) or a texture of shape (height, width, 3).
        roughness: GGX roughness in [0.02, 1] of the plastic, metal and glass finishes.
        emission: Linear RGB radiance under ambient light, shape (3,); None if it does not glow.
        opacity: Share of light in (0, 1] that the glass finish does not let straight through.
            From 0.35 up, it is milky rather than clear.
        mask: Where the surface exists, in [0, 1], shape (height, width), in texture coordinates;
            None if everywhere.
    """

    finish: str
    reflectance: np.ndarray = field(repr=False)
    roughness: float = 0.3
    emission: np.ndarray | None = None
    opacity: float = 0.22
    mask: np.ndarray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.finish not in FINISHES:
            raise ValueError(f"unknown finish {self.finish!r}; choose one of {FINISHES}")

    @property
    def lets_light_through(self) -> bool:
        """Whether a straight ray of light may pass."""
        return self.finish == "glass" or self.mask is not None


def matte(reflectance: np.ndarray) -> Material:
    """Return a diffuse surface: paint, cloth, paper."""
    return Material("matte", np.asarray(reflectance))


def satin(rng: np.random.Generator, reflectance: np.ndarray) -> Material:
    """Return a diffuse surface under a dull coat: varnished wood, book covers, leather."""
    return Material("plastic", np.asarray(reflectance), rng.uniform(0.22, 0.4))


def glossy(rng: np.random.Generator, reflectance: np.ndarray) -> Material:
    """Return a diffuse surface under a smooth coat: toys, glazed china, glossy print."""
    return Material("plastic", np.asarray(reflectance), rng.uniform(0.05, 0.15))


def metal(rng: np.random.Generator, reflectance: np.ndarray | None = None) -> Material:
    """Return brushed or polished metal: steel, brass or copper if no reflectance is given."""
    if reflectance is None:
        tints = ((0.62, 0.61, 0.6), (0.75, 0.58, 0.28), (0.78, 0.47, 0.33))
        reflectance = np.array(tints[rng.integers(len(tints))])
    return Material("metal", np.asarray(reflectance), rng.uniform(0.1, 0.3))


def mirror() -> Material:
    """Return a mirror."""
    return Material("mirror", np.array([0.88, 0.9, 0.89]))


def glass(rng: np.random.Generator) -> Material:
    """Return thin clear glass with a faint tint."""
    roughness, opacity = rng.uniform(0.04, 0.15), rng.uniform(0.14, 0.26)
    return Material("glass", 1 - rng.uniform(0.02, 0.15, 3), roughness, opacity=opacity)


def clear_plastic(rng: np.random.Generator) -> Material:
    """Return the plastic of a blister, bag or cup: clear to milky, colorless or tinted."""
    tint = colors.white(rng) if rng.uniform() < 0.65 else colors.pastel(rng)
    return Material("glass", tint, rng.uniform(0.06, 0.3), opacity=rng.uniform(0.18, 0.6))


def velvet(reflectance: np.ndarray) -> Material:
    """Return cloth or fur whose fibers shine at grazing angles."""
    return Material("velvet", np.asarray(reflectance), 0.85)


def foil(rng: np.random.Generator) -> Material:
    """Return metalized wrapping: silver, gold or colored."""
    tint = colors.white(rng) if rng.uniform() < 0.5 else colors.any_surface(rng)
    return Material("metal", np.clip(tint, 0.15, 0.85), rng.uniform(0.12, 0.35))


def skin(rng: np.random.Generator) -> Material:
    """Return skin under a thin oily film."""
    reflectance = textures.TEXTURES["skin"](rng)
    return Material("plastic", reflectance, rng.uniform(0.15, 0.35))


def leather(rng: np.random.Generator) -> Material:
    """Return creased leather under a worn polish."""
    return Material("plastic", textures.TEXTURES["leather"](rng), rng.uniform(0.12, 0.35))


def cloth(rng: np.random.Generator) -> Material:
    """Return any textile: mostly plain or mottled, sometimes printed, checked or striped."""
    plain = ("mottled", "weave", "fur", "knit", "denim")
    patterned = ("printed_cloth", "leaves_print", "stripes", "checks", "dots", "wallpaper")
    image = textured(rng, *(plain if rng.uniform() < 0.62 else patterned)).reflectance
    return velvet(image) if rng.uniform() < 0.35 else matte(image)


def lampshade(tint: Color, radiance: float) -> Material:
    """Return a shade that glows when room lights are on. `radiance` is in ceiling-light units."""
    return Material("matte", np.asarray(tint), emission=radiance * np.array([1.0, 0.74, 0.46]))


def textured(rng: np.random.Generator, *names: str) -> Material:
    """Return a matte surface with one of the named textures, or any texture if none is named."""
    names = names or tuple(textures.TEXTURES)
    return matte(textures.TEXTURES[names[rng.integers(len(names))]](rng))


def colored(rng: np.random.Generator, color: Color) -> Material:
    """Return one color in a random finish: mostly satin or glossy, sometimes matte."""
    kind = rng.uniform()
    if kind < 0.3:
        return matte(color)
    return satin(rng, color) if kind < 0.6 else glossy(rng, color)
