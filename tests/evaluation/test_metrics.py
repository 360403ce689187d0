"""The registry of metrics: what an entry needs, and the authors' scores among the entries."""

import json

import numpy as np
import pytest

from keras_f2a import evaluate
from keras_f2a.data.pairs import load_pairs
from keras_f2a.evaluation.metrics import APPEARANCE, METRICS, Metric, register
from keras_f2a.evaluation.result import PhotoPair, Result
from keras_f2a.evaluation.scores import evaluate as evaluate_pairs


def levels():
    """Return a 16×16 image with all 256 values."""
    return np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=-1)


def score(name, output, target):
    return METRICS[name].compute(Result(PhotoPair(target, target), output))


def test_the_target_scores_as_perfect():
    perfect = levels().astype(np.float32) / np.float32(255)
    assert score("psnr", perfect, levels()) == score("psnr_rounded", perfect, levels()) == np.inf
    assert score("ssim", perfect, levels()) == score("ssim_gaussian", perfect, levels()) == 1


def test_truncation_and_rounding_are_told_apart():
    target, output = np.full((12, 12, 3), 101, np.uint8), np.full((12, 12, 3), 100.7 / 255)
    assert score("psnr", output, target) == pytest.approx(20 * np.log10(255))
    assert score("psnr_rounded", output, target) == np.inf


def test_unchanged_flash_images_score_as_in_the_authors_protocol(shared):
    pairs = load_pairs(shared / "faid_mini" / "test")
    scores = evaluate_pairs(pairs, {"flash": lambda image: image}).scores["flash"]
    assert scores["psnr"].mean() == pytest.approx(14.656, abs=5e-4)
    assert scores["ssim"].mean() == pytest.approx(0.6730, abs=5e-5)


def test_an_entry_is_all_that_a_metric_needs(data_directory, tmp_path, capsys):
    metric = Metric(
        "redness",
        "mean of red",
        "Redness",
        3,
        lambda result: float(result.output[..., 0].mean()),
        table=APPEARANCE,
        compared=True,
        at_most=-1.0,
        warning="viewers see red",
    )
    register(metric)
    try:
        command = ["--data", str(data_directory), "--output", str(tmp_path), "--methods", "flash"]
        evaluate.main([*command, "srie"])
    finally:
        del METRICS["redness"]
    printed = capsys.readouterr().out
    assert "Redness" in printed and "Δ Redness [95%]" in printed
    assert "WARNING: flash: mean of red is " in printed and "viewers see red" in printed
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert results["protocol"]["redness"] == "mean of red"
    assert results["images"]["Rooms_000"]["srie"]["redness"] > 0
    assert "difference" in results["methods"]["srie"]["redness"]
    assert any("viewers see red" in line for line in results["warnings"])
    for name in ("index.html", "table.md", "table.tex"):
        assert "Redness" in (tmp_path / name).read_text(encoding="utf-8"), name
