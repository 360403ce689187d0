"""Reads pictures with more than 8 bits per channel, which Pillow reduces to 8.

Pillow has no 16-bit mode with several channels and keeps only the high byte of each value. With the
byte order swapped, it keeps the low byte instead. So two passes read all 16 bits.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import ImageFile, TiffImagePlugin

from keras_f2a.imaging.file_kind import AVIF, HEIF, PNG
from keras_f2a.imaging.pillow_file import decode, open_as

_BITS, _PHOTOMETRIC, _ALPHA = 258, 262, 338
_WHITE_IS_ZERO, _ASSOCIATED = 0, 1
_OPPOSITE_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}


def match_depths(images: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Convert all images to 16 bits if their depths differ. 255 becomes 65535."""
    if len({image.dtype for image in images}) < 2:
        return list(images)
    return [i if i.dtype == np.uint16 else i.astype(np.uint16) * 257 for i in images]


def has_sixteen_bits(image: ImageFile.ImageFile, kind: str | None) -> bool:
    """Return whether a PNG or TIFF file holds gray, RGB or RGBA with 16 bits per channel.

    Args:
        image: The file as Pillow opened it, not decoded yet.
        kind: The result of `keras_f2a.imaging.file_kind.detect_kind`.
    """
    gray = image.mode.startswith("I;16")
    if kind == PNG:
        # Pillow opens 16-bit RGB files in an 8-bit mode. The tile's raw mode has the real depth.
        modes = {_raw_mode(tile).partition(";")[0] for tile in image.tile}
        deep = any(";16" in _raw_mode(tile) for tile in image.tile)
        return gray or (deep and modes <= {"RGB", "RGBA"})
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        bits = set(image.tag_v2.get(_BITS, ()))
        return bits == {16} and (gray or image.tag_v2.get(_PHOTOMETRIC) == 2)
    return False


def read_sixteen_bits(path: Path, kind: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Read a 16-bit PNG or TIFF file.

    Args:
        path: A file for which `has_sixteen_bits` is true.
        kind: PNG or TIFF.

    Returns:
        RGB, uint16 of shape (height, width, 3), and alpha, uint16 of shape (height, width), or
        `None`. The EXIF orientation is not applied.

    Raises:
        Exception: Whatever Pillow raises for a damaged file.
    """
    if kind == PNG:
        with open_as(path, kind) as image:
            image.verify()  # Verify the checksums.
    with open_as(path, kind) as image:
        tags = dict(image.tag_v2) if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
        transparent_color = image.info.get("transparency")
        alpha = None
        if image.mode.startswith("I;16"):
            gray = _read_gray(image, white_is_zero=tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO)
            rgb = np.repeat(gray[..., None], 3, axis=2)
        else:
            pixels = _read_channels(path, kind, image)
            rgb = np.ascontiguousarray(pixels[..., :3])
            if pixels.shape[2] == 4:
                alpha = np.ascontiguousarray(pixels[..., 3])
    if transparent_color is not None and alpha is None:
        is_transparent = np.all(rgb == np.uint16(transparent_color), axis=-1)
        alpha = np.where(is_transparent, 0, 65535).astype(np.uint16)
    if alpha is not None and tags.get(_ALPHA, ())[:1] == (_ASSOCIATED,):
        rgb = _unpremultiply(rgb, alpha)
    return rgb, alpha


def read_hdr(path: Path, kind: str, depth: int) -> np.ndarray:
    """Read the colors of a HEIC or AVIF file at full bit depth, with white at 65535.

    AVIF is read with 8 bits if OpenCV is not installed.

    Args:
        path: The file.
        kind: HEIF or AVIF.
        depth: The bits per channel of an AVIF file.

    Returns:
        uint16 RGB of shape (height, width, 3). As in Pillow, AVIF is not upright yet.
    """
    if kind == HEIF:
        import pillow_heif

        pictures = pillow_heif.open_heif(path, convert_hdr_to_8bit=False)
        heif = np.asarray(pictures[pictures.primary_index])
        return _to_16_bits(_rgb(heif), 8 * heif.itemsize)
    pixels = _decode_with_opencv(path)
    if pixels is None or pixels.dtype == np.uint8:
        with open_as(path, AVIF) as image:
            return _to_16_bits(np.asarray(image.convert("RGB")), 8)
    rgb = _rgb(pixels)
    return _to_16_bits(rgb[..., ::-1], depth)


def _read_gray(image: ImageFile.ImageFile, *, white_is_zero: bool) -> np.ndarray:
    decode(image)
    # The array's dtype has the right byte order.
    gray = np.asarray(image).astype(np.uint16)
    return 65535 - gray if white_is_zero else gray


def _read_channels(path: Path, kind: str, image: ImageFile.ImageFile) -> np.ndarray:
    """Decode RGB or RGBA twice, once for the high and once for the low byte of each value."""
    order = "B"
    if isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.prefix == b"II":
        order = "L"
    image.tile = [_with_16_bit_mode(tile, order) for tile in image.tile]
    decode(image)
    pixels = np.asarray(image).astype(np.uint16) << 8
    with open_as(path, kind) as low_bytes:
        low_bytes.tile = [_with_16_bit_mode(tile, order, swapped=True) for tile in low_bytes.tile]
        decode(low_bytes)
        pixels |= np.asarray(low_bytes)
    return pixels


def _decode_with_opencv(path: Path) -> np.ndarray | None:
    try:
        import cv2
    except ImportError:
        return None
    return cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)


def _raw_mode(tile: ImageFile._Tile) -> str:
    return tile.args if isinstance(tile.args, str) else (tile.args or ("",))[0]


def _with_16_bit_mode(tile: ImageFile._Tile, order: str, swapped: bool = False) -> ImageFile._Tile:
    """Return a tile of the decoder with a 16-bit raw mode, in either byte order."""
    channels, _, depth = _raw_mode(tile).partition(";")
    byte_order = depth[2:] or order  # Pillow drops the depth of single-channel planes.
    if swapped:
        byte_order = _OPPOSITE_ORDER[byte_order]
    # Read premultiplied colors unchanged, and divide them later at full depth.
    mode = f"{channels.replace('a', 'A')};16{byte_order}"
    return tile._replace(args=(mode, *tile.args[1:]) if isinstance(tile.args, tuple) else mode)


def _to_16_bits(pixels: np.ndarray, depth: int) -> np.ndarray:
    if depth == 16:
        return pixels
    table = np.round(np.arange(1 << depth) * (65535 / ((1 << depth) - 1))).astype(np.uint16)
    return table[np.minimum(pixels, len(table) - 1)]


def _rgb(pixels: np.ndarray) -> np.ndarray:
    """Return RGB from gray or RGB, with or without alpha."""
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    return np.repeat(pixels[..., :1], 3, axis=2) if pixels.shape[2] < 3 else pixels[..., :3]


def _unpremultiply(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    opacity = np.maximum(alpha, 1).astype(np.float32)[..., None] / np.float32(65535)
    return np.minimum(rgb / opacity + np.float32(0.5), 65535).astype(np.uint16)
