"""Moves places in a picture, for example of faces, as its pixels are turned."""

from typing import NamedTuple

from PIL import Image

_Transpose = Image.Transpose
# Whether the axes change places, and which of them is then mirrored.
_STEPS = {
    _Transpose.FLIP_LEFT_RIGHT: (False, True, False),
    _Transpose.ROTATE_180: (False, True, True),
    _Transpose.FLIP_TOP_BOTTOM: (False, False, True),
    _Transpose.TRANSPOSE: (True, False, False),
    _Transpose.ROTATE_270: (True, True, False),
    _Transpose.TRANSVERSE: (True, True, True),
    _Transpose.ROTATE_90: (True, False, True),
}


class Place(NamedTuple):
    """A rectangle in a picture, in pixels or as shares of its sides."""

    left: float
    top: float
    width: float
    height: float


def swaps_axes(turn: Image.Transpose | None) -> bool:
    """Return whether a turn makes columns of rows."""
    return turn is not None and _STEPS[turn][0]


def turned_place(
    place: Place,
    turn: Image.Transpose | None,
    *,
    columns: float = 1,
    rows: float = 1,
) -> Place:
    """Return where a rectangle lies once the picture is turned.

    Args:
        place: The rectangle in the picture as it was.
        turn: How the picture is turned, `None` if it is not.
        columns: Width of the picture as it was, in the unit of the rectangle.
        rows: Its height.
    """
    if turn is None:
        return place
    swaps, mirrors_x, mirrors_y = _STEPS[turn]
    left, top, width, height = place
    if swaps:
        left, top, width, height = top, left, height, width
        columns, rows = rows, columns
    return Place(
        columns - left - width if mirrors_x else left,
        rows - top - height if mirrors_y else top,
        width,
        height,
    )


def turned_subject(numbers: list[int], turn: Image.Transpose, size: tuple[int, int]) -> list[int]:
    """Return where the subject of an EXIF block lies in the upright picture.

    Args:
        numbers: Its center in pixels of the stored picture; behind it may stand the diameter of a
            circle, or the width and height of a rectangle. Others are returned as they are.
        turn: How the pixels were turned.
        size: Columns and rows of the upright picture.
    """
    if not 2 <= len(numbers) <= 4:
        return numbers
    x, y, *extent = numbers
    columns, rows = size[::-1] if swaps_axes(turn) else size
    center = turned_place(Place(x, y, 1, 1), turn, columns=columns, rows=rows)
    if swaps_axes(turn):
        extent = extent[::-1]
    return [max(0, int(center.left)), max(0, int(center.top)), *extent]
