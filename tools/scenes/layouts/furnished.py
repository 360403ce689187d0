"""Kinds of scenes made of models, in the order in which scenes take them.

Every one takes a NumPy generator and the split's `Assets`, and returns a `Layout`.
"""

from collections.abc import Callable

import numpy as np

from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.furnished_close import CLOSE_MODELS
from tools.scenes.layouts.furnished_far import ROOM_MODELS, SHELF_MODELS
from tools.scenes.things.models import Assets

FurnishedLayout = Callable[[np.random.Generator, Assets], Layout]

_CLOSE, _SHELVES, _ROOMS = 12, 5, 3
"""Of twenty scenes: 60 % close, 25 % shelves, 15 % rooms."""


def _turns() -> tuple[FurnishedLayout, ...]:
    """Twenty layouts, near and far ones mixed."""
    close = [CLOSE_MODELS[number % len(CLOSE_MODELS)] for number in range(_CLOSE)]
    shelves = [SHELF_MODELS[number % len(SHELF_MODELS)] for number in range(_SHELVES)]
    rooms = [ROOM_MODELS[number % len(ROOM_MODELS)] for number in range(_ROOMS)]
    order = []
    for number in range(_CLOSE):
        order.append(close[number])
        if number % 2 == 1 and shelves:
            order.append(shelves.pop(0))
        if number % 4 == 3:
            order.append(rooms.pop(0))
    return tuple(order)


FURNISHED: tuple[FurnishedLayout, ...] = _turns()
"""Scenes take these in turn."""
