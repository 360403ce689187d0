"""Draws the sheets of a blind choice, which show two versions of a photograph side by side.

A viewer sees an original and a result on random sides and does not know which is which. A separate
key file tells.
"""

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from keras_f2a.correction.folder_contents import Ignored, photos_among
from keras_f2a.imaging.conversion import to_8_bits, to_gray, to_srgb
from keras_f2a.imaging.photo import open_photo
from keras_f2a.support.atomic_file import atomic_path, check_writable, write_text
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.input_files import files_below
from keras_f2a.support.printable import printable

TRIALS_PER_SHEET = 3
LONG_SIDE = 640
_MARGIN = 10
_LABEL_HEIGHT = 30


def make_sheets(
    original: Path, versions: Mapping[str, Path], output: Path, *, key: Path, seed: int = 0
) -> int:
    """Draw sheets of trials and write the key that tells which side is which.

    Images are read like the photographs of `correct`: upright, in all of its formats, and without
    hidden files.

    Args:
        original: Folder of photographs.
        versions: Folders of results by name. A result has the same stem as its photograph.
        output: Folder for the sheets, `sheet_001.png` and so on. It must not have any yet.
        key: New file for the key, outside `output`, because viewers must not see it.
        seed: Seed for the order and the sides.

    Returns:
        The number of trials.

    Raises:
        InputError: A folder is missing, an image cannot be read, two images have the same stem, no
            result matches a photograph, the key would be in `output`, or there are files of an
            earlier round.
        WorkError: Out of memory.
    """
    _check_outputs(output, key)
    originals = _find_pictures(original)
    trials = [
        (originals[stem], name, path)
        for name, folder in versions.items()
        for stem, path in _find_pictures(folder).items()
        if stem in originals
    ]
    if not trials:
        raise InputError("none of its photographs has a result of the same name", file=original)
    generator = random.Random(seed)
    generator.shuffle(trials)
    writable_folder(str(output), "output")
    sides = [generator.choice("LR") for _ in trials]
    for first in range(0, len(trials), TRIALS_PER_SHEET):
        indices = range(first, min(first + TRIALS_PER_SHEET, len(trials)))
        rows = []
        for index in indices:
            photo, _, result = trials[index]
            rows.append(_draw_row(index + 1, photo, result, sides[index]))
        with atomic_path(output / f"sheet_{first // TRIALS_PER_SHEET + 1:03d}.png") as file:
            _stack(rows).save(file, "PNG")
    content = {
        str(number): {"photograph": photo.stem, "version": name, "side": side}
        for number, ((photo, name, _), side) in enumerate(zip(trials, sides, strict=True), start=1)
    }
    write_text(key, json.dumps(content, indent=1) + "\n")
    return len(trials)


def _check_outputs(output: Path, key: Path) -> None:
    if key.resolve().is_relative_to(output.resolve()):
        raise InputError(
            "is in the sheets' folder; viewers must not see it", setting="key", value=key
        )
    if any(output.glob("sheet_*.png")):
        raise InputError(
            "contains sheets of an earlier round; remove them or choose another folder",
            setting="output",
            value=output,
        )
    if key.exists():
        raise InputError(
            "is the key of an earlier round; remove it or choose another file",
            setting="key",
            value=key,
        )
    check_writable(key, force=False)
    if not key.absolute().parent.is_dir():
        raise InputError("its folder does not exist; create it first", setting="key", value=key)


def _find_pictures(folder: Path) -> dict[str, Path]:
    names = [path.name for path in files_below(folder, recursive=False)[0]]
    pictures: dict[str, Path] = {}
    for name in photos_among(names, Ignored(), str(folder)):
        path = folder / name
        first = pictures.setdefault(path.stem, path)
        if first != path:
            both_names = f"{printable(first.name)} and {printable(name)}"
            raise InputError(f"contains {both_names}, which share one name; keep one", file=folder)
    return pictures


def _draw_row(number: int, original: Path, version: Path, side: str) -> Image.Image:
    pictures = [_read_picture(version), _read_picture(original)]
    if side == "R":
        pictures.reverse()
    height = max(picture.height for picture in pictures)
    row = Image.new("RGB", (2 * LONG_SIDE + 3 * _MARGIN, height + _LABEL_HEIGHT + _MARGIN), "gray")
    draw = ImageDraw.Draw(row)
    for column, (picture, name) in enumerate(zip(pictures, ("LEFT", "RIGHT"), strict=True)):
        left = _MARGIN + column * (LONG_SIDE + _MARGIN)
        draw.text((left, 4), f"{number}  {name}", fill="black", font=ImageFont.load_default(20))
        row.paste(picture, (left + (LONG_SIDE - picture.width) // 2, _LABEL_HEIGHT))
    return row


def _read_picture(path: Path) -> Image.Image:
    photo = open_photo(path)
    pixels = to_8_bits(photo.image)
    # Sheets have no color profile, and the profile of a gray photograph is for one channel.
    picture = to_srgb(to_gray(pixels) if photo.gray else pixels, photo.icc_profile).convert("RGB")
    scale = LONG_SIDE / max(picture.size)
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _stack(rows: Sequence[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)), "gray")
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return sheet
