"""How a command's process ends: signals, closed and full outputs, and failures."""

import os
import signal
import subprocess
import sys

import pytest

from tests.conftest import names_in

_COMMAND = """
import sys, time
from keras_f2a.support.atomic_file import atomic_path
from keras_f2a.support.argument_parser import ArgumentParser
from keras_f2a.support.command_line import run_command

def main(arguments):
{body}

run_command(main, ArgumentParser(prog="command"))
"""
_WRITE = """
    with atomic_path(sys.argv[1]) as temporary:
        temporary.write_text("half")
        print("writing", flush=True)
        time.sleep(60)
"""


def command(body, *arguments):
    lines = "\n".join("    " + line.strip() for line in body.split(";"))
    text = _COMMAND.format(body=lines if body is not _WRITE else body)
    return [sys.executable, "-c", text, *map(str, arguments)]


@pytest.mark.parametrize(
    ("name", "said"), [("SIGTERM", "SIGTERM"), ("SIGHUP", "SIGHUP"), ("SIGINT", "Ctrl-C")]
)
def test_a_signal_ends_a_command_with_its_files_tidied_up(tmp_path, name, said):
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command(_WRITE, tmp_path / "a.txt"), **pipes) as process:
        process.stdout.readline()
        assert len(names_in(tmp_path)) == 1
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 1
    assert errors == f"command: error: stopped by {said}\n"
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("late", ["keras_f2a.cli.program", "keras_f2a.support.command_line"])
def test_ctrl_c_during_the_imports_is_one_line(late):
    """The console script is tested. A signal during an import raises inside the imported module."""
    code = (
        "import builtins, os, signal\n"
        "import keras_f2a.__main__\n"
        "real = builtins.__import__\n"
        "def slow(name, *more):\n"
        f"    if name == {late!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *more)\n"
        "builtins.__import__ = slow\n"
        "keras_f2a.__main__.run()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "keras-f2a: error: stopped by Ctrl-C\n")


def test_nohup_stays_what_it_is():
    body = "import os, signal; os.kill(os.getpid(), signal.SIGHUP); print('alive')"
    done = subprocess.run(["nohup", *command(body)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "alive\n")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("raise OSError(28, 'No space left on device', 'a.txt')", "No space left on device"),
        ("raise MemoryError", "memory"),
        ("from keras_f2a.support.errors import WorkError; raise WorkError('\\x1b[2J')", "\\x1b[2J"),
    ],
)
def test_what_the_system_refuses_is_one_line(body, message):
    done = subprocess.run(command(body), capture_output=True, text=True)
    assert done.returncode == 1
    assert message in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("kind", ["full", "closed pipe", "closed"])
def test_an_output_that_takes_nothing(tmp_path, kind, unbuffered):
    """There is no traceback, and the next opened file does not get a closed stdout's descriptor."""
    body = "file = open(sys.argv[1], 'w'); print('x'); file.close()"
    shell = {"full": '"$@" > /dev/full', "closed pipe": '"$@" | sleep 0', "closed": '"$@" >&-'}[
        kind
    ]
    script = f"set -o pipefail; {shell}"
    arguments = ["bash", "-c", script, "bash", *command(body, tmp_path / "a.txt")]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    done = subprocess.run(arguments, stderr=subprocess.PIPE, text=True, env=environment)
    if kind == "closed":
        assert (done.returncode, done.stderr) == (0, "")
    elif done.returncode or kind == "full":  # The reader may exit only after the write.
        assert done.returncode == 1
        assert done.stderr.startswith("command: error: output: ")
        assert done.stderr.count("\n") == 1
    assert (tmp_path / "a.txt").read_text() == ""


def test_names_are_printed_whatever_the_encoding():
    body = "print('Gr\\u00fc\\u00dfe \\udcff')"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command(body), capture_output=True, env=environment)
    assert (done.returncode, done.stdout) == (0, b"Gr\\xfc\\xdfe \\udcff\n")
