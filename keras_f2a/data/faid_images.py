"""Writes one pair of FAID's photographs at the size that the paper trains on."""

from pathlib import Path

import numpy as np
from PIL import Image

from keras_f2a.data.pair_files import ImagePair, read_image
from keras_f2a.support.atomic_file import named_file
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable
from keras_f2a.support.srgb import from_linear

LONG_SIDE, SHORT_SIDE = 320, 240


def write_pair(pair: ImagePair, folder: Path, linear: bool) -> str | None:
    """Write both images of a pair as 8-bit PNG files, unless the files exist.

    Args:
        pair: The photographs.
        folder: The folder for the files.
        linear: Whether the photographs are in linear light.

    Returns:
        The pair's problem in one line, or `None`.
    """
    targets = [folder / f"{pair.name}_{role}.png" for role in ("flash", "ambient")]
    if all(target.is_file() for target in targets):
        return None
    try:
        images = [read_image(path) for path in (pair.flash, pair.ambient)]
    except InputError as error:
        return str(error)
    if images[0].shape != images[1].shape:
        return f"{printable(pair.flash)}: its size differs from {printable(pair.ambient.name)}'s"
    for image, target in zip(images, targets, strict=True):
        with named_file(target) as temporary:
            _crop_and_resize(image, linear).save(temporary)
    return None


def _crop_and_resize(image: np.ndarray, linear: bool) -> Image.Image:
    """Return a center crop of the image at the paper's size, 8 bit."""
    values = image.astype(np.float32) / np.iinfo(image.dtype).max
    height, width = values.shape[:2]
    size = (LONG_SIDE, SHORT_SIDE) if width >= height else (SHORT_SIDE, LONG_SIDE)
    scale = min(width / size[0], height / size[1])
    left, top = (width - size[0] * scale) / 2, (height - size[1] * scale) / 2
    box = (left, top, left + size[0] * scale, top + size[1] * scale)
    channels = [
        # Resize in float32, so that 16-bit files keep their depth until the end.
        np.asarray(
            Image.fromarray(values[..., channel]).resize(size, Image.Resampling.LANCZOS, box)
        )
        for channel in range(3)
    ]
    resized = np.clip(np.stack(channels, axis=-1), 0.0, 1.0)
    if linear:
        resized = from_linear(resized)
    return Image.fromarray(np.rint(resized * 255).astype(np.uint8))
