"""A scene as a few flat arrays: one mesh, one material table, one strip of texels, and its lights.

Scenes differ only in the numbers in these arrays, so one compiled program renders all of them.
With separate shapes and materials, every scene would need a program of its own.
"""

from dataclasses import dataclass

import numpy as np

from tools.scenes.lighting import Panel
from tools.scenes.shapes.meshes import Mesh, joined, surface, vertex_normals
from tools.scenes.surfaces.materials import Material
from tools.scenes.things.parts import Thing

NO_LIGHT = 255
"""Light index of faces that do not shine."""
_CELLS = 8, 12
"""Rows and columns of faces in a panel with a picture. Its bright parts are drawn more often."""
_PANE = Material("plastic", np.full(3, 0.02), 0.01)
_PLAIN = Material("matte", np.full(3, 0.5))
_COAT = {"plastic": 0.04, "velvet": 0.015, "glass": 0.05}
"""Reflectance of each finish's coat at normal incidence."""
_LEAST_ROUGHNESS = 0.015
_SCREEN = 0.4
"""Brightest emission that still counts as a screen, not as a lamp."""


@dataclass(frozen=True)
class FlatScene:
    """Scene as arrays.

    Attributes:
        vertices: Positions in meters, float32, (vertices, 3). Parts share no vertices.
        normals: Shading normals, float32, (vertices, 3).
        uv: Texture coordinates, float32, (vertices, 2).
        faces: Vertex indices, uint32, (faces, 3).
        face_material: Row of each face in `materials` and `textures`, uint32, (faces,).
        face_light: Index of the light that each face belongs to, or NO_LIGHT, uint32, (faces,).
        face_density: Sampling density of each light's faces per square meter, float32, (faces,).
        materials: Metalness, coat reflectance at normal incidence, roughness (GGX alpha) and sheen
            of each material, float32, (materials, 4).
        textures: Offset into `texels`, width and height of the color, emission and opacity of
            each material, uint32, (materials, 9).
        texels: All textures concatenated, linear, float32.
        light_faces: Faces of all lights, grouped by light, uint32.
        light_shares: Cumulative sampling probability of each light's faces, up to 1, float32.
        light_starts: Start of each light in the two arrays above, and their length, uint32,
            (lights + 1,).
    """

    vertices: np.ndarray
    normals: np.ndarray
    uv: np.ndarray
    faces: np.ndarray
    face_material: np.ndarray
    face_light: np.ndarray
    face_density: np.ndarray
    materials: np.ndarray
    textures: np.ndarray
    texels: np.ndarray
    light_faces: np.ndarray
    light_shares: np.ndarray
    light_starts: np.ndarray


class _Texels:
    """Concatenates textures and stores each one only once."""

    def __init__(self) -> None:
        self.parts: list[np.ndarray] = []
        self._size = 0
        self._known: dict[int, tuple[np.ndarray, list[int]]] = {}

    def put(self, value: np.ndarray) -> list[int]:
        """Store a constant or texture of 1 or 3 channels. Return its offset, width and height."""
        if id(value) not in self._known:
            texture = value if value.ndim > 1 else value.reshape(1, 1, -1)
            place = [self._size, texture.shape[1], texture.shape[0]]
            # Keep a reference to the array, so that no other array gets its id.
            self._known[id(value)] = value, place
            self.parts.append(np.asarray(texture, np.float32).ravel())
            self._size += texture.size
        return self._known[id(value)][1]


def flatten(thing: Thing, lights: tuple[tuple[Panel, ...], ...], glow: int) -> FlatScene:
    """Flatten a scene into arrays.

    Args:
        thing: Everything in the room.
        lights: Panels of each light. A light may have none.
        glow: Index of the light that the lamps in `thing` belong to.
    """
    parts = [(mesh, material, _light_of(material, glow)) for mesh, material in thing]
    for number, panels in enumerate(lights):
        parts += [(*_panel(panel), number) for panel in panels]
    meshes = [_unshared(mesh) for mesh, _, _ in parts]
    whole = joined(meshes)
    counts = [len(mesh.faces) for mesh in meshes]
    table, textures, texels, rows = _material_tables([material for _, material, _ in parts])
    corners = whole.vertices[whole.faces]
    areas = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    areas = np.maximum(areas / 2, 1e-12)
    face_light = np.repeat(np.array([light for _, _, light in parts], np.uint32), counts)
    powers = np.concatenate(
        [
            _brightness(mesh, None if light == NO_LIGHT else material.emission)
            for mesh, (_, material, light) in zip(meshes, parts, strict=True)
        ]
    )
    drawn, shares, starts, density = _light_tables(face_light, powers * areas, areas, len(lights))
    return FlatScene(
        vertices=whole.vertices.astype(np.float32),
        normals=np.concatenate([vertex_normals(mesh) for mesh in meshes]).astype(np.float32),
        uv=whole.uv.astype(np.float32),
        faces=whole.faces.astype(np.uint32),
        face_material=np.repeat(rows, counts).astype(np.uint32),
        face_light=face_light,
        face_density=density.astype(np.float32),
        materials=table,
        textures=textures,
        texels=texels,
        light_faces=drawn.astype(np.uint32),
        light_shares=shares.astype(np.float32),
        light_starts=starts.astype(np.uint32),
    )


def _light_of(material: Material, glow: int) -> int:
    return glow if is_lamp(material) else NO_LIGHT


def is_lamp(material: Material) -> bool:
    """Return whether a material lights a room. Screens do not."""
    return material.emission is not None and float(np.max(material.emission)) > _SCREEN


def _panel(panel: Panel) -> tuple[Mesh, Material]:
    """Return the mesh of a rectangular light, facing the panel's direction, and its material."""
    up = np.array([0.0, 0.0, 1.0] if abs(panel.direction[2]) < 0.99 else [0.0, 1.0, 0.0])
    across = np.cross(up, panel.direction)
    across /= np.linalg.norm(across)
    along = np.cross(panel.direction, across)
    rows, columns = _CELLS if panel.picture is not None else (1, 1)
    s, t = np.meshgrid(np.linspace(-0.5, 0.5, columns + 1), np.linspace(-0.5, 0.5, rows + 1))
    points = s[..., None] * panel.width * across + t[..., None] * panel.height * along
    mesh = surface(panel.center + points, smooth=False)
    if panel.picture is None:
        emission, body = np.full(3, float(panel.radiance)), _PLAIN
    else:
        emission, body = float(panel.radiance) * panel.picture[::-1], _PANE
    return mesh, Material(body.finish, body.reflectance, body.roughness, emission=emission)


def _unshared(mesh: Mesh) -> Mesh:
    """Return a mesh whose faces share no vertices if it is shaded flat."""
    if mesh.smooth:
        return mesh
    used = mesh.faces.ravel()
    return Mesh(mesh.vertices[used], np.arange(len(used)).reshape(-1, 3), mesh.uv[used])


def _brightness(mesh: Mesh, emission: np.ndarray | None) -> np.ndarray:
    """Estimate the mean radiance of each face, shape (faces,)."""
    if emission is None:
        return np.zeros(len(mesh.faces))
    if emission.ndim == 1:
        return np.full(len(mesh.faces), float(emission.mean()))
    middle = mesh.uv[mesh.faces].mean(1) % 1.0
    height, width = emission.shape[:2]
    rows, columns = _CELLS
    # Sample all around a face's center, so that no bright spot is missed.
    gray = emission.mean(-1)
    spots = [
        gray[
            np.clip(((middle[:, 1] + dv / rows) * height).astype(int), 0, height - 1),
            np.clip(((middle[:, 0] + du / columns) * width).astype(int), 0, width - 1),
        ]
        for dv in (-0.4, 0, 0.4)
        for du in (-0.4, 0, 0.4)
    ]
    return np.mean(spots, axis=0) + 0.1 * float(gray.mean())


def _material_tables(
    materials: list[Material],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return `materials`, `textures`, the texels, and the row of each given material."""
    store = _Texels()
    known: dict[int, int] = {}
    table: list[list[float]] = []
    textures, rows = [], []
    dark, solid = np.zeros(3), np.ones(1)
    for material in materials:
        if id(material) not in known:
            known[id(material)] = len(table)
            table.append(_finish(material))
            emission = dark if material.emission is None else material.emission
            opacity = solid if material.mask is None else material.mask
            if material.finish == "glass":
                opacity = np.full(1, material.opacity) * opacity
            textures.append(
                store.put(np.asarray(material.reflectance))
                + store.put(emission)
                # A mask has no channel axis.
                + store.put(opacity[..., None] if opacity.ndim == 2 else opacity)
            )
        rows.append(known[id(material)])
    return (
        np.array(table, np.float32),
        np.array(textures, np.uint32),
        np.concatenate(store.parts),
        np.array(rows),
    )


def _finish(material: Material) -> list[float]:
    """Return metalness, coat reflectance, roughness and sheen."""
    metal = material.finish in ("metal", "mirror")
    metal |= material.finish == "glass" and material.opacity < 0.35
    rough = _LEAST_ROUGHNESS if material.finish == "mirror" else material.roughness
    if material.finish == "velvet":
        rough = material.roughness**2
    coat = 0.0 if metal else _COAT.get(material.finish, 0.0)
    sheen = 1.0 if material.finish == "velvet" else 0.0
    return [float(metal), coat, max(float(rough), _LEAST_ROUGHNESS), sheen]


def _light_tables(
    face_light: np.ndarray, power: np.ndarray, areas: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the faces of the lights, cumulative shares, starts, and densities of all faces."""
    faces, sums, starts = [], [], [0]
    density = np.zeros(len(face_light))
    for light in range(count):
        own = np.flatnonzero((face_light == light) & (power > 0))
        if len(own):
            shares = power[own] / power[own].sum()
            density[own] = shares / areas[own]
            sums.append(np.cumsum(shares) / shares.sum())
            faces.append(own)
        starts.append(starts[-1] + len(own))
    if not faces:
        return np.zeros(1, int), np.ones(1), np.array(starts), density
    return np.concatenate(faces), np.concatenate(sums), np.array(starts), density
