"""Photographs and a network that are made up, for the golden files."""

import numpy as np
from PIL import Image

from keras_f2a.data.scenes import BUNDLED_SCENES

SCENE = BUNDLED_SCENES / "test/Scene_003_flash.webp"
# A network's int8 output, from which float32 is made by the file itself, is k/256.
LEVELS = 256


class MadeUpNetwork:
    """An `Engine` that brightens shadows, tints and blurs, and remembers its images."""

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


def scene(width: int, height: int) -> np.ndarray:
    """A rendered scene, uint8 RGB of shape (height, width, 3)."""
    with Image.open(SCENE) as image:
        return np.asarray(image.convert("RGB").resize((width, height), Image.Resampling.BICUBIC))


def flash_image(width: int, height: int) -> np.ndarray:
    """Reddish texture under a flash, bright in the middle, with a black and a white patch."""
    texture = np.random.default_rng(3).uniform(0.5, 0.9, (height, width, 3))
    down, across = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    light = np.exp(-1.3 * (down**2 + across**2))[..., np.newaxis]
    image = texture * light * [1, 0.9, 0.75]
    image[: height // 6, : width // 4] *= 0.04
    image[-(height // 8) :, : width // 3] = 1
    return np.rint(image * 255).astype(np.uint8)


def draw_eye(photo: np.ndarray, x: float, y: float, pupil: tuple[int, ...], radius: float) -> None:
    """Draws an eye with a glint onto skin, in place."""
    rows, columns = np.ogrid[: len(photo), : photo.shape[1]]
    distance = np.hypot(rows - y, columns - x)
    photo[distance < 5.5 * radius] = 200, 160, 140
    photo[distance < 2.7 * radius] = 235
    photo[distance < 1.8 * radius] = 90, 60, 40
    photo[distance < radius] = pupil
    photo[np.hypot(rows - y + 0.4 * radius, columns - x - 0.3 * radius) < 0.35 * radius] = 250
