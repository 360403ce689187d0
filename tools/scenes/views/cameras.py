"""Samples further camera positions for a scene."""

from dataclasses import replace

import numpy as np

from tools.scenes.camera import View, clearance
from tools.scenes.scene import NEAREST, Scene

_TRIES = 12
_WALL = 0.15
"""Minimum distance in meters of the lens from walls, floor and ceiling."""


def views_of(scene: Scene, count: int, rng: np.random.Generator) -> list[View]:
    """Return the scene's own view and up to `count` - 1 other views of the same things."""
    vertices = np.concatenate([mesh.vertices for mesh, _ in scene.thing])
    low, high = np.array([vertices.min(0), vertices.max(0)])
    low, high = low + _WALL, np.minimum(high - _WALL, [np.inf, np.inf, 2.35])
    # The room is open behind the viewer and is lit from there.
    low[1], low[2] = scene.ambient["room"][0].center[1] + _WALL, _WALL
    views = [scene.view]
    for _ in range(count - 1):
        for _ in range(_TRIES):
            view = _moved(scene.view, rng)
            inside = (view.origin > low).all() and (view.origin < high).all()
            if inside and clearance(view, vertices) > NEAREST:
                views.append(view)
                break
    return views


def _moved(view: View, rng: np.random.Generator) -> View:
    """Move a view around its target, up or down, nearer or farther, and aim it slightly aside."""
    way = view.origin - view.target
    reach = float(np.linalg.norm(way))
    turn = np.radians(rng.uniform(-38, 38))
    cosine, sine = np.cos(turn), np.sin(turn)
    way = np.array([cosine * way[0] - sine * way[1], sine * way[0] + cosine * way[1], way[2]])
    way[2] += rng.uniform(-0.2, 0.25) * reach
    way *= rng.uniform(0.65, 1.25)
    target = view.target + rng.normal(size=3) * np.array([0.08, 0.08, 0.05]) * reach
    angle = float(np.clip(view.field_of_view * rng.uniform(0.85, 1.1), 45, 75))
    return replace(
        view,
        origin=target + way,
        target=target,
        field_of_view=angle,
        roll=float(rng.uniform(-6, 6)),
    )
