"""Training on Ray Train: what a user gets, and what a kill leaves of it."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from keras_f2a import cluster
from keras_f2a.distributed.training import train_with_workers
from keras_f2a.support.errors import InputError
from tests.distributed.conftest import descendants, kill
from tests.runs.test_run import assert_same_checkpoint
from tests.runs.tiny_runs import history_of, options_of, quick_settings

pytestmark = pytest.mark.usefixtures("ray_here")
STEPS = {"epochs": 6, "validate_every": 3}


def command(data, run_dir, **changes):
    """The arguments of `cluster` that train a tiny network with two workers."""
    options = options_of(quick_settings(data, run_dir, **changes))
    place = options.index("--strategy")
    return ["train", "--workers", "2", *options[:place], *options[place + 2 :]]


def test_a_killed_worker_changes_nothing(data_directory, tmp_path, capsys):
    """SIGKILL of one of two; both start again and end with the same weights, bit for bit."""
    assert cluster.main(command(data_directory, tmp_path / "whole", **STEPS)) == 0
    assert f"the results are in {tmp_path / 'whole'}" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "whole").iterdir()}
    assert names >= {"generator.keras", "results.json", "results.png", "history.csv", "config.json"}
    config = json.loads((tmp_path / "whole" / "config.json").read_text())
    assert config["settings"]["strategy"] == "multi_worker"

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
    train_with_workers(quick_settings(data_directory, tmp_path / "killed", **STEPS), 2)
    assert killed, "the run ended before a worker was killed"
    assert_same_checkpoint(tmp_path / "whole", tmp_path / "killed")
    assert history_of(tmp_path / "whole") == history_of(tmp_path / "killed")


def test_the_command_shows_its_own_lines_and_none_of_rays(data_directory, tmp_path):
    words = command(data_directory, tmp_path / "run", epochs=1)
    program = [sys.executable, "-m", "keras_f2a", "cluster", *words]
    done = subprocess.run(program, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert sum(line.startswith("epoch 1/1 ") for line in lines) == 1
    assert sum(line.startswith("difference: PSNR") for line in lines) == 1
    assert not [line for line in lines if "pid=" in line or "ollective" in line]


@pytest.mark.parametrize(
    ("changes", "workers", "message"),
    [
        ({"batch_size": 3}, 2, "batch_size=3: must be a multiple of the 2 workers"),
        ({"data": "nowhere"}, 2, "data=.*nowhere: no such folder"),
        ({"batch_size": 4}, 4, "workers=4: the cluster has 2 CPUs, and 4 are needed"),
        ({"epochs": 0}, 2, "epochs=0"),
    ],
)
def test_wrong_calls_start_nothing(data_directory, tmp_path, changes, workers, message):
    given = {"data": data_directory, "run_dir": tmp_path / "run"} | changes
    with pytest.raises(InputError, match=message):
        train_with_workers(quick_settings(**given), workers)
    assert not (tmp_path / "run" / "history.csv").exists()
