"""Kinds of scenes made of models and people, in the order in which scenes use them.

Every layout takes a NumPy generator and the split's `Assets`, and returns a `Layout`.
"""

from collections.abc import Callable

import numpy as np

from tools.scenes.layouts.all_layouts import LAYOUTS
from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.furnished_close import CLOSE_MODELS
from tools.scenes.layouts.furnished_far import ROOM_MODELS, SHELF_MODELS
from tools.scenes.layouts.plain_and_wide import PLAIN_PORTRAITS, WIDE_ROOMS
from tools.scenes.layouts.portraits import PORTRAITS
from tools.scenes.things.models import Assets

FurnishedLayout = Callable[[np.random.Generator, Assets], Layout]

_CLOSE, _SHELVES, _ROOMS = 12, 5, 3
"""Layouts per twenty scenes of models: 60% close, 25% shelves, 15% rooms."""


def _model_turns() -> tuple[FurnishedLayout, ...]:
    """Return twenty layouts that mix near and far ones."""
    shelves = [SHELF_MODELS[number % len(SHELF_MODELS)] for number in range(_SHELVES)]
    rooms = [ROOM_MODELS[number % len(ROOM_MODELS)] for number in range(_ROOMS)]
    order = []
    for number in range(_CLOSE):
        order.append(CLOSE_MODELS[number % len(CLOSE_MODELS)])
        if number % 2 == 1 and shelves:
            order.append(shelves.pop(0))
        if number % 4 == 3:
            order.append(rooms.pop(0))
    return tuple(order)


def _without_assets(make: Callable[[np.random.Generator], Layout]) -> FurnishedLayout:
    def layout(rng: np.random.Generator, assets: Assets) -> Layout:
        return make(rng)

    layout.__name__ = make.__name__
    return layout


TURNS: dict[str, tuple[FurnishedLayout, ...]] = {
    "models": _model_turns(),
    "people": PORTRAITS,
    "plain": PLAIN_PORTRAITS,
    "wide": WIDE_ROOMS,
    "procedural": tuple(_without_assets(make) for make in LAYOUTS.values()),
}
"""Layouts by kind. The scenes of a kind use them in turn."""

_M, _P, _O = "models", "people", "procedural"
_MIX = (_M, _P, _M, _O, _M, _M, _P, _M, _O, _M)
"""Kinds of ten mixed scenes: six of models, two of people, two procedural."""

_A, _W = "plain", "wide"
_MIXES = {"mixed": _MIX, "views": (_A, _M, _W, _P, _M, _M, _A, _O, _M, _P, _W, _M)}
"""Twelve scenes of views have four of people, two of them at plain walls, and two wide rooms."""

KINDS = (*TURNS, *_MIXES)
"""Kinds of collections."""


def layout_for(kind: str, index: int) -> FurnishedLayout:
    """Return the layout of scene number `index` of a collection.

    Raises:
        ValueError: If the kind is unknown.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; choose one of {', '.join(KINDS)}")
    if kind in _MIXES:
        mix = _MIXES[kind]
        rounds, place = divmod(index, len(mix))
        kind = mix[place]
        index = rounds * mix.count(kind) + mix[:place].count(kind)
    return TURNS[kind][index % len(TURNS[kind])]
