"""Writes photographs for measurements: a rendered scene at a camera's resolution, with noise."""

from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES

SCENE = BUNDLED_SCENES / "test/Scene_000_flash.webp"


def write_photograph(path: Path, width: int, height: int, seed: int = 0) -> Path:
    """Write a JPEG file and return its path.

    Args:
        path: Path of the file.
        width: Width in pixels.
        height: Height in pixels.
        seed: Seed of the noise.
    """
    with Image.open(SCENE) as scene:
        enlarged = scene.convert("RGB").resize((width, height), Image.Resampling.BICUBIC)
    noise = np.random.default_rng(seed).normal(0, 3, (height, width, 1)).astype(np.float32)
    noisy = np.clip(np.asarray(enlarged) + noise + 0.5, 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(path, quality=92)
    return path
