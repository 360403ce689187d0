import itertools
import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import keras_f2a
from keras_f2a.runs import callbacks, train
from keras_f2a.support.errors import InputError, WorkError
from keras_f2a.training.building import build_model
from tests.commands import run_command
from tests.runs.tiny_runs import (
    LEARNS,
    QUICK,
    checkpoint,
    history_of,
    options_of,
    quick_settings,
    settings,
)


def assert_same_checkpoint(a, b):
    (a, history_a), (b, history_b) = checkpoint(a), checkpoint(b)
    assert history_a == history_b
    assert a.keys() == b.keys() and len(a) > 90
    for name in a:
        np.testing.assert_array_equal(a[name], b[name], err_msg=name)


def test_a_run_leaves_what_it_promises(data_directory, tmp_path, caplog):
    run = tmp_path / "run"
    with caplog.at_level("INFO"):
        result = train(settings(data_directory, run, condition="guided"))
    for text in ("5 training and 2 validation pairs", "float32", "WARNING", "epoch 2/2", "left"):
        assert text in caplog.text
    generator = keras_f2a.load_generator(result.generator)
    assert generator.predict(np.zeros((1, 20, 30, 3)), verbose=0).shape == (1, 20, 30, 3)
    config = json.loads((run / "config.json").read_text())
    assert config["settings"]["crop_size"] == 32 and config["versions"]["tensorflow"]
    assert config["data"]["training"]["pairs"] == 5
    assert "random weights" in config["warnings"][0]
    rows = (run / "history.csv").read_text().splitlines()
    assert rows[0].startswith("epoch,adversarial,discriminator") and len(rows) == 4
    metrics = json.loads(result.results.read_text())["metrics"]
    # The value that Keras's callbacks call `loss` is recorded only once, as `generator`.
    assert not {"loss", "val_loss"} & {*rows[0].split(","), *metrics["before"], *metrics["after"]}
    assert metrics["before"]["psnr"] != metrics["after"]["psnr"] == result.metrics["after"]["psnr"]
    with Image.open(result.picture) as picture:
        assert picture.width == 4 * 320 + 3 * 4
    assert list((run / "tensorboard" / "samples").iterdir())
    assert (run / "checkpoints" / "best_generator.keras").is_file()


def test_learning_shows_in_the_results(kept_runs, tmp_path):
    metrics = kept_runs.copy(tmp_path / "run", **LEARNS).metrics
    assert metrics["after"]["reconstruction"] < metrics["before"]["reconstruction"]


def test_a_killed_run_resumes_bit_for_bit(data_directory, tmp_path):
    """After SIGKILL at an arbitrary moment, the result equals that of an uninterrupted run."""
    guided = {"condition": "guided", "epochs": 8}
    train(settings(data_directory, tmp_path / "whole", **guided))
    killed = tmp_path / "killed"
    options = options_of(settings(data_directory, killed, **guided))
    command = [sys.executable, "-m", "keras_f2a.train", *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    history = killed / "history.csv"
    while process.poll() is None:
        if history.is_file() and len(history.read_text().splitlines()) >= 4:
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.01)
    assert process.wait() == -signal.SIGKILL, "the run ended before it was killed"
    done = run_command("keras_f2a.train", *options)
    assert done.returncode == 0, done.stderr
    assert "resumes after epoch" in done.stdout
    assert_same_checkpoint(tmp_path / "whole", killed)
    histories = [(tmp_path / run / "history.csv").read_text() for run in ("whole", "killed")]
    assert histories[0] == histories[1]


def test_killed_between_history_and_checkpoint(data_directory, kept_runs, tmp_path, monkeypatch):
    kept_runs.copy(tmp_path / "whole", epochs=3, **QUICK)
    save, calls = callbacks.save_checkpoint, []

    def killed_at_the_second(*arguments):
        calls.append(arguments)
        if len(calls) == 2:
            raise SystemExit
        save(*arguments)

    monkeypatch.setattr(callbacks, "save_checkpoint", killed_at_the_second)
    with pytest.raises(SystemExit):
        train(quick_settings(data_directory, tmp_path / "killed", epochs=3))
    train(quick_settings(data_directory, tmp_path / "killed", epochs=3))
    assert_same_checkpoint(tmp_path / "whole", tmp_path / "killed")
    histories = [(tmp_path / run / "history.csv").read_text() for run in ("whole", "killed")]
    assert histories[0] == histories[1]


def _stop_at(last):
    def interrupt(self, epoch, logs=None):
        if epoch == last:
            raise KeyboardInterrupt

    return interrupt


def test_ctrl_c_keeps_a_usable_generator(data_directory, tmp_path, monkeypatch):
    run = tmp_path / "run"

    def stopped():
        with pytest.raises(WorkError, match="stopped by Ctrl-C.*interrupted_generator.keras"):
            train(quick_settings(data_directory, run, ema=0.5))
        return keras_f2a.load_generator(run / "checkpoints" / "interrupted_generator.keras")

    with monkeypatch.context() as patch:
        patch.setattr("keras_f2a.runs.run.fit", lambda _: _stop_at(0)(None, 0))
        assert any(np.any(weight) for weight in stopped().get_weights())
    with monkeypatch.context() as patch:
        patch.setattr(callbacks.SampleGrids, "on_epoch_begin", _stop_at(1))
        kept = stopped().get_weights()
    # The moving average is kept, the same as for the only finished epoch.
    best = keras_f2a.load_generator(run / "checkpoints" / "best_generator.keras").get_weights()
    for one, other in zip(kept, best, strict=True):
        np.testing.assert_array_equal(one, other)
    train(quick_settings(data_directory, run, ema=0.5))


@pytest.mark.parametrize(
    "error, message",
    [
        (tf.errors.ResourceExhaustedError(None, None, "OOM"), "smaller `batch_size`"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_running_out_of_memory_or_disk_is_one_line(
    error, message, data_directory, tmp_path, monkeypatch
):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(callbacks.RunKeeper, "on_epoch_end", fail)
    with pytest.raises(WorkError, match=message) as caught:
        train(quick_settings(data_directory, tmp_path / "run"))
    assert "\n" not in str(caught.value) and "last checkpoint is kept" in str(caught.value)


def test_moving_average_is_validated_and_kept(data_directory, kept_runs, tmp_path):
    run = tmp_path / "run"
    result = train(quick_settings(data_directory, run, epochs=3, ema=0.5))
    averaged = keras_f2a.load_generator(result.generator).get_weights()
    plain = kept_runs.copy(tmp_path / "plain", epochs=3, **QUICK)
    last = keras_f2a.load_generator(plain.generator).get_weights()
    assert not np.allclose(averaged[0], last[0])
    history = history_of(run)
    assert history[-1]["val_psnr"] == pytest.approx(result.metrics["after"]["psnr"], abs=1e-4)


def test_final_best_is_the_best_epochs_generator(data_directory, tmp_path):
    result = train(quick_settings(data_directory, tmp_path / "run", epochs=3, final="best"))
    history = history_of(tmp_path / "run")
    best = max(row["val_psnr"] for row in history[1:])
    assert result.metrics["after"]["psnr"] == pytest.approx(best, abs=1e-4)


@pytest.mark.parametrize("augmentation", ["none", "photographic"])
def test_deepflash_predicts_differences_and_learns_them(augmentation, kept_runs, tmp_path):
    """The flash images here are darker than the ambient images, so the differences are negative."""
    result = kept_runs.copy(
        tmp_path / "run", condition="deepflash", augmentation=augmentation, **LEARNS
    )
    assert keras_f2a.load_generator(result.generator).output_activation == "tanh"
    assert result.metrics["after"]["psnr"] > result.metrics["before"]["psnr"]


def _movements(data, run_dir, monkeypatch, **changes):
    """Return the largest change of each network's kernels in the second and the third epoch."""
    kept = []

    def keep(self, epoch, logs=None):
        if epoch > 0:
            kept.append(checkpoint(run_dir)[0])

    with monkeypatch.context() as patch:
        patch.setattr(callbacks.SampleGrids, "on_epoch_begin", keep)
        train(quick_settings(data, run_dir, epochs=3, **changes))
    kept.append(checkpoint(run_dir)[0])
    networks = ("generator", "discriminator")
    kernels = {
        network: [
            name for name in kept[0] if name.startswith(f"{network}/") and kept[0][name].ndim == 4
        ]
        for network in networks
    }
    return {
        network: [
            max(np.abs(after[name] - before[name]).max() for name in kernels[network])
            for before, after in itertools.pairwise(kept)
        ]
        for network in networks
    }


def test_rates_that_fall_move_little_in_the_end_and_resume(data_directory, tmp_path, monkeypatch):
    falling = {"condition": "unguided", "cosine_decay": True}
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    moved = _movements(data_directory, whole, monkeypatch, **falling)
    assert all(third < second / 2 for second, third in moved.values()), moved
    with monkeypatch.context() as patch:
        patch.setattr(callbacks.SampleGrids, "on_epoch_begin", _stop_at(2))
        with pytest.raises(WorkError):
            train(quick_settings(data_directory, stopped, epochs=3, **falling))
    train(quick_settings(data_directory, stopped, epochs=3, **falling))
    assert_same_checkpoint(whole, stopped)
    with pytest.raises(InputError, match="`epochs` is 4, was 3"):
        train(quick_settings(data_directory, stopped, epochs=4, **falling))


def test_a_run_goes_on_without_the_encoders_file():
    """The checkpoint contains the weights of the frozen encoder and of the perceptual features."""
    file = {
        "encoder_weights": "gone.h5",
        "perceptual_weight": 0.1,
        "perceptual_features": "gone.h5",
    }
    wanted = settings("data", "run", condition="reconstruction", width=1.0, **file).resolved()
    parts = (wanted.networks, wanted.objective, wanted.optimizer)
    with pytest.raises(InputError, match="gone.h5: no such file"):
        build_model(*parts)
    model = build_model(*parts, restored=True)
    encoder = [layer for layer in model.generator.layers if layer.name.startswith("block")]
    assert len(encoder) >= 13 and not any(layer.trainable for layer in encoder)
    assert model.generator.trainable_variables
