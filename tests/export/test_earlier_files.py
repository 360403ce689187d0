"""A new export takes an earlier one's place when it has passed, and not before."""

import math
import os
import shutil
import signal
import subprocess
import sys
import time

import keras_f2a.export.parity
import keras_f2a.export.probe
import pytest
from keras_f2a.export.__main__ import main

from keras_f2a.support.errors import WorkError

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
def earlier(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("earlier")
    assert main(arguments(run, folder, *FORMATS)) == 0
    return folder


@pytest.fixture
def output(earlier, tmp_path):
    """A copy of an earlier export, to export to again."""
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
    """The files and folders that have not got their names yet."""
    return [path for path in folder.rglob(".*") if path.name != ".write-probe"]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_whose_run_dies_is_not_put_there(run, output, file_format, tmp_path, monkeypatch):
    for name in ("litert_probe.py", "saved_model_probe.py"):
        (tmp_path / name).write_text("import os; os.kill(os.getpid(), 11)")
    monkeypatch.setattr(keras_f2a.export.probe, "_PROGRAMS", tmp_path)
    before = contents(output)
    message = rf"{NAMES[file_format]}: .* by SIGSEGV\); the earlier one stays as it was"
    with pytest.raises(WorkError, match=message):
        main(arguments(run, output, file_format))
    assert contents(output) == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_that_misses_its_gate_is_not_put_there(run, output, file_format, monkeypatch):
    # No number: not even a file of the same values reaches it.
    monkeypatch.setitem(keras_f2a.export.parity.REQUIRED_PARITY, file_format, math.nan)
    report = ("report.md", "report.json")
    before = contents(output, report)
    assert main(arguments(run, output, file_format)) == 1
    assert contents(output, report) == before


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
    with pytest.raises(WorkError, match="report.json: could not be written") as error:
        main(arguments(run, output, "float32"))
    assert "\n" not in str(error.value)


def test_what_was_stopped_between_two_names_is_found_back(run, output):
    before = contents(output / "flash_to_ambient")
    (output / "flash_to_ambient/1").rename(output / "flash_to_ambient/.1.earlier")
    with pytest.raises(WorkError), pytest.MonkeyPatch.context() as patch:
        # There is no program: none runs.
        patch.setattr(keras_f2a.export.probe, "_PROGRAMS", output)
        main(arguments(run, output, "saved_model"))
    assert contents(output / "flash_to_ambient") == before


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_a_killed_export_leaves_is_removed_by_the_next(run, output, file_format):
    names = sorted(path.relative_to(output) for path in output.rglob("*"))
    command = [sys.executable, "-m", "export", *arguments(run, output, file_format)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + SECONDS
        while not hidden(output):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert hidden(output)
    assert main(arguments(run, output, file_format)) == 0
    assert sorted(path.relative_to(output) for path in output.rglob("*")) == names
