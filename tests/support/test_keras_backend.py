"""If Keras is set to another backend, commands still use TensorFlow, and the library reports it."""

import json
import os
import subprocess
import sys

import pytest

from keras_f2a.support import keras_backend

OTHERS = ["torch", "no such thing"]
MESSAGE = "Keras is set to the backend '{}', but keras_f2a's networks need tensorflow; set KERAS"
WAYS = [
    "keras_f2a.VGG16Generator",
    "keras_f2a.FlashToAmbient",
    "keras_f2a.attention_map",
    "keras_f2a.pretrained()",
    "keras_f2a.load_generator(keras_f2a.generator_files.pretrained_file('keras'))",
    "keras_f2a.Corrector(keras_f2a.generator_files.pretrained_file('keras'))",
    "from keras_f2a.runs import train",
    "import keras_f2a.training.losses",
]
PRINTED = (
    "import keras_f2a.generator_files\ntry:\n    {}\nexcept ValueError as error:\n    print(error)"
)


def python(program, environment):
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment
    )


@pytest.fixture(params=["variable", "settings"])
def setting(request, tmp_path):
    """Return a function that selects Keras's backend by variable or by file in the home folder."""
    environment = {k: v for k, v in os.environ.items() if k not in ("KERAS_BACKEND", "KERAS_HOME")}

    def to(name):
        if request.param == "variable":
            return environment | {"KERAS_BACKEND": name}
        (tmp_path / ".keras").mkdir(exist_ok=True)
        (tmp_path / ".keras/keras.json").write_text(json.dumps({"backend": name}))
        return environment | {"HOME": str(tmp_path)}

    return to


@pytest.mark.parametrize("name", OTHERS)
def test_commands_use_tensorflow_whatever_keras_is_set_to(setting, name, tmp_path):
    arguments = ["--data", str(tmp_path / "none"), "--run-dir", str(tmp_path / "run")]
    done = subprocess.run(
        [sys.executable, "-m", "keras_f2a.train", *arguments],
        capture_output=True,
        text=True,
        env=setting(name),
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "keras_f2a.train: error: " in done.stderr
    assert name not in done.stderr


def test_the_library_says_what_is_wrong_in_one_line(setting):
    program = "\n".join(PRINTED.format(way) for way in WAYS)
    done = python(program, setting("torch"))
    lines = done.stdout.splitlines()
    assert len(lines) == len(WAYS), done.stderr
    assert all(MESSAGE.format("torch") in line for line in lines)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_needs_no_keras_runs(setting):
    program = (
        "import keras_f2a, numpy, sys\n"
        "print(keras_f2a.Corrector().correct(numpy.zeros((48, 64, 3), 'uint8')).shape)\n"
        "print('keras' in sys.modules)\n"
    )
    done = python(program, setting("torch"))
    assert (done.stdout, done.stderr) == ("(48, 64, 3)\nFalse\n", "")


def test_keras_that_was_imported_with_another_backend_is_named():
    program = (
        "import sys, types\n"
        "keras = sys.modules['keras'] = types.ModuleType('keras')\n"
        "keras.config = types.SimpleNamespace(backend=lambda: 'jax')\n"
        "import keras_f2a\n" + PRINTED.format("keras_f2a.pretrained()")
    )
    done = python(program, dict(os.environ))
    assert "Keras was imported with the backend 'jax'" in done.stdout, done.stderr


@pytest.mark.parametrize("content", ["", "[]", "{", '{"backend": 5}', "[" * 100_000])
def test_a_settings_file_that_says_nothing_changes_nothing(tmp_path, content, monkeypatch):
    from keras_f2a.support.keras_backend import check_backend

    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.delitem(sys.modules, "keras")
    (tmp_path / "keras.json").write_text(content)
    check_backend()


@pytest.mark.parametrize("variables", [{}, {"KERAS_HOME": "~/keras"}])
def test_a_user_without_a_home_folder_gets_keras_default(monkeypatch, variables):
    """A container may run as a user that the system does not know."""
    monkeypatch.setattr(keras_backend.os.path, "expanduser", str)
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    for name in "KERAS_BACKEND", "KERAS_HOME":
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    keras_backend.check_backend()
