"""Writes a corrected photograph with its metadata, and never half of it."""

from __future__ import annotations

import dataclasses
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from keras_f2a.imaging.conversion import to_8_bits, to_gray
from keras_f2a.imaging.encoding import encoded
from keras_f2a.imaging.exif import without_orientation
from keras_f2a.imaging.metadata import (
    jpeg_with_metadata,
    marked_as_edited,
    png_with_metadata,
    xmp_packet,
)
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.late_import import LateModule

# Late: a JPEG file is written without them.
if TYPE_CHECKING:
    import numpy as np

    from keras_f2a.imaging import deep_output
else:
    np = LateModule("numpy")
    deep_output = LateModule("keras_f2a.imaging.deep_output")

FORMATS = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
JPEG_QUALITY = 95
WEBP_QUALITY = 92
AVIF_QUALITY = 88
# Level 6, the usual one, takes three times as long and saves a few percent on photographs.
PNG_LEVEL = 3


def check_target(target: str | Path, force: bool) -> None:
    """Check that a result can go to this path, before any work is spent on it.

    Raises:
        InputError: The file exists and `force` is not set, its suffix is unknown, or its folder
            may not be written to.
    """
    if Path(target).suffix.lower() not in FORMATS:
        raise InputError(
            "results are written as .jpg, .png, .webp, .avif or .tif; choose one", file=target
        )
    check_writable(target, force)


def format_of(target: str | Path) -> str:
    """Return Pillow's name of the format of a result, by its suffix."""
    return FORMATS[Path(target).suffix.lower()]


def save_photo(
    photo: Photo,
    target: str | Path,
    quality: int | None = None,
    *,
    force: bool = True,
    keep_time: bool = True,
    mark_edited: bool = False,
) -> None:
    """Write the photograph to a temporary file and rename it, in the format of the suffix.

    A JPEG that was read from a JPEG keeps that file's quantization tables and chroma subsampling,
    so neither its quality nor its size changes much; from another format it gets quality 95
    without subsampling. WebP gets quality 92, or stays without loss, and AVIF gets 88. PNG and TIFF
    keep 16 bits per channel. EXIF, XMP and color profile are written in all of them;
    docs/reference/photo_files.md lists what else each format keeps.

    Args:
        photo: The corrected photograph.
        target: The file; missing folders are made.
        quality: JPEG, WebP or AVIF quality, 1 to 100, in place of those; PNG and TIFF have none.
        force: Whether an earlier file is replaced, even one that appears meanwhile.
        keep_time: Give the result the photograph's modification time, by which file managers sort
            photographs that have no date inside.
        mark_edited: Add IPTC's digital source type ``algorithmicallyEnhanced`` to the XMP.

    Raises:
        TakenError: The file exists and `force` is not set.
        InputError: The format cannot hold the photograph, for example its alpha.
        WorkError: The file could not be written, for example because the disk is full.
    """
    target = Path(target)
    image_format = format_of(target)
    if photo.alpha is not None and image_format == "JPEG":
        raise InputError(
            "JPEG cannot hold the photograph's alpha; choose .png or .webp", file=target
        )
    settings = _settings(photo, image_format, quality)
    if photo.dpi is not None and image_format != "TIFF":
        settings["dpi"] = photo.dpi
    if mark_edited:
        photo = dataclasses.replace(photo, metadata=marked_as_edited(photo.metadata))
    try:
        content = _with_metadata(photo, image_format, settings)
    except (ValueError, OSError) as error:  # Too many pixels for the format, or too much metadata.
        raise WorkError(f"could not be written ({one_line(error)})", file=target) from error
    with named_file(target, force=force) as temporary:
        temporary.write_bytes(content)
        if keep_time and photo.modified is not None:
            with suppress(OSError):  # Some shared folders keep times of their own.
                os.utime(temporary, ns=(photo.modified, photo.modified))


def _with_metadata(photo: Photo, image_format: str, settings: dict) -> bytes:
    if image_format == "JPEG":
        jpeg = encoded(_with_alpha(photo), image_format, exif=b"", icc_profile=None, **settings)
        return jpeg_with_metadata(jpeg, photo.metadata, exif=photo.exif, profile=photo.icc_profile)
    xmp = xmp_packet(photo.metadata)
    if image_format == "TIFF":
        return deep_output.tiff(
            _array(photo), exif=photo.exif, profile=photo.icc_profile, xmp=xmp, dpi=photo.dpi
        )
    settings |= {"exif": photo.exif, "icc_profile": photo.icc_profile or None}
    if image_format in ("WEBP", "AVIF"):
        settings["xmp"] = xmp
    if image_format == "AVIF":
        settings["exif"] = without_orientation(photo.exif)
    if image_format == "PNG" and not isinstance(photo.image, Image.Image):
        file = deep_output.sixteen_bit_png(_array(photo), settings)
    else:
        file = encoded(_with_alpha(photo), image_format, **settings)
    return png_with_metadata(file, photo.metadata) if image_format == "PNG" else file


def _settings(photo: Photo, image_format: str, quality: int | None) -> dict:
    if image_format == "TIFF":
        return {}
    if image_format == "PNG":
        return {"compress_level": PNG_LEVEL}
    if image_format == "WEBP":
        if photo.lossless_webp and quality is None:
            return {"lossless": True, "exact": True}  # Also the colors under full transparency.
        return {"quality": quality or WEBP_QUALITY}
    if image_format == "AVIF":
        return {"quality": quality or AVIF_QUALITY}
    tables = photo.jpeg_tables or {"subsampling": "4:4:4"}
    if quality is not None or "qtables" not in tables:
        return {"quality": quality or JPEG_QUALITY, "subsampling": tables["subsampling"]}
    return dict(tables)


def _with_alpha(photo: Photo) -> Image.Image:
    image = to_8_bits(photo.image)
    if photo.gray:
        image = to_gray(image)
    if photo.alpha is not None:
        image.putalpha(to_8_bits(photo.alpha))
    return image


def _array(photo: Photo) -> np.ndarray:
    """Return the pixels with their alpha as an array."""
    if isinstance(photo.image, Image.Image):
        return np.asarray(_with_alpha(photo))
    pixels = to_gray(photo.image) if photo.gray else photo.image
    return pixels if photo.alpha is None else np.dstack([pixels, np.asarray(photo.alpha)])
