"""Opens a photograph with the decoder that its content needs, whatever the file's name."""

from __future__ import annotations

import io
import mmap
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from PIL import Image, ImageFile, UnidentifiedImageError

from keras_f2a.imaging.conversion import UPRIGHT
from keras_f2a.imaging.exif import ORIENTATION
from keras_f2a.imaging.file_kind import (
    AVIF,
    HEIF,
    JPEG,
    PNG,
    TIFF,
    WEBP,
    describe_unsupported_kind,
    detect_kind,
    jpeg_precision,
)
from keras_f2a.imaging.iso_boxes import DamagedBoxesError
from keras_f2a.imaging.pillow_file import open_without_limit, with_pillow
from keras_f2a.support.errors import InputError
from keras_f2a.support.late_import import LateModule

# Imported late, because opening a JPEG file does not need them.
if TYPE_CHECKING:
    from PIL import AvifImagePlugin

    from keras_f2a.imaging import cicp, heif_file, heif_turn, tiff_structure
else:
    AvifImagePlugin = LateModule("PIL.AvifImagePlugin")
    cicp = LateModule("keras_f2a.imaging.cicp")
    heif_file = LateModule("keras_f2a.imaging.heif_file")
    heif_turn = LateModule("keras_f2a.imaging.heif_turn")
    tiff_structure = LateModule("keras_f2a.imaging.tiff_structure")

_COPY_AGAIN = "copy it again from its source"
_Result = TypeVar("_Result")


def open_image(
    path: Path, kinds: Collection[str] = (JPEG, PNG, WEBP, HEIF, AVIF, TIFF)
) -> ImageFile.ImageFile:
    """Open an image file of any size, without decoding it.

    Args:
        path: The file.
        kinds: The kinds from `keras_f2a.imaging.file_kind` to accept, judged by content.

    Raises:
        InputError: The file is of another kind or truncated, or the package that reads it is not
            installed.
        Exception: Whatever Pillow raises for damaged files.
    """
    kind = detect_kind(path)
    if kind not in kinds:
        raise InputError(f"{_wrong_kind_message(path, kinds)}", file=path)
    if kind == HEIF:
        _import_pillow_heif(path)
    _check_complete(path, kind)
    return open_without_limit(lambda file: _open(file, kind), path)


def color_codes(path: Path, kind: str) -> tuple[cicp.Cicp | None, int]:
    """Return a picture's color codes, and the bits per channel of an AVIF file.

    Args:
        path: The file.
        kind: The result of `detect_kind`.

    Returns:
        The codes, or `None` if the file has none or has a color profile that overrides them. The
        second value has a meaning for AVIF only.
    """
    if kind in (HEIF, AVIF):
        return _read_mapped(path, _read_codes_and_depth)
    if kind == PNG:
        return _png_codes(path), 16
    return None, 8


def decoder_rotation(path: Path, kind: str, image: Image.Image) -> Image.Transpose | None:
    """Return how the decoder itself rotates an image, which only those of HEIC and TIFF do.

    Args:
        path: The file.
        kind: What `detect_kind` said.
        image: The file as `open_image` opened it, not decoded yet.
    """
    if kind == HEIF:
        return _read_mapped(path, heif_turn.decoder_rotation)
    return _tiff_rotation(image) if kind == TIFF else None


def check_tiff_complete(path: Path) -> None:
    """Raise an `InputError` if a file with TIFF structure is truncated."""
    missing = _read_mapped(path, tiff_structure.missing_bytes)
    if missing:
        raise InputError(f"was cut short ({missing} bytes are missing); {_COPY_AGAIN}", file=path)


def is_lossless_webp(path: Path) -> bool:
    """Return whether a file is WebP and its first image is lossless."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF":
            return False
        file.seek(12)
        return _first_image_chunk(file) == b"VP8L"


def _tiff_rotation(image: Image.Image) -> Image.Transpose | None:
    try:
        return UPRIGHT.get(image.getexif().get(ORIENTATION, 1))
    except Exception:  # Damaged tags raise almost any exception.
        return None


def _open(path: Path, kind: str) -> ImageFile.ImageFile:
    if kind == HEIF:
        # `Image.open` would check the major brand first.
        return _import_pillow_heif(path).HeifImageFile(path)
    if kind == AVIF:
        return AvifImagePlugin.AvifImageFile(path)
    if kind == JPEG and jpeg_precision(path) not in (0, 8):
        raise InputError(
            f"is a JPEG with {jpeg_precision(path)} bits per channel, which is "
            "not supported; save it with 8 bits, or as PNG or TIFF",
            file=path,
        )
    try:
        return with_pillow(path, kind)
    except UnidentifiedImageError:
        if kind != TIFF:
            raise
        raise InputError(
            "is damaged, or an unsupported kind of TIFF; save it as gray or "
            "RGB with 8 or 16 bits per channel",
            file=path,
        ) from None


def _check_complete(path: Path, kind: str) -> None:
    """Refuse a truncated file, because decoders would fill the missing part with green or gray."""
    if kind in (HEIF, AVIF):
        try:
            _read_mapped(path, lambda data: heif_file.HeifFile(data).check_complete())
        except DamagedBoxesError as error:
            raise InputError(
                f"was cut short or is damaged ({error}); {_COPY_AGAIN}", file=path
            ) from error
    elif kind == TIFF and (missing := _read_mapped(path, tiff_structure.missing_bytes)):
        raise InputError(f"was cut short ({missing} bytes are missing); {_COPY_AGAIN}", file=path)


def _read_mapped(path: Path, read: Callable[[mmap.mmap], _Result]) -> _Result:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return read(data)


def _wrong_kind_message(path: Path, kinds: Collection[str]) -> str:
    if path.stat().st_size == 0:
        return "is empty (0 bytes)"
    names = [{"WEBP": "WebP", "HEIF": "HEIC"}.get(kind, kind) for kind in kinds]
    accepted = f"{', '.join(names[:-1])} or {names[-1]}"
    actual = detect_kind(path) or describe_unsupported_kind(path)
    if actual:
        actual = actual if " " in actual else f"a {actual} file"
        return f"is {actual}, not a {accepted} file; export it as one"
    return f"is not a {accepted} file, or is damaged"


def _read_codes_and_depth(data: mmap.mmap) -> tuple[cicp.Cicp | None, int]:
    file = heif_file.HeifFile(data)
    return file.colors(), file.depth()


def _png_codes(path: Path) -> cicp.Cicp | None:
    """Return the codes of the cICP chunk, which takes precedence over a profile."""
    with path.open("rb") as file:
        file.seek(8)
        while len(header := file.read(8)) == 8 and header[4:] not in (b"IDAT", b"IEND"):
            size = int.from_bytes(header[:4], "big")
            if header[4:] == b"cICP" and size == 4:
                content = file.read(4)
                return cicp.Cicp(content[0], content[1])
            file.seek(size + 4, io.SEEK_CUR)
    return None


def _first_image_chunk(file: BinaryIO) -> bytes:
    """Return the type of the first chunk that holds an image, or empty bytes.

    In an animation, other chunks come first.
    """
    while len(header := file.read(8)) == 8:
        chunk_type, size = header[:4], int.from_bytes(header[4:], "little")
        if chunk_type in (b"VP8 ", b"VP8L"):
            return chunk_type
        if chunk_type == b"ANMF":
            file.seek(16, io.SEEK_CUR)  # Skip the frame's header. Its image follows.
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
    return b""


def _import_pillow_heif(path: Path):
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            "reading HEIC needs one more package: pip install 'keras_f2a[heic]'", file=path
        ) from error
    return pillow_heif
