import os
import sys
import tempfile
import threading

import pytest

from keras_f2a.support.native_notices import without_native_notices
from keras_f2a.support.quiet_tensorflow import silenced


def test_notices_are_dropped_and_errors_passed_on(capfd):
    with pytest.raises(KeyError), without_native_notices():
        os.write(2, b"INFO: created\nERROR: broken\n")
        os.write(2, b"a line without end")
        raise KeyError
    os.write(2, b"\nafterwards\n")
    assert capfd.readouterr().err == "ERROR: broken\na line without end\nafterwards\n"


@pytest.mark.parametrize("other", [without_native_notices, silenced])
def test_threads_that_redirect_at_once_restore_the_stream(other, capfd):
    """Two threads that loaded models once left the process without standard error."""
    inside, first_ended = threading.Event(), threading.Event()

    def redirect():
        with other():
            inside.set()
            first_ended.wait(30)

    thread = threading.Thread(target=redirect)
    with without_native_notices():
        thread.start()
        inside.wait(0.5)  # Never, because this thread is first.
    first_ended.set()
    thread.join()
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


def test_redirections_may_be_nested(capfd):
    with silenced(), without_native_notices(), silenced():
        os.write(2, b"hidden\n")
    os.write(2, b"shown\n")
    assert capfd.readouterr().err == "shown\n"


def test_without_a_folder_for_temporary_files_notices_are_shown(capfd, monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", raise_missing)
    with without_native_notices():
        os.write(2, b"INFO: created\n")
    assert capfd.readouterr().err == "INFO: created\n"


def raise_missing():
    raise FileNotFoundError("No usable temporary directory found")


def test_a_program_without_streams_can_load_models(monkeypatch):
    """A program without a console has none on Windows."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with silenced(), without_native_notices():
        pass
