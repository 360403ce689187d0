"""Interprets the color codes of ITU-T H.273 (CICP) in HEIC, AVIF and PNG files.

In HEIC and AVIF files, a color profile overrides the codes. In PNG files, the codes override the
profile. The codes say how pixel values become light:

- sRGB primaries with the sRGB curve: nothing is done, because no profile means sRGB. The curves of
  video cameras (codes 1, 6, 11, 12, 14 and 15) count as sRGB here, as they do in viewers.
- other primaries or curves of standard range: the pixels stay unchanged and get a profile, for
  example Display P3 or BT.2020.
- PQ, HLG and linear light: `keras_f2a.imaging.tone_mapping` converts the pixels to standard range.
- what photographs do not use (logarithmic curves, ST 428, XYZ primaries): the file is refused.
"""

from typing import NamedTuple

from keras_f2a.imaging.icc_profile import Primaries, rgb_profile

_D65, _C, _DCI, _E = (0.3127, 0.3290), (0.310, 0.316), (0.314, 0.351), (1 / 3, 1 / 3)
_SRGB_COLORS = (0.64, 0.33), (0.30, 0.60), (0.15, 0.06)
_P3_COLORS = (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)
_SMPTE_COLORS = (0.630, 0.340), (0.310, 0.595), (0.155, 0.070)

SRGB = Primaries("sRGB", *_SRGB_COLORS, _D65)
DISPLAY_P3 = Primaries("Display P3", *_P3_COLORS, _D65)
_PRIMARIES = {
    1: SRGB,
    4: Primaries("BT.470 M", (0.67, 0.33), (0.21, 0.71), (0.14, 0.08), _C),
    5: Primaries("BT.470 BG", (0.64, 0.33), (0.29, 0.60), (0.15, 0.06), _D65),
    6: Primaries("BT.601", *_SMPTE_COLORS, _D65),
    7: Primaries("SMPTE 240M", *_SMPTE_COLORS, _D65),
    8: Primaries("Film", (0.681, 0.319), (0.243, 0.692), (0.145, 0.049), _C),
    9: Primaries("BT.2020", (0.708, 0.292), (0.170, 0.797), (0.131, 0.046), _D65),
    10: Primaries("XYZ", (1.0, 0.0), (0.0, 1.0), (0.0, 0.0), _E),
    11: Primaries("DCI-P3", *_P3_COLORS, _DCI),
    12: DISPLAY_P3,
    22: Primaries("EBU 3213", (0.630, 0.340), (0.295, 0.605), (0.155, 0.077), _D65),
}
SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_CAMERA_CURVE = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
_CURVES = {
    1: _CAMERA_CURVE,
    4: (2.2,),
    5: (2.8,),
    6: _CAMERA_CURVE,
    7: (1 / 0.45, 1 / 1.1115, 0.1115 / 1.1115, 1 / 4.0, 0.0912),
    11: _CAMERA_CURVE,
    12: _CAMERA_CURVE,
    13: SRGB_CURVE,
    14: _CAMERA_CURVE,
    15: _CAMERA_CURVE,
}
LINEAR, PQ, HLG = 8, 16, 18
_UNSUPPORTED_TRANSFERS = {9, 10, 17}


class Cicp(NamedTuple):
    """The codes for a picture's primaries and transfer characteristics."""

    primaries: int
    transfer: int

    @property
    def colors(self) -> Primaries:
        """The primaries. Unspecified and unknown codes mean sRGB."""
        return _PRIMARIES.get(self.primaries, SRGB)

    @property
    def needs_tone_mapping(self) -> bool:
        """Whether the picture must be tone-mapped before a standard display can show it."""
        return self.transfer in (LINEAR, PQ, HLG)

    @property
    def problem(self) -> str:
        """Why a picture with these codes cannot be read, or an empty string if it can."""
        if self.transfer in _UNSUPPORTED_TRANSFERS or self.primaries == 10:
            return (
                f"has colors that are not supported (code {self.primaries}/{self.transfer} of "
                "H.273); export it as JPEG"
            )
        return ""

    def profile(self) -> bytes:
        """Return the equivalent color profile of standard range, or empty bytes for sRGB."""
        curve = _CURVES.get(self.transfer, SRGB_CURVE)
        if self.colors == SRGB and curve in (SRGB_CURVE, _CAMERA_CURVE):
            return b""
        name = self.colors.name
        if curve != SRGB_CURVE or self.colors != DISPLAY_P3:
            name = f"{name}, curve {self.transfer} of H.273"
        return rgb_profile(name, self.colors, curve)


UNSPECIFIED = Cicp(2, 2)
"""Codes that leave the colors unspecified."""


def display_p3_profile() -> bytes:
    """Return the Display P3 profile: P3 primaries with the white point and curve of sRGB."""
    return rgb_profile(DISPLAY_P3.name, DISPLAY_P3, SRGB_CURVE)
