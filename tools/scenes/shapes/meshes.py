"""Triangle meshes for everything in a scene, built in NumPy.

Lengths are in meters, and z points up. A mesh stands on the plane z = 0, centered on the z axis,
unless its function says otherwise. Texture coordinates span [0, 1]; `repeated` tiles a texture.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Mesh:
    """Triangle mesh.

    Attributes:
        vertices: Positions in meters, float64, shape (vertices, 3).
        faces: Vertex indices, counterclockwise from outside, int, shape (faces, 3).
        uv: Texture coordinates, float64, shape (vertices, 2).
        smooth: Whether shading interpolates vertex normals.
        normals: Unit normals of a smooth mesh, shape (vertices, 3); None to use its faces'.
    """

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    smooth: bool = False
    normals: np.ndarray | None = None

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Mesh":
        """Translate the mesh."""
        return replace(self, vertices=self.vertices + np.array([x, y, z]))

    def scaled(self, x: float, y: float, z: float) -> "Mesh":
        """Scale each axis about the origin."""
        factors = np.array([x, y, z])
        normals = None if self.normals is None else _unit(self.normals / factors)
        return replace(self, vertices=self.vertices * factors, normals=normals)

    def turned(self, degrees: float, axis: str = "z") -> "Mesh":
        """Rotate about a coordinate axis through the origin, counterclockwise."""
        normals = None if self.normals is None else turned(self.normals, degrees, axis)
        return replace(self, vertices=turned(self.vertices, degrees, axis), normals=normals)

    def repeated(self, across: float, along: float) -> "Mesh":
        """Tile the texture."""
        return replace(self, uv=self.uv * np.array([across, along]))


def turned(vectors: np.ndarray, degrees: float, axis: str = "z") -> np.ndarray:
    """Rotate vectors (vectors, 3) about a coordinate axis, counterclockwise."""
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    result = vectors.copy()
    result[:, first] = cosine * vectors[:, first] - sine * vectors[:, second]
    result[:, second] = sine * vectors[:, first] + cosine * vectors[:, second]
    return result


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-20)


def vertex_normals(mesh: Mesh) -> np.ndarray:
    """Return unit normals at the vertices, shape (vertices, 3).

    These are the mesh's own normals, or otherwise face normals averaged by area.
    """
    if mesh.normals is not None:
        return mesh.normals
    a, b, c = (mesh.vertices[mesh.faces[:, corner]] for corner in range(3))
    normals = np.zeros_like(mesh.vertices)
    for corner in range(3):
        np.add.at(normals, mesh.faces[:, corner], np.cross(b - a, c - a))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 0, normals / np.maximum(length, 1e-20), [0.0, 0.0, 1.0])


def joined(meshes: list[Mesh]) -> Mesh:
    """Join several meshes into one, which is smooth if the first one is."""
    offsets = np.cumsum([0] + [len(mesh.vertices) for mesh in meshes[:-1]])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in meshes]),
        np.concatenate([mesh.faces + offset for mesh, offset in zip(meshes, offsets, strict=True)]),
        np.concatenate([mesh.uv for mesh in meshes]),
        meshes[0].smooth,
    )


def surface(points: np.ndarray, smooth: bool = True) -> Mesh:
    """Return a mesh over a grid of points (rows, columns, 3), with u along each row."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, 1:].ravel(), index[1:, :-1].ravel()
    faces = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    return Mesh(points.reshape(-1, 3), faces, np.stack([u.ravel(), v.ravel()], 1), smooth)


def panel(width: float, height: float) -> Mesh:
    """Return an upright rectangle in the plane y = 0 that faces the viewer at negative y."""
    x, z = np.meshgrid([-width / 2, width / 2], [0, height])
    return surface(np.stack([x, np.zeros_like(x), z], -1), smooth=False)


def sheet(width: float, depth: float) -> Mesh:
    """Return a horizontal rectangle in the plane z = 0 that faces up."""
    x, y = np.meshgrid([-width / 2, width / 2], [-depth / 2, depth / 2])
    return surface(np.stack([x, y, np.zeros_like(x)], -1), smooth=False)


def box(width: float, depth: float, height: float) -> Mesh:
    """Return a box. Each face shows the whole texture, upright on the four sides."""
    sides = []
    for degrees, across, out in ((0, width, depth), (90, depth, width)):
        front = panel(across, height).moved(y=-out / 2)
        sides += [front.turned(degrees), front.turned(degrees + 180)]
    top = sheet(width, depth).moved(z=height)
    bottom = sheet(width, depth).turned(180, "x")
    return joined([*sides, top, bottom])


def superellipsoid(
    width: float, depth: float, height: float, roundness: float, detail: int = 20
) -> Mesh:
    """Return a solid like a pillow or pebble.

    Roundness 1 gives an ellipsoid. Toward 0, the solid becomes a box.
    """
    latitude = np.linspace(-np.pi / 2, np.pi / 2, detail)[:, None]
    longitude = np.linspace(0, 2 * np.pi, 2 * detail)[None, :]

    def power(wave: np.ndarray) -> np.ndarray:
        return np.sign(wave) * np.abs(wave) ** roundness

    across = power(np.cos(latitude))
    x = across * power(np.cos(longitude)) * width / 2
    y = across * power(np.sin(longitude)) * depth / 2
    z = np.broadcast_to(power(np.sin(latitude)) * height / 2 + height / 2, x.shape)
    return surface(np.stack([x, y, z], -1))


def ball(radius: float) -> Mesh:
    """Return a sphere that rests on z = 0."""
    return superellipsoid(2 * radius, 2 * radius, 2 * radius, 1.0)


def lathe(radii: ArrayLike, heights: ArrayLike, segments: int = 40) -> Mesh:
    """Return a surface of revolution about z through (radii, heights), from the bottom up."""
    angle = np.linspace(0, 2 * np.pi, segments)[None, :]
    radius, height = np.asarray(radii, float)[:, None], np.asarray(heights, float)[:, None]
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    return surface(np.stack([x, y, np.broadcast_to(height, x.shape)], -1))


def cylinder(radius: float, height: float, top_radius: float | None = None) -> Mesh:
    """Return a closed cylinder with sharp rims, or a truncated cone if `top_radius` is given."""
    top_radius = radius if top_radius is None else top_radius
    side = lathe([radius, top_radius], [0, height])
    return joined([side, lathe([0, radius], [0, 0]), lathe([top_radius, 0], [height, height])])


def tube(path: ArrayLike, radius: float, segments: int = 10) -> Mesh:
    """Return a round tube along a path of shape (points, 3)."""
    points = np.asarray(path, float)
    tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    helper = np.where(np.abs(tangent[:, 2:]) > 0.9, [[1.0, 0, 0]], [[0, 0, 1.0]])
    side = np.cross(tangent, helper)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, tangent)
    angle = np.linspace(0, 2 * np.pi, segments)[None, :, None]
    ring = side[:, None] * np.cos(angle) + up[:, None] * np.sin(angle)
    return surface(points[:, None] + radius * ring)


def ring(radius: float, thickness: float) -> Mesh:
    """Return a torus around the z axis, centered on z = 0."""
    angle = np.linspace(0, 2 * np.pi, 33)
    path = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], 1) * radius
    return tube(path, thickness)


def blade(length: float, width: float, bend: float, lift: float) -> Mesh:
    """Return a pointed leaf from the origin along x that rises by `lift` degrees and bends down."""
    along = np.linspace(0, 1, 9)[:, None]
    across = np.linspace(-1, 1, 5)[None, :]
    half_width = width / 2 * np.sin(np.pi * along**0.7) ** 0.8 + 0.002
    angle = np.radians(lift) - bend * along
    x = length * along * np.cos(angle) + 0 * across
    z = length * along * np.sin(angle) + 0.25 * half_width * across**2
    return surface(np.stack([x, half_width * across, z], -1))
