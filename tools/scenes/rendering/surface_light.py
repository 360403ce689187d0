"""Light reflection at surfaces in Dr.Jit: one formula for every finish, controlled by numbers.

The model is Lambert's law under a GGX coat, with Schlick's approximation of Fresnel's equations.
Metals have only the coat, in their own color. Velvet has a sheen at grazing angles.
"""

from dataclasses import dataclass

import drjit as dr
import mitsuba as mi

_GLOSSY_SHARE = 0.35
"""Probability that a path follows the coat of a surface that has both a coat and a color."""


@dataclass
class Finish:
    """Finish of the surface that each ray hits.

    Attributes:
        color: Reflectance, linear RGB.
        metal: 1 for metals, otherwise 0.
        coat: Reflectance of the coat at normal incidence; 0 if there is none.
        roughness: GGX alpha.
        sheen: Strength of the sheen.
    """

    color: mi.Color3f
    metal: mi.Float
    coat: mi.Float
    roughness: mi.Float
    sheen: mi.Float

    @property
    def _glossy_share(self) -> mi.Float:
        return dr.select(self.metal > 0.5, 1.0, dr.select(self.coat > 0, _GLOSSY_SHARE, 0.0))

    def reflected(
        self, normal: mi.Normal3f, to_viewer: mi.Vector3f, to_light: mi.Vector3f
    ) -> tuple[mi.Color3f, mi.Float]:
        """Return the reflected share of light, times the cosine, and the density of `sampled`."""
        cos_in = dr.dot(normal, to_light)
        cos_out = dr.maximum(dr.dot(normal, to_viewer), 1e-3)
        half = dr.normalize(to_viewer + to_light)
        cos_half = dr.maximum(dr.dot(normal, half), 0.0)
        across = dr.maximum(dr.dot(to_viewer, half), 1e-4)
        grazing = dr.power(dr.clip(1 - across, 0, 1), 5)
        straight = dr.lerp(mi.Color3f(self.coat), self.color, self.metal)
        has_coat = dr.select((self.metal > 0.5) | (self.coat > 0), 1.0, 0.0)
        mirrored = has_coat * (straight + (1 - straight) * grazing)
        square = dr.square(self.roughness)
        spread = square / (dr.pi * dr.square(dr.square(cos_half) * (square - 1) + 1))
        shadowed = 0.5 / (
            cos_in * dr.sqrt(square + (1 - square) * dr.square(cos_out))
            + cos_out * dr.sqrt(square + (1 - square) * dr.square(cos_in))
            + 1e-6
        )
        lambert = self.color * dr.inv_pi * (1 - self.metal) * (1 - self.coat - grazing * has_coat)
        fibers = self.sheen * grazing * dr.lerp(mi.Color3f(1.0), self.color, 0.5)
        value = (mirrored * spread * shadowed + lambert + fibers) * cos_in
        share = self._glossy_share
        density = share * spread * cos_half / (4 * across) + (1 - share) * cos_in * dr.inv_pi
        lit = cos_in > 1e-4
        return dr.select(lit, dr.maximum(value, 0.0), 0.0), dr.select(lit, density, 0.0)

    def sampled(
        self, normal: mi.Normal3f, to_viewer: mi.Vector3f, numbers: mi.Point3f
    ) -> mi.Vector3f:
        """Sample the direction in which a path continues, from three numbers in [0, 1)."""
        frame = mi.Frame3f(normal)
        angle = 2 * dr.pi * numbers.z
        square = dr.square(self.roughness)
        cosine = dr.sqrt((1 - numbers.y) / (1 + (square - 1) * numbers.y))
        sine = dr.safe_sqrt(1 - dr.square(cosine))
        half = frame.to_world(mi.Vector3f(sine * dr.cos(angle), sine * dr.sin(angle), cosine))
        mirrored = 2 * dr.dot(to_viewer, half) * half - to_viewer
        radius = dr.sqrt(numbers.y)
        local = mi.Vector3f(
            radius * dr.cos(angle), radius * dr.sin(angle), dr.safe_sqrt(1 - numbers.y)
        )
        return dr.select(numbers.x < self._glossy_share, mirrored, frame.to_world(local))
