"""The numbers of an evaluation as tables, in Markdown, LaTeX and HTML."""

import html
import math
from typing import NamedTuple

from keras_f2a.evaluation.scores import Evaluation
from keras_f2a.evaluation.uncertainty import CATEGORIES, CONFIDENCE, Difference

_DIGITS = {"psnr": 2, "ssim": 4, "psnr_rounded": 2, "ssim_gaussian": 4}
_HEADINGS = {
    "psnr": "PSNR (dB)",
    "ssim": "SSIM",
    "psnr_rounded": "PSNR, rounded (dB)",
    "ssim_gaussian": "SSIM, Gaussian RGB",
}
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
    """

    caption: str
    header: list[str]
    rows: list[list[str]]


def all_tables(evaluation: Evaluation) -> list[Table]:
    """The table of scores, and that of the categories where names carry them."""
    tables = [score_table(evaluation), category_table(evaluation)]
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
    return Table(caption, header, rows)


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
    return Table("PSNR (dB) / SSIM of each category", ["Method", *present], rows)


def as_markdown(table: Table) -> str:
    """Writes a pipe table with aligned columns, under its caption."""
    lines = [table.header, *table.rows]
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
    lines = [
        " & ".join(_latex(cell) for cell in line) + r" \\" for line in [table.header, *table.rows]
    ]
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_latex(table.caption)}.}}",
            rf"\begin{{tabular}}{{l{'r' * (len(table.header) - 1)}}}",
            r"\toprule",
            lines[0],
            r"\midrule",
            *lines[1:],
            r"\bottomrule",
            r"\end{tabular}",
            r"\end{table}",
            "",
        ]
    )


def as_html(table: Table) -> str:
    """Writes a `<table>` with its caption."""
    header = "".join(f"<th>{html.escape(cell)}</th>" for cell in table.header)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in table.rows
    )
    caption = html.escape(table.caption)
    return (
        f"<table><caption>{caption}</caption>\n<thead><tr>{header}</tr></thead>\n"
        f"<tbody>\n{rows}</tbody></table>\n"
    )


def _number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "n/a"
    return "∞" if math.isinf(value) else f"{value:.{digits}f}"


def _difference(difference: Difference | None, digits: int) -> str:
    if difference is None or math.isnan(difference.mean):
        return "n/a" if difference else "baseline"
    mean = f"{difference.mean:+.{digits}f}"
    if not math.isnan(difference.low):
        mean += f" [{difference.low:+.{digits}f}, {difference.high:+.{digits}f}]"
    return mean.replace("-", "−")


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)
