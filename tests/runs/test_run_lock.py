"""Two processes never train in one run directory, and a killed process blocks no later one."""

import os
import platform
import subprocess
import sys
import threading

import pytest

from keras_f2a.runs import train
from keras_f2a.runs.run_lock import LOCK_NAME, locked
from keras_f2a.support.errors import InputError
from tests.runs.tiny_runs import quick_settings

HOLDER = (
    "import sys, time; from pathlib import Path; from keras_f2a.runs.run_lock import locked\n"
    "with locked(Path(sys.argv[1])): print('held', flush=True); time.sleep(600)"
)


@pytest.fixture
def holder(tmp_path):
    """Yield a process that holds the lock of `run`."""
    (tmp_path / "run").mkdir()
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_is_refused_and_one_after_a_kill_is_not(holder, data_directory, tmp_path):
    run = tmp_path / "run"
    message = f"run_dir=.*: is being trained by process {holder.pid} on {platform.node()}"
    before = sorted(run.rglob("*"))
    with pytest.raises(InputError, match=message):
        train(quick_settings(data_directory, run, epochs=1))
    assert sorted(path for path in run.rglob("*") if path.is_file()) == before
    holder.kill()  # SIGKILL leaves the lock file, which blocks nobody.
    assert train(quick_settings(data_directory, run, epochs=1)).generator.is_file()
    assert not (run / LOCK_NAME).exists()


def test_one_process_is_no_exception(tmp_path):
    held = pytest.raises(InputError, match=f"by process {os.getpid()} on")
    with locked(tmp_path), held, locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_many_at_once_take_turns(tmp_path):
    inside, most = [], []

    def enter():
        with locked(tmp_path):
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=enter) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20


def test_a_lock_that_others_own_is_said(unprivileged_folder):
    (unprivileged_folder / LOCK_NAME).mkdir()
    refused = pytest.raises(InputError, match="run_dir=.*cannot be locked")
    with refused, locked(unprivileged_folder):
        pass
