"""Encoded photographs for the tests of the server's files."""

import io

import numpy as np
from PIL import Image


def photograph(size, file_format, mode="RGB", **options):
    """Return an encoded photograph of (width, height)."""
    rng = np.random.default_rng(size[0])
    small = Image.fromarray(rng.integers(0, 256, (4, 5, 3), np.uint8))
    file = io.BytesIO()
    image = small.resize(size, Image.Resampling.BICUBIC).convert(mode)
    image.save(file, file_format, **options)
    return file.getvalue()
