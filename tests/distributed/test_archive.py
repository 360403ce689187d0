"""Archives on Ray Data: results, reports, and recovery after a kill."""

import csv
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from PIL import Image

from keras_f2a import cluster, correct
from keras_f2a.distributed import archive as archive_room
from keras_f2a.distributed.archive import correct_archive
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.model_files.card import card_file
from keras_f2a.support.errors import InputError
from tests.correct.command import write_scenes
from tests.distributed.conftest import contents, descendants, finished, kill, write_photos

pytestmark = pytest.mark.usefixtures("ray_here")
WORKER = "ArchiveWorker"


def run(*arguments):
    return cluster.main(["correct", *map(str, arguments), "--workers", "2"])


def report(folder):
    with (folder / "failures.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def expected(archive, tmp_path):
    """Return the results of the plain command for the archive."""
    output = str(tmp_path / "plain")
    assert correct.main([str(archive), "--recursive", "--output", output]) == 0
    return contents(tmp_path / "plain")


def test_the_bytes_are_the_plain_commands_and_a_second_call_only_lists(
    archive, tmp_path, expected, capsys, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(archive_room, "CHUNKS_PER_BATCH", 9)  # in three rounds
        assert run(archive, "--output", tmp_path / "out") == 0
    assert "corrected 24 of 24 in" in capsys.readouterr().out
    assert contents(tmp_path / "out") == expected and report(tmp_path / "out") == []
    times = {path: path.stat().st_ctime_ns for path in (tmp_path / "out").rglob("*.*g")}
    (tmp_path / "out" / "16.png").unlink()
    assert run(archive, "--output", tmp_path / "out") == 0
    assert "corrected 1 of 24, 23 finished before" in capsys.readouterr().out
    assert contents(tmp_path / "out") == expected
    again = [path for path, earlier in times.items() if path.stat().st_ctime_ns != earlier]
    assert [path.name for path in again] == ["16.png"]
    assert run(archive, "--output", tmp_path / "out", "--strength", "0", "--force") == 0
    assert contents(tmp_path / "out").keys() == expected.keys()
    assert contents(tmp_path / "out") != expected


def test_photographs_without_flash_are_counted(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    photos = write_scenes(tmp_path / "photos", [0, 1, 16])
    assert run(photos, "--output", "out") == 0
    assert "\n2 photographs show no flash and stay almost" in capsys.readouterr().out
    # These paths are relative to this folder, which is not the workers' folder. The output folder
    # has the network's name.
    options = ["--model", "light_v2", "--mark-edited", "--no-keep-time"]
    os.utime(photos / "0.png", (1, 1))
    assert run(photos, "--output", "light_v2", *options) == 0
    assert "no flash" not in capsys.readouterr().out
    assert correct.main([str(photos), "--output", "plain", *options]) == 0
    assert contents(tmp_path / "light_v2") == contents(tmp_path / "plain")
    assert (tmp_path / "light_v2" / "0.png").stat().st_mtime > 1


def test_failures_are_reported_and_stop_nothing(archive, tmp_path, capsys, caplog):
    (archive / "1999" / "zero.jpg").write_bytes(b"")
    (archive / "text.webp").write_text("text")
    Image.new("RGB", (2000, 1000)).save(archive / "vast.png")
    Image.new("RGBA", (32, 32)).save(archive / "16.heic", "PNG")
    (archive / "text.webp").rename(archive / "\udcff,\n.webp")
    command = (archive, "--output", tmp_path / "out", "--max-megapixels", "1")
    assert run(*command) == 1
    assert "corrected 24 of 28, skipped 4 in" in capsys.readouterr().out
    reasons = {row["path"].rpartition("/")[2]: row["reason"] for row in report_raw(tmp_path)}
    assert reasons.keys() == {"zero.jpg", "\udcff,\n.webp", "vast.png", "16.heic"}
    assert reasons["zero.jpg"] == "is empty (0 bytes)"
    assert "is the result of another photograph" in reasons["16.heic"]
    assert len([line for line in caplog.messages if line.startswith("skipped ")]) == 4
    (archive / "16.heic").unlink()
    assert run(*command) == 1
    assert len(report_raw(tmp_path)) == 3


def report_raw(tmp_path):
    """Return the rows of a report that contains names that are not UTF-8."""
    with (tmp_path / "out" / "failures.csv").open(newline="", errors="surrogateescape") as file:
        return list(csv.DictReader(file))


def test_a_full_disk_ends_the_work(archive, small_disk, capsys):
    write_photos(archive, range(100, 104), ("png",), (400, 300))
    assert run(archive, "--output", small_disk / "out") == 1
    assert "did not try" in capsys.readouterr().out


def test_a_report_that_cannot_be_written_takes_nothing_with_it(archive, tmp_path, capsys, caplog):
    (tmp_path / "out" / "failures.csv" / "notes").mkdir(parents=True)
    assert run(archive, "--output", tmp_path / "out") == 1
    assert "corrected 24 of 24 in" in capsys.readouterr().out
    assert "failures.csv: could not be written" in caplog.text


def test_a_killed_workers_photographs_are_done_again(tmp_path, expected_of_many):
    """SIGKILL in the middle of the work leaves no result missing, half-written or different."""
    source, expected = expected_of_many
    killed = []

    def kill_one():
        while not killed:
            workers = descendants(os.getpid(), WORKER)
            if workers and finished(tmp_path / "out") > 10:
                kill(workers[0])
                killed.append(workers[0])
            time.sleep(0.005)

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    outcome = correct_archive([source], tmp_path / "out", workers=2)
    assert killed, "the work ended before a worker was killed"
    assert (outcome.corrected, outcome.failures) == (len(expected), [])
    assert contents(tmp_path / "out") == expected


def test_a_photograph_that_ends_its_workers_is_a_failure_like_others(archive, tmp_path):
    """Every worker that opens it is killed, which looks the same as a crash of a decoder."""
    fatal = archive / "1999" / "fatal.png"
    Image.new("RGB", (9000, 6000)).save(fatal, compress_level=1)
    done = threading.Event()

    def kill_its_readers():
        while not done.is_set():
            for worker in descendants(os.getpid(), WORKER):
                if str(fatal) in open_files(worker):
                    kill(worker)
            time.sleep(0.02)

    killer = threading.Thread(target=kill_its_readers, daemon=True)
    killer.start()
    outcome = correct_archive([archive], tmp_path / "out", workers=2)
    done.set()
    killer.join()
    assert outcome.corrected == 24
    ((path, reason),) = outcome.failures
    assert path == str(fatal) and "crashed 3 times" in reason


def open_files(process):
    try:
        return [str(entry.readlink()) for entry in Path(f"/proc/{process}/fd").iterdir()]
    except OSError:
        return []


@pytest.fixture(scope="module")
def expected_of_many(tmp_path_factory):
    folder = tmp_path_factory.mktemp("many")
    write_photos(folder / "in", range(150))
    assert correct.main([str(folder / "in"), "--output", str(folder / "plain")]) == 0
    return folder / "in", contents(folder / "plain")


def test_a_killed_command_goes_on(tmp_path, expected_of_many):
    """The command starts its own Ray, as for users, and the workers end with the command."""
    source, expected = expected_of_many
    command = [sys.executable, "-m", "keras_f2a.cluster", "correct", str(source)]
    command += ["--output", str(tmp_path / "out"), "--workers", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet)
    while process.poll() is None and finished(tmp_path / "out") < 10:
        time.sleep(0.01)
    left = descendants(process.pid, WORKER)
    assert left
    kill(process.pid)
    process.wait()
    before = contents(tmp_path / "out")
    assert 10 <= len(before) < len(expected), "the work ended before it was killed"
    deadline = time.monotonic() + 60
    while any(map(runs, left)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(map(runs, left))
    outcome = correct_archive([source], tmp_path / "out", workers=2)
    assert outcome.finished >= len(before) and outcome.corrected > 0
    assert contents(tmp_path / "out") == expected


def runs(process):
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False


def test_a_keras_model_that_only_the_driver_sees(archive, tmp_path):
    from tests.small_models import save_keras

    model = save_keras(tmp_path / "model.keras")
    assert run(archive, "--output", tmp_path / "out", "--model", model) == 0
    plain = [str(archive), "--recursive", "--output", str(tmp_path / "plain")]
    assert correct.main([*plain, "--model", str(model)]) == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "plain")


def test_a_model_with_a_file_for_each_orientation(tmp_path):
    """The workers get both files, and the rules are those of the file that the user named."""
    write_photos(tmp_path / "in", [0])
    write_photos(tmp_path / "in", [1], size=(120, 160))
    for kind in "int8.tflite", "portrait_int8.tflite":
        for file in pretrained_file(kind), card_file(pretrained_file(kind)):
            shutil.copy(file, tmp_path)
    original = pretrained_file("int8.tflite")
    for number, model in enumerate((original, tmp_path / original.name)):
        output, plain = tmp_path / f"out{number}", tmp_path / f"plain{number}"
        assert run(tmp_path / "in", "--output", output, "--model", model) == 0
        options = ["--output", str(plain), "--model", str(model)]
        assert correct.main([str(tmp_path / "in"), *options]) == 0
        assert contents(output) == contents(plain)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "nowhere.tflite"}, "nowhere.tflite: there is no such model"),
        ({"strength": 3.0}, "strength=3.0: must be at least 0 and at most 2"),
        ({"workers": 0}, "workers=0: must be at least 1"),
    ],
)
def test_wrong_calls_start_nothing(archive, tmp_path, options, message):
    for sources in archive, [archive]:
        with pytest.raises(InputError, match=message):
            correct_archive(sources, tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()
