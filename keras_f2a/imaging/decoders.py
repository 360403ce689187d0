"""Opens a photograph's file with the decoder that its content, and not its name, calls for."""

from __future__ import annotations

import io
import mmap
import warnings
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from PIL import Image, ImageFile, UnidentifiedImageError

from keras_f2a.imaging.file_kind import (
    AVIF,
    HEIF,
    JPEG,
    PNG,
    TIFF,
    WEBP,
    jpeg_precision,
    kind_of,
    other_kind,
)
from keras_f2a.imaging.iso_boxes import DamagedBoxesError
from keras_f2a.imaging.pillow_file import opened
from keras_f2a.support.errors import InputError
from keras_f2a.support.late_import import LateModule

# Late: a JPEG file is opened without them.
if TYPE_CHECKING:
    from PIL import AvifImagePlugin

    from keras_f2a.imaging import cicp, heif_file, heif_turn, tiff_structure
else:
    AvifImagePlugin = LateModule("PIL.AvifImagePlugin")
    cicp = LateModule("keras_f2a.imaging.cicp")
    heif_file = LateModule("keras_f2a.imaging.heif_file")
    heif_turn = LateModule("keras_f2a.imaging.heif_turn")
    tiff_structure = LateModule("keras_f2a.imaging.tiff_structure")

_CUT = "copy it again from its source"
_Result = TypeVar("_Result")

# Pillow warns of damaged metadata, which costs nothing here, in two lines without the file's name.
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")


def open_image(
    path: Path, kinds: Collection[str] = (JPEG, PNG, WEBP, HEIF, AVIF, TIFF)
) -> ImageFile.ImageFile:
    """Open a picture file of any size; nothing is decoded yet.

    Args:
        path: The file.
        kinds: The kinds of `keras_f2a.imaging.file_kind` that it may be of, by its content.

    Raises:
        InputError: It is of another kind or was cut short, or the package that reads it is not
            installed.
        Exception: Whatever Pillow raises for damaged files.
    """
    kind = kind_of(path)
    if kind not in kinds:
        raise InputError(f"{_wrong_kind(path, kinds)}", file=path)
    if kind == HEIF:
        _heif(path)
    _check_whole(path, kind)
    return opened(lambda file: _open(file, kind), path)


def color_codes(path: Path, kind: str) -> tuple[cicp.Cicp | None, int]:
    """Return the codes for a picture's colors, and the bits per channel of an AVIF file.

    Args:
        path: The file.
        kind: What `kind_of` said.

    Returns:
        The codes; `None` if it has none or a color profile that says more.
    """
    if kind in (HEIF, AVIF):
        return _mapped(path, _codes_and_depth)
    if kind == PNG:
        return _png_codes(path), 16
    return None, 8


def decoders_turn(path: Path, kind: str) -> Image.Transpose | None:
    """Return how a picture's decoder has turned it already, as that of HEIC files does.

    Args:
        path: The file.
        kind: What `kind_of` said.
    """
    return _mapped(path, heif_turn.decoders_turn) if kind == HEIF else None


def check_tiff_whole(path: Path) -> None:
    """Raise an `InputError` for a file with TIFF's structure that was cut short."""
    missing = _mapped(path, tiff_structure.missing_bytes)
    if missing:
        raise InputError(f"was cut short ({missing} bytes are missing); {_CUT}", file=path)


def is_lossless_webp(path: Path) -> bool:
    """Return whether a WebP file's first image is stored without loss."""
    with path.open("rb") as file:
        if file.read(4) != b"RIFF":
            return False
        file.seek(12)
        return _first_image(file) == b"VP8L"


def _open(path: Path, kind: str) -> ImageFile.ImageFile:
    if kind == HEIF:
        # Pillow would ask for the major brand first.
        return _heif(path).HeifImageFile(path)
    if kind == AVIF:
        return AvifImagePlugin.AvifImageFile(path)
    if kind == JPEG and jpeg_precision(path) not in (0, 8):
        raise InputError(
            f"is a JPEG with {jpeg_precision(path)} bits per channel, which is "
            "not supported; save it with 8 bits, or as PNG or TIFF",
            file=path,
        )
    if kind == PNG:
        # Pillow refuses a file over one compressed profile or text of more than 1 MiB. What all
        # texts of a file may hold together is the bound that stays.
        from PIL import PngImagePlugin

        limit = max(PngImagePlugin.MAX_TEXT_CHUNK, PngImagePlugin.MAX_TEXT_MEMORY)
        PngImagePlugin.MAX_TEXT_CHUNK = limit
    try:
        return Image.open(path, formats=(kind,))
    except UnidentifiedImageError:
        if kind != TIFF:
            raise
        raise InputError(
            "is damaged, or an unsupported kind of TIFF; save it as gray or "
            "RGB with 8 or 16 bits per channel",
            file=path,
        ) from None


def _check_whole(path: Path, kind: str) -> None:
    """Refuse what decoders would fill with green or gray."""
    if kind in (HEIF, AVIF):
        try:
            _mapped(path, lambda data: heif_file.HeifFile(data).check_whole())
        except DamagedBoxesError as error:
            raise InputError(f"was cut short or is damaged ({error}); {_CUT}", file=path) from error
    elif kind == TIFF and (missing := _mapped(path, tiff_structure.missing_bytes)):
        raise InputError(f"was cut short ({missing} bytes are missing); {_CUT}", file=path)


def _mapped(path: Path, look: Callable[[mmap.mmap], _Result]) -> _Result:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return look(data)


def _wrong_kind(path: Path, kinds: Collection[str]) -> str:
    if path.stat().st_size == 0:
        return "is empty (0 bytes)"
    names = [{"WEBP": "WebP", "HEIF": "HEIC"}.get(kind, kind) for kind in kinds]
    listed = f"{', '.join(names[:-1])} or {names[-1]}"
    found = kind_of(path) or other_kind(path)
    if found:
        found = found if " " in found else f"a {found} file"
        return f"is {found}, and not a {listed} file; export it as one"
    return f"is not a {listed} file, or is damaged"


def _codes_and_depth(data: mmap.mmap) -> tuple[cicp.Cicp | None, int]:
    file = heif_file.HeifFile(data)
    return file.colors(), file.depth()


def _png_codes(path: Path) -> cicp.Cicp | None:
    """Return what the chunk cICP says; it counts before a profile."""
    with path.open("rb") as file:
        file.seek(8)
        while len(header := file.read(8)) == 8 and header[4:] not in (b"IDAT", b"IEND"):
            size = int.from_bytes(header[:4], "big")
            if header[4:] == b"cICP" and size == 4:
                content = file.read(4)
                return cicp.Cicp(content[0], content[1])
            file.seek(size + 4, io.SEEK_CUR)
    return None


def _first_image(file: BinaryIO) -> bytes:
    """Return the kind of the first chunk that holds an image.

    What an animation says comes before it.
    """
    while len(header := file.read(8)) == 8:
        kind, size = header[:4], int.from_bytes(header[4:], "little")
        if kind in (b"VP8 ", b"VP8L"):
            return kind
        if kind == b"ANMF":
            file.seek(16, io.SEEK_CUR)  # The frame's place; its image's chunks follow.
        else:
            file.seek(size + size % 2, io.SEEK_CUR)
    return b""


def _heif(path: Path):
    try:
        import pillow_heif
    except ImportError as error:
        raise InputError(
            "reading HEIC needs one more package: pip install 'keras_f2a[heic]'", file=path
        ) from error
    return pillow_heif
