"""Reads a photograph as people have them: turned, with a profile, grey, CMYK, with alpha."""

import io
import math
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageCms, JpegImagePlugin, UnidentifiedImageError

from keras_f2a.imaging.decoders import is_lossless_webp, open_image
from keras_f2a.imaging.exif import ORIENTATION, exif_of_upright_image
from keras_f2a.imaging.metadata import Metadata, read_metadata
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.support.input_files import check_file
from keras_f2a.support.printable import printable

PHOTO_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"})
DEFAULT_MAX_MEGAPIXELS = 100.0
SMALLEST_SIDE = 16

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass
class Photo:
    """A photograph, upright, 8 bits per channel, with what its file said about it.

    Attributes:
        image: The pixels, a Pillow image of mode RGB, in the space of the file's own profile.
        alpha: Its opacity, mode L, or `None`.
        grey: Whether the file was grey, and the result shall be.
        exif: Its EXIF block, orientation reset to 1; empty if it had none.
        icc_profile: Its colour profile; empty if it had none that fits the pixels.
        jpeg_tables: The quantisation tables and subsampling of a JPEG file, else `None`.
        lossless_webp: Whether the file was a WebP file without loss, and such a result shall be.
        frames: Number of images in the file; the first one was read.
        metadata: What else the file says, and what cannot be kept of it.
        modified: When the file was changed last, in nanoseconds as `os.stat` counts them.
    """

    image: Image.Image
    alpha: Image.Image | None
    grey: bool
    exif: bytes
    icc_profile: bytes
    jpeg_tables: dict | None
    lossless_webp: bool
    frames: int
    metadata: Metadata = field(default_factory=Metadata)
    modified: int | None = None


def open_photo(path: str | Path, max_megapixels: float = DEFAULT_MAX_MEGAPIXELS) -> Photo:
    """Reads and decodes a JPEG, PNG, WebP or (with the extra ``heic``) HEIC file.

    The EXIF orientation is applied. 16 bits per channel are read as 8. CMYK is converted to sRGB
    through its profile if it has one. Other profiles, wide-gamut ones too, are kept, and the
    pixels stay in their space. Of several images in a file the first one is read.

    Args:
        path: The file.
        max_megapixels: Larger images are refused before they are decoded: a small file may claim
            a size that no memory holds.

    Raises:
        InputError: The file is missing, no such photograph, damaged, too small or too large.
        WorkError: The memory does not suffice.
    """
    path = Path(path)
    if math.isnan(max_megapixels):
        raise InputError("max_megapixels: must be a number")
    check_file(path)
    try:
        with open_image(path) as image:
            _check_size(path, image.size, max_megapixels)
            photo = _decode(image, is_lossless_webp(path))
            turn, _ = _orientation_and_exif(image)
            photo.metadata = read_metadata(path, image.info, size=photo.image.size, turn=turn)
            if photo.metadata.gain_map is not None and photo.frames > 1:
                photo.frames -= 1  # It is kept with the picture that it belongs to.
            photo.modified = path.stat().st_mtime_ns
            return photo
    except InputError:
        raise
    except MemoryError as error:
        raise WorkError(f"{printable(path)}: needs more memory than there is") from error
    except Exception as error:  # Damaged files make decoders raise almost any exception.
        raise InputError(f"{printable(path)}: {_reason(path, error)}") from error


def _decode(image: Image.Image, lossless_webp: bool) -> Photo:
    image.load()
    # Copied before the pixels are converted: the converted image has lost them.
    info, jpeg_tables = dict(image.info), _jpeg_tables(image)
    frames = getattr(image, "n_frames", 1)
    turn, block = _orientation_and_exif(image)
    grey = image.mode in {"1", "L", "LA", "La", "I", "F"} or image.mode.startswith("I;16")
    profile = info.get("icc_profile") or b""
    colours, alpha = _split_alpha(image)
    if colours.mode == "CMYK":
        colours, profile = _to_srgb(colours, profile), b""  # sRGB is what no profile means.
    colours = _to_rgb(colours)
    if turn is not None:
        colours = colours.transpose(turn)
        alpha = alpha and alpha.transpose(turn)
    return Photo(
        image=colours,
        alpha=alpha,
        grey=grey,
        exif=exif_of_upright_image(block, *colours.size) if block else b"",
        icc_profile=profile if profile[16:20] == (b"GRAY" if grey else b"RGB ") else b"",
        jpeg_tables=jpeg_tables,
        lossless_webp=lossless_webp,
        frames=frames,
    )


def _orientation_and_exif(image: Image.Image) -> tuple[Image.Transpose | None, bytes]:
    """How the image must be turned, and its EXIF block; a damaged block says neither."""
    try:
        exif = image.getexif()
        block = image.info.get("exif") or (exif.tobytes() if len(exif) else b"")
        return _UPRIGHT.get(exif.get(ORIENTATION, 1)), block
    except Exception:  # As many kinds as for the pixels.
        return None, b""


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in {"RGB", "L"} and "transparency" in image.info:
        image = image.convert("RGBA" if image.mode == "RGB" else "LA")
    if image.mode in {"RGBA", "LA"}:
        return image, image.getchannel("A")
    return image, None


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Pillow's own conversion from 16 bits clips at 255 and does not scale.
        image = image.convert("I").point(lambda value: value * (1 / 257) + 0.5).convert("L")
    return image if image.mode == "RGB" else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if not profile:
        return image
    srgb = ImageCms.createProfile("sRGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, srgb, outputMode="RGB") or image
    except (OSError, ImageCms.PyCMSError):  # A damaged profile says nothing about the colours.
        return image


def _jpeg_tables(image: Image.Image) -> dict | None:
    if not isinstance(image, JpegImagePlugin.JpegImageFile) or image.mode not in {"RGB", "L"}:
        return None
    sampling = JpegImagePlugin.get_sampling(image)
    return {"qtables": image.quantization, "subsampling": sampling}


def _check_size(path: Path, size: tuple[int, int], max_megapixels: float) -> None:
    width, height = size
    if min(size) < SMALLEST_SIDE:
        raise InputError(
            f"{printable(path)}: {width}x{height} pixels are too few for a photograph; each side "
            f"must have {SMALLEST_SIDE} or more"
        )
    if width * height > max_megapixels * 1e6:
        raise InputError(
            f"{printable(path)}: {width}x{height} pixels are more than {max_megapixels:g} "
            "megapixels; if you trust the file, raise `max_megapixels`"
        )


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "may not be read; check its permissions"
    if path.stat().st_size == 0:
        return "is empty (0 bytes)"
    if isinstance(error, UnidentifiedImageError):
        return "is not a JPEG, PNG, WebP or HEIC file, or is damaged"
    return f"is damaged ({' '.join(str(error).split()) or type(error).__name__})"
