"""Training on Ray Train: what the command prints, and recovery after a kill."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from keras_f2a.distributed.training import train_with_workers
from keras_f2a.support.errors import InputError
from tests.conftest import write_data
from tests.distributed.conftest import descendants, kill
from tests.runs.test_run import assert_same_checkpoint
from tests.runs.tiny_runs import history_of, options_of, quick_settings

pytestmark = pytest.mark.usefixtures("ray_here")
STEPS = {"epochs": 6, "validate_every": 3}


def command(data, run_dir, **changes):
    """Return the arguments of `cluster` that train a tiny network with two workers."""
    options = options_of(quick_settings(data, run_dir, **changes))
    place = options.index("--strategy")
    return ["train", "--workers", "2", *options[:place], *options[place + 2 :]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Return a folder with the pairs and the command's run, and the finished process."""
    folder = tmp_path_factory.mktemp("trained")
    write_data(folder / "data")
    words = command(folder / "data", folder / "run", **STEPS)
    program = [sys.executable, "-m", "keras_f2a", "cluster", *words]
    return folder, subprocess.run(program, capture_output=True, text=True)


def test_the_command_shows_its_own_lines_and_none_of_rays(trained):
    folder, done = trained
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert sum(line.startswith("epoch 1/6 ") for line in lines) == 1
    assert sum(line.startswith("difference: PSNR") for line in lines) == 1
    assert not [line for line in lines if "pid=" in line or "ollective" in line]
    assert f"the results are in {folder / 'run'}" in done.stdout
    names = {path.name for path in (folder / "run").iterdir()}
    assert names >= {"generator.keras", "results.json", "results.png", "history.csv", "config.json"}
    config = json.loads((folder / "run" / "config.json").read_text())
    assert config["settings"]["strategy"] == "multi_worker"


def test_a_killed_worker_changes_nothing(trained, tmp_path):
    """After SIGKILL of one of two workers, both restart and reach the same weights bit for bit."""
    folder, _ = trained
    killed, history = [], tmp_path / "killed" / "history.csv"

    def kill_one():
        while not killed:
            if history.is_file() and len(history.read_text().splitlines()) > 3:
                workers = descendants(os.getpid(), "RayTrainWorker")
                killed.append(workers[-1])
                kill(workers[-1])
            time.sleep(0.01)

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    train_with_workers(quick_settings(folder / "data", tmp_path / "killed", **STEPS), 2)
    assert killed, "the run ended before a worker was killed"
    assert_same_checkpoint(folder / "run", tmp_path / "killed")
    assert history_of(folder / "run") == history_of(tmp_path / "killed")


def test_relative_paths_are_those_of_the_command(trained, monkeypatch):
    folder, _ = trained
    monkeypatch.chdir(folder)
    train_with_workers(quick_settings("data", "again", start_from="run", epochs=1), 1)
    assert (folder / "again" / "generator.keras").is_file()


@pytest.mark.parametrize(
    ("changes", "workers", "message"),
    [
        ({"batch_size": 3}, 2, "batch_size=3: must be a multiple of the 2 workers"),
        ({"data": "nowhere"}, 2, "data=.*nowhere: no such folder"),
        ({"batch_size": 4}, 4, "workers=4: the cluster has 2 CPUs, but 4 are needed"),
        ({"epochs": 0}, 2, "epochs=0"),
        ({}, 0, "workers=0: must be at least 1"),
        ({}, -1, "workers=-1: must be at least 1"),
    ],
)
def test_wrong_calls_start_nothing(data_directory, tmp_path, changes, workers, message):
    given = {"data": data_directory, "run_dir": tmp_path / "run"} | changes
    with pytest.raises(InputError, match=message):
        train_with_workers(quick_settings(**given), workers)
    assert not (tmp_path / "run" / "history.csv").exists()
