"""Converts the pixels of every kind of picture to RGB and alpha."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, TypeVar

from PIL import Image

from keras_f2a.support.late_import import LateModule

if TYPE_CHECKING:
    import numpy as np

    AnyPixels = TypeVar("AnyPixels", Image.Image, np.ndarray, Image.Image | np.ndarray)
else:
    np = LateModule("numpy")
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Maps an EXIF orientation to the transpose that makes the picture upright."""
_ARRAY_TRANSPOSES = {
    Image.Transpose.FLIP_LEFT_RIGHT: lambda array: array[:, ::-1],
    Image.Transpose.ROTATE_180: lambda array: array[::-1, ::-1],
    Image.Transpose.FLIP_TOP_BOTTOM: lambda array: array[::-1],
    Image.Transpose.TRANSPOSE: lambda array: array.swapaxes(0, 1),
    Image.Transpose.ROTATE_270: lambda array: np.rot90(array, -1),
    Image.Transpose.TRANSVERSE: lambda array: array[::-1, ::-1].swapaxes(0, 1),
    Image.Transpose.ROTATE_90: lambda array: np.rot90(array, 1),
}


def split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Return a picture without premultiplied alpha, and its alpha channel or `None`."""
    if image.mode == "PA" or (image.mode == "P" and "transparency" in image.info):
        image = image.convert("RGBA")
    elif image.mode in {"RGB", "L", "1"} and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    elif image.mode in {"RGBa", "La"}:
        image = image.convert(image.mode.upper())
    if image.mode in {"RGBA", "LA"}:
        return image, image.getchannel("A")
    return image, None


def to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert a picture to sRGB, from its profile or from Lab.

    A picture without a profile, or with a damaged one, is returned unchanged.
    """
    from PIL import ImageCms

    srgb = ImageCms.createProfile("sRGB")
    if image.mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    except (OSError, ImageCms.PyCMSError):  # A damaged profile says nothing about the colors.
        return image


def to_rgb_and_alpha(
    image: Image.Image, profile: bytes
) -> tuple[Image.Image, Image.Image | None, bytes]:
    """Convert a picture of any mode to 8-bit RGB.

    Args:
        image: The picture.
        profile: Its color profile. May be empty.

    Returns:
        The colors in mode RGB, the alpha channel or `None`, and the profile of the colors. It is
        empty if they were converted to sRGB.
    """
    if image.mode.startswith("I;16"):  # HEIC, which Pillow would clip.
        image = to_8_bits(np.asarray(image))
    colors, alpha = split_alpha(image)
    if colors.mode in {"CMYK", "LAB"}:
        colors, profile = to_srgb(colors, profile), b""  # No profile means sRGB.
    if colors.mode != "RGB":
        colors = colors.convert("RGB")
    return colors, alpha, profile


def transpose(pixels: AnyPixels, turn: Image.Transpose | None) -> AnyPixels:
    """Rotate or mirror an image or a pixel array. If `turn` is `None`, return it unchanged."""
    if turn is None:
        return pixels
    if isinstance(pixels, Image.Image):
        return pixels.transpose(turn)
    return np.ascontiguousarray(_ARRAY_TRANSPOSES[turn](pixels))


def to_8_bits(pixels: Image.Image | np.ndarray) -> Image.Image:
    """Convert a uint16 array to an 8-bit Pillow image. Return a Pillow image unchanged."""
    if isinstance(pixels, Image.Image):
        return pixels
    table = np.round(np.arange(65536) / 257).astype(np.uint8)
    return Image.fromarray(table[pixels])


def to_gray(pixels: AnyPixels) -> AnyPixels:
    """Return the luma (ITU-R BT.601, as in Pillow's mode L) of RGB, at the same bit depth."""
    if isinstance(pixels, Image.Image):
        return pixels.convert("L")
    weights = np.array([0.299, 0.587, 0.114], np.float32)
    return (pixels @ weights + np.float32(0.5)).astype(np.uint16)
