import errno
import os
import subprocess
import sys

import pytest

from keras_f2a.support import atomic_file
from keras_f2a.support.atomic_file import atomic_path, check_writable, named_file, write_text
from keras_f2a.support.errors import InputError, NoSpaceError, WorkError
from tests.conftest import names_in

WRITE = (
    "import os, sys; from keras_f2a.support.atomic_file import atomic_path\n"
    "with atomic_path(sys.argv[1]) as temporary:\n"
    "    temporary.write_text('half')\n"
    "    if sys.argv[2] == 'die': os.kill(os.getpid(), 9)\n"
    "    print('writing', flush=True); input()\n"
)


@pytest.mark.parametrize("name", ["a.txt", "n" * 251 + ".txt", "a." + "x" * 253, "a.weights.h5"])
def test_a_file_is_whole_or_not_there(tmp_path, name):
    with atomic_path(tmp_path / name) as temporary:
        temporary.write_text("new")
        assert not (tmp_path / name).exists()
        assert len(name) == 255 or temporary.name.endswith(name.removeprefix("a"))
    with pytest.raises(RuntimeError), atomic_path(tmp_path / name) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert names_in(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "new"


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    with atomic_path(tmp_path / "a") as first, atomic_path(tmp_path / "a") as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert (tmp_path / "a").read_text() == "first"


def test_what_killed_processes_left_is_removed_at_the_next_run(tmp_path):
    """Files of running processes, and of other machines that share the disk, are kept."""
    command = [sys.executable, "-c", WRITE, str(tmp_path / "photo.jpg")]
    subprocess.run([*command, "die"])
    (left,) = names_in(tmp_path)
    elsewhere = left.replace(left.split("-")[1], "00000000")
    (tmp_path / elsewhere).write_text("")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "live"], **pipes) as running:
        running.stdout.readline()
        assert left not in names_in(tmp_path)
        write_text(tmp_path / "other.txt", "whole")
        assert len(names_in(tmp_path)) == 3
        running.communicate("\n")
    assert names_in(tmp_path) == sorted([elsewhere, "other.txt", "photo.jpg"])


def test_only_so_many_folders_are_remembered_as_tidy(tmp_path):
    """A service writes to a new folder for each request, possibly for months."""
    write_text(tmp_path / "first.txt", "whole")
    subprocess.run([sys.executable, "-c", WRITE, str(tmp_path / "photo.jpg"), "die"])
    write_text(tmp_path / "second.txt", "whole")
    assert len(names_in(tmp_path)) == 3
    for number in range(300):
        folder = tmp_path / "requests" / str(number)
        folder.mkdir(parents=True)
        write_text(folder / "result.txt", "whole")
    write_text(tmp_path / "third.txt", "whole")
    assert names_in(tmp_path) == ["first.txt", "requests", "second.txt", "third.txt"]


@pytest.mark.parametrize("differing", ["platform.node", "uuid.getnode", "os.readlink"])
def test_machines_of_one_name_and_containers_of_one_host_are_told_apart(monkeypatch, differing):
    machine = atomic_file._machine_id.__wrapped__
    here = machine()
    assert machine() == here
    monkeypatch.setattr(differing, lambda *_: 0x20000000000)
    assert machine() != here


@pytest.mark.parametrize(("number", "kind"), [(errno.ENOSPC, NoSpaceError), (errno.EIO, WorkError)])
def test_failures_name_the_file(tmp_path, number, kind):
    reason = os.strerror(number)
    message = f"a.txt: could not be written .{reason}"
    with pytest.raises(kind, match=message), named_file(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise OSError(number, reason)
    assert names_in(tmp_path) == []


def test_where_files_can_be_written(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("precious")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    check_writable(tmp_path / "new" / "file", force=False)
    check_writable(tmp_path / "file", force=True)
    for path, message in (
        (tmp_path / "file", "`force`"),
        (tmp_path, "is a folder"),
        (tmp_path / "file" / "new", "file is not a folder"),
        (tmp_path / ("x" * 300), "File name too long"),
        (tmp_path / "dangling" / "new", "dangling is not a folder"),
    ):
        with pytest.raises(InputError, match=message):
            check_writable(path, force=False)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(InputError, match="is not writable"):
        check_writable(tmp_path / "other", force=False)
