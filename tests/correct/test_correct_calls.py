"""What `correct` accepts as a call, and its one-line errors for wrong calls."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_f2a import correct
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.correction.photo_plan import plan_photos
from keras_f2a.correction.photo_task import PhotoTask
from keras_f2a.correction.photos_on_disk import correct_photos
from keras_f2a.support.errors import InputError
from tests.commands import run_command
from tests.correct.command import files_in, run


def test_options_reach_the_corrector(photos, tmp_path, model, capsys):
    photo = photos / "inner" / "b.PNG"
    command = (photo, "--model", model, "--output", tmp_path / "out", "--timings")
    assert run(*command, "--strength", 0) == 0
    result = np.asarray(Image.open(tmp_path / "out" / "b.PNG"))
    np.testing.assert_array_equal(result, np.asarray(Image.open(photo)))
    assert "network 0." in capsys.readouterr().out
    assert run(*command, "--force", "--strength", 0, "--brightness", 1, "--warmth", -0.5) == 0
    toned = np.asarray(Image.open(tmp_path / "out" / "b.PNG")).astype(int)
    assert toned.mean() > result.mean() + 10
    red_and_blue = toned[..., ::2].mean(axis=(0, 1)) - result[..., ::2].mean(axis=(0, 1))
    assert red_and_blue[0] < red_and_blue[1]


def test_a_plan_finds_patterns_folders_and_heic(tmp_path, photos, monkeypatch):
    (photos / "c.HEIC").write_bytes(b"")
    (photos / ".hidden.jpg").write_bytes(b"")
    output = tmp_path / "out"
    monkeypatch.chdir(tmp_path)
    pattern = plan_photos(["photos/*.[jH]*", photos / "inner" / "*"], output)
    names = [(Path(task.source).name, task.target) for task in pattern.tasks]
    assert names == [("a.jpg", "a.jpg"), ("c.HEIC", "c.jpg"), ("b.PNG", "b.PNG")]
    assert [task.target for task in plan_photos([photos], output).tasks] == ["a.jpg", "c.jpg"]
    inside = photos / "corrected"
    inside.mkdir()
    (inside / "a.jpg").write_bytes(b"")
    tree = plan_photos([photos, photos / "a.jpg"], inside, recursive=True).tasks
    assert PhotoTask(DiskFolder(), str(photos / "inner" / "b.PNG"), "inner/b.PNG") in tree
    assert len(tree) == 3


def test_results_may_lie_above_their_photographs(photos, tmp_path, model, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    command = ("photos", "--recursive", "--model", model, "--output", ".")
    assert run(*command) == 0
    assert "corrected 2 of 2 in" in capsys.readouterr().out
    assert (tmp_path / "a.jpg").is_file()
    assert (tmp_path / "inner" / "b.PNG").is_file()
    assert run(*command) == 0
    assert "corrected 0 of 2, 2 finished before" in capsys.readouterr().out


@pytest.mark.parametrize("pattern", ["**/*.[jP]*", "*"])
def test_a_pattern_leaves_out_what_earlier_runs_wrote(
    photos, model, monkeypatch, capsys, caplog, pattern
):
    (photos / "notes.txt").unlink()
    monkeypatch.chdir(photos)
    command = (pattern, "--model", model, "--output", "relit", "--compare")
    assert run(*command) == 0
    results = files_in(photos / "relit")
    assert run(*command) == 0
    assert "corrected 0 of 2, 2 finished before in" in capsys.readouterr().out
    assert run(*command, "--force") == 0
    assert files_in(photos / "relit") == results
    assert "skipped" not in caplog.text
    capsys.readouterr()
    assert run("relit/*", "--model", model, "--output", "again") == 0
    assert "corrected 2 of 2 in" in capsys.readouterr().out


def test_results_among_what_a_shell_lists_are_left_out(photos, model, monkeypatch, capsys, caplog):
    (photos / "notes.txt").unlink()
    caplog.set_level("INFO", "keras_f2a")
    monkeypatch.chdir(photos)
    command = ("--recursive", "--model", model, "--output", "relit")
    assert run("a.jpg", "inner", *command) == 0
    results = files_in(photos / "relit")
    assert run("a.jpg", "inner", "relit", "relit/a.jpg", *command) == 0
    assert "corrected 0 of 2, 2 finished before in" in capsys.readouterr().out
    assert files_in(photos / "relit") == results
    notes = [line for line in caplog.messages if line.startswith("ignored")]
    assert notes == ["ignored the results of earlier runs among the inputs: relit, relit/a.jpg"]
    (photos / "later.HEIC").write_bytes(b"")
    for inputs, output in (["relit/a.jpg"], "relit"), (["later.HEIC", "inner", "../photos"], "."):
        assert not plan_photos(inputs, output).ignored.results


def test_a_photograph_counts_once_whatever_its_path_is_spelled_like(
    photos, tmp_path, model, monkeypatch, capsys
):
    monkeypatch.chdir(photos)
    (tmp_path / "link").symlink_to(photos)
    (photos / "b.jpg").symlink_to("a.jpg")
    spellings = ["a.jpg", "./a.jpg", "../photos/a.jpg", photos / "a.jpg", tmp_path / "link/a.jpg"]
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.jpg").symlink_to(photos / "a.jpg")
    spellings.append(tmp_path / "elsewhere" / "a.jpg")
    assert [task.source for task in plan_photos(spellings, "../out").tasks] == ["a.jpg"]
    assert run(*spellings, "--model", model, "--output", "../one.jpg") == 0
    assert run(*spellings, "b.jpg", ".", "--model", model, "--output", "../out") == 0
    assert "corrected 2 of 2 in" in capsys.readouterr().out
    assert files_in(tmp_path / "out") == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    ("photo", "message"),
    [
        ("missing.jpg", "no such photograph"),
        ("*.tif", "no such photograph"),
        ("", "contains no photograph"),
        ("plain**", "not a valid pattern"),
        ("x" * 300, "File name too long"),
    ],
)
def test_inputs_without_photographs_are_input_errors(tmp_path, model, photo, message):
    with pytest.raises(InputError, match=message):
        run(tmp_path / photo, "--model", model, "--output", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("output", ["out", "out.jpg"])
def test_no_photographs_at_all_are_an_input_error(tmp_path, output):
    with pytest.raises(InputError, match="name at least one photograph"):
        correct_photos([], tmp_path / output)


def test_an_empty_name_is_not_the_current_folder(tmp_path, model, photos, monkeypatch):
    monkeypatch.chdir(photos)
    for command, named in (
        (["", "--output", "out"], "^''"),
        (["a.jpg", "--output", ""], "^--output ''"),
        (["a.jpg", "--output="], "^--output ''"),
    ):
        with pytest.raises(InputError, match=f"{named}: must not be empty"):
            run(*command, "--model", model)
    assert files_in(photos) == ["a.jpg", "inner/b.PNG", "notes.txt"]
    with pytest.raises(InputError, match="File name too long"):
        run("a.jpg", "--output", "x" * 300, "--model", model)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["photo.jpg"], "--output"),
        (["photo.jpg", "--output", "out", "--warmth=--"], "--warmth"),
        (["photo.jpg", "--output", "out", "--strength", "x"], "'x' is not a number"),
        (["photo.jpg", "--output", "out", "--warmth", "50%"], "'50%' is not a number"),
        (["photo.jpg", "--output", "out", "--working-size", "x"], "'x' is not a whole number"),
        (["photo.jpg", "--output", "out", "--working-size", "4.5"], "--working-size"),
    ],
)
def test_wrong_calls_are_one_line(arguments, message, capsys):
    with pytest.raises(SystemExit) as stopped:
        correct.main(arguments)
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_model_of_a_fixed_size_says_which_option_to_omit(photos, tmp_path):
    command = ["keras_f2a.correct", photos / "a.jpg", "--output", tmp_path / "out"]
    done = run_command(*command, "--working-size", 480)
    assert done.returncode == 2
    assert "--working-size 480: this model takes only 320x240 pixels" in done.stderr
    assert "; omit --working-size, or" in done.stderr


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("strength", "2.1"),
        ("strength", "210%"),
        ("brightness", "3.1"),
        ("warmth", "nan"),
        ("quality", "0"),
        ("quality", "101"),
        ("working_size", "8"),
        ("max_megapixels", "-1"),
        ("max_megapixels", "nan"),
    ],
)
def test_settings_out_of_range_name_their_option(option, value, tmp_path):
    with pytest.raises(InputError, match=f"^{option}=.*: must be ") as caught:
        run("photo.jpg", "--output", tmp_path, f"--{option.replace('_', '-')}={value}")
    assert caught.value.setting == option


def test_a_strength_may_be_a_percentage(photos, tmp_path, model):
    for name, strength in ("share", "1.7"), ("percent", "170%"):
        command = (photos / "a.jpg", "--model", model, "--output", tmp_path / name)
        assert run(*command, "--strength", strength) == 0
    assert (tmp_path / "share" / "a.jpg").read_bytes() == (
        tmp_path / "percent" / "a.jpg"
    ).read_bytes()
