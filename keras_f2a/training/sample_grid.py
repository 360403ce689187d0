"""A picture of results: flash, generated, ambient and attention map in one row per scene."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from PIL import Image, ImageDraw, ImageFont

from keras_f2a.flash_to_ambient import FlashToAmbient
from keras_f2a.losses import attention_map

_COLUMNS = ("flash", "generated", "ambient", "attention map")
_GAP = 4
_HEADER = 22


def sample_rows(model: FlashToAmbient, samples: tf.data.Dataset) -> list[list[np.ndarray]]:
    """Flash, generated, ambient image and attention map of each batch's first image."""
    rows = []
    for flash, ambient in samples:
        images = (flash, model(flash, training=False), ambient, attention_map(flash, ambient))
        rows.append([np.asarray(image[0]) for image in images])
    return rows


def sample_grid(rows: Sequence[Sequence[np.ndarray]], cell_width: int = 320) -> Image.Image:
    """Draws rows of images under the headings flash, generated, ambient and attention map.

    Args:
        rows: Per scene the four images, float in [0, 1], (height, width, 3) RGB or, for the
            attention map, (height, width, 1).
        cell_width: Width of each picture in pixels; the height follows each scene's aspect.

    Returns:
        An RGB picture.
    """
    heights = [round(row[0].shape[0] * cell_width / row[0].shape[1]) for row in rows]
    width = len(_COLUMNS) * (cell_width + _GAP) - _GAP
    grid = Image.new("RGB", (width, _HEADER + sum(heights) + _GAP * (len(rows) - 1)), "white")
    draw = ImageDraw.Draw(grid)
    for column, title in enumerate(_COLUMNS):
        draw.text((column * (cell_width + _GAP) + 2, 3), title, "black", ImageFont.load_default(14))
    top = _HEADER
    for row, height in zip(rows, heights, strict=True):
        for column, image in enumerate(row):
            cell = _to_picture(image).resize((cell_width, height), Image.Resampling.LANCZOS)
            grid.paste(cell, (column * (cell_width + _GAP), top))
        top += height + _GAP
    return grid


def _to_picture(image: np.ndarray) -> Image.Image:
    rounded = np.clip(np.rint(image * 255.0), 0, 255).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(rounded, (*rounded.shape[:2], 3)).copy())
