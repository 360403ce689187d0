"""Photographs with 16 bits per channel."""

import numpy as np
import tifffile


def ramp(channels=3, side=64):
    """Return 16-bit values whose low bytes matter."""
    values = np.random.default_rng(3).integers(0, 65536, (side, side, channels), np.uint16)
    return values[..., 0] if channels == 1 else values


def write_tiff(path, pixels, **settings):
    """Write a TIFF file and return its path."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1]
    settings.setdefault("photometric", "minisblack" if channels < 3 else "rgb")
    if settings.get("planarconfig") == "separate":
        pixels = np.moveaxis(pixels, -1, 0)
    if channels in (2, 4):
        settings.setdefault("extrasamples", ["unassalpha"])
    tifffile.imwrite(path, pixels, **settings)
    return path
