"""Watching a folder: which photographs are corrected, and when."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import keras_f2a
from keras_f2a.data.pairs import load_pairs
from keras_f2a.services.settled_files import SettledFiles
from keras_f2a.services.watch import FolderWatcher, watch
from keras_f2a.support.errors import InputError
from tests.conftest import names_in
from tests.faults.photographs import write_photograph
from tests.services.watched import look, watcher_of


def test_a_file_is_whole_when_it_stays_as_it_is(tmp_path):
    now = 0.0
    files = SettledFiles(2, clock=lambda: now)
    path = tmp_path / "a.jpg"
    path.write_bytes(b"half")
    assert not files.update([path])
    now = 1.5
    path.write_bytes(b"half and more")
    assert not files.update([path])
    now = 3.0
    assert not files.update([path])
    now = 3.5
    assert list(files.update([path])) == [path]
    os.utime(path, (1, 1))
    now = 9.0
    assert not files.update([path])
    path.unlink()
    assert not files.update([path])
    assert files.count == 0


def test_the_command_corrects_what_comes_and_goes_on_after_a_restart(library, rng):
    target = library / "corrected"
    inner = library / "inner"
    inner.mkdir()
    first = write_photograph(library / "first.jpg", rng, size=(64, 48))
    whole = write_photograph(library.parent / "whole.png", rng, size=(300, 200)).read_bytes()
    command = [sys.executable, "-m", "keras_f2a", "watch", str(library), str(target)]
    command += ["--recursive", "--settle", "0.5"]

    def run(until):
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if until(line):
                    process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            return "".join(lines), process.stderr.read()
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()

    copy = inner / "copied.png"

    def feed(line):
        if "first.jpg" in line:
            with copy.open("wb") as file:  # a copy that stalls between chunks
                for place in range(0, len(whole), len(whole) // 5):
                    file.write(whole[place : place + len(whole) // 5])
                    file.flush()
                    time.sleep(0.2)
        return "copied.png" in line

    output, errors = run(feed)
    assert errors == ""
    assert output.count("corrected ") == 2
    assert output.endswith("stopped; run the same command again to continue\n")
    assert names_in(target) == ["first.jpg", "inner"]
    expected = keras_f2a.correct_photo(first.read_bytes())
    assert (target / "first.jpg").read_bytes() == expected
    assert (target / "inner" / "copied.png").read_bytes() == keras_f2a.correct_photo(whole)

    (target / "first.jpg").write_bytes(expected + b"edited")
    write_photograph(library / "second.webp", rng, size=(64, 48))
    output, errors = run(lambda line: "second.webp" in line)
    assert errors == ""
    assert output.count("corrected ") == 1
    assert (target / "first.jpg").read_bytes() == expected + b"edited"
    assert names_in(target) == ["first.jpg", "inner", "second.webp"]
    assert not list(library.rglob(".keras_f2a-*"))


def test_a_bad_file_is_reported_once_and_again_when_it_changes(library, tmp_path, rng, caplog):
    photograph = write_photograph(tmp_path / "a.jpg", rng, size=(64, 48)).read_bytes()
    broken = library / "broken.jpg"
    broken.write_bytes(photograph[: len(photograph) // 2])
    watcher = watcher_of(library, tmp_path / "out")
    look(watcher)
    look(watcher)
    assert caplog.text.count("skipped") == 1
    assert f"skipped {broken}: " in caplog.text
    broken.write_bytes(photograph)
    look(watcher)
    assert caplog.text.count("skipped") == 1
    assert names_in(tmp_path / "out") == ["broken.jpg"]
    watcher.close()


def test_a_pipe_is_no_photograph(library, tmp_path, rng, caplog):
    """Opening a pipe once blocked forever, and SIGTERM could not stop it."""
    os.mkfifo(library / "a.jpg")
    write_photograph(library / "b.jpg", rng, size=(64, 48))
    watcher = watcher_of(library, tmp_path / "out", seconds=5.0)
    look(watcher)
    assert caplog.messages == [] and not watcher.is_waiting
    assert names_in(tmp_path / "out") == ["b.jpg"]
    watcher.close()


def test_a_photograph_that_costs_the_process_costs_no_other(library, tmp_path, rng, caplog):
    for name in ("a.jpg", "b.jpg"):
        write_photograph(library / name, rng, size=(64, 48))
    watcher = watcher_of(library, tmp_path / "out", seconds=5.0)
    watcher.correct_settled()
    os.kill(watcher._worker.process_id, signal.SIGSTOP)
    time.sleep(0.15)
    watcher.correct_settled()
    assert f"skipped {library / 'a.jpg'}: it took more than 5 s" in caplog.text
    assert names_in(tmp_path / "out") == ["b.jpg"]
    watcher.close()


def test_an_empty_path_is_not_the_current_folder(library, monkeypatch):
    monkeypatch.chdir(library)
    for folders, message in (
        (("", "out"), "^'': is empty; name"),
        (("in", ""), "^output=: is empty"),
    ):
        with pytest.raises(InputError, match=message):
            watch(*folders)
    with pytest.raises(InputError, match="^'': is empty; name"):
        load_pairs("")


def test_a_folder_that_is_missing_or_vanishes(library, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        FolderWatcher(tmp_path / "none", tmp_path / "out")
    watcher = watcher_of(library, tmp_path / "out")
    watcher.correct_settled()
    Path(library).rmdir()
    with pytest.raises(InputError, match="no such folder"):
        watcher.correct_settled()
    watcher.close()
