"""The size and the frame in which a network sees a photograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keras_f2a.support.late_import import LateModule

if TYPE_CHECKING:
    import numpy as np
else:
    np = LateModule("numpy")

# A network halves its input several times, so a thinner image would shrink to nothing.
SMALLEST_FRAME_SIDE = 32


@dataclass(frozen=True)
class WorkingCopy:
    """How the small copy of a photograph is placed in the frame, the network's input.

    The copy keeps the photograph's aspect ratio and is never an enlargement. If the frame is larger
    than the copy, the copy is padded on both sides with its mirror image, which a convolutional
    network handles better than black bars. If the network takes one size only and the photograph
    has the other orientation, the copy is rotated by 90 degrees. Then the network sees the scene at
    the scale that it was trained on, and no input pixel is spent on padding. Without the rotation,
    a portrait copy in a landscape 4:3 frame would shrink to three quarters.

    Attributes:
        height: Rows of the copy.
        width: Columns of the copy.
        frame_height: Rows of the network's input.
        frame_width: Columns of the network's input.
        rotated: Whether the copy is rotated by 90 degrees counterclockwise in the frame.
    """

    height: int
    width: int
    frame_height: int
    frame_width: int
    rotated: bool

    def into_frame(self, small: np.ndarray) -> np.ndarray:
        """Place the small copy, shape (height, width, 3), in the network's input."""
        if self.rotated:
            small = np.rot90(small)
        padding = [self._padding(size, frame) for size, frame in self._sides()]
        return np.ascontiguousarray(np.pad(small, [*padding, (0, 0)], mode="symmetric"))

    def out_of_frame(self, framed: np.ndarray) -> np.ndarray:
        """Crop the copy's part, shape (height, width, …), from the network's output."""
        (height, frame_height), (width, frame_width) = self._sides()
        top, left = (frame_height - height) // 2, (frame_width - width) // 2
        small = framed[top : top + height, left : left + width]
        return np.ascontiguousarray(np.rot90(small, -1) if self.rotated else small)

    def _sides(self) -> tuple[tuple[int, int], tuple[int, int]]:
        height, width = self.height, self.width
        if self.rotated:
            height, width = width, height
        return (height, self.frame_height), (width, self.frame_width)

    @staticmethod
    def _padding(size: int, frame: int) -> tuple[int, int]:
        before = (frame - size) // 2
        return before, frame - size - before


def working_copy_of_any_size(height: int, width: int, long_side: int) -> WorkingCopy:
    """Plan the working copy for a network that takes any size.

    Args:
        height: Rows of the photograph.
        width: Columns of the photograph.
        long_side: Rows or columns of the copy, whichever is more.
    """
    height, width = _scale_size(height, width, long_side / max(height, width))
    frame = max(height, SMALLEST_FRAME_SIDE), max(width, SMALLEST_FRAME_SIDE)
    return WorkingCopy(height, width, *frame, rotated=False)


def working_copy_of_fixed_size(
    height: int, width: int, *, frame_height: int, frame_width: int, upright: bool = False
) -> WorkingCopy:
    """Plan the working copy for a network that takes one size only.

    Args:
        height: Rows of the photograph.
        width: Columns of the photograph.
        frame_height: Rows of the network's input.
        frame_width: Columns of the network's input.
        upright: Whether the copy must not be rotated, because left and right matter.
    """
    rotated = not upright and (height - width) * (frame_height - frame_width) < 0
    available = (frame_width, frame_height) if rotated else (frame_height, frame_width)
    scale = min(available[0] / height, available[1] / width)
    height, width = _scale_size(height, width, scale)
    return WorkingCopy(height, width, frame_height, frame_width, rotated)


def _scale_size(height: int, width: int, scale: float) -> tuple[int, int]:
    scale = min(scale, 1.0)
    return max(round(height * scale), 1), max(round(width * scale), 1)
