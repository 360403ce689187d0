"""Runs the command the way users do."""

from tests.commands import run_command


def correct(*arguments):
    """Run `python -m keras_f2a.correct` and return its output and exit code."""
    return run_command("keras_f2a.correct", *arguments, timeout=120)


def corrected(folder, *options):
    """Correct a folder into the folder `out` beside it, and return that."""
    output = folder.parent / "out"
    done = correct(folder, "--output", output, *options)
    assert (done.returncode, done.stderr) == (0, done.stderr), done.stderr
    return output
