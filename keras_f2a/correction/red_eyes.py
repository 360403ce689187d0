"""Repairs red eyes: the flash lights the back of the eye, and the pupil turns red.

These are the steps for every eye of every face, in enough detail to port them. Everything is
float64 in [0, 1].

1. The window is a square around the eye that reaches `REACH` times the face's width to each side.
   It is rounded half up to whole pixels of the photograph and cropped at its edges. A window of
   fewer than 5 rows or columns is left unchanged.
2. With ``m = max(G, B)``, a pixel's redness is ``(R - m) / max(R, 0.05)``. The skin's redness is
   the median redness of the window, and its brightness is the median of m. For an even count, the
   upper of the two middle values counts.
3. A pixel is red if its redness is above ``max(0.28, skin + 0.15)``, its m below
   ``0.85 * brightness + 0.02``, its R above 0.25, and ``G - B`` at most ``0.15 * (R - G)``. The
   last test excludes brown irises and the corners of eyes, which are red too, but closer to orange.
   If the skin's redness is 0.4 or more, the light is so warm that no pixel counts as red.
4. The pupil is the largest 4-connected patch of red pixels that passes the tests below. Of equally
   large patches, the first one row by row counts. The patch must not touch the window's edge. In
   terms of the face's width, its area is at least 6 pixels and ``(0.012 * width)²``, and at most
   ``π (0.07 * width)²``. Its center is at most ``0.07 * width`` from the eye. It fills at least 0.3
   of its bounding box, whose long side is at most 2.6 times the short side.
5. With ``s`` the radius of a disc of the patch's area and ``d`` a pixel's distance from the patch's
   center, the repair's weight is ``(1.8 - d / s) / 0.5`` times
   ``(redness - max(0.1, skin)) / 0.15``, each clipped to [0, 1]. By this weight, all three channels
   move toward ``0.9 * min(G, B)``. The pupil becomes dark gray and keeps its glint, which is not
   red.
"""

from collections.abc import Sequence

import numpy as np

from keras_f2a.correction.faces import Face
from keras_f2a.correction.pixels import Pixels

REACH = 0.17


def repair_red_eyes(pixels: Pixels, faces: Sequence[Face], scale: float) -> int:
    """Repair the red eyes of a photograph in place.

    Args:
        pixels: The full-size photograph.
        faces: Its faces, in pixels of the small copy.
        scale: Full-size pixels for each pixel of the small copy.

    Returns:
        How many eyes were repaired.
    """
    eyes = [(face.width * scale, x * scale, y * scale) for face in faces for x, y in face.eyes]
    return sum(_repair(pixels, *eye) for eye in eyes)


def _repair(pixels: Pixels, width: float, x: float, y: float) -> bool:
    left, right = _clipped_range(x, REACH * width, pixels.width)
    top, bottom = _clipped_range(y, REACH * width, pixels.height)
    if min(right - left, bottom - top) < 5:
        return False
    rows = pixels.read(top, bottom).astype(np.float32)
    window = rows[:, left:right].astype(np.float64) / pixels.peak
    repaired = repair_eye(window, width=width, x=x - left, y=y - top)
    if repaired is None:
        return False
    rows[:, left:right] = repaired * pixels.peak
    pixels.write(top, rows)
    return True


def repair_eye(window: np.ndarray, *, width: float, x: float, y: float) -> np.ndarray | None:
    """Repair one eye (steps 2 to 5).

    Args:
        window: RGB in [0, 1], float64, shape (height, width, 3).
        width: Width of the face, in pixels.
        x: Column of the eye in the window.
        y: Row of the eye in the window.

    Returns:
        The window with a gray pupil, or `None` if it shows no red pupil.
    """
    red, green, blue = np.moveaxis(window, -1, 0)
    green_blue_max = np.maximum(green, blue)
    redness = (red - green_blue_max) / np.maximum(red, 0.05)
    skin, brightness = _median(redness), _median(green_blue_max)
    is_red = redness > max(0.28, skin + 0.15)
    is_red &= (green_blue_max < 0.85 * brightness + 0.02) & (red > 0.25)
    is_red &= (green - blue <= 0.15 * (red - green)) & (skin < 0.4)
    patches = _find_patches(is_red)
    pupils = [patch for patch in patches if _is_pupil(patch, is_red.shape, width, x, y)]
    if not pupils:
        return None
    pupil = max(pupils, key=len)
    radius = np.sqrt(len(pupil) / np.pi)
    center_y, center_x = pupil.mean(axis=0)
    rows, columns = np.ogrid[: window.shape[0], : window.shape[1]]
    distance = np.hypot(columns - center_x, rows - center_y)
    weight = np.clip((1.8 - distance / radius) / 0.5, 0, 1)
    weight *= np.clip((redness - max(0.1, skin)) / 0.15, 0, 1)
    gray = 0.9 * np.minimum(green, blue)[..., np.newaxis]
    return window + weight[..., np.newaxis] * (gray - window)


def _is_pupil(patch: np.ndarray, shape: tuple[int, ...], width: float, x: float, y: float) -> bool:
    """Run the tests of step 4 on a patch, which holds the (row, column) of its pixels."""
    first, last = patch.min(axis=0), patch.max(axis=0)
    height, breadth = last - first + 1
    center_y, center_x = patch.mean(axis=0)
    return bool(
        first.min() > 0
        and (last < np.array(shape) - 1).all()
        and max(6, (0.012 * width) ** 2) <= len(patch) <= np.pi * (0.07 * width) ** 2
        and np.hypot(center_x + 0.5 - x, center_y + 0.5 - y) <= 0.07 * width
        and len(patch) >= 0.3 * height * breadth
        and max(height, breadth) <= 2.6 * min(height, breadth)
    )


def _find_patches(mask: np.ndarray) -> list[np.ndarray]:
    """Return the connected patches of a mask, each the (row, column) of its pixels, row by row."""
    unvisited = mask.copy()
    patches = []
    for start in zip(*np.nonzero(mask), strict=True):
        if not unvisited[start]:
            continue
        unvisited[start] = False
        patch = [start]
        for row, column in patch:  # The patch grows during the loop.
            for neighbor in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if _is_set(neighbor, unvisited):
                    unvisited[neighbor] = False
                    patch.append(neighbor)
        patches.append(np.array(patch))
    return patches


def _is_set(position: tuple[int, int], mask: np.ndarray) -> bool:
    row, column = position
    height, width = mask.shape
    return 0 <= row < height and 0 <= column < width and bool(mask[position])


def _median(values: np.ndarray) -> float:
    return float(np.sort(values, axis=None)[values.size // 2])


def _clipped_range(center: float, reach: float, size: int) -> tuple[int, int]:
    first, last = np.floor(center - reach + 0.5), np.floor(center + reach + 0.5)
    return max(int(first), 0), min(int(last), size)
