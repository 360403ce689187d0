"""Tests that need something from the system: skipped without it, but failed where it must be.

With KERAS_F2A_REQUIRE_SYSTEM_PACKAGES=1, which `.ci/run` sets, what is missing is a failure.
"""

import os
import shutil
from pathlib import Path

import pytest


def require_program(program, package):
    """Returns a program's path; without it skips or fails, and says what to install."""
    found = shutil.which(program)
    if found is None:
        skip_or_fail(f"the program {program} is missing; apt-get install {package}")
    return found


def require_file(path, package):
    """Returns a file's path; without it skips or fails, and says what to install."""
    if not Path(path).is_file():
        skip_or_fail(f"{path} is missing; apt-get install {package}")
    return Path(path)


def skip_or_fail(message):
    """Fails the test where nothing may be missing, else skips it."""
    if os.environ.get("KERAS_F2A_REQUIRE_SYSTEM_PACKAGES") == "1":
        pytest.fail(message)
    pytest.skip(message)
