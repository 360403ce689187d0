"""`make clean` removes only what make created, and other targets run the right commands."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.system_packages import require_program

ROOT = Path(__file__).parents[1]
OWN = ("runs/train/generator.keras", "build/scenes/train/a.webp", "notes.txt")
SOURCES = (
    "setup.py",
    "pyproject.toml",
    "keras_f2a/correction/row_kernel.c",
    "requirements/test.txt",
)


@pytest.fixture
def checkout(tmp_path):
    """Create a folder with a checkout's Makefile and a user's own files."""
    require_program("make", "make")
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in (*OWN, ".venv/bin/python", ".venv/installed", ".ruff_cache/x", "build/reference/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    return tmp_path


@pytest.mark.parametrize("made_by_make", [True, False])
def test_clean_leaves_what_a_user_has(checkout, made_by_make):
    if made_by_make:
        (checkout / ".venv/made-by-make").touch()
    subprocess.run(["make", "clean"], cwd=checkout, check=True, capture_output=True)
    assert all((checkout / name).is_file() for name in OWN)
    assert (checkout / ".venv/bin/python").is_file() is not made_by_make
    assert not (checkout / ".venv/installed").exists()
    assert not (checkout / ".ruff_cache").exists()
    assert not (checkout / "build/reference").exists()


def would_run(folder, *arguments):
    command = ["make", "--dry-run", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def installed(checkout):
    """Return a checkout whose environment is newer than all of its files."""
    for number, name in enumerate((*SOURCES, ".venv/installed", ".venv/installed-for-tests")):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
        os.utime(checkout / name, (number, number))
    return checkout


def test_options_leave_quick_without_what_takes_long(installed):
    assert '-x -m "not slow"' in would_run(installed, "quick", "OPTIONS=-x")
    assert "not slow" not in would_run(installed, "test", "OPTIONS=-x")


def test_training_waits_for_what_it_trains_on(installed):
    """This also holds for `make -j`. Rendering is the slowest step here."""
    python = installed / ".venv/bin/python"
    python.write_text(
        "#!/bin/sh\ncase $2 in tools.render_*) sleep 1;; esac\necho $2 >> calls\n", encoding="utf-8"
    )
    python.chmod(0o755)
    command = ["make", "-j4", "--old-file=assets", "placed-light-weights"]
    subprocess.run(command, cwd=installed, check=True, capture_output=True)
    calls = (installed / "calls").read_text(encoding="utf-8").split()
    assert calls == ["tools.render_views", "tools.train_placed_light", "export"]


@pytest.mark.parametrize("target", ["train", "test"])
@pytest.mark.parametrize("source", SOURCES[:3])
def test_what_changed_is_installed_again(installed, target, source):
    assert "--editable" not in would_run(installed, target)
    (installed / source).touch()
    assert "--editable" in would_run(installed, target)
