"""Tests that need system packages: they are skipped without them, or fail if they are required.

With KERAS_F2A_REQUIRE_SYSTEM_PACKAGES=1, which `.ci/run` sets, a missing package is a failure.
"""

import os
import shutil
from pathlib import Path

import pytest


def require_program(program, package):
    """Return a program's path. If it is missing, skip or fail and name the package to install."""
    found = shutil.which(program)
    if found is None:
        skip_or_fail(f"the program {program} is missing; apt-get install {package}")
    return found


def require_file(path, package):
    """Return a file's path. If it is missing, skip or fail and name the package to install."""
    if not Path(path).is_file():
        skip_or_fail(f"{path} is missing; apt-get install {package}")
    return Path(path)


def skip_or_fail(message):
    """Fail the test where system packages are required, and otherwise skip it."""
    if os.environ.get("KERAS_F2A_REQUIRE_SYSTEM_PACKAGES") == "1":
        pytest.fail(message)
    pytest.skip(message)
