"""Samples points on lights, and traces how much of their light arrives."""

import drjit as dr
import mitsuba as mi

from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first
from tools.scenes.rendering.loaded_scene import LoadedScene

SHEETS = 5
"""Transparent layers that a ray passes before the next one counts as solid."""
NEAR = 1e-4


@dr.syntax
def passed(world: LoadedScene, start: mi.Point3f, end: mi.Point3f, active: mi.Bool) -> mi.Float:
    """Return the share of light that passes straight from one point to another."""
    way = end - start
    length = dr.norm(way)
    ray = mi.Ray3f(start, way / length)
    ray.maxt = length * (1 - 1e-3)
    share = dr.select(active, mi.Float(1.0), 0.0)
    left = mi.UInt32(SHEETS)
    going = mi.Bool(active)
    while going:
        hit = world.scene.ray_intersect_preliminary(ray, False, going)
        met = going & hit.is_valid()
        opacity = world.opacity(hit.prim_index, hit.prim_uv, met)
        share = dr.select(met, share * (1 - opacity), share)
        left -= 1
        share = dr.select(met & (left == 0), 0.0, share)
        going = met & (share > 0.01)
        onward = hit.t + NEAR
        ray.o = dr.select(going, ray.o + ray.d * onward, ray.o)
        ray.maxt = dr.select(going, ray.maxt - onward, ray.maxt)
    return dr.select(share > 0.01, share, 0.0)


@dr.syntax
def drawn_place(
    world: LoadedScene, light: mi.UInt32, numbers: mi.Point3f, active: mi.Bool
) -> tuple[mi.Point3f, mi.Color3f, mi.Float, tuple[mi.Vector3f, mi.Vector3f]]:
    """Sample a point on a light.

    Returns its position, radiance, density per square meter, and the normals of the face and of its
    vertices. The density is 0 for a light without faces.
    """
    low = dr.gather(mi.UInt32, world.light_starts, light, active)
    end = dr.gather(mi.UInt32, world.light_starts, light + 1, active)
    active = active & (low < end)
    high = dr.maximum(end, low + 1) - 1
    steps = mi.UInt32(0)
    while (steps < 16) & (low < high):
        middle = (low + high) // 2
        above = dr.gather(mi.Float, world.light_shares, middle, active) < numbers.x
        low = dr.select(above, middle + 1, low)
        high = dr.select(above, high, middle)
        steps += 1
    face = dr.gather(mi.UInt32, world.light_faces, low, active)
    root = dr.sqrt(numbers.y)
    spot = [1 - root, root * (1 - numbers.z), root * numbers.z]
    place, flat, normal, uv = world.place_on(face, spot, active)
    material = dr.gather(mi.UInt32, world.face_material, face, active)
    power = mi.Color3f(world.texture(material, 1, uv, 3, active))
    density = dr.gather(mi.Float, world.face_density, face, active)
    return place, power, density, (flat, normal)
