"""Draws a grid of images, with one scene per row and a heading above each column."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_GAP = 4
_HEADER = 22


def labeled_grid(
    rows: Sequence[Sequence[np.ndarray]], headings: Sequence[str], cell_width: int = 320
) -> Image.Image:
    """Draw rows of images under column headings.

    Args:
        rows: For each scene, one image per heading. Float in [0, 1], (height, width, 3) RGB or
            (height, width, 1) gray.
        headings: The column headings.
        cell_width: Width of each image in pixels. The height follows the scene's aspect ratio.

    Returns:
        An RGB picture.
    """
    heights = [round(row[0].shape[0] * cell_width / row[0].shape[1]) for row in rows]
    width = len(headings) * (cell_width + _GAP) - _GAP
    grid = Image.new("RGB", (width, _HEADER + sum(heights) + _GAP * (len(rows) - 1)), "white")
    draw = ImageDraw.Draw(grid)
    for column, heading in enumerate(headings):
        position = (column * (cell_width + _GAP) + 2, 3)
        draw.text(position, heading, "black", ImageFont.load_default(14))
    top = _HEADER
    for row, height in zip(rows, heights, strict=True):
        for column, image in enumerate(row):
            cell = _to_picture(image).resize((cell_width, height), Image.Resampling.LANCZOS)
            grid.paste(cell, (column * (cell_width + _GAP), top))
        top += height + _GAP
    return grid


def _to_picture(image: np.ndarray) -> Image.Image:
    # NaN, for example from a training run that diverged, becomes black.
    levels = np.clip(np.nan_to_num(image), 0, 1) * 255.0
    rounded = np.rint(levels).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(rounded, (*rounded.shape[:2], 3)).copy())
