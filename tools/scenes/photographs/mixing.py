"""Makes photograph pairs of a rendered scene: mixes its lights and develops the result.

Light adds up, so one scene gives many pairs. Each pair draws the strength and color of every
source, the share of ambient light in the flash shot, the camera and both exposures.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tools.scenes.lighting import AMBIENT_SOURCES
from tools.scenes.photographs.camera_processing import (
    LUMA,
    Camera,
    Development,
    darker_corners,
    develop,
    white_balance_gains,
)
from tools.scenes.photographs.finish import Finish, finished, sample_finish

MAIN_SOURCE_SHARES = (0.55, 0.15, 0.2, 0.1)
"""Probability of each of AMBIENT_SOURCES to be the strongest."""
DAYLIGHT = np.array([0.85, 1.0, 1.15])


@dataclass(frozen=True)
class Recipe:
    """Settings for one pair.

    Attributes:
        flash_color: Linear RGB of the flash, green 1, shape (3,).
        falloff: Share of the flash's light that is missing in the corners, in [0, 1). Its beam may
            be narrower than the rendered one.
        weights: Linear RGB strength of each ambient source by name, shape (3,).
        share: Mean of the ambient light in the flash shot, relative to the flash's.
        shift: Movement of the camera between the shots in pixels, down and right, shape (2,).
        flash: Development of the flash shot.
        ambient: Development of the ambient shot.
        finish: Last processing steps of both shots.
    """

    flash_color: np.ndarray
    falloff: float
    weights: dict[str, np.ndarray]
    share: float
    shift: np.ndarray
    flash: Development
    ambient: Development
    finish: Finish = Finish()


def sample_recipe(rng: np.random.Generator) -> Recipe:
    """Sample a recipe. Its ranges match real pairs (see tools/README.md)."""
    weights = _sample_weights(rng)
    light = sum(weights.values(), np.zeros(3))
    camera = Camera(
        contrast=rng.uniform(0.4, 1.2),
        shoulder=rng.uniform(0.3, 1.5),
        saturation=rng.uniform(0.75, 1.15),
        vignetting=rng.uniform(0.0, 0.4),
    )
    flash_luma, ambient_luma = _sample_exposures(rng)
    balance = white_balance_gains(light, rng.uniform(0.3, 0.95)) * _cast(rng, 0.04)
    return Recipe(
        flash_color=np.array([rng.normal(1.0, 0.03), 1.0, rng.normal(1.0, 0.05)]),
        falloff=rng.uniform(0.0, 0.4),
        weights=weights,
        share=_sample_share(rng),
        shift=rng.uniform(-0.7, 0.7, 2),
        flash=Development(camera, flash_luma, _cast(rng, 0.05)),
        ambient=Development(camera, ambient_luma, balance),
        finish=sample_finish(rng),
    )


def make_pair(pictures: dict[str, np.ndarray], recipe: Recipe) -> tuple[np.ndarray, np.ndarray]:
    """Make a flash and an ambient photograph.

    Args:
        pictures: Radiance under each light alone, by name, any scale, (height, width, 3).
        recipe: How to mix and develop them.

    Returns:
        Two uint8 images, display-encoded RGB, shape (height, width, 3).
    """
    ambient = sum(
        recipe.weights[source] * _at_unit_mean(pictures[source]) for source in AMBIENT_SOURCES
    )
    beam = darker_corners(ambient.shape[:2], recipe.falloff)
    flash = recipe.flash_color * _at_unit_mean(beam * pictures["flash"])
    flash = flash + recipe.share * _at_unit_mean(ambient)
    ambient = ndimage.shift(ambient, (*recipe.shift, 0), order=1, mode="nearest")
    shots = develop(flash, recipe.flash), develop(ambient, recipe.ambient)
    return finished(shots[0], recipe.finish, 0), finished(shots[1], recipe.finish, 1)


def _sample_weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Sample source strengths: one source dominates, the others are weaker or off."""
    main = AMBIENT_SOURCES[rng.choice(len(AMBIENT_SOURCES), p=MAIN_SOURCE_SHARES)]
    weights = {}
    for source in AMBIENT_SOURCES:
        strength = rng.uniform(0.03, 0.35) if source == "room" else _off_or(rng, 0.05, 0.5)
        color = DAYLIGHT ** rng.uniform(0, 1.5) if source == "window" else _lamp_color(rng)
        weights[source] = (1.0 if source == main else strength) * color
    return weights


def _off_or(rng: np.random.Generator, low: float, high: float) -> float:
    return rng.uniform(low, high) if rng.uniform() < 0.4 else 0.0


def _lamp_color(rng: np.random.Generator) -> np.ndarray:
    """Sample a lamp color, incandescent to neutral white, linear RGB. Some lamps are greenish."""
    warmth = rng.uniform(0.0, 1.0)
    green = rng.uniform(1.0, 1.25) if rng.uniform() < 0.15 else 1.0
    return np.array([(1.0 + 0.6 * warmth) / green, 1.0, (1.0 - 0.55 * warmth) / green])


def _sample_exposures(rng: np.random.Generator) -> tuple[float, float]:
    """Sample the mean lumas of both shots. A bright scene is bright in both."""
    scene, flash, ambient = rng.normal(size=3)
    flash_luma = 0.475 + 0.1 * (0.64 * scene + 0.77 * flash)
    ambient_luma = 0.43 + 0.14 * (0.64 * scene + 0.77 * ambient)
    return float(np.clip(flash_luma, 0.2, 0.72)), float(np.clip(ambient_luma, 0.12, 0.75))


def _sample_share(rng: np.random.Generator) -> float:
    """Sample the share of ambient light in the flash shot.

    Most flash shots have almost none, as in FAID. The others mix both, as a flash photograph does.
    """
    return rng.uniform(0.0, 0.06) if rng.uniform() < 0.6 else rng.uniform(0.06, 0.5)


def _cast(rng: np.random.Generator, spread: float) -> np.ndarray:
    return np.exp(rng.normal(0.0, spread, 3) * np.array([1, 0, 1]))


def _at_unit_mean(picture: np.ndarray) -> np.ndarray:
    return picture / max(float((picture @ LUMA).mean()), 1e-9)
