"""The human body: its shape from age, build and origin, its pose, and what is worn on it.

The mesh, its shapes and its skeleton are MakeHuman's (`tools.assets.bodies`); how the large shapes
are weighted follows `macro.json` of that data: every factor lies between two named shapes, and a
target counts with the product of the weights in its name.
"""

import itertools
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np

AGES = {"baby": 0.0, "child": 0.1875, "young": 0.5, "old": 1.0}
"""MakeHuman's scale of age: at birth, 12, 25 and 90 years."""
YEARS = {"baby": 1.0, "child": 12.0, "young": 25.0, "old": 90.0}
SKIN_VERTICES = 13380
"""So many of the first vertices are the body's own; the others help to bind clothes."""


@dataclass(frozen=True)
class Figure:
    """What a body is like; all numbers but the years in [0, 1].

    Attributes:
        years: Age.
        male: 0 is a woman's body, 1 a man's.
        muscle: 0.5 is average.
        weight: 0.5 is average.
        height: 0.5 is average.
        origin: Shares of "african", "asian" and "caucasian", which sum to 1.
        face: Weights of further shapes by name.
    """

    years: float
    male: float
    muscle: float
    weight: float
    height: float
    origin: dict[str, float]
    face: dict[str, float] = field(default_factory=dict)


class BodyModel:
    """MakeHuman's body as the cache holds it."""

    def __init__(self, path: Path):
        """Read the file that `tools.scene_assets` wrote."""
        with np.load(path) as stored:
            self.data = {name: stored[name] for name in stored.files}
        starts = self.data["target_starts"]
        names = self.data["target_names"].tolist()
        self._targets = {
            name: slice(*starts[number : number + 2]) for number, name in enumerate(names)
        }

    @property
    def target_names(self) -> list[str]:
        """Names of all shapes."""
        return list(self._targets)

    def shaped(self, figure: Figure) -> np.ndarray:
        """Vertices of a figure in the pose of the data, meters, float64, shape (vertices, 3)."""
        vertices = self.data["positions"].astype(np.float64)
        weights = {**_macro_weights(figure), **_by_origin(figure)}
        for name, weight in weights.items():
            if name in self._targets and abs(weight) > 1e-3:
                part = self._targets[name]
                vertices[self.data["target_index"][part]] += (
                    weight * self.data["target_offset"][part]
                )
        return vertices

    def posed(self, vertices: np.ndarray, turns: dict[str, np.ndarray]) -> "Pose":
        """Pose of a figure.

        Args:
            vertices: What `shaped` returned.
            turns: Rotations in the room's axes about the joints of bones by name, shape (3, 3).
        """
        joints = vertices[self.data["bone_joints"].astype(int)].mean(1)
        names = self.data["bone_names"].tolist()
        matrices = np.zeros((len(names), 3, 4))
        for number, (name, parent) in enumerate(zip(names, self.data["bone_parents"], strict=True)):
            above = np.eye(3, 4) if parent < 0 else matrices[parent]
            turn = turns.get(name, np.eye(3))
            shift = joints[number] - turn @ joints[number]
            matrices[number, :, :3] = above[:, :3] @ turn
            matrices[number, :, 3] = above[:, :3] @ shift + above[:, 3]
        return Pose(matrices, self.data["skin_bones"], self.data["skin_weights"])


@dataclass(frozen=True)
class Pose:
    """Where every vertex of the body is carried.

    Attributes:
        matrices: Of the bones, shape (bones, 3, 4).
        bones: Bones that carry each vertex, shape (vertices, 4).
        weights: Their shares, shape (vertices, 4).
    """

    matrices: np.ndarray
    bones: np.ndarray
    weights: np.ndarray

    def moved(self, points: np.ndarray, vertices: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """Carry points that hang on vertices of the body.

        Args:
            points: Before posing, meters, shape (points, 3).
            vertices: Vertices of the body that each point follows, int, shape (points, n).
            shares: How much, shape (points, n).
        """
        matrices = np.einsum(
            "pn,pnb,pnbij->pij",
            shares / np.maximum(shares.sum(1, keepdims=True), 1e-9),
            self.weights[vertices].astype(np.float64),
            self.matrices[self.bones[vertices]],
        )
        return np.einsum("pij,pj->pi", matrices[..., :3], points) + matrices[..., 3]


@dataclass(frozen=True)
class Wearer:
    """A body in a pose.

    Attributes:
        body: What `BodyModel.shaped` returned: vertices before the pose, meters.
        pose: How they then move.
    """

    body: np.ndarray
    pose: Pose

    @cached_property
    def moved(self) -> np.ndarray:
        """Vertices in the pose, meters, shape (vertices, 3)."""
        own = np.arange(len(self.body))[:, None]
        return self.pose.moved(self.body, own, np.ones((len(self.body), 1)))

    def heights(self, points: np.ndarray) -> np.ndarray:
        """Heights of points before the pose, shape (points, 3), as shares of the body's."""
        skin = self.body[:SKIN_VERTICES, 2]
        return (points[:, 2] - skin.min()) / np.ptp(skin)


@dataclass(frozen=True)
class Garment:
    """Clothes, hair, brows or lashes as the cache holds them; see `tools.assets.wardrobe`."""

    faces: np.ndarray
    uv: np.ndarray
    bound: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    scale_vertices: np.ndarray
    scale_lengths: np.ndarray
    hidden: np.ndarray

    def hung(self, body: np.ndarray) -> np.ndarray:
        """Vertices on a body before its pose, meters, shape (vertices, 3)."""
        first, second = self.scale_vertices[:, 0], self.scale_vertices[:, 1]
        reach = np.abs(body[first] - body[second])[np.arange(3), np.arange(3)]
        points = (self.weights[..., None] * body[self.bound.astype(int)]).sum(1)
        # An axis without a measure of its own keeps its offsets.
        growth = np.where(first == second, 1.0, reach / self.scale_lengths)
        return points + self.offsets * growth

    def worn(self, wearer: Wearer) -> np.ndarray:
        """Vertices on a body in its pose, meters, shape (vertices, 3)."""
        shares = np.maximum(self.weights, 0.0) + 1e-6
        return wearer.pose.moved(self.hung(wearer.body), self.bound.astype(int), shares)


@lru_cache(maxsize=64)
def load_garment(path: Path) -> Garment:
    """Read a file of the wardrobe."""
    with np.load(path) as stored:
        return Garment(**{name: stored[name] for name in stored.files})


def rotation(degrees: float, axis: str) -> np.ndarray:
    """Rotation about a coordinate axis, counter-clockwise, shape (3, 3)."""
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[first, first] = matrix[second, second] = cosine
    matrix[first, second], matrix[second, first] = -sine, sine
    return matrix


def age_value(years: float) -> float:
    """Age in years on MakeHuman's scale."""
    return float(np.interp(years, list(YEARS.values()), list(AGES.values())))


def _between(value: float, places: dict[str, float]) -> dict[str, float]:
    """Weights of the two named places next to a value."""
    names, positions = list(places), list(places.values())
    weights = {}
    for number, name in enumerate(names):
        peak = np.zeros(len(names))
        peak[number] = 1.0
        weights[name] = float(np.interp(value, positions, peak))
    return weights


def _macro_weights(figure: Figure) -> dict[str, float]:
    """Weights of the large shapes by their names."""
    gender = {"female": 1 - figure.male, "male": figure.male}
    age = _between(age_value(figure.years), AGES)
    muscle = _between(figure.muscle, {"minmuscle": 0.0, "averagemuscle": 0.5, "maxmuscle": 1.0})
    weight = _between(figure.weight, {"minweight": 0.0, "averageweight": 0.5, "maxweight": 1.0})
    height = _between(figure.height, {"minheight": 0.0, "": 0.5, "maxheight": 1.0})
    result = {}
    for (sex, a), (years, b) in itertools.product(gender.items(), age.items()):
        for origin, share in figure.origin.items():
            result[f"{origin}-{sex}-{years}"] = share * a * b
        for (build, c), (load, d) in itertools.product(muscle.items(), weight.items()):
            result[f"universal-{sex}-{years}-{build}-{load}"] = a * b * c * d
            for size, e in height.items():
                if size:
                    result[f"height/{sex}-{years}-{build}-{load}-{size}"] = a * b * c * d * e
    return result


def _by_origin(figure: Figure) -> dict[str, float]:
    """Weights of the face's shapes; expressions differ by origin and are named "smile:NAME"."""
    result = {}
    for name, weight in figure.face.items():
        if name.startswith("expression/"):
            for origin, share in figure.origin.items():
                result[name.replace("expression", origin)] = weight * share
        else:
            result[name] = weight
    return result
