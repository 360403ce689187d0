"""The registries of losses and scores: adding one takes only an entry."""

import csv
import json

import numpy as np
import pytest
import tensorflow as tf

import keras_f2a
from keras_f2a.runs import train
from keras_f2a.support.errors import InputError
from keras_f2a.train import main
from keras_f2a.training import metrics
from keras_f2a.training.losses import LOSSES, Generated, Loss, generator_losses, register
from keras_f2a.training.metrics import SCORES, Score
from tests.runs.tiny_runs import QUICK, history_of, quick_settings
from tests.training.tiny_models import further, further_sum

TINY = "--condition guided --width 0.0625 --encoder-weights none --epochs 1 --batch-size 2"
TINY += " --crop-size 32 --strategy single"


BRIGHTNESS = Loss(
    "brightness",
    "the error of the mean",
    3,
    lambda batch: tf.abs(tf.reduce_mean(batch.ambient - batch.generated, axis=(1, 2, 3))),
    weight=0.5,
)
NEARNESS = Score(
    "nearness", "Nearness", " units", 3, lambda a, b: -tf.reduce_mean(tf.abs(a - b), (1, 2, 3))
)


@pytest.fixture
def made_up_loss():
    register(BRIGHTNESS)
    yield
    del LOSSES["brightness"]


@pytest.fixture
def made_up_score():
    metrics.register(NEARNESS)
    yield
    del SCORES["nearness"]


def small_model(adversarial=True, **settings):
    generator = keras_f2a.SmallGenerator(width=1 / 16)
    discriminator = keras_f2a.PatchDiscriminator(width=1 / 16) if adversarial else None
    return keras_f2a.FlashToAmbient(generator, discriminator, **settings)


def trained(data, folder, capsys):
    main(["--data", str(data), "--run-dir", str(folder), *TINY.split()])
    with (folder / "history.csv").open(newline="") as file:
        return list(csv.DictReader(file))[-1], capsys.readouterr().out


def test_a_made_up_loss_is_minimized_logged_and_shown(
    data_directory, tmp_path, capsys, made_up_loss
):
    row, _ = trained(data_directory, tmp_path / "run", capsys)
    row = {name: float(value) for name, value in row.items() if value}
    model = small_model()
    assert further(model)["brightness"] == 0.5
    expected = row["reconstruction"] + row["adversarial"] + further_sum(model, row)
    assert row["generator"] == pytest.approx(expected, rel=1e-5)
    assert "val_brightness" in row


def test_a_made_up_score_is_logged_and_compared(data_directory, tmp_path, capsys, made_up_score):
    row, _ = trained(data_directory, tmp_path / "run", capsys)
    assert {"nearness", "val_nearness", "val_flash_nearness", "val_nearness_gain"} <= row.keys()


def test_a_run_resumes_with_a_score_that_is_newer_than_the_run(
    data_directory, kept_runs, tmp_path, request
):
    """What the untrained model would have scored is not known any more."""
    kept_runs.copy(tmp_path / "run", epochs=1, **QUICK)
    request.getfixturevalue("made_up_score")
    result = train(quick_settings(data_directory, tmp_path / "run", epochs=2))
    assert result.metrics["after"].keys() - result.metrics["before"].keys() == {"nearness"}
    assert {"nearness"} < result.metrics["flash"].keys() == result.metrics["gain"].keys()
    untrained, _, row = history_of(tmp_path / "run")
    assert row["val_nearness_gain"] == row["val_nearness"] - untrained["val_flash_nearness"]


def test_a_run_with_other_losses_is_not_resumed(data_directory, kept_runs, tmp_path, request):
    """Otherwise a run whose losses nobody registered again would go on without them."""
    kept_runs.copy(tmp_path / "run", epochs=1, **QUICK)
    request.getfixturevalue("made_up_loss")
    with pytest.raises(InputError, match=r"1·reconstruction.*, not .*0.5·brightness.*; register"):
        train(quick_settings(data_directory, tmp_path / "run", epochs=2))
    config = json.loads((tmp_path / "run" / "config.json").read_text())
    assert config["losses"]["reconstruction"] == 1.0 and "brightness" not in config["losses"]


def test_weights_say_what_counts(rng):
    flash, ambient, generated = rng.random((3, 2, 8, 8, 3), np.float32)
    batch = Generated(flash, ambient, generated)
    found = generator_losses(batch, {"reconstruction": 1.0})
    assert found.keys() == {"reconstruction", "generator"}
    np.testing.assert_array_equal(found["generator"], found["reconstruction"])


def test_a_model_without_discriminator_or_features_has_the_reconstruction_alone():
    model = small_model(adversarial=False)
    assert model.loss_weights == {"reconstruction": 1.0, **further(model)}
    model = small_model(adversarial_weight=0.25)
    assert model.loss_weights == {"reconstruction": 1.0, "adversarial": 0.25, **further(model)}


def test_features_and_their_weight_go_together():
    generator = keras_f2a.SmallGenerator(width=1 / 16)
    features = keras_f2a.SmallGenerator(width=1 / 16)
    # Features without a weight are ignored, because computing them would only take time.
    model = keras_f2a.FlashToAmbient(generator, features=features)
    assert model.loss_weights.keys() == {"reconstruction", *further(model)}
    with pytest.raises(InputError, match="perceptual_weight=0.1: needs `features`"):
        keras_f2a.FlashToAmbient(generator, perceptual_weight=0.1)
    # A file of an earlier version may have the weight without features, which had no effect.
    config = keras_f2a.FlashToAmbient(generator).get_config() | {"perceptual_weight": 0.1}
    assert keras_f2a.FlashToAmbient.from_config(config).perceptual_weight == 0
