"""Statistics beyond the mean: spread, means of categories and intervals of differences."""

from typing import NamedTuple

import numpy as np
from scipy.stats import bootstrap

CATEGORIES = ("People", "Shelves", "Plants", "Toys", "Rooms", "Objects")  # of FAID
RESAMPLES = 5_000
CONFIDENCE = 0.95
_MAX_BATCH_SCORES = 1_000_000  # scores; bounds the memory for any number of images


class Difference(NamedTuple):
    """The mean difference of two methods' scores on the same images.

    Attributes:
        mean: Mean of the differences.
        low: Lower bound of the interval, or nan if there is no interval.
        high: Upper bound of the interval, or nan if there is no interval.
    """

    mean: float
    low: float
    high: float


def standard_deviation(values: np.ndarray) -> float:
    """Return the sample standard deviation (n − 1).

    It is nan if there are fewer than two values or any of them is not finite.
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
    """Return the mean difference from a baseline with its percentile bootstrap interval.

    The bootstrap resamples images with replacement, each with both of its scores, so the difficulty
    that an image has for both methods cancels out. If the interval excludes 0, the difference does
    not depend on the choice of these images.

    Args:
        values: A method's scores, one for each image.
        baseline: The baseline's scores for the same images in the same order.
        seed: Seed of the bootstrap.
        resamples: Number of resamples.
        confidence: Fraction of the resampled means inside the interval.
    """
    values, baseline = np.asarray(values, np.float64), np.asarray(baseline, np.float64)
    if not (np.isfinite(values).all() and np.isfinite(baseline).all()):
        return Difference(float("nan"), float("nan"), float("nan"))
    differences = values - baseline
    mean = float(differences.mean())
    if len(differences) < 2:
        return Difference(mean, float("nan"), float("nan"))
    result = bootstrap(
        (differences,),
        np.mean,
        n_resamples=resamples,
        # Batches do not change the draws.
        batch=max(_MAX_BATCH_SCORES // len(differences), 1),
        confidence_level=confidence,
        method="percentile",
        rng=np.random.default_rng(seed),
    )
    return Difference(mean, *map(float, result.confidence_interval))


def category(name: str) -> str | None:
    """Return the FAID category that a pair's name starts with ("People_150"), or None."""
    prefix = name.split("_")[0]
    return prefix if prefix in CATEGORIES else None


def category_means(names: list[str], values: np.ndarray) -> dict[str, float]:
    """Return the mean for each category that occurs, in FAID's order."""
    categories = [category(name) for name in names]
    values = np.asarray(values, dtype=np.float64)
    return {
        category_name: float(values[[name == category_name for name in categories]].mean())
        for category_name in CATEGORIES
        if category_name in categories
    }
