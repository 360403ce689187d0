"""One scene to one pair of photographs: preview, judge, render, store."""

from pathlib import Path

import numpy as np
from PIL import Image

from tools.scenes.photograph import develop, luma
from tools.scenes.render import trace
from tools.scenes.scene import Scene, is_clear, sample_scene

MAX_ATTEMPTS = 20
PREVIEW_WIDTH = 80
PREVIEW_SAMPLES = 16


def ambient_strength(flash: np.ndarray, ambient: np.ndarray, share: float) -> float:
    """Strength of the ambient light that adds `share` of the flash's median radiance.

    Args:
        flash: Radiance under the flash alone, shape (height, width, 3).
        ambient: Radiance under the ambient light alone, same shape.
        share: Wanted ratio of the two medians.
    """
    return float(share * np.median(flash) / max(np.median(ambient), 1e-9))


def is_good(flash: np.ndarray, ambient: np.ndarray) -> bool:
    """Whether a pair of uint8 photographs, shape (height, width, 3), is worth keeping.

    Rejects pictures that are nearly uniform, mostly black or blown out, and pairs that are nearly
    alike or hardly related.
    """
    lumas = luma(flash / 255.0), luma(ambient / 255.0)
    for values in lumas:
        low, high = np.percentile(values, (5, 95))
        if high - low < 0.35 or (values > 0.97).mean() > 0.06 or (values < 0.05).mean() > 0.2:
            return False
    difference = np.mean((flash / 255.0 - ambient / 255.0) ** 2)
    likeness = np.corrcoef(lumas[0].ravel(), lumas[1].ravel())[0, 1]
    return 0.007 < difference < 0.1 and likeness > 0.3


def _oriented(size: tuple[int, int], portrait: bool) -> tuple[int, int]:
    """Width and height for the orientation of a scene."""
    return size[::-1] if portrait else size


def choose_scene(seed: int, split: str, index: int, size: tuple[int, int]) -> tuple[Scene, float]:
    """First sample of a scene whose small preview is good, and its ambient strength.

    Raises:
        RuntimeError: If none of MAX_ATTEMPTS samples is good.
    """
    scale = PREVIEW_WIDTH / max(size)
    small = max(8, round(size[0] * scale)), max(8, round(size[1] * scale))
    for attempt in range(MAX_ATTEMPTS):
        scene = sample_scene(seed, split, index, attempt, max(size))
        if not is_clear(scene):
            continue
        shape = _oriented(small, scene.portrait)
        flash = trace(scene, scene.flash_view, "flash", shape, PREVIEW_SAMPLES)
        ambient = trace(scene, scene.flash_view, "ambient", shape, PREVIEW_SAMPLES)
        strength = ambient_strength(flash, ambient, scene.ambient_share)
        shots = (
            develop(flash + strength * ambient, scene.flash_development),
            develop(ambient, scene.ambient_development),
        )
        if is_good(*shots):
            return scene, strength
    raise RuntimeError(f"no good scene in {MAX_ATTEMPTS} attempts: {split} {index}, seed {seed}")


def render_pair(
    seed: int, split: str, index: int, size: tuple[int, int], samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Flash and ambient photograph of one scene.

    Args:
        seed: Seed of the collection.
        split: "train" or "test".
        index: Number of the scene within the split.
        size: Width and height in pixels of a landscape picture.
        samples: Paths per pixel.

    Returns:
        Two uint8 images, display-encoded RGB, shape (height, width, 3); some scenes are portrait
        and have width and height exchanged.
    """
    scene, strength = choose_scene(seed, split, index, size)
    shape = _oriented(size, scene.portrait)
    # The flash's direct light hardly has noise and the ambient light beside it is weak.
    few = max(1, samples // 4)
    flash = trace(scene, scene.flash_view, "flash", shape, few)
    leftover = trace(scene, scene.flash_view, "ambient", shape, few)
    ambient = trace(scene, scene.ambient_view, "ambient", shape, samples)
    return develop(flash + strength * leftover, scene.flash_development), develop(
        ambient, scene.ambient_development
    )


def pair_paths(output: Path, split: str, index: int) -> tuple[Path, Path]:
    """Files of the flash and of the ambient picture of a scene."""
    stem = output / split / f"Scene_{index:03d}"
    return Path(f"{stem}_flash.webp"), Path(f"{stem}_ambient.webp")


def is_finished(output: Path, split: str, index: int) -> bool:
    """Whether both files of a pair are there."""
    return all(path.is_file() for path in pair_paths(output, split, index))


def save_pair(
    output: Path, split: str, index: int, pictures: tuple[np.ndarray, np.ndarray], quality: int = 90
) -> None:
    """Store a pair as WebP; a file appears under its name only when it is complete."""
    for path, picture in zip(pair_paths(output, split, index), pictures, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".part")
        Image.fromarray(picture).save(temporary, "WEBP", quality=quality, method=6)
        temporary.replace(path)
