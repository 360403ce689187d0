"""Drops things onto what is already there. A height map shows where there is room."""

from dataclasses import dataclass

import numpy as np

from tools.scenes.shapes.meshes import turned
from tools.scenes.things.parts import Thing, bounds, placed

CELL = 0.01
"""Side of a height-map cell in meters."""
CONTACT = 0.015
"""Largest gap in meters between a foot and a surface that it touches."""
_POINTS_PER_CELL = 5


def surface_points(thing: Thing, count: int = 6000) -> np.ndarray:
    """Return points spread over a thing's surface by area, and some vertices, shape (points, 3)."""
    corners = np.concatenate([mesh.vertices[mesh.faces] for mesh, _ in thing])
    vertices = np.concatenate([mesh.vertices for mesh, _ in thing])
    every = max(1, len(vertices) // count)
    return np.concatenate([_spread_points(corners, count), vertices[::every]])


def _spread_points(corners: np.ndarray, count: int) -> np.ndarray:
    """Return points spread over triangles (triangles, 3, 3) by area, shape (count, 3)."""
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    summed = np.cumsum(np.linalg.norm(np.cross(b - a, c - a), axis=1))
    if not len(summed) or summed[-1] <= 0:
        return corners.reshape(-1, 3)
    # Even steps over the summed area and an additive sequence need no generator.
    number = np.arange(count)
    chosen = np.searchsorted(summed, (number + 0.5) / count * summed[-1])
    chosen = np.minimum(chosen, len(corners) - 1)
    first = np.sqrt((number * 0.7548776662) % 1.0)[:, None]
    second = ((number * 0.5698402910) % 1.0)[:, None]
    along_b, along_c = first * (1 - second), first * second
    return (1 - first) * a[chosen] + along_b * b[chosen] + along_c * c[chosen]


@dataclass(frozen=True)
class Rules:
    """Conditions under which a thing lands.

    Attributes:
        room: Maximum height of the thing in meters.
        stack: Maximum height in meters of its foot above the ground, on top of other things.
        turn: Maximum angle in degrees by which it is turned away from the viewer.
        contact: Minimum share of its foot that rests on something.
        share: Maximum share of the place that a thing may cover.
    """

    room: float = 0.5
    stack: float = 0.05
    turn: float = 45.0
    contact: float = 0.45
    share: float = 0.15


@dataclass(frozen=True)
class Place:
    """Rectangle on which things may land.

    Attributes:
        low: Minimum x and y in meters.
        high: Maximum x and y in meters.
        ground: Height in meters on which things stand.
        support: Thing that they stand on; None for the floor.
        near: Point around which they gather; None for anywhere.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    ground: float = 0.0
    support: Thing | None = None
    near: tuple[float, float] | None = None

    @property
    def area(self) -> float:
        """Area in square meters."""
        return (self.high[0] - self.low[0]) * (self.high[1] - self.low[1])

    def height_map(self, rules: Rules) -> "HeightMap":
        """Return a height map of the support, or of the floor."""
        heights = HeightMap(self.low, self.high, self.ground)
        if self.support is None:
            heights.add_floor()
        else:
            heights.add_support(self.support, up_to=self.ground + max(0.03, rules.stack))
        return heights


class HeightMap:
    """Heights over a rectangle of a table, shelf or floor."""

    def __init__(self, low: tuple[float, float], high: tuple[float, float], ground: float):
        """Start without any ground, so that things dropped beside a support do not land.

        Args:
            low: Minimum x and y in meters.
            high: Maximum x and y in meters.
            ground: Height in meters on which things are meant to stand.
        """
        self._low = np.array(low)
        self._shape = np.maximum(np.ceil((np.array(high) - low) / CELL).astype(int), 1)
        self._heights = np.full(tuple(self._shape), ground - 9.0)
        self._ground = ground

    def add_floor(self) -> None:
        """Add ground everywhere."""
        self._heights = np.maximum(self._heights, self._ground)

    def add_support(self, thing: Thing, up_to: float) -> None:
        """Raise the map by the faces of a thing that lie no higher than `up_to` meters."""
        corners = np.concatenate([mesh.vertices[mesh.faces] for mesh, _ in thing])
        normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        low, high = corners.min(1), corners.max(1)
        inside = (high[:, :2] > self._low).all(1)
        inside &= (low[:, :2] < self._low + self._shape * CELL).all(1)
        inside &= (high[:, 2] <= up_to) & (np.abs(normal[:, 2]) > 1e-9)
        area = np.abs(normal[inside, 2]).sum() / 2
        self.add(_spread_points(corners[inside], int(_POINTS_PER_CELL * area / CELL**2) + 1))

    def add(self, points: np.ndarray) -> None:
        """Raise the map by points of a surface, shape (points, 3)."""
        cells = np.floor((points[:, :2] - self._low) / CELL).astype(int)
        fits = ((cells >= 0) & (cells < self._shape)).all(1)
        np.maximum.at(self._heights, tuple(cells[fits].T), points[fits, 2])

    def drop(
        self,
        rng: np.random.Generator,
        thing: Thing,
        rules: Rules,
        near: tuple[float, float] | None = None,
        tries: int = 40,
    ) -> Thing | None:
        """Drop a thing at the first of `tries` places where it lands.

        Args:
            rng: Source of randomness.
            thing: Thing that stands on z = 0.
            rules: Conditions for landing.
            near: Point around which places are tried; None tries the whole map evenly.
            tries: Number of places.

        Returns:
            The thing where it landed, or None if it landed nowhere.
        """
        # Turn the points with the thing, because finding them again for each try is slow.
        upright = surface_points(thing)
        low, high = bounds(thing)
        tall = high[2] - low[2]
        plan = np.concatenate([mesh.vertices[:, :2] for mesh, _ in thing]).T.copy()
        for attempt in range(tries):
            degrees = rng.uniform(-rules.turn, rules.turn)
            cosine, sine = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
            there = np.array([[cosine, -sine], [sine, cosine]]) @ plan
            low, high = there.min(1), there.max(1)
            free = self._shape * CELL - (high - low)
            if tall > rules.room or (free < 0).any():
                if attempt > 6:
                    return None
                continue
            share = rng.uniform(size=2)
            if near is not None:
                spread = rng.normal(0, 0.22, 2) * self._shape * CELL
                share = np.clip((near + spread - self._low - (high - low) / 2) / free, 0, 1)
            move = self._low + share * free - low
            points = turned(upright, degrees) + [*move, 0.0]
            height = self._landing(points, rules)
            if height is not None:
                self.add(points + [0, 0, height])
                return placed(thing, move[0], move[1], height, degrees)
        return None

    def _landing(self, points: np.ndarray, rules: Rules) -> float | None:
        """Return how far to lift points until they rest on the map; None if they rest badly."""
        cells = np.floor((points[:, :2] - self._low) / CELL).astype(int)
        cells = np.clip(cells, 0, self._shape - 1)
        # Use a small map of the cells around the thing, which is faster than sorting the points.
        first = cells.min(0)
        sides = cells.max(0) - first + 1
        below = np.full(sides.prod(), np.inf)
        np.minimum.at(below, (cells - first) @ [sides[1], 1], points[:, 2])
        used = np.flatnonzero(below < np.inf)
        bottom = below[used]
        index = (np.stack(np.divmod(used, sides[1]), 1) + first) @ [self._shape[1], 1]
        ground = self._heights.ravel()[index]
        lift = (ground - bottom).max()
        base = lift + bottom.min()
        if not self._ground - 0.01 < base < self._ground + rules.stack:
            return None
        foot = bottom < bottom.min() + CONTACT
        rests = lift + bottom[foot] - ground[foot] < CONTACT
        if rests.mean() < rules.contact or not self._balanced(index[foot][rests], points):
            return None
        return float(lift)

    def _balanced(self, contacts: np.ndarray, points: np.ndarray) -> bool:
        """Return whether the center of the thing is above what it rests on."""
        spots = np.stack(np.divmod(contacts, self._shape[1]), 1)
        middle = (points[:, :2].mean(0) - self._low) / CELL
        return bool((spots.min(0) - 1 <= middle).all() and (middle <= spots.max(0) + 2).all())


def footprint(thing: Thing) -> float:
    """Return the area of a thing's bounding box, seen from above, in square meters."""
    low, high = bounds(thing)
    return float(np.prod((high - low)[:2]))


def levels(thing: Thing, least: float = 0.12, share: float = 0.3) -> list[float]:
    """Return the heights in meters of the flat faces on which things can stand, lowest first.

    Args:
        thing: Table, shelf or cabinet.
        least: Minimum distance between two levels. Of closer ones, the higher counts.
        share: Minimum area of a level, relative to the thing's footprint.
    """
    corners = np.concatenate([mesh.vertices[mesh.faces] for mesh, _ in thing])
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat = np.abs(normal[:, 2]) > 0.98 * np.linalg.norm(normal, axis=1) + 1e-12
    heights = np.round(corners[flat].mean(1)[:, 2] / CELL).astype(int)
    outline = footprint(thing)
    found: list[float] = []
    for height in np.unique(heights):
        # Count both faces of a board, because models disagree on which one is outside.
        area = np.abs(normal[flat][heights == height, 2]).sum() / 2
        if area < share * outline:
            continue
        if found and height * CELL - found[-1] < least:
            found[-1] = height * CELL
        else:
            found.append(height * CELL)
    return found
