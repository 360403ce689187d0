"""Procedural surface textures, drawn in NumPy.

Every texture function takes a NumPy generator and returns a float32 array of shape
(SIZE, SIZE, 3): diffuse reflectance, linear RGB, in [0, 1]. Patterns for walls, floors and cloth
tile without a seam. To add a texture, write such a function and add it to TEXTURES.
"""

from collections.abc import Callable

import numpy as np

from tools.scenes.surfaces import colors
from tools.scenes.surfaces.colors import Color
from tools.scenes.surfaces.natural_textures import NATURAL_TEXTURES
from tools.scenes.surfaces.noise import SIZE, blend, fractal_noise, grid, reflectances

Texture = Callable[[np.random.Generator], np.ndarray]


def _accent(rng: np.random.Generator, base: Color) -> Color:
    """Return a second color that stands out from `base`, often a lighter or darker shade of it."""
    if rng.uniform() < 0.7:
        ratio = rng.uniform(0.3, 0.8)
        return np.clip(base * (ratio if base.mean() > 0.25 else 1 / ratio), 0.01, 0.9)
    return colors.any_surface(rng)


def paint(rng: np.random.Generator) -> np.ndarray:
    """Draw wall paint with faint roller marks."""
    return reflectances(
        colors.wall(rng) * np.ones((SIZE, SIZE, 3)), 1 + 0.02 * fractal_noise(rng, 0.6)
    )


def wallpaper(rng: np.random.Generator) -> np.ndarray:
    """Draw wallpaper: a flower-like motif in staggered rows on a light ground."""
    x, y = grid()
    count = int(rng.integers(3, 7))
    row = np.floor(y * count * 2)
    across = (x * count + 0.5 * (row % 2)) % 1.0 - 0.5
    along = (y * count * 2) % 1.0 - 0.5
    angle, radius = np.arctan2(along, across), np.hypot(along, across)
    petals = 0.22 + 0.13 * np.cos(angle * int(rng.integers(3, 7)) + rng.uniform(0, 6))
    base = colors.wall(rng)
    motif = blend(base, _accent(rng, base), (petals - radius) * 20)
    return reflectances(motif, 1 + 0.03 * fractal_noise(rng, 0.5))


def stripes(rng: np.random.Generator) -> np.ndarray:
    """Draw stripes of two colors and uneven widths."""
    x, _ = grid()
    count = int(rng.integers(4, 12))
    wave = np.sin(2 * np.pi * count * x) + 0.6 * np.sin(4 * np.pi * count * x + rng.uniform(0, 6))
    base = colors.muted(rng)
    wave = wave + 0.15 * fractal_noise(rng, 1.2)
    return reflectances(
        blend(base, _accent(rng, base), wave * 6), 1 + 0.06 * fractal_noise(rng, 0.6)
    )


def checks(rng: np.random.Generator) -> np.ndarray:
    """Draw woven checks, as on a tablecloth."""
    x, y = grid()
    count = int(rng.integers(3, 9))
    band_x = (np.sin(2 * np.pi * count * x) > rng.uniform(-0.3, 0.4)).astype(float)
    band_y = (np.sin(2 * np.pi * count * y) > rng.uniform(-0.3, 0.4)).astype(float)
    image = blend(colors.white(rng), colors.any_surface(rng), 0.5 * (band_x + band_y))
    return reflectances(image, 1 + 0.06 * fractal_noise(rng, 0.2))


def dots(rng: np.random.Generator) -> np.ndarray:
    """Draw polka dots."""
    x, y = grid()
    count = int(rng.integers(4, 10))
    shifted = x * count + 0.5 * (np.floor(y * count * 2) % 2)
    radius = np.hypot(shifted % 1.0 - 0.5, (y * count * 2) % 1.0 / 2 - 0.25)
    base = colors.any_surface(rng)
    return reflectances(blend(base, _accent(rng, base), (rng.uniform(0.12, 0.22) - radius) * 30))


def weave(rng: np.random.Generator) -> np.ndarray:
    """Draw a coarse plain weave of one mottled color."""
    x, y = grid()
    count = int(rng.integers(16, 40))
    thread = np.sin(2 * np.pi * count * x) * np.sin(2 * np.pi * count * y)
    shade = 1 + 0.3 * thread + 0.12 * fractal_noise(rng, 0.8)
    return reflectances(colors.muted(rng) * np.ones((SIZE, SIZE, 3)), shade)


def carpet(rng: np.random.Generator) -> np.ndarray:
    """Draw deep pile: strong fine noise of one color."""
    shade = 1 + 0.28 * fractal_noise(rng, 0.15) + 0.1 * fractal_noise(rng, 1.2)
    return reflectances(colors.muted(rng) * np.ones((SIZE, SIZE, 3)), shade)


def rug(rng: np.random.Generator) -> np.ndarray:
    """Draw a patterned rug: nested diamonds in a few colors."""
    x, y = grid()
    palette = np.array([colors.muted(rng), colors.any_surface(rng), colors.wall(rng)])
    count = int(rng.integers(2, 4))
    diamond = np.abs((x * count) % 1 - 0.5) + np.abs((y * count) % 1 - 0.5)
    index = np.floor(diamond * rng.uniform(5, 9)).astype(int) % len(palette)
    return reflectances(palette[index], 1 + 0.15 * fractal_noise(rng, 0.2))


def wood_grain(rng: np.random.Generator) -> np.ndarray:
    """Draw one board with its grain along x."""
    _, y = grid()
    warp = 0.05 * fractal_noise(rng, 1.8, stretch=6.0)
    rings = np.sin(2 * np.pi * ((y + warp) * rng.uniform(6, 14)))
    shade = 1 + 0.16 * rings + 0.12 * fractal_noise(rng, 0.8, stretch=18.0)
    return reflectances(colors.wood(rng) * np.ones((SIZE, SIZE, 3)), shade)


def planks(rng: np.random.Generator) -> np.ndarray:
    """Draw floorboards along x, each in its own tone, with dark joints."""
    _, y = grid()
    count = int(rng.integers(4, 9))
    tone = rng.uniform(0.75, 1.2, count)[np.floor(y * count).astype(int)]
    joint = 1 - 0.6 * (np.abs((y * count) % 1 - 0.5) > 0.47)
    grain = 1 + 0.14 * fractal_noise(rng, 0.9, stretch=14.0)
    return reflectances(colors.wood(rng) * np.ones((SIZE, SIZE, 3)), tone * joint * grain)


def _blocks(
    rng: np.random.Generator, columns: int, rows: int, shift: float, joint: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the tone of each masonry block (mean 1), and whether a pixel lies in a joint."""
    x, y = grid()
    row = np.floor(y * rows).astype(int)
    across = (x * columns + shift * (row % 2)) % columns
    tone = rng.uniform(0.8, 1.2, (rows, columns))[row, across.astype(int)]
    distance_x = np.minimum(across % 1, 1 - across % 1) / columns
    distance_y = np.minimum((y * rows) % 1, 1 - (y * rows) % 1) / rows
    return tone, np.minimum(distance_x, distance_y) < joint


def tiles(rng: np.random.Generator) -> np.ndarray:
    """Draw square tiles with grout."""
    count = int(rng.integers(3, 7))
    tone, grout = _blocks(rng, count, count, 0.0, 0.008)
    tone = 1 + (tone - 1) * rng.uniform(0.1, 0.7)
    image = blend(colors.wall(rng), colors.muted(rng), grout.astype(float))
    return reflectances(image, tone * (1 + 0.05 * fractal_noise(rng, 1.0)))


def bricks(rng: np.random.Generator) -> np.ndarray:
    """Draw a brick wall, from red to painted white."""
    tone, mortar = _blocks(rng, 4, 12, 0.5, 0.007)
    brick = colors.from_hsv(rng.normal(0.04, 0.015), rng.uniform(0.1, 0.6), rng.uniform(0.45, 0.9))
    image = blend(brick, colors.wall(rng), mortar.astype(float))
    return reflectances(image, tone * (1 + 0.12 * fractal_noise(rng, 0.5)))


def granite(rng: np.random.Generator) -> np.ndarray:
    """Draw speckled stone of three minerals."""
    noise = fractal_noise(rng, 0.55)
    image = blend(colors.muted(rng), colors.dark(rng), (noise - 0.7) * 4)
    light = np.clip((-noise - 0.8) * 4, 0, 1)[..., None]
    return reflectances(image * (1 - light) + colors.white(rng) * light)


def marble(rng: np.random.Generator) -> np.ndarray:
    """Draw light stone with dark veins."""
    vein = np.exp(-np.abs(fractal_noise(rng, 1.7)) * rng.uniform(8, 20))
    return reflectances(blend(colors.white(rng), colors.muted(rng) * 0.6, vein))


def speckle(rng: np.random.Generator) -> np.ndarray:
    """Draw glazed pottery: one color with fine dark specks."""
    specks = (fractal_noise(rng, 0.3) - 1.8) * 3
    return reflectances(blend(colors.any_surface(rng), colors.dark(rng), specks))


def bands(rng: np.random.Generator) -> np.ndarray:
    """Draw horizontal bands with a zigzag, as painted around a vase or a basket."""
    x, y = grid()
    palette = np.array([colors.any_surface(rng) for _ in range(4)])
    zigzag = np.abs((x * int(rng.integers(8, 20))) % 1 - 0.5) * rng.uniform(0.0, 0.12)
    index = rng.integers(0, 4, 12)[np.floor((y + zigzag) * 11).astype(int) % 12]
    return reflectances(palette[index], 1 + 0.05 * fractal_noise(rng, 0.4))


TEXTURES: dict[str, Texture] = NATURAL_TEXTURES | {
    texture.__name__: texture
    for texture in (
        paint,
        wallpaper,
        stripes,
        checks,
        dots,
        weave,
        carpet,
        rug,
        wood_grain,
        planks,
        tiles,
        bricks,
        granite,
        marble,
        speckle,
        bands,
    )
}
