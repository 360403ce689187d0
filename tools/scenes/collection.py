"""The two steps of a collection and their files: light pictures of a scene, and pairs of them."""

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
# Beside the numbers of a scene's attempts in the seed of a pair.
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
    """Pictures of one scene under each light alone, and its geometry.

    Args:
        seed: Seed of the collection.
        split: "train" or "test".
        index: Number of the scene within the split.
        size: Width and height in pixels of a landscape picture.
        samples: Paths per pixel.
        kind: Kind of the scenes, as for `sample_scene`.
        assets: Cache of models; only the kind "procedural" goes without.

    Returns:
        Linear RGB by the light's name, float32, shape (height, width, 3); some scenes are portrait
        and have width and height exchanged. Then the maps that `trace_lights` returns.

    Raises:
        RuntimeError: If none of MAX_SCENES samples is good.
        FileNotFoundError: If the cache is not complete.
    """
    from tools.scenes.rendering.render import trace_lights

    scene = _choose_scene((seed, split, index), size, kind, _assets(assets, split))
    return trace_lights(scene, _oriented(size, scene.portrait), samples)


def develop_pair(
    pictures: Pictures, seed: int, split: str, index: int, variant: int
) -> tuple[np.ndarray, np.ndarray]:
    """Flash and ambient photograph of a rendered scene, the first good one of MAX_RECIPES.

    Args:
        pictures: What `render_lights` returned.
        seed: Seed of the collection.
        split: "train" or "test".
        index: Number of the scene within the split.
        variant: Number of the pair within the scene: other light, exposure and camera.

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
    """Whether a pair of uint8 photographs, shape (height, width, 3), is worth keeping.

    Rejects pictures that are nearly uniform, mostly black or blown out, and pairs that are nearly
    alike or hardly related.
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
    """File of a scene's light pictures."""
    return folder / split / f"Scene_{index:04d}.npz"


def save_lights(path: Path, pictures: Pictures) -> None:
    """Store light pictures in half precision, each at a mean of 1."""
    scaled = {
        name: (image / max(image.mean(), 1e-9)).astype("f2") for name, image in pictures.items()
    }
    _write(path, lambda temporary: np.savez_compressed(temporary, **scaled))


def load_lights(path: Path) -> Pictures:
    """Light pictures as stored, float32."""
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def geometry_path(folder: Path, split: str, index: int) -> Path:
    """File of a scene's geometry, beside its light pictures."""
    return folder / split / f"Scene_{index:04d}_geometry.npz"


def save_geometry(path: Path, maps: Pictures) -> None:
    """Store a scene's maps: distance as float16, the others in steps of 1/255 and 1/127."""
    packed: dict[str, Any] = {
        "distance": maps["distance"].astype(np.float16),
        "normal": np.round(127 * maps["normal"]).astype(np.int8),
        "flash_visibility": np.round(255 * maps["flash_visibility"]).astype(np.uint8),
        "albedo": np.round(255 * maps["albedo"]).astype(np.uint8),
    }
    _write(path, lambda temporary: np.savez_compressed(temporary, **packed))


def load_geometry(path: Path) -> Pictures:
    """Maps as `render_lights` returns them, float32."""
    scales = {"distance": 1.0, "normal": 127.0, "flash_visibility": 255.0, "albedo": 255.0}
    with np.load(path) as stored:
        return {name: stored[name].astype(np.float32) / scale for name, scale in scales.items()}


def pair_paths(folder: Path, split: str, index: int, variant: int) -> tuple[Path, Path]:
    """Files of the flash and of the ambient photograph of a pair."""
    stem = folder / split / f"Scene_{index:04d}_{variant}"
    return Path(f"{stem}_flash.webp"), Path(f"{stem}_ambient.webp")


def save_pair(
    paths: tuple[Path, Path], photographs: tuple[np.ndarray, np.ndarray], quality: int
) -> None:
    """Store a pair as WebP."""
    for path, photograph in zip(paths, photographs, strict=True):
        image = Image.fromarray(photograph)
        _write(path, lambda file, image=image: image.save(file, "WEBP", quality=quality, method=4))


def save_shadow(flash_path: Path, maps: Pictures) -> None:
    """Store where the flash does not reach what is seen, beside a pair: NAME_shadow.png, gray.

    What no ray meets, such as the sky in a window, is no shadow.
    """
    shadow = np.where(np.isfinite(maps["distance"]), 1 - maps["flash_visibility"], 0)
    image = Image.fromarray(np.round(255 * shadow).astype(np.uint8))
    path = flash_path.with_name(flash_path.name.replace("_flash.webp", "_shadow.png"))
    _write(path, lambda file: image.save(file, "PNG", optimize=True))


def _write(path: Path, write: Callable) -> None:
    """A file appears under its name only when it is complete."""
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
    """First sample of a scene whose small preview shows something."""
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
    """Width and height for the orientation of a scene."""
    return size[::-1] if portrait else size
