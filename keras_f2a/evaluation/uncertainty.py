"""What a table says beyond a mean: spread, categories and the certainty of a difference."""

from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap

CATEGORIES = ("People", "Shelves", "Plants", "Toys", "Rooms", "Objects")  # of FAID
RESAMPLES = 5_000
CONFIDENCE = 0.95
_DRAWN_AT_ONCE = 1_000_000  # Scores, so that memory does not grow with the images.


class Difference(NamedTuple):
    """By how much one method beats another on the same images.

    Attributes:
        mean: Mean of the differences.
        low: Lower end of the interval.
        high: Upper end of the interval; nan, like `low`, where an interval cannot be said.
    """

    mean: float
    low: float
    high: float


def standard_deviation(values: np.ndarray) -> float:
    """Return the sample standard deviation (n − 1).

    Nan for fewer than two values or infinite ones.
    """
    values = np.asarray(values, dtype=np.float64)
    if len(values) < 2 or not np.isfinite(values).all():
        return float("nan")
    return float(values.std(ddof=1))


def paired_difference(
    values: np.ndarray,
    baseline: np.ndarray,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    confidence: float = CONFIDENCE,
) -> Difference:
    """Mean difference to a baseline with its percentile bootstrap interval.

    The images are drawn anew with replacement, each with its two scores, so that what makes an
    image hard for both methods cancels out. An interval that leaves out 0 is a difference that does
    not hang on the choice of these images.

    Args:
        values: A method's scores, one for each image.
        baseline: The baseline's scores of the same images in the same order.
        seed: Of the draws.
        resamples: How often the images are drawn.
        confidence: The part of the drawn means that the interval holds.
    """
    values, baseline = np.asarray(values, np.float64), np.asarray(baseline, np.float64)
    if not (np.isfinite(values).all() and np.isfinite(baseline).all()):
        return Difference(float("nan"), float("nan"), float("nan"))
    differences = values - baseline
    mean = float(differences.mean())
    if len(differences) < 2:
        return Difference(mean, float("nan"), float("nan"))
    drawn = bootstrap(
        (differences,),
        np.mean,
        n_resamples=resamples,
        # In parts, which does not change what is drawn.
        batch=max(_DRAWN_AT_ONCE // len(differences), 1),
        confidence_level=confidence,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return Difference(mean, *map(float, drawn.confidence_interval))


def category(name: str) -> str | None:
    """Return the FAID category that a pair's name starts with ("People_150"), or None."""
    start = name.split("_")[0]
    return start if start in CATEGORIES else None


def category_means(names: list[str], values: np.ndarray) -> dict[str, float]:
    """Mean over the images of each category that occurs, in FAID's order."""
    found = [category(name) for name in names]
    values = np.asarray(values, dtype=np.float64)
    return {
        wanted: float(values[[this == wanted for this in found]].mean())
        for wanted in CATEGORIES
        if wanted in found
    }
