"""A camera and its flash as opaque numbers, which Dr.Jit does not compile into the program."""

import drjit as dr
import mitsuba as mi
import numpy as np

from tools.scenes.camera import View
from tools.scenes.lighting import Flash
from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first


class TracedCamera:
    """Camera and its flash."""

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
        """Return the flash's brightness toward a point. It falls off toward the beam's edge."""
        cosine = dr.dot(dr.normalize(place - self.flash), self.flash_aim)
        angle = dr.acos(dr.clip(cosine, -1.0, 1.0))
        return dr.clip((self.beam - angle) / (0.9 * self.beam), 0.0, 1.0)


def _opaque(kind: type, value: np.ndarray) -> mi.Vector3f:
    return dr.opaque(kind, [float(part) for part in value])
