"""Traces the geometry that a camera sees: distances, normals and flash shadows."""

import drjit
import mitsuba
import numpy as np

from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first

SAMPLES = 8
"""Rays per pixel in the compiled variants. The scalar variant uses one."""
_MOST_SHEETS = 2
"""Transparent layers that a ray passes before the next one counts as solid."""


def trace_geometry(
    scene: mitsuba.Scene, size: tuple[int, int], *, flash: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """Trace maps of what a scene's camera sees through glass and the holes of masks.

    Args:
        scene: The scene. Its first sensor is the camera.
        size: Width and height in pixels.
        flash: Position of the flash in meters, shape (3,).
        seed: Seed of the ray positions within their pixels.

    Returns:
        "distance" from the lens in meters, float32, (height, width), infinite without a surface;
        "normal", unit vectors in the room's axes toward the lens, float32, (height, width, 3);
        "flash_visibility", share in [0, 1] of a pixel that the flash reaches, (height, width).
    """
    width, height = size
    scalar = mitsuba.variant().startswith("scalar")
    count = 1 if scalar else SAMPLES
    pixel = np.arange(width * height).repeat(count)
    jitter = np.random.default_rng(seed).uniform(size=(len(pixel), 2))
    places = (np.stack([pixel % width, pixel // width], 1) + jitter) / [width, height]
    point = mitsuba.Point3f([float(value) for value in flash])
    if scalar:
        rays = [_follow(scene, mitsuba.Point2f(place.tolist()), point) for place in places]
        distance, normal, visible = (np.array(column) for column in zip(*rays, strict=True))
    else:
        spots = mitsuba.Point2f(*places.T.astype(np.float32))
        distance, normal, visible = (np.array(value) for value in _follow(scene, spots, point))
        normal = normal.T
    shape = (height, width, count)
    mean_normal = normal.reshape(*shape, 3).mean(2)
    length = np.linalg.norm(mean_normal, axis=-1, keepdims=True)
    return {
        "distance": np.median(distance.reshape(shape), axis=2).astype(np.float32),
        "normal": (mean_normal / np.maximum(length, 1e-6)).astype(np.float32),
        "flash_visibility": visible.reshape(shape).mean(2).astype(np.float32),
    }


def _follow(scene: mitsuba.Scene, place: mitsuba.Point2f, flash: mitsuba.Point3f) -> tuple:
    """Return distance, normal and flash visibility of what is seen at film positions in [0, 1]."""
    sensor = scene.sensors()[0]
    ray, _ = sensor.sample_ray(0.0, 0.5, place, mitsuba.Point2f(0.5))
    seen, _ = _first_solid(scene, ray, mitsuba.Bool(True))
    valid = seen.is_valid()
    origin = sensor.world_transform().translation()
    distance = drjit.select(valid, drjit.norm(seen.p - origin), float("inf"))
    normal = seen.sh_frame.n
    normal = drjit.select(drjit.dot(normal, ray.d) > 0, -normal, normal)
    _, blocked = _first_solid(scene, seen.spawn_ray_to(flash), valid)
    return distance, normal, drjit.select(valid & ~blocked, 1.0, 0.0)


def _first_solid(
    scene: mitsuba.Scene, ray: mitsuba.Ray3f, active: mitsuba.Bool
) -> tuple[mitsuba.SurfaceInteraction3f, mitsuba.Bool]:
    """Return the first surface along a ray that blocks most light, and whether there is one."""
    hit = scene.ray_intersect(ray, active)
    for _ in range(_MOST_SHEETS):
        through = active & hit.is_valid()
        through &= drjit.mean(hit.bsdf().eval_null_transmission(hit, through)) > 0.5
        if not drjit.any(through):
            break
        onward = hit.spawn_ray(ray.d)
        # Keep the end point of a ray to the flash.
        onward.maxt = ray.maxt - hit.t
        further = scene.ray_intersect(onward, through)
        ray = drjit.select(through, onward, ray)
        hit = drjit.select(through, further, hit)
    return hit, active & hit.is_valid()
