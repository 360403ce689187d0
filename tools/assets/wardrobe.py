"""Converts MakeHuman's clothes, hair, brows and lashes from their OBJ and `.mhclo` files.

Each vertex is bound to three vertices of the base body, with an offset that scales with the body.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tools.assets.bodies import scene_axes
from tools.assets.credits import Credit

KINDS = ("hair", "clothes", "eyebrows", "eyelashes")


@dataclass
class Binding:
    """Content of a `.mhclo` file.

    Attributes:
        vertices: Three body vertices for each vertex of the item, int, shape (vertices, 3).
        weights: Weights of these body vertices, shape (vertices, 3).
        offsets: Offsets in MakeHuman's axes and decimeters, shape (vertices, 3).
        scales: By axis, two body vertices and their distance on the body that it was made for.
        hidden: Body vertices that the item covers.
    """

    vertices: list = field(default_factory=list)
    weights: list = field(default_factory=list)
    offsets: list = field(default_factory=list)
    scales: dict[str, tuple[int, int, float]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)


def read_mhclo(text: str) -> Binding:
    """Parse a `.mhclo` file."""
    binding, section = Binding(), ""
    for line in text.splitlines():
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if words[0] in ("verts", "delete_verts"):
            section = words[0]
        elif words[0][0].isalpha():
            if words[0] in ("x_scale", "y_scale", "z_scale"):
                binding.scales[words[0][0]] = (int(words[1]), int(words[2]), float(words[3]))
        elif section == "verts":
            _add_vertex(binding, [float(word) for word in words])
        elif section == "delete_verts":
            binding.hidden += _range(words)
    return binding


def convert_wardrobe(source: Path, output: Path) -> list[Credit]:
    """Convert every item in a copy of makehumancommunity/makehuman-assets.

    Args:
        source: Its folder `base`, which holds `hair`, `clothes`, `eyebrows` and `eyelashes`.
        output: Folder for the files, with one subfolder per kind.

    Raises:
        FileNotFoundError: If a kind is missing.
    """
    count = 0
    for kind in KINDS:
        paths = sorted((source / kind).glob("*/*.mhclo"))
        if not paths:
            raise FileNotFoundError(f"{source / kind}: contains no .mhclo file")
        (output / kind).mkdir(parents=True, exist_ok=True)
        for path in paths:
            garment: dict[str, Any] = _garment(path)
            np.savez_compressed(output / kind / f"{path.stem}.npz", **garment)
            count += 1
    title = f"{count} hair styles, clothes, brows and lashes"
    return [Credit(title, "MakeHuman Community", "CC0 1.0", "makehumancommunity/makehuman-assets")]


def _garment(path: Path) -> dict[str, np.ndarray]:
    binding = read_mhclo(path.read_text(encoding="utf-8"))
    faces, uv = _obj_faces(path.with_suffix(".obj").read_text(encoding="utf-8"))
    # MakeHuman's x stays x, its z becomes -y, and its y becomes z.
    scales = [binding.scales.get(axis, (0, 0, 1.0)) for axis in "xzy"]
    return {
        "faces": faces,
        "uv": uv,
        "bound": np.array(binding.vertices, np.uint16),
        "weights": np.array(binding.weights, np.float32),
        "offsets": scene_axes(np.array(binding.offsets)).astype(np.float32),
        "scale_vertices": np.array([scale[:2] for scale in scales], np.uint16),
        "scale_lengths": np.array([scale[2] / 10 for scale in scales], np.float32),
        "hidden": np.array(binding.hidden, np.uint16),
    }


def _add_vertex(binding: Binding, numbers: list[float]) -> None:
    """Parse a line of the section `verts`: one vertex, or three with weights and an offset."""
    if len(numbers) == 1:
        numbers = [numbers[0]] * 3 + [1.0, 0.0, 0.0] + [0.0] * 3
    binding.vertices.append([int(number) for number in numbers[:3]])
    binding.weights.append(numbers[3:6])
    binding.offsets.append(numbers[6:9])


def _range(words: list[str]) -> list[int]:
    """Expand a list of numbers and ranges such as "3 - 7"."""
    numbers: list[int] = []
    position = 0
    while position < len(words):
        first = int(words[position])
        if words[position + 1 : position + 2] == ["-"]:
            numbers += range(first, int(words[position + 2]) + 1)
            position += 3
        else:
            numbers.append(first)
            position += 1
    return numbers


def _obj_faces(text: str) -> tuple[np.ndarray, np.ndarray]:
    """Parse triangles (triangles, 3) and their texture coordinates (triangles, 3, 2)."""
    places, triangles = [], []
    for line in text.splitlines():
        keyword, _, rest = line.partition(" ")
        if keyword == "vt":
            places.append([float(word) for word in rest.split()[:2]])
        elif keyword == "f":
            words = [(word.split("/") + ["1"])[:2] for word in rest.split()]
            corners = [(int(vertex) - 1, int(place or 1) - 1) for vertex, place in words]
            triangles += [
                (corners[0], *pair) for pair in zip(corners[1:], corners[2:], strict=False)
            ]
    index = np.array(triangles)
    return index[..., 0].astype(np.uint32), np.array(places, np.float32)[index[..., 1]]
