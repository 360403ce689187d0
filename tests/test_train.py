import json
import subprocess
import sys
from pathlib import Path

import pytest

from keras_f2a import train
from keras_f2a.support.errors import InputError
from keras_f2a.support.printable import printable
from tests.commands import run_command


def run(*arguments):
    command = [sys.executable, "-m", "keras_f2a.train", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_command_trains_and_prints_the_paths(data_directory, tmp_path):
    folder = tmp_path / "run\x1b[2J"
    done = run(
        *("--data", data_directory, "--run-dir", folder, "--epochs", 1),
        *("--batch-size", 2, "--crop-size", 32, "--width", 0.0625, "--crop-scale", 0.8, 1.0),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    for line in done.stdout.splitlines()[-3:]:
        path = Path(line.split(": ")[1])
        assert str(path.parent) == printable(folder) and (folder / path.name).is_file()


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["--epochs", "many"], "argument --epochs: 'many' is not a whole number"),
        (["--data", "nowhere"], "--data nowhere: no such folder"),
        (["--precision", "float8"], "--precision float8: must be one of float32"),
        (["--width", "0.5", "--encoder-weights", "imagenet"], "need --width 1; use --encoder-we"),
        (["--config", "nowhere"], "--config nowhere: not a run's config.json (No such file"),
        (["--demo", "--config", "x"], "not allowed with argument"),
    ],
)
def test_bad_calls_are_one_line(arguments, message, tmp_path):
    done = run_command("keras_f2a.train", *arguments, "--run-dir", tmp_path / "run")
    assert done.returncode == 2
    assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_run_is_repeated_from_its_config(data_directory, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first = ["--data", str(data_directory), "--run-dir", "first", "--condition", "unet"]
    first += ["--width", "0.0625", "--crop-size", "32", "--batch-size", "2", "--epochs", "1"]
    train.main([*first, "--crop-scale", "0.8", "1", "--conditional-discriminator", "--seed", "5"])
    train.main(["--config", "first/config.json", "--run-dir", "second"])
    train.main(["--config", "first/config.json", "--run-dir", "third", "--seed", "6"])
    results = [json.loads(Path(name, "results.json").read_text()) for name in ("first", "second")]
    assert results[0]["metrics"] == results[1]["metrics"]
    configs = [json.loads(Path(n, "config.json").read_text()) for n in ("first", "second", "third")]
    settings = [config["settings"] for config in configs]
    assert settings[0] | {"run_dir": "second"} == settings[1]
    assert settings[0] | {"run_dir": "third", "seed": 6} == settings[2]
    assert settings[2]["conditional_discriminator"] and settings[2]["crop_scale"] == [0.8, 1.0]


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "no settings in it"),
        ('{"settings": 1}', "no settings in it"),
        ('{"settings": {"colour": 1}}', "has settings of another version: colour"),
        ('{"settings": {"epochs": "many"}}', "epochs=many: must be a whole number"),
        ('{"settings": {"width": NaN}}', "width=nan: must be a finite number"),
    ],
)
def test_damaged_configs_are_named(text, message, tmp_path):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(InputError, match=message):
        train.main(["--config", str(tmp_path / "config.json"), "--run-dir", str(tmp_path / "run")])
    assert not (tmp_path / "run").exists()
