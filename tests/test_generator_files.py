"""Where networks lie: names of ours, files, and runs."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import keras_f2a
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
    with pytest.raises(InputError, match="name a file.* or one of ours: light_v2, placed_light_v2"):
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
