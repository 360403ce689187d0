import subprocess
import sys
from pathlib import Path

import pytest

import keras_f2a.train


def run(*arguments):
    command = [sys.executable, "-m", "keras_f2a.train", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_command_trains_and_prints_the_paths(data_directory, tmp_path):
    done = run(
        *("--data", data_directory, "--run-dir", tmp_path / "run", "--epochs", 1),
        *("--batch-size", 2, "--crop-size", 32, "--width", 0.0625, "--crop-scale", 0.8, 1.0),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    for line in done.stdout.splitlines()[-3:]:
        _, path = line.split(": ")
        assert Path(path).is_file() and Path(path).parent == tmp_path / "run"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--epochs", "many"], "--epochs: invalid int value"),
        (["--data", "nowhere"], "--data nowhere: no such folder"),
        (["--precision", "float8"], "--precision float8: must be one of float32"),
    ],
)
def test_bad_calls_are_one_line(arguments, message, tmp_path):
    done = run(*arguments, "--run-dir", tmp_path / "run")
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_every_setting_has_an_option():
    from keras_f2a.runs.settings import TrainingSettings

    options = vars(keras_f2a.train._parser().parse_args([]))
    options.pop("demo")
    assert set(options) == set(TrainingSettings.__dataclass_fields__)
