"""Runs a network over a whole photograph in overlapping tiles that are blended without seams."""

from collections.abc import Callable

import numpy as np

from keras_f2a.correction.pixels import Pixels


def correct_in_tiles(
    run: Callable[[np.ndarray], np.ndarray],
    pixels: Pixels,
    *,
    tile_height: int,
    tile_width: int,
    strength: float,
) -> None:
    """Replaces every pixel by the network's output for the tiles that cover it.

    Neighbouring tiles overlap by at least a quarter of their size, and each counts less and less
    towards its edge, so that the result changes gradually from one tile to the next. Memory: one
    row of tiles, whatever the photograph's height. A photograph smaller than a tile is filled up
    with its mirror image.

    Args:
        run: The network: float32 RGB in [0, 1], shape (tile_height, tile_width, 3), to the same.
        pixels: The full-size photograph; changed in place.
        tile_height: Rows of a tile.
        tile_width: Columns of a tile.
        strength: Share of the network's output in the result, 0 to 1.
    """
    tops = _tile_starts(pixels.height, tile_height)
    lefts = _tile_starts(pixels.width, tile_width)
    weight = _falling_to_the_edge(tile_height)[:, None] * _falling_to_the_edge(tile_width)
    weight = weight[..., None]
    padded_width = max(pixels.width, tile_width)
    total = np.zeros((tile_height, padded_width, 3), np.float32)
    weights = np.zeros((tile_height, padded_width, 1), np.float32)
    for top, following in zip(tops, [*tops[1:], pixels.height], strict=True):
        source = _padded(pixels, top, tile_height, padded_width)
        for left in lefts:
            part = slice(left, left + tile_width)
            total[:, part] += weight * run(np.ascontiguousarray(source[:, part]))
            weights[:, part] += weight
        # No later tile reaches the rows above the next row of tiles: they are finished.
        done = following - top
        corrected = total[:done] / weights[:done]
        mixed = strength * corrected + (1 - strength) * source[:done]
        pixels.write(top, mixed[:, : pixels.width] * np.float32(pixels.peak))
        _move_up(total, done)
        _move_up(weights, done)


def _tile_starts(length: int, tile: int) -> list[int]:
    """Returns evenly spread starts of tiles that cover the length, a quarter or more shared."""
    if length <= tile:
        return [0]
    steps = -(-(length - tile) // max(tile - tile // 4, 1))
    return [round(step * (length - tile) / steps) for step in range(steps + 1)]


def _falling_to_the_edge(length: int) -> np.ndarray:
    """Returns weights that rise evenly from the edges over a quarter of the length, then stay."""
    distance = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
    return np.minimum(distance / max(length // 4, 1), 1).astype(np.float32)


def _padded(pixels: Pixels, top: int, height: int, width: int) -> np.ndarray:
    rows = pixels.read(top, min(top + height, pixels.height)) * np.float32(1 / pixels.peak)
    below, beside = height - rows.shape[0], width - rows.shape[1]
    return np.pad(rows, ((0, below), (0, beside), (0, 0)), mode="symmetric")


def _move_up(rows: np.ndarray, count: int) -> None:
    if count >= len(rows):
        rows[:] = 0
        return
    rows[:-count] = rows[count:].copy()
    rows[-count:] = 0
