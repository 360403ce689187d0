"""The command that trains a placed-light network, on views that need no renderer."""

import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

import keras_f2a
import tools.train_placed_light as command
from keras_f2a.data.light_batches import encoded_views
from keras_f2a.light_training.scores import score
from keras_f2a.runs.light_checkpoint import LightRunKeeper
from keras_f2a.support.errors import InputError, WorkError
from tests.made_up_views import made_up_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def views(tmp_path):
    return made_up_folder(tmp_path / "views")


@pytest.fixture
def train(tmp_path, views, capsys):
    """Return a function that runs the command in this process and returns the run's folder."""

    def run(name="run", **changes):
        given = {"epochs": 3, "batch_size": 2, "long_side": 16, "width": 0.1, "lights": 2}
        given |= {"views": views, "run_dir": tmp_path / name, "learning_rate": 0.01} | changes
        command.main([part for k, v in given.items() for part in _option(k, v)])
        return tmp_path / name

    return run


def _option(name, value):
    return ["--" + name.replace("_", "-"), str(value)]


def rows(folder):
    with (folder / "history.csv").open(newline="") as file:
        return [{k: float(v) for k, v in row.items() if v} for row in csv.DictReader(file)]


def weights(folder):
    return keras.saving.load_model(folder / "placed_light.keras").get_weights()


def test_it_learns_and_leaves_network_history_and_card(train, views, capsys):
    folder = train(epochs=30, validate_every=10, learning_rate=0.02)
    history = rows(folder)
    assert [row["epoch"] for row in history] == list(range(1, 31))
    assert history[-1]["picture_loss"] < 0.9 * history[0]["picture_loss"]
    assert [row["epoch"] for row in history if "gain_db" in row] == [10, 20, 30]
    network = keras.saving.load_model(folder / "placed_light.keras")
    unseen = encoded_views(views, "held_out")
    results = json.loads((folder / "results.json").read_text())
    # The largest reduction brings 320-pixel photographs closest to the 16-pixel training images.
    assert network.reduction == 4
    assert results["scores"] == pytest.approx(score(network.reduced(1), unseen, 16), abs=1e-3)
    assert results["scores"]["gain_db"] > 0.1
    assert results["scores"]["number/sides"] == 4
    assert network.tells_flash
    # Each of the two unseen views counts with only its flash and without any flash.
    assert results["scores"]["number/flash"] == 4
    card = (folder / "MODEL_CARD.md").read_text()
    for text in ("| window-left |", "| all |", "6 rendered views of 6 scenes", "2 views of 2"):
        assert text in card
    assert "network: " in capsys.readouterr().out


def test_an_interrupted_run_ends_like_one_that_was_not(train, monkeypatch):
    whole = train("whole")

    class KilledError(Exception):
        pass

    kept = LightRunKeeper.on_epoch_end

    def killed(self, epoch, logs=None):
        if epoch == 2:
            raise KilledError  # before the third epoch is recorded
        kept(self, epoch, logs)

    with monkeypatch.context() as patch:
        patch.setattr(LightRunKeeper, "on_epoch_end", killed)
        with pytest.raises(KilledError):
            train("halves")
    halves = train("halves")
    assert len(rows(halves)) == 3
    for one, other in zip(weights(whole), weights(halves), strict=True):
        np.testing.assert_array_equal(one, other)
    assert rows(whole) == rows(halves)
    # A third call trains nothing.
    before = (halves / "checkpoint.keras").read_bytes()
    train("halves")
    assert (halves / "checkpoint.keras").read_bytes() == before


def test_a_run_begins_with_the_weights_of_another(train, capsys):
    first = train("first", epochs=1, flash_weight=0)
    second = train("second", epochs=1, start_from=first, learning_rate=1e-9)
    earlier, later = (
        keras.saving.load_model(folder / "placed_light.keras") for folder in (first, second)
    )
    assert not earlier.tells_flash
    assert later.tells_flash
    for layer in earlier.layers:
        for one, other in zip(
            layer.get_weights(), later.get_layer(layer.name).get_weights(), strict=True
        ):
            np.testing.assert_allclose(one, other, atol=1e-6)
    with pytest.raises(
        InputError, match=r"start_from=.*not a network for placed light of width 0.2"
    ):
        train("third", epochs=1, width=0.2, start_from=first)
    for name in "light_center", "light_scale":
        numbers = [*getattr(later, name)[:-1], 3.0]
        other = keras_f2a.PlacedLight(width=0.1, **{name: numbers})
        other.save(first / "other.keras")
        with pytest.raises(InputError, match=f"start_from=.*has another `{name}` than the network"):
            train("other", epochs=1, start_from=first / "other.keras")
    with pytest.raises(InputError, match="start_from: nowhere.keras: there is no such model"):
        train("fourth", epochs=1, start_from="nowhere.keras")
    # The second run's checkpoint has all of its weights, so the first run may be deleted.
    trained = weights(second)
    (first / "placed_light.keras").unlink()
    for path in ("placed_light.keras", "results.json"):
        (second / path).unlink()
    train("second", epochs=1, start_from=first, learning_rate=1e-9)
    for one, other in zip(trained, weights(second), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_folder_with_another_run_is_left_alone(train, tmp_path, views):
    folder = train(epochs=1)
    with pytest.raises(InputError, match="`width` is 0.2, was 0.1.*choose another folder"):
        train(epochs=1, width=0.2)
    other = made_up_folder(tmp_path / "other", training=8)
    with pytest.raises(InputError, match="`views` contains other views"):
        train(epochs=1, views=other)
    (folder / "config.json").unlink()
    with pytest.raises(InputError, match="config.json: is missing; restore it"):
        train(epochs=1)
    for damaged in ("{", 100_000 * "["):
        (folder / "config.json").write_text(damaged)
        with pytest.raises(InputError, match="config.json: does not belong to a run"):
            train(epochs=1)


def test_a_damaged_checkpoint_is_named(train):
    folder = train(epochs=1)
    path = folder / "checkpoint.keras"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match="checkpoint.keras: not a checkpoint of this run"):
        train(epochs=1)


@pytest.mark.parametrize("history", ["5", "[5]"])
def test_a_checkpoint_with_another_history_is_named(train, history):
    folder = train(epochs=1)
    path = folder / "checkpoint.keras"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {"history.json": history}).items():
            archive.writestr(name, content)
    with pytest.raises(InputError, match="checkpoint.keras: not a checkpoint of this run"):
        train(epochs=1)


def test_a_loss_that_is_no_number_ends_the_run_and_keeps_nothing(tmp_path):
    keeper = LightRunKeeper(tmp_path, [], epochs=2, validate_every=1, score=dict)
    with pytest.raises(WorkError, match="became NaN or infinite in epoch 1"):
        keeper.on_epoch_end(0, {"loss": float("nan")})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--views", "nowhere"], "nowhere: has no views_*.npz; `make views` renders them"),
        (["--batch-size", "0"], "--batch-size 0: must be at least 1"),
        (["--epochs", "many"], "argument --epochs: 'many' is not a whole number"),
    ],
)
def test_a_wrong_call_is_one_line(arguments, message, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tools.train_placed_light", "--run-dir", str(tmp_path), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and message in done.stderr
