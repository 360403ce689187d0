"""Collects what is recorded with results, so that they can be understood and repeated later."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGES = ("keras_f2a", "tensorflow", "keras", "numpy", "pillow", "scipy", "scikit-image")


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that affect a run's results."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def source_commit() -> str | None:
    """Return the commit of this package's source, or `None` outside git.

    It ends in `-modified` if the source was changed.
    """
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--abbrev=40"]
    try:
        result = subprocess.run(
            [*command, "--dirty=-modified", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return result.stdout.strip()
