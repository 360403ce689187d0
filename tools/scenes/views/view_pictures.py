"""Renders the views of one scene under each of its lights, and keeps the good ones."""

from pathlib import Path

import numpy as np

from keras_f2a.data.light_views import EncodedView, encode_view
from tools.scenes import collection
from tools.scenes.camera import View
from tools.scenes.lighting import sample_flash
from tools.scenes.photographs.camera_processing import luma
from tools.scenes.rendering.flat_scene import flatten
from tools.scenes.scene import generator_for, is_clear, sample_scene
from tools.scenes.views.cameras import views_of
from tools.scenes.views.named_lights import description, lights_of

KIND = "views"
TEST_EVERY = 20
"""One in this many scenes uses the models, hair, clothes and pictures reserved for tests."""
_VIEW_SEED = 2000
_ATTEMPTS = 8


def split_of(index: int) -> str:
    """Return the split whose models a scene shows."""
    return "test" if index % TEST_EVERY == TEST_EVERY - 1 else "train"


def render_views(
    seed: int, index: int, *, views: int, size: tuple[int, int], samples: int, assets: Path
) -> list[EncodedView]:
    """Render views of one scene. Views that show too little are left out.

    Args:
        seed: Seed of the collection.
        index: Index of the scene.
        views: Number of views to render.
        size: Width and height in pixels of a landscape picture.
        samples: Paths per pixel.
        assets: Cache made by `tools.scene_assets`.

    Raises:
        RuntimeError: If no sample of the scene has a free line of sight, or LLVM is missing.
        FileNotFoundError: If the cache is incomplete.
    """
    split = split_of(index)
    for attempt in range(_ATTEMPTS):
        scene = sample_scene(
            seed, split, index, attempt, kind=KIND, assets=collection._assets(assets, split)
        )
        if is_clear(scene):
            break
    else:
        raise RuntimeError(f"no clear view in {_ATTEMPTS} attempts: scene {index}, seed {seed}")
    # Import late, because Mitsuba and TensorFlow crash each other in one process.
    from tools.scenes.rendering.all_lights import World
    from tools.scenes.rendering.render import without_noise

    rng = generator_for(seed, split, index, _VIEW_SEED)
    lights, glow = lights_of(scene, rng)
    lights = tuple(light for light in lights if light.described)
    world = World(flatten(scene.thing, tuple(light.panels for light in lights), glow))
    size = size[::-1] if scene.portrait else size
    encoded = []
    for number, view in enumerate(views_of(scene, views, rng)):
        flash = scene.flash if number == 0 else sample_flash(rng, view)
        traced = world.trace(view, flash, size, samples=samples, seed=scene.seed + number)
        if not _sees(view, traced.distance):
            continue
        pictures = [without_noise(noisy, traced.albedo, traced.normal) for noisy in traced.lights]
        if not _is_worth(pictures[0]):
            continue
        kept = [
            (light.kind, description(light, view), picture)
            for light, picture in zip(lights, pictures[1:], strict=True)
            if _reaches(picture)
        ]
        axes = np.stack([view.right, view.up, -view.forward])
        encoded.append(
            encode_view(
                metadata={"scene": index, "view": number, "split": split, "layout": scene.layout},
                flash=pictures[0],
                lights=kept,
                normal=traced.normal @ axes.T,
                distance=traced.distance,
                subject_distance=float(np.linalg.norm(view.target - view.origin)),
            )
        )
    return encoded


def _sees(view: View, distance: np.ndarray) -> bool:
    """Return whether nothing hides what the camera aims at."""
    rows, columns = distance.shape
    middle = distance[rows // 3 : -(rows // 3), columns // 3 : -(columns // 3)]
    reach = float(np.linalg.norm(view.target - view.origin))
    return bool(np.median(middle) > 0.35 * reach and np.percentile(distance, 2) > 0.12)


def _is_worth(flash: np.ndarray) -> bool:
    """Return whether a flash picture shows more than one uniform surface or darkness."""
    gray = luma(flash)
    shown = np.clip(0.45 * gray / max(float(gray.mean()), 1e-9), 0, 1) ** (1 / 2.2)
    low, high = np.percentile(shown, (5, 95))
    return bool(high - low > 0.2 and (shown < 0.06).mean() < 0.4)


def _reaches(picture: np.ndarray) -> bool:
    """Return whether a light falls on a good part of the picture."""
    gray = luma(picture)
    return bool(gray.mean() > 1e-6 and (gray > 0.1 * gray.mean()).mean() > 0.3)
