"""Finds the faces in a small photograph, so that the rules of light can spare them.

The detector is the short-range BlazeFace (Bazarevsky et al., 2019) that MediaPipe publishes under
Apache 2.0. ``keras_f2a/weights/CREDITS.md`` names the source of the file. These are the steps, in
enough detail to port them:

1. The image is centered in a black square as wide as its long side and shrunk to 128 × 128 pixels.
   A small pixel is the mean of the area that it covers, in float64. Values become ``2 * v - 1`` in
   float32.
2. The network returns 896 boxes. The first 512 belong to a grid of 16 × 16 cells, with two boxes
   for each cell. The other 384 belong to a grid of 8 × 8 cells, with six each. Both go row by row.
   A box has 16 numbers. Divided by 128, they are the center of the box relative to the cell's
   center (x, y), its width and height, and six points relative to the cell's center. The first two
   points are the eyes.
3. The logistic function of a box's score must be `MIN_SCORE` or more. Boxes are taken from the
   highest score down. A box is dropped if its intersection over union with a kept box exceeds 0.3.
4. Coordinates are in pixels of the small image, rounded half up to eighths, so that runtimes that
   compute the network in another order agree.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from keras_f2a.model_files.card import check_digest, read_card
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.native_notices import without_native_notices

MIN_SCORE = 0.8
_INPUT_SIZE = 128
_MAX_OVERLAP = 0.3
_GRIDS = ((16, 2), (8, 6))
_EYES = 2


@dataclass(frozen=True)
class Face:
    """A face in an image, in pixels from the image's upper left corner.

    Attributes:
        center_x: Column of the center of its box.
        center_y: Row of the center of its box.
        width: Width of the box.
        height: Height of the box.
        eyes: Column and row of each eye that was found, the left one in the image first.
    """

    center_x: float
    center_y: float
    width: float
    height: float
    eyes: tuple[tuple[float, float], ...] = ()


class FaceFinder(Protocol):
    """Finds faces in an image."""

    def find(self, image: np.ndarray) -> list[Face]:
        """Return the faces in an image, float32 RGB in [0, 1], shape (height, width, 3)."""


class BlazeFace:
    """Finds faces with the package's own detector.

    Args:
        path: The detector's `.tflite` file, with its card.
    """

    def __init__(self, path: Path):
        self._path = path

    def find(self, image: np.ndarray) -> list[Face]:
        """Find the faces that the detector is certain about.

        Args:
            image: float32 RGB in [0, 1], shape (height, width, 3).

        Returns:
            The faces, most certain first, in pixels of the image.

        Raises:
            InputError: The detector's file is damaged.
        """
        points, scores = self._detector.run(detector_input(image))
        height, width, _ = image.shape
        return decode_faces(points, scores, height=height, width=width)

    @cached_property
    def _detector(self) -> "_Detector":
        return _Detector(self._path)


def decode_faces(points: np.ndarray, scores: np.ndarray, *, height: int, width: int) -> list[Face]:
    """Decode the detector's outputs (steps 2 to 4).

    Args:
        points: float32, shape (896, 16).
        scores: float32, shape (896,), before the logistic function.
        height: Rows of the image.
        width: Columns of the image.

    Returns:
        The faces, most certain first, in pixels of the image.
    """
    side = max(height, width)
    candidates = np.flatnonzero(scores >= np.log(MIN_SCORE / (1 - MIN_SCORE)))
    boxes: list[np.ndarray] = []
    for index in candidates[np.argsort(-scores[candidates], kind="stable")]:
        box = points[index].astype(np.float64).reshape(8, 2) / _INPUT_SIZE
        box[[0, 2, 3]] += _cell_centers()[index]
        if all(_intersection_over_union(box, kept) <= _MAX_OVERLAP for kept in boxes):
            boxes.append(box)
    padding = np.array([(side - width) // 2, (side - height) // 2])
    return [_to_face(box * side, padding) for box in boxes]


def _to_face(box: np.ndarray, padding: np.ndarray) -> Face:
    """Convert a box, shape (8, 2), in pixels of the padded square: center, size and six points."""
    center_x, center_y = _round_to_eighths(box[0] - padding)
    width, height = _round_to_eighths(box[1])
    eyes = [_round_to_eighths(eye - padding) for eye in box[2 : 2 + _EYES]]
    return Face(
        center_x=float(center_x),
        center_y=float(center_y),
        width=float(width),
        height=float(height),
        eyes=tuple((float(x), float(y)) for x, y in eyes),
    )


def _round_to_eighths(values: np.ndarray) -> np.ndarray:
    return np.floor(values * 8 + 0.5) / 8


def _cell_centers() -> np.ndarray:
    """Return the cell center of each of the 896 boxes, in units of the square, shape (896, 2)."""
    centers = []
    for cells, boxes_per_cell in _GRIDS:
        positions = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(positions, positions)
        grid = np.stack([x.ravel(), y.ravel()], axis=-1)
        centers.append(np.repeat(grid, boxes_per_cell, axis=0))
    return np.concatenate(centers)


def _intersection_over_union(first: np.ndarray, second: np.ndarray) -> float:
    """Return the intersection over union of two boxes."""
    upper = np.minimum(first[0] + first[1] / 2, second[0] + second[1] / 2)
    lower = np.maximum(first[0] - first[1] / 2, second[0] - second[1] / 2)
    intersection = np.prod(np.maximum(upper - lower, 0))
    union = np.prod(first[1]) + np.prod(second[1]) - intersection
    return float(intersection / union) if union > 0 else 0.0


def detector_input(image: np.ndarray) -> np.ndarray:
    """Return the detector's input for an image (step 1).

    Args:
        image: float32 RGB in [0, 1], shape (height, width, 3).

    Returns:
        float32 in [−1, 1], shape (128, 128, 3).
    """
    height, width, _ = image.shape
    side = max(height, width)
    small = _area_means(image.astype(np.float64), (side - height) // 2, side)
    small = _area_means(small.swapaxes(0, 1), (side - width) // 2, side).swapaxes(0, 1)
    return (2 * small - 1).astype(np.float32)


def _area_means(rows: np.ndarray, padding: int, side: int) -> np.ndarray:
    """Return the mean of the rows that each small pixel covers, shape (128, …).

    `side` positions become 128. The `padding` positions in front of the rows, and those behind
    them, are black.
    """
    edges = np.arange(_INPUT_SIZE + 1) * side / _INPUT_SIZE
    first = np.floor(edges[:-1]).astype(np.intp)
    means = np.zeros((_INPUT_SIZE, *rows.shape[1:]))
    for step in range(int(np.ceil(side / _INPUT_SIZE)) + 1):
        position = first + step
        is_inside = (position >= padding) & (position < padding + len(rows))
        upper = np.minimum(edges[1:], position + 1)
        lower = np.maximum(edges[:-1], position)
        share = np.where(is_inside, np.maximum(upper - lower, 0) * (_INPUT_SIZE / side), 0)
        covered = rows[np.clip(position - padding, 0, len(rows) - 1)]
        means += share.reshape(-1, *[1] * (rows.ndim - 1)) * covered
    return means


class _Detector:
    """The network in LiteRT. It runs in one thread at a time."""

    def __init__(self, path: Path):
        from ai_edge_litert.interpreter import Interpreter

        check_digest(path, read_card(path))
        with without_native_notices():
            # One thread starts no others, so a forked process can use it too.
            self._interpreter = Interpreter(str(path), num_threads=1)
            self._interpreter.allocate_tensors()
        self._lock = ForkSafeLock()
        outputs = {
            tuple(item["shape"][1:]): item["index"]
            for item in self._interpreter.get_output_details()
        }
        self._points, self._scores = outputs[(896, 16)], outputs[(896, 1)]

    def run(self, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        interpreter = self._interpreter
        with self._lock:
            interpreter.set_tensor(interpreter.get_input_details()[0]["index"], image[np.newaxis])
            interpreter.invoke()
            points = interpreter.get_tensor(self._points)[0]
            return points, interpreter.get_tensor(self._scores)[0, :, 0]
