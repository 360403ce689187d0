"""How sure the share of an answer is if several viewers judge the same photographs."""

import numpy as np

RESAMPLES = 5_000
TAIL = 0.025  # On each side of a 95 % interval.


def share_interval(kept: np.ndarray, answers: np.ndarray, *, seed: int = 0) -> tuple[float, float]:
    """Bound a share of answers by a 95 % percentile bootstrap over photographs.

    The photographs are drawn anew with replacement, each with the answers of all its viewers:
    viewers of one photograph tend to agree, so more of them are not as good as more photographs.
    If the share is the same on every photograph, each draw repeats it. The bounds are then those of
    Wilson's interval for one answer to each photograph.

    Args:
        kept: For each photograph, how many answers count, shape (photographs,).
        answers: For each photograph, how many answers there are, at least 1, of the same shape.
        seed: Of the draws.

    Returns:
        The lower and the upper bound, in [0, 1]; (0, 1) without photographs.
    """
    photographs = len(answers)
    shares = np.unique(kept / answers)
    if len(shares) < 2:
        return wilson_interval(float(shares.sum()) * photographs, photographs)
    chance = np.random.default_rng(seed)
    draws = (chance.integers(photographs, size=photographs) for _ in range(RESAMPLES))
    means = [kept[drawn].sum() / answers[drawn].sum() for drawn in draws]
    low, high = np.quantile(means, [TAIL, 1 - TAIL])
    return float(low), float(high)


def wilson_interval(
    successes: float, total: int, *, quantile: float = 1.959964
) -> tuple[float, float]:
    """Bound a share by Wilson's score interval.

    Args:
        successes: How many of the total.
        total: All of them; 0 gives (0, 1).
        quantile: Of the normal distribution; the default is for 95 %.

    Returns:
        The lower and the upper bound, in [0, 1].
    """
    if total == 0:
        return 0.0, 1.0
    share, square = successes / total, quantile**2 / total
    middle = share + square / 2
    reach = (share * (1 - share) * square + square**2 / 4) ** 0.5
    return max((middle - reach) / (1 + square), 0.0), min((middle + reach) / (1 + square), 1.0)
