"""The handle of a worker process: sends it photographs, enforces time limits and restarts it."""

import os
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from keras_f2a.correction.guarded_process import receive, send
from keras_f2a.correction.settings import CorrectionSettings, OutputSettings
from keras_f2a.generator_files import generator_file
from keras_f2a.services.correction_process import WRONG_INPUT, settings_text
from keras_f2a.support.errors import InputError, WorkError, one_line

TIMED_OUT, CRASHED = "timed out", "crashed"
"""More values of `Answer.failure`, besides those of `keras_f2a.services.correction_process`."""
_SECONDS_TO_START = 120.0
_SECONDS_TO_END = 5.0
_PROGRAM = """
import sys
sys.path[:] = {path!r}
from keras_f2a.services.correction_process import serve
serve({settings!r}, {threads!r}, {max_megapixels!r})
"""


@dataclass(frozen=True)
class Answer:
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
            max_megapixels=max_megapixels,
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
    ) -> Answer:
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
        asked = {
            "source": str(source),
            "target": None if target is None else str(target),
            "changes": dict(changes),
            "output": asdict(output),
        }
        try:
            answer = self._asked(asked, seconds)
        except _EndedError as ended:
            self.restarts += 1
            failure = TIMED_OUT if ended.timed_out else CRASHED
            return Answer(failure=failure, error=str(ended))
        answer["target"] = Path(answer["target"]) if answer.get("target") else None
        return Answer(**answer)

    @property
    def process_id(self) -> int | None:
        """The process's ID; `None` until the next photograph starts a process."""
        return None if self._process is None else self._process.pid

    def close(self) -> None:
        """End the process after its current photograph, and kill it if that takes too long."""
        if self._process is not None:
            self._process = None
            self._end()

    def _start(self) -> list[str]:
        environment = os.environ | {"LIBC_FATAL_STDERR_": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", self._program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
            )
        except OSError as error:
            raise WorkError(
                f"cannot start a process for corrections ({one_line(error)})"
            ) from error
        self._process = process
        self._end = weakref.finalize(self, _end, process)
        try:
            answer = self._asked(None, _SECONDS_TO_START)
        except _EndedError as ended:
            raise WorkError(f"the process for corrections ended: {ended}") from ended
        if answer.get("failure"):
            self.close()
            kind = InputError if answer["failure"] == WRONG_INPUT else WorkError
            raise kind(answer["error"])
        return answer["log"]

    def _asked(self, request: dict[str, Any] | None, seconds: float) -> dict[str, Any]:
        """Return the answer to a request; `None` waits for the process's first message."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            if request is not None:
                with suppress(OSError):  # The process is gone, so no answer comes.
                    send(process.stdin, request)
            header, _ = receive(process.stdout)
        except (EOFError, ValueError):  # ValueError: its answer is malformed.
            self.close()
            if late.is_set():
                raise _EndedError(f"it took more than {seconds:g} s", timed_out=True) from None
            raise _EndedError(_reason(process.returncode)) from None
        except BaseException:  # Ctrl-C: a later request must not get this one's answer.
            self.close()
            raise
        finally:
            timer.cancel()
        if late.is_set():  # The answer came just before the process was killed.
            self.close()
        del header["size"]
        return header


class _EndedError(Exception):
    """The process ended; the message says why."""

    def __init__(self, message: str, timed_out: bool = False):
        super().__init__(message)
        self.timed_out = timed_out


def _end(process: subprocess.Popen) -> None:
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe is not None:
                pipe.close()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _reason(code: int) -> str:
    if code < 0:
        return f"it crashed the process that corrects: {signal.Signals(-code).name}"
    return f"the process that corrects ended with exit code {code}"
