"""The results of a watched folder: whose they are, and where they cannot be written."""

import subprocess
import time

import pytest

import keras_f2a
from keras_f2a.correction.folders import DiskFolder
from keras_f2a.services import watch
from keras_f2a.services.correction_worker import CorrectionWorker
from keras_f2a.services.watch import FolderWatcher
from keras_f2a.support.errors import InputError
from tests.conftest import names_in
from tests.faults.photographs import Kind, write_photograph
from tests.services.watched import look, watcher_of


def test_two_photographs_with_one_result_are_reported(library, tmp_path, rng, caplog, monkeypatch):
    """This includes names that differ only in case on a case-insensitive disk."""
    monkeypatch.setattr(DiskFolder, "ignores_case", lambda _: True)
    write_photograph(library / "a.heic", rng, Kind(".heic", "RGB", 1), (64, 48))
    write_photograph(library / "b.heic", rng, Kind(".heic", "RGB", 1), (64, 48))
    for name in "a.jpg", "B.JPG":
        write_photograph(library / name, rng, size=(64, 48))
    watcher = watcher_of(library, tmp_path / "out")
    look(watcher)
    look(watcher)
    assert names_in(tmp_path / "out") == ["B.JPG", "a.jpg"]
    assert (
        f"a.jpg: its result would have the same name as that of {library / 'a.heic'}" in caplog.text
    )
    assert (
        f"b.heic: its result would have the same name as that of {library / 'B.JPG'}" in caplog.text
    )
    assert caplog.text.count("skipped") == 2
    watcher.close()


def test_a_result_whose_owner_is_gone_is_free_again(library, tmp_path, rng, caplog):
    """If both the photograph and its result are moved away, another photograph may use the name."""
    result = tmp_path / "out" / "c.jpg"
    write_photograph(library / "c.heic", rng, Kind(".heic", "RGB", 1), (64, 48))
    watcher = watcher_of(library, tmp_path / "out")
    look(watcher)
    earlier = result.read_bytes()
    photograph = write_photograph(library / "c.jpg", rng, size=(64, 48)).read_bytes()
    look(watcher)
    (library / "c.heic").unlink()
    look(watcher)
    assert (
        caplog.text.count(
            f"c.jpg: its result would have the same name as that of {library / 'c.heic'}"
        )
        == 1
    )
    assert result.read_bytes() == earlier
    result.unlink()
    watcher.correct_settled()
    assert result.read_bytes() == keras_f2a.correct_photo(photograph)
    watcher.close()


def test_what_cannot_be_written_is_reported_once_and_tried_at_every_look(
    library, tmp_path, rng, caplog
):
    """An example is a drive that is not mounted yet."""
    (tmp_path / "out").symlink_to(tmp_path / "drive")
    write_photograph(library / "a.jpg", rng, size=(64, 48))
    watcher = watcher_of(library, tmp_path / "out")
    for _ in range(3):
        look(watcher)
    assert caplog.text.count("skipped") == 1
    assert f"{tmp_path / 'out'} is not a folder" in caplog.text
    (tmp_path / "drive").mkdir()
    watcher.correct_settled()
    assert names_in(tmp_path / "drive") == ["a.jpg"]
    watcher.close()


@pytest.mark.parametrize("small_disk", ["8k"], indirect=True)
def test_a_full_disk_is_reported_once_and_waited_for(library, small_disk, rng, caplog):
    write_photograph(library / "a.png", rng, size=(200, 150))
    watcher = watcher_of(library, small_disk)
    for _ in range(3):
        look(watcher)
    assert caplog.text.count("waiting for space") == 1
    assert watcher.is_waiting
    subprocess.run(["mount", "-o", "remount,size=1m", small_disk], check=True)
    watcher.correct_settled()
    assert names_in(small_disk) == ["a.png"]
    assert not watcher.is_waiting
    watcher.close()


@pytest.mark.parametrize("small_disk", ["48k"], indirect=True)
def test_a_full_disk_in_the_watched_folder_is_not_tried_all_the_time(
    small_disk, rng, monkeypatch, caplog
):
    """Each try creates a file in the folder and removes it, which is a change."""
    tries = 0

    def changes(*_, **__):
        for _ in range(10):
            time.sleep(0.12)
            yield {"a change"}

    def correct(*arguments, **options):
        nonlocal tries
        tries += 1
        return CorrectionWorker.correct(watcher._worker, *arguments, **options)

    write_photograph(small_disk / "a.png", rng, size=(200, 150))
    watcher = watcher_of(small_disk, small_disk / "out")
    monkeypatch.setattr(watcher._worker, "correct", correct)
    monkeypatch.setattr(watch.watchfiles, "watch", changes)
    for _ in watcher.wait_for_changes():
        watcher.correct_settled()
    assert tries == 1 and caplog.text.count("waiting for space") == 1
    monkeypatch.setattr(watch, "_CHECK_INTERVAL", 0.3)
    for _ in watcher.wait_for_changes():
        watcher.correct_settled()
    assert tries > 2
    watcher.close()


def test_a_lost_folder_for_temporary_files_is_not_the_photographs_fault(
    library, tmp_path, rng, caplog, monkeypatch
):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    write_photograph(library / "a.jpg", rng, size=(64, 48))
    watcher = watcher_of(library, tmp_path / "out")
    look(watcher)
    scratch.rmdir()
    write_photograph(library / "b.jpg", rng, size=(64, 48))
    look(watcher)
    assert caplog.text.count("skipped") == 1
    assert "temporary files: could not be written (No such file or directory)" in caplog.text
    scratch.mkdir()
    watcher.correct_settled()
    assert names_in(tmp_path / "out") == ["a.jpg", "b.jpg"]
    watcher.close()


def test_results_are_no_sources_and_subfolders_are_asked_for(library, rng):
    (library / "inner").mkdir()
    write_photograph(library / "a.png", rng, size=(64, 48))
    write_photograph(library / "inner" / "b.png", rng, size=(64, 48))
    watcher = watcher_of(library, library / "out")
    for _ in range(3):
        look(watcher)
    assert names_in(library / "out") == ["a.png"]
    assert not watcher.is_waiting
    (library / "out" / "a.png").rename(
        library.parent / "elsewhere.png"
    )  # as a program that processes the results does
    look(watcher)
    assert names_in(library / "out") == []
    watcher.close()


@pytest.mark.parametrize("place", [".", "..", "../library"])
def test_results_among_the_photographs_are_refused(place, library):
    with pytest.raises(InputError, match="^output=.*would also contain the photographs"):
        FolderWatcher(library, library / place)
