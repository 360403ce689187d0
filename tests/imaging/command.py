"""The command as people call it."""

from tests.commands import run_command


def correct(*arguments):
    """Runs `python -m keras_f2a.correct` and returns what it printed and its exit code."""
    return run_command("keras_f2a.correct", *arguments, timeout=120)
