"""Clothes and hair on people: meshes of the wardrobe with materials of this project."""

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from tools.scenes.shapes.seams import split_at_seams
from tools.scenes.surfaces import colours, materials
from tools.scenes.surfaces.colours import Colour
from tools.scenes.surfaces.materials import Material
from tools.scenes.surfaces.skin import hair_map, tips_mask
from tools.scenes.things.bodies import Garment, Pose
from tools.scenes.things.parts import Thing

TIPS = 0.035
"""Width in metres of the ragged edge of hair."""


def pieces(faces: np.ndarray, vertices: int) -> np.ndarray:
    """Number of the connected piece that each vertex belongs to."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]]])
    graph = sparse.coo_matrix((np.ones(len(edges)), edges.T), shape=(vertices, vertices))
    return csgraph.connected_components(graph, directed=False)[1]


def edge_distance(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Distance in metres along the mesh from each vertex to its open edge; infinite without one."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    unique, count = np.unique(edges, axis=0, return_counts=True)
    rim = np.unique(unique[count == 1])
    if not len(rim):
        return np.full(len(points), np.inf)
    lengths = np.linalg.norm(points[unique[:, 0]] - points[unique[:, 1]], axis=1)
    graph = sparse.coo_matrix((lengths + 1e-9, unique.T), shape=(len(points),) * 2).tocsr()
    return csgraph.dijkstra(graph, directed=False, indices=rim, min_only=True)


def inwardness(points: np.ndarray, faces: np.ndarray, reach: float) -> np.ndarray:
    """How far inside its edge each vertex is, in [0, 1]: 1 from `reach` metres on.

    In the middle of a narrow strip it is 1 too.
    """
    distance = edge_distance(points, faces)
    piece = pieces(faces, len(points))
    deepest = np.zeros(piece.max() + 1)
    np.maximum.at(deepest, piece, np.minimum(distance, reach))
    return np.minimum(distance / np.maximum(0.7 * deepest[piece], 1e-6), 1.0)


def outfit_parts(rng: np.random.Generator, garment: Garment, body: np.ndarray, pose: Pose) -> Thing:
    """Clothes: every piece of cloth of the same height in one material."""
    worn = garment.worn(body, pose)
    faces = garment.faces.astype(int)
    piece = pieces(faces, len(worn))
    tall = np.ptp(body[:13380, 2])
    ground = body[:13380, 2].min()
    cloth: dict[str, Material] = {}
    groups: dict[str, list[int]] = {}
    for number in range(piece.max() + 1):
        own = piece == number
        rest = (garment.weights[..., None] * body[garment.bound.astype(int)]).sum(1)[own, 2]
        middle = (rest.mean() - ground) / tall
        name = "trim" if own.sum() < 60 else "top" if middle > 0.58 else "low"
        name = "shoe" if middle < 0.1 else name
        groups.setdefault(name, []).append(number)
    thing: Thing = []
    for name, numbers in groups.items():
        chosen = np.isin(piece[faces[:, 0]], numbers)
        cloth[name] = _cloth(rng, name)
        tiles = {"top": 5, "low": 7}.get(name, 3)
        uv = garment.uv[chosen].astype(np.float64) * tiles
        thing.append((split_at_seams(worn, faces[chosen], uv), cloth[name]))
    return thing


def _cloth(rng: np.random.Generator, name: str) -> Material:
    if name == "shoe":
        return materials.leather(rng) if rng.uniform() < 0.6 else materials.cloth(rng)
    if name == "trim":
        return materials.satin(rng, colours.any_surface(rng))
    if name == "low":
        return materials.textured(rng, "denim", "denim", "weave", "mottled")
    return materials.cloth(rng)


def hair_parts(
    rng: np.random.Generator,
    garment: Garment,
    body: np.ndarray,
    pose: Pose,
    colour: Colour,
    curly: bool,
) -> Thing:
    """Hair: strands fall from the crown all around, ragged where it ends."""
    points = garment.hung(body)
    faces = garment.faces.astype(int)
    middle = (points.max(0) + points.min(0)) / 2
    around = np.arctan2(points[:, 0] - middle[0], -(points[:, 1] - middle[1])) / (2 * np.pi)
    corner = around[faces]
    # A face across the back of the head has its corners on one side of the seam.
    corner = corner - np.round(corner - corner[:, :1])
    inward = inwardness(points, faces, TIPS)
    repeats = 6 if curly else 5
    along = 0.01 + 0.97 * inward[faces]
    if curly:
        along = points[faces][..., 2] * 8
    uv = np.stack([corner * repeats, along], -1)
    return _strands(
        rng, garment, (points, faces, uv), pose, (hair_map(rng, colour, curly), not curly)
    )


def garment_part(
    rng: np.random.Generator,
    garment: Garment,
    body: np.ndarray,
    pose: Pose,
    colour: Colour,
    density: float,
) -> Thing:
    """Brows or lashes: thin hairs that leave gaps."""
    points = garment.hung(body)
    faces = garment.faces.astype(int)
    inward = inwardness(points, faces, 0.004)
    uv = np.stack([points[faces][..., 0] / 0.03, 0.01 + 0.97 * inward[faces]], -1)
    image = hair_map(rng, colour, curly=False)
    return _strands(rng, garment, (points, faces, uv), pose, (image, True), density)


def _strands(
    rng: np.random.Generator,
    garment: Garment,
    mesh: tuple[np.ndarray, np.ndarray, np.ndarray],
    pose: Pose,
    look: tuple[np.ndarray, bool],
    density: float = 1.0,
) -> Thing:
    points, faces, uv = mesh
    image, ragged = look
    carried = garment.carried(points, pose)
    mask = tips_mask(rng, density) if ragged else None
    part = split_at_seams(carried, faces, uv)
    return [(part, Material("plastic", image, rng.uniform(0.1, 0.25), mask=mask))]
