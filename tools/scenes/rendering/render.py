"""Path-traces a scene under each of its lights with Mitsuba 3 and denoises the pictures.

Importing this module requires Mitsuba and Open Image Denoise.
"""

from dataclasses import dataclass
from typing import Any

import mitsuba
import numpy as np
import pyoidn

from tools.scenes.camera import View
from tools.scenes.lighting import AMBIENT_SOURCES, Flash, Panel
from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first
from tools.scenes.rendering.geometry import trace_geometry
from tools.scenes.rendering.mitsuba_shapes import shape, spectrum
from tools.scenes.scene import Scene

LIGHTS = ("flash", *AMBIENT_SOURCES)
MAX_DEPTH = 4
"""Longest light path. Longer paths hardly change the room's brightness."""
GUIDE_SAMPLES = 8
HIGHLIGHT = 100.0
"""Maximum pixel value, relative to the mean of all but the brightest hundredth. Brighter values are
fireflies, which come from few paths and which a denoiser would spread."""


def trace_lights(
    scene: Scene, size: tuple[int, int], samples: int
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Render a scene under each of LIGHTS alone, and trace its geometry.

    Args:
        scene: The scene.
        size: Width and height in pixels, in the scene's orientation.
        samples: Paths per pixel. The flash gets half as many, because its direct light has no
            noise. So does the room's soft light.

    Returns:
        Radiance under white light by the light's name, linear RGB, float32, (height, width, 3).
        Then the maps of `trace_geometry` and "albedo", the surfaces' reflectance in [0, 1].
    """
    world = _World(scene, size)
    albedo, normal = world.guides()
    pictures = {}
    for light in LIGHTS:
        few = max(1, samples // 2) if light in ("flash", "room") else samples
        pictures[light] = without_noise(world.picture(light, few), albedo, normal)
    return pictures, {"albedo": albedo, **world.geometry()}


def without_noise(picture: np.ndarray, albedo: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Denoise a picture of few paths. Return float32, shape (height, width, 3).

    Args:
        picture: Radiance, linear RGB, of this shape.
        albedo: Reflectance of the visible surfaces, of this shape.
        normal: Unit normals of the visible surfaces, of this shape.
    """
    clean = pyoidn.denoise(without_sparks(picture), albedo, normal, hdr=True)
    return without_sparks(np.maximum(clean, 0.0))


def without_sparks(picture: np.ndarray) -> np.ndarray:
    """Clip fireflies at HIGHLIGHT. Return float32, shape (height, width, 3)."""
    finite = np.nan_to_num(picture, nan=0.0, posinf=0.0)
    common = finite[finite <= np.percentile(finite, 99)]
    return np.minimum(finite, max(HIGHLIGHT * float(common.mean()), 1e-9))


def trace_preview(
    scene: Scene, size: tuple[int, int], samples: int
) -> tuple[np.ndarray, np.ndarray]:
    """Render small noisy pictures under the flash and the ceiling lights, as in `trace_lights`."""
    world = _World(scene, size)
    return world.picture("flash", samples), world.picture("ceiling", samples)


@dataclass(frozen=True)
class _Emitter:
    """Light source in Mitsuba's parameters: its names, its light, and its power when it is on."""

    name: str
    power_name: str
    light: str
    power: Any

    @classmethod
    def of(cls, power_name: str, power: Any) -> "_Emitter":
        name = power_name.rsplit(".", 2)[0]
        part = name.split(".")[0].rsplit("_", 1)[0]
        # A lampshade in the picture belongs to the source "lamp".
        return cls(name, power_name, "lamp" if part == "part" else part, type(power)(power))


class _World:
    """Scene in Mitsuba with all its lights, of which one at a time is on.

    One world for all lights compiles only one program, which takes as long as rendering a picture.
    """

    def __init__(self, scene: Scene, size: tuple[int, int]):
        parts = enumerate(scene.thing)
        world = {f"part_{number}": shape(*part, glows=True) for number, part in parts}
        world["flash"] = _spot(scene.flash)
        for source, panels in scene.ambient.items():
            # Load each one here. From descriptions, Mitsuba would order them differently each
            # time, which changes the noise.
            for number, panel in reversed(list(enumerate(panels))):
                world[f"{source}_{number}"] = mitsuba.load_dict(_area(panel))
        sensor = _sensor(scene.view, size, GUIDE_SAMPLES)
        self._seed, self._size, self._flash = scene.seed, size, scene.flash.position
        self._scene = mitsuba.load_dict({"type": "scene", "sensor": sensor, **world})
        self._parameters = mitsuba.traverse(self._scene)
        see_through = any(material.lets_light_through for _, material in scene.thing)
        # Only the volumetric integrator lets shadow rays through masks.
        kind = "volpath" if see_through else "path"
        self._integrator = mitsuba.load_dict({"type": kind, "max_depth": MAX_DEPTH})
        self._emitters = [
            _Emitter.of(name, self._parameters[name])
            for name in self._parameters.keys()  # noqa: SIM118 - iterating gives no names
            if name.endswith((".radiance.value", ".radiance.data", ".intensity.value"))
        ]

    def picture(self, light: str, samples: int) -> np.ndarray:
        """Render a noisy picture under one light, float32, shape (height, width, 3)."""
        for emitter in self._emitters:
            switch = 1.0 if emitter.light == light else 0.0
            self._parameters[f"{emitter.name}.sampling_weight"] = switch
            self._parameters[emitter.power_name] = emitter.power * switch
        self._parameters.update()
        image = mitsuba.render(
            self._scene, integrator=self._integrator, spp=samples, seed=self._seed
        )
        return np.nan_to_num(np.array(image, dtype=np.float32), posinf=0.0)

    def guides(self) -> tuple[np.ndarray, np.ndarray]:
        """Render albedo and normals, with which the denoiser tells detail from noise."""
        integrator = mitsuba.load_dict({"type": "aov", "aovs": "albedo:albedo,normal:sh_normal"})
        image = mitsuba.render(
            self._scene, integrator=integrator, spp=GUIDE_SAMPLES, seed=self._seed
        )
        image = np.nan_to_num(np.array(image, dtype=np.float32), posinf=0.0)
        albedo, normal = np.clip(image[..., :3], 0.0, 1.0), np.clip(image[..., 3:], -1.0, 1.0)
        return np.ascontiguousarray(albedo), np.ascontiguousarray(normal)

    def geometry(self) -> dict[str, np.ndarray]:
        """Trace distances, normals and the shadows that the flash casts."""
        return trace_geometry(self._scene, self._size, flash=self._flash, seed=self._seed)


def _look_at(
    origin: np.ndarray, target: np.ndarray, roll: float = 0.0
) -> mitsuba.ScalarTransform4f:
    """Return the transform of a camera or light at `origin` that looks at `target`."""
    steep = abs((target - origin)[2]) > 0.99 * np.linalg.norm(target - origin)
    up = [0, 1, 0] if steep else [0, 0, 1]
    transform = mitsuba.ScalarTransform4f().look_at(origin.tolist(), target.tolist(), up)
    return transform @ mitsuba.ScalarTransform4f().rotate([0, 0, 1], roll)


def _sensor(view: View, size: tuple[int, int], samples: int) -> dict:
    """Describe a perspective camera. The denoiser needs the box filter's independent pixels."""
    film = {"type": "hdrfilm", "width": size[0], "height": size[1], "pixel_format": "rgb"}
    return {
        "type": "perspective",
        "fov": view.field_of_view,
        "fov_axis": "larger",
        "near_clip": 0.01,
        "to_world": _look_at(view.origin, view.target, view.roll),
        "film": {**film, "rfilter": {"type": "box"}},
        "sampler": {"type": "multijitter", "sample_count": samples},
    }


def _spot(flash: Flash) -> dict:
    """Describe the flash as a point light with a cone, so that its shadows are sharp."""
    return {
        "type": "spot",
        "to_world": _look_at(flash.position, flash.target),
        "intensity": {"type": "rgb", "value": 1.0},
        "cutoff_angle": float(flash.beam),
        "beam_width": 0.1 * float(flash.beam),
    }


def _area(panel: Panel) -> dict:
    """Describe a rectangular light. Mitsuba's rectangle spans [-1, 1] squared."""
    scale = mitsuba.ScalarTransform4f().scale([panel.width / 2, panel.height / 2, 1.0])
    radiance = {"type": "rgb", "value": float(panel.radiance)}
    pane = {}
    if panel.picture is not None:
        radiance = spectrum(float(panel.radiance) * panel.picture[::-1])
        # The glass reflects the flash when the window is dark.
        glass = {"type": "principled", "specular": 0.5, "roughness": 0.1}
        pane = {"bsdf": {**glass, "base_color": {"type": "rgb", "value": 0.02}}}
    return {
        "type": "rectangle",
        "to_world": _look_at(panel.center, panel.center + panel.direction) @ scale,
        "emitter": {"type": "area", "radiance": radiance},
        **pane,
    }
