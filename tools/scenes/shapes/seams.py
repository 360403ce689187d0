"""Meshes with texture seams, which are smooth but have different coordinates on each side."""

import numpy as np

from tools.scenes.shapes.meshes import Mesh


def split_at_seams(
    vertices: np.ndarray, faces: np.ndarray, uv: np.ndarray, all_faces: np.ndarray | None = None
) -> Mesh:
    """Return a smooth mesh whose vertices are duplicated at the seams of the texture.

    Args:
        vertices: Meters, shape (vertices, 3).
        faces: Shape (faces, 3).
        uv: Texture coordinates of the corners, shape (faces, 3, 2).
        all_faces: Faces that determine the normals, if more than `faces`.
    """
    around = faces if all_faces is None else all_faces
    a, b, c = (vertices[around[:, corner]] for corner in range(3))
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, around[:, corner], np.cross(b - a, c - a))
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-20)
    keys = np.concatenate([faces[..., None], np.round(uv * 1e5).astype(int)], -1).reshape(-1, 3)
    _, first, index = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    own = keys[first, 0]
    places = uv.reshape(-1, 2)[first]
    return Mesh(vertices[own], index.reshape(-1, 3), places, True, normals[own])
