import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from keras_f2a import Corrector, evaluate
from keras_f2a.evaluation.methods import load_methods
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.support.errors import InputError, WorkError
from tests.commands import run_command
from tests.conftest import names_in
from tests.runs.tiny_runs import LEARNS


def run(data, output, *more):
    evaluate.main(["--data", str(data), "--output", str(output), *map(str, more)])
    return json.loads((output / "results.json").read_text(encoding="utf-8"))


def test_table_numbers_and_pictures_of_a_data_set(data_directory, tmp_path, capsys):
    results = run(data_directory, tmp_path / "out", "--methods", "flash", "lime", "srie")
    printed = capsys.readouterr().out
    assert printed.count("| lime ") == 4  # appearance, light, scores and categories
    assert str(tmp_path / "out" / "index.html") in printed
    assert (tmp_path / "out" / "table.md").read_text(encoding="utf-8") in printed
    assert list(results["methods"]) == ["flash", "lime", "srie"]
    assert list(results["images"]) == ["Rooms_000", "Rooms_001"]
    assert results["methods"]["lime"]["psnr"]["categories"].keys() == {"Rooms"}
    assert "difference" not in results["methods"]["flash"]["psnr"]


def test_the_flash_row_is_the_files_own_psnr(data_directory, tmp_path):
    results = run(data_directory, tmp_path / "out", "--methods", "flash")
    folder = data_directory / "test"
    flash, ambient = (
        np.asarray(Image.open(folder / f"Rooms_000_{role}.png"), float)
        for role in ("flash", "ambient")
    )
    expected = 10 * np.log10(255**2 / np.mean((flash - ambient) ** 2))
    assert results["images"]["Rooms_000"]["flash"]["psnr"] == pytest.approx(expected)


def test_without_data_the_bundled_scenes_are_measured_with_the_packages_own_as_ours(tmp_path):
    command = [sys.executable, "-m", "keras_f2a.evaluate", "--output", str(tmp_path), "--limit"]
    done = subprocess.run([*command, "1"], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert list(results["images"]) == ["Scene_000"]
    assert list(results["methods"]) == ["flash", "lime", "srie", "ours"]
    assert "scoring flash, lime, srie, ours on 1 pair\n" in done.stdout
    assert "scored 1 of 1 pairs" in done.stdout
    flash, ours = (results["methods"][name]["brightness_kept"] for name in ("flash", "ours"))
    assert flash["mean"] == 1 < ours["mean"]


def test_ours_is_what_the_command_corrects_and_its_network_is_not(rng):
    image = rng.random((48, 64, 3), np.float32)
    methods = load_methods(["ours", "ours-network", str(pretrained_file("int8.tflite"))])
    ours, network, _ = (method(image) for method in methods.values())
    np.testing.assert_array_equal(ours, Corrector().correct(image))
    np.testing.assert_array_equal(network, Corrector(rules="off").correct(image))
    assert not np.array_equal(ours, network)


def test_measures_warn_and_do_not_fail(data_directory, tmp_path, capsys, monkeypatch):
    (tmp_path / "veils.py").write_text("def veil(image):\n    return 0.6 * image + 0.4\n")
    monkeypatch.chdir(tmp_path)
    results = run(data_directory, tmp_path / "out", "--methods", "flash", "veils:veil")
    printed = capsys.readouterr().out
    warnings = [line for line in printed.splitlines() if line.startswith("- WARNING: ")]
    assert any(
        "veil: contrast relative to the flash photograph is 0.60" in line for line in warnings
    )
    assert not any(": flash" in line for line in warnings)
    assert results["warnings"] == [line.removeprefix("- WARNING: ") for line in warnings]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "veil: contrast relative to" in page and "A blind choice says more" in page


def test_split_limit_and_baseline(data_directory, tmp_path):
    options = ["--split", "train", "--limit", 3, "--methods", "flash", "srie"]
    results = run(data_directory, tmp_path / "out", *options, "--baseline", "srie")
    assert list(results["images"]) == ["Toys_000", "Toys_001", "Toys_002"]
    assert results["baseline"] == "srie"
    assert "difference" in results["methods"]["flash"]["psnr"]
    assert len(list((tmp_path / "out" / "pictures").iterdir())) == 3


def test_a_users_function_in_the_folder_of_the_call(data_directory, tmp_path, monkeypatch):
    (tmp_path / "own_method.py").write_text("def brighter(image):\n    return image * 2\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    results = run(data_directory, tmp_path / "out", "--methods", "flash", "own_method:brighter")
    assert results["methods"]["brighter"]["psnr"]["difference"]["mean"] > 5


def test_help_names_every_method(capsys):
    with pytest.raises(SystemExit) as caught:
        evaluate.main(["--help"])
    assert caught.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    one_image = ("flash", "lime", "lime-gamma-0.7", "srie", "intrinsic")
    two_images = ("ambient", "petschnigg", "eisemann", "eisemann-cast-1", "agrawal")
    for name in (*one_image, *two_images, "agrawal-flash"):
        assert list(load_methods([name])) == [name] and name in text


def test_methods_with_two_photographs_stand_apart(data_directory, tmp_path, capsys):
    methods = ("flash", "petschnigg", "eisemann", "agrawal", "intrinsic")
    clear = run(data_directory, tmp_path / "clear", "--methods", *methods)
    printed = capsys.readouterr().out
    assert printed.index("intrinsic") < printed.index(
        "These methods also see the ambient photograph"
    )
    assert printed.index("These methods also see the ambient photograph") < printed.index(
        "petschnigg"
    )
    noisy = run(data_directory, tmp_path / "noisy", "--ambient-noise", "4", "--methods", *methods)
    assert "taken with 4 EV less light" in capsys.readouterr().out
    for name in methods:
        scores = [results["methods"][name]["psnr"]["mean"] for results in (clear, noisy)]
        assert (scores[1] < scores[0]) == clear["methods"][name]["sees_ambient"]
    page = (tmp_path / "clear" / "index.html").read_text(encoding="utf-8")
    assert "petschnigg (sees ambient): " in page and "intrinsic (sees" not in page


def test_a_flash_image_without_its_ambient_photograph_is_named(data_directory, tmp_path):
    (next((data_directory / "test").glob("*_ambient.png"))).unlink()
    code, error = failure(data_directory, tmp_path / "out", "--methods", "flash", "petschnigg")
    assert code == 2 and error.count("\n") == 1 and "_ambient is missing" in error


def failure(data, output, *more):
    """Return the exit code and standard error of the command in a separate process."""
    done = run_command("keras_f2a.evaluate", "--data", data, "--output", output, *more)
    return done.returncode, done.stderr


@pytest.mark.parametrize("condition", ["unet", "deepflash"])
def test_a_run_is_trained_and_gets_its_row(condition, data_directory, kept_runs, tmp_path):
    """A run goes from `train` to the table without any other step."""
    run = tmp_path / condition
    changes = {} if condition == "unet" else {"condition": condition, "augmentation": "none"}
    trained = kept_runs.copy(run, **LEARNS, **changes).metrics["after"]
    code, error = failure(data_directory, tmp_path / "out", "--methods", "flash", run)
    assert code == 0, error
    rows = json.loads((tmp_path / "out" / "results.json").read_text())["methods"]
    # The outputs of the table are truncated to 8 bits.
    assert rows[condition]["psnr"]["mean"] == pytest.approx(trained["psnr"], abs=0.2)
    # These flash images are too dark, so what DeepFlash subtracts has to become negative.
    assert rows[condition]["psnr"]["mean"] > rows["flash"]["psnr"]["mean"] + 0.5


def test_bad_files_are_all_named_with_exit_code_2(data_directory, tmp_path):
    folder = data_directory / "test"
    (folder / "Rooms_000_flash.png").write_bytes(b"no png")
    Image.new("RGB", (9, 9)).save(folder / "Rooms_001_flash.png")
    code, error = failure(data_directory, tmp_path / "out", "--methods", "flash")
    assert code == 2
    assert "Rooms_000_flash.png" in error and "Rooms_001_flash.png" in error
    assert error.count("\n") == 1


def test_a_failing_method_is_exit_code_1(data_directory, tmp_path):
    code, error = failure(data_directory, tmp_path / "out", "--methods", "json:loads")
    assert code == 1
    assert "loads failed on Rooms_000" in error and error.count("\n") == 1


def test_a_method_that_exits_fails_like_any_other(data_directory, tmp_path, monkeypatch):
    (tmp_path / "exits.py").write_text("def leave(image):\n    raise SystemExit(0)\n")
    (tmp_path / "exits_at_once.py").write_text("raise SystemExit(0)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(WorkError, match="method leave failed on Rooms_000: SystemExit: 0"):
        run(data_directory, tmp_path / "out", "--methods", "exits:leave")
    with pytest.raises(InputError, match=r"cannot import exits_at_once \(SystemExit: 0\)"):
        run(data_directory, tmp_path / "more", "--methods", "exits_at_once:leave")


@pytest.mark.parametrize("name", ["index.html", "results.json", "table.md", "pictures/a.png"])
def test_a_report_replaces_no_file_without_force(name, data_directory, tmp_path):
    output = tmp_path / "out"
    (output / name).parent.mkdir(parents=True)
    (output / name).write_text("mine")
    before = names_in(output)
    existing = output / name.split("/")[0]
    with pytest.raises(InputError, match=f"^{existing}: already exists; `force` replaces it$"):
        run(data_directory, output, "--methods", "flash")
    assert (output / name).read_text() == "mine" and names_in(output) == before
    run(data_directory, output, "--methods", "flash", "--force")
    again = run(data_directory, output, "--methods", "flash", "srie", "--force")
    assert list(again["methods"]) == ["flash", "srie"]
    assert "srie" in (output / "index.html").read_text()


def test_force_replaces_no_folder(data_directory, tmp_path):
    (tmp_path / "out" / "index.html").mkdir(parents=True)
    with pytest.raises(InputError, match="index.html: is a folder"):
        run(data_directory, tmp_path / "out", "--methods", "flash", "--force")


def test_missing_options_are_one_line(tmp_path):
    done = run_command("keras_f2a.evaluate")
    assert done.returncode == 2 and "--output" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--split", "nothing"], "nothing: no such folder"),
        (["--limit", 0], "limit=0"),
        (["--baseline", "lime"], "baseline=lime"),
    ],
)
def test_wrong_options_are_named(data_directory, tmp_path, more, message):
    with pytest.raises(InputError, match=message):
        run(data_directory, tmp_path / "out", "--methods", "flash", *more)


def test_nothing_is_written_when_the_input_is_wrong(data_directory, tmp_path):
    (data_directory / "test" / "Rooms_001_flash.png").unlink()
    with pytest.raises(InputError, match="Rooms_001_flash is missing"):
        run(data_directory, tmp_path / "out", "--methods", "flash")
    assert not (tmp_path / "out").exists()
