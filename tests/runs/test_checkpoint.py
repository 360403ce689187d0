import numpy as np
import pytest

import keras_f2a
from keras_f2a.runs.checkpoint import (
    final_weights,
    restore_checkpoint,
    save_checkpoint,
    save_generator,
)
from keras_f2a.runs.run_directory import RunDirectory
from keras_f2a.support.errors import InputError


def model(dtype=None, width=1 / 16):
    generator = keras_f2a.SmallGenerator(width=width, dtype=dtype)
    return keras_f2a.FlashToAmbient(generator)


def test_an_error_with_the_best_weights_set_brings_back_the_trained_ones(tmp_path):
    directory, trained = RunDirectory(tmp_path), model()
    directory.best_generator.parent.mkdir()
    with directory.replacing(directory.best_generator) as temporary:
        save_generator(trained, temporary)
    best = trained.generator.get_weights()
    last = [weight + 1 for weight in best]
    trained.generator.set_weights(last)
    with pytest.raises(OSError, match="disk"), final_weights(trained, directory, "best"):
        np.testing.assert_equal(trained.generator.get_weights(), best)
        raise OSError("disk is full")
    np.testing.assert_equal(trained.generator.get_weights(), last)


@pytest.mark.parametrize(
    ("trained_in", "saved_in"),
    [("float32", "float32"), ("mixed_bfloat16", "float32"), ("float64", "float64")],
)
def test_a_saved_generator_keeps_only_full_precision(tmp_path, trained_in, saved_in):
    trained = model(trained_in)
    weights = [
        np.random.default_rng(i).normal(size=weight.shape)
        for i, weight in enumerate(trained.generator.get_weights())
    ]
    trained.generator.set_weights(weights)
    save_generator(trained, tmp_path / "generator.keras")
    loaded = keras_f2a.load_generator(tmp_path / "generator.keras")
    assert loaded.dtype_policy.name == saved_in
    np.testing.assert_equal(loaded.get_weights(), trained.generator.get_weights())


@pytest.mark.parametrize("trained_in", ["float32", "mixed_bfloat16", "float64"])
def test_the_disk_must_hold_the_files_that_the_run_will_write(tmp_path, monkeypatch, trained_in):
    directory, trained = RunDirectory(tmp_path), model(trained_in, width=1)
    trained.compile()
    save_checkpoint(trained, [], tmp_path / "last.keras")
    save_generator(trained, tmp_path / "generator.keras")
    checkpoint, generator = (
        (tmp_path / name).stat().st_size for name in ("last.keras", "generator.keras")
    )
    needed = 2 * checkpoint + 3 * generator
    for free, is_enough in ((round(0.9 * needed), False), (needed, True)):
        usage = type("Usage", (), {"free": free})
        monkeypatch.setattr("shutil.disk_usage", lambda _, usage=usage: usage)
        if is_enough:
            assert restore_checkpoint(trained, directory) == []
            continue
        with pytest.raises(InputError, match="GB are free"):
            restore_checkpoint(trained, directory)
