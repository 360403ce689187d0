import json

import numpy as np
import pytest
from PIL import Image

import keras_f2a
from keras_f2a.evaluation import reproduction
from keras_f2a.evaluation.reproduction import reproduce
from keras_f2a.reproduce import main
from keras_f2a.runs import TrainingSettings, train
from keras_f2a.support.errors import InputError
from tests.commands import run_command
from tests.conftest import write_pair


def run(*arguments):
    return run_command("keras_f2a.reproduce", *arguments, timeout=600)


def test_reproduces_the_tables_and_skips_what_is_trained(data_directory, tmp_path):
    output = tmp_path / "out"
    command = ("--data", data_directory, "--output", output, "--epochs", 1, "--width", 0.0625)
    command += ("--limit", 2, "--batch-size", 2, "--crop-size", 32)
    done = run(*command)
    assert done.returncode == 0, done.stderr
    for text in ("Table 1", "LIME", "12.38", "DeepFlash", "15.39", "Table 2", "4. U-Net", "0.643"):
        assert text in done.stdout, text
    for text in ("Related work", "pix2pix (Isola et al. 2017)", "Shen et al. 2013"):
        assert text in done.stdout, text
    for text in ("scoring flash, ", "scored 1 of 2 pairs", "scored 2 of 2 pairs", "drawing"):
        assert text in done.stdout, text
    order = [done.stdout.index(text) for text in ("Contrast / flash", "PSNR, aligned", "Table 1")]
    assert order == sorted(order)
    for condition in ("guided", "unguided", "reconstruction", "unet", "deepflash", "pix2pix"):
        assert (output / "runs" / condition / "generator.keras").is_file()
        config = json.loads((output / "runs" / condition / "config.json").read_text())
        trained = config["settings"]
        assert trained["adversarial_weight"] == (0.01 if condition == "pix2pix" else 1)
        assert trained["conditional_discriminator"] == (condition == "pix2pix")
    for line in done.stdout.splitlines()[-2:]:
        assert line.endswith(".png") and (output / line).is_file()
    assert r"\begin{tabular}" in (output / "tables.tex").read_text()
    again = run(*command)
    assert again.returncode == 0 and again.stdout.count("already trained") == 6


def test_the_paths_of_files_steer_no_terminal(tmp_path, monkeypatch, capsys):
    made = reproduction.Reproduction(None, [], [], [tmp_path / "\x1b[2J" / "figure_6.png"])
    monkeypatch.setattr(reproduction, "reproduce", lambda *_: made)
    main(["--data", str(tmp_path)])
    printed = capsys.readouterr().out
    assert "\x1b" not in printed and r"\x1b[2J/figure_6.png" in printed


def test_the_first_so_many_pairs_are_those_of_the_figures_too(data_directory, tmp_path):
    settings = {"data": str(data_directory), "run_dir": str(tmp_path / "out"), "crop_size": 32}
    settings |= {"batch_size": 1, "epochs": 1, "width": 1 / 16, "limit": 1}
    made = reproduce(TrainingSettings(**settings), ["reconstruction"])
    with Image.open(next(path for path in made.files if path.name == "figure_6.png")) as figure:
        # A heading, and one landscape scene that is 320 pixels wide.
        assert figure.height < 320 + 30


def test_one_row_from_imagenets_encoder(shared, data_directory, tmp_path):
    """A user who has the ImageNet weights can repeat the paper's method, which builds on them."""
    (weights,) = (shared / "weights").glob("vgg16*notop.h5")
    command = ("--data", data_directory, "--output", tmp_path / "out", "--epochs", 1, "--limit", 2)
    command += ("--batch-size", 2, "--crop-size", 32, "--encoder-weights", weights)
    done = run(*command, "--conditions", "reconstruction")
    assert done.returncode == 0, done.stderr
    assert "3. R " in done.stdout and "4. U-Net" not in done.stdout and "pix2pix" not in done.stdout
    (run_dir,) = (tmp_path / "out" / "runs").iterdir()
    trained = keras_f2a.load_generator(run_dir)
    imagenets = keras_f2a.VGG16Generator(encoder_weights=str(weights))
    for ours, theirs in zip(
        trained.get_layer("block5_conv3").get_weights(),
        imagenets.get_layer("block5_conv3").get_weights(),
        strict=True,
    ):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("--conditions", "best"), "--conditions best: must be one of guided, unguided,"),
        (("--data", "nowhere"), "--data nowhere: no such folder"),
        (("--limit", 0), "--limit 0: must be at least 1"),
        (("--batch-size", 9), "--batch-size 9: more than the 5 training pairs"),
        (("--generator-learning-rate", "nan"), "--generator-learning-rate nan: must be a finite"),
        (("--output", "{tmp}/file"), "--output {tmp}/file: cannot be written"),
        (("--output", ""), "--output '': must not be empty"),
    ],
)
def test_bad_calls_are_one_line_before_anything_is_trained(
    arguments, message, data_directory, tmp_path
):
    (tmp_path / "file").write_text("")
    given = {"--data": data_directory, "--output": tmp_path / "out", "--crop-size": 32}
    option, value = arguments
    given |= {"--batch-size": 2, option: str(value).format(tmp=tmp_path)}
    done = run(*(text for pair in given.items() for text in pair))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and message.format(tmp=tmp_path) in done.stderr
    assert not list(tmp_path.rglob("history.csv"))


def spoil_test(data, output):
    (data / "test").rename(data / "val")


def spoil_test_pair(data, output):
    (data / "test").rename(data / "val")
    write_pair(data / "test", "Rooms_000", (10, 10))


def spoil_report(data, output):
    output.mkdir()
    (output / "report").write_text("")


def spoil_report_folder(data, output):
    (output / "report").mkdir(parents=True)
    (output / "report" / "index.html").write_text("mine")


def spoil_table(data, output):
    (output / "runs" / "train").mkdir(parents=True)
    (output / "tables.md").write_text("mine")


def spoil_last_run(data, output):
    """Put a DeepFlash run with other settings there, because DeepFlash is trained late."""
    other = {"data": str(data), "condition": "deepflash", "epochs": 1, "width": 1 / 32}
    run_dir = str(output / "runs" / "deepflash")
    train(TrainingSettings(run_dir=run_dir, batch_size=2, crop_size=32, **other))


@pytest.mark.parametrize(
    "spoil, message",
    [
        (spoil_test, "test: no such folder"),
        (spoil_test_pair, "Rooms_000_flash.png"),
        (spoil_report, "report: cannot be written"),
        (spoil_report_folder, "report/index.html: already exists; choose another `run_dir`"),
        (spoil_table, "tables.md: already exists; choose another `run_dir`"),
        (spoil_last_run, "deepflash: contains a run with other settings"),
    ],
)
def test_what_would_fail_after_the_training_fails_before(spoil, message, data_directory, tmp_path):
    output = tmp_path / "out"
    spoil(data_directory, output)
    settings = {"data": str(data_directory), "run_dir": str(output), "crop_size": 32}
    with pytest.raises(InputError, match=message):
        reproduce(TrainingSettings(**settings, batch_size=2, epochs=1, width=1 / 16))
    trained = {path.parent.name for path in output.rglob("history.csv")}
    assert trained <= {"deepflash"}
