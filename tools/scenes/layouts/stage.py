"""Furnishes a room with models: places them, keeps track of free space, and chooses the view."""

from dataclasses import replace

import numpy as np

from tools.scenes.camera import View
from tools.scenes.layouts import composition as compose
from tools.scenes.layouts.composition import Layout
from tools.scenes.layouts.landing import Place, Rules, footprint
from tools.scenes.lighting import Panel
from tools.scenes.surfaces.imported import Surfaces
from tools.scenes.surfaces.panoramas import light_picture, seen_from_inside
from tools.scenes.things import fixtures, furniture, printed, windows
from tools.scenes.things.appliances import APPLIANCES
from tools.scenes.things.containers import CONTAINERS
from tools.scenes.things.models import Assets, thing_of
from tools.scenes.things.objects import OBJECTS
from tools.scenes.things.parts import Thing, bounds, placed, resized
from tools.scenes.things.plants import PLANTS
from tools.scenes.things.soft_goods import SOFT_GOODS
from tools.scenes.things.toys import TOYS

OWN_KINDS = {
    "table": (CONTAINERS, OBJECTS, APPLIANCES, SOFT_GOODS),
    "shelf": (OBJECTS, CONTAINERS, PLANTS, TOYS),
    "floor": (TOYS, SOFT_GOODS, CONTAINERS),
}
"""Procedural things that stand among the models, by place."""


class Stage:
    """Room, things and lights of one layout.

    Attributes:
        rng: Source of randomness.
        assets: Source of models.
        thing: Everything in the room so far.
        back: Position y of the back wall in meters.
        width: Width of the room in meters, centered at x = 0.
    """

    def __init__(
        self, rng: np.random.Generator, assets: Assets, width: float, back: float, front: float
    ):
        """Build an empty room; see `furniture.room`."""
        self.rng, self.assets = rng, assets
        self.width, self.back, self._front = width, back, front
        self.thing = furniture.room(rng, width, back, front)
        self._walls = len(self.thing)
        self._surfaces = Surfaces(int(rng.integers(2**31)))
        self._panels: list[Panel] = []

    def model(self, kind: str) -> Thing:
        """Return a random model of a kind without adding it to the room."""
        return thing_of(self.assets.pick(self.rng, kind), self._surfaces)

    def surface(self, kind: str) -> Thing:
        """Return a table, sideboard or shelf to fill: a model, or sometimes a procedural one."""
        rng = self.rng
        if rng.uniform() > 0.35:
            return self.model(kind)
        if kind == "shelf":
            boards = list(np.cumsum([rng.uniform(0.05, 0.4), *rng.uniform(0.26, 0.4, 4)]))
            return furniture.bookcase(rng, rng.uniform(0.7, 1.3), rng.uniform(0.28, 0.4), boards)
        if kind == "sideboard":
            sides = rng.uniform(0.8, 1.6), rng.uniform(0.38, 0.5), rng.uniform(0.6, 1.0)
            return furniture.chest(rng, *sides)
        return furniture.table(rng, rng.uniform(1.0, 1.7), rng.uniform(0.6, 0.9), 0.75)

    def put(self, thing: Thing, x: float, y: float, z: float = 0.0, degrees: float = 0.0) -> Thing:
        """Add a thing to the room and return it where it stands."""
        there = placed(thing, x, y, z, degrees)
        self.thing += there
        return there

    def put_by_wall(self, thing: Thing, x: float, z: float = 0.0, gap: float = 0.01) -> Thing:
        """Add a thing with its back to the back wall."""
        return self.put(thing, x, self.back - gap - bounds(thing)[1][1], z)

    def row_by_wall(self, kinds: list[str], left: float, right: float, z: float = 0.0) -> Thing:
        """Put models of random kinds side by side along the back wall, as many as fit."""
        row: Thing = []
        x = left
        while x < right:
            piece = self.model(kinds[self.rng.integers(len(kinds))])
            wide = np.ptp(np.stack(bounds(piece))[:, 0])
            if x + wide > right + 0.3:
                break
            row += self.put_by_wall(piece, x + wide / 2, z)
            x += wide
        return row

    def small_things(self, kinds: tuple[str, ...], count: int, own: str, share: float = 0.35):
        """Return things for a surface, largest first: models, and a share of procedural things.

        Args:
            kinds: Kinds of models. Models are drawn evenly, each at most once.
            count: Number of things.
            own: Key of OWN_KINDS.
            share: Share of procedural things. It is larger if the models run out.
        """
        rng = self.rng
        keys = list(dict.fromkeys(key for kind in kinds for key in self.assets.kinds[kind]))
        order = iter(rng.permutation(len(keys)))
        things = []
        for _ in range(count):
            number = next(order, None)
            if number is None or rng.uniform() < share:
                things.append(self._own_thing(own))
            else:
                model = thing_of(self.assets.model(keys[number]), self._surfaces)
                things.append(resized(model, np.exp(rng.normal(0, 0.07))))
        return sorted(things, key=lambda thing: -footprint(thing))

    def _own_thing(self, own: str) -> Thing:
        rng = self.rng
        if rng.uniform() < 0.55:
            return printed.PRINTED[rng.integers(len(printed.PRINTED))](rng, self.assets)
        return compose.pick(rng, 1, *OWN_KINDS[own])[0]

    def fill(self, things: list[Thing], place: Place, rules: Rules) -> int:
        """Drop things onto a place in the given order and return how many landed."""
        heights = place.height_map(rules)
        landed = 0
        for thing in things:
            if footprint(thing) > rules.share * place.area:
                continue
            dropped = heights.drop(self.rng, thing, rules, place.near)
            if dropped is not None:
                self.thing += dropped
                landed += 1
        return landed

    def hang_pictures(self, left: float, right: float, height: float) -> None:
        """Hang pictures side by side on the back wall, around `height` meters."""
        rng = self.rng
        x = left
        while x < right:
            picture = (
                printed.poster(rng, self.assets)
                if rng.uniform() < 0.15
                else printed.framed(rng, self.assets, rng.choice([0.2, 0.3, 0.5, 0.7]))
            )
            low, high = bounds(picture)
            z = height - high[2] / 2 + rng.uniform(-0.08, 0.08)
            tilt = rng.normal(0, 0.7)
            tilted = [(mesh.turned(tilt, "y"), material) for mesh, material in picture]
            self.put(tilted, x - low[0], self.back - 0.001, z)
            x += high[0] - low[0] + rng.uniform(0.06, 0.5)

    def hang_switches(self, x: float, height: float) -> None:
        """Hang a switch, outlet or the like on the back wall."""
        plate = self.model("wall")
        if bounds(plate)[1][2] < 0.2:
            self.put_by_wall(plate, x, height, gap=0.0)

    def add_window(self, x: float, low: float, width: float, height: float) -> None:
        """Add a window to the back wall: the view outside, a frame, and often curtains."""
        rng = self.rng
        panorama = self.assets.panorama(rng, self.assets.outdoors)
        yaw, across = rng.uniform(0, 360), rng.uniform(40, 70)
        size = (128, int(128 * height / width))
        outside = light_picture(seen_from_inside(panorama, yaw, rng.uniform(-5, 10), across, size))
        middle = np.array([x, self.back - 0.012, low + height / 2])
        self._panels.append(Panel(middle, np.array([0, -1.0, 0]), width, height, 1.0, outside))
        self.put(windows.window_frame(rng, width, height), x, self.back, low)
        if rng.uniform() < 0.7:
            self.put(windows.curtains(rng, width, low + height), x, self.back)

    def litter(self, count: int, low: tuple[float, float], high: tuple[float, float]) -> None:
        """Scatter crumpled cloth, cables and the like on the floor."""
        tables = (SOFT_GOODS, {"tangle": APPLIANCES["tangle"]}, CONTAINERS)
        self.fill(compose.pick(self.rng, count, *tables), Place(low, high), Rules(turn=180))

    def layout(
        self,
        target: tuple[float, float, float],
        distance: float,
        rise: float,
        stop: float = 0.4,
    ) -> Layout:
        """Return the finished layout, from a camera position with a free line of sight.

        The last of 20 positions is used if none of them has one.

        Args:
            target: Center of the picture in meters.
            distance: Distance from the lens to it in meters, for a field of view of 58 degrees.
            rise: Elevation of the lens above it in degrees.
            stop: Share of the line of sight, at the target's end, where something may stand.
        """
        vertices = np.concatenate([mesh.vertices for mesh, _ in self.thing[self._walls :]])
        for _ in range(20):
            view = compose.look(self.rng, distance, rise + self.rng.uniform(-4, 4), target, turn=30)
            view = replace(view, roll=self.rng.normal(0, 2.5))
            room = Layout(self.thing, view, self.width, self.back, self._front, tuple(self._panels))
            room = compose.within_walls(room)
            if _sees_its_target(room.view, vertices, stop):
                break
        return room


def _sees_its_target(view: View, vertices: np.ndarray, stop: float) -> bool:
    """Return whether no vertex is near the lens or the line of sight, except in its last part."""
    offset = vertices - view.origin
    along = offset @ view.forward
    aside = np.linalg.norm(offset - along[:, None] * view.forward, axis=1)
    reach = np.linalg.norm(view.target - view.origin)
    blocked = (along > 0) & (along < (1 - stop) * reach) & (aside < 0.1 + 0.35 * along)
    return not blocked.any()


def tiled_wall(stage: Stage, low: float, height: float) -> None:
    """Tile the back wall of a kitchen or bathroom."""
    splash = fixtures.backsplash(stage.rng, stage.width, height)
    stage.put(splash, 0, stage.back - 0.002, low)
