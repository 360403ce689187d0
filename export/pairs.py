"""Loads the pairs of photographs that an export calibrates with and measures on."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from keras_f2a.data.pair_files import split_folders
from keras_f2a.data.pairs import LoadedPairs, load_pairs
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.evaluation.protocol import file_values_as_8_bit
from keras_f2a.support.errors import InputError

from .settings import ImageSize

CALIBRATION_IMAGES = 128
SMALLEST_CALIBRATION_SIDE = 16


@dataclass(frozen=True)
class ExportPairs:
    """Decoded pairs of the user and of the bundled scenes.

    A few similar photographs, or gray ones, do not cover the range of values of other photographs.
    So the bundled training scenes are used for calibration too, and the test scenes for
    measurements.

    Attributes:
        training: The user's pairs for quantization-aware training.
        held_out: The user's pairs to measure on. None of them is used for calibration.
        calibration: Flash images for calibration: up to `CALIBRATION_IMAGES` of `training`, and
            those of the bundled training scenes.
        scenes: The bundled test scenes that are neither in `calibration` nor in `held_out`.
        without_flash: The ambient images of the same pairs as those in `calibration`.
    """

    training: LoadedPairs
    held_out: LoadedPairs
    calibration: tuple[np.ndarray, ...]
    scenes: LoadedPairs
    without_flash: tuple[np.ndarray, ...] = ()

    def calibration_images(self, size: ImageSize, *, ambient: bool = False) -> list[np.ndarray]:
        """Return the calibration images at one size.

        Args:
            size: The size.
            ambient: Whether to add the images without flash, for networks that tell the two apart.

        Returns:
            float32 RGB in [0, 1], each (1, height, width, 3).
        """
        images = self.calibration + (self.without_flash if ambient else ())
        return [fit_image(image, size)[np.newaxis] for image in images]

    def description(self) -> dict:
        """Return the description of the pairs for the card."""
        return {
            "calibration": self.training.description(),
            "calibration_images": len(self.calibration),
            "held_out": self.held_out.description(),
            "held_out_scenes": self.scenes.description(),
        }


def load_export_pairs(directory: str | Path) -> ExportPairs:
    """Read the pairs in `train/` and in `val/`, or in `test/` if there is no `val/`.

    Raises:
        InputError: A folder is missing, pairs have problems, or every held-out photograph is also
            used for calibration.
    """
    folders = split_folders(directory, "calibration_data")
    training, held_out = (load_pairs(folder, SMALLEST_CALIBRATION_SIDE) for folder in folders)
    bundled = _load_scenes("train")
    calibration = _deduplicate([*_evenly_spaced(training.flash), *bundled.flash])
    without_flash = _deduplicate([*_evenly_spaced(training.ambient), *bundled.ambient])
    unseen = _without(held_out, calibration)
    if not unseen.names:
        raise InputError(
            f"every photograph of {folders[1].name}/ is also in {folders[0].name}/, but "
            "photographs that calibrate a file cannot prove it; hold others out",
            setting="calibration_data",
            value=directory,
        )
    scenes = _without(_load_scenes("test"), [*calibration, *unseen.flash])
    return ExportPairs(training, unseen, tuple(calibration), scenes, tuple(without_flash))


def fit_pairs(pairs: LoadedPairs, size: ImageSize) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield (flash, ambient) of each pair at one size, float32 RGB in [0, 1]."""
    for flash, ambient in zip(pairs.flash, pairs.ambient, strict=True):
        yield fit_image(flash, size), fit_image(ambient, size)


def fit_image(image: np.ndarray, size: ImageSize) -> np.ndarray:
    """Resize and center-crop an image to a size. An image of that size is not resampled.

    Args:
        image: RGB, uint8 or uint16, (height, width, 3).
        size: The size to fill.

    Returns:
        float32 RGB in [0, 1], (size.height, size.width, 3).
    """
    values = file_values_as_8_bit(image)
    if values.shape[:2] != size:
        picture = ImageOps.fit(
            Image.fromarray(values), (size.width, size.height), Image.Resampling.LANCZOS
        )
        values = np.asarray(picture)
    return values.astype(np.float32) / np.float32(255)


def _load_scenes(split: str) -> LoadedPairs:
    return load_pairs(BUNDLED_SCENES / split, SMALLEST_CALIBRATION_SIDE)


def _evenly_spaced(images: list[np.ndarray]) -> list[np.ndarray]:
    """Return up to `CALIBRATION_IMAGES` evenly spaced images."""
    count = min(CALIBRATION_IMAGES, len(images))
    return [images[i] for i in np.linspace(0, len(images) - 1, count).round().astype(int)]


def _deduplicate(images: Iterable[np.ndarray]) -> list[np.ndarray]:
    return list({_digest(image): image for image in images}.values())


def _without(pairs: LoadedPairs, images: Iterable[np.ndarray]) -> LoadedPairs:
    """Return the pairs whose flash image is not among these images."""
    excluded = set(map(_digest, images))
    indices = [i for i, image in enumerate(pairs.flash) if _digest(image) not in excluded]
    return LoadedPairs(
        [pairs.names[i] for i in indices],
        [pairs.flash[i] for i in indices],
        [pairs.ambient[i] for i in indices],
        pairs.problems,
    )


def _digest(image: np.ndarray) -> bytes:
    values = file_values_as_8_bit(image)
    return hashlib.sha256(f"{values.shape}".encode() + values.tobytes()).digest()
