"""Path-traces sampled scenes with Mitsuba 3.

Importing this module needs Mitsuba, selects its `scalar_rgb` variant and one thread.
"""

import drjit
import mitsuba
import numpy as np

from tools.scenes.camera import View
from tools.scenes.geometry import Mesh
from tools.scenes.lighting import Flash, Panel
from tools.scenes.materials import Material
from tools.scenes.scene import Scene

mitsuba.set_variant("scalar_rgb")
mitsuba.set_log_level(mitsuba.LogLevel.Error)
# `render_scenes` renders several scenes at a time instead. Mitsuba still adds up a picture's blocks
# in the order in which they finish, so that a value can differ by rounding from time to time.
drjit.set_thread_count(1)

LIGHTS = ("flash", "ambient")
MAX_DEPTH = 4
"""Longest light path; the room's brightness hardly changes beyond."""


def _spectrum(value: np.ndarray) -> dict:
    """Mitsuba description of a colour (3,) or of a texture (height, width, 3)."""
    if value.ndim == 1:
        return {"type": "rgb", "value": [float(channel) for channel in value]}
    # Mitsuba puts the first row of a bitmap at the top.
    bitmap = mitsuba.Bitmap(np.ascontiguousarray(value[::-1], dtype=np.float32))
    return {"type": "bitmap", "bitmap": bitmap, "raw": True}


def bsdf(material: Material) -> mitsuba.BSDF:
    """Mitsuba BSDF of a material."""
    colour = _spectrum(material.reflectance)
    if material.finish == "matte":
        inner = {"type": "diffuse", "reflectance": colour}
    elif material.finish == "plastic":
        # Mitsuba's roughplastic tabulates its transmittance, which makes it slow to construct.
        inner = {"type": "principled", "base_color": colour, "specular": 0.5}
        inner["roughness"] = float(np.sqrt(material.roughness))
    elif material.finish == "mirror":
        inner = {"type": "conductor", "material": "none", "specular_reflectance": colour}
    else:
        inner = {"type": "roughconductor", "material": "none", "specular_reflectance": colour}
        inner["alpha"] = float(material.roughness)
    surface = {"type": "twosided", "nested": inner}
    if material.finish == "glass":
        # A veil of reflection over clear sight lets light through without caustic noise.
        surface = {"type": "mask", "opacity": 0.22, "nested": surface}
    return mitsuba.load_dict(surface)


def _vertex_normals(mesh: Mesh) -> np.ndarray:
    """Area-weighted vertex normals, shape (vertices, 3)."""
    a, b, c = (mesh.vertices[mesh.faces[:, corner]] for corner in range(3))
    normals = np.zeros_like(mesh.vertices)
    for corner in range(3):
        np.add.at(normals, mesh.faces[:, corner], np.cross(b - a, c - a))
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.where(length > 0, normals / np.maximum(length, 1e-20), [0.0, 0.0, 1.0])


def shape(mesh: Mesh, material: Material, glows: bool) -> mitsuba.Mesh:
    """Mitsuba mesh; `glows` tells whether the material's own light is on."""
    properties = mitsuba.Properties()
    properties["bsdf"] = bsdf(material)
    if material.emission is not None and glows:
        radiance = _spectrum(material.emission)
        properties["emitter"] = mitsuba.load_dict({"type": "area", "radiance": radiance})
    result = mitsuba.Mesh(
        "mesh",
        len(mesh.vertices),
        len(mesh.faces),
        has_vertex_normals=mesh.smooth,
        has_vertex_texcoords=True,
        props=properties,
    )
    buffers = mitsuba.traverse(result)
    buffers["vertex_positions"] = mesh.vertices.astype(np.float32).ravel()
    buffers["vertex_texcoords"] = mesh.uv.astype(np.float32).ravel()
    buffers["faces"] = mesh.faces.astype(np.uint32).ravel()
    if mesh.smooth:
        buffers["vertex_normals"] = _vertex_normals(mesh).astype(np.float32).ravel()
    buffers.update()
    return result


def _look_at(origin: np.ndarray, target: np.ndarray) -> mitsuba.ScalarTransform4f:
    """Transform of a camera or light at `origin` that looks at `target`."""
    steep = abs((target - origin)[2]) > 0.99 * np.linalg.norm(target - origin)
    up = [0, 1, 0] if steep else [0, 0, 1]
    return mitsuba.ScalarTransform4f().look_at(origin.tolist(), target.tolist(), up)


def _sensor(view: View, size: tuple[int, int], samples: int) -> dict:
    """Perspective camera; the box filter keeps every pixel independent of thread timing."""
    film = {"type": "hdrfilm", "width": size[0], "height": size[1], "pixel_format": "rgb"}
    return {
        "type": "perspective",
        "fov": view.field_of_view,
        "fov_axis": "larger",
        "near_clip": 0.01,
        "to_world": _look_at(view.origin, view.target),
        "film": {**film, "rfilter": {"type": "box"}},
        "sampler": {"type": "multijitter", "sample_count": samples},
    }


def _spot(flash: Flash) -> dict:
    """Flash as a point that shines into a cone: its shadows are sharp."""
    return {
        "type": "spot",
        "to_world": _look_at(flash.position, flash.target),
        "intensity": _spectrum(flash.colour),
        "cutoff_angle": float(flash.beam),
        "beam_width": 0.2 * float(flash.beam),
    }


def _area(panel: Panel) -> dict:
    """Rectangular light; Mitsuba's rectangle spans [-1, 1] squared."""
    size = [panel.width / 2, panel.height / 2, 1.0]
    return {
        "type": "rectangle",
        "to_world": _look_at(panel.centre, panel.centre + panel.direction)
        @ mitsuba.ScalarTransform4f().scale(size),
        "emitter": {"type": "area", "radiance": _spectrum(panel.radiance)},
    }


def trace(scene: Scene, view: View, light: str, size: tuple[int, int], samples: int) -> np.ndarray:
    """Path-trace a scene under one of its lights; pictures under several lights add up.

    Args:
        scene: The scene.
        view: The camera.
        light: "flash" or "ambient".
        size: Width and height in pixels of the upright picture.
        samples: Paths per pixel.

    Returns:
        Radiance, linear RGB, float32, shape (height, width, 3).

    Raises:
        ValueError: If the light is unknown.
    """
    if light not in LIGHTS:
        raise ValueError(f"unknown light {light!r}; choose one of {LIGHTS}")
    has_glass = any(material.finish == "glass" for _, material in scene.thing)
    world: dict = {"type": "scene", "sensor": _sensor(view, size, samples)}
    # Only the volumetric integrator lets shadow rays through masked glass.
    world["integrator"] = {"type": "volpath" if has_glass else "path", "max_depth": MAX_DEPTH}
    for number, (mesh, material) in enumerate(scene.thing):
        world[f"part_{number}"] = shape(mesh, material, glows=light == "ambient")
    if light == "flash":
        world["flash"] = _spot(scene.flash)
    else:
        for number, panel in enumerate(scene.ambient.panels):
            world[f"panel_{number}"] = _area(panel)
    image = mitsuba.render(mitsuba.load_dict(world), seed=scene.seed)
    return np.maximum(np.array(image, dtype=np.float32), 0.0)
