"""Computes normals for models whose own normals are missing, flipped or broken."""

import numpy as np

CREASE = 48.0
"""Angle in degrees between two faces above which their shared edge is sharp."""
_MOST_NEIGHBORS = 24


def face_normals(positions: np.ndarray) -> np.ndarray:
    """Return normals (triangles, 3) of triangles (triangles, 3, 3), as long as twice their area."""
    a, b, c = positions[:, 0], positions[:, 1], positions[:, 2]
    return np.cross(b - a, c - a)


def crease_normals(positions: np.ndarray) -> np.ndarray:
    """Return unit normals at every corner, averaged over the adjacent faces that meet smoothly.

    Args:
        positions: Triangles in meters, shape (triangles, 3, 3).

    Returns:
        Shape (triangles, 3, 3).
    """
    areas = face_normals(positions)
    units = _unit(areas)
    points = positions.reshape(-1, 3)
    grid = np.round((points - points.min(0)) / max(np.ptp(points, axis=0).max(), 1e-9) * 1e5)
    _, point = np.unique(grid.astype(np.int64), axis=0, return_inverse=True)
    corner, neighbor = _pairs_at_the_same_point(point.ravel())
    smooth = (units[corner // 3] * units[neighbor // 3]).sum(1) > np.cos(np.radians(CREASE))
    normals = np.zeros((len(points), 3))
    for axis in range(3):
        weights = areas[neighbor // 3, axis] * smooth
        normals[:, axis] = np.bincount(corner, weights, minlength=len(points))
    lost = np.linalg.norm(normals, axis=1) < 1e-20
    normals[lost] = np.repeat(units, 3, axis=0)[lost]
    return _unit(normals).reshape(-1, 3, 3)


def mended_normals(positions: np.ndarray, normals: np.ndarray | None) -> np.ndarray:
    """Return a model's own normals, flipped to the side that its triangles face, or new ones.

    Args:
        positions: Triangles, shape (triangles, 3, 3).
        normals: Normals from the file, same shape, of any length; None if it has none.
    """
    if normals is None or not np.isfinite(normals).all():
        return crease_normals(positions)
    if (np.linalg.norm(normals, axis=-1) < 1e-6).any():
        return crease_normals(positions)
    against = (normals * face_normals(positions)[:, None]).sum(-1, keepdims=True) < 0
    return _unit(np.where(against, -normals, normals))


def _pairs_at_the_same_point(point: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs (corner, neighbor) of corners at the same point.

    Corners are their own neighbors too. Only the first 24 corners at a point count as neighbors.
    """
    order = np.argsort(point, kind="stable")
    ordered = point[order]
    first = np.searchsorted(ordered, ordered, "left")
    count = np.searchsorted(ordered, ordered, "right") - first
    # At the tip of a fan of thousands of faces, two dozen of them are enough.
    count = np.minimum(count, _MOST_NEIGHBORS)
    place = np.repeat(np.arange(len(point)), count)
    step = np.arange(len(place)) - np.repeat(np.cumsum(count) - count, count)
    return order[place], order[first[place] + step]


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-20)
