"""Path-traces a flat scene under all its lights at once, each in a picture of its own.

A path is shared by the lights. At its first corner every light is asked for what it sends there,
at later ones a few that are drawn, which count for the others. The program is compiled once and
serves every scene, camera and flash.
"""

from dataclasses import dataclass

import drjit as dr
import mitsuba as mi
import numpy as np

from tools.scenes.camera import View
from tools.scenes.lighting import Flash
from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first
from tools.scenes.rendering.flat_scene import FlatScene
from tools.scenes.rendering.surface_light import Finish

CORNERS = 3
"""Surfaces that a path meets before its light ends."""
ASKED_LATER = 3
"""Lights that are asked at each corner but the first."""
SHEETS = 5
"""Transparent sheets that a ray passes before the next one counts as solid."""
_STEPS = 0.8191725134, 0.6710436067, 0.5497004779
"""Kronecker's sequence in three dimensions: from one path of a pixel to the next."""
_NEAR = 1e-4


@dataclass(frozen=True)
class Traced:
    """Pictures of one view.

    Attributes:
        lights: Radiance under the flash, then under each light, float32,
            (1 + lights, height, width, 3).
        albedo: Reflectance of what is seen, float32, (height, width, 3).
        normal: Unit vectors in the room's axes towards the lens, float32, (height, width, 3).
        distance: From the lens in meters, float32, (height, width); 0 where nothing is.
    """

    lights: np.ndarray
    albedo: np.ndarray
    normal: np.ndarray
    distance: np.ndarray


class World:
    """A scene ready to be traced from any place."""

    def __init__(self, flat: FlatScene):
        """Load a scene.

        Raises:
            RuntimeError: If no LLVM is there for the compiled variant.
        """
        if not mi.variant().startswith("llvm"):
            raise RuntimeError("views need LLVM 16 or newer; on Debian: apt-get install libllvm19")
        mesh = mi.Mesh("room", len(flat.vertices), len(flat.faces))
        buffers = mi.traverse(mesh)
        buffers["vertex_positions"] = flat.vertices.ravel()
        buffers["faces"] = flat.faces.ravel()
        buffers.update()
        self._scene = mi.load_dict({"type": "scene", "room": mesh})
        self._lights = len(flat.light_starts) - 1
        self._faces = mi.UInt32(flat.faces.ravel())
        self._positions = mi.Float(flat.vertices.ravel())
        self._normals = mi.Float(flat.normals.ravel())
        self._uv = mi.Float(flat.uv.ravel())
        self._face_material = mi.UInt32(flat.face_material)
        self._face_light = mi.UInt32(flat.face_light)
        self._face_density = mi.Float(flat.face_density)
        self._materials = mi.Float(flat.materials.ravel())
        self._textures = mi.UInt32(flat.textures.ravel())
        self._texels = mi.Float(flat.texels)
        self._light_faces = mi.UInt32(flat.light_faces)
        self._light_shares = mi.Float(flat.light_shares)
        self._light_starts = mi.UInt32(flat.light_starts)

    def trace(
        self, view: View, flash: Flash, size: tuple[int, int], *, samples: int, seed: int
    ) -> Traced:
        """Pictures from one place.

        Args:
            view: The camera.
            flash: The camera's flash.
            size: Width and height in pixels.
            samples: Paths per pixel.
            seed: Of the paths.
        """
        width, height = size
        camera = _Camera(view, flash, size, samples)
        pixels = dr.arange(mi.UInt32, width * height * samples)
        sums = _follow(self, camera, pixels, dr.opaque(mi.UInt32, seed & 0xFFFFFFFF))
        # All at once: else every sum is a program of its own, which follows all the paths again.
        dr.eval(sums)
        means = [dr.block_sum(value, samples) / camera.samples_float for value in sums]
        dr.eval(means)
        image = np.stack([np.array(value) for value in means], -1).reshape(height, width, -1)
        image = np.nan_to_num(image, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
        lights = image[..., : 3 * (self._lights + 1)].reshape(height, width, -1, 3)
        normal = image[..., -4:-1]
        length = np.linalg.norm(normal, axis=-1, keepdims=True)
        return Traced(
            np.ascontiguousarray(lights.transpose(2, 0, 1, 3)),
            np.ascontiguousarray(np.clip(image[..., -7:-4], 0, 1)),
            np.ascontiguousarray(normal / np.maximum(length, 1e-6)),
            image[..., -1],
        )

    def texture(
        self, row: mi.UInt32, which: int, uv: mi.Point2f, channels: int, active: mi.Bool
    ) -> list[mi.Float]:
        """Look up the color (0), emission (1) or opacity (2) of materials."""
        offset, width, height = (
            dr.gather(mi.UInt32, self._textures, 9 * row + 3 * which + part, active)
            for part in range(3)
        )
        x = dr.minimum(mi.UInt32((uv.x - dr.floor(uv.x)) * mi.Float(width)), width - 1)
        y = dr.minimum(mi.UInt32((uv.y - dr.floor(uv.y)) * mi.Float(height)), height - 1)
        place = offset + channels * (y * width + x)
        return [dr.gather(mi.Float, self._texels, place + i, active) for i in range(channels)]

    def corners(self, face: mi.UInt32, active: mi.Bool) -> list[mi.UInt32]:
        """Numbers of a face's vertices."""
        return [dr.gather(mi.UInt32, self._faces, 3 * face + i, active) for i in range(3)]

    def between(
        self, source: mi.Float, size: int, corners: list, weights: list, active: mi.Bool
    ) -> list[mi.Float]:
        """What vertices hold, at a place inside their face."""
        return [
            sum(
                weight * dr.gather(mi.Float, source, size * corner + part, active)
                for corner, weight in zip(corners, weights, strict=True)
            )
            for part in range(size)
        ]

    def opacity(self, face: mi.UInt32, spot: mi.Point2f, active: mi.Bool) -> mi.Float:
        """Share of light that a face stops."""
        corners = self.corners(face, active)
        weights = [1 - spot.x - spot.y, spot.x, spot.y]
        uv = mi.Point2f(*self.between(self._uv, 2, corners, weights, active))
        row = dr.gather(mi.UInt32, self._face_material, face, active)
        return self.texture(row, 2, uv, 1, active)[0]


class _Camera:
    """Camera and flash as numbers that no program knows in advance."""

    def __init__(self, view: View, flash: Flash, size: tuple[int, int], samples: int):
        reach = np.tan(np.radians(view.field_of_view / 2))
        width, height = size
        self.samples = dr.opaque(mi.UInt32, samples)
        self.samples_float = dr.opaque(mi.Float, float(samples))
        self.width, self.height = dr.opaque(mi.UInt32, width), dr.opaque(mi.UInt32, height)
        self.origin = _opaque(mi.Point3f, view.origin)
        self.forward = _opaque(mi.Vector3f, view.forward)
        self.right = _opaque(mi.Vector3f, view.right * reach * width / max(size))
        self.up = _opaque(mi.Vector3f, view.up * reach * height / max(size))
        aim = flash.target - flash.position
        self.flash = _opaque(mi.Point3f, flash.position)
        self.flash_aim = _opaque(mi.Vector3f, aim / np.linalg.norm(aim))
        self.beam = dr.opaque(mi.Float, float(np.radians(flash.beam)))

    def flash_strength(self, place: mi.Point3f) -> mi.Float:
        """Brightness of the flash towards a place; it falls off to the edge of its beam."""
        cosine = dr.dot(dr.normalize(place - self.flash), self.flash_aim)
        angle = dr.acos(dr.clip(cosine, -1.0, 1.0))
        return dr.clip((self.beam - angle) / (0.9 * self.beam), 0.0, 1.0)


def _opaque(kind: type, value: np.ndarray) -> mi.Vector3f:
    return dr.opaque(kind, [float(part) for part in value])


@dr.syntax
def _passed(world: World, start: mi.Point3f, end: mi.Point3f, active: mi.Bool) -> mi.Float:
    """Share of light that goes straight from one place to another."""
    way = end - start
    length = dr.norm(way)
    ray = mi.Ray3f(start, way / length)
    ray.maxt = length * (1 - 1e-3)
    share = dr.select(active, mi.Float(1.0), 0.0)
    left = mi.UInt32(SHEETS)
    going = mi.Bool(active)
    while going:
        hit = world._scene.ray_intersect_preliminary(ray, False, going)
        met = going & hit.is_valid()
        opacity = world.opacity(hit.prim_index, hit.prim_uv, met)
        share = dr.select(met, share * (1 - opacity), share)
        left -= 1
        share = dr.select(met & (left == 0), 0.0, share)
        going = met & (share > 0.01)
        onward = hit.t + _NEAR
        ray.o = dr.select(going, ray.o + ray.d * onward, ray.o)
        ray.maxt = dr.select(going, ray.maxt - onward, ray.maxt)
    return dr.select(share > 0.01, share, 0.0)


def _fraction(value: mi.Float) -> mi.Float:
    return value - dr.floor(value)


def _drawn_numbers(rng: mi.PCG32, step: mi.Vector3f) -> mi.Point3f:
    """Three numbers in [0, 1), spread evenly over the paths of a pixel."""
    return mi.Point3f([_fraction(rng.next_float32() + part) for part in step])


@dr.syntax
def _follow(world: World, camera: _Camera, index: mi.UInt32, seed: mi.UInt32) -> list[mi.Float]:
    """Radiance under each light, then albedo, normal and distance, of each path."""
    number, path = index // camera.samples, index % camera.samples
    # The paths of a pixel share their numbers but for a step of each from the one before.
    state, stream = mi.sample_tea_32(number, seed)
    rng = mi.PCG32(1)
    rng.state = mi.UInt64(state) << 32 | mi.UInt64(stream)
    rng.inc = mi.UInt64(number) * 2 + 1
    rng.next_float32()
    step = mi.Vector3f([_fraction(mi.Float(path) * part) for part in _STEPS])
    column, row = number % camera.width, number // camera.width
    inside = _drawn_numbers(rng, step)
    x = 2 * (mi.Float(column) + inside.x) / mi.Float(camera.width) - 1
    y = 1 - 2 * (mi.Float(row) + inside.y) / mi.Float(camera.height)
    direction = dr.normalize(camera.forward + x * camera.right + y * camera.up)
    ray = mi.Ray3f(camera.origin, direction)
    count = world._lights
    light = [mi.Color3f(0.0) for _ in range(count + 1)]
    albedo, seen_normal, distance = mi.Color3f(0.0), mi.Vector3f(0.0), mi.Float(0.0)
    weight, density = mi.Color3f(1.0), mi.Float(0.0)
    corner, sheets = mi.UInt32(0), mi.UInt32(0)
    gone = mi.Float(0.0)
    active = mi.Bool(True)
    while active:
        hit = world._scene.ray_intersect_preliminary(ray, False, active)
        active &= hit.is_valid()
        face = hit.prim_index
        spot = [1 - hit.prim_uv.x - hit.prim_uv.y, hit.prim_uv.x, hit.prim_uv.y]
        vertices = world.corners(face, active)
        a, b, c = (
            mi.Point3f([dr.gather(mi.Float, world._positions, 3 * v + i, active) for i in range(3)])
            for v in vertices
        )
        place = a * spot[0] + b * spot[1] + c * spot[2]
        flat = dr.normalize(dr.cross(b - a, c - a))
        normal = mi.Vector3f(world.between(world._normals, 3, vertices, spot, active))
        normal = dr.normalize(normal + 1e-9 * flat)
        uv = mi.Point2f(*world.between(world._uv, 2, vertices, spot, active))
        material = dr.gather(mi.UInt32, world._face_material, face, active)
        gone += hit.t
        # What shines itself, weighed against being drawn as a light.
        owner = dr.gather(mi.UInt32, world._face_light, face, active)
        shining = active & (owner < count)
        emission = mi.Color3f(world.texture(material, 1, uv, 3, shining))
        cosine = dr.abs(dr.dot(flat, ray.d))
        drawn = dr.gather(mi.Float, world._face_density, face, shining)
        drawn = drawn * dr.square(gone) / dr.maximum(cosine, 1e-4)
        share = dr.select(corner == 0, 1.0, density / (density + drawn))
        shining &= dr.dot(normal, ray.d) < 0
        emission = dr.select(shining, weight * emission * share, 0.0)
        for i in range(count):
            light[i + 1] += dr.select(owner == i, emission, 0.0)
        solid = world.texture(material, 2, uv, 1, active)[0]
        through = active & (_fraction(rng.next_float32() + step.x) >= solid) & (sheets < SHEETS)
        sheets = dr.select(through, sheets + 1, sheets)
        surface = active & ~through
        # Both sides are alike.
        behind = dr.dot(flat, ray.d) > 0
        flat = dr.select(behind, -flat, flat)
        normal = dr.select(dr.dot(normal, flat) < 0, -normal, normal)
        to_viewer = -ray.d
        normal = dr.select(
            dr.dot(normal, to_viewer) < 0.02,
            dr.normalize(normal + to_viewer * (0.02 - dr.dot(normal, to_viewer))),
            normal,
        )
        values = [
            dr.gather(mi.Float, world._materials, 4 * material + i, surface) for i in range(4)
        ]
        colour = mi.Color3f(world.texture(material, 0, uv, 3, surface))
        finish = Finish(colour, *values)
        first = surface & (corner == 0)
        albedo = dr.select(first, colour, albedo)
        seen_normal = dr.select(first, normal, seen_normal)
        distance = dr.select(first, gone, distance)
        start = place + flat * _NEAR * dr.maximum(1.0, hit.t)
        last = corner + 1 == CORNERS
        # The flash.
        toward = camera.flash - start
        squared = dr.squared_norm(toward)
        toward /= dr.sqrt(squared)
        share, _ = finish.reflected(normal, to_viewer, toward)
        strength = camera.flash_strength(start) / squared
        lit = surface & (strength > 0) & (dr.dot(flat, toward) > 0) & (dr.max(share) > 0)
        light[0] += weight * share * strength * _passed(world, start, camera.flash, lit)
        # One face of each light that is asked; of all in turn, wherever one begins.
        asked = dr.select(corner == 0, mi.UInt32(count), ASKED_LATER)
        likely = mi.Float(asked) / count
        which = mi.UInt32(_fraction(rng.next_float32() + step.x) * count)
        which = dr.minimum(which, count - 1)
        while surface & (asked > 0):
            end, power, chance, out = _drawn(world, which, _drawn_numbers(rng, step), surface)
            toward = end - start
            squared = dr.squared_norm(toward)
            toward /= dr.sqrt(squared)
            cosine = dr.abs(dr.dot(out[0], toward))
            chance *= squared / dr.maximum(cosine, 1e-5)
            share, other = finish.reflected(normal, to_viewer, toward)
            share *= power / dr.maximum(chance * likely, 1e-8)
            share *= dr.select(last, 1.0, chance / dr.maximum(chance + other, 1e-8))
            lit = surface & (chance > 0) & (dr.dot(out[1], toward) < 0)
            lit &= (dr.dot(flat, toward) > 0) & (dr.max(share) > 0)
            sent = dr.select(lit, weight * share * _passed(world, start, end, lit), 0.0)
            for i in range(count):
                light[i + 1] += dr.select(which == i, sent, 0.0)
            which = dr.select(which + 1 == count, 0, which + 1)
            asked -= 1
        onward = finish.sampled(normal, to_viewer, _drawn_numbers(rng, step))
        share, new = finish.reflected(normal, to_viewer, onward)
        share = dr.select(new > 0, share / dr.maximum(new, 1e-8), 0.0)
        weight = dr.select(surface, weight * share, weight)
        density = dr.select(surface, new, density)
        gone = dr.select(surface, 0.0, gone)
        corner = dr.select(surface, corner + 1, corner)
        active &= through | (
            (corner < CORNERS) & (dr.max(weight) > 1e-4) & (dr.dot(flat, onward) > 0)
        )
        ray.o = dr.select(through, place + ray.d * _NEAR, start)
        ray.d = dr.select(through, ray.d, onward)
    parts = []
    for value in light:
        parts += [value.x, value.y, value.z]
    parts += [albedo.x, albedo.y, albedo.z, seen_normal.x, seen_normal.y, seen_normal.z]
    return [*parts, distance]


@dr.syntax
def _drawn(
    world: World, light: mi.UInt32, numbers: mi.Point3f, active: mi.Bool
) -> tuple[mi.Point3f, mi.Color3f, mi.Float, tuple[mi.Vector3f, mi.Vector3f]]:
    """A place on a light: position, radiance, density per square meter, both its normals.

    The density of a light without any face is 0.
    """
    low = dr.gather(mi.UInt32, world._light_starts, light, active)
    end = dr.gather(mi.UInt32, world._light_starts, light + 1, active)
    active = active & (low < end)
    high = dr.maximum(end, low + 1) - 1
    steps = mi.UInt32(0)
    while (steps < 16) & (low < high):
        middle = (low + high) // 2
        above = dr.gather(mi.Float, world._light_shares, middle, active) < numbers.x
        low = dr.select(above, middle + 1, low)
        high = dr.select(above, high, middle)
        steps += 1
    face = dr.gather(mi.UInt32, world._light_faces, low, active)
    root = dr.sqrt(numbers.y)
    spot = [1 - root, root * (1 - numbers.z), root * numbers.z]
    vertices = world.corners(face, active)
    a, b, c = (
        mi.Point3f([dr.gather(mi.Float, world._positions, 3 * i + j, active) for j in range(3)])
        for i in vertices
    )
    place = a * spot[0] + b * spot[1] + c * spot[2]
    flat = dr.normalize(dr.cross(b - a, c - a))
    normal = mi.Vector3f(world.between(world._normals, 3, vertices, spot, active))
    uv = mi.Point2f(*world.between(world._uv, 2, vertices, spot, active))
    material = dr.gather(mi.UInt32, world._face_material, face, active)
    power = mi.Color3f(world.texture(material, 1, uv, 3, active))
    density = dr.gather(mi.Float, world._face_density, face, active)
    return place, power, density, (flat, normal)
