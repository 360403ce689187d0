"""Runs a command in a process of its own whose imports are done.

Python takes eight seconds of a processor to import TensorFlow. What is printed, the exit code and
what a crash leaves are those of `python -m NAME`.
"""

import subprocess

from tests.faults.processes import Processes


def run_command(name, *arguments, timeout=300):
    """Runs `python -m NAME ARGUMENTS`; returns the exit code and what was printed, as texts."""
    ended = Processes(timeout=timeout).command(name, *arguments)
    assert ended.code is not None, f"{name} hangs"
    return subprocess.CompletedProcess([name, *arguments], ended.code, ended.output, ended.errors)
