"""Runs a command in a forked process whose imports are done.

Importing TensorFlow takes eight seconds of CPU time. The output, the exit code and the leftovers of
a crash are the same as for `python -m NAME`.
"""

import subprocess

from tests.faults.processes import Processes


def run_command(name, *arguments, timeout=300):
    """Run `python -m NAME ARGUMENTS` and return the exit code and the output as text."""
    ended = Processes(timeout=timeout).command(name, *arguments)
    assert ended.code is not None, f"{name} hangs"
    return subprocess.CompletedProcess([name, *arguments], ended.code, ended.output, ended.errors)
