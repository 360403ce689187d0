"""Reads Wavefront OBJ and MTL text into one part per material."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

Reader = Callable[[str], str | None]
"""Returns the text of a material file by its name, or None if it is missing."""


@dataclass(frozen=True)
class Surface:
    """Material of an MTL file. Missing values default to those of a matte gray.

    Attributes:
        name: Name of the material.
        diffuse: Display-encoded color in [0, 1], shape (3,).
        specular: Mean of the specular color, in [0, 1].
        shininess: Phong exponent.
        opacity: In [0, 1].
        picture: File name of its diffuse texture; None if it has none.
    """

    name: str = ""
    diffuse: np.ndarray = field(default_factory=lambda: np.full(3, 0.6))
    specular: float = 0.0
    shininess: float = 20.0
    opacity: float = 1.0
    picture: str | None = None


@dataclass(frozen=True)
class ObjPart:
    """Triangles of one material, corner by corner.

    Attributes:
        surface: Its material.
        positions: Shape (triangles, 3, 3), in the file's own units and axes.
        normals: Shape (triangles, 3, 3); None if some are missing.
        uv: Shape (triangles, 3, 2); None if some are missing.
    """

    surface: Surface
    positions: np.ndarray
    normals: np.ndarray | None
    uv: np.ndarray | None


def read_obj(text: str, material_file: Reader) -> list[ObjPart]:
    """Parse an OBJ file into parts. Polygons become triangle fans.

    Args:
        text: Content of the file.
        material_file: Returns the text of an MTL file that the OBJ file names.

    Raises:
        ValueError: If the file has no faces or a vertex index is out of range.
    """
    rows: dict[str, list[str]] = {"v": [], "vt": [], "vn": []}
    groups: dict[str, list[str]] = {}
    surfaces: dict[str, Surface] = {}
    material = ""
    for line in text.splitlines():
        keyword, _, rest = line.strip().partition(" ")
        if keyword in rows:
            rows[keyword].append(rest)
        elif keyword == "f":
            groups.setdefault(material, []).append(rest)
        elif keyword == "usemtl":
            material = rest.strip()
        elif keyword == "mtllib":
            surfaces |= read_mtl(material_file(rest.strip()) or "")
    tables = [_numbers(rows[name], columns) for name, columns in (("v", 3), ("vt", 2), ("vn", 3))]
    parts = [
        _part(surfaces.get(name, Surface(name)), _triangles(faces, tables), tables)
        for name, faces in groups.items()
    ]
    if not parts:
        raise ValueError("the OBJ file has no faces")
    return parts


def read_mtl(text: str) -> dict[str, Surface]:
    """Parse an MTL file into materials by name."""
    found: dict[str, dict] = {}
    current: dict = {}
    for line in text.splitlines():
        keyword, _, rest = line.strip().partition(" ")
        keyword, rest = keyword.lower(), rest.strip()
        if keyword == "newmtl":
            current = found.setdefault(rest, {"name": rest})
        elif keyword == "map_kd" and rest:
            current["picture"] = rest
        elif keyword in ("kd", "ks", "ns", "d"):
            current |= _setting(keyword, rest)
    return {name: Surface(**values) for name, values in found.items()}


def _setting(keyword: str, text: str) -> dict:
    """Parse one numeric line of an MTL file. Return an empty dict if it cannot be parsed."""
    try:
        values = np.array([float(word) for word in text.split()])
    except ValueError:
        return {}
    if keyword in ("kd", "ks"):
        if len(values) != 3:
            return {}
        clipped = np.clip(values, 0, 1)
        return {"diffuse": clipped} if keyword == "kd" else {"specular": float(clipped.mean())}
    if len(values) != 1:
        return {}
    return {"shininess" if keyword == "ns" else "opacity": float(values[0])}


def _numbers(rows: list[str], columns: int) -> np.ndarray:
    values = [([float(word) for word in row.split()] + [0.0] * columns)[:columns] for row in rows]
    return np.array(values).reshape(-1, columns)


def _triangles(faces: list[str], tables: list[np.ndarray]) -> np.ndarray:
    """Return indices (triangles, 3, 3) of positions, texture coordinates and normals (-1: none)."""
    sizes = [len(table) for table in tables]
    triangles = []
    for face in faces:
        corners = [_corner(word, sizes) for word in face.split()]
        triangles += [(corners[0], *pair) for pair in zip(corners[1:], corners[2:], strict=False)]
    return np.array(triangles, int).reshape(-1, 3, 3)


def _corner(word: str, sizes: list[int]) -> tuple[int, ...]:
    """Parse a corner such as 7/3/5, 7//5 or 7. Negative numbers count from the end."""
    fields = (word.split("/") + ["", ""])[:3]
    numbers = [int(text) if text else 0 for text in fields]
    return tuple(
        number - 1 if number >= 0 else size + number
        for number, size in zip(numbers, sizes, strict=True)
    )


def _part(surface: Surface, triangles: np.ndarray, tables: list[np.ndarray]) -> ObjPart:
    if triangles[..., 0].min(initial=0) < 0 or triangles[..., 0].max(initial=-1) >= len(tables[0]):
        raise ValueError("a face of the OBJ file names a vertex that does not exist")
    picked = []
    for column, table in enumerate(tables):
        index = triangles[..., column]
        there = len(index) and index.min() >= 0 and index.max() < len(table)
        picked.append(table[index] if there else None)
    positions, uv, normals = picked
    positions = np.zeros((0, 3, 3)) if positions is None else positions
    return ObjPart(surface, positions, normals, uv)
