"""Writes a corrected photograph and its metadata atomically."""

from __future__ import annotations

import dataclasses
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from keras_f2a.imaging.conversion import to_8_bits, to_gray
from keras_f2a.imaging.encoding import encode
from keras_f2a.imaging.exif import without_orientation
from keras_f2a.imaging.file_kind import JPEG, JPEG_SUFFIXES
from keras_f2a.imaging.metadata import (
    jpeg_with_metadata,
    mark_as_edited,
    png_with_metadata,
    xmp_packet,
)
from keras_f2a.imaging.photo import Photo
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.late_import import LateModule

# Imported late, because writing a JPEG file does not need them.
if TYPE_CHECKING:
    import numpy as np

    from keras_f2a.imaging import deep_output
else:
    np = LateModule("numpy")
    deep_output = LateModule("keras_f2a.imaging.deep_output")

FORMATS = {
    **dict.fromkeys(JPEG_SUFFIXES, JPEG),
    ".png": "PNG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}
JPEG_QUALITY = 95
WEBP_QUALITY = 92
AVIF_QUALITY = 88
# The usual level, 6, takes three times as long and saves only a few percent on photographs.
PNG_LEVEL = 3


def check_target(target: str | Path, force: bool) -> None:
    """Check that a result can be written to this path, before any work is done on it.

    Raises:
        InputError: The file exists and `force` is not set, its suffix is unknown, or its folder
            is not writable.
    """
    if Path(target).suffix.lower() not in FORMATS:
        raise InputError(
            "results are written as .jpg, .png, .webp, .avif or .tif; choose one", file=target
        )
    check_writable(target, force)


def format_of(target: str | Path) -> str:
    """Return Pillow's name for the format of a result, according to its suffix."""
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
    """Write a photograph atomically, in the format of the file's suffix.

    A JPEG result of a JPEG file keeps that file's quantization tables and chroma subsampling, so
    its quality and size change little. A JPEG result of another format gets quality 95 without
    subsampling. WebP gets quality 92, or stays lossless. AVIF gets quality 88. PNG and TIFF keep 16
    bits per channel. EXIF, XMP and the color profile are written in every format.
    docs/reference/photo_files.md lists what else each format keeps.

    Args:
        photo: The corrected photograph.
        target: The output file. Missing folders are created.
        quality: JPEG, WebP or AVIF quality, 1 to 100, instead of these defaults. PNG and TIFF
            ignore it.
        force: Whether to replace an existing file, even one that appears in the meantime.
        keep_time: Whether to give the result the photograph's modification time. File managers
            sort photographs by it if their metadata has no date.
        mark_edited: Whether to add IPTC's digital source type ``algorithmicallyEnhanced`` to the
            XMP.

    Raises:
        TakenError: The file exists and `force` is not set.
        InputError: The format cannot hold the photograph, for example its alpha.
        WorkError: The file could not be written, for example because the disk is full.
    """
    target = Path(target)
    image_format = format_of(target)
    if photo.alpha is not None and image_format == "JPEG":
        raise InputError(
            "JPEG cannot store the photograph's alpha; choose .png or .webp", file=target
        )
    settings = _settings(photo, image_format, quality)
    if photo.dpi is not None and image_format != "TIFF":
        settings["dpi"] = photo.dpi
    if mark_edited:
        photo = dataclasses.replace(photo, metadata=mark_as_edited(photo.metadata))
    try:
        content = _encode_with_metadata(photo, image_format, settings)
    except (ValueError, OSError) as error:  # Too many pixels for the format, or too much metadata.
        raise WorkError(f"could not be written ({one_line(error)})", file=target) from error
    with named_file(target, force=force) as temporary:
        temporary.write_bytes(content)
        if keep_time and photo.modified is not None:
            with suppress(OSError):  # Some shared folders do not let callers set the time.
                os.utime(temporary, ns=(photo.modified, photo.modified))


def _encode_with_metadata(photo: Photo, image_format: str, settings: dict) -> bytes:
    if image_format == "JPEG":
        jpeg = encode(_with_alpha(photo), image_format, exif=b"", icc_profile=None, **settings)
        return jpeg_with_metadata(jpeg, photo.metadata, exif=photo.exif, profile=photo.icc_profile)
    xmp = xmp_packet(photo.metadata)
    if image_format == "TIFF":
        return deep_output.encode_tiff(
            _array(photo),
            exif=photo.exif,
            profile=photo.icc_profile,
            xmp=xmp,
            captions=photo.metadata.captions,
            dpi=photo.dpi,
        )
    settings |= {"exif": photo.exif, "icc_profile": photo.icc_profile or None}
    if image_format in ("WEBP", "AVIF"):
        settings["xmp"] = xmp
    if image_format == "AVIF":
        settings["exif"] = without_orientation(photo.exif)
    if image_format == "PNG" and not isinstance(photo.image, Image.Image):
        file = deep_output.encode_16_bit_png(_array(photo), settings)
    else:
        file = encode(_with_alpha(photo), image_format, **settings)
    return png_with_metadata(file, photo.metadata) if image_format == "PNG" else file


def _settings(photo: Photo, image_format: str, quality: int | None) -> dict:
    if image_format == "TIFF":
        return {}
    if image_format == "PNG":
        return {"compress_level": PNG_LEVEL}
    if image_format == "WEBP":
        if photo.lossless_webp and quality is None:
            return {"lossless": True, "exact": True}  # Keep colors under alpha 0.
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
    """Return the pixels, with any alpha channel, as an array."""
    if isinstance(photo.image, Image.Image):
        return np.asarray(_with_alpha(photo))
    pixels = to_gray(photo.image) if photo.gray else photo.image
    return pixels if photo.alpha is None else np.dstack([pixels, np.asarray(photo.alpha)])
