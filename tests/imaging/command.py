"""Runs the command the way users do."""

from tests.commands import run_command


def correct(*arguments):
    """Run `python -m keras_f2a.correct` and return its output and exit code."""
    return run_command("keras_f2a.correct", *arguments, timeout=120)
