"""Settings of a run: what they change, which are refused, and folders of other runs."""

import pytest

import keras_f2a
from keras_f2a.runs import train
from keras_f2a.support.errors import InputError
from tests.conftest import write_pair
from tests.runs.test_run import assert_same_checkpoint
from tests.runs.tiny_runs import QUICK, quick_settings, settings


@pytest.mark.parametrize(
    "changes",
    [
        {
            "condition": "guided",
            "precision": "mixed_float16",
            "crop_scale": (0.8, 1.0),
            "ambient_mix": (0.0, 0.3),
            "same_exposure": True,
            "unchanged_share": 0.2,
        },
        {**QUICK, "condition": "unguided", "strategy": "mirrored", "virtual_devices": 2},
        {**QUICK, "whole_images": True, "turned_share": 0.5},
    ],
)
def test_other_settings(changes, data_directory, tmp_path):
    result = train(settings(data_directory, tmp_path / "run", epochs=1, **changes))
    generator = keras_f2a.load_generator(result.generator)
    assert {layer.compute_dtype for layer in generator.layers} == {"float32"}


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"condition": "cyclegan"}, "condition=cyclegan: must be one of guided"),
        ({"batch_size": 6}, "batch_size=6: more than the 5 training pairs"),
        ({"crop_size": 64}, "smaller than the crop of 64"),
        ({"epochs": 0}, "epochs=0"),
        ({"crop_scale": (0.9, 0.5)}, "crop_scale=.*LOW must not be above HIGH"),
        ({"ema": 1.5}, "ema=1.5"),
        ({"encoder_weights": "imagenet"}, "need `width=1`"),
        (
            {"condition": "guided", "width": 1.0, "encoder_weights": "missing.h5"},
            "missing.h5: no such file",
        ),
        ({"virtual_devices": 2}, "virtual_devices: needs `strategy=mirrored`"),
        ({"strategy": "mirrored", "virtual_devices": 2, "batch_size": 3}, "multiple of the 2"),
        ({"condition": "deepflash", "generator": "unet"}, "generator=unet: `condition=deepflash`"),
        ({"condition": "deepflash", "generator": "small"}, "generator=small: `condition=deepfl"),
        ({"generator_learning_rate": float("nan")}, "generator_learning_rate=nan: must be a fin"),
        ({"discriminator_learning_rate": float("inf")}, "discriminator_learning_rate=inf"),
        ({"adversarial_weight": float("inf")}, "adversarial_weight=inf: must be a finite"),
        ({"width": float("nan")}, "width=nan: must be a finite"),
        ({"seed": -1}, "seed=-1: must be at least 0"),
        ({"seed": 2**32}, "seed=4294967296: must be at least 0 and at most 4294967295"),
        ({"unchanged_share": 1.5}, "unchanged_share=1.5: must be at least 0 and at most 1"),
        (
            {"condition": "deepflash", "perceptual_weight": 0.1},
            "perceptual_weight=0.1: `condition=deepflash` makes no images",
        ),
        (
            {"perceptual_weight": 0.1, "perceptual_features": "missing.h5"},
            "perceptual_features: .*missing.h5: no such file",
        ),
        ({"start_from": "nothing.keras"}, "start_from: nothing.keras: there is no such model"),
        ({"turned_share": 0.5}, "turned_share: needs `whole_images`"),
        (
            {"whole_images": True, "crop_scale": (0.8, 1.0)},
            "crop_scale: cannot be combined with `whole_images`",
        ),
        ({"crop_size": 1}, "crop_size=1: must be at least 16"),
        ({"run_dir": ""}, "run_dir=: must not be empty"),
        ({"whole_images": True, "batch_size": 4}, "than the 3 .* of one size.*`batch_size=3` or"),
        ({"data": "nowhere"}, "data=nowhere: no such folder"),
    ],
)
def test_bad_settings_start_nothing(changes, message, data_directory, tmp_path):
    run = tmp_path / "run"
    with pytest.raises(InputError, match=message):
        train(settings(**({"data": data_directory, "run_dir": run} | changes)))
    assert not (run / "history.csv").exists()


def test_another_runs_directory_is_refused(data_directory, kept_runs, tmp_path):
    kept_runs.copy(tmp_path / "run", epochs=1, **QUICK)
    with pytest.raises(InputError, match="`seed` is 1, was 0"):
        train(quick_settings(data_directory, tmp_path / "run", epochs=1, seed=1))
    write_pair(data_directory / "train", "Toys_004", (48, 40), seed=99)
    with pytest.raises(InputError, match="other pairs"):
        train(quick_settings(data_directory, tmp_path / "run", epochs=1))


def test_unwritable_and_full_disks_are_said_at_the_start(data_directory, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="run_dir=.*cannot be written"):
        train(settings(data_directory, tmp_path / "file" / "run"))
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 1000}))
    with pytest.raises(InputError, match="GB are free"):
        train(settings(data_directory, tmp_path / "run"))


def test_bad_pairs_are_skipped_on_request(data_directory, tmp_path, caplog):
    (data_directory / "train" / "Toys_000_flash.png").write_bytes(b"x")
    with pytest.raises(InputError, match="Toys_000_flash.png"):
        train(settings(data_directory, tmp_path / "run"))
    train(quick_settings(data_directory, tmp_path / "run", epochs=1, skip_bad_pairs=True))
    assert "left out: train/Toys_000_flash.png" in caplog.text


def test_it_begins_with_the_weights_of_another_run(data_directory, kept_runs, tmp_path):
    first = kept_runs.copy(tmp_path / "first", epochs=1, **QUICK)
    second = quick_settings(
        data_directory, tmp_path / "second", epochs=1, start_from=str(first.generator)
    )
    before = train(second).metrics["before"]
    assert before["psnr"] == pytest.approx(first.metrics["after"]["psnr"], rel=1e-4)
    other = {"condition": "reconstruction", "start_from": str(tmp_path / "first")}
    with pytest.raises(InputError, match="start_from=.*: is a SmallGenerator whose layers differ"):
        train(settings(data_directory, tmp_path / "third", **other))


def test_a_run_goes_on_without_what_it_began_with(data_directory, kept_runs, tmp_path):
    """The checkpoint has all weights, so the files may be deleted."""
    first = kept_runs.copy(tmp_path / "first", epochs=1, **QUICK)
    begun = {"start_from": str(first.generator)}
    train(quick_settings(data_directory, tmp_path / "whole", epochs=2, **begun))
    train(quick_settings(data_directory, tmp_path / "moved", epochs=1, **begun))
    first.generator.unlink()
    train(quick_settings(data_directory, tmp_path / "moved", epochs=2, **begun))
    assert_same_checkpoint(tmp_path / "whole", tmp_path / "moved")
    with pytest.raises(InputError, match="start_from"):
        train(quick_settings(data_directory, tmp_path / "new", epochs=1, **begun))


@pytest.mark.parametrize(
    ("condition", "earlier", "message"),
    [
        (
            "reconstruction",
            lambda: keras_f2a.VGG16Generator(
                encoder_weights=None, width=1 / 16, preprocessing="none"
            ),
            "VGG16Generator with `preprocessing` none, but the one to train has `preprocessing` "
            "imagenet,",
        ),
        (
            "unet",
            lambda: keras_f2a.UNetGenerator(width=1 / 16, activation="relu"),
            "UNetGenerator with `activation` relu, but the one to train has `activation` "
            "leaky_relu",
        ),
    ],
)
def test_weights_that_make_other_images_are_refused(
    condition, earlier, message, data_directory, tmp_path
):
    file, run = tmp_path / "earlier.keras", tmp_path / "run"
    earlier().save(file)
    with pytest.raises(InputError, match=f"start_from=.*: is a .*{message}.*`config` reads them"):
        train(settings(data_directory, run, condition=condition, start_from=str(file)))
    assert not (run / "config.json").exists()
