"""Reads the scores on a model card from the export's card and from evaluations."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from keras_f2a.support.errors import InputError, one_line
from keras_f2a.support.input_files import check_file
from keras_f2a.support.printable import printable

INTERVAL = "95% bootstrap interval"
_CARD_METRICS = ("psnr_aligned", "psnr", "ssim_aligned", "ssim")
_TOO_LARGE = 1e100
_MAX_SIZE = 200_000_000  # bytes of `results.json`, enough for tens of thousands of pairs


@dataclass(frozen=True)
class Score:
    """One number on a card.

    Attributes:
        metric: The metric's name in `results.json`.
        name: The name shown to readers.
        dataset: The pairs that it was measured on.
        pairs: How many pairs the mean covers, or `None` if unknown.
        value: The mean.
        low: Lower bound of the mean's interval, or `None` if there is no interval.
        high: Upper bound of the interval.
        left_out: How many more pairs have no finite score, such as those with an infinite PSNR.
    """

    metric: str
    name: str
    dataset: str
    pairs: int | None
    value: float
    low: float | None = None
    high: float | None = None
    left_out: int = 0


def export_scores(facts: dict[str, Any]) -> Iterator[Score]:
    """Yield an export's scores on its held-out pairs. They have no intervals."""
    measured = facts.get("measured")
    parity = measured.get("parity") if isinstance(measured, dict) else None
    held_out = facts["pairs"].get("held_out") if isinstance(facts.get("pairs"), dict) else None
    pairs = held_out.get("pairs") if isinstance(held_out, dict) else None
    for metric, name in (("psnr", "PSNR (dB)"), ("ssim", "SSIM")):
        value = parity.get(metric) if isinstance(parity, dict) else None
        if value is not None and _is_number(value):
            count = pairs if isinstance(pairs, int) else None
            yield Score(metric, name, "held-out pairs of the export", count, float(value))


def evaluation_scores(path: Path, methods: Sequence[str]) -> Iterator[Score]:
    """Yield the scores of one evaluation, with the intervals of their means."""
    # Imported here so that a card without evaluations does not need the evaluation's packages.
    from keras_f2a.evaluation.metrics import METRICS
    from keras_f2a.evaluation.uncertainty import paired_difference

    document = _read_results(path)
    labels = [name for name in methods if name in document["methods"]]
    if not labels:
        available = ", ".join(map(printable, document["methods"]))
        raise InputError(
            f"{' and '.join(methods)} is not among its methods ({available}); "
            "set `method` to the one that is this model",
            file=path,
        )
    data = document.get("data")
    digest = str(data.get("sha256", ""))[:12] if isinstance(data, dict) else ""
    dataset = f"pairs {digest}" if digest else "pairs"
    for label in labels:
        images = [scores.get(label, {}) for scores in document["images"].values()]
        for metric in _CARD_METRICS:
            numbers = [one[metric] for one in images if _is_number(one.get(metric))]
            values = np.array(numbers, np.float64)
            if len(values):
                mean, low, high = paired_difference(values, np.zeros(len(values)))
                heading = METRICS[metric].heading
                heading = heading if len(labels) == 1 else f"{heading}, {label}"
                has_no_interval = math.isnan(low)
                yield Score(
                    metric,
                    heading,
                    dataset,
                    len(values),
                    mean,
                    low=None if has_no_interval else low,
                    high=None if has_no_interval else high,
                    left_out=len(images) - len(values),
                )


def _read_results(path: Path) -> dict[str, Any]:
    check_file(path)
    try:
        if path.stat().st_size > _MAX_SIZE:
            raise ValueError("it is too large")
        document = json.loads(path.read_text(encoding="utf-8"))
        if not _has_scores(document):
            raise ValueError("it contains no scores")
        return document
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"not a results.json of keras-f2a evaluate ({one_line(error)})", file=path
        ) from error


def _has_scores(document: Any) -> bool:
    if not isinstance(document, dict) or not isinstance(document.get("methods"), dict):
        return False
    images = document.get("images")
    if not isinstance(images, dict):
        return False
    if not all(isinstance(methods, dict) for methods in images.values()):
        return False
    return all(isinstance(scores, dict) for image in images.values() for scores in image.values())


def _is_number(value: object) -> bool:
    """Return whether a value of a JSON file is a finite number that NumPy can compute with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < _TOO_LARGE  # An int may be too large for `math.isfinite`.
