"""Environments with only the wheel and the packages that are linked into them."""

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


def build_wheel(sources, folder, **variables):
    """Build the wheel from a copy of the sources, so that the checkout stays clean.

    `variables` are additional environment variables.
    """
    ignored = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd")
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    for name in ("keras_f2a", "export"):
        shutil.copytree(ROOT / name, sources / name, ignore=ignored)
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    done = subprocess.run(
        [*command, "-w", folder, sources],
        capture_output=True,
        text=True,
        env=os.environ | variables,
    )
    assert done.returncode == 0, done.stderr
    [file] = folder.iterdir()
    return file


def environment(folder, wheel, python=sys.executable):
    """Create an environment with only the wheel and return its `site-packages` folder."""
    subprocess.run([python, "-m", "venv", "--without-pip", "--symlinks", folder], check=True)
    command = [sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install"]
    subprocess.run([*command, "--quiet", "--no-deps", "--no-index", wheel], check=True)
    [packages] = (folder / "lib").glob("python*/site-packages")
    return packages


def requirements_of(wheel, extras=()):
    """Return the requirements of a wheel, including some of its extras, one line each."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        lines = archive.read(name).decode().splitlines()
    requires = [line.split(": ", 1)[1] for line in lines if line.startswith("Requires-Dist: ")]
    markers = [(line, Requirement(line).marker) for line in requires]
    return [
        line
        for line, marker in markers
        if not marker or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))
    ]


def needed(requirements):
    """Return the distributions that requirements need, including indirect ones, by name."""
    found, waiting = {}, [line.partition(";")[0] for line in requirements]
    while waiting:
        requirement = Requirement(waiting.pop())
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        if requirement.name not in found:
            found[requirement.name] = distribution(requirement.name)
            waiting += found[requirement.name].requires or []
    return found


def link_packages(packages, distributions):
    """Link distributions of the tests' environment into another `site-packages` folder."""
    for package in distributions.values():
        for top in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
            if not (packages / top).exists():
                (packages / top).symlink_to(package.locate_file(top))
