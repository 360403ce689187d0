"""Clothes and hair on people: meshes of the wardrobe with this project's materials."""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from tools.scenes.shapes.seams import split_at_seams
from tools.scenes.surfaces import colors, materials
from tools.scenes.surfaces.colors import Color
from tools.scenes.surfaces.materials import Material
from tools.scenes.surfaces.skin import hair_map, tips_mask
from tools.scenes.things.bodies import Garment, Wearer
from tools.scenes.things.parts import Part, Thing

TIPS = 0.035
"""Width in meters of the ragged edge of hair."""
STRANDS = 5
"""Number of repetitions of the hair texture around the head."""
TILES = {"top": 5, "low": 7, "shoe": 3, "trim": 3}
"""Number of repetitions of the cloth texture over a garment's pattern."""


def pieces(faces: np.ndarray, vertices: int) -> np.ndarray:
    """Return the index of the connected component that each vertex belongs to."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    graph = sparse.coo_matrix((np.ones(len(edges)), edges.T), shape=(vertices, vertices))
    return csgraph.connected_components(graph, directed=False)[1]


def edge_distance(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Return each vertex's distance in meters along the mesh to its open edge (or infinity)."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    rim = np.unique(unique[count == 1])
    if not len(rim):
        return np.full(len(points), np.inf)
    lengths = np.linalg.norm(points[unique[:, 0]] - points[unique[:, 1]], axis=1)
    graph = sparse.coo_matrix((lengths + 1e-9, unique.T), shape=(len(points),) * 2).tocsr()
    return csgraph.dijkstra(graph, directed=False, indices=rim, min_only=True)


def inwardness(points: np.ndarray, faces: np.ndarray, reach: float) -> np.ndarray:
    """Return how far inside its edge each vertex is, in [0, 1].

    The value is 1 from 0.7 * `reach` meters on, and in the middle of narrow pieces.
    """
    distance = edge_distance(points, faces)
    piece = pieces(faces, len(points))
    deepest = np.zeros(piece.max() + 1)
    np.maximum.at(deepest, piece, np.minimum(distance, reach))
    return np.minimum(distance / np.maximum(0.7 * deepest[piece], 1e-6), 1.0)


def outfit_parts(rng: np.random.Generator, garment: Garment, wearer: Wearer) -> Thing:
    """Make clothes: a top, pants, shoes and trim, each in its own material."""
    worn, faces = garment.worn(wearer), garment.faces.astype(int)
    piece = pieces(faces, len(worn))
    heights = wearer.heights(garment.hung(wearer.body))
    role = np.array(
        [_role(heights[piece == number]) for number in range(piece.max() + 1)], dtype=object
    )[piece]
    thing: Thing = []
    for name in dict.fromkeys(role):
        chosen = role[faces[:, 0]] == name
        uv = garment.uv[chosen].astype(np.float64) * TILES[name]
        thing.append((split_at_seams(worn, faces[chosen], uv), _cloth(rng, name)))
    return thing


def _role(heights: np.ndarray) -> str:
    """Classify a piece of clothing by where it is worn. Heights are shares of the body's height."""
    if heights.mean() < 0.1:
        return "shoe"
    if len(heights) < 60:
        return "trim"
    return "top" if heights.mean() > 0.58 else "low"


def _cloth(rng: np.random.Generator, name: str) -> Material:
    if name == "shoe":
        return materials.leather(rng) if rng.uniform() < 0.6 else materials.cloth(rng)
    if name == "trim":
        return materials.satin(rng, colors.any_surface(rng))
    if name == "low":
        return materials.textured(rng, "denim", "denim", "weave", "mottled")
    return materials.cloth(rng)


def hair_parts(
    rng: np.random.Generator, garment: Garment, wearer: Wearer, *, color: Color, curly: bool
) -> Thing:
    """Make hair: strands that fall from the crown all around and end raggedly, or curls."""
    points, faces = garment.hung(wearer.body), garment.faces.astype(int)
    middle = (points.max(0) + points.min(0)) / 2
    around = np.arctan2(points[:, 0] - middle[0], -(points[:, 1] - middle[1])) / (2 * np.pi)
    corner = around[faces]
    # Keep the corners of a face across the back of the head on one side of the seam.
    corner = STRANDS * (corner - np.round(corner - corner[:, :1]))
    if curly:
        uv = np.stack([corner, 8 * points[faces][..., 2]], -1)
        coat = Material("plastic", hair_map(rng, color, curly), rng.uniform(0.1, 0.25))
        return [(split_at_seams(garment.worn(wearer), faces, uv), coat)]
    uv = np.stack([corner, _inside(points, faces, TIPS)], -1)
    return [_strands(rng, garment, wearer, uv=uv, color=color, density=1.0)]


def strip_parts(
    rng: np.random.Generator, garment: Garment, wearer: Wearer, *, color: Color, density: float
) -> Thing:
    """Make brows or lashes: thin hairs with gaps."""
    points, faces = garment.hung(wearer.body), garment.faces.astype(int)
    uv = np.stack([points[faces][..., 0] / 0.03, _inside(points, faces, 0.004)], -1)
    return [_strands(rng, garment, wearer, uv=uv, color=color, density=density)]


def _inside(points: np.ndarray, faces: np.ndarray, reach: float) -> np.ndarray:
    """Return texture coordinate v of the corners, which grows inward from 0 at the hair's edge."""
    return 0.01 + 0.97 * inwardness(points, faces, reach)[faces]


def _strands(
    rng: np.random.Generator,
    garment: Garment,
    wearer: Wearer,
    *,
    uv: np.ndarray,
    color: Color,
    density: float,
) -> Part:
    image = hair_map(rng, color, curly=False)
    coat = Material("plastic", image, rng.uniform(0.1, 0.25), mask=tips_mask(rng, density))
    return split_at_seams(garment.worn(wearer), garment.faces.astype(int), uv), coat
