import io
import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keras_f2a.support.progress import progress_bar

COMMAND = """
import logging, sys
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.command_line import run_command
from keras_f2a.support.errors import WorkError
from keras_f2a.support.progress import progress_bar

sys.stderr.isatty = lambda: {terminal}

def main(arguments):
    logger = logging.getLogger("keras_f2a.anything")
    bar = progress_bar(3, "photograph")
    bar.update()
    logger.info("a note")
    logger.warning("a warning")
    logging.getLogger("elsewhere").info("not ours")
    raise WorkError("ended early")

run_command(main, ArgumentParser(prog="keras_f2a.command"))
"""


def count(total):
    with progress_bar(total, "photograph") as bar:
        for _ in range(total):
            bar.update()


def closed_stream():
    stream = io.StringIO()
    stream.close()
    return stream


def test_a_bar_counts_on_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    count(3)
    assert re.search(r"3/3 \[.*photograph/s\]", capsys.readouterr().err)


@pytest.mark.parametrize(("terminal", "total"), [(False, 3), (True, 1), (True, 0)])
def test_no_bar_elsewhere_nor_for_a_single_thing(monkeypatch, capsys, terminal, total):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    count(total)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("stream", [None, closed_stream(), object()])
def test_no_bar_without_standard_error(monkeypatch, stream):
    """A program without a console has none on Windows."""
    monkeypatch.setattr(sys, "stderr", stream)
    count(3)


@pytest.mark.parametrize("terminal", [False, True])
def test_a_commands_lines_stand_above_the_bar_and_without_one(terminal):
    program = COMMAND.format(terminal=terminal)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "a note\n")
    # A terminal shows of each line only the text after the last carriage return.
    shown = [re.split(r"\r|\x1b\[A", line)[-1] for line in done.stderr.splitlines()]
    lines = [line for line in shown if line.strip() and "photograph/s" not in line]
    assert lines == ["a warning", "keras_f2a.command: error: ended early"]
    assert ("1/3" in done.stderr) == terminal


def test_a_closed_output_does_not_end_the_work():
    program = COMMAND.format(terminal=False)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE)
    lines = done.stderr.decode().splitlines()
    assert done.returncode == 1 and lines[0] == "a warning"
    assert len(lines) == 2 and lines[1].startswith("keras_f2a.command: error: ")


def test_the_library_leaves_logging_to_its_user():
    assert logging.getLogger("keras_f2a").handlers == []
