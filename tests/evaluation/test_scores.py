"""Scores of methods: summaries, the JSON document, the baseline, and noisy ambient photographs."""

import json

import numpy as np
import pytest

from keras_f2a.evaluation.metrics import METRICS
from keras_f2a.evaluation.scores import evaluate
from keras_f2a.evaluation.tables import (
    all_tables,
    score_table,
)
from keras_f2a.support.errors import InputError
from tests.evaluation.flash_and_half import METHODS, SEEING


def test_scores_are_those_of_the_pairs(evaluation):
    expected = 20 * np.log10(255 / np.array([5.0, 10.0, 15.0]))
    np.testing.assert_allclose(evaluation.scores["flash"]["psnr"], expected)
    assert evaluation.baseline == "flash"
    assert all(seconds >= 0 for seconds in evaluation.seconds.values())


def test_summary_compares_with_the_baseline(evaluation):
    assert evaluation.summary("flash", "psnr").difference is None
    summary = evaluation.summary("half & <half>", "psnr")
    flash = evaluation.scores["flash"]["psnr"]
    half = evaluation.scores["half & <half>"]["psnr"]
    assert summary.mean == pytest.approx(half.mean())
    assert summary.difference.mean == pytest.approx((half - flash).mean())
    assert summary.difference.low <= summary.difference.mean <= summary.difference.high
    assert summary.categories == {"Toys": pytest.approx(half[:2].mean())}


def test_a_summary_is_computed_once(evaluation):
    """A summary resamples thousands of times, and tables, warnings and the document all use it."""
    first = evaluation.summary("half & <half>", "psnr")
    evaluation.as_document()
    assert evaluation.summary("half & <half>", "psnr") is first
    assert evaluation.summary("half & <half>", "psnr", seed=1) is not first


def test_document_is_strict_json_with_everything(pairs):
    document = evaluate(pairs, {"target": lambda image: image, **METHODS}).as_document()
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again["protocol"] == {name: metric.text for name, metric in METRICS.items()}
    assert {"python", "numpy", "scikit-image", "scipy", "pillow"} <= again["versions"].keys()
    assert again["data"]["pairs"] == 3 and again["baseline"] == "target"
    assert again["methods"]["flash"]["psnr"]["difference"].keys() == {"mean", "low", "high"}
    assert again["images"]["Toys_002"]["flash"].keys() == METRICS.keys()


def test_a_perfect_method_leaves_strict_json_and_a_table(pairs):
    targets = iter(pairs.ambient)
    perfect = {"perfect": lambda image: next(targets) / np.float32(255)}
    evaluation = evaluate(pairs, {**METHODS, **perfect})
    document = json.loads(json.dumps(evaluation.as_document(), allow_nan=False))
    assert document["methods"]["perfect"]["psnr"]["mean"] is None
    assert document["methods"]["perfect"]["ssim"]["mean"] == 1
    assert score_table(evaluation).rows[-1][1] == "∞ ± n/a"


def test_unknown_baseline_is_named(pairs):
    with pytest.raises(InputError, match=r"baseline=lime: .*flash"):
        evaluate(pairs, METHODS, baseline="lime")


def test_methods_that_see_the_ambient_photograph_are_not_warned_of(pairs):
    evaluation = evaluate(pairs, {"half": METHODS["half & <half>"], **SEEING}, "flash")
    warned = {line.split(":")[0] for line in evaluation.warnings()}
    assert warned == {"half", "half & <half>"}
    assert evaluation.as_document()["warnings"] == evaluation.warnings()


def test_without_noise_the_copy_is_the_target_and_with_it_is_not(pairs):
    clear, noisy, again = (
        evaluate(pairs, SEEING, "flash", ambient_noise=stops) for stops in (None, 3.0, 3.0)
    )
    assert np.isinf(clear.scores["ambient_copy"]["psnr"]).all()
    copies = noisy.scores["ambient_copy"]["psnr"]
    assert np.all(copies < 35) and np.all(copies > 10)
    np.testing.assert_array_equal(copies, again.scores["ambient_copy"]["psnr"])
    # The score of a method that does not see the ambient photograph does not change.
    np.testing.assert_array_equal(noisy.scores["flash"]["psnr"], clear.scores["flash"]["psnr"])
    assert all(table.apart.endswith("taken with 3 EV less light") for table in all_tables(noisy))
    assert noisy.as_document()["ambient_noise"] == 3.0


def test_an_image_has_the_same_noise_whatever_other_images_there_are(pairs):
    alone = pairs.first(1)
    whole, part = (evaluate(p, SEEING, ambient_noise=2.0) for p in (pairs, alone))
    assert whole.scores["ambient_copy"]["psnr"][0] == part.scores["ambient_copy"]["psnr"][0]


@pytest.mark.parametrize("stops", [-1.0, 13.0, float("nan")])
def test_impossible_stops_are_named(pairs, stops):
    with pytest.raises(InputError, match="ambient_noise.*from 0 to 12"):
        evaluate(pairs, METHODS, ambient_noise=stops)
