"""Writes the report of an evaluation: numbers, tables, images and an HTML page."""

import html
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from urllib.parse import quote

import numpy as np
from PIL import Image

from keras_f2a.data.pairs import LoadedPairs
from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.protocol import file_values_as_8_bit
from keras_f2a.evaluation.score_summary import Evaluation
from keras_f2a.evaluation.table_formats import (
    Table,
    as_html,
    as_latex,
    as_markdown,
    remark_lines,
)
from keras_f2a.support.atomic_file import check_writable, named_file
from keras_f2a.support.counting import counted
from keras_f2a.support.errors import InputError
from keras_f2a.support.folders import writable_folder

_FILES = ("results.json", "table.md", "table.tex", "index.html")
_PICTURES = "pictures"

MAX_SHOWN_ERROR = 128  # of 255; larger errors are also white in the error map
_ERROR_COLORS = np.array(  # black, purple, red, yellow, white
    [[0, 0, 0], [85, 15, 110], [205, 60, 60], [250, 190, 50], [255, 255, 255]], float
)
_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
body { font-family: sans-serif; margin: 2em; color: #222; background: #fff; }
table { border-collapse: collapse; margin: 1.5em 0; }
caption { text-align: left; padding: 0.4em 0; color: #555; }
th, td { padding: 0.3em 0.9em; border-bottom: 1px solid #ccc; text-align: right; }
th:first-child, td:first-child { text-align: left; }
tbody + tbody th { padding-top: 1em; font-weight: normal; font-style: italic; color: #555; }
.grid { display: grid; grid-template-columns: repeat($columns, minmax(120px, 320px)); gap: 8px; }
figure { margin: 0; }
figure img { width: 100%; display: block; }
figcaption { font-size: 0.85em; padding: 2px 0 6px; }
li { margin: 0.2em 0; }
</style>
</head>
<body>
<h1>$title</h1>
<ul>
$remarks
</ul>
$tables
<ul>
$metrics
<li>Error maps: mean absolute difference to the ambient image over the three colors, black for 0,
white for $largest_error of 255 or more.</li>
</ul>
$images
</body>
</html>
""")


class Report:
    """A folder with the files of an evaluation.

    Args:
        directory: The folder, which is created if it is missing. Files of an earlier report are
            replaced.
        pairs: The evaluated pairs.
        labels: The methods' labels, in the order of the table.

    Raises:
        InputError: The folder cannot be created.
        WorkError: A file could not be written. The class's methods raise it too.
    """

    def __init__(self, directory: str | Path, pairs: LoadedPairs, labels: list[str]):
        self._directory = Path(directory)
        self._stems = {label: f"{i}_{_file_name(label)}" for i, label in enumerate(labels, 1)}
        # The output of the method "flash" is the input itself.
        self._shows_input = "flash" not in labels
        writable_folder(directory, "output")
        for name in pairs.names:
            writable_folder(self._directory / _PICTURES / name, "output")
        for name, flash, ambient in zip(pairs.names, pairs.flash, pairs.ambient, strict=True):
            self._save(self._picture_path(name, "ambient"), file_values_as_8_bit(ambient))
            if self._shows_input:
                self._save(self._picture_path(name, "flash_input"), file_values_as_8_bit(flash))
        self._targets = dict(zip(pairs.names, pairs.ambient, strict=True))

    def add_output(self, name: str, label: str, output: np.ndarray) -> None:
        """Save a method's output, uint8 (height, width, 3), and its error map as images."""
        self._save(self._picture_path(name, self._stems[label]), output)
        error = error_map(output, file_values_as_8_bit(self._targets[name]))
        self._save(self._picture_path(name, f"{self._stems[label]}_error"), error)

    def write(
        self, evaluation: Evaluation, tables: Sequence[Table], remarks: Sequence[str] = ()
    ) -> list[Path]:
        """Write `results.json`, `table.md`, `table.tex` and `index.html`.

        Args:
            evaluation: The scores.
            tables: The tables to show, in this order.
            remarks: Notes for the reader, one line each.

        Returns:
            The paths of the files.
        """
        document = json.dumps(evaluation.as_document(), indent=2, ensure_ascii=False) + "\n"
        texts = (
            document,
            "\n".join([*map(as_markdown, tables), *remark_lines(remarks)]),
            "\n".join(map(as_latex, tables)),
            self._page(evaluation, "".join(map(as_html, tables)), remarks),
        )
        files = [self._directory / name for name in _FILES]
        for path, text in zip(files, texts, strict=True):
            with named_file(path) as temporary:
                temporary.write_text(text, encoding="utf-8")
        return files

    def _page(self, evaluation: Evaluation, tables: str, remarks: Sequence[str]) -> str:
        names = next(iter(evaluation.scores.values()))
        texts = [f"{METRICS[name].heading}: {METRICS[name].text}." for name in names]
        images = (self._section(evaluation, row) for row in range(len(evaluation.names)))
        return _PAGE.substitute(
            title=f"Evaluation of {counted(len(evaluation.names), 'flash image')}",
            columns=len(self._stems) + 1 + self._shows_input,
            tables=tables,
            remarks="\n".join(_items(remarks)),
            metrics="\n".join(_items(texts)),
            largest_error=MAX_SHOWN_ERROR,
            images="\n".join(images),
        )

    def _section(self, evaluation: Evaluation, row: int) -> str:
        name = evaluation.names[row]
        outputs, errors = [], []
        for label, stem in self._stems.items():
            scores = evaluation.scores[label]
            aligned, plain = scores["psnr_aligned"][row], scores["psnr"][row]
            numbers = f"{aligned:.2f} dB aligned, {plain:.2f} dB"
            suffix = " (sees ambient)" if label in evaluation.seeing_ambient else ""
            outputs.append(self._figure(name, stem, f"{label}{suffix}: {numbers}"))
            errors.append(self._figure(name, f"{stem}_error", f"error of {label}"))
        ambient = self._figure(name, "ambient", "target: ambient photograph")
        cells = [*outputs, ambient, *errors]
        if self._shows_input:
            cells.insert(0, self._figure(name, "flash_input", "input: flash photograph"))
            cells.insert(len(outputs) + 2, "<div></div>")
        return f'<h2>{html.escape(name)}</h2>\n<div class="grid">\n{"".join(cells)}</div>'

    def _figure(self, name: str, stem: str, caption: str) -> str:
        source = quote(self._picture_path(name, stem).relative_to(self._directory).as_posix())
        caption = html.escape(caption)
        return (
            f'<figure><a href="{source}"><img src="{source}" alt="{caption}" loading="lazy"></a>'
            f"<figcaption>{caption}</figcaption></figure>\n"
        )

    def _picture_path(self, name: str, stem: str) -> Path:
        return self._directory / _PICTURES / name / f"{stem}.png"

    def _save(self, path: Path, image: np.ndarray) -> None:
        with named_file(path) as temporary:
            Image.fromarray(image).save(temporary)


def check_report(directory: str | Path, *, force: bool) -> None:
    """Check that a report can be written to a folder, before anything is measured.

    Args:
        directory: The folder. It is not created.
        force: Allow replacing files of the same names, such as those of an earlier report.

    Raises:
        InputError: A file of the report cannot be written, or exists and `force` is not set.
    """
    for name in _FILES:
        check_writable(Path(directory, name), force)
    pictures = Path(directory, _PICTURES)
    if pictures.exists() and not force:
        raise InputError("already exists; `force` replaces it", file=pictures)


def error_map(output: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Return a color map of the mean absolute difference of two images. All are uint8 RGB."""
    error = np.abs(output.astype(np.int16) - target.astype(np.int16)).mean(axis=-1)
    stops = np.linspace(0, MAX_SHOWN_ERROR, len(_ERROR_COLORS))
    colors = [np.interp(error, stops, channel) for channel in _ERROR_COLORS.T]
    return np.rint(np.stack(colors, axis=-1)).astype(np.uint8)


def _items(lines: Iterable[str]) -> list[str]:
    return [f"<li>{html.escape(line)}</li>" for line in lines]


def _file_name(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]+", "_", label)
