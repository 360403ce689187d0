"""Skin, hair and eyes of people, drawn in NumPy as linear reflectances, first row at the bottom."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tools.scenes.surfaces import colors
from tools.scenes.surfaces.colors import Color
from tools.scenes.surfaces.noise import SIZE, fractal_noise

TONES = np.array(
    [
        [0.70, 0.47, 0.38],
        [0.57, 0.36, 0.26],
        [0.38, 0.21, 0.13],
        [0.19, 0.095, 0.055],
        [0.065, 0.035, 0.022],
    ]
)
"""Skin tones from lightest to darkest, evenly spaced, linear RGB."""


@dataclass(frozen=True)
class Complexion:
    """Colors of one person.

    Attributes:
        depth: 0 is the lightest skin, 1 the darkest.
        tone: Mean reflectance of the skin, shape (3,).
        hair: Reflectance of the hair, shape (3,).
        iris: Reflectance of the iris, shape (3,).
    """

    depth: float
    tone: Color
    hair: Color
    iris: Color


def sample_complexion(
    rng: np.random.Generator, origin: dict[str, float], years: float
) -> Complexion:
    """Sample colors for an origin (shares that sum to 1) and an age, each from a wide range."""
    ranges = {"african": (0.5, 1.0), "asian": (0.1, 0.65), "caucasian": (0.0, 0.45)}
    depth = sum(share * rng.uniform(*ranges[name]) for name, share in origin.items())
    place = np.linspace(0, 1, len(TONES))
    tone = np.exp([np.interp(depth, place, np.log(TONES[:, band])) for band in range(3)])
    tone *= np.exp(rng.normal(0, 0.06) + rng.normal(0, 0.04, 3))
    fair = origin["caucasian"] > 0.5 and depth < 0.35
    hair = colors.hair(rng) if fair else colors.from_hsv(0.07, 0.3, rng.uniform(0.08, 0.25))
    if rng.uniform() < np.interp(years, [35, 75], [0.0, 0.9]):
        hair = colors.from_hsv(0.1, rng.uniform(0.0, 0.1), rng.uniform(0.4, 0.85))
    if fair and rng.uniform() < 0.6:
        iris = colors.from_hsv(rng.choice([0.55, 0.58, 0.3, 0.12]), 0.35, rng.uniform(0.4, 0.65))
    else:
        iris = colors.from_hsv(0.07, 0.6, rng.uniform(0.2, 0.45))
    return Complexion(float(depth), np.clip(tone, 0.015, 0.8), hair, iris)


def _large_noise(rng: np.random.Generator, size: int, falloff: float) -> np.ndarray:
    """Return noise of mean 0 and standard deviation about 1, shape (size, size)."""
    noise = fractal_noise(rng, falloff)
    return ndimage.zoom(noise, size / SIZE, order=1, mode="grid-wrap")


def _around(points: np.ndarray, center: np.ndarray, radius: float) -> np.ndarray:
    """Return a smooth bump of height 1 around a point of the base body."""
    return np.exp(-0.5 * ((points - center) ** 2).sum(-1) / radius**2)


def skin_map(
    rng: np.random.Generator,
    data: dict[str, np.ndarray],
    complexion: Complexion,
    *,
    years: float,
    male: float,
) -> np.ndarray:
    """Draw the reflectance of the whole skin in the body's texture coordinates.

    Args:
        rng: Source of randomness.
        data: Arrays of the body's file.
        complexion: Colors of the person.
        years: Age in years.
        male: 0 for a woman, 1 for a man.

    Returns:
        float32, shape (rows, columns, 3).
    """
    points = data["map_positions"].astype(np.float32)
    size = len(points)
    eyes = [data["positions"][data[f"vertices_helper-{side}-eye"]].mean(0) for side in "lr"]
    middle, apart = (eyes[0] + eyes[1]) / 2, float(np.linalg.norm(eyes[0] - eyes[1]))
    mask = {name[5:]: data[name] / 255.0 for name in data if name.startswith("mask_")}
    flush = 0.25 + 0.12 * _large_noise(rng, size, 1.5) + 0.5 * mask["ears"]
    flush += _flush_of_face(rng, points, middle, apart)
    absorbed = np.array([0.06, 0.24, 0.2]) * np.interp(complexion.depth, [0, 1], [1.0, 0.35])
    image = complexion.tone * (1 - absorbed * np.clip(flush, -0.5, 2.0)[..., None])
    painted = male < 0.5 and years > 16 and rng.uniform() < 0.35
    image = _with_lips(rng, image, mask["lips"], complexion, painted)
    image *= 1 - rng.uniform(0.05, 0.3) * mask["eyelids"][..., None]
    shadow = _around(points, middle + [0, 0, -0.35 * apart], 0.45 * apart)
    image *= 1 - np.interp(years, [15, 70], [0.03, 0.2]) * shadow[..., None]
    if male > 0.5 and years > 16:
        image = _with_beard(rng, image, points, (middle, apart), complexion)
    image *= 1 + 0.25 * mask["fingernails"][..., None]
    return _with_spots(rng, image, complexion, years).astype(np.float32)


def _flush_of_face(
    rng: np.random.Generator, points: np.ndarray, middle: np.ndarray, apart: float
) -> np.ndarray:
    """Return how much redder cheeks and nose are.

    `middle` is the point between the eyes, which are `apart` meters apart.
    """
    front = middle + np.array([0.0, -0.35 * apart, 0.0])
    nose = front + apart * np.array([0.0, -0.2, -0.65])
    flush = rng.uniform(0.1, 0.6) * _around(points, nose, 0.2 * apart)
    for side in (-1, 1):
        cheek = front + apart * np.array([0.72 * side, 0.35, -0.8])
        flush += rng.uniform(0.2, 0.7) * _around(points, cheek, 0.35 * apart)
    return flush


def _with_lips(
    rng: np.random.Generator, image: np.ndarray, lips: np.ndarray, looks: Complexion, painted: bool
) -> np.ndarray:
    natural = looks.tone * np.interp(looks.depth, [0, 1], [1.0, 1.1])
    natural = natural * np.array([0.88, 0.55, 0.58]) ** np.interp(looks.depth, [0, 1], [1.0, 0.5])
    color = natural
    if painted:
        color = colors.from_hsv(rng.normal(0.98, 0.02), rng.uniform(0.5, 0.85), 0.65)
    return image + lips[..., None] * rng.uniform(0.6, 0.95) * (color - image)


def _with_beard(
    rng: np.random.Generator,
    image: np.ndarray,
    points: np.ndarray,
    face: tuple[np.ndarray, float],
    looks: Complexion,
) -> np.ndarray:
    """Draw stubble or a short beard around the mouth and jaw."""
    middle, apart = face
    low = (middle[2] - points[..., 2]) / apart
    ahead = (points[..., 1] - middle[1]) / apart
    zone = np.clip((low - 0.85) * 4, 0, 1) * np.clip((2.3 - low) * 3, 0, 1)
    zone *= np.clip((1.15 - ahead) * 3, 0, 1)
    zone *= 1 - _around(points, middle + [0, -0.3 * apart, -1.12 * apart], 0.16 * apart)
    grain = np.clip(0.6 + 0.5 * _large_noise(rng, len(points), 0.3), 0, 1)
    strength = rng.uniform(0.0, 1.0) ** 2
    amount = (0.9 * strength * zone * grain)[..., None]
    return image + amount * (0.5 * looks.hair + 0.05 * looks.tone - image)


def _with_spots(
    rng: np.random.Generator, image: np.ndarray, looks: Complexion, years: float
) -> np.ndarray:
    """Draw pores, freckles, moles and age spots."""
    size = len(image)
    fine = 1 + 0.035 * _large_noise(rng, size, 0.3) + 0.03 * _large_noise(rng, size, 1.0)
    shade = fine
    if looks.depth < 0.3 and rng.uniform() < 0.3:
        shade = shade * (1 - 0.25 * np.clip(_large_noise(rng, size, 0.6) - 1.3, 0, 1.2))
    moles = np.clip(_large_noise(rng, size, 0.9) - 3.6, 0, 0.5)
    shade = shade * (1 - moles)
    age = np.interp(years, [45, 85], [0.0, 0.12])
    shade = shade * (1 - age * np.clip(_large_noise(rng, size, 1.1) - 0.8, 0, 1.5))
    return np.clip(image * shade[..., None], 0.01, 0.85)


def hair_map(rng: np.random.Generator, color: Color, curly: bool) -> np.ndarray:
    """Draw strands side by side along v, or curls; float32, shape (SIZE, SIZE, 3)."""
    if curly:
        strands = fractal_noise(rng, 0.7)
    else:
        # Strands run along v, and their shade changes slowly along them.
        strands = fractal_noise(rng, 0.55, stretch=0.06) + 0.3 * fractal_noise(
            rng, 1.2, stretch=0.2
        )
    shade = np.exp(0.38 * strands / strands.std())
    tint = 1 + 0.06 * fractal_noise(rng, 1.0)[..., None] * np.array([1, 0, -1])
    return np.clip(color * tint * shade[..., None], 0.008, 0.8).astype(np.float32)


def tips_mask(rng: np.random.Generator, density: float = 1.0) -> np.ndarray:
    """Draw where hair is, shape (SIZE, SIZE). Only some strands reach the edge at v = 0.

    Args:
        rng: Source of randomness.
        density: Share of strands that remain away from the edge.
    """
    ends = fractal_noise(rng, 0.25)[0]
    ends = (ends.argsort().argsort() / SIZE) ** 1.5
    along = (np.arange(SIZE)[:, None] + 0.5) / SIZE
    mask = np.clip((along - 0.85 * ends[None, :]) * 14 + 0.5, 0, 1)
    if density < 1:
        gaps = fractal_noise(rng, 0.3, stretch=0.1)
        mask = mask * (gaps < np.quantile(gaps, density))
    return mask


def eye_map(rng: np.random.Generator, iris: Color) -> np.ndarray:
    """Draw an eyeball around its axis, rows from the back (first) to the pupil, float32."""
    angle = 90 - np.linspace(-90, 90, SIZE)[:, None]
    white = np.array([0.72, 0.68, 0.64]) * (1 - 0.03 * fractal_noise(rng, 1.0)[..., None])
    red = np.clip((angle - 40) / 60, 0, 1)[..., None] * np.array([0.0, 0.25, 0.25])
    fibers = 1 + 0.25 * fractal_noise(rng, 0.6, stretch=0.05)[..., None]
    edge = np.clip((angle - 24.0) / 3.0, 0, 1)[..., None]
    ring = 1 - 0.6 * np.exp(-(((angle - 25) / 2.0) ** 2))[..., None]
    image = iris * fibers * ring * (1 - edge) + white * (1 - red) * edge
    pupil = np.clip((rng.uniform(7, 11) - angle) / 1.5, 0, 1)[..., None]
    return np.clip(image * (1 - pupil) + 0.006 * pupil, 0.005, 0.8).astype(np.float32)
