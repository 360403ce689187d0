"""Textures with the statistics of natural images: 1/f noise, dead leaves, stains, fibers.

They have the same form as those in `tools.scenes.surfaces.textures`, which lists them in TEXTURES.
"""

from collections.abc import Callable

import numpy as np

from tools.scenes.surfaces import colors
from tools.scenes.surfaces.noise import SIZE, blend, fractal_noise, grid, reflectances


def dead_leaves(
    rng: np.random.Generator, palette: np.ndarray, count: int = 220, smallest: float = 0.02
) -> np.ndarray:
    """Draw overlapping shapes of power-law sizes, shape (SIZE, SIZE, 3), seamless.

    Args:
        rng: Source of randomness.
        palette: Colors to draw from, shape (colors, 3).
        count: Number of shapes. Later ones cover earlier ones.
        smallest: Smallest radius as a share of the texture's width. The largest is 0.35.
    """
    image = np.ones((SIZE, SIZE, 3)) * palette[0]
    # Radii r with density r^-3, which gives the 1/f² power spectrum of photographs.
    share = rng.uniform(size=count)
    radii = 1 / np.sqrt(share / smallest**2 + (1 - share) / 0.35**2)
    for radius in radii:
        _leaf(rng, image, radius * SIZE, palette[rng.integers(len(palette))])
    return image


def _leaf(rng: np.random.Generator, image: np.ndarray, radius: float, color: np.ndarray) -> None:
    """Paint one rounded, angular or lobed shape with a slight gradient at a random position."""
    reach = int(np.ceil(radius * 1.5))
    offset = np.arange(-reach, reach + 1)
    x, y = np.meshgrid(offset, offset)
    turn, slim = rng.uniform(0, np.pi), rng.uniform(0.35, 1.0)
    along, across = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    across = across / slim
    kind = rng.uniform()
    if kind < 0.4:
        inside = np.maximum(np.abs(along), np.abs(across)) < 0.85 * radius
    else:
        lobes = 1 + (kind > 0.7) * 0.25 * np.cos(
            int(rng.integers(3, 7)) * np.arctan2(across, along)
        )
        inside = np.hypot(along, across) < radius * lobes
    rows, columns = np.nonzero(inside)
    shade = 1 + rng.uniform(-0.25, 0.25) * along[rows, columns] / radius
    center = rng.integers(0, SIZE, 2)
    place = (rows + center[0]) % SIZE, (columns + center[1]) % SIZE
    image[place] = color * rng.uniform(0.85, 1.15) * shade[:, None]


def leaves_print(rng: np.random.Generator) -> np.ndarray:
    """Draw dead leaves in colors that go together, softened by stains."""
    image = dead_leaves(rng, colors.palette(rng, int(rng.integers(3, 9))))
    return reflectances(image, 1 + 0.1 * fractal_noise(rng, 1.2))


def printed_cloth(rng: np.random.Generator) -> np.ndarray:
    """Draw cloth with scattered shapes on a plain ground."""
    palette = colors.palette(rng, 5, 0.5)
    count, smallest = int(rng.integers(15, 120)), rng.uniform(0.015, 0.05)
    image = dead_leaves(rng, palette, count, smallest)
    return reflectances(image, 1 + 0.08 * fractal_noise(rng, 0.3) + 0.05 * fractal_noise(rng, 1.3))


def mottled(rng: np.random.Generator) -> np.ndarray:
    """Draw one color clouded at all scales, with small differences between channels."""
    falloff, strength = rng.uniform(0.7, 1.4), rng.uniform(0.1, 0.35)
    common = fractal_noise(rng, falloff)[..., None]
    apart = np.stack([fractal_noise(rng, falloff) for _ in range(3)], -1)
    image = colors.muted(rng) * np.exp(strength * common + 0.25 * strength * apart)
    return reflectances(image)


def worn_paint(rng: np.random.Generator) -> np.ndarray:
    """Draw wall paint with faint stains, roller marks and a few scuffs."""
    base = colors.wall(rng)
    stain = np.clip(fractal_noise(rng, 1.8) - 0.8, 0, 2)
    scuff = np.clip(fractal_noise(rng, 0.9, stretch=8.0) - 2.4, 0, 1)
    grime = base * np.array([0.86, 0.83, 0.77])
    image = blend(base, grime, stain * rng.uniform(0.1, 0.7))
    image = blend(image, 0.4 * base, scuff * rng.uniform(0.0, 0.8))
    shade = 1 + 0.025 * fractal_noise(rng, 0.4) + 0.03 * fractal_noise(rng, 1.6)
    return reflectances(image, shade)


def orange_peel(rng: np.random.Generator) -> np.ndarray:
    """Draw rough plaster: a fine relief in one wall color."""
    noise = fractal_noise(rng, 0.7)
    relief = noise - np.roll(noise, 2, axis=0)
    return reflectances(colors.wall(rng) * np.ones((SIZE, SIZE, 3)), 1 + 0.05 * relief)


def concrete(rng: np.random.Generator) -> np.ndarray:
    """Draw bare concrete, earth or asphalt: gray-brown, with grit and stains."""
    base = colors.from_hsv(rng.normal(0.09, 0.02), rng.uniform(0.02, 0.3), rng.uniform(0.25, 0.7))
    shade = 1 + 0.16 * fractal_noise(rng, 1.2) + 0.14 * fractal_noise(rng, 0.2)
    return reflectances(base * np.ones((SIZE, SIZE, 3)), shade)


def knit(rng: np.random.Generator) -> np.ndarray:
    """Draw knitted cloth: slanted stitches in uneven rows, sometimes ringed in a second yarn."""
    x, y = grid()
    count = int(rng.integers(14, 34))
    wobble = 0.004 * fractal_noise(rng, 1.5)
    column = (x + wobble) * count % 1 - 0.5
    stitch = np.sin(2 * np.pi * (count * (y + wobble) + 0.8 * np.abs(column)))
    yarn = colors.muted(rng) if rng.uniform() < 0.75 else colors.vivid(rng)
    ring = np.sin(2 * np.pi * int(rng.integers(2, 5)) * y) > rng.uniform(0.2, 1.4)
    image = blend(yarn, colors.any_surface(rng), ring.astype(float))
    shade = 1 + 0.22 * stitch - 0.5 * np.abs(column) + 0.08 * fractal_noise(rng, 0.8)
    return reflectances(image, shade)


def fur(rng: np.random.Generator) -> np.ndarray:
    """Draw plush or long pile: fibers that lie mostly one way, with tufts."""
    fibers = fractal_noise(rng, 0.5, stretch=rng.uniform(0.15, 0.5))
    shade = 1 + 0.22 * fibers + 0.2 * fractal_noise(rng, 1.0)
    base = colors.muted(rng) if rng.uniform() < 0.8 else colors.vivid(rng)
    return reflectances(base * np.ones((SIZE, SIZE, 3)), shade)


def leather(rng: np.random.Generator) -> np.ndarray:
    """Draw creased leather, mostly dark or brown."""
    base = colors.dark(rng) if rng.uniform() < 0.6 else colors.wood(rng)
    crease = np.exp(-12 * np.abs(fractal_noise(rng, 0.9)))
    shade = 1 - 0.35 * crease + 0.1 * fractal_noise(rng, 1.4)
    return reflectances(base * np.ones((SIZE, SIZE, 3)), shade)


def denim(rng: np.random.Generator) -> np.ndarray:
    """Draw twill of two yarns with worn spots."""
    x, y = grid()
    count = int(rng.integers(40, 64))
    twill = np.sin(2 * np.pi * count * (x + y))
    base = colors.from_hsv(rng.normal(0.6, 0.03), rng.uniform(0.15, 0.5), rng.uniform(0.2, 0.6))
    worn = 0.35 * np.clip(fractal_noise(rng, 1.5), 0, 2)
    shade = 1 + 0.15 * twill + worn + 0.12 * fractal_noise(rng, 0.3)
    return reflectances(base * np.ones((SIZE, SIZE, 3)), shade)


def skin(rng: np.random.Generator) -> np.ndarray:
    """Draw skin with redder and paler areas and a few freckles."""
    base = colors.skin(rng)
    flush = fractal_noise(rng, 1.6)[..., None] * np.array([0.05, 0.09, 0.09])
    freckle = 1 - 0.3 * np.clip(fractal_noise(rng, 0.5) - 2.3, 0, 1)
    return reflectances(base * (1 - flush), freckle * (1 + 0.03 * fractal_noise(rng, 0.4)))


def veined_leaf(rng: np.random.Generator) -> np.ndarray:
    """Draw a leaf with its midrib at the middle of y, side veins, and sometimes light edges."""
    x, y = grid()
    across = np.abs(y - 0.5)
    vein = np.sin(2 * np.pi * (int(rng.integers(6, 14)) * (x - rng.uniform(0.5, 1.2) * across)))
    lit = colors.leaf(rng)
    image = blend(lit, np.clip(1.5 * lit, 0, 0.8), (vein - 0.86) * 4)
    if rng.uniform() < 0.35:
        image = blend(image, colors.from_hsv(0.2, 0.2, 0.85), (across - rng.uniform(0.2, 0.4)) * 20)
    image = blend(image, np.clip(2.0 * lit + 0.03, 0, 0.8), (0.02 - across) * 100)
    return reflectances(image, 1 + 0.16 * fractal_noise(rng, 1.1))


def ground_cover(rng: np.random.Generator) -> np.ndarray:
    """Draw mulch, fallen leaves or gravel: many small dead leaves in earth colors."""
    hues = rng.normal(0.09, 0.03, 7)
    palette = np.array(
        [colors.from_hsv(h, rng.uniform(0.1, 0.5), rng.uniform(0.12, 0.6)) for h in hues]
    )
    return reflectances(dead_leaves(rng, palette, 700, 0.012), 1 + 0.2 * fractal_noise(rng, 1.0))


NATURAL_TEXTURES: dict[str, Callable[[np.random.Generator], np.ndarray]] = {
    texture.__name__: texture
    for texture in (
        leaves_print,
        printed_cloth,
        mottled,
        worn_paint,
        orange_peel,
        concrete,
        knit,
        fur,
        leather,
        denim,
        skin,
        veined_leaf,
        ground_cover,
    )
}
