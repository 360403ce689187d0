"""Last steps of a phone's processing: mild sharpening, and the grain left by noise reduction."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tools.scenes.photographs.camera_processing import luma


@dataclass(frozen=True)
class Finish:
    """How a camera finishes its photographs.

    Attributes:
        sharpening: Share of the fine luma detail that is added again.
        radius: Standard deviation in pixels of the blur that separates fine detail.
        grain: Standard deviation of luma grain in dark areas, in display values in [0, 1].
        seed: Seed of the grain.
    """

    sharpening: float = 0.0
    radius: float = 0.8
    grain: float = 0.0
    seed: int = 0


def sample_finish(rng: np.random.Generator) -> Finish:
    """Sample a finish. About a third of the cameras do not sharpen (see tools/README.md)."""
    sharpens = rng.uniform() < 0.67
    return Finish(
        sharpening=float(sharpens * rng.uniform(0.1, 0.8)),
        radius=float(rng.uniform(0.5, 1.0)),
        grain=float(rng.uniform(0.0, 0.004)),
        seed=int(rng.integers(2**31)),
    )


def finished(photograph: np.ndarray, finish: Finish, shot: int) -> np.ndarray:
    """Apply the last processing steps to a photograph.

    Args:
        photograph: Display-encoded RGB, uint8, shape (height, width, 3).
        finish: Sharpening and grain.
        shot: Index of the shot. Each shot of a camera has different grain.
    """
    image = photograph / 255.0
    gray = luma(image)
    detail = gray - ndimage.gaussian_filter(gray, finish.radius)
    rng = np.random.default_rng([finish.seed, shot])
    grain = _soft_noise(rng, (*gray.shape, 1), 0.5) * (1.3 - gray)[..., None]
    color = 0.5 * _soft_noise(rng, image.shape, 0.9)
    result = image + (finish.sharpening * detail)[..., None] + finish.grain * (grain + color)
    return np.clip(np.round(255 * result), 0, 255).astype(np.uint8)


def _soft_noise(rng: np.random.Generator, shape: tuple[int, ...], blur: float) -> np.ndarray:
    """Return noise of standard deviation 1, blurred as by demosaicing and noise reduction."""
    noise = ndimage.gaussian_filter(rng.standard_normal(shape), (blur, blur, 0))
    return noise / noise.std()
