"""Reads photographs of all common kinds: rotated, with a color profile, gray, CMYK, with alpha."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageFile, JpegImagePlugin

from keras_f2a.imaging.conversion import UPRIGHT, to_8_bits, to_rgb_and_alpha, transpose
from keras_f2a.imaging.decoders import color_codes, decoder_rotation, is_lossless_webp, open_image
from keras_f2a.imaging.encoding import jpeg_settings
from keras_f2a.imaging.exif import ORIENTATION, exif_of_upright_image, flash_fired
from keras_f2a.imaging.file_kind import AVIF, HEIF, PNG, RAW, TIFF, detect_kind
from keras_f2a.imaging.metadata import Metadata, drop_color_chunks, read_metadata
from keras_f2a.imaging.photo_limits import DEFAULT_MAX_MEGAPIXELS, check_size
from keras_f2a.imaging.pillow_file import decode, resolution
from keras_f2a.imaging.png_chunks import profile_in_text
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.input_files import check_file
from keras_f2a.support.late_import import LateModule

# Imported late. A JPEG file is decoded without them while another thread imports the corrector.
if TYPE_CHECKING:
    import numpy as np

    from keras_f2a.imaging import cicp, deep_pixels, raw, tiff_captions, tone_mapping
else:
    np = LateModule("numpy")
    cicp = LateModule("keras_f2a.imaging.cicp")
    deep_pixels = LateModule("keras_f2a.imaging.deep_pixels")
    raw = LateModule("keras_f2a.imaging.raw")
    tiff_captions = LateModule("keras_f2a.imaging.tiff_captions")
    tone_mapping = LateModule("keras_f2a.imaging.tone_mapping")


@dataclass
class Photo:
    """An upright photograph with the metadata of its file.

    Attributes:
        image: The pixels in the color space of the profile. A Pillow image of mode RGB, or for a
            16-bit PNG or TIFF file a uint16 array of shape (height, width, 3).
        alpha: The alpha channel. A Pillow image of mode L, or a uint16 array of shape
            (height, width) if `image` is an array, or `None`.
        gray: Whether the file was gray. If so, the result is gray too.
        exif: The EXIF block with orientation 1. Empty if the file had none.
        icc_profile: The color profile, or one that is equivalent to the color codes. Empty if
            neither fits the pixels.
        jpeg_tables: The quantization tables and subsampling of a JPEG file, else `None`.
        lossless_webp: Whether the file was lossless WebP. If so, a WebP result is lossless too.
        frames: Number of images in the file. Only the first one was read.
        metadata: The file's other metadata, and what cannot be kept of it.
        modified: When the file was last modified, in nanoseconds as in `os.stat`.
        dpi: Horizontal and vertical resolution of the upright photograph, or `None`.
        tone_mapped: Whether it was an HDR picture and `image` is its standard-range rendition.
        flash_fired: Whether the flash fired, according to the file. `None` if it does not say.
    """

    image: Image.Image | np.ndarray
    alpha: Image.Image | np.ndarray | None
    gray: bool
    exif: bytes
    icc_profile: bytes
    jpeg_tables: dict | None
    lossless_webp: bool
    frames: int
    metadata: Metadata = field(default_factory=Metadata)
    modified: int | None = None
    dpi: tuple[float, float] | None = None
    tone_mapped: bool = False
    flash_fired: bool | None = None

    @property
    def megapixels(self) -> float:
        """Number of pixels, in millions."""
        width, height = _size(self.image)
        return width * height / 1e6


def open_photo(path: str | Path, max_megapixels: float = DEFAULT_MAX_MEGAPIXELS) -> Photo:
    """Read a JPEG, PNG, WebP, TIFF or AVIF photograph, or with extra packages HEIC or RAW.

    The EXIF orientation is applied. PNG and TIFF keep 16 bits per channel. All other formats are
    read with 8. CMYK is converted to sRGB, through its profile if it has one. Other profiles,
    including wide-gamut ones, are kept, and the pixels stay in their color space. Color codes are
    replaced by an equivalent profile. HDR is converted to standard range (see
    `keras_f2a.imaging.tone_mapping`). RAW is developed to sRGB. If a file holds several images,
    the first one is read.

    Args:
        path: The file.
        max_megapixels: Larger images are refused before decoding, because a small file may claim
            a size that does not fit into memory.

    Raises:
        InputError: The file is missing, not a supported photograph, damaged, too small or too
            large, or `max_megapixels` is NaN.
        WorkError: Out of memory.
    """
    path = Path(path)
    if math.isnan(max_megapixels):
        raise InputError("max_megapixels: must be a number")
    check_file(path)
    try:
        kind = detect_kind(path)
        if kind == RAW:
            pixels, block = raw.develop(
                path, lambda size: check_size(path, size, max_megapixels=max_megapixels)
            )
            return _developed_photo(path, pixels, block)
        with open_image(path) as image:
            check_size(path, image.size, max_megapixels=max_megapixels)
            return _decode(path, kind, image)
    except InputError:
        raise
    except MemoryError as error:
        raise WorkError("out of memory", file=path) from error
    except Exception as error:  # Damaged files make decoders raise almost any exception.
        raise InputError(f"{_reason(error)}", file=path) from error


def _decode(path: Path, kind: str, image: ImageFile.ImageFile) -> Photo:
    codes, depth = color_codes(path, kind)
    if codes is not None and codes.problem:
        raise InputError(f"{codes.problem}", file=path)
    hdr = codes is not None and codes.needs_tone_mapping
    deep = kind in (PNG, TIFF) and deep_pixels.has_sixteen_bits(image, kind)
    if image.mode[0] in "IF" and not deep and kind != HEIF:
        raise InputError(
            "has an unsupported bit depth; save it as gray or RGB with 8 or 16 bits per channel",
            file=path,
        )
    frames = getattr(image, "n_frames", 1)  # First, because counting discards a TIFF file's pixels.
    decoder_turn = decoder_rotation(path, kind, image)
    decode(image)
    # Copy these before converting the pixels, because the converted image loses them.
    info, jpeg_tables = dict(image.info), _jpeg_tables(image)
    turn, block = _orientation_and_exif(image, kind)
    gray = image.mode in {"1", "L", "LA", "La"} or image.mode.startswith("I;16")
    profile = info.get("icc_profile") or b""
    if codes is not None and not hdr:
        profile = codes.profile()
    colors: Image.Image | np.ndarray
    alpha: Image.Image | np.ndarray | None
    if deep:
        colors, alpha = deep_pixels.read_sixteen_bits(path, kind)
    else:
        colors, alpha, profile = to_rgb_and_alpha(image, profile)
    if codes is not None and hdr:
        if kind in (HEIF, AVIF):
            hdr_pixels = deep_pixels.read_hdr(path, kind, depth)
        else:
            hdr_pixels = _to_16_bits(colors)
        colors = Image.fromarray(tone_mapping.to_standard_range(hdr_pixels, codes))
        alpha = None if alpha is None else to_8_bits(alpha)
        profile = cicp.display_p3_profile()
    colors = transpose(colors, turn)
    alpha = None if alpha is None else transpose(alpha, turn)
    turn_from_stored = decoder_turn if turn is None else turn
    metadata = read_metadata(path, info, size=_size(colors), turn=turn_from_stored)
    if kind == TIFF:
        metadata = dataclasses.replace(metadata, captions=tiff_captions.caption_tags(image))
    if hdr:
        metadata = drop_color_chunks(metadata)
    if metadata.gain_map is not None and frames > 1:
        frames -= 1  # The gain map is kept with its picture.
    return Photo(
        image=colors,
        alpha=alpha,
        gray=gray,
        exif=exif_of_upright_image(block, *_size(colors), turn=turn_from_stored) if block else b"",
        icc_profile=profile if profile[16:20] == (b"GRAY" if gray else b"RGB ") else b"",
        jpeg_tables=jpeg_tables,
        lossless_webp=is_lossless_webp(path),
        frames=frames,
        metadata=metadata,
        modified=path.stat().st_mtime_ns,
        dpi=resolution(info, turn_from_stored),
        tone_mapped=hdr,
        flash_fired=flash_fired(block),
    )


def _developed_photo(path: Path, image: Image.Image, block: bytes) -> Photo:
    return Photo(
        image=image,
        alpha=None,
        gray=False,
        exif=exif_of_upright_image(block, *image.size) if block else b"",
        icc_profile=b"",
        jpeg_tables=None,
        lossless_webp=False,
        frames=1,
        modified=path.stat().st_mtime_ns,
        flash_fired=flash_fired(block),
    )


def _to_16_bits(pixels: Image.Image | np.ndarray) -> np.ndarray:
    if isinstance(pixels, Image.Image):
        return np.asarray(pixels).astype(np.uint16) * np.uint16(257)
    return pixels


def _size(pixels: Image.Image | np.ndarray) -> tuple[int, int]:
    return pixels.size if isinstance(pixels, Image.Image) else pixels.shape[1::-1]


def _orientation_and_exif(image: Image.Image, kind: str) -> tuple[Image.Transpose | None, bytes]:
    """Return the transpose that makes the image upright, and its EXIF block.

    For a damaged block, return `None` and empty bytes.
    """
    try:
        if kind == PNG:
            image.info.setdefault("exif", profile_in_text(image.info, "exif"))
        exif = image.getexif()
        if kind == TIFF:
            block = raw.descriptive_exif(exif)
        else:
            block = image.info.get("exif") or (exif.tobytes() if len(exif) else b"")
        return UPRIGHT.get(exif.get(ORIENTATION, 1)), block
    except Exception:  # Damaged blocks raise almost any exception.
        return None, b""


def _jpeg_tables(image: Image.Image) -> dict | None:
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.mode not in {"RGB", "L"}:
        return None
    return jpeg_settings(image)


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "cannot be read; check its permissions"
    return f"is damaged ({one_line(error)})"
