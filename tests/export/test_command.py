import json
import subprocess
import sys

import keras
import pytest
from keras_f2a.export import ExportSettings, export_generator
from keras_f2a.export.__main__ import main

import keras_f2a
from keras_f2a.support.errors import InputError
from keras_f2a.training.building import build_generator
from keras_f2a.training.settings import NetworkSettings
from tests.commands import run_command


def run(*arguments, **options):
    command = [sys.executable, "-m", "export", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **options)


def test_the_command_prints_the_table_and_nothing_on_standard_error(run_directory, tmp_path):
    arguments = [
        "--model",
        run_directory,
        "--output",
        tmp_path,
        "--size",
        "48x32",
        "--name",
        "small",
    ]
    done = run(*arguments, "--formats", "float16", "int8")
    assert (done.returncode, done.stderr) == (0, "")
    assert "| small_48x32_int8.tflite " in done.stdout
    assert done.stdout.endswith(f"{tmp_path / 'report.json'}\n")
    report = json.loads((tmp_path / "report.json").read_text())
    assert [row["name"] for row in report["files"]][1:] == [
        "small_48x32_float16.tflite",
        "small_48x32_int8.tflite",
    ]


def test_the_paths_of_files_steer_no_terminal(tmp_path, capsys):
    folder = tmp_path / "app\x1b[2J"
    (folder / "src/core").mkdir(parents=True)
    (folder / "src/core/corrector.ts").touch()
    assert main(["--web", str(folder)]) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and r"app\x1b[2J" in printed


def test_a_missed_gate_is_exit_code_1_with_a_line_for_the_file(
    run_directory, tmp_path, monkeypatch, capsys
):
    import keras_f2a.export.parity

    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, "float16", 200.0)
    arguments = ["--model", str(run_directory), "--output", str(tmp_path), "--size", "48x32"]
    arguments += ["--formats", "float16"]
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert "flash_to_ambient_48x32_float16.tflite: parity" in error
    assert "not kept" in error
    assert main([*arguments, "--allow-inexact"]) == 0
    assert "kept by --allow-inexact" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (["--model", "nothing"], "nothing: there is no such model"),
        (["--model", "{tmp}"], "not a finished run directory"),
        (["--model", "{tmp}/damaged.keras"], "not a model that Keras can load"),
        (["--model", "{tmp}/dense.keras"], "not a generator"),
        (["--model", "{tmp}/fixed.keras"], "accepts images of only one size"),
        (["--model", "{tmp}/difference.keras"], "predicts differences"),
        (["--size", "320"], "sizes=320: give WIDTHxHEIGHT"),
        (["--size", "321x240"], "sizes=321x240: both sides must be multiples of 16.*320x240"),
        (["--size", "0x16"], "nearest is 16x16"),
        (["--size", "300x200"], "sizes=300x200: .*nearest is 304x208"),
        (["--model", "{tmp}/a.tflite"], "a.tflite: is already exported; name the run directory or"),
        (["--formats", "int4"], "formats=int4: must be one of"),
        (["--name", "a/b"], "name=a/b"),
        (["--threads", "0"], "threads=0"),
        (["--size", "٣٢٠x240"], "sizes=٣٢٠x240: give WIDTHxHEIGHT"),
        (["--threads", "100000"], "threads=100000: must be at least 1 and at most"),
        (["--model-version", "9223372036854775808"], "model_version=.*at most 9223372036854775807"),
        (["--output", ""], "--output '': must not be empty"),
        (["--max-megapixels", "nan"], "max_megapixels=nan: must be a finite"),
        (["--max-megapixels", "-1"], "max_megapixels=-1"),
        (["--max-megapixels", "0.01"], "max_megapixels=0.01: less than the 320x240 pixels"),
        (["--calibration-data", "nowhere"], "calibration_data=nowhere: no such folder"),
        (["--calibration-data", "{tmp}"], "has no folder train/"),
        (["--output", "{tmp}/damaged.keras"], "output=.*cannot be written"),
    ],
)
def test_wrong_input_is_one_line_that_names_it(run_directory, tmp_path, changed, message):
    (tmp_path / "damaged.keras").write_bytes(b"no model")
    if any("keras" in text for text in changed):
        dense = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
        dense.save(tmp_path / "dense.keras")
        build = {"encoder_weights": None, "width": 1 / 64}
        keras_f2a.VGG16Generator((32, 32, 3), **build).save(tmp_path / "fixed.keras")
        differences = build_generator("deepflash", NetworkSettings(width=1 / 64))
        differences.save(tmp_path / "difference.keras")
    given = {"--model": str(run_directory), "--output": str(tmp_path / "out")}
    given[changed[0]] = changed[1].format(tmp=tmp_path)
    with pytest.raises(InputError, match=message) as error:
        main([text for option in given.items() for text in option])
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("sizes", [("320x240",), ((240, 320),)])
def test_sizes_of_another_type_are_one_line(run_directory, tmp_path, sizes):
    settings = ExportSettings(str(run_directory), str(tmp_path), sizes=sizes)
    with pytest.raises(InputError, match=r"sizes=.*give ImageSize\(height, width\)"):
        export_generator(settings)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--size", "300x200"], "--size 300x200: both sides must be multiples of 16"),
        (
            ["--model", "a.tflite"],
            "--model a.tflite: is already exported; name the run directory or the .keras file that "
            "it was made from, or put it into a demo with --android or --web",
        ),
        (["--model", "{tmp}"], "name one, or a .keras file"),
    ],
)
def test_a_wrong_call_is_one_line_with_its_options(tmp_path, arguments, message):
    given = [text.format(tmp=tmp_path) for text in arguments]
    done = run_command("keras_f2a.export.__main__", *given, "--output", tmp_path / "out")
    assert done.returncode == 2
    assert message in done.stderr and done.stderr.count("\n") == 1


def test_a_missing_package_is_named(run_directory, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_model_optimization", None)
    arguments = ["--model", str(run_directory), "--output", str(tmp_path), "--formats", "int8_qat"]
    with pytest.raises(InputError, match="needs the package tensorflow-model-optimization: pip"):
        main(arguments)


def test_without_a_model_the_package_s_own_is_exported(tmp_path):
    done = run("--output", tmp_path, "--size", "48x32", "--name", "ours")
    assert (done.returncode, done.stderr) == (0, "")
    names = {path.name for path in tmp_path.iterdir()}
    assert {"ours", "ours_48x32_float32.tflite", "ours_48x32_int8.tflite"} <= names
    assert not any("int8_qat" in name for name in names)
