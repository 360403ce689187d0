"""Runs a command, or a function, in a process of its own that costs a fork and no imports.

A crash, a hang or a signal then ends that process alone, and what was printed is what a user sees.
"""

import importlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import wait
from pathlib import Path

from keras_f2a.support.command_line import run_command

_context = get_context("forkserver")
# A process that is started looks after the others, and would take the exit code that another
# thread waits for.
_one_at_a_time = threading.Lock()
# Imported once; their threads start later, in the processes themselves. TensorFlow stands first
# because its own import is the one that is kept quiet.
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
"""What a standard stream may be in place of a file."""


@dataclass(frozen=True)
class Ended:
    """How a process ended.

    Attributes:
        code: Its exit code, negative for a signal, `None` if it had to be killed after its time.
        output: What it printed; empty where its stream was no file.
        errors: What it printed on standard error.
    """

    code: int | None
    output: str
    errors: str


@dataclass(frozen=True)
class Processes:
    """Starts processes and waits for them.

    Attributes:
        timeout: Seconds after which one hangs.
        as_users: Whether commands are started as users start them, which takes seconds.
        stdout: `CLOSED`, `CLOSED_PIPE`, `FULL` or, by default, a file.
        stderr: The same.
        encoding: Of what is printed.
        largest_file: Bytes that a file may grow to, as on a disk that is full then.
        disturb: Is given the process's number while it runs.
        environment: Variables beside those of this process, of commands that run as users'.
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
        """The same with changes."""
        return replace(self, **changes)

    def command(self, name: str, *arguments: str | Path | float) -> Ended:
        """Runs `python -m NAME ARGUMENTS`."""
        texts = tuple(map(str, arguments))
        if not self.as_users:
            return self.function(_as_command, name, texts)
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

    def function(self, function: Callable, *arguments) -> Ended:
        """Runs a function of a module."""
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder, name) for name in ("stdout", "stderr")]
            streams = [self.stdout or files[0], self.stderr or files[1]]
            prepared = (streams, self.encoding, self.largest_file, function, arguments)
            process = _context.Process(target=_run, args=prepared)
            with _one_at_a_time:
                process.start()
            if self.disturb is not None:
                self.disturb(process.pid)
            wait([process.sentinel], self.timeout)
            with _one_at_a_time:
                code = process.exitcode
                if code is None:
                    process.kill()
                    process.join()
                process.close()
            return Ended(code, *(_text(f.read_bytes()) if f.exists() else "" for f in files))


def _text(printed: bytes) -> str:
    return printed.decode("utf-8", "backslashreplace")


def _run(streams, encoding, largest_file, function, arguments):
    for number, stream in zip((1, 2), streams, strict=True):
        _redirect(number, stream)
    sys.stdout, sys.stderr = (
        None if stream == CLOSED else open(number, "w", encoding=encoding, errors=errors)  # noqa: SIM115, PTH123
        for number, stream, errors in zip(
            (1, 2), streams, ("strict", "backslashreplace"), strict=True
        )
    )
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
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
