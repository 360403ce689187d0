"""Statements about the project in different files agree."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import keras_f2a
from keras_f2a.support import packages

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = {
    name: [Requirement(line) for line in lines]
    for name, lines in PROJECT["optional-dependencies"].items()
}


def closure(extra):
    """Yield the names of the packages that an extra installs, including those of nested extras."""
    for requirement in EXTRAS[extra]:
        if requirement.name == "keras_f2a":
            for name in requirement.extras:
                yield from closure(name)
        else:
            yield requirement.name


def test_the_version_stands_in_one_place():
    assert "version" in PROJECT["dynamic"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\d\S*)", changes, re.MULTILINE)[1] == keras_f2a.__version__
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {keras_f2a.__version__}\n" in citation


@pytest.mark.parametrize("extra", EXTRAS)
def test_the_lock_holds_every_package_of_the_tests(extra):
    lock = (ROOT / "requirements" / "test.txt").read_text(encoding="utf-8")
    locked = {name.lower() for name in re.findall(r"^([\w.-]+)(?:\[.*?\])?==", lock, re.MULTILINE)}
    missing = {name.lower() for name in closure(extra)} - locked
    assert not missing, "run make lock"
    assert lock.count("--hash=sha256:") > len(locked)


def test_what_is_said_of_a_missing_package_is_an_extra_that_installs_it():
    names = {
        "cv2": "opencv-python-headless",
        "skimage": "scikit-image",
        "tensorflow_serving": "tensorflow-serving-api",
    }
    for module, extras in packages._EXTRAS.items():
        name = names.get(module, module.replace("_", "-"))
        for extra in extras:
            assert name in closure(extra), f"{extra} does not install {module}"
        assert packages.install_hint(f"{module}.part", extras[-1]).endswith(f"[{extras[-1]}]'")
    assert packages.install_hint("no_such_module") is None
    assert packages.install_hint(None) is None


def test_nobody_is_named_but_the_developers():
    assert PROJECT["authors"] == [{"name": "the keras_f2a developers"}]
