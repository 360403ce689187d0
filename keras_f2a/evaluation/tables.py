"""The numbers of an evaluation as tables, in Markdown, LaTeX and HTML."""

import html
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from keras_f2a.evaluation.scores import Evaluation
from keras_f2a.evaluation.uncertainty import CATEGORIES, CONFIDENCE, Difference

_DIGITS = {"psnr": 2, "ssim": 4, "psnr_rounded": 2, "ssim_gaussian": 4}
_HEADINGS = {
    "psnr": "PSNR (dB)",
    "ssim": "SSIM",
    "psnr_rounded": "PSNR, rounded (dB)",
    "ssim_gaussian": "SSIM, Gaussian RGB",
}
_LIGHT_DIGITS = {
    "psnr_aligned": 2,
    "ssim_aligned": 4,
    "brightness": 2,
    "contrast": 2,
    "white_level": 0,
    "white_cast": 0,
    "without_flash": 1,
    "shadow_error": 1,
}
_LIGHT_HEADINGS = {
    "psnr_aligned": "PSNR, aligned (dB)",
    "ssim_aligned": "SSIM, aligned",
    "brightness": "Brightness / ambient",
    "contrast": "Contrast / ambient",
    "white_level": "Near-white: level",
    "white_cast": "red − blue",
    "without_flash": "Without flash: PSNR (dB)",
    "shadow_error": "Flash shadows: error",
}
_NOT_ALWAYS = ("without_flash", "shadow_error")
_LATEX = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "$": r"\$",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "±": r"$\pm$",
    "−": r"$-$",
    "Δ": r"$\Delta$",
    "∞": r"$\infty$",
}


class Table(NamedTuple):
    """A table of text.

    Attributes:
        caption: One line.
        header: One text for each column; the first is over the rows' names.
        rows: One list of texts for each row, as long as the header.
        apart: What sets further rows apart, one line; empty if there are none.
        rows_apart: Those rows, which come last.
    """

    caption: str
    header: list[str]
    rows: list[list[str]]
    apart: str = ""
    rows_apart: Sequence[list[str]] = ()


def all_tables(evaluation: Evaluation) -> list[Table]:
    """The tables of scores and of light, and that of the categories where names carry them."""
    tables = [score_table(evaluation), light_table(evaluation), category_table(evaluation)]
    return [table for table in tables if table is not None]


def score_table(evaluation: Evaluation) -> Table:
    """Mean ± standard deviation of each metric and the differences to the baseline."""
    header = ["Method", *_HEADINGS.values()]
    compared = ["psnr", "ssim"] if len(evaluation.scores) > 1 else []
    header += [f"Δ {_HEADINGS[metric]} [{CONFIDENCE:.0%}]" for metric in compared]
    rows = []
    for label in evaluation.scores:
        row = [label]
        for metric, digits in _DIGITS.items():
            summary = evaluation.summary(label, metric)
            spread = _number(summary.standard_deviation, digits)
            row.append(f"{_number(summary.mean, digits)} ± {spread}")
        for metric in compared:
            difference = evaluation.summary(label, metric).difference
            row.append(_difference(difference, _DIGITS[metric]))
        rows.append(row)
    images = len(evaluation.names)
    caption = f"Mean ± standard deviation over {images} image{'s' if images > 1 else ''}"
    if compared:
        caption += f"; Δ: difference to {evaluation.baseline}, paired bootstrap interval"
    return _set_apart(Table(caption, header, rows), evaluation)


def light_table(evaluation: Evaluation) -> Table:
    """What became of the light, apart from exposure and white balance; means over the images."""
    digits_of = {m: digits for m, digits in _LIGHT_DIGITS.items() if _is_measured(evaluation, m)}
    header = ["Method", *(_LIGHT_HEADINGS[metric] for metric in digits_of)]
    compared = ["psnr_aligned", "ssim_aligned"] if len(evaluation.scores) > 1 else []
    header += [f"Δ {_LIGHT_HEADINGS[metric]} [{CONFIDENCE:.0%}]" for metric in compared]
    rows = []
    for label in evaluation.scores:
        summaries = {metric: evaluation.summary(label, metric) for metric in digits_of}
        means = [_number(summaries[m].mean, digits) for m, digits in digits_of.items()]
        differences = [_difference(summaries[m].difference, _LIGHT_DIGITS[m]) for m in compared]
        rows.append([label, *means, *differences])
    caption = "The light apart from exposure and white balance, means"
    return _set_apart(Table(caption, header, rows), evaluation)


def _is_measured(evaluation: Evaluation, metric: str) -> bool:
    """Whether a metric has its column: always, but for those that only some evaluations measure."""
    scores = evaluation.scores.values()
    return metric not in _NOT_ALWAYS or not all(np.isnan(s[metric]).all() for s in scores)


def category_table(evaluation: Evaluation) -> Table | None:
    """Mean PSNR / SSIM of each category; None if no image's name carries one."""
    first = evaluation.summary(evaluation.baseline, "psnr")
    present = [name for name in CATEGORIES if name in first.categories]
    if not present:
        return None
    rows = []
    for label in evaluation.scores:
        means = [evaluation.summary(label, metric).categories for metric in ("psnr", "ssim")]
        cells = [
            " / ".join(
                _number(mean[name], _DIGITS[metric])
                for metric, mean in zip(("psnr", "ssim"), means, strict=True)
            )
            for name in present
        ]
        rows.append([label, *cells])
    table = Table("PSNR (dB) / SSIM of each category", ["Method", *present], rows)
    return _set_apart(table, evaluation)


def as_markdown(table: Table) -> str:
    """Writes a pipe table with aligned columns, under its caption."""
    lines = [table.header, *table.rows]
    if table.apart:
        lines += [[f"*{table.apart}:*"] + [""] * (len(table.header) - 1), *table.rows_apart]
    lines = [[cell.replace("|", r"\|") for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"{table.caption}.", "", texts[0], rule, *texts[1:]]) + "\n"


def as_latex(table: Table) -> str:
    r"""Writes a `table` environment; it needs the package booktabs."""
    header, *rows = (_latex_row(line) for line in [table.header, *table.rows])
    if table.apart:
        columns = len(table.header)
        rows += [
            r"\midrule",
            rf"\multicolumn{{{columns}}}{{l}}{{\emph{{{_latex(table.apart)}:}}}} \\",
            *(_latex_row(line) for line in table.rows_apart),
        ]
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_latex(table.caption)}.}}",
            rf"\begin{{tabular}}{{l{'r' * (len(table.header) - 1)}}}",
            r"\toprule",
            header,
            r"\midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def as_html(table: Table) -> str:
    """Writes a `<table>` with its caption."""
    header = "".join(f"<th>{html.escape(cell)}</th>" for cell in table.header)
    caption = html.escape(table.caption)
    apart = ""
    if table.apart:
        title = f'<tr><th colspan="{len(table.header)}">{html.escape(table.apart)}:</th></tr>\n'
        apart = f"\n<tbody>\n{title}{_html_rows(table.rows_apart)}</tbody>"
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{header}</tr></thead>\n"
        f"<tbody>\n{_html_rows(table.rows)}</tbody>{apart}</table>\n"
    )


def _set_apart(table: Table, evaluation: Evaluation) -> Table:
    """Moves the rows of methods that see the ambient photograph behind the others."""
    seeing = evaluation.seeing_ambient
    rows_apart = [row for row in table.rows if row[0] in seeing]
    if not rows_apart:
        return table
    noise = evaluation.ambient_noise
    what = "the target itself" if noise is None else f"taken with {noise:g} EV less light"
    return table._replace(
        rows=[row for row in table.rows if row[0] not in seeing],
        apart=f"These see the ambient photograph too, {what}",
        rows_apart=rows_apart,
    )


def _html_rows(rows: Sequence[list[str]]) -> str:
    return "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in rows
    )


def _latex_row(cells: list[str]) -> str:
    return " & ".join(map(_latex, cells)) + r" \\"


def _number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "n/a"
    if math.isinf(value):
        return "∞"
    # Adding 0 takes the sign of a rounded −0 away.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _difference(difference: Difference | None, digits: int) -> str:
    if difference is None or math.isnan(difference.mean):
        return "n/a" if difference else "baseline"
    mean = f"{difference.mean:+.{digits}f}"
    if not math.isnan(difference.low):
        mean += f" [{difference.low:+.{digits}f}, {difference.high:+.{digits}f}]"
    return mean.replace("-", "−")


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
