"""Runs a command or a function in a separate process that is forked with all imports done.

A crash, hang or signal ends only that process, and its output is what a user would see.
"""

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path

from keras_f2a.support.command_line import run_command

_context = get_context("forkserver")
# Starting a process also reaps others, which would steal the exit code that another thread is
# waiting for.
_one_at_a_time = threading.Lock()
# Imported only once. Their threads start later, in the forked processes. TensorFlow comes first,
# because only its own import is kept quiet.
_context.set_forkserver_preload(
    [
        "tests.faults.quiet_import",
        "pillow_heif",
        "ai_edge_litert.interpreter",
        "keras_f2a.correct",
        "keras_f2a.evaluation.reproduction",
        "keras_f2a.runs.run",
        "tests.faults.processes",
    ]
)

CLOSED, CLOSED_PIPE, FULL = "closed", "closed pipe", "full"
"""What a standard stream can be instead of a file."""


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes:
        code: Its exit code, negative for a signal, or `None` if it was killed after its timeout.
        output: Its standard output, or an empty text if that was not a file.
        errors: Its standard error, likewise.
    """

    code: int | None
    output: str
    errors: str


@dataclass(frozen=True)
class Processes:
    """Starts processes and waits for them.

    Attributes:
        timeout: Seconds after which a process counts as hanging.
        as_users: Whether commands start the way users start them, which takes seconds.
        stdout: `CLOSED`, `CLOSED_PIPE`, `FULL` or, by default, a file.
        stderr: The same.
        encoding: The encoding of the standard streams.
        largest_file: The largest size of a file in bytes, which acts like a full disk.
        disturb: A function that is called with the process's id while it runs.
        environment: Additional environment variables.
    """

    timeout: float = 120
    as_users: bool = False
    stdout: str | None = None
    stderr: str | None = None
    encoding: str = "utf-8"
    largest_file: int | None = None
    disturb: Callable[[int], None] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)

    def but(self, **changes) -> "Processes":
        """Return a copy with changes."""
        return replace(self, **changes)

    def command(self, name: str, *arguments: str | Path | float) -> Ended:
        """Run `python -m NAME ARGUMENTS`."""
        if not self.as_users:
            with self.started(name, *arguments) as running:
                return running.end()
        texts = tuple(map(str, arguments))
        full = [sys.executable, "-m", name, *texts]
        try:
            done = subprocess.run(
                full,
                capture_output=True,
                timeout=self.timeout,
                env=os.environ | self.environment,
            )
        except subprocess.TimeoutExpired:
            return Ended(None, "", "")
        return Ended(done.returncode, _text(done.stdout), _text(done.stderr))

    def started(self, name: str, *arguments: str | Path | float) -> "Running":
        """Start `python -m NAME ARGUMENTS` in a process whose imports are done."""
        return Running(self, _as_command, (name, tuple(map(str, arguments))))

    def function(self, function: Callable, *arguments) -> Ended:
        """Run a module-level function."""
        with Running(self, function, arguments) as running:
            return running.end()


class Running:
    """A running process, which ends with the `with` block or with this object.

    Args:
        how: Options for starting it.
        function: The function that it runs.
        arguments: The function's arguments.
    """

    def __init__(self, how: Processes, function: Callable, arguments: tuple):
        self._how = how
        self._folder = tempfile.TemporaryDirectory()
        self._files = [Path(self._folder.name, name) for name in ("stdout", "stderr")]
        streams = [how.stdout or self._files[0], how.stderr or self._files[1]]
        prepared = (how.but(disturb=None), streams, function, arguments)
        self._process = _context.Process(target=_run, args=prepared)
        with _one_at_a_time:
            self._process.start()
        # The test may fail before its `with` block.
        self._left = weakref.finalize(self, self._process.kill)
        if how.disturb is not None and self._process.pid is not None:
            how.disturb(self._process.pid)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_) -> None:
        self.kill()
        self._left.detach()
        self._process.close()
        self._folder.cleanup()

    @property
    def code(self) -> int | None:
        """Exit code, negative for a signal, or `None` while the process runs."""
        with _one_at_a_time:
            return self._process.exitcode

    def kill(self) -> None:
        """Kill the process with SIGKILL unless it has ended."""
        with _one_at_a_time:
            if self._process.exitcode is None:
                self._process.kill()
                self._process.join()

    def end(self) -> Ended:
        """Wait for the end of the process, but not beyond the timeout."""
        wait([self._process.sentinel], self._how.timeout)
        code = self.code
        self.kill()
        printed = (_text(file.read_bytes()) if file.exists() else "" for file in self._files)
        return Ended(code, *printed)


def _text(printed: bytes) -> str:
    return printed.decode("utf-8", "backslashreplace")


def _run(how, streams, function, arguments):
    os.environ.update(how.environment)
    for number, stream in zip((1, 2), streams, strict=True):
        _redirect(number, stream)
    sys.stdout, sys.stderr = (
        None if stream == CLOSED else open(number, "w", encoding=how.encoding, errors=errors)  # noqa: SIM115, PTH123
        for number, stream, errors in zip(
            (1, 2), streams, ("strict", "backslashreplace"), strict=True
        )
    )
    if how.largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (how.largest_file, how.largest_file))
    function(*arguments)


def _redirect(number: int, stream: str | Path):
    if stream == CLOSED:
        os.close(number)
        return
    if stream == CLOSED_PIPE:
        reader, writer = os.pipe()
        os.close(reader)
    else:
        path = "/dev/full" if stream == FULL else stream
        writer = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    os.dup2(writer, number)
    os.close(writer)


def _as_command(name: str, arguments: tuple[str, ...]):
    module = importlib.import_module(name)
    sys.argv = [name, *arguments]
    run_command(module.main, module.parser())
