"""Builds color profiles from primaries, a white point and a tone curve (ICC.1:2022, version 4)."""

import struct
from dataclasses import dataclass

import numpy as np

_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)
_CURVE_TYPES = {1: 0, 5: 3}  # Maps the number of parameters to ICC's function type.


@dataclass(frozen=True)
class Primaries:
    """The chromaticities (CIE 1931 x and y) of red, green, blue and white."""

    name: str
    red: tuple[float, float]
    green: tuple[float, float]
    blue: tuple[float, float]
    white: tuple[float, float]

    def to_xyz(self) -> np.ndarray:
        """Return the float64 matrix (3, 3) from linear RGB to XYZ, with white at Y = 1."""
        columns = np.stack([_xyz(self.red), _xyz(self.green), _xyz(self.blue)], axis=1)
        return columns * np.linalg.solve(columns, _xyz(self.white))


def rgb_profile(name: str, primaries: Primaries, curve: tuple[float, ...]) -> bytes:
    """Return the profile of an RGB display.

    Args:
        name: The name that programs show.
        primaries: Its primary colors and white point.
        curve: The parameters of ICC's curve to linear light: (g,) for ``x ** g``, or
            (g, a, b, c, d) for ``(a * x + b) ** g`` if x >= d and ``c * x`` below.
    """
    cone = _BRADFORD @ _xyz(primaries.white)
    adaptation = np.linalg.inv(_BRADFORD) @ np.diag(_BRADFORD @ _D50 / cone) @ _BRADFORD
    colors = adaptation @ primaries.to_xyz()
    tone = struct.pack(">4sIHH", b"para", 0, _CURVE_TYPES[len(curve)], 0) + _pack_fixed(*curve)
    tags = {
        b"desc": _text_tag(name),
        b"cprt": _text_tag("No copyright"),
        b"wtpt": _fixed_tag(b"XYZ ", _D50),
    }
    tags[b"chad"] = _fixed_tag(b"sf32", adaptation.ravel())
    for index, letter in enumerate(b"rgb"):
        tags[bytes([letter]) + b"XYZ"] = _fixed_tag(b"XYZ ", colors[:, index])
        tags[bytes([letter]) + b"TRC"] = tone
    start, entries, content = 128 + 4 + 12 * len(tags), b"", b""
    for tag, data in tags.items():
        entries += struct.pack(">4sII", tag, start + len(content), len(data))
        content += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s", start + len(content), b"", 0x04400000, b"mntr", b"RGB ", b"XYZ "
    )
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + _pack_fixed(*_D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + entries + content


def _xyz(chromaticity: tuple[float, float]) -> np.ndarray:
    x, y = chromaticity
    return np.array([x / y, 1, (1 - x - y) / y])


def _pack_fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _fixed_tag(tag_type: bytes, values: np.ndarray) -> bytes:
    return tag_type + bytes(4) + _pack_fixed(*values)


def _text_tag(text: str) -> bytes:
    encoded = text.encode("utf-16-be")
    return struct.pack(">4sIII2s2sII", b"mluc", 0, 1, 12, b"en", b"US", len(encoded), 28) + encoded
