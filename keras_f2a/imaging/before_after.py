"""Makes before/after pictures of corrected photographs."""

from pathlib import Path

from PIL import Image

from keras_f2a.imaging.encoding import save_encoded
from keras_f2a.support.atomic_file import named_file

LONG_SIDE = 1280
_QUALITY = 90
_GAP = 8


def preview(image: Image.Image, long_side: int = LONG_SIDE) -> Image.Image:
    """Return a copy of an RGB image whose long side is at most `long_side` pixels."""
    scale = min(long_side / max(image.size), 1)
    size = [max(round(side * scale), 1) for side in image.size]
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def side_by_side(before: Image.Image, after: Image.Image) -> Image.Image:
    """Combine two RGB images of the same size into one picture, each with a label above it.

    Portrait photographs are placed side by side. All others are stacked.
    """
    width, height = before.size
    label_height = max(min(width, height) // 16, 18)
    left = _add_label(before, "before", label_height)
    right = _add_label(after, "after", label_height)
    step = (left.width + _GAP, 0) if width < height else (0, left.height + _GAP)
    picture = Image.new("RGB", (left.width + step[0], left.height + step[1]), "white")
    picture.paste(left, (0, 0))
    picture.paste(right, step)
    return picture


def save_side_by_side(
    before: Image.Image, after: Image.Image, target: Path, *, force: bool = True
) -> None:
    """Write the picture that `side_by_side` makes to a JPEG file, atomically.

    The file gets the color profile from `before.info`, if there is one.

    Args:
        before: The original, an RGB image.
        after: The corrected photograph, at the same size.
        target: The output file. Missing folders are created.
        force: Whether to replace an existing file.

    Raises:
        TakenError: The file exists and `force` is not set.
        WorkError: The file could not be written.
    """
    with named_file(target, force=force) as temporary:
        profile = before.info.get("icc_profile")
        picture = side_by_side(before, after)
        save_encoded(picture, temporary, "JPEG", quality=_QUALITY, icc_profile=profile)


def _add_label(image: Image.Image, label: str, label_height: int) -> Image.Image:
    from PIL import ImageDraw, ImageFont  # Imported here, because few runs need it.

    panel = Image.new("RGB", (image.width, image.height + label_height), "white")
    panel.paste(image, (0, label_height))
    font = ImageFont.load_default(label_height * 0.7)
    middle = (image.width / 2, label_height / 2)
    ImageDraw.Draw(panel).text(middle, label, fill="black", font=font, anchor="mm")
    return panel
