"""What is recorded beside results so that they can be understood and repeated later."""

import hashlib
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from keras_f2a.data.pairs import LoadedPairs

_PACKAGES = ("keras_f2a", "tensorflow", "keras", "numpy", "pillow", "scipy", "scikit-image")


def package_versions() -> dict[str, str]:
    """The versions of Python and the packages that decide a run's numbers."""
    versions = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            versions[name] = "not installed"
    return versions


def source_commit() -> str | None:
    """The commit of this package's source, `-modified` if it was changed; `None` outside git."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--abbrev=40"]
    try:
        done = subprocess.run(
            [*command, "--dirty=-modified", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def describe_pairs(pairs: LoadedPairs) -> dict:
    """The number of pairs and a digest of their names and pixels."""
    digest = hashlib.sha256()
    for name, flash, ambient in zip(pairs.names, pairs.flash, pairs.ambient, strict=True):
        digest.update(name.encode())
        for image in (flash, ambient):
            digest.update(str(image.shape).encode())
            digest.update(image.tobytes())
    return {"pairs": len(pairs), "left_out": pairs.problems, "sha256": digest.hexdigest()}
