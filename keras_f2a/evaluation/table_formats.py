"""Formats a table of text as Markdown, LaTeX or HTML."""

import html
from collections.abc import Sequence
from typing import NamedTuple

_LATEX_ESCAPES = {
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
        caption: The caption, one line.
        header: The headings of the columns. The first column holds the rows' names.
        rows: The cells of each row, as many as in the header.
        apart: A heading above the separate rows, one line. Empty if there are none.
        rows_apart: The separate rows, which come last.
    """

    caption: str
    header: list[str]
    rows: list[list[str]]
    apart: str = ""
    rows_apart: Sequence[list[str]] = ()


def as_markdown(table: Table) -> str:
    """Return a pipe table with aligned columns, below its caption."""
    lines = [table.header, *table.rows]
    if table.apart:
        lines += [[f"*{table.apart}:*"] + [""] * (len(table.header) - 1), *table.rows_apart]
    lines = [[cell.replace("|", r"\|") for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    texts = []
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        texts.append(f"| {' | '.join(padded)} |")
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([f"{table.caption}.", "", texts[0], rule, *texts[1:]]) + "\n"


def remark_lines(remarks: Sequence[str]) -> list[str]:
    """Return remarks as a Markdown list in one string, or nothing if there are none."""
    return ["".join(f"- {remark}\n" for remark in remarks)] if remarks else []


def as_latex(table: Table) -> str:
    r"""Return a `table` environment, which needs the package booktabs."""
    header, *rows = (_latex_row(line) for line in [table.header, *table.rows])
    if table.apart:
        columns = len(table.header)
        rows += [
            r"\midrule",
            rf"\multicolumn{{{columns}}}{{l}}{{\emph{{{_escape_latex(table.apart)}:}}}} \\",
            *(_latex_row(line) for line in table.rows_apart),
        ]
    return "\n".join(
        [
            r"\begin{table}",
            r"\centering",
            rf"\caption{{{_escape_latex(table.caption)}.}}",
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
    """Return a `<table>` with its caption."""
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


def _html_rows(rows: Sequence[list[str]]) -> str:
    return "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>\n"
        for row in rows
    )


def _latex_row(cells: list[str]) -> str:
    return " & ".join(map(_escape_latex, cells)) + r" \\"


def _escape_latex(text: str) -> str:
    return "".join(_LATEX_ESCAPES.get(character, character) for character in text)
