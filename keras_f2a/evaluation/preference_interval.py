"""Confidence intervals for a share of answers when several viewers judge the same photographs."""

import numpy as np

RESAMPLES = 5_000
TAIL = 0.025  # On each side of a 95% interval.


def share_interval(kept: np.ndarray, answers: np.ndarray, *, seed: int = 0) -> tuple[float, float]:
    """Bound a share of answers by a 95% percentile bootstrap over photographs.

    The bootstrap resamples photographs with replacement, each with all its answers. Viewers of the
    same photograph tend to agree, so more viewers add less information than more photographs. If
    the share is the same for every photograph, all resamples are alike. In that case the bounds
    are Wilson's interval with one answer for each photograph.

    Args:
        kept: Number of answers for the choice, for each photograph, shape (photographs,).
        answers: Total number of answers for each photograph, at least 1, in the same shape.
        seed: Seed of the bootstrap.

    Returns:
        The lower and the upper bound, in [0, 1], or (0, 1) if there are no photographs.
    """
    photographs = len(answers)
    shares = np.unique(kept / answers)
    if len(shares) < 2:
        return wilson_interval(float(shares.sum()) * photographs, photographs)
    generator = np.random.default_rng(seed)
    resamples = (generator.integers(photographs, size=photographs) for _ in range(RESAMPLES))
    means = [kept[indices].sum() / answers[indices].sum() for indices in resamples]
    low, high = np.quantile(means, [TAIL, 1 - TAIL])
    return float(low), float(high)


def wilson_interval(
    successes: float, total: int, *, quantile: float = 1.959964
) -> tuple[float, float]:
    """Bound a share by Wilson's score interval.

    Args:
        successes: Number of successes.
        total: Number of trials. If it is 0, the bounds are (0, 1).
        quantile: Quantile of the normal distribution. The default is for 95%.

    Returns:
        The lower and the upper bound, in [0, 1].
    """
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, quantile**2 / total
    center = share + square / 2
    half_width = (share * (1 - share) * square + square**2 / 4) ** 0.5
    low, high = (center - half_width) / (1 + square), (center + half_width) / (1 + square)
    return max(low, 0.0), min(high, 1.0)
