"""Transforms the places of faces and subjects when an image is transposed."""

from typing import NamedTuple

from PIL import Image

_Transpose = Image.Transpose
# Whether the axes are swapped, and which of them is mirrored afterward.
_STEPS = {
    _Transpose.FLIP_LEFT_RIGHT: (False, True, False),
    _Transpose.ROTATE_180: (False, True, True),
    _Transpose.FLIP_TOP_BOTTOM: (False, False, True),
    _Transpose.TRANSPOSE: (True, False, False),
    _Transpose.ROTATE_270: (True, True, False),
    _Transpose.TRANSVERSE: (True, True, True),
    _Transpose.ROTATE_90: (True, False, True),
}


class Rectangle(NamedTuple):
    """A rectangle in an image, in pixels or as fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float


def swaps_axes(turn: Image.Transpose | None) -> bool:
    """Return whether a transposition swaps width and height."""
    return turn is not None and _STEPS[turn][0]


def transpose_rectangle(
    rectangle: Rectangle,
    turn: Image.Transpose | None,
    *,
    columns: float = 1,
    rows: float = 1,
) -> Rectangle:
    """Return where a rectangle lies once the image is transposed.

    Args:
        rectangle: The rectangle in the stored image.
        turn: How the image is transposed, or `None` if it is not.
        columns: Width of the stored image, in the unit of the rectangle.
        rows: Height of the stored image.
    """
    if turn is None:
        return rectangle
    swaps_sides, mirrors_x, mirrors_y = _STEPS[turn]
    left, top, width, height = rectangle
    if swaps_sides:
        left, top, width, height = top, left, height, width
        columns, rows = rows, columns
    return Rectangle(
        columns - left - width if mirrors_x else left,
        rows - top - height if mirrors_y else top,
        width,
        height,
    )


def transpose_subject(
    subject: list[int], turn: Image.Transpose, size: tuple[int, int]
) -> list[int]:
    """Return where the subject of an EXIF block lies in the upright image.

    Args:
        subject: The center in pixels of the stored image, perhaps followed by the diameter of a
            circle, or by the width and height of a rectangle. Other lists are returned unchanged.
        turn: How the pixels were transposed.
        size: Width and height of the upright image.
    """
    if not 2 <= len(subject) <= 4:
        return subject
    x, y, *extent = subject
    columns, rows = size[::-1] if swaps_axes(turn) else size
    center = transpose_rectangle(Rectangle(x, y, 1, 1), turn, columns=columns, rows=rows)
    if swaps_axes(turn):
        extent = extent[::-1]
    return [max(0, int(center.left)), max(0, int(center.top)), *extent]
