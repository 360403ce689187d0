"""The suite detects deliberately bad behavior of commands."""

import sys
import time

import pytest
from PIL import Image

from tests.faults.processes import FULL, Ended, Processes
from tests.faults.suite import run_case
from tests.faults.verdict import (
    DIFFERENCE,
    HALF,
    HANG,
    TRACEBACK,
    faults_of_ending,
    faults_of_files,
)


def kinds(faults):
    return [fault.kind for fault in faults]


def crash():
    import ctypes

    ctypes.string_at(0)


def fail():
    raise ValueError("a traceback")


def talk():
    print("out", flush=True)
    print("skipped a: 1\nskipped b: 2", file=sys.stderr)
    sys.exit(1)


@pytest.mark.parametrize(
    ("function", "arguments", "kind"),
    [(crash, (), TRACEBACK), (fail, (), TRACEBACK), (time.sleep, (60,), HANG)],
)
def test_bad_endings_are_found(function, arguments, kind):
    ended = Processes(timeout=5 if kind == HANG else 120).function(function, *arguments)
    assert kinds(faults_of_ending(ended)) == [kind]


def test_what_is_printed_comes_back():
    assert Processes().function(talk) == Ended(1, "out\n", "skipped a: 1\nskipped b: 2\n")
    assert "No space left" in Processes(stdout=FULL).function(talk).errors


@pytest.mark.parametrize(
    ("code", "output", "errors", "fine"),
    [
        (0, "corrected 2 of 2 in 1 s", "", True),
        (0, "corrected 2 of 2 in 1 s", "skipped a: damaged\n", False),
        (1, "corrected 1 of 2, skipped 1 in 1 s", "skipped a: damaged\n", True),
        (1, "corrected 0 of 2, skipped 2 in 1 s", "skipped a: damaged\n", False),
        (1, "", "", False),
        (2, "", "command: error: no\n", True),
        (2, "", "command: error: no\nand more\n", False),
        (2, "", "command: error: \x1b[31m\n", False),
        (3, "", "command: error: no\n", False),
        (-11, "", "", False),
    ],
)
def test_a_failure_is_one_plain_line(code, output, errors, fine):
    expected = [] if fine else [TRACEBACK]
    assert kinds(faults_of_ending(Ended(code, output, errors))) == expected


def test_bad_files_are_found(tmp_path):
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    assert faults_of_files(tmp_path, {"a.png": {whole}, "b.png": {None}}) == []
    assert kinds(faults_of_files(tmp_path, {"a.png": {b"other"}})) == [DIFFERENCE]
    assert kinds(faults_of_files(tmp_path, {})) == [HALF]
    assert kinds(faults_of_files(tmp_path, {"a.png": {whole}, "b.png": {b"b"}})) == [DIFFERENCE]
    (tmp_path / "a.png").write_bytes(whole[: len(whole) // 2])
    assert kinds(faults_of_files(tmp_path, {"a.png": {whole}})) == [HALF]


def test_the_pixels_are_compared(workshop, monkeypatch):
    """If the expected result has another strength, the command's result differs from it."""
    from tests.faults.workshop import Case

    expected = Case.expected
    monkeypatch.setattr(
        Case,
        "expected",
        lambda case, source, name, options, **more: expected(
            case, source, name, {"strength": 0.999, "brightness": 0.5}, **more
        ),
    )
    found = [fault for number in range(4) for fault in run_case("formats", number, workshop)]
    assert {fault.kind for fault in found} == {DIFFERENCE}
