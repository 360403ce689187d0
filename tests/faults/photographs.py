"""Seeded photographs of every kind, and their expected results through arrays."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps

from keras_f2a.correction.corrector import Corrector
from keras_f2a.imaging.photo import open_photo
from keras_f2a.imaging.photo_output import save_photo

KINDS = {
    ".jpg": ("RGB", "L", "CMYK"),
    ".png": ("RGB", "RGBA", "L", "LA", "P", "1", "I;16"),
    ".webp": ("RGB", "RGBA"),
    ".heic": ("RGB", "RGBA"),
}
"""File suffixes and their modes."""

_ORIENTATION, _MAKER, _COMMENT = 0x0112, 0x010F, 0x9286


@dataclass(frozen=True)
class Kind:
    """A photograph's file suffix, mode, and EXIF orientation from 1 to 8."""

    suffix: str
    mode: str
    orientation: int


def kind_at(number: int) -> Kind:
    """Return a kind such that consecutive numbers cover every format, mode and orientation."""
    kinds = [(suffix, mode) for suffix, modes in KINDS.items() for mode in modes]
    suffix, mode = kinds[number % len(kinds)]
    return Kind(suffix, mode, 1 + (number + number // len(kinds)) % 8)


def write_photograph(
    path: Path, rng: np.random.Generator, kind: Kind | None = None, size: tuple | None = None
) -> Path:
    """Write a photograph with smooth and sharp content, EXIF and usually a color profile."""
    kind = kind or Kind(path.suffix, "RGB", 1)
    size = size or tuple(int(side) for side in rng.integers(16, 140, 2))
    small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    image = _in_mode(small.resize(size, Image.Resampling.BICUBIC), kind.mode, rng)
    exif = Image.Exif()
    exif[_ORIENTATION] = kind.orientation
    exif[_MAKER] = "maker"
    exif.get_ifd(0x8769)[_COMMENT] = rng.bytes(20)
    options: dict[str, Any] = {"exif": exif.tobytes(), "quality": int(rng.integers(60, 95))}
    if kind.mode == "RGB" and rng.random() < 0.7:
        options["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    if kind.suffix == ".webp":
        options["lossless"] = bool(rng.random() < 0.5)
    if kind.suffix == ".heic":
        register_heif()
    image.save(path, **options)
    return path


def register_heif():
    """Enable HEIC in Pillow."""
    import pillow_heif

    pillow_heif.register_heif_opener()


def _in_mode(image: Image.Image, mode: str, rng: np.random.Generator) -> Image.Image:
    if mode == "I;16":
        values = np.asarray(image.convert("L")).astype(np.uint16) * 257
        return Image.fromarray(values + rng.integers(0, 100, values.shape).astype(np.uint16))
    if mode in ("RGBA", "LA"):
        image = image.convert(mode)
        image.putalpha(Image.fromarray(rng.integers(0, 256, image.size[::-1], dtype=np.uint8)))
        return image
    return image.convert(mode)


def write_expected(model: Path | None, options: dict, pairs: list[tuple[Path, Path]], own: bool):
    """Write the results that the command should write, corrected as arrays.

    Args:
        model: The generator's file.
        options: Arguments of the `Corrector`.
        pairs: Photographs and the files to write.
        own: Whether Pillow alone decodes and rotates the pixels, instead of the package.
    """
    corrector = Corrector(model, **options)
    for source, target in pairs:
        photo = open_photo(source)
        colors = upright_colors(source) if own else np.asarray(photo.image)
        corrected = corrector.correct(colors)
        if isinstance(photo.image, np.ndarray):
            photo.image = corrected
        else:
            photo.image.paste(Image.fromarray(corrected))
        save_photo(photo, target)


def upright_colors(path: Path) -> np.ndarray:
    """Return a photograph's upright RGB pixels, uint8, or uint16 for 16-bit files."""
    if path.suffix == ".heic":
        register_heif()
    with Image.open(path) as image:
        if image.mode.startswith("I"):
            exif = image.getexif()
            deep = Image.fromarray(np.asarray(image).astype(np.uint16))
            deep.getexif().update(exif)
            gray = np.asarray(ImageOps.exif_transpose(deep))
            return np.repeat(gray[..., None], 3, axis=2)
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
