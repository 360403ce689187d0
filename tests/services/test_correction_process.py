"""The process in which services correct photographs, tested through its handle."""

import os
import signal

import pytest

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.services.correction_worker import CorrectionWorker
from tests.small_models import save_tflite


@pytest.fixture
def worker(tmp_path):
    model = save_tflite(tmp_path / "model.tflite")
    worker = CorrectionWorker(CorrectionSettings(model=model), 1, 100)
    yield worker
    worker.close()


def asked(worker, source, target, **changes):
    return worker.correct(source, target, changes=changes, output=OutputSettings(), seconds=10)


def test_what_nobody_foresaw_costs_one_photograph_and_not_the_process(worker, photograph, tmp_path):
    photo, target, process = tmp_path / "a.jpg", tmp_path / "out" / "a.jpg", worker.process_id
    answer = asked(worker, photo, target, no_setting=1)
    assert answer.failure == "failed" and "no_setting" in answer.error
    assert asked(worker, photo, target).target == target
    assert (worker.process_id, worker.restarts) == (process, 0)


def test_a_pipe_is_refused_at_once(worker, tmp_path):
    """Opening a pipe to find out what it is would block until somebody writes to it."""
    os.mkfifo(tmp_path / "pipe.jpg")
    answer = asked(worker, tmp_path / "pipe.jpg", tmp_path / "r.jpg")
    assert (answer.failure, worker.restarts) == ("wrong input", 0)
    assert "pipe, socket or device" in answer.error


def test_an_interrupted_request_does_not_answer_the_next_one(worker, photograph, tmp_path):
    photo, process = tmp_path / "a.jpg", worker.process_id
    os.kill(process, signal.SIGSTOP)

    def interrupt(*_):
        os.kill(process, signal.SIGCONT)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(KeyboardInterrupt):
            asked(worker, photo, tmp_path / "first.jpg")
    finally:
        signal.signal(signal.SIGALRM, before)
    assert asked(worker, photo, tmp_path / "second.jpg").target == tmp_path / "second.jpg"
    assert worker.restarts == 0
