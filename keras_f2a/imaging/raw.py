"""Develops raw photographs (DNG, CR3, NEF, ARW, …) with LibRaw."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from keras_f2a.imaging.decoders import check_tiff_complete
from keras_f2a.imaging.exif_tags import portable_tags, writable_tags
from keras_f2a.support.errors import InputError

# Camera, date, author, the rating, and the title, comment, author, keywords and subject of Windows.
_COPIED_TAGS = (
    *(269, 270, 271, 272, 305, 306, 315, 316, 18246, 18249, 33432),
    *(40091, 40092, 40093, 40094, 40095),
)
_EXIF, _GPS = 0x8769, 0x8825
_SOFTWARE = 305


def develop(path: Path, check_size: Callable[[tuple[int, int]], None]) -> tuple[Image.Image, bytes]:
    """Develop a raw photograph into sRGB, upright, with the camera's white balance.

    Args:
        path: The file.
        check_size: Called with width and height before anything is decoded. May raise.

    Returns:
        The picture in mode RGB, and its EXIF block, empty if it has none.

    Raises:
        InputError: `rawpy` is not installed, the file is truncated, or LibRaw cannot develop it.
    """
    try:
        import rawpy
    except ImportError as error:
        raise InputError(
            "reading RAW needs one more package: pip install 'keras_f2a[raw]'", file=path
        ) from error
    check_tiff_complete(path)
    try:
        # Python opens the file, because LibRaw only takes names that are valid text.
        with path.open("rb") as file, rawpy.imread(file) as raw:
            check_size((raw.sizes.width, raw.sizes.height))
            # First, because developing releases the file's content, which includes the preview.
            camera_exif, libraw_exif = _exif_of_preview(raw)
            pixels = raw.postprocess(use_camera_wb=True, output_bps=8)
            return Image.fromarray(pixels), camera_exif or _exif_of_tags(path) or libraw_exif
    except rawpy.LibRawError as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise InputError(
            f"cannot be developed ({reason}); export it as TIFF or JPEG with the camera's software",
            file=path,
        ) from error


def descriptive_exif(exif: Image.Exif) -> bytes:
    """Return a TIFF file's tags as an EXIF block, without those that describe its pixels."""
    kept = Image.Exif()
    kept.update(writable_tags((tag, exif[tag]) for tag in _COPIED_TAGS if tag in exif))
    for tag in (_EXIF, _GPS):
        if subdirectory := portable_tags(exif, tag):
            kept[tag] = subdirectory
    return kept.tobytes() if len(kept) else b""


def _exif_of_preview(raw) -> tuple[bytes, bytes]:
    """Return two EXIF blocks of the preview: the camera's, and the one that LibRaw made up.

    At least one of them is empty. Both are empty if the preview is missing or damaged. LibRaw's
    block holds less than a file's own tags, but those cannot be read from every file.
    """
    try:
        preview = raw.extract_thumb()
        with Image.open(io.BytesIO(preview.data), formats=("JPEG",)) as image:
            block = image.info.get("exif") or b""
            is_from_libraw = str(image.getexif().get(_SOFTWARE, "")).startswith("dcraw")
            return (b"", block) if is_from_libraw else (block, b"")
    except Exception:  # Missing and damaged previews raise almost any exception.
        return b"", b""


def _exif_of_tags(path: Path) -> bytes:
    """Return the file's own tags as an EXIF block, or empty bytes if they are damaged."""
    try:
        exif = Image.Exif()
        with path.open("rb") as file:
            exif.load_from_fp(file)
            return descriptive_exif(exif)
    except Exception:
        return b""
