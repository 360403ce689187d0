"""Kinds of scenes: what stands where, and the position of the camera.

Every layout takes a NumPy generator and returns a `Layout`. The camera looks along positive y.
To add a kind of scene, write such a function and add it to CLOSE, WALLS, SHELVES, OUTDOORS or
ROOMS.
"""

from collections.abc import Callable
from itertools import chain, zip_longest

import numpy as np

from tools.scenes.layouts.close import CLOSE
from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.rooms import ROOMS
from tools.scenes.layouts.shelves import SHELVES
from tools.scenes.layouts.walls import OUTDOORS, WALLS

__all__ = ["LAYOUTS", "Layout"]

LAYOUTS: dict[str, Callable[[np.random.Generator], Layout]] = {
    layout.__name__: layout
    for layout in chain.from_iterable(zip_longest(CLOSE, (*WALLS, *SHELVES, *OUTDOORS), ROOMS))
    if layout is not None
}
"""Layouts by name. Close, medium and far kinds alternate."""
