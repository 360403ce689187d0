"""The numbers of an evaluation as tables."""

import math

import numpy as np

from keras_f2a.evaluation.scores import Evaluation
from keras_f2a.evaluation.table_formats import Table
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
