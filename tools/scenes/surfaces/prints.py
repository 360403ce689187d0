"""Printed surfaces: covers, labels, pages and pictures, drawn in NumPy.

Like in `tools.scenes.surfaces.textures`, each function takes a NumPy generator and returns a
float32 array of shape (SIZE, SIZE, 3): linear RGB reflectance in [0, 1], first row at the bottom
of the print. Short strokes only suggest lettering, so nothing can be read.
"""

import numpy as np

from tools.scenes.surfaces import colors
from tools.scenes.surfaces.natural_textures import dead_leaves
from tools.scenes.surfaces.noise import SIZE, fractal_noise, reflectances


def _plain(color: np.ndarray) -> np.ndarray:
    """Return a whole print of one color."""
    return np.ones((SIZE, SIZE, 3)) * color


def _fill(image: np.ndarray, box: tuple[float, float, float, float], color: np.ndarray) -> None:
    """Paint the rectangle (left, bottom, right, top), in fractions of the print."""
    left, bottom, right, top = (int(round(edge * SIZE)) for edge in box)
    image[bottom:top, left:right] = color


def _write(
    image: np.ndarray,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    lines: int,
    ink: np.ndarray,
) -> None:
    """Fill a rectangle with `lines` lines of strokes that look like words from a distance."""
    left, bottom, right, top = box
    pitch = (top - bottom) / lines
    for line in range(lines):
        low = bottom + (line + 0.25) * pitch
        position = left
        while position < right - 0.01:
            length = rng.uniform(0.4, 2.2) * pitch
            _fill(image, (position, low, min(position + length, right), low + 0.55 * pitch), ink)
            position += length + 0.45 * pitch


def book_spine(rng: np.random.Generator) -> np.ndarray:
    """Draw the spine of an upright book: bands at the ends and a title along it."""
    ground = colors.any_surface(rng)
    ink = colors.white(rng) if ground.mean() < 0.3 else colors.dark(rng)
    image = _plain(ground)
    for height in rng.uniform(0.04, 0.96, int(rng.integers(0, 4))):
        _fill(image, (0, height, 1, height + rng.uniform(0.01, 0.06)), colors.any_surface(rng))
    start = rng.uniform(0.15, 0.4)
    for height in np.arange(start, start + rng.uniform(0.2, 0.45), 0.035):
        _fill(image, (0.3, height, 0.3 + rng.uniform(0.25, 0.45), height + 0.022), ink)
    return image.astype(np.float32)


def label(rng: np.random.Generator) -> np.ndarray:
    """Draw the front of a package: ground color, a bright field, a bold name and small print."""
    image = _plain(colors.any_surface(rng))
    low, high = rng.uniform(0.05, 0.35), rng.uniform(0.55, 0.95)
    _fill(image, (rng.uniform(0, 0.15), low, rng.uniform(0.85, 1), high), colors.any_surface(rng))
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    center = rng.uniform(0.3, 0.7, 2)
    blob = np.hypot(columns - center[0], rows - center[1]) < rng.uniform(0.08, 0.22)
    image[blob] = colors.vivid(rng)
    ink = colors.dark(rng) if rng.uniform() < 0.5 else colors.white(rng)
    _write(image, rng, (0.15, high - 0.25, 0.85, high - 0.05), int(rng.integers(1, 3)), ink)
    _write(image, rng, (0.2, low + 0.02, 0.8, low + 0.15), 4, colors.dark(rng))
    return image.astype(np.float32)


def cardboard(rng: np.random.Generator) -> np.ndarray:
    """Draw brown cardboard with a strip of tape and a stencil."""
    image = _plain(colors.from_hsv(0.085, rng.uniform(0.35, 0.5), rng.uniform(0.55, 0.75)))
    image *= 1 + 0.05 * fractal_noise(rng, 0.5, stretch=12.0)[..., None]
    _fill(image, (0.44, 0, 0.56, 1), image[0, 0] * 1.25)
    _write(image, rng, (0.08, 0.1, 0.38, 0.3), 3, colors.dark(rng))
    return np.clip(image, 0.01, 0.9).astype(np.float32)


def page(rng: np.random.Generator) -> np.ndarray:
    """Draw a printed page: paper with a block of text, sometimes with a picture."""
    image = _plain(colors.white(rng))
    _write(image, rng, (0.12, 0.1, 0.88, 0.9), int(rng.integers(18, 28)), colors.dark(rng))
    if rng.uniform() < 0.4:
        _fill(image, (0.12, 0.55, 0.88, 0.9), colors.muted(rng))
    return image.astype(np.float32)


def landscape(rng: np.random.Generator) -> np.ndarray:
    """Draw a painting of hills under a sky with a sun."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    sky, glow = colors.muted(rng), colors.from_hsv(rng.normal(0.1, 0.04), 0.4, 0.95)
    image = sky + (glow - sky) * np.clip(1.4 - 1.5 * rows, 0, 1)[..., None]
    sun = np.hypot(columns - rng.uniform(0.2, 0.8), rows - rng.uniform(0.6, 0.8)) < 0.07
    image[sun] = colors.from_hsv(0.13, 0.3, 0.98)
    for layer in range(4):
        ridge = 0.6 - 0.14 * layer + 0.06 * fractal_noise(rng, 1.4)[layer]
        hill = colors.leaf(rng) if rng.uniform() < 0.6 else colors.muted(rng)
        image = np.where((rows < ridge)[..., None], hill, image)
    return np.clip(image * (1 + 0.06 * fractal_noise(rng, 0.5))[..., None], 0.01, 0.9).astype("f4")


def abstract(rng: np.random.Generator) -> np.ndarray:
    """Draw an abstract print: overlapping rectangles and discs."""
    image = _plain(colors.white(rng))
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    for _ in range(int(rng.integers(6, 14))):
        x, y, size = rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.05, 0.25)
        if rng.uniform() < 0.5:
            image[np.hypot(columns - x, rows - y) < size] = colors.any_surface(rng)
        else:
            _fill(image, (max(x - size, 0), max(y - size, 0), x + size, y + size / 2), image[0, 0])
            _fill(image, (max(x - size, 0), max(y - size, 0), x, y), colors.any_surface(rng))
    return image.astype(np.float32)


def portrait(rng: np.random.Generator) -> np.ndarray:
    """Draw a photograph-like print: a head and shoulders in front of a blurred background."""
    noise = fractal_noise(rng, 1.8)
    image = colors.muted(rng) * (1 + 0.3 * noise)[..., None]
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] / SIZE
    image[np.hypot((columns - 0.5) / 0.42, rows / 0.35) < 1] = colors.any_surface(rng)
    image[np.hypot((columns - 0.5) / 0.21, (rows - 0.56) / 0.26) < 1] = colors.dark(rng)
    skin = colors.from_hsv(0.06, rng.uniform(0.3, 0.6), rng.uniform(0.4, 0.9))
    image[np.hypot((columns - 0.5) / 0.15, (rows - 0.51) / 0.21) < 1] = skin
    return np.clip(image, 0.01, 0.9).astype(np.float32)


def snapshot(rng: np.random.Generator) -> np.ndarray:
    """Draw a photograph-like print: shapes of all sizes under uneven shading, often grayish."""
    image = dead_leaves(rng, colors.palette(rng, 10, 0.6), 260, 0.012)
    if rng.uniform() < 0.4:
        gray = image.mean(axis=2, keepdims=True)
        image = gray + rng.uniform(0.0, 0.6) * (image - gray)
    return reflectances(image, np.exp(0.35 * fractal_noise(rng, 1.8)))


def sign(rng: np.random.Generator) -> np.ndarray:
    """Draw a sign: a border and one or two lines of thick strokes."""
    ground = colors.any_surface(rng)
    ink = colors.white(rng) if ground.mean() < 0.3 else colors.any_surface(rng) * 0.5
    image = _plain(ink)
    _fill(image, (0.03, 0.05, 0.97, 0.95), ground)
    _write(image, rng, (0.1, 0.15, 0.9, 0.85), int(rng.integers(1, 3)), ink)
    return reflectances(image, 1 + 0.05 * fractal_noise(rng, 0.9))


def poster(rng: np.random.Generator) -> np.ndarray:
    """Draw a poster, calendar or cover: a picture with blocks of lettering above and below it."""
    image = _plain(colors.any_surface(rng))
    low, high = rng.uniform(0.1, 0.35), rng.uniform(0.65, 0.85)
    rows = slice(int(low * SIZE), int(high * SIZE))
    image[rows, 20 : SIZE - 20] = snapshot(rng)[rows, 20 : SIZE - 20]
    ink = colors.dark(rng) if image[0, 0].mean() > 0.3 else colors.white(rng)
    _write(image, rng, (0.1, high + 0.02, 0.9, 0.97), 1, ink)
    _write(image, rng, (0.1, 0.03, rng.uniform(0.5, 0.9), low - 0.02), 4, ink)
    return reflectances(image)


def screen(rng: np.random.Generator) -> np.ndarray:
    """Draw window-like rectangles, text and a picture, as on a display; linear RGB in [0, 1]."""
    image = snapshot(rng) if rng.uniform() < 0.6 else _plain(colors.muted(rng))
    for _ in range(int(rng.integers(1, 4))):
        left, bottom = rng.uniform(0, 0.55), rng.uniform(0, 0.5)
        box = (left, bottom, left + rng.uniform(0.25, 0.45), bottom + rng.uniform(0.25, 0.5))
        _fill(image, box, colors.white(rng))
        inner = (box[0] + 0.02, box[1] + 0.02, box[2] - 0.02, box[3] - 0.05)
        _write(image, rng, inner, int(rng.integers(6, 14)), colors.dark(rng))
    return reflectances(image)


PICTURES = (landscape, abstract, portrait, snapshot, snapshot, poster)
