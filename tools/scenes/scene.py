"""Samples one whole scene: layout, lights, both shots."""

from dataclasses import dataclass, field

import numpy as np

from tools.scenes.camera import View, clearance, shifted
from tools.scenes.layouts import LAYOUTS
from tools.scenes.lighting import Ambient, Flash, sample_ambient, sample_flash
from tools.scenes.parts import Thing
from tools.scenes.photograph import Development, white_balance_gains

SPLITS = ("train", "test")
NEAREST = 0.22
"""Least distance in metres between the lens and what it sees."""


@dataclass(frozen=True)
class Scene:
    """All that is needed to render one pair.

    Attributes:
        layout: Name of the layout.
        thing: Everything in the room.
        flash_view: Camera of the flash shot.
        ambient_view: Camera of the ambient shot, moved by a pixel or two.
        flash: The camera's flash.
        ambient: Light of the room.
        ambient_share: Mean radiance of the ambient light left in the flash shot, relative to
            that of the flash.
        flash_development: Processing of the flash shot.
        ambient_development: Processing of the ambient shot.
        portrait: Whether the picture is taller than wide.
        seed: Seed of the path tracer.
    """

    layout: str
    thing: Thing = field(repr=False)
    flash_view: View
    ambient_view: View
    flash: Flash
    ambient: Ambient
    ambient_share: float
    flash_development: Development
    ambient_development: Development
    portrait: bool
    seed: int


def generator_for(seed: int, split: str, index: int, attempt: int) -> np.random.Generator:
    """Generator that depends on nothing but the place of a scene in the collection."""
    return np.random.default_rng([seed, SPLITS.index(split), index, attempt])


def _development(rng: np.random.Generator, mean_luma: float, gains: np.ndarray) -> Development:
    """Processing of a shot around the given exposure and white balance."""
    cast = np.exp(rng.normal(0.0, 0.03, 3) * np.array([1, 0, 1]))
    return Development(
        mean_luma=float(np.clip(mean_luma, 0.24, 0.66)),
        white_balance=gains * cast,
        contrast=rng.uniform(0.4, 0.85),
        noise=rng.uniform(0.002, 0.01),
        noise_seed=int(rng.integers(2**31)),
    )


def sample_scene(seed: int, split: str, index: int, attempt: int = 0, width: int = 320) -> Scene:
    """Sample the scene number `index` of a split.

    Args:
        seed: Seed of the whole collection.
        split: "train" or "test".
        index: Number of the scene, from 0; it also chooses the layout in turn.
        attempt: 0, or how many samples of this scene have been rejected before.
        width: Longer side of the picture in pixels, for the misalignment.

    Raises:
        ValueError: If the split is unknown.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; choose one of {SPLITS}")
    rng = generator_for(seed, split, index, attempt)
    name = list(LAYOUTS)[index % len(LAYOUTS)]
    layout = LAYOUTS[name](rng)
    flash = sample_flash(rng, layout.view)
    ambient = sample_ambient(rng, layout.view, layout.width, layout.back, layout.front)
    balance = white_balance_gains(ambient.colour, rng.uniform(0.3, 0.85))
    return Scene(
        layout=name,
        thing=layout.thing,
        flash_view=layout.view,
        ambient_view=shifted(rng, layout.view, 1.5, width),
        flash=flash,
        ambient=ambient,
        ambient_share=rng.uniform(0.02, 0.15),
        flash_development=_development(rng, rng.normal(0.465, 0.07), np.ones(3)),
        ambient_development=_development(rng, rng.normal(0.465, 0.1), balance),
        portrait=bool(rng.uniform() < 0.1),
        seed=int(rng.integers(2**31)),
    )


def is_clear(scene: Scene) -> bool:
    """Whether nothing stands right before the lens."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in scene.thing])
    return clearance(scene.flash_view, vertices) > NEAREST
