"""The process in which services correct photographs, tested through its handle."""

import os
import shutil
import signal

import numpy as np
import pytest

from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.model_files.bundled import pretrained_file
from keras_f2a.services.correction_worker import CorrectionWorker
from keras_f2a.support.errors import InputError
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


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    """The service's extra installs no TensorFlow, which a `.keras` file needs."""
    (tmp_path / "tensorflow.py").write_text("raise ModuleNotFoundError(name='tensorflow')")
    monkeypatch.syspath_prepend(tmp_path)
    model = shutil.copy(pretrained_file("keras"), tmp_path / "mine.keras")
    with pytest.raises(
        InputError, match=r"package tensorflow, .* pip install 'keras_f2a\[train\]'"
    ):
        CorrectionWorker(CorrectionSettings(model=model), 1, 100)


def test_settings_may_be_numpy_numbers(photograph, tmp_path):
    settings = CorrectionSettings(strength=np.float32(0.5))
    worker = CorrectionWorker(settings, 1, np.float64(100))
    output = OutputSettings(quality=np.int64(90))
    options = {"changes": {}, "output": output, "seconds": 60}
    done = worker.correct(tmp_path / "a.jpg", tmp_path / "b.jpg", **options)
    worker.close()
    assert done.target == tmp_path / "b.jpg"
