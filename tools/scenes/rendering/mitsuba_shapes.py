"""Converts meshes and materials to Mitsuba 3 shapes, for whichever variant is selected."""

import mitsuba
import numpy as np

from tools.scenes.shapes.meshes import Mesh, vertex_normals
from tools.scenes.surfaces.materials import Material


def spectrum(value: np.ndarray) -> dict:
    """Return Mitsuba's description of a color (3,) or a texture (height, width, 1 or 3)."""
    if value.ndim == 1:
        return {"type": "rgb", "value": [float(channel) for channel in value]}
    # The first row of a bitmap lies at v = 0, which is the bottom of this project's meshes.
    bitmap = mitsuba.Bitmap(np.ascontiguousarray(value, dtype=np.float32))
    return {"type": "bitmap", "bitmap": bitmap, "raw": True}


def bsdf(material: Material) -> mitsuba.BSDF:
    """Return the Mitsuba BSDF of a material."""
    color = spectrum(material.reflectance)
    inner: dict[str, object]
    if material.finish == "matte":
        inner = {"type": "diffuse", "reflectance": color}
    elif material.finish == "plastic":
        # Mitsuba's roughplastic tabulates its transmittance, which makes it slow to construct.
        inner = {"type": "principled", "base_color": color, "specular": 0.5}
        inner["roughness"] = float(np.sqrt(material.roughness))
    elif material.finish == "velvet":
        inner = {"type": "principled", "base_color": color, "specular": 0.2, "sheen": 1.0}
        inner |= {"sheen_tint": 0.5, "roughness": float(material.roughness)}
    elif material.finish == "mirror":
        inner = {"type": "conductor", "material": "none", "specular_reflectance": color}
    elif material.finish == "glass" and material.opacity >= 0.35:
        inner = {"type": "principled", "base_color": color, "specular": 0.6}
        inner["roughness"] = float(np.sqrt(material.roughness))
    else:
        inner = {"type": "roughconductor", "material": "none", "specular_reflectance": color}
        inner["alpha"] = float(material.roughness)
    surface: dict[str, object] = {"type": "twosided", "nested": inner}
    if material.finish == "glass":
        # A partly transparent reflective layer lets light through without caustic noise.
        surface = {"type": "mask", "opacity": float(material.opacity), "nested": surface}
    if material.mask is not None:
        surface = {"type": "mask", "opacity": spectrum(material.mask[..., None]), "nested": surface}
    return mitsuba.load_dict(surface)


def shape(mesh: Mesh, material: Material, glows: bool) -> mitsuba.Mesh:
    """Return a Mitsuba mesh. `glows` says whether the material's own light is on."""
    properties = mitsuba.Properties()
    properties["bsdf"] = bsdf(material)
    if material.emission is not None and glows:
        radiance = spectrum(material.emission)
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
        normals = vertex_normals(mesh)
        buffers["vertex_normals"] = normals.astype(np.float32).ravel()
    buffers.update()
    return result
