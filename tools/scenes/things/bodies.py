"""The human body: its shape from age, build and origin, its pose, and what it wears.

The mesh, its shapes and its skeleton are MakeHuman's (`tools.assets.bodies`). The weights of the
large shapes follow `macro.json` of that data: every factor lies between two named shapes, and the
weight of a target is the product of the weights in its name.
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
"""The first vertices, this many, are the body's own. The others are helpers that bind clothes."""


@dataclass(frozen=True)
class Figure:
    """Properties of a body. All numbers except the age are in [0, 1].

    Attributes:
        years: Age in years.
        male: 0 for a woman's body, 1 for a man's.
        muscle: 0.5 is average.
        weight: 0.5 is average.
        height: 0.5 is average.
        origin: Shares of "african", "asian" and "caucasian", which sum to 1.
        face: Weights of further shapes, by name.
    """

    years: float
    male: float
    muscle: float
    weight: float
    height: float
    origin: dict[str, float]
    face: dict[str, float] = field(default_factory=dict)


class BodyModel:
    """MakeHuman's body, as stored in the cache."""

    def __init__(self, path: Path):
        """Load a file written by `tools.scene_assets`."""
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
        """Return a figure's vertices in the data's pose, meters, float64, shape (vertices, 3)."""
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
        """Return a pose of a figure.

        Args:
            vertices: Vertices from `shaped`.
            turns: Rotations of bones about their joints, in the room's axes, by name, shape (3, 3).
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
    """Movement of every vertex of the body.

    Attributes:
        matrices: Matrices of the bones, shape (bones, 3, 4).
        bones: Bones that carry each vertex, shape (vertices, 4).
        weights: Weights of these bones, shape (vertices, 4).
    """

    matrices: np.ndarray
    bones: np.ndarray
    weights: np.ndarray

    def moved(self, points: np.ndarray, vertices: np.ndarray, shares: np.ndarray) -> np.ndarray:
        """Move points that are attached to vertices of the body.

        Args:
            points: Points before posing, meters, shape (points, 3).
            vertices: Body vertices that each point follows, int, shape (points, n).
            shares: Weights of these vertices, shape (points, n).
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
    """Body in a pose.

    Attributes:
        body: Vertices before the pose, from `BodyModel.shaped`, meters.
        pose: Pose that moves them.
    """

    body: np.ndarray
    pose: Pose

    @cached_property
    def moved(self) -> np.ndarray:
        """Vertices in the pose, meters, shape (vertices, 3)."""
        own = np.arange(len(self.body))[:, None]
        return self.pose.moved(self.body, own, np.ones((len(self.body), 1)))

    def heights(self, points: np.ndarray) -> np.ndarray:
        """Return heights of points (points, 3) before the pose, as shares of the body's height."""
        skin = self.body[:SKIN_VERTICES, 2]
        return (points[:, 2] - skin.min()) / np.ptp(skin)


@dataclass(frozen=True)
class Garment:
    """Clothes, hair, brows or lashes, as stored in the cache (see `tools.assets.wardrobe`)."""

    faces: np.ndarray
    uv: np.ndarray
    bound: np.ndarray
    weights: np.ndarray
    offsets: np.ndarray
    scale_vertices: np.ndarray
    scale_lengths: np.ndarray
    hidden: np.ndarray

    def hung(self, body: np.ndarray) -> np.ndarray:
        """Return its vertices on a body before the pose, meters, shape (vertices, 3)."""
        first, second = self.scale_vertices[:, 0], self.scale_vertices[:, 1]
        reach = np.abs(body[first] - body[second])[np.arange(3), np.arange(3)]
        points = (self.weights[..., None] * body[self.bound.astype(int)]).sum(1)
        # Offsets along an axis without a scale stay unchanged.
        growth = np.where(first == second, 1.0, reach / self.scale_lengths)
        return points + self.offsets * growth

    def worn(self, wearer: Wearer) -> np.ndarray:
        """Return its vertices on a posed body, meters, shape (vertices, 3)."""
        shares = np.maximum(self.weights, 0.0) + 1e-6
        return wearer.pose.moved(self.hung(wearer.body), self.bound.astype(int), shares)


@lru_cache(maxsize=64)
def load_garment(path: Path) -> Garment:
    """Load a file of the wardrobe."""
    with np.load(path) as stored:
        return Garment(**{name: stored[name] for name in stored.files})


def rotation(degrees: float, axis: str) -> np.ndarray:
    """Return a rotation about a coordinate axis, counterclockwise, shape (3, 3)."""
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    matrix[first, first] = matrix[second, second] = cosine
    matrix[first, second], matrix[second, first] = -sine, sine
    return matrix


def age_value(years: float) -> float:
    """Convert an age in years to MakeHuman's scale."""
    return float(np.interp(years, list(YEARS.values()), list(AGES.values())))


def _between(value: float, places: dict[str, float]) -> dict[str, float]:
    """Return interpolation weights of named positions. Only the two next to `value` are not 0."""
    names, positions = list(places), list(places.values())
    weights = {}
    for number, name in enumerate(names):
        peak = np.zeros(len(names))
        peak[number] = 1.0
        weights[name] = float(np.interp(value, positions, peak))
    return weights


def _macro_weights(figure: Figure) -> dict[str, float]:
    """Return the weights of the large shapes, by name."""
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
    """Return the weights of the face's shapes, with each expression split by origin."""
    result = {}
    for name, weight in figure.face.items():
        if name.startswith("expression/"):
            for origin, share in figure.origin.items():
                result[name.replace("expression", origin)] = weight * share
        else:
            result[name] = weight
    return result
