"""The end of training reports how the results compare with the unmodified flash photographs."""

import json

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from keras_f2a.evaluation.protocol import psnr
from keras_f2a.runs import train
from keras_f2a.runs.comparison import gain, score_flash
from tests.runs.tiny_runs import history_of, settings


def events(folder):
    """Return the last value of each validation scalar in TensorBoard's files."""
    values = {}
    for path in (folder / "tensorboard" / "validation").iterdir():
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                values[value.tag] = float(tf.make_ndarray(value.tensor))
    return values


@pytest.mark.parametrize("condition", ["unet", "deepflash"])
def test_all_records_hold_flash_result_and_difference(
    condition, data_directory, tmp_path, caplog, capsys
):
    run = tmp_path / "run"
    with caplog.at_level("INFO"):
        result = train(settings(data_directory, run, epochs=1, condition=condition))
    pairs = sorted((data_directory / "test").glob("*_flash.png"))
    ambient = [path.with_name(path.name.replace("flash", "ambient")) for path in pairs]
    images = [map(np.asarray, map(Image.open, pair)) for pair in zip(pairs, ambient, strict=True)]
    flash = np.mean([psnr(*pair) for pair in images])
    metrics = json.loads((run / "results.json").read_text())["metrics"]
    assert metrics["flash"]["psnr"] == pytest.approx(flash, abs=1e-3)
    assert metrics["gain"]["psnr"] == pytest.approx(metrics["after"]["psnr"] - flash, abs=1e-3)
    for row in history_of(run):
        assert row["val_flash_psnr"] == metrics["flash"]["psnr"]
        assert row["val_psnr_gain"] == row["val_psnr"] - row["val_flash_psnr"]
        assert row["val_ssim_gain"] == row["val_ssim"] - row["val_flash_ssim"]
    shown = events(run)
    for name in ("psnr", "flash_psnr", "psnr_gain", "flash_ssim", "ssim_gain"):
        last = history_of(run)[-1][f"val_{name}"]
        assert shown[f"epoch_{name}"] == pytest.approx(last, rel=1e-5)
    assert f"flash photographs, unchanged: PSNR {flash:.2f} dB" in caplog.text
    assert f"difference: PSNR {metrics['gain']['psnr']:+.2f} dB" in caplog.text
    below = min(metrics["gain"].values()) < 0
    assert below == ("WARNING: the results score below the unchanged flash" in caplog.text)
    assert below == bool(json.loads((run / "results.json").read_text())["warnings"])
    assert result.warnings() == json.loads((run / "results.json").read_text())["warnings"]
    assert "before training" not in caplog.text


def test_below_and_above_are_told_apart(data_directory, kept_runs, tmp_path, caplog):
    """An untrained run scores below the flash photographs, and above them if they are black."""
    below = kept_runs.copy(tmp_path / "below", epochs=1)
    assert below.metrics["gain"]["ssim"] < 0 and "SSIM" in below.warnings()[0]
    for path in [*data_directory.rglob("*_flash.png")]:
        Image.open(path).point(lambda value: 0).save(path)
    with caplog.at_level("INFO"):
        above = train(settings(data_directory, tmp_path / "above", epochs=3))
    assert above.metrics["gain"]["psnr"] > 0
    assert not any("PSNR" in line.split(":")[0] for line in above.warnings())


def test_results_of_an_earlier_version_are_made_again(data_directory, kept_runs, tmp_path):
    first = kept_runs.copy(tmp_path / "run", epochs=1)
    results = json.loads(first.results.read_text())
    del results["metrics"]["flash"], results["metrics"]["gain"]
    from keras_f2a.runs.run_directory import RunDirectory

    RunDirectory(tmp_path / "run").write_json(first.results, results)
    again = train(settings(data_directory, tmp_path / "run", epochs=1))
    assert again.metrics == first.metrics


def test_equal_photographs_gain_nothing():
    images = tf.random.uniform((2, 16, 16, 3))
    score = score_flash(tf.data.Dataset.from_tensors((images, tf.round(images * 255) / 255)))
    assert score["ssim"] > 0.99
    assert gain({"psnr": np.inf, "ssim": 1.0}, {"psnr": np.inf, "ssim": 1.0})["psnr"] == 0
