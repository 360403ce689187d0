"""Samples one whole scene: layout, camera and lights."""

from dataclasses import dataclass, field, replace
from typing import cast

import numpy as np

from tools.scenes.camera import View, clearance, recomposed
from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.furnished import layout_for
from tools.scenes.lighting import Flash, Panel, sample_ambient, sample_flash
from tools.scenes.surfaces.panoramas import light_picture, seen_from_inside
from tools.scenes.things.models import Assets
from tools.scenes.things.parts import Thing

SPLITS = ("train", "test")
NEAREST = 0.2
"""Minimum distance in meters between the lens and what it sees."""


@dataclass(frozen=True)
class Scene:
    """Everything needed to render the pictures of one scene, one under each light.

    Attributes:
        layout: Name of the layout.
        thing: Everything in the room.
        view: Camera.
        flash: The camera's flash.
        ambient: Panels of each ambient source, by name.
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
    """Return a random generator that depends only on a scene's place in the collection.

    Raises:
        ValueError: If the split is unknown.
    """
    if split not in SPLITS:
        raise ValueError(f"unknown split {split!r}; choose one of {SPLITS}")
    return np.random.default_rng([seed, SPLITS.index(split), index, *more])


def sample_scene(
    seed: int,
    split: str,
    index: int,
    attempt: int = 0,
    *,
    kind: str = "procedural",
    assets: Assets | None = None,
) -> Scene:
    """Sample scene number `index` of a split.

    Args:
        seed: Seed of the whole collection.
        split: "train" or "test".
        index: Index of the scene, from 0. Layouts take turns by index.
        attempt: Number of samples of this scene that were rejected before.
        kind: One of `tools.scenes.layouts.furnished.KINDS`.
        assets: Models for this split. Only the kind "procedural" works without them.

    Raises:
        ValueError: If the split or the kind is unknown, or a kind needs assets.
    """
    rng = generator_for(seed, split, index, attempt)
    if assets is None and kind != "procedural":
        raise ValueError(f"scenes of the kind {kind!r} need assets")
    make = layout_for(kind, index)
    layout = make(rng, cast(Assets, assets))  # Procedural layouts ignore it.
    # Phones see 60 to 70 degrees across the longer side. Flash falls off faster from close by.
    view = recomposed(layout.view, rng.uniform(48.0, 70.0))
    return Scene(
        layout=make.__name__,
        thing=layout.thing,
        view=view,
        flash=sample_flash(rng, view),
        ambient=_ambient(rng, view, layout, assets),
        portrait=bool(rng.uniform() < 0.45),
        seed=int(rng.integers(2**31)),
    )


def _ambient(
    rng: np.random.Generator, view: View, layout: Layout, assets: Assets | None
) -> dict[str, tuple[Panel, ...]]:
    """Return a layout's lights. With assets, windows and the rest of the room show panoramas."""
    lights = sample_ambient(rng, view, layout.width, layout.back, layout.front)
    if assets is None:
        return lights
    lights = {
        **lights,
        "ceiling": lights["ceiling"] + layout.ceiling,
        "window": lights["window"] + layout.windows,
    }
    for source, paths in (("window", assets.outdoors), ("room", assets.indoors)):
        panorama = assets.panorama(rng, paths)
        yaw, pitch = rng.uniform(0, 360), rng.uniform(0, 8)
        seen = light_picture(seen_from_inside(panorama, yaw, pitch, 90, (96, 72)))
        first, *others = lights[source]
        lights[source] = (replace(first, picture=seen), *others)
    return lights


def is_clear(scene: Scene) -> bool:
    """Return whether nothing stands right in front of the lens."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in scene.thing])
    return clearance(scene.view, vertices) > NEAREST
