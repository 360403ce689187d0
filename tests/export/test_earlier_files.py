"""A new export replaces an earlier one only after it has passed."""

import json
import math
import os
import shutil
import signal
import subprocess
import time

import keras
import keras_f2a.export.parity
import keras_f2a.export.probe
import pytest
from keras_f2a.export.__main__ import main

import keras_f2a
from keras_f2a.support.errors import InputError, WorkError
from tests.faults.processes import Processes

pytestmark = pytest.mark.usefixtures("warm_probes")
FORMATS = ("saved_model", "float32")
NAMES = {
    "saved_model": "flash_to_ambient/1",
    "float32": "flash_to_ambient_48x32_float32.tflite",
}
SECONDS = 120


@pytest.fixture(scope="module")
def run(run_directory):
    return run_directory


@pytest.fixture(scope="module")
def earlier(run, warm_probes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("earlier")
    assert main(arguments(run, folder, *FORMATS)) == 0
    return folder


@pytest.fixture
def output(earlier, tmp_path):
    """Copy an earlier export, so that the test can export to the same folder."""
    return shutil.copytree(earlier, tmp_path / "output")


def arguments(run, output, *formats):
    words = ["--model", str(run), "--output", str(output), "--size", "48x32"]
    return [*words, "--formats", *formats]


def contents(folder, without=()):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in without
    }


def hidden(folder):
    """Return files and folders that do not have their final names yet."""
    return [path for path in folder.rglob(".*") if path.name != ".write-probe"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_whose_run_dies_is_not_put_there(run, output, file_format, tmp_path, monkeypatch):
    for name in ("litert_probe.py", "saved_model_probe.py"):
        (tmp_path / name).write_text("import os; os.kill(os.getpid(), 11)")
    monkeypatch.setattr(keras_f2a.export.probe, "_PROGRAMS", tmp_path)
    monkeypatch.setattr(keras_f2a.export.probe, "subprocess", subprocess)
    before = contents(output)
    message = rf"{NAMES[file_format]}: .* by SIGSEGV\); the earlier file is unchanged"
    with pytest.raises(WorkError, match=message):
        main(arguments(run, output, file_format))
    assert contents(output) == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_that_misses_its_gate_is_not_put_there(run, output, file_format, monkeypatch):
    # No file reaches NaN, not even one with identical values.
    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, file_format, math.nan)
    report = ("report.md", "report.json")
    before = contents(output, report)
    assert main(arguments(run, output, file_format)) == 1
    assert contents(output, report) == before


def rows(output):
    """Return the rows of a folder's report by name, except that of the Keras model."""
    report = json.loads((output / "report.json").read_text())
    return {row["name"]: row for row in report["files"] if " at " not in row["name"]}


def test_another_format_is_added_to_the_report(run, output, capsys):
    before = rows(output)
    files = contents(output, ("report.md", "report.json"))
    assert main(arguments(run, output, "float16")) == 0
    after = rows(output)
    assert list(after) == [*before, "flash_to_ambient_48x32_float16.tflite"]
    assert all(after[name] == row for name, row in before.items())
    markdown = (output / "report.md").read_text()
    assert markdown in capsys.readouterr().out
    assert all(f"| {name} " in markdown for name in after)
    assert contents(output, ("report.md", "report.json")).items() >= files.items()


def test_the_same_format_takes_the_place_of_its_row(run, output):
    assert main(arguments(run, output, "float32")) == 0
    assert sorted(rows(output)) == sorted(NAMES.values())


def test_a_missed_gate_leaves_the_earlier_row_with_the_earlier_file(run, output, monkeypatch):
    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, "float32", math.nan)
    for _ in range(2):
        assert main(arguments(run, output, "float32")) == 1
        files = json.loads((output / "report.json").read_text())["files"]
        kept = [row["kept"] for row in files if row["name"] == NAMES["float32"]]
        assert kept == [True, False]
    assert "(not kept)" in (output / "report.md").read_text()


@pytest.mark.parametrize("file_format", FORMATS)
def test_another_generators_files_are_not_replaced(run, output, file_format, tmp_path, capsys):
    keras.utils.set_random_seed(5)
    other = keras_f2a.VGG16Generator(encoder_weights=None, width=1 / 32)
    other.save(tmp_path / "other.keras")
    command = arguments(tmp_path / "other.keras", output, file_format)
    before = contents(output)
    with pytest.raises(
        InputError, match=f"{NAMES[file_format]}: is from another generator"
    ) as error:
        main(command)
    assert "force" in str(error.value) and contents(output) == before
    # Under its own name, it may be in the same folder.
    assert main([*command, "--name", "other"]) == 0
    assert (
        contents(output, ("report.md", "report.json")).items()
        >= {
            name: content for name, content in before.items() if not name.startswith("report.")
        }.items()
    )
    assert main([*command, "--force"]) == 0
    assert contents(output)[card(NAMES[file_format])] != before[card(NAMES[file_format])]


def card(name):
    """Return the name of a file's card."""
    return name.replace(".tflite", ".json").replace("/1", "_1_saved_model.json")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("report.md", "My notes", "report.md: is not an export's report"),
        ("report.json", "{}", "report.json: is not an export's report"),
        ("flash_to_ambient_48x32_float32.tflite", "mine", "has no card, and would"),
        ("flash_to_ambient_48x32_float32.json", "mine", "has no card, and would"),
        pytest.param("report.json", 100_000 * "[", "json: is not an export's report", id="deep"),
        pytest.param(
            "flash_to_ambient_48x32_float32.json",
            100_000 * "[",
            "has no card, and would",
            id="card",
        ),
    ],
)
def test_what_is_no_export_is_not_replaced(run, tmp_path, name, content, message):
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=message):
        main(arguments(run, tmp_path, "float32"))
    assert contents(tmp_path, [".write-probe"]) == {name: content.encode()}


def test_a_report_of_an_earlier_version_is_merged(run, output):
    report = json.loads((output / "report.json").read_text())
    for row in report["files"]:
        for name in ("scenes", "kept", "generator_sha256"):
            del row[name]
        del row["parity"]["changes"], row["parity"]["pairs"]
    (output / "report.json").write_text(json.dumps(report))
    assert main(arguments(run, output, "float16")) == 0
    assert set(rows(output)) == {*NAMES.values(), "flash_to_ambient_48x32_float16.tflite"}


@pytest.mark.parametrize("small_disk", ["2m"], indirect=True)
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_full_disk_is_one_line_and_changes_nothing(run, output, file_format, small_disk):
    folder = small_disk / "output"
    shutil.copytree(output, folder)
    free = shutil.disk_usage(small_disk).free
    (small_disk / "filling").write_bytes(bytes(free - 50_000))
    before = contents(folder)
    with pytest.raises(WorkError, match="No space left on device") as error:
        main(arguments(run, folder, file_format))
    assert NAMES[file_format] in str(error.value)
    assert "\n" not in str(error.value)
    assert contents(folder) == before


def test_a_report_that_cannot_be_written_is_one_line(run, output):
    (output / "report.json").unlink()
    (output / "report.json").mkdir()
    with pytest.raises(InputError, match="report.json: is not an export's report"):
        main(arguments(run, output, "float32"))
    with pytest.raises(WorkError, match="report.json: could not be written") as error:
        main([*arguments(run, output, "float32"), "--force"])
    assert "\n" not in str(error.value)


def test_what_was_stopped_between_two_names_is_found_back(run, output):
    before = contents(output / "flash_to_ambient")
    (output / "flash_to_ambient/1").rename(output / "flash_to_ambient/.1.earlier")
    with pytest.raises(WorkError), pytest.MonkeyPatch.context() as patch:
        # This folder has no program to run.
        patch.setattr(keras_f2a.export.probe, "_PROGRAMS", output)
        main(arguments(run, output, "saved_model"))
    assert contents(output / "flash_to_ambient") == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_a_killed_export_leaves_is_removed_by_the_next(run, output, file_format):
    names = sorted(path.relative_to(output) for path in output.rglob("*"))

    def kill_while_it_writes(process):
        deadline = time.monotonic() + SECONDS
        while not hidden(output) and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(process, signal.SIGKILL)

    killed = Processes(timeout=SECONDS, disturb=kill_while_it_writes).command(
        "keras_f2a.export.__main__", *arguments(run, output, file_format)
    )
    assert killed.code == -signal.SIGKILL, killed
    assert hidden(output)
    assert main(arguments(run, output, file_format)) == 0
    assert sorted(path.relative_to(output) for path in output.rglob("*")) == names
