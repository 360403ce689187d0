"""Blind preference: sheets that show two versions side by side, and the count of the answers.

A viewer sees an original and a result on random sides, answers with the side to keep or with no
preference, and does not know which is which. The key lies apart from the sheets.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from keras_f2a.support.atomic_file import atomic_path, write_text
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import writable_folder
from keras_f2a.support.printable import printable

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
TRIALS_OF_A_SHEET = 3
LONG_SIDE = 640
_MARGIN = 10
_LINE = 30
_ANSWER = re.compile(r"\s*([0-9]+)\s*[:.]?\s*([LRlr=])")


@dataclass(frozen=True)
class Preference:
    """How often viewers preferred one version to the original.

    Attributes:
        result: Answers for the version.
        original: Answers for the original.
        neither: Answers without a preference.
    """

    result: int
    original: int
    neither: int

    @property
    def total(self) -> int:
        """All answers."""
        return self.result + self.original + self.neither


def make_sheets(
    original: Path, versions: Mapping[str, Path], output: Path, *, key: Path, seed: int = 0
) -> int:
    """Draw sheets of trials and write the key that tells which side is which.

    Args:
        original: Folder of photographs.
        versions: Folders of results by name; a result has the stem of its photograph.
        output: Folder for the sheets, `sheet_001.png` and so on.
        key: The file for the key, which viewers must not see: outside of `output`.
        seed: Decides order and sides.

    Returns:
        The number of trials.

    Raises:
        InputError: A folder is missing, a picture cannot be read, no result has a photograph, or
            the key would lie beside the sheets.
    """
    if key.resolve().is_relative_to(output.resolve()):
        raise InputError(
            "is in the sheets' folder; viewers must not see it", setting="key", value=key
        )
    originals = _pictures(original)
    trials = [
        (originals[stem], name, path)
        for name, folder in versions.items()
        for stem, path in _pictures(folder).items()
        if stem in originals
    ]
    if not trials:
        raise InputError(f"{printable(original)}: no result has the name of a photograph there")
    chance = random.Random(seed)
    chance.shuffle(trials)
    writable_folder(str(output), "output")
    sides = [chance.choice("LR") for _ in trials]
    for first in range(0, len(trials), TRIALS_OF_A_SHEET):
        numbers = range(first, min(first + TRIALS_OF_A_SHEET, len(trials)))
        rows = [_row(number + 1, *trials[number][::2], sides[number]) for number in numbers]
        with atomic_path(output / f"sheet_{first // TRIALS_OF_A_SHEET + 1:03d}.png") as file:
            _stacked(rows).save(file, "PNG")
    content = {
        str(number): {"photograph": photo.stem, "version": name, "side": side}
        for number, ((photo, name, _), side) in enumerate(zip(trials, sides, strict=True), start=1)
    }
    write_text(key, json.dumps(content, indent=1) + "\n")
    return len(trials)


def tally(key: Path, answers: Sequence[Path]) -> dict[str, Preference]:
    """Count viewers' answers for each version.

    Args:
        key: What `make_sheets` wrote.
        answers: A file for each viewer, with a line `NUMBER L`, `NUMBER R` or `NUMBER =` for each
            trial. What follows on a line is the viewer's own note.

    Returns:
        The counts by version.

    Raises:
        InputError: A file cannot be read, a line is not an answer, or a trial is answered twice or
            not in the key.
    """
    try:
        trials = json.loads(key.read_text(encoding="utf-8"))
        counts = {trial["version"]: Counter[str]() for trial in trials.values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{printable(key)}: not a key of preference sheets") from error
    for file in answers:
        for number, answer in _answers(file).items():
            if number not in trials:
                raise InputError(f"{printable(file)}: trial {number} is not in the key")
            trial = trials[number]
            kept = "neither" if answer == "=" else answer == trial["side"]
            counts[trial["version"]][str(kept)] += 1
    return {
        name: Preference(count["True"], count["False"], count["neither"])
        for name, count in counts.items()
    }


def wilson_interval(
    successes: int, total: int, *, quantile: float = 1.959964
) -> tuple[float, float]:
    """Bound a share by Wilson's score interval.

    Args:
        successes: How many of the total.
        total: All of them; 0 gives (0, 1).
        quantile: Of the normal distribution; the default is for 95 %.

    Returns:
        The lower and the upper bound, in [0, 1].
    """
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, quantile**2 / total
    middle = share + square / 2
    reach = (share * (1 - share) * square + square**2 / 4) ** 0.5
    return max((middle - reach) / (1 + square), 0.0), min((middle + reach) / (1 + square), 1.0)


def _answers(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(f"{printable(file)}: cannot be read as text") from error
    answers: dict[str, str] = {}
    for count, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = _ANSWER.match(line)
        if found is None:
            raise InputError(f"{printable(file)}, line {count}: give a number, then L, R or =")
        if found[1] in answers:
            raise InputError(f"{printable(file)}, line {count}: trial {found[1]} is answered twice")
        answers[found[1]] = found[2].upper()
    return answers


def _pictures(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise InputError(f"{printable(folder)}: no such folder")
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    return {path.stem: path for path in files}


def _row(number: int, original: Path, version: Path, side: str) -> Image.Image:
    pictures = [_picture(version), _picture(original)]
    if side == "R":
        pictures.reverse()
    height = max(picture.height for picture in pictures)
    row = Image.new("RGB", (2 * LONG_SIDE + 3 * _MARGIN, height + _LINE + _MARGIN), "gray")
    draw = ImageDraw.Draw(row)
    for column, (picture, name) in enumerate(zip(pictures, ("LEFT", "RIGHT"), strict=True)):
        left = _MARGIN + column * (LONG_SIDE + _MARGIN)
        draw.text((left, 4), f"{number}  {name}", fill="black", font=ImageFont.load_default(20))
        row.paste(picture, (left + (LONG_SIDE - picture.width) // 2, _LINE))
    return row


def _picture(path: Path) -> Image.Image:
    try:
        with Image.open(path) as image:
            picture = image.convert("RGB")
    except (OSError, ValueError) as error:
        raise InputError(f"{printable(path)}: not a picture that can be read") from error
    scale = LONG_SIDE / max(picture.size)
    size = (max(round(picture.width * scale), 1), max(round(picture.height * scale), 1))
    return picture.resize(size, Image.Resampling.BICUBIC)


def _stacked(rows: Sequence[Image.Image]) -> Image.Image:
    sheet = Image.new("RGB", (rows[0].width, sum(row.height for row in rows)), "gray")
    top = 0
    for row in rows:
        sheet.paste(row, (0, top))
        top += row.height
    return sheet
