"""Path-traces a flat scene under all its lights at once, into one picture per light.

All lights share the paths. At the first surface of a path, every light is sampled. At later
surfaces a few randomly drawn lights are sampled, with weights that make up for the others. The
program is compiled once and works for every scene, camera and flash.
"""

from dataclasses import dataclass

import drjit as dr
import mitsuba as mi
import numpy as np

from tools.scenes.camera import View
from tools.scenes.lighting import Flash
from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first
from tools.scenes.rendering.light_rays import NEAR, SHEETS, drawn_place, passed
from tools.scenes.rendering.loaded_scene import LoadedScene
from tools.scenes.rendering.surface_light import Finish
from tools.scenes.rendering.traced_camera import TracedCamera

CORNERS = 3
"""Maximum number of surfaces that a path reaches."""
ASKED_LATER = 3
"""Number of lights that are sampled at each surface of a path after the first."""
_STEPS = 0.8191725134, 0.6710436067, 0.5497004779
"""Steps of a Kronecker sequence in three dimensions, from one path of a pixel to the next."""


@dataclass(frozen=True)
class Traced:
    """Pictures of one view.

    Attributes:
        lights: Radiance under the flash, then under each light, float32,
            (1 + lights, height, width, 3).
        albedo: Reflectance of the visible surfaces, float32, (height, width, 3).
        normal: Unit normals in the room's axes, toward the lens, float32, (height, width, 3).
        distance: Distance from the lens in meters, float32, (height, width); 0 without a surface.
    """

    lights: np.ndarray
    albedo: np.ndarray
    normal: np.ndarray
    distance: np.ndarray


class World(LoadedScene):
    """Scene that can be traced from any camera position."""

    def trace(
        self, view: View, flash: Flash, size: tuple[int, int], *, samples: int, seed: int
    ) -> Traced:
        """Trace the pictures of one view.

        Args:
            view: The camera.
            flash: The camera's flash.
            size: Width and height in pixels.
            samples: Paths per pixel.
            seed: Seed of the paths.
        """
        width, height = size
        camera = TracedCamera(view, flash, size, samples)
        pixels = dr.arange(mi.UInt32, width * height * samples)
        sums = _follow(self, camera, pixels, dr.opaque(mi.UInt32, seed & 0xFFFFFFFF))
        # Evaluate all sums at once. Otherwise each becomes a kernel that traces all paths again.
        dr.eval(sums)
        means = [dr.block_sum(value, samples) / camera.samples_float for value in sums]
        dr.eval(means)
        image = np.stack([np.array(value) for value in means], -1).reshape(height, width, -1)
        image = np.nan_to_num(image, nan=0.0, posinf=0.0, neginf=0.0).astype(np.float32)
        lights = image[..., : 3 * (self.lights + 1)].reshape(height, width, -1, 3)
        normal = image[..., -4:-1]
        length = np.linalg.norm(normal, axis=-1, keepdims=True)
        return Traced(
            np.ascontiguousarray(lights.transpose(2, 0, 1, 3)),
            np.ascontiguousarray(np.clip(image[..., -7:-4], 0, 1)),
            np.ascontiguousarray(normal / np.maximum(length, 1e-6)),
            image[..., -1],
        )


def _fraction(value: mi.Float) -> mi.Float:
    return value - dr.floor(value)


def _drawn_numbers(rng: mi.PCG32, step: mi.Vector3f) -> mi.Point3f:
    """Return three numbers in [0, 1), spread evenly over the paths of a pixel."""
    return mi.Point3f([_fraction(rng.next_float32() + part) for part in step])


@dr.syntax
def _follow(
    world: World, camera: TracedCamera, index: mi.UInt32, seed: mi.UInt32
) -> list[mi.Float]:
    """Trace each path. Return its radiance under each light, then albedo, normal and distance."""
    number, path = index // camera.samples, index % camera.samples
    # The paths of a pixel share their random numbers, shifted by one step per path.
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
    count = world.lights
    light = [mi.Color3f(0.0) for _ in range(count + 1)]
    albedo, seen_normal, distance = mi.Color3f(0.0), mi.Vector3f(0.0), mi.Float(0.0)
    weight, density = mi.Color3f(1.0), mi.Float(0.0)
    corner, sheets = mi.UInt32(0), mi.UInt32(0)
    gone = mi.Float(0.0)
    active = mi.Bool(True)
    while active:
        hit = world.scene.ray_intersect_preliminary(ray, False, active)
        active &= hit.is_valid()
        face = hit.prim_index
        spot = [1 - hit.prim_uv.x - hit.prim_uv.y, hit.prim_uv.x, hit.prim_uv.y]
        place, flat, normal, uv = world.place_on(face, spot, active)
        normal = dr.normalize(normal + 1e-9 * flat)
        material = dr.gather(mi.UInt32, world.face_material, face, active)
        gone += hit.t
        # Emission of the surface, with a multiple-importance weight against light sampling.
        owner = dr.gather(mi.UInt32, world.face_light, face, active)
        shining = active & (owner < count)
        emission = mi.Color3f(world.texture(material, 1, uv, 3, shining))
        cosine = dr.abs(dr.dot(flat, ray.d))
        drawn = dr.gather(mi.Float, world.face_density, face, shining)
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
        # Surfaces are two-sided.
        behind = dr.dot(flat, ray.d) > 0
        flat = dr.select(behind, -flat, flat)
        normal = dr.select(dr.dot(normal, flat) < 0, -normal, normal)
        to_viewer = -ray.d
        normal = dr.select(
            dr.dot(normal, to_viewer) < 0.02,
            dr.normalize(normal + to_viewer * (0.02 - dr.dot(normal, to_viewer))),
            normal,
        )
        values = [dr.gather(mi.Float, world.materials, 4 * material + i, surface) for i in range(4)]
        color = mi.Color3f(world.texture(material, 0, uv, 3, surface))
        finish = Finish(color, *values)
        first = surface & (corner == 0)
        albedo = dr.select(first, color, albedo)
        seen_normal = dr.select(first, normal, seen_normal)
        distance = dr.select(first, gone, distance)
        start = place + flat * NEAR * dr.maximum(1.0, hit.t)
        last = corner + 1 == CORNERS
        # Direct light from the flash.
        toward = camera.flash - start
        squared = dr.squared_norm(toward)
        toward /= dr.sqrt(squared)
        share, _ = finish.reflected(normal, to_viewer, toward)
        strength = camera.flash_strength(start) / squared
        lit = surface & (strength > 0) & (dr.dot(flat, toward) > 0) & (dr.max(share) > 0)
        light[0] += weight * share * strength * passed(world, start, camera.flash, lit)
        # Sample a face of each light in turn, from a random first light.
        asked = dr.select(corner == 0, mi.UInt32(count), ASKED_LATER)
        likely = mi.Float(asked) / count
        which = mi.UInt32(_fraction(rng.next_float32() + step.x) * count)
        which = dr.minimum(which, count - 1)
        while surface & (asked > 0):
            end, power, chance, out = drawn_place(world, which, _drawn_numbers(rng, step), surface)
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
            sent = dr.select(lit, weight * share * passed(world, start, end, lit), 0.0)
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
        ray.o = dr.select(through, place + ray.d * NEAR, start)
        ray.d = dr.select(through, ray.d, onward)
    parts = []
    for value in light:
        parts += [value.x, value.y, value.z]
    parts += [albedo.x, albedo.y, albedo.z, seen_normal.x, seen_normal.y, seen_normal.z]
    return [*parts, distance]
