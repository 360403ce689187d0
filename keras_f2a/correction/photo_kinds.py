"""The forms of a photograph in Python: path, bytes, file object, Pillow image or array."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from keras_f2a.correction.pixels import Correct
from keras_f2a.imaging.conversion import to_8_bits, to_srgb
from keras_f2a.imaging.encoding import encode
from keras_f2a.imaging.exif import flash_fired
from keras_f2a.imaging.metadata import picture_xmp, xmp_packet
from keras_f2a.imaging.photo import Photo
from keras_f2a.imaging.pillow_file import resolution
from keras_f2a.imaging.png_chunks import with_chunks, xmp_chunk
from keras_f2a.support.atomic_file import write_failure
from keras_f2a.support.errors import InputError, NoSpaceError, WorkError, one_line
from keras_f2a.support.late_import import LateModule
from keras_f2a.support.printable import printable

# Late: few photographs need them.
if TYPE_CHECKING:
    from keras_f2a.imaging import deep_output, raw
else:
    deep_output = LateModule("keras_f2a.imaging.deep_output")
    raw = LateModule("keras_f2a.imaging.raw")

Encoded = bytes | bytearray | memoryview | BinaryIO
AnyPhoto = str | os.PathLike | Encoded | Image.Image | npt.ArrayLike
"""What `keras_f2a.Corrector.correct` takes."""

_TOLERANCE = 1e-3
"""How far rounding may take floating-point values out of [0, 1]."""
_GRAY = {"1", "L", "LA", "La"}


def is_path(photo: object) -> bool:
    """Return whether a photograph is given as a path."""
    return isinstance(photo, str | os.PathLike)


def is_encoded(photo: object) -> bool:
    """Return whether a photograph is given as the bytes of a file or as an open file."""
    return isinstance(photo, bytes | bytearray | memoryview) or hasattr(photo, "read")


def display_name(photo: AnyPhoto) -> str:
    """Return how messages call a photograph: by its path, its file's name or its type."""
    if isinstance(photo, str | os.PathLike):
        return str(photo)
    name = getattr(photo, "name", None)
    return name if isinstance(name, str) else f"the {type(photo).__name__}"


def validate_array(photo: object) -> np.ndarray:
    """Return the photograph as an array.

    Raises:
        InputError: Its shape, dtype or range is not that of an RGB image.
    """
    if photo is None:
        raise InputError(
            "flash: must be a path, bytes, a file object, a Pillow image or an array, not None"
        )
    try:
        array = np.asarray(photo)
    except (TypeError, ValueError) as error:
        raise InputError(f"flash: is not an array ({one_line(error)})") from error
    if array.ndim != 3 or array.shape[2] != 3 or 0 in array.shape:
        raise InputError(f"flash: must have shape (height, width, 3), not {array.shape}")
    if array.dtype not in (np.uint8, np.uint16, np.float32):
        raise InputError(f"flash: must be uint8, uint16, or float32 in [0, 1], not {array.dtype}")
    if array.dtype == np.float32:
        low, high = float(array.min()), float(array.max())
        if not (low >= -_TOLERANCE and high <= 1 + _TOLERANCE):  # Refuses NaN too.
            raise InputError(
                f"flash: float32 values must lie in [0, 1], not in [{low:g}, {high:g}]; divide "
                "them by their white level, for example 255"
            )
    return array


def correct_picture(image: Image.Image, correct: Correct) -> Image.Image:
    """Return a corrected copy of a Pillow image of any 8-bit mode.

    A gray image stays gray, and alpha is kept. CMYK, through its profile, and Lab become sRGB.

    Args:
        image: The image. Its pixels are used as stored, and an EXIF orientation is ignored.
        correct: Corrects an image of mode RGB in place.

    Raises:
        InputError: Its mode has more than 8 bits for a channel.
    """
    if image.mode[0] in "IF":
        raise InputError(f"image: mode {image.mode} has more than 8 bits; convert it to RGB")
    if 0 in image.size:
        raise InputError("image: has no pixels")
    _load(image)
    plain = _to_basic_mode(image)
    alpha = plain.getchannel("A") if plain.mode.endswith("A") else None
    colors = plain.convert("RGB")
    correct(colors, flash_fired=flash_fired(_read_exif(image)))
    colors.info = {
        name: plain.info[name] for name in ("exif", "icc_profile", "dpi") if name in plain.info
    }
    if xmp := _read_xmp(image):
        colors.info["xmp"] = xmp
    return _with_alpha(colors, plain.mode in _GRAY, alpha)


def to_picture(photo: Photo) -> Image.Image:
    """Return a photograph as one Pillow image with its EXIF, XMP, profile and resolution."""
    alpha = None if photo.alpha is None else to_8_bits(photo.alpha)
    image = _with_alpha(to_8_bits(photo.image), photo.gray, alpha)
    kept = {"exif": photo.exif, "icc_profile": photo.icc_profile, "dpi": photo.dpi}
    kept["xmp"] = xmp_packet(photo.metadata)
    image.info.update({name: value for name, value in kept.items() if value})
    return image


def _read_exif(image: Image.Image) -> bytes:
    """Return a loaded image's EXIF block; empty if it is missing or damaged."""
    if block := image.info.get("exif"):
        return block if isinstance(block, bytes) else b""
    try:
        return raw.descriptive_exif(image.getexif())
    except Exception:  # Damaged blocks make Pillow raise almost any exception.
        return b""


def _read_xmp(image: Image.Image) -> bytes:
    """Return a loaded image's XMP; empty if it is missing or no XMP."""
    try:
        return picture_xmp(image.info)
    except (TypeError, ValueError):  # A caller may have put anything there.
        return b""


@contextmanager
def photo_file(photo: AnyPhoto) -> Iterator[Path]:
    """Yield a file that holds the photograph: the given one, or a temporary one.

    Errors inside the block name the photograph instead of the temporary file.

    Raises:
        InputError: It is not a photograph in one of these forms.
    """
    if isinstance(photo, str | os.PathLike):
        yield Path(photo)
        return
    content = _encode(photo)
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="keras_f2a-"))
            file = Path(folder, "photo")
            file.write_bytes(content)
        except OSError as error:
            raise write_failure("the folder for temporary files", error) from error
        del content  # The file holds it now.
        try:
            yield file
        except (InputError, WorkError) as error:
            message = str(error).replace(printable(file), printable(display_name(photo)))
            error_types = (InputError, NoSpaceError, WorkError)
            error_type = next(kind for kind in error_types if isinstance(error, kind))
            raise error_type(message) from error


def _encode(photo: AnyPhoto) -> bytes:
    """Return the bytes of a file that holds a photograph, which is not a path."""
    if is_encoded(photo):
        return _read_content(photo)
    if getattr(photo, "dtype", None) == np.uint16:
        return deep_output.encode_16_bit_png(validate_array(photo), {})
    image = _to_image(photo)
    if not isinstance(photo, Image.Image):
        return encode(image, "PNG", compress_level=1)
    # Some files store EXIF after the pixels, which are loaded by now.
    settings: dict[str, Any] = {"exif": _read_exif(photo)}
    if dpi := resolution(photo.info):
        settings["dpi"] = dpi
    png = encode(image, "PNG", compress_level=1, **settings)
    xmp = _read_xmp(photo)
    return with_chunks(png, [xmp_chunk(xmp)]) if xmp else png


def _read_content(photo: Any) -> bytes:
    content = photo.read() if hasattr(photo, "read") else photo
    if isinstance(content, str):
        raise InputError("flash: the file is open as text; open it with 'rb'")
    return bytes(content)


def _to_image(photo: object) -> Image.Image:
    if isinstance(photo, Image.Image):
        if photo.mode[0] in "IF":
            raise InputError(f"image: mode {photo.mode} has more than 8 bits; convert it to RGB")
        _load(photo)
        return _to_basic_mode(photo)
    array = validate_array(photo)
    if array.dtype != np.uint8:
        array = np.clip(array * 255 + 0.5, 0, 255).astype(np.uint8)
    return Image.fromarray(array)


def _load(image: Image.Image) -> None:
    """Decode an image that was opened from a file.

    Raises:
        InputError: The file is damaged or closed.
        WorkError: Out of memory.
    """
    try:
        image.load()
    except MemoryError as error:
        raise WorkError("image: out of memory") from error
    except Exception as error:  # Damaged files make decoders raise almost any exception.
        raise InputError(f"image: cannot be decoded ({one_line(error)})") from error


def _to_basic_mode(image: Image.Image) -> Image.Image:
    """Return the image in mode RGB, RGBA, L or LA."""
    if image.mode in {"CMYK", "LAB"}:
        colors = to_srgb(image, image.info.get("icc_profile") or b"").convert("RGB")
        colors.info = {name: image.info[name] for name in image.info if name != "icc_profile"}
        return colors
    mode = "L" if image.mode in _GRAY else "RGB"
    return image.convert(mode + "A" if image.has_transparency_data else mode)


def _with_alpha(image: Image.Image, gray: bool, alpha: Image.Image | None) -> Image.Image:
    image = image.convert("L") if gray else image
    if alpha is not None:
        image.putalpha(alpha)
    return image
