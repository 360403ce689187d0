"""Runs the programs that try exported files in forked processes whose imports are done.

A new process spends seconds of CPU time on importing TensorFlow. Use this in tests of what happens
to the files, not of what a program finds in a file.
"""

import runpy
import subprocess
import sys
from pathlib import Path

from tests.faults.processes import Processes


def run(command, **_):
    """Replace `subprocess.run`."""
    ended = Processes(timeout=600).function(_run_program, *command[1:])
    assert ended.code is not None, f"{command[1]} hangs"
    return subprocess.CompletedProcess(command, ended.code, ended.output, ended.errors)


def _run_program(program, *arguments):
    sys.argv = [program, *arguments]
    sys.path.insert(0, str(Path(program).parent))
    runpy.run_path(program, run_name="__main__")
