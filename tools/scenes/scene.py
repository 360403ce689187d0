"""Samples one whole scene: layout, camera and lights."""

from dataclasses import dataclass, field

import numpy as np

from tools.scenes.camera import View, clearance, recomposed
from tools.scenes.layouts.all_layouts import LAYOUTS
from tools.scenes.lighting import Flash, Panel, sample_ambient, sample_flash
from tools.scenes.things.parts import Thing

SPLITS = ("train", "test")
NEAREST = 0.2
"""Least distance in metres between the lens and what it sees."""


@dataclass(frozen=True)
class Scene:
    """All that is needed to render the pictures of one scene, one under each light.

    Attributes:
        layout: Name of the layout.
        thing: Everything in the room.
        view: Camera.
        flash: The camera's flash.
        ambient: Panels of each ambient source, by its name.
        portrait: Whether the picture is taller than wide.
        seed: Seed of the path tracer.
    """

    layout: str
    thing: Thing = field(repr=False)
    view: View
    flash: Flash
    ambient: dict[str, tuple[Panel, ...]]
    portrait: bool
    seed: int


def generator_for(seed: int, split: str, index: int, *more: int) -> np.random.Generator:
    """Generator that depends on nothing but the place of a scene in the collection.

    Raises:
        ValueError: If the split is unknown.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; choose one of {SPLITS}")
    return np.random.default_rng([seed, SPLITS.index(split), index, *more])


def sample_scene(seed: int, split: str, index: int, attempt: int = 0) -> Scene:
    """Sample the scene number `index` of a split.

    Args:
        seed: Seed of the whole collection.
        split: "train" or "test".
        index: Number of the scene, from 0; it also chooses the layout in turn.
        attempt: 0, or how many samples of this scene have been rejected before.

    Raises:
        ValueError: If the split is unknown.
    """
    rng = generator_for(seed, split, index, attempt)
    name = list(LAYOUTS)[index % len(LAYOUTS)]
    layout = LAYOUTS[name](rng)
    # Phones see 60 to 70 degrees across the longer side; a close camera has a steeper flash.
    view = recomposed(layout.view, rng.uniform(48.0, 70.0))
    return Scene(
        layout=name,
        thing=layout.thing,
        view=view,
        flash=sample_flash(rng, view),
        ambient=sample_ambient(rng, view, layout.width, layout.back, layout.front),
        portrait=bool(rng.uniform() < 0.45),
        seed=int(rng.integers(2**31)),
    )


def is_clear(scene: Scene) -> bool:
    """Whether nothing stands right before the lens."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in scene.thing])
    return clearance(scene.view, vertices) > NEAREST
