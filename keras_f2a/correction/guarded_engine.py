"""Runs a model file in its own process and turns a crash into a one-line error."""

import os
import signal
import subprocess
import sys
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from keras_f2a.correction.engine import validate_output
from keras_f2a.correction.guarded_process import CPU_SECONDS, receive, send
from keras_f2a.support.errors import InputError, WorkError, one_line
from keras_f2a.support.fork_safe_lock import ForkSafeLock
from keras_f2a.support.printable import printable

_PROGRAM = """
import sys
sys.path[:] = {path!r}
from keras_f2a.correction.guarded_process import serve
serve({model!r}, {threads!r})
"""


class GuardedEngine:
    """A generator that another process runs. A damaged file can crash only that process.

    The process loads the file and runs it once before the constructor returns. Its memory and time
    are limited. It ends with this object. A process that crashed is restarted for the next image.

    Args:
        path: A file with one of `keras_f2a.model_files.tflite_names.PLAIN_SUFFIXES`.
        threads: How many threads it computes in; `None` uses one per core.

    Attributes:
        fixed_size: The only (height, width) that the model takes, or `None` if it takes any.
        takes_lights: Whether it is a network for placed light, for `GuardedLightEngine`.

    Raises:
        InputError: The file is damaged or holds another kind of model, or a package is missing.
        WorkError: Out of memory, or no process can be started.
    """

    def __init__(self, path: Path, threads: int | None = None):
        self._path, self._threads = path, threads
        try:
            self._content = path.read_bytes()
        except OSError as error:
            raise InputError(f"{self._name}: cannot be read ({one_line(error)})") from error
        except MemoryError as error:
            raise WorkError(f"{self._name}: out of memory") from error
        self._lock = ForkSafeLock()
        self._process: subprocess.Popen[bytes] | None = None
        description = self._start()
        size = description["fixed_size"]
        self.fixed_size = None if size is None else (size[0], size[1])
        self.takes_lights = description["takes_lights"]

    def run(self, image: np.ndarray) -> np.ndarray:
        """See `Engine.run`."""
        image = np.ascontiguousarray(image, np.float32)
        _, content = self.request({"shape": image.shape}, image.tobytes())
        output = np.frombuffer(content, np.float32)
        return validate_output(output.reshape(image.shape), image)

    def request(self, header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        """Return the process's response to a frame; see `keras_f2a.correction.guarded_process`.

        Raises:
            WorkError: The process crashed, or the model cannot run on its input.
        """
        with self._lock:
            if self._process is None or self._owner_id != os.getpid():
                self._start()
            try:
                return self._exchange(header, content)
            except _ProcessEndedError as ended:
                raise WorkError(f"the model cannot run on this image ({ended})") from ended

    def _start(self) -> dict[str, Any]:
        """Start the process and return its description of the model."""
        program = _PROGRAM.format(
            path=[entry for entry in sys.path if isinstance(entry, str)],
            model=str(self._path),
            threads=self._threads,
        )
        # The C library reports a crash on standard error, which is discarded.
        variables = os.environ | {"LIBC_FATAL_STDERR_": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            process = subprocess.Popen(
                [sys.executable, "-c", program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=variables,
            )
        except OSError as error:
            raise WorkError(
                f"{self._name}: cannot start a process for it ({one_line(error)})"
            ) from error
        self._process, self._owner_id = process, os.getpid()
        self._finalizer = weakref.finalize(self, _stop_process, process, self._owner_id)
        try:
            return self._exchange({}, self._content)[0]
        except _ProcessEndedError as ended:
            raise InputError(
                f"{self._name}: damaged, or not a model that can be run ({ended})"
            ) from ended

    @property
    def _name(self) -> str:
        return printable(self._path)

    def _exchange(self, header: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        try:
            with suppress(OSError):  # The process is gone, so no response comes.
                send(process.stdin, header, content)
            header, content = receive(process.stdout)
        except (EOFError, ValueError):  # ValueError: its response is malformed.
            self._stop()
            raise _ProcessEndedError(_exit_reason(process.returncode)) from None
        except BaseException:  # Ctrl-C: a later request must not get this one's response.
            self._stop()
            raise
        if "error" in header:
            error_type = InputError if header["is_input"] else WorkError
            raise error_type(header["error"])
        return header, content

    def _stop(self) -> None:
        self._process = None
        self._finalizer()


class _ProcessEndedError(Exception):
    """The process ended; the message says why."""


def _stop_process(process: subprocess.Popen, owner_id: int) -> None:
    if os.getpid() != owner_id:
        process.returncode = 0  # It is the child of another process, which waits for it.
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):  # The pipe held data that the process never read.
            if pipe is not None:
                pipe.close()
    if process.returncode is None:
        # It ends when its input does. Killing it immediately would hide why it crashed.
        try:
            process.wait(1)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _exit_reason(code: int) -> str:
    if code == -getattr(signal, "SIGPROF", 0):
        return f"it did not finish within {CPU_SECONDS} s"
    if code < 0:
        return f"it crashed its process: {signal.Signals(-code).name}"
    return f"its process ended with exit code {code}"
