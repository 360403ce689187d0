"""Determines from a file's content which decoder it needs.

The name matters only for a TIFF file with the suffix of a raw format. This is the only list of
supported formats, for photographs as well as training pairs.
"""

import io
from pathlib import Path

from keras_f2a.imaging.iso_boxes import brands

JPEG, PNG, WEBP, HEIF, AVIF, TIFF, RAW = "JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "RAW"
RAW_SUFFIXES = frozenset({
    *(".3fr", ".arw", ".cr2", ".cr3", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef"),
    *(".mos", ".mrw", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".rwl", ".sr2", ".srf"),
    *(".srw", ".x3f"),
})  # fmt: skip
JPEG_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".jfif")
PHOTO_SUFFIXES = RAW_SUFFIXES | {
    *JPEG_SUFFIXES,
    *(".png", ".webp", ".heic", ".heif", ".hif", ".avif", ".tif", ".tiff"),
}
"""The suffixes of the files that are found in a folder."""

_CODED_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"}
_HEIF_BRANDS = _CODED_HEIF | {b"mif1", b"mif2", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
_TIFF_SIGNATURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RAW_SIGNATURES = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0", b"FOVb", b"\0MRM")
# Signs of raw sensor data in a TIFF file: DNG's version, and pixels with one color each.
_DNG_VERSION, _SUB_IFDS, _PHOTOMETRIC = 50706, 330, 262
_SENSOR_PHOTOMETRICS = {32803, 34892}
_UNSUPPORTED_SIGNATURES = {
    b"GIF8": "a GIF file",
    b"8BPS": "a Photoshop file",
    b"\xff\x0a": "a JPEG XL file",
    b"\0\0\0\x0cJXL ": "a JPEG XL file",
    b"\0\0\0\x0cjP  ": "a JPEG 2000 file",
    b"\xff\x4f\xff\x51": "a JPEG 2000 file",
    b"%PDF": "a PDF file",
    b"BM": "a BMP file",
}
_HEADER_SIZE = 4096


def detect_kind(path: Path) -> str:
    """Return a file's kind, one of this module's constants, or an empty string."""
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if header.startswith(b"\xff\xd8\xff"):
        return JPEG
    if header.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if header[:4] == b"RIFF" and header[8:12] == b"WEBP":
        return WEBP
    if header.startswith(_RAW_SIGNATURES):
        return RAW
    if header.startswith(_TIFF_SIGNATURES):
        return RAW if _is_raw_tiff(path, header) else TIFF
    return _kind_by_brands(header)


def describe_unsupported_kind(path: Path) -> str:
    """Describe a file of a known but unsupported kind, with an article.

    The result is empty if the kind is unknown.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_SIZE)
    if brands(header):
        return "a video or a picture of an unknown brand"
    for signature, description in _UNSUPPORTED_SIGNATURES.items():
        if header.startswith(signature):
            return description
    return ""


def _kind_by_brands(header: bytes) -> str:
    names = brands(header)
    if names[:1] == [b"crx "]:
        return RAW
    if names and names[0] in _CODED_HEIF:
        return HEIF
    # A major brand like mif1 names only the container. Other brands name the codec.
    if _AVIF_BRANDS.intersection(names):
        return AVIF
    return HEIF if _HEIF_BRANDS.intersection(names) else ""


def _is_raw_tiff(path: Path, header: bytes) -> bool:
    """Return whether a file with TIFF structure holds raw sensor data."""
    if path.suffix.lower() in RAW_SUFFIXES or header[8:10] == b"CR":
        return True
    from PIL import TiffImagePlugin  # Imported here, because JPEG files do not need it.

    try:
        with path.open("rb") as file:
            directory = TiffImagePlugin.ImageFileDirectory_v2(file.read(8))
            file.seek(directory.next)
            directory.load(file)
            if _DNG_VERSION in directory or directory.get(_PHOTOMETRIC) in _SENSOR_PHOTOMETRICS:
                return True
            offsets = directory.get(_SUB_IFDS, ())
            for offset in offsets if isinstance(offsets, tuple) else (offsets,):
                file.seek(offset)
                subdirectory = TiffImagePlugin.ImageFileDirectory_v2(header[:8])
                subdirectory.load(file)
                if subdirectory.get(_PHOTOMETRIC) in _SENSOR_PHOTOMETRICS:
                    return True
    except Exception:  # The decoder reports damaged files.
        pass
    return False


def jpeg_precision(path: Path) -> int:
    """Return the bits per channel of a JPEG file, or 0 if its header cannot be read."""
    with path.open("rb") as file:
        file.seek(2)
        while len(marker := file.read(4)) == 4 and marker[0] == 0xFF:
            if marker[1] == 0xFF:  # A fill byte.
                file.seek(-3, io.SEEK_CUR)
                continue
            if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
                return file.read(1)[0]
            file.seek(int.from_bytes(marker[2:], "big") - 2, io.SEEK_CUR)
    return 0
