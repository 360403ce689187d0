"""Two workers on this machine train like a single process, and they resume after a kill."""

import signal
import time

import numpy as np
import pytest

from tests.commands import run_command
from tests.runs.test_run import assert_same_checkpoint
from tests.runs.tiny_runs import history_of, options_of, quick_settings
from tests.runs.workers.two_workers import finish, free_addresses, start, worker


def options(data, run_dir, **changes):
    many = {"strategy": "multi_worker", "worker_timeout": 120.0}
    return options_of(quick_settings(data, run_dir, **(many | changes)))


@pytest.fixture(scope="module")
def three_steps(tmp_path_factory):
    """Return the weights after three steps by optimizer, workers and index, and the outputs."""
    folder = tmp_path_factory.mktemp("steps")
    workers = start("tests.runs.workers.three_steps", folder)
    alone = run_command("tests.runs.workers.three_steps", folder)
    assert alone.returncode == 0, alone.stderr
    ended = finish(workers)
    assert [code for code, _ in ended] == [0, 0], ended
    weights = {path.stem: np.load(path) for path in folder.glob("*.npz")}
    return weights, [output for _, output in ended]


@pytest.mark.parametrize(("optimizer", "tolerance"), [("SGD", 1e-13), ("Adam", 1e-8)])
def test_two_workers_with_half_batches_equal_one_with_whole_ones(three_steps, optimizer, tolerance):
    """The test uses float64, because in float32 rounding may flip a leaky ReLU on one device."""
    one, chief, other = (three_steps[0][f"{optimizer}_{which}"] for which in ("1_0", "2_0", "2_1"))
    assert len(one) > 50
    for name in one:
        np.testing.assert_array_equal(chief[name], other[name])
        np.testing.assert_allclose(chief[name], one[name], rtol=0, atol=tolerance)


def test_an_overflow_on_one_worker_leaves_the_step_out_on_both(three_steps):
    for output in three_steps[1]:
        assert "the overflow's scale: 0.5" in output


@pytest.mark.parametrize(
    "fault",
    [
        "fault 1: ValueError Attempt to convert a value (PerReplica",
        "fault 2: ValueError in user code: ValueError: Invalid reduction dimension 0",
    ],
)
def test_both_of_keras_faults_are_still_there(three_steps, fault):
    """Once Keras fixes one, `KerasMultiWorkerStrategy` can drop that workaround, or go away."""
    for output in three_steps[1]:
        assert fault in output


def test_killed_workers_and_chiefs_resume_bit_for_bit(data_directory, tmp_path):
    """After SIGKILL of either worker, the other exits with a message, and both together resume."""
    steps = {"epochs": 6, "ema": 0.9, "validate_every": 3}
    command = options(data_directory, tmp_path / "whole", **steps)
    ended = finish(start("keras_f2a.train", *command))
    assert [code for code, _ in ended] == [0, 0], ended
    assert "1 × CPU in each of 2 workers" in ended[0][1]
    assert "the first worker has the results" in ended[1][1]
    killed = tmp_path / "killed"
    command = options(data_directory, killed, **steps)
    for victim, wanted_rows in ((1, 3), (0, 5)):
        workers = start("keras_f2a.train", *command)
        history = killed / "history.csv"
        while workers[0].code is None and len(rows(history)) < wanted_rows:
            time.sleep(0.01)
        workers[victim].kill()
        ended = finish(workers)
        assert ended[victim][0] == -signal.SIGKILL, "the run ended before one was killed"
        code, output = ended[1 - victim]
        assert code == 1 and "another worker was lost; the last checkpoint is kept" in output
    ended = finish(start("keras_f2a.train", *command))
    assert [code for code, _ in ended] == [0, 0], ended
    assert "resumes after epoch" in ended[0][1]
    assert_same_checkpoint(tmp_path / "whole", killed)
    assert history_of(tmp_path / "whole") == history_of(killed)
    ended = finish(start("keras_f2a.train", *command))
    assert [code for code, _ in ended] == [0, 0] and "already trained" in ended[0][1], ended


def rows(history):
    return history.read_text().splitlines() if history.is_file() else []


def last_lines(calls):
    """Return (exit code, last line) of `train` for each worker index with its own options."""
    addresses = free_addresses()
    workers = [
        worker(addresses, index).started("keras_f2a.train", *command) for index, command in calls
    ]
    return [(code, output.strip().splitlines()[-1]) for code, output in finish(workers)]


def test_workers_with_other_settings_end_in_one_line(data_directory, tmp_path):
    calls = [(i, options(data_directory, tmp_path / "run", epochs=1, seed=i)) for i in (0, 1)]
    for code, line in last_lines(calls):
        assert code == 2
        assert "keras_f2a.train: error: " in line and "the workers differ" in line
        assert "seed" in line
    assert not (tmp_path / "run" / "history.csv").exists()


@pytest.mark.parametrize(
    ("index", "message"),
    [(0, "workers did not connect within 2 s"), (1, "did not answer within 2 s")],
)
def test_a_lone_worker_does_not_wait_for_ever(data_directory, tmp_path, index, message):
    alone = options(data_directory, tmp_path / "run", epochs=1, worker_timeout=2.0)
    [(code, line)] = last_lines([(index, alone)])
    assert code == 1 and message in line
    assert not (tmp_path / "run" / "history.csv").exists()
