"""Makes a collection in two steps: light pictures of each scene, then photograph pairs of them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tools.scenes.lighting import AMBIENT_SOURCES
from tools.scenes.photographs.camera_processing import luma
from tools.scenes.photographs.mixing import make_pair, sample_recipe
from tools.scenes.scene import Scene, generator_for, is_clear, sample_scene
from tools.scenes.things.models import Assets

MAX_SCENES = 30
MAX_RECIPES = 12
PREVIEW_WIDTH = 64
PREVIEW_SAMPLES = 16
# Keeps seeds of pairs apart from seeds of scenes, which hold the attempt in the same place.
_PAIR_SEED = 1000
Pictures = dict[str, np.ndarray]


def render_lights(
    seed: int,
    split: str,
    index: int,
    size: tuple[int, int],
    samples: int,
    *,
    kind: str = "procedural",
    assets: Path | None = None,
) -> tuple[Pictures, Pictures]:
    """Render one scene under each light alone, and its geometry.

    Args:
        seed: Seed of the collection.
        split: "train" or "test".
        index: Index of the scene within the split.
        size: Width and height in pixels of a landscape picture.
        samples: Paths per pixel.
        kind: Kind of scene, as in `sample_scene`.
        assets: Cache of models. Only the kind "procedural" works without it.

    Returns:
        Linear RGB by the light's name, float32, shape (height, width, 3), and the maps that
        `trace_lights` returns. Portrait scenes have width and height swapped.

    Raises:
        RuntimeError: If none of MAX_SCENES samples is good.
        FileNotFoundError: If the cache is incomplete.
    """
    from tools.scenes.rendering.render import trace_lights

    scene = _choose_scene((seed, split, index), size, kind, _assets(assets, split))
    return trace_lights(scene, _oriented(size, scene.portrait), samples)


def develop_pair(
    pictures: Pictures, seed: int, split: str, index: int, variant: int
) -> tuple[np.ndarray, np.ndarray]:
    """Develop a flash and an ambient photograph of a rendered scene.

    Keeps the first good pair of MAX_RECIPES, or the last one if none is good.

    Args:
        pictures: Light pictures from `render_lights`.
        seed: Seed of the collection.
        split: "train" or "test".
        index: Index of the scene within the split.
        variant: Index of the pair within the scene. Pairs differ in light, exposure and camera.

    Returns:
        Two uint8 images, display-encoded RGB, shape (height, width, 3).
    """
    rng = generator_for(seed, split, index, _PAIR_SEED, variant)
    for _ in range(MAX_RECIPES):
        pair = make_pair(pictures, sample_recipe(rng))
        if is_good(*pair):
            break
    return pair


def is_good(flash: np.ndarray, ambient: np.ndarray) -> bool:
    """Return whether a pair of uint8 photographs, shape (height, width, 3), is worth keeping.

    Rejects pictures that are nearly uniform, too dark or blown out, and pairs that are nearly
    identical, too different or hardly correlated.
    """
    lumas = luma(flash / 255.0), luma(ambient / 255.0)
    for values in lumas:
        low, high = np.percentile(values, (5, 95))
        if high - low < 0.3 or (values > 0.97).mean() > 0.06 or (values < 0.02).mean() > 0.25:
            return False
    difference = np.mean((flash / 255.0 - ambient / 255.0) ** 2)
    likeness = np.corrcoef(lumas[0].ravel(), lumas[1].ravel())[0, 1]
    return bool(0.005 < difference < 0.16 and likeness > 0.15)


def lights_path(folder: Path, split: str, index: int) -> Path:
    """Return the path of a scene's light pictures."""
    return folder / split / f"Scene_{index:04d}.npz"


def save_lights(path: Path, pictures: Pictures) -> None:
    """Save light pictures as float16, each scaled to a mean of 1."""
    scaled = {
        name: (image / max(image.mean(), 1e-9)).astype("f2") for name, image in pictures.items()
    }
    _write(path, lambda temporary: np.savez_compressed(temporary, **scaled))


def load_lights(path: Path) -> Pictures:
    """Load light pictures as float32, in the scale in which they were saved."""
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def geometry_path(folder: Path, split: str, index: int) -> Path:
    """Return the path of a scene's geometry, beside its light pictures."""
    return folder / split / f"Scene_{index:04d}_geometry.npz"


def save_geometry(path: Path, maps: Pictures) -> None:
    """Save a scene's maps: distance as float16, the others in steps of 1/255 or 1/127."""
    packed: dict[str, Any] = {
        "distance": maps["distance"].astype(np.float16),
        "normal": np.round(127 * maps["normal"]).astype(np.int8),
        "flash_visibility": np.round(255 * maps["flash_visibility"]).astype(np.uint8),
        "albedo": np.round(255 * maps["albedo"]).astype(np.uint8),
    }
    _write(path, lambda temporary: np.savez_compressed(temporary, **packed))


def load_geometry(path: Path) -> Pictures:
    """Load the maps that `render_lights` returned, as float32."""
    scales = {"distance": 1.0, "normal": 127.0, "flash_visibility": 255.0, "albedo": 255.0}
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float32) / scale for name, scale in scales.items()}


def pair_paths(folder: Path, split: str, index: int, variant: int) -> tuple[Path, Path]:
    """Return the paths of the flash and the ambient photograph of a pair."""
    stem = folder / split / f"Scene_{index:04d}_{variant}"
    return Path(f"{stem}_flash.webp"), Path(f"{stem}_ambient.webp")


def save_pair(
    paths: tuple[Path, Path], photographs: tuple[np.ndarray, np.ndarray], quality: int
) -> None:
    """Save a pair as WebP."""
    for path, photograph in zip(paths, photographs, strict=True):
        image = Image.fromarray(photograph)
        _write(path, lambda file, image=image: image.save(file, "WEBP", quality=quality, method=4))


def save_shadow(flash_path: Path, maps: Pictures) -> None:
    """Save the shadows of the flash beside a pair, as grayscale NAME_shadow.png.

    White means that the flash does not reach the visible surface. Pixels without a surface, such as
    the sky in a window, are black.
    """
    shadow = np.where(np.isfinite(maps["distance"]), 1 - maps["flash_visibility"], 0)
    image = Image.fromarray(np.round(255 * shadow).astype(np.uint8))
    path = flash_path.with_name(flash_path.name.replace("_flash.webp", "_shadow.png"))
    _write(path, lambda file: image.save(file, "PNG", optimize=True))


def _write(path: Path, write: Callable) -> None:
    """Write a file that appears under its name only when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".part")
    with temporary.open("wb") as file:
        write(file)
    temporary.replace(path)


@cache
def _assets(folder: Path | None, split: str) -> Assets | None:
    return None if folder is None else Assets(folder, split)


def _choose_scene(
    place: tuple[int, str, int], size: tuple[int, int], kind: str, assets: Assets | None
) -> Scene:
    """Return the first sample of a scene whose small preview shows something."""
    from tools.scenes.rendering.render import trace_preview

    scale = PREVIEW_WIDTH / max(size)
    small = max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
    for attempt in range(MAX_SCENES):
        scene = sample_scene(*place, attempt, kind=kind, assets=assets)
        if not is_clear(scene):
            continue
        flash, ceiling = trace_preview(scene, _oriented(small, scene.portrait), PREVIEW_SAMPLES)
        pictures = {source: ceiling for source in AMBIENT_SOURCES} | {"flash": flash}
        recipes = np.random.default_rng(scene.seed)
        if any(is_good(*make_pair(pictures, sample_recipe(recipes))) for _ in range(4)):
            return scene
    seed, split, index = place
    raise RuntimeError(f"no good scene in {MAX_SCENES} attempts: {split} {index}, seed {seed}")


def _oriented(size: tuple[int, int], portrait: bool) -> tuple[int, int]:
    """Return width and height in the orientation of a scene."""
    return size[::-1] if portrait else size
