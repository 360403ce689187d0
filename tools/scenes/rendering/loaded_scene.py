"""A flat scene in the arrays of the compiled program, with lookups by face."""

import drjit as dr
import mitsuba as mi

from tools.scenes.rendering import mitsuba_variant  # noqa: F401 - selects the variant first
from tools.scenes.rendering.flat_scene import FlatScene


class LoadedScene:
    """Scene whose geometry, materials and lights are loaded."""

    def __init__(self, flat: FlatScene):
        """Load a scene.

        Raises:
            RuntimeError: If LLVM is missing, which the compiled variant needs.
        """
        if not mi.variant().startswith("llvm"):
            raise RuntimeError("views need LLVM 16 or newer; on Debian: apt-get install libllvm19")
        mesh = mi.Mesh("room", len(flat.vertices), len(flat.faces))
        buffers = mi.traverse(mesh)
        buffers["vertex_positions"] = flat.vertices.ravel()
        buffers["faces"] = flat.faces.ravel()
        buffers.update()
        self.scene = mi.load_dict({"type": "scene", "room": mesh})
        self.lights = len(flat.light_starts) - 1
        self.faces = mi.UInt32(flat.faces.ravel())
        self.positions = mi.Float(flat.vertices.ravel())
        self.normals = mi.Float(flat.normals.ravel())
        self.uv = mi.Float(flat.uv.ravel())
        self.face_material = mi.UInt32(flat.face_material)
        self.face_light = mi.UInt32(flat.face_light)
        self.face_density = mi.Float(flat.face_density)
        self.materials = mi.Float(flat.materials.ravel())
        self.textures = mi.UInt32(flat.textures.ravel())
        self.texels = mi.Float(flat.texels)
        self.light_faces = mi.UInt32(flat.light_faces)
        self.light_shares = mi.Float(flat.light_shares)
        self.light_starts = mi.UInt32(flat.light_starts)

    def texture(
        self, row: mi.UInt32, which: int, uv: mi.Point2f, channels: int, active: mi.Bool
    ) -> list[mi.Float]:
        """Look up the color (0), emission (1) or opacity (2) of materials."""
        offset, width, height = (
            dr.gather(mi.UInt32, self.textures, 9 * row + 3 * which + part, active)
            for part in range(3)
        )
        x = dr.minimum(mi.UInt32((uv.x - dr.floor(uv.x)) * mi.Float(width)), width - 1)
        y = dr.minimum(mi.UInt32((uv.y - dr.floor(uv.y)) * mi.Float(height)), height - 1)
        place = offset + channels * (y * width + x)
        return [dr.gather(mi.Float, self.texels, place + i, active) for i in range(channels)]

    def corners(self, face: mi.UInt32, active: mi.Bool) -> list[mi.UInt32]:
        """Return the vertex indices of a face."""
        return [dr.gather(mi.UInt32, self.faces, 3 * face + i, active) for i in range(3)]

    def between(
        self, source: mi.Float, size: int, corners: list, weights: list, active: mi.Bool
    ) -> list[mi.Float]:
        """Interpolate vertex attributes at a point on their face."""
        return [
            sum(
                weight * dr.gather(mi.Float, source, size * corner + part, active)
                for corner, weight in zip(corners, weights, strict=True)
            )
            for part in range(size)
        ]

    def place_on(
        self, face: mi.UInt32, weights: list, active: mi.Bool
    ) -> tuple[mi.Point3f, mi.Vector3f, mi.Vector3f, mi.Point2f]:
        """Return the position, face normal, interpolated vertex normal and uv of a point on a face.

        The vertex normal is not normalized.
        """
        vertices = self.corners(face, active)
        a, b, c = (
            mi.Point3f([dr.gather(mi.Float, self.positions, 3 * v + i, active) for i in range(3)])
            for v in vertices
        )
        position = a * weights[0] + b * weights[1] + c * weights[2]
        flat = dr.normalize(dr.cross(b - a, c - a))
        normal = mi.Vector3f(self.between(self.normals, 3, vertices, weights, active))
        return (
            position,
            flat,
            normal,
            mi.Point2f(*self.between(self.uv, 2, vertices, weights, active)),
        )

    def opacity(self, face: mi.UInt32, spot: mi.Point2f, active: mi.Bool) -> mi.Float:
        """Return the share of light that a face blocks at a point."""
        corners = self.corners(face, active)
        weights = [1 - spot.x - spot.y, spot.x, spot.y]
        uv = mi.Point2f(*self.between(self.uv, 2, corners, weights, active))
        row = dr.gather(mi.UInt32, self.face_material, face, active)
        return self.texture(row, 2, uv, 1, active)[0]
