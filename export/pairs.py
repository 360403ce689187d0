"""The pairs of photographs that an export needs: some to calibrate with, others to measure on."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from keras_f2a.data.pairs import LoadedPairs, describe_pairs, load_pairs, split_folders
from keras_f2a.evaluation.protocol import file_values_as_8_bit

from .settings import ImageSize

CALIBRATION_IMAGES = 128
SMALLEST_SIDE = 16


@dataclass(frozen=True)
class ExportPairs:
    """Decoded pairs.

    Attributes:
        training: For calibration and quantisation-aware training.
        held_out: What the files are measured on.
    """

    training: LoadedPairs
    held_out: LoadedPairs

    def calibration_images(self, size: ImageSize) -> list[np.ndarray]:
        """Up to `CALIBRATION_IMAGES` flash images, spread evenly over the training pairs.

        Returns:
            float32 RGB in [0, 1], each (1, height, width, 3).
        """
        count = min(CALIBRATION_IMAGES, len(self.training))
        chosen = np.linspace(0, len(self.training) - 1, count).round().astype(int)
        return [fitted(self.training.flash[i], size)[np.newaxis] for i in chosen]

    def description(self) -> dict:
        """What the model's card records of the pairs."""
        return {
            "calibration": describe_pairs(self.training),
            "calibration_images": min(CALIBRATION_IMAGES, len(self.training)),
            "held_out": describe_pairs(self.held_out),
        }


def load_export_pairs(directory: str | Path) -> ExportPairs:
    """Reads the pairs of `train/` and of `val/` or, where there is none, of `test/`.

    Raises:
        InputError: A folder is missing or pairs have problems.
    """
    folders = split_folders(directory, "calibration_data")
    return ExportPairs(*(load_pairs(folder, SMALLEST_SIDE) for folder in folders))


def fitted_pairs(pairs: LoadedPairs, size: ImageSize) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Gives (flash, ambient) of each pair at one size, float32 RGB in [0, 1]."""
    for flash, ambient in zip(pairs.flash, pairs.ambient, strict=True):
        yield fitted(flash, size), fitted(ambient, size)


def fitted(image: np.ndarray, size: ImageSize) -> np.ndarray:
    """Resizes an image's middle to fill a size; one that has the size passes unchanged.

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
