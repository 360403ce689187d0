"""The last steps of a phone's processing: mild sharpening, and what noise reduction leaves."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from tools.scenes.photographs.camera_processing import luma


@dataclass(frozen=True)
class Finish:
    """How a camera finishes its photographs.

    Attributes:
        sharpening: Share of the fine detail of luma that is added once more.
        radius: Standard deviation in pixels of the blur that tells fine detail.
        grain: Standard deviation of luma grain in dark places, in display values in [0, 1].
        seed: Of the grain.
    """

    sharpening: float = 0.0
    radius: float = 0.8
    grain: float = 0.0
    seed: int = 0


def sample_finish(rng: np.random.Generator) -> Finish:
    """Draw a finish; every third camera does not sharpen (see tools/README.md)."""
    sharpens = rng.uniform() < 0.67
    return Finish(
        sharpening=float(sharpens * rng.uniform(0.1, 0.8)),
        radius=float(rng.uniform(0.5, 1.0)),
        grain=float(rng.uniform(0.0, 0.004)),
        seed=int(rng.integers(2**31)),
    )


def finished(photograph: np.ndarray, finish: Finish, shot: int) -> np.ndarray:
    """A photograph after its last processing.

    Args:
        photograph: Display-encoded RGB, uint8, shape (height, width, 3).
        finish: How.
        shot: Number of the shot of this camera, of which each has grain of its own.
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
    """Noise of deviation 1 that is blurred as demosaicing and noise reduction blur it."""
    noise = ndimage.gaussian_filter(rng.standard_normal(shape), (blur, blur, 0))
    return noise / noise.std()
