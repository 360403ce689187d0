"""The handle of a worker process: sends it photographs, enforces time limits and restarts it."""

import json
import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from keras_f2a.correction.guarded_process import receive, send
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.generator_files import generator_file
from keras_f2a.services.correction_process import WRONG_INPUT, settings_text
from keras_f2a.support.errors import InputError, WorkError, one_line

TIMED_OUT, CRASHED = "timed out", "crashed"
"""More values of `failure`, besides those of `keras_f2a.services.correction_process`."""
_START_TIMEOUT = 120.0
_STOP_TIMEOUT = 5.0
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from keras_f2a.services.correction_process import serve
serve({settings!r}, {threads!r}, {max_megapixels!r})
"""


@dataclass(frozen=True)
class CorrectionResult:
    """The outcome for one photograph.

    Attributes:
        target: The file of its result; `None` if there is none.
        note: A note for the user, usually empty.
        is_new: Whether the result was written now; `False` if it already existed.
        is_left: Whether it is almost unchanged, because it shows no flash.
        failure: The kind of failure; empty if there is a result.
        error: The reason for the failure, in one line.
        log: What the library logged.
    """

    target: Path | None = None
    note: str = ""
    is_new: bool = True
    is_left: bool = False
    failure: str = ""
    error: str = ""
    log: list[str] = field(default_factory=list)


class CorrectionWorker:
    """Corrects photographs in its own process, one at a time.

    A photograph that crashes the process or takes too long ends it. A new process is started for
    the next photograph. The process ends with this object, after its current photograph.

    Args:
        settings: The settings of the correction.
        threads: How many threads a `.tflite` or `.onnx` model computes in.
        max_megapixels: The largest photograph that will be requested. It bounds the memory.

    Attributes:
        log: What the library logged while the model was loaded.
        restarts: How many processes had to be replaced.

    Raises:
        InputError: The model cannot be loaded.
        WorkError: No process can be started.
    """

    def __init__(self, settings: CorrectionSettings, threads: int, max_megapixels: float):
        if settings.model is not None:  # An address on a hub is looked up once, here.
            settings = replace(settings, model=generator_file(settings.model))
        self._program = _PROGRAM.format(
            path=[entry for entry in sys.path if isinstance(entry, str)],
            settings=settings_text(settings),
            threads=threads,
            max_megapixels=float(max_megapixels),  # The text of a NumPy number is not a number.
        )
        self._process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.log = self._start()

    def correct(
        self,
        source: Path,
        target: Path | None,
        *,
        changes: Mapping[str, Any],
        output: OutputSettings,
        seconds: float,
    ) -> CorrectionResult:
        """Correct a photograph.

        Args:
            source: Its file.
            target: The file for its result; `None` writes `result` next to it, with the suffix
                that fits its content.
            changes: Settings of the correction, which override the worker's.
            output: How it is read and written.
            seconds: How long it may take.

        Raises:
            WorkError: No process can be started.
        """
        if self._process is None:
            try:
                self._start()
            except InputError as error:  # The model could be loaded before.
                raise WorkError(str(error)) from error
        request = {
            "source": str(source),
            "target": None if target is None else str(target),
            "changes": dict(changes),
            "output": json.loads(settings_text(output)),
        }
        try:
            response = self._exchange(request, seconds)
        except _ProcessEndedError as error:
            self.restarts += 1
            failure = TIMED_OUT if error.timed_out else CRASHED
            return CorrectionResult(failure=failure, error=str(error))
        response["target"] = Path(response["target"]) if response.get("target") else None
        return CorrectionResult(**response)

    @property
    def process_id(self) -> int | None:
        """The process's ID; `None` until the next photograph starts a process."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the process after its current photograph, and kill it if that takes too long."""
        if self._process is not None:
            self._process = None
            self._finalizer()

    def _start(self) -> list[str]:
        variables = os.environ | {"LIBC_FATAL_STDERR_": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=variables,
            )
        except OSError as error:
            raise WorkError(
                f"cannot start a process for corrections ({one_line(error)})"
            ) from error
        self._process = process
        self._finalizer = weakref.finalize(self, _stop_process, process)
        try:
            response = self._exchange(None, _START_TIMEOUT)
        except _ProcessEndedError as error:
            raise WorkError(f"the process for corrections ended: {error}") from error
        if response.get("failure"):
            self.close()
            error_type = InputError if response["failure"] == WRONG_INPUT else WorkError
            raise error_type(response["error"])
        return response["log"]

    def _exchange(self, request: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        """Return the response to a request; `None` waits for the process's first message."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        timed_out = threading.Event()

        def kill() -> None:
            timed_out.set()
            process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            if request is not None:
                with suppress(OSError):  # The process is gone, so no response comes.
                    send(process.stdin, request)
            header, _ = receive(process.stdout)
        except (EOFError, ValueError):  # ValueError: its response is malformed.
            self.close()
            if timed_out.is_set():
                message = f"it took more than {seconds:g} s"
                raise _ProcessEndedError(message, timed_out=True) from None
            raise _ProcessEndedError(_exit_reason(process.returncode)) from None
        except BaseException:  # Ctrl-C: a later request must not get this one's response.
            self.close()
            raise
        finally:
            timer.cancel()
        if timed_out.is_set():  # The response came just before the process was killed.
            self.close()
        del header["size"]
        return header


class _ProcessEndedError(Exception):
    """The process ended; the message says why."""

    def __init__(self, message: str, timed_out: bool = False):
        super().__init__(message)
        self.timed_out = timed_out


def _stop_process(process: subprocess.Popen) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()
    try:
        process.wait(_STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _exit_reason(code: int) -> str:
    if code < 0:
        return f"it crashed the process that corrects: {signal.Signals(-code).name}"
    return f"the process that corrects ended with exit code {code}"
