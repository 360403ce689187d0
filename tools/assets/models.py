"""Converts a catalog model to one NumPy file, in meters with z up and its front toward negative y.

`tools.scenes.things.models` reads these files. `vertices_0`, `normals_0`, `uv_0` and `faces_0`
describe the first part, and so on. The textures are `picture_0` and so on (uint8, RGB or RGBA).
`description` is JSON with the model's name, size and credits and the surface of every part.
"""

import io
import json
import posixpath

import numpy as np
from PIL import Image

from tools.assets import normals
from tools.assets.obj_files import ObjPart, Surface, read_obj
from tools.assets.sweethome import Entry, Library

PICTURE_SIZE = 384
"""Longest side of a texture in pixels."""


def convert(library: Library, entry: Entry) -> dict[str, np.ndarray]:
    """Return the arrays of a model's file, by name.

    Raises:
        ValueError: If the model has no surface.
    """
    folder = posixpath.dirname(entry.path)

    def material_file(name: str) -> str | None:
        path = library.find(folder, name)
        return None if path is None else library.read(path).decode("latin1")

    parts = read_obj(library.read(entry.path).decode("latin1"), material_file)
    pictures = _Pictures(library, folder)
    arrays: dict[str, np.ndarray] = {}
    surfaces: list[dict] = []
    for part in _in_metres(parts, entry):
        number = pictures.number(part.surface) if part.uv is not None else None
        mesh = _welded(part, uses_picture=number is not None)
        arrays |= {f"{name}_{len(surfaces)}": values for name, values in mesh.items()}
        surfaces.append(_described(part.surface, number))
    if not surfaces:
        raise ValueError(f"{entry.key}: no triangle is larger than a point")
    arrays |= {f"picture_{number}": image for number, image in enumerate(pictures.images)}
    description = {
        "key": entry.key,
        "title": entry.title,
        "creator": entry.creator,
        "license": entry.license,
        "size": entry.size.tolist(),
        "shines": entry.shines,
        "surfaces": surfaces,
    }
    return arrays | {"description": np.array(json.dumps(description))}


def _described(surface: Surface, picture: int | None) -> dict:
    return {
        "name": surface.name,
        "diffuse": surface.diffuse.tolist(),
        "specular": surface.specular,
        "shininess": surface.shininess,
        "opacity": surface.opacity,
        "picture": picture,
    }


def _in_metres(parts: list[ObjPart], entry: Entry) -> list[ObjPart]:
    """Return the parts in the scenes' axes and the catalog's size, with the foot at the origin."""
    # Models face positive z in the library and negative y in scenes.
    axes = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]) @ entry.rotation
    points = np.concatenate([part.positions.reshape(-1, 3) for part in parts]) @ axes.T
    low, high = points.min(0), points.max(0)
    scale = entry.size / np.maximum(high - low, 1e-9)
    foot = np.array([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2]])
    result = []
    for part in parts:
        positions = (part.positions @ axes.T - foot) * scale
        large = np.linalg.norm(normals.face_normals(positions), axis=1) > 1e-12
        if large.any():
            given = None if part.normals is None else (part.normals @ axes.T / scale)[large]
            mended = normals.mended_normals(positions[large], given)
            uv = None if part.uv is None else part.uv[large]
            result.append(ObjPart(part.surface, positions[large], mended, uv))
    return result


def _welded(part: ObjPart, uses_picture: bool) -> dict[str, np.ndarray]:
    """Merge corners that agree in every attribute into one vertex.

    Without a picture, texture coordinates are in meters.
    """
    uv = part.uv if uses_picture else box_projection(part.positions)
    corners = np.concatenate([part.positions, part.normals, uv], -1).reshape(-1, 8)
    _, first, index = np.unique(
        np.round(corners, 5), axis=0, return_index=True, return_inverse=True
    )
    vertices = corners[first].astype(np.float32)
    return {
        "vertices": vertices[:, :3],
        "normals": vertices[:, 3:6],
        "uv": vertices[:, 6:],
        "faces": index.reshape(-1, 3).astype(np.uint32),
    }


def box_projection(positions: np.ndarray) -> np.ndarray:
    """Return texture coordinates in meters, shape (triangles, 3, 2).

    Each triangle is projected along the axis that is nearest to its normal.
    """
    axis = np.abs(normals.face_normals(positions)).argmax(1)
    planes = np.array([[1, 2], [0, 2], [0, 1]])[axis]
    return np.take_along_axis(positions, planes[:, None, :].repeat(3, axis=1), axis=-1)


class _Pictures:
    """Textures of one model, each read only once."""

    def __init__(self, library: Library, folder: str):
        self.images: list[np.ndarray] = []
        self._library, self._folder = library, folder
        self._numbers: dict[str, int | None] = {}

    def number(self, surface: Surface) -> int | None:
        """Return the index of a surface's texture, or None if it has none that can be read."""
        if surface.picture is None:
            return None
        if surface.picture not in self._numbers:
            self._numbers[surface.picture] = self._read(surface.picture)
        return self._numbers[surface.picture]

    def _read(self, name: str) -> int | None:
        # Options may precede the name, as in "-s 1 1 1 wood.jpg".
        path = self._library.find(self._folder, name)
        path = path or self._library.find(self._folder, name.split()[-1])
        if path is None:
            return None
        try:
            with Image.open(io.BytesIO(self._library.read(path))) as image:
                self.images.append(shrunk(image))
        except OSError:
            return None
        return len(self.images) - 1


def shrunk(image: Image.Image, side: int = PICTURE_SIZE) -> np.ndarray:
    """Downscale a picture to `side` pixels: uint8 RGB, or RGBA if parts of it are transparent."""
    image = image.convert("RGBA")
    image.thumbnail((side, side), Image.Resampling.LANCZOS)
    pixels = np.asarray(image)
    return pixels if (pixels[..., 3] < 204).mean() > 0.01 else pixels[..., :3].copy()
