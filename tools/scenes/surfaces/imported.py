"""Converts the surfaces of imported models to this project's materials.

Names say more than an MTL file's numbers: they tell wood, cloth, metal and glass apart. A surface
of one color gets a wear pattern, because nothing in a room has only one color. The pattern
differs in every scene.
"""

import re
from zlib import crc32

import numpy as np

from tools.scenes.surfaces import textures
from tools.scenes.surfaces.materials import Material

WOOD = re.compile("wood|madera|fusta|pear|oak|teak|pine|cabinet|holz|bois|table|trunk|desk|shel")
CLOTH = re.compile(
    "fabric|tela|sofa|couch|cushion|cosins|mattress|sheet|pillow|cloth|seat|towel|curtain|duvet"
    "|blanket|bed|carpet|rope|felt|textil"
)
METAL = re.compile("metal|chrome|cromo|steel|alum|brass|iron|inox|gold|silver|handle|stainless")
GLASS = re.compile("glass|cristal|vidrio|transp|water|bottle|verre|window|lens|clear|material")
SCREEN = re.compile("screen|pantalla|display|glass")
CLOTH_PATTERNS = ("weave", "weave", "mottled", "knit", "denim")
WEAR_PATTERNS = ("mottled", "worn_paint", "orange_peel")


def linear(display: np.ndarray) -> np.ndarray:
    """Convert display-encoded values in [0, 1] (sRGB) to linear values."""
    display = np.asarray(display, np.float64)
    return np.where(display <= 0.04045, display / 12.92, ((display + 0.055) / 1.055) ** 2.4)


_LINEAR = linear(np.arange(256) / 255.0)
"""Linear value of each 8-bit value."""


def calm(color: np.ndarray, saturation: float = 0.62) -> np.ndarray:
    """Limit a linear color, shape (3,), to what real surfaces reflect: no black, white or neon."""
    gray, most = color.mean(), max(color.max(), 1e-4)
    purity = 1 - color.min() / most
    if purity > saturation:
        color = gray + (color - gray) * saturation / purity
    return np.clip(color, 0.025, 0.82)


class Surfaces:
    """Materials of one scene, with one look for each material of its models.

    Two drawers of one cabinet, or two cabinets of one kitchen, have the same wood.
    """

    def __init__(self, seed: int):
        """Start a scene's materials from the scene's own seed."""
        self._seed = seed

    def material(
        self, surface: dict, pictures: list[np.ndarray], furniture: bool
    ) -> tuple[Material, float]:
        """Return the material of a surface and the size of its pattern in meters (1 without one).

        Args:
            surface: Surface in a model's description: name, diffuse, specular, shininess, opacity
                and index of the picture.
            pictures: Textures of the model, uint8, RGB or RGBA.
            furniture: Whether the model is large, so that its wood shows its grain.
        """
        name = surface["name"].lower()
        rng = np.random.default_rng([self._seed, crc32(f"{name}{surface['diffuse']}".encode())])
        picture = None if surface["picture"] is None else pictures[surface["picture"]]
        if picture is not None and surface["opacity"] > 0.5:
            return _pictured(rng, surface, picture), 1.0
        color = calm(linear(np.array(surface["diffuse"])))
        if surface["opacity"] < 0.6 or (surface["opacity"] < 0.93 and GLASS.search(name)):
            return _glass(surface, color), 1.0
        if "mirror" in name or "espejo" in name:
            return Material("mirror", np.full(3, 0.86)), 1.0
        if METAL.search(name) and "plastic" not in name and np.ptp(color) < 0.35:
            tint = np.clip(1.1 * np.maximum(color, 0.35), 0.3, 0.85)
            return Material("metal", tint, rng.uniform(0.08, 0.3)), 1.0
        if not SCREEN.search(name):
            # Vary the color between scenes.
            color = calm(color * np.exp(rng.normal(0, 0.12) + rng.normal(0, 0.03, 3)))
        return _patterned(rng, surface, color, furniture)


def _roughness(surface: dict) -> float:
    """Convert a Phong exponent to GGX roughness; 1 if the file specifies no gloss."""
    if surface["specular"] <= 0.05:
        return 1.0
    return float(np.clip((2 / (min(surface["shininess"], 900) + 2)) ** 0.5, 0.04, 0.7))


def _finished(surface: dict, reflectance: np.ndarray, mask: np.ndarray | None = None) -> Material:
    roughness = _roughness(surface)
    if roughness > 0.6:
        return Material("matte", reflectance, mask=mask)
    return Material("plastic", reflectance, roughness, mask=mask)


def _pictured(rng: np.random.Generator, surface: dict, picture: np.ndarray) -> Material:
    """Return a material with the model's own picture, slightly desaturated.

    Transparent parts of the picture become a mask.
    """
    # Reflectances have their first row at the bottom.
    image = _LINEAR[picture[::-1, :, :3]]
    gray = image.mean(-1, keepdims=True)
    image = np.clip(gray + rng.uniform(0.7, 0.95) * (image - gray), 0.02, 0.85)
    mask = picture[::-1, :, 3] / 255.0 if picture.shape[-1] == 4 else None
    return _finished(surface, image.astype(np.float32), mask)


def _glass(surface: dict, color: np.ndarray) -> Material:
    opacity = float(np.clip(surface["opacity"], 0.14, 0.34))
    return Material("glass", np.clip(color + 0.3, 0, 0.9), 0.05, opacity=opacity)


def _patterned(
    rng: np.random.Generator, surface: dict, color: np.ndarray, furniture: bool
) -> tuple[Material, float]:
    """Return a material of one color with a fabric, wood or wear pattern, and its size."""
    name = surface["name"].lower()
    if CLOTH.search(name):
        shade = _shade(rng, CLOTH_PATTERNS)
        reflectance = np.clip(color * shade, 0.02, 0.85)
        return Material("matte", reflectance.astype(np.float32)), rng.uniform(0.18, 0.4)
    if WOOD.search(name) and furniture and np.ptp(color) > 0.02:
        shade = 0.25 + 0.75 * _shade(rng, ("wood_grain",))
        reflectance = np.clip(color * shade, 0.02, 0.85).astype(np.float32)
        return _finished(surface, reflectance), rng.uniform(0.5, 0.9)
    if SCREEN.search(name) or rng.uniform() < 0.2:
        return _finished(surface, color), 1.0
    shade = 1 + rng.uniform(0.35, 0.9) * (_shade(rng, WEAR_PATTERNS) - 1)
    reflectance = np.clip(color * shade, 0.02, 0.85)[::2, ::2].astype(np.float32)
    return _finished(surface, reflectance), rng.uniform(0.15, 0.5)


def _shade(rng: np.random.Generator, names: tuple[str, ...]) -> np.ndarray:
    """Return the brightness of a random texture with a mean of 1, shape (height, width, 1)."""
    gray = textures.TEXTURES[names[rng.integers(len(names))]](rng).mean(-1, keepdims=True)
    return gray / gray.mean()
