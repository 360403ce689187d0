"""Intervals of the share of answers that prefer a version."""

import numpy as np
import pytest

from keras_f2a.evaluation.preference_interval import share_interval, wilson_interval


def test_wilson_intervals():
    low, high = wilson_interval(45, 82)
    assert (round(low, 3), round(high, 3)) == (0.441, 0.652)
    assert wilson_interval(0, 0) == (0, 1)
    assert wilson_interval(0, 10)[0] == 0


def test_answers_that_all_agree_are_not_certain():
    """Every bootstrap sample of such answers would have the same share."""
    assert share_interval(np.zeros(10), np.full(10, 2)) == wilson_interval(0, 10)


def test_the_interval_is_of_photographs_drawn_anew():
    kept, answers = np.array([2, 1, 0, 2, 0, 1, 2, 2]), np.array([2, 2, 2, 2, 1, 2, 2, 3])
    draws = np.random.default_rng(0)
    shares = []
    for _ in range(5_000):
        drawn = draws.integers(8, size=8)
        shares.append(kept[drawn].sum() / answers[drawn].sum())
    expected = np.quantile(shares, [0.025, 0.975])
    assert share_interval(kept, answers) == pytest.approx(tuple(expected))
