"""The command as people call it."""

import subprocess
import sys


def correct(*arguments):
    """Runs `python -m keras_f2a.correct` and returns what it printed and its exit code."""
    command = [sys.executable, "-m", "keras_f2a.correct", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)
