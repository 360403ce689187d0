"""Procedural surface textures, drawn in NumPy.

Every texture function takes a NumPy generator and returns a float32 array of shape
(SIZE, SIZE, 3): diffuse reflectance, linear RGB, in [0, 1]. Patterns that cover walls, floors and
cloth repeat without a seam. To add a texture, write such a function and name it in TEXTURES.
"""

from collections.abc import Callable

import numpy as np

from tools.scenes import colours
from tools.scenes.colours import Colour

SIZE = 256

Texture = Callable[[np.random.Generator], np.ndarray]


def fractal_noise(
    rng: np.random.Generator, falloff: float = 1.5, stretch: float = 1.0
) -> np.ndarray:
    """Seamless noise, shape (SIZE, SIZE), mean 0 and standard deviation 1.

    Amplitude falls with frequency to the power `falloff`; `stretch` > 1 draws it out along x.
    """
    frequency_y = np.fft.fftfreq(SIZE)[:, None] * SIZE
    frequency_x = np.fft.fftfreq(SIZE)[None, :] * SIZE * stretch
    radius = np.hypot(frequency_x, frequency_y)
    radius[0, 0] = 1.0
    spectrum = np.fft.fft2(rng.standard_normal((SIZE, SIZE))) / radius**falloff
    spectrum[0, 0] = 0.0
    noise = np.fft.ifft2(spectrum).real
    return noise / noise.std()


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Texture coordinates x and y in [0, 1), each of shape (SIZE, SIZE)."""
    axis = (np.arange(SIZE) + 0.5) / SIZE
    return np.meshgrid(axis, axis)


def _mix(first: Colour, second: Colour, weight: np.ndarray) -> np.ndarray:
    """Blend two colours by a (SIZE, SIZE) weight in [0, 1]."""
    return first + (second - first) * np.clip(weight, 0.0, 1.0)[..., None]


def _finish(image: np.ndarray, shade: np.ndarray | float = 1.0) -> np.ndarray:
    """Multiply by a shading of shape (SIZE, SIZE) and bring into the range of reflectances."""
    shade = np.broadcast_to(np.asarray(shade), (SIZE, SIZE))
    return np.clip(image * shade[..., None], 0.005, 0.92).astype(np.float32)


def _accent(rng: np.random.Generator, base: Colour) -> Colour:
    """A second colour that stands out from `base`, often its lighter or darker neighbour."""
    if rng.uniform() < 0.5:
        return np.clip(base * (0.35 if base.mean() > 0.25 else 2.6), 0.01, 0.9)
    return colours.any_surface(rng)


def paint(rng: np.random.Generator) -> np.ndarray:
    """Wall paint with faint roller marks."""
    return _finish(colours.wall(rng) * np.ones((SIZE, SIZE, 3)), 1 + 0.02 * fractal_noise(rng, 0.6))


def wallpaper(rng: np.random.Generator) -> np.ndarray:
    """Wallpaper: a flower-like motif in staggered rows over a light ground."""
    x, y = _grid()
    count = int(rng.integers(3, 7))
    row = np.floor(y * count * 2)
    across = (x * count + 0.5 * (row % 2)) % 1.0 - 0.5
    along = (y * count * 2) % 1.0 - 0.5
    angle, radius = np.arctan2(along, across), np.hypot(along, across)
    petals = 0.22 + 0.13 * np.cos(angle * int(rng.integers(3, 7)) + rng.uniform(0, 6))
    base = colours.wall(rng)
    motif = _mix(base, _accent(rng, base), (petals - radius) * 20)
    return _finish(motif, 1 + 0.03 * fractal_noise(rng, 0.5))


def stripes(rng: np.random.Generator) -> np.ndarray:
    """Stripes of two colours and uneven width."""
    x, _ = _grid()
    count = int(rng.integers(4, 12))
    wave = np.sin(2 * np.pi * count * x) + 0.6 * np.sin(4 * np.pi * count * x + rng.uniform(0, 6))
    base = colours.muted(rng)
    return _finish(_mix(base, _accent(rng, base), wave * 6), 1 + 0.04 * fractal_noise(rng, 0.3))


def checks(rng: np.random.Generator) -> np.ndarray:
    """Woven checks, as on a tablecloth."""
    x, y = _grid()
    count = int(rng.integers(3, 9))
    band_x = (np.sin(2 * np.pi * count * x) > rng.uniform(-0.3, 0.4)).astype(float)
    band_y = (np.sin(2 * np.pi * count * y) > rng.uniform(-0.3, 0.4)).astype(float)
    image = _mix(colours.white(rng), colours.any_surface(rng), 0.5 * (band_x + band_y))
    return _finish(image, 1 + 0.06 * fractal_noise(rng, 0.2))


def dots(rng: np.random.Generator) -> np.ndarray:
    """Polka dots."""
    x, y = _grid()
    count = int(rng.integers(4, 10))
    shifted = x * count + 0.5 * (np.floor(y * count * 2) % 2)
    radius = np.hypot(shifted % 1.0 - 0.5, (y * count * 2) % 1.0 / 2 - 0.25)
    base = colours.any_surface(rng)
    return _finish(_mix(base, _accent(rng, base), (rng.uniform(0.12, 0.22) - radius) * 30))


def weave(rng: np.random.Generator) -> np.ndarray:
    """Coarse plain weave of one mottled colour."""
    x, y = _grid()
    count = int(rng.integers(16, 40))
    thread = np.sin(2 * np.pi * count * x) * np.sin(2 * np.pi * count * y)
    shade = 1 + 0.3 * thread + 0.12 * fractal_noise(rng, 0.8)
    return _finish(colours.muted(rng) * np.ones((SIZE, SIZE, 3)), shade)


def carpet(rng: np.random.Generator) -> np.ndarray:
    """Deep pile: strong fine noise of one colour."""
    shade = 1 + 0.28 * fractal_noise(rng, 0.15) + 0.1 * fractal_noise(rng, 1.2)
    return _finish(colours.muted(rng) * np.ones((SIZE, SIZE, 3)), shade)


def rug(rng: np.random.Generator) -> np.ndarray:
    """Patterned rug: nested diamonds in a few colours."""
    x, y = _grid()
    palette = np.array([colours.muted(rng), colours.any_surface(rng), colours.wall(rng)])
    count = int(rng.integers(2, 4))
    diamond = np.abs((x * count) % 1 - 0.5) + np.abs((y * count) % 1 - 0.5)
    index = np.floor(diamond * rng.uniform(5, 9)).astype(int) % len(palette)
    return _finish(palette[index], 1 + 0.15 * fractal_noise(rng, 0.2))


def wood_grain(rng: np.random.Generator) -> np.ndarray:
    """One board: grain along x."""
    _, y = _grid()
    warp = 0.05 * fractal_noise(rng, 1.8, stretch=6.0)
    rings = np.sin(2 * np.pi * ((y + warp) * rng.uniform(6, 14)))
    shade = 1 + 0.16 * rings + 0.12 * fractal_noise(rng, 0.8, stretch=18.0)
    return _finish(colours.wood(rng) * np.ones((SIZE, SIZE, 3)), shade)


def planks(rng: np.random.Generator) -> np.ndarray:
    """Floor boards along x with dark joints and a tone of their own."""
    _, y = _grid()
    count = int(rng.integers(4, 9))
    tone = rng.uniform(0.75, 1.2, count)[np.floor(y * count).astype(int)]
    joint = 1 - 0.6 * (np.abs((y * count) % 1 - 0.5) > 0.47)
    grain = 1 + 0.14 * fractal_noise(rng, 0.9, stretch=14.0)
    return _finish(colours.wood(rng) * np.ones((SIZE, SIZE, 3)), tone * joint * grain)


def _blocks(
    rng: np.random.Generator, columns: int, rows: int, shift: float, joint: float
) -> tuple[np.ndarray, np.ndarray]:
    """Masonry: tone of each block (mean 1) and whether a pixel lies in a joint."""
    x, y = _grid()
    row = np.floor(y * rows).astype(int)
    across = (x * columns + shift * (row % 2)) % columns
    tone = rng.uniform(0.8, 1.2, (rows, columns))[row, across.astype(int)]
    distance_x = np.minimum(across % 1, 1 - across % 1) / columns
    distance_y = np.minimum((y * rows) % 1, 1 - (y * rows) % 1) / rows
    return tone, np.minimum(distance_x, distance_y) < joint


def tiles(rng: np.random.Generator) -> np.ndarray:
    """Square tiles with grout."""
    count = int(rng.integers(3, 7))
    tone, grout = _blocks(rng, count, count, 0.0, 0.008)
    tone = 1 + (tone - 1) * rng.uniform(0.1, 0.7)
    image = _mix(colours.wall(rng), colours.muted(rng), grout.astype(float))
    return _finish(image, tone * (1 + 0.05 * fractal_noise(rng, 1.0)))


def bricks(rng: np.random.Generator) -> np.ndarray:
    """Brick wall, red to painted white."""
    tone, mortar = _blocks(rng, 4, 12, 0.5, 0.007)
    brick = colours.from_hsv(rng.normal(0.04, 0.015), rng.uniform(0.1, 0.6), rng.uniform(0.45, 0.9))
    image = _mix(brick, colours.wall(rng), mortar.astype(float))
    return _finish(image, tone * (1 + 0.12 * fractal_noise(rng, 0.5)))


def granite(rng: np.random.Generator) -> np.ndarray:
    """Speckled stone of three minerals."""
    noise = fractal_noise(rng, 0.55)
    image = _mix(colours.muted(rng), colours.dark(rng), (noise - 0.7) * 4)
    light = np.clip((-noise - 0.8) * 4, 0, 1)[..., None]
    return _finish(image * (1 - light) + colours.white(rng) * light)


def marble(rng: np.random.Generator) -> np.ndarray:
    """Light stone with dark veins."""
    vein = np.exp(-np.abs(fractal_noise(rng, 1.7)) * rng.uniform(8, 20))
    return _finish(_mix(colours.white(rng), colours.muted(rng) * 0.6, vein))


def speckle(rng: np.random.Generator) -> np.ndarray:
    """Glazed pottery: one colour with fine dark specks."""
    specks = (fractal_noise(rng, 0.3) - 1.8) * 3
    return _finish(_mix(colours.any_surface(rng), colours.dark(rng), specks))


def bands(rng: np.random.Generator) -> np.ndarray:
    """Horizontal bands and a zigzag, as painted round a vase or a basket."""
    x, y = _grid()
    palette = np.array([colours.any_surface(rng) for _ in range(4)])
    zigzag = np.abs((x * int(rng.integers(8, 20))) % 1 - 0.5) * rng.uniform(0.0, 0.12)
    index = rng.integers(0, 4, 12)[np.floor((y + zigzag) * 11).astype(int) % 12]
    return _finish(palette[index], 1 + 0.05 * fractal_noise(rng, 0.4))


TEXTURES: dict[str, Texture] = {
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
