"""Synthetic photographs, faces and networks for the golden files."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from keras_f2a.correction.engine import EncodedPhoto
from keras_f2a.correction.faces import Face
from keras_f2a.data.scenes import BUNDLED_SCENES

SCENE = BUNDLED_SCENES / "test/Scene_003_flash.webp"
# A network's int8 output, which the file itself converts to float32, is k/256.
LEVELS = 256
GAIN_STEPS = 256


class MadeUpNetwork:
    """An `Engine` that brightens shadows, tints and blurs, and records its input and output."""

    def __init__(self, height: int, width: int):
        self.fixed_size = height, width
        self.image = self.levels = np.empty(0)

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `keras_f2a.correction.engine.Engine.run`."""
        self.image = image
        blurred = (np.roll(image, 1, axis=1) + 2 * image + np.roll(image, -1, axis=1)) / 4
        down = np.linspace(0.6, 1.0, len(image), dtype=np.float32)[:, None, None]
        output = np.sqrt(blurred) * down * np.float32([0.95, 0.85, 0.7])
        self.levels = np.minimum(np.rint(output * LEVELS), LEVELS - 1).astype(np.uint8)
        return self.levels.astype(np.float32) / np.float32(LEVELS)


@dataclass
class MadeUpLights:
    """A synthetic `LightEngine` that records its input image and its answers.

    Attributes:
        fixed_size: Height and width of its images.
        more: Extra rows and columns of its answers.
        flash_share: Its estimate of the flash's share of the light.
        image: The image that it read.
        gains: Its answers.
    """

    fixed_size: tuple[int, int] | None
    more: int = 0
    flash_share: float = 1.0
    image: np.ndarray = field(default_factory=lambda: np.empty(0))
    gains: list[np.ndarray] = field(default_factory=list)

    def encode(self, image: np.ndarray) -> EncodedPhoto:
        """See `keras_f2a.correction.engine.LightEngine.encode`."""
        self.image = image
        return EncodedPhoto([image[np.newaxis]], self.flash_share)

    def log_gain(self, features: Sequence[np.ndarray], light: np.ndarray) -> np.ndarray:
        """See `keras_f2a.correction.engine.LightEngine.log_gain`."""
        _, height, width, _ = features[0].shape
        self.gains.append(log_gain_of(width + self.more, height + self.more, light))
        return self.gains[-1]


class Known:
    """A `FaceFinder` that returns given faces."""

    def __init__(self, faces: Sequence[Face]):
        self._faces = list(faces)

    def find(self, image: np.ndarray) -> list[Face]:
        """See `keras_f2a.correction.faces.FaceFinder`."""
        return self._faces


def scene(width: int, height: int) -> np.ndarray:
    """Return a rendered scene, uint8 RGB of shape (height, width, 3)."""
    with Image.open(SCENE) as image:
        return np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC))


def flash_image(width: int, height: int) -> np.ndarray:
    """Return reddish texture under a flash, bright in the middle, with black and white patches."""
    texture = np.random.default_rng(3).uniform(0.5, 0.9, (height, width, 3))
    down, across = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = np.exp(-1.3 * (down**2 + across**2))[..., np.newaxis]
    image = texture * light * [1, 0.9, 0.75]
    image[: height // 6, : width // 4] *= 0.04
    image[-(height // 8) :, : width // 3] = 1
    return np.rint(image * 255).astype(np.uint8)


def draw_eye(photo: np.ndarray, x: float, y: float, pupil: tuple[int, ...], radius: float) -> None:
    """Draw an eye with a glint onto skin, in place."""
    rows, columns = np.ogrid[: len(photo), : photo.shape[1]]
    distance = np.hypot(rows - y, columns - x)
    photo[distance < 5.5 * radius] = 200, 160, 140
    photo[distance < 2.7 * radius] = 235
    photo[distance < 1.8 * radius] = 90, 60, 40
    photo[distance < radius] = pupil
    photo[np.hypot(rows - y + 0.4 * radius, columns - x - 0.3 * radius) < 0.35 * radius] = 250


def log_gain_of(width: int, height: int, light: Sequence[float] | np.ndarray) -> np.ndarray:
    """Return a float32 log gain that grows toward a light, with some texture, in steps of 1/256."""
    down, across = np.ogrid[1 : -1 : height * 1j, -1 : 1 : width * 1j]
    waves = 0.2 * np.sin(9 * across + 4) * np.cos(7 * down)
    gain = 0.8 * float(light[0]) * across + 0.5 * float(light[1]) * down + waves
    return (np.rint(gain * GAIN_STEPS) / GAIN_STEPS).astype(np.float32)
