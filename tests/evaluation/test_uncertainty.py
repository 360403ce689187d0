import tracemalloc

import numpy as np
import pytest
from scipy.stats import bootstrap

from keras_f2a.evaluation import uncertainty


def test_standard_deviation_by_hand():
    assert uncertainty.standard_deviation([1.0, 2.0, 4.0, 5.0]) == pytest.approx(np.sqrt(10 / 3))
    assert np.isnan(uncertainty.standard_deviation([3.0]))
    assert np.isnan(uncertainty.standard_deviation([3.0, np.inf]))


def test_difference_of_a_constant_gain_is_certain():
    baseline = np.array([10.0, 14.0, 19.0])
    difference = uncertainty.paired_difference(baseline + 0.5, baseline)
    assert difference == pytest.approx((0.5, 0.5, 0.5))


def test_pairing_cancels_what_makes_an_image_hard(rng):
    baseline = rng.normal(15, 5, 100)
    gain = rng.normal(0.3, 0.2, 100)
    mean, low, high = uncertainty.paired_difference(baseline + gain, baseline)
    assert mean == pytest.approx(gain.mean())
    assert 0 < low < mean < high < 0.5


def test_interval_is_that_of_the_mean(rng):
    """For many images, the bootstrap interval approaches mean ± 1.96 standard errors."""
    differences = rng.normal(0.1, 1.0, 400)
    mean, low, high = uncertainty.paired_difference(differences, np.zeros(400), resamples=20_000)
    error = 1.96 * differences.std(ddof=1) / 20
    assert (low, high) == pytest.approx((mean - error, mean + error), abs=0.008)


def test_interval_covers_the_true_difference_as_often_as_it_says():
    generator = np.random.default_rng(1)
    hits = 0
    for _ in range(200):
        values = generator.normal(0.2, 1.0, 60)
        _, low, high = uncertainty.paired_difference(values, np.zeros(60), resamples=400)
        hits += low <= 0.2 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_the_seed_decides_the_interval(rng):
    values, baseline = rng.normal(size=(2, 20))
    first = uncertainty.paired_difference(values, baseline, seed=3)
    assert first == uncertainty.paired_difference(values, baseline, seed=3)
    assert first != uncertainty.paired_difference(values, baseline, seed=4)


def test_the_interval_is_of_the_quantiles_of_redrawn_means():
    values, baseline = [15.1, 14.2, 17.9, 12.0, 16.6], [14.8, 14.5, 16.2, 11.1, 16.4]
    gains = np.subtract(values, baseline)
    drawn = gains[np.random.default_rng(1).integers(5, size=(5_000, 5))].mean(axis=1)
    difference = uncertainty.paired_difference(values, baseline, seed=1)
    assert difference == pytest.approx((gains.mean(), *np.quantile(drawn, [0.025, 0.975])))


def test_memory_does_not_grow_with_the_images_and_the_interval_stays(rng):
    """All samples of 2,000 images at once would take 160 MB."""
    gains = rng.normal(size=2_000)
    tracemalloc.start()
    try:
        difference = uncertainty.paired_difference(gains, np.zeros(2_000))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 50e6
    chance = np.random.default_rng(0)
    at_once = bootstrap((gains,), np.mean, n_resamples=5_000, method="percentile", rng=chance)
    assert difference[1:] == tuple(at_once.confidence_interval)


def test_no_interval_for_a_single_image_or_infinite_scores():
    mean, low, high = uncertainty.paired_difference([2.0], [1.5])
    assert mean == 0.5 and np.isnan([low, high]).all()
    assert np.isnan(uncertainty.paired_difference([np.inf, 2.0], [1.0, 1.0])).all()


def test_categories_come_from_names_in_faids_order():
    names = ["Toys_002", "People_150", "Toys_001", "holiday_1", "Toysomething_3"]
    means = uncertainty.category_means(names, [1.0, 7.0, 3.0, 100.0, 100.0])
    assert list(means.items()) == [("People", 7.0), ("Toys", 2.0)]
    assert uncertainty.category("Rooms_007_b") == "Rooms"
    assert uncertainty.category("rooms_007") is None
    assert uncertainty.category_means(["a", "b"], [1.0, 2.0]) == {}
