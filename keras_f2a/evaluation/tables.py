"""Builds the tables of an evaluation, from appearance first to plain PSNR last."""

import math

import numpy as np

from keras_f2a.evaluation.metrics import APPEARANCE, LIGHT, METRICS, PROTOCOL, Metric
from keras_f2a.evaluation.score_summary import Evaluation
from keras_f2a.evaluation.table_formats import Table
from keras_f2a.evaluation.uncertainty import CATEGORIES, CONFIDENCE, Difference


def all_tables(evaluation: Evaluation) -> list[Table]:
    """Return the tables of appearance, light, plain scores and categories.

    They are in order of importance: how a result looks, then its light, then the authors' scores.
    """
    tables = [
        appearance_table(evaluation),
        light_table(evaluation),
        score_table(evaluation),
        category_table(evaluation),
    ]
    return [table for table in tables if table is not None]


def appearance_table(evaluation: Evaluation) -> Table:
    """Return the means of how results look next to the flash photograph."""
    caption = "How results look next to the flash photograph (means); warnings only, judge by eye"
    return _mean_table(evaluation, APPEARANCE, caption)


def light_table(evaluation: Evaluation) -> Table:
    """Return the means of the metrics of light, apart from exposure and white balance."""
    return _mean_table(evaluation, LIGHT, "The light apart from exposure and white balance (means)")


def score_table(evaluation: Evaluation) -> Table:
    """Return mean ± standard deviation of each plain score, and differences from the baseline."""
    metrics = _table_metrics(evaluation, PROTOCOL)
    compared = _compared(evaluation, metrics)
    header = ["Method", *(metric.heading for metric in metrics), *map(_delta_heading, compared)]
    rows = []
    for label in evaluation.scores:
        row = [label]
        for metric in metrics:
            summary = evaluation.summary(label, metric.name)
            spread = _format_number(summary.standard_deviation, metric.digits)
            row.append(f"{_format_number(summary.mean, metric.digits)} ± {spread}")
        rows.append([*row, *_differences(evaluation, label, compared)])
    images = len(evaluation.names)
    caption = f"Mean ± standard deviation over {images} image{'s' if images > 1 else ''}"
    if compared:
        caption += f"; Δ: difference to {evaluation.baseline}, paired bootstrap interval"
    return _separate_ambient_methods(Table(caption, header, rows), evaluation)


def category_table(evaluation: Evaluation) -> Table | None:
    """Return mean PSNR / SSIM for each category, or `None` if no image's name has a category."""
    baseline = evaluation.summary(evaluation.baseline, "psnr")
    present = [name for name in CATEGORIES if name in baseline.categories]
    if not present:
        return None
    metrics = [METRICS["psnr"], METRICS["ssim"]]
    rows = []
    for label in evaluation.scores:
        means = [evaluation.summary(label, metric.name).categories for metric in metrics]
        row = [label]
        for name in present:
            numbers = (
                _format_number(mean[name], metric.digits)
                for metric, mean in zip(metrics, means, strict=True)
            )
            row.append(" / ".join(numbers))
        rows.append(row)
    table = Table("PSNR (dB) / SSIM of each category", ["Method", *present], rows)
    return _separate_ambient_methods(table, evaluation)


def _mean_table(evaluation: Evaluation, table: str, caption: str) -> Table:
    metrics = _table_metrics(evaluation, table)
    compared = _compared(evaluation, metrics)
    header = ["Method", *(metric.heading for metric in metrics), *map(_delta_heading, compared)]
    rows = [
        [
            label,
            *(_format_number(evaluation.summary(label, m.name).mean, m.digits) for m in metrics),
            *_differences(evaluation, label, compared),
        ]
        for label in evaluation.scores
    ]
    return _separate_ambient_methods(Table(caption, header, rows), evaluation)


def _table_metrics(evaluation: Evaluation, table: str) -> list[Metric]:
    """Return the metrics that have a column in a table."""
    names = next(iter(evaluation.scores.values()))
    metrics = [
        metric for metric in METRICS.values() if metric.table == table and metric.name in names
    ]
    return [metric for metric in metrics if metric.always or _is_defined(metric, evaluation)]


def _is_defined(metric: Metric, evaluation: Evaluation) -> bool:
    """Return whether any method has the metric for any image."""
    return not all(np.isnan(scores[metric.name]).all() for scores in evaluation.scores.values())


def _compared(evaluation: Evaluation, metrics: list[Metric]) -> list[Metric]:
    return [m for m in metrics if m.compared] if len(evaluation.scores) > 1 else []


def _delta_heading(metric: Metric) -> str:
    return f"Δ {metric.heading} [{CONFIDENCE:.0%}]"


def _differences(evaluation: Evaluation, label: str, metrics: list[Metric]) -> list[str]:
    if label == evaluation.baseline:
        return ["baseline"] * len(metrics)
    return [
        _format_difference(evaluation.summary(label, metric.name).difference, metric.digits)
        for metric in metrics
    ]


def _separate_ambient_methods(table: Table, evaluation: Evaluation) -> Table:
    """Move the rows of methods that see the ambient photograph after the others."""
    labels = evaluation.seeing_ambient
    rows_apart = [row for row in table.rows if row[0] in labels]
    if not rows_apart:
        return table
    noise = evaluation.ambient_noise
    ambient = "the target itself" if noise is None else f"taken with {noise:g} EV less light"
    return table._replace(
        rows=[row for row in table.rows if row[0] not in labels],
        apart=f"These methods also see the ambient photograph, {ambient}",
        rows_apart=rows_apart,
    )


def _format_number(value: float, digits: int) -> str:
    if math.isnan(value):
        return "n/a"
    if math.isinf(value):
        return "∞"
    # Adding 0 removes the sign of a rounded −0.
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _format_difference(difference: Difference | None, digits: int) -> str:
    if difference is None or math.isnan(difference.mean):
        return "n/a"
    mean = f"{difference.mean:+.{digits}f}"
    if not math.isnan(difference.low):
        mean += f" [{difference.low:+.{digits}f}, {difference.high:+.{digits}f}]"
    return mean.replace("-", "−")
