"""Encode values for the golden files. All numbers are big-endian.

A text is its number of bytes, then UTF-8. A list of faces is its length, then for each face its
center, width and height, its number of eyes, and column and row of each eye. Images that a port
computes in floating point are 16-bit numbers, with 65535 for the top of their range. Log gains,
factors and tints are 32-bit floats, row by row. A tint has three per pixel.
"""

import struct
from collections.abc import Sequence

import numpy as np

from keras_f2a.correction.faces import Face


def values(image: np.ndarray) -> np.ndarray:
    """Convert an 8-bit image to float32 in [0, 1]."""
    return image.astype(np.float32) / np.float32(255)


def as_16_bits(image: np.ndarray) -> bytes:
    """Encode an image in [0, 1] as 16-bit numbers."""
    return np.rint(image.astype(np.float64) * 65535).astype(">u2").tobytes()


def as_bytes(faces: Sequence[Face]) -> bytes:
    """Encode a list of faces."""
    content = struct.pack(">i", len(faces))
    for face in faces:
        content += struct.pack(">4f", face.center_x, face.center_y, face.width, face.height)
        content += struct.pack(">i", len(face.eyes))
        content += b"".join(struct.pack(">2f", *eye) for eye in face.eyes)
    return content


def as_floats(numbers: np.ndarray) -> bytes:
    """Encode numbers as 32-bit floats."""
    return numbers.astype(">f4").tobytes()


def as_text(text: str) -> bytes:
    """Encode a text."""
    content = text.encode()
    return struct.pack(">i", len(content)) + content
