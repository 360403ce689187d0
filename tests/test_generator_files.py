"""How a network is found: by one of our names, as a file, or as a run."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import keras_f2a
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.generator_files import generator_file, needs_tensorflow
from keras_f2a.model_files.bundled import MODELS, pretrained_file
from keras_f2a.support.errors import InputError


def test_our_networks_have_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert [needs_tensorflow(name) for name in MODELS] == [False, False]
    assert generator_file("light_v2") == pretrained_file("int8.tflite", "light_v2")
    assert isinstance(keras_f2a.load_generator("light_v2"), keras_f2a.LightGenerator)
    flash = np.full((48, 64, 3), 90, np.uint8)
    by_name, by_path = (
        keras_f2a.Corrector(model).correct(flash)
        for model in ("light_v2", pretrained_file("int8.tflite", "light_v2"))
    )
    np.testing.assert_array_equal(by_name, by_path)
    with pytest.raises(InputError, match="name a file.* or one of ours: light_v2, placed_light_v3"):
        generator_file("light_v3")


def test_a_model_of_the_users_own_comes_before_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "light_v2").mkdir()
    assert generator_file("light_v2") == pretrained_file("int8.tflite")
    with pytest.raises(InputError, match="light_v2: not a finished run directory"):
        generator_file(Path("light_v2"))
    keras_f2a.SmallGenerator(width=1 / 16).save(tmp_path / "light_v2/generator.keras")
    assert generator_file("light_v2") == Path("light_v2/generator.keras")


def test_importing_the_package_imports_neither_keras_nor_tensorflow():
    program = (
        "import sys, keras_f2a, keras_f2a.generator_loading\n"
        "print([name for name in ('keras', 'tensorflow') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_model_that_may_not_be_read_is_an_input_error_with_a_way_out(unprivileged_folder):
    """For a run directory, this was once the system's own message with exit code 1."""
    run, photo = unprivileged_folder / "run", BUNDLED_SCENES / "test/Scene_005_ambient.webp"
    run.mkdir()
    keras_f2a.SmallGenerator(width=1 / 16).save(run / "generator.keras")
    for name in "a.tflite", "a.onnx":
        (unprivileged_folder / name).write_bytes(b"")
        (unprivileged_folder / name).chmod(0)
    (run / "generator.keras").chmod(0)
    models = [run, run / "generator.keras", *unprivileged_folder.glob("a.*")]
    try:
        for closed in False, True:
            if closed:
                run.chmod(0)
            for model in models:
                with pytest.raises(InputError, match=f"{model}.*: cannot be read; check its perm"):
                    keras_f2a.Corrector(model)
                with pytest.raises(InputError, match=f"{model}.*: cannot be read; check its perm"):
                    keras_f2a.correct_photos(photo, unprivileged_folder / "out", model=model)
    finally:
        run.chmod(0o755)


@pytest.mark.parametrize("suffix", ["", ".tflite", ".keras"])
def test_what_is_there_and_no_model_is_named(tmp_path, suffix):
    pipe, loop = tmp_path / f"pipe{suffix}", tmp_path / f"loop{suffix}"
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    for path, message in (
        (pipe, f"^{pipe}: is a pipe, socket or device"),
        (loop, f"^{loop}: cannot be read .Too many levels of symbolic links"),
        (tmp_path / ("x" * 300 + suffix), "cannot be read .File name too long"),
        (tmp_path / f"none{suffix}", "there is no such model"),
        (f"https://example.org/a{suffix}", f"^https://example.org/a{suffix}: is a URL; download"),
    ):
        with pytest.raises(InputError, match=message):
            keras_f2a.Corrector(path)
