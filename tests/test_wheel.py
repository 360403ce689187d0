"""The wheel works in an environment of its own and from another folder."""

import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from keras_f2a.cli.program import COMMANDS
from keras_f2a.data.scenes import BUNDLED_SCENES
from keras_f2a.support.version import VERSION
from tests.fresh_environment import (
    build_wheel,
    environment,
    link_packages,
    needed,
    requirements_of,
)
from tests.system_packages import require_program

ROOT = Path(__file__).parents[1]
LARGEST_BASE = 170e6
KERAS_FILE = ROOT / "keras_f2a" / "weights" / "light_v2.keras"
PHOTO = BUNDLED_SCENES / "test" / "Scene_000_flash.webp"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build_wheel(tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def base(tmp_path_factory, wheel):
    """Return a function that runs a command in the base install's environment and a new folder."""
    folder = tmp_path_factory.mktemp("base")
    packages = environment(folder, wheel)
    link_packages(packages, needed(requirements_of(wheel)))
    return runner(folder, tmp_path_factory.mktemp("elsewhere"))


@pytest.fixture(scope="module")
def full(tmp_path_factory, wheel):
    """Return the same with every package of the tests' own environment."""
    folder = tmp_path_factory.mktemp("full")
    packages = environment(folder, wheel)
    others = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "others.pth").write_text("\n".join(others), encoding="utf-8")
    return runner(folder, tmp_path_factory.mktemp("elsewhere"))


def runner(folder, elsewhere):
    def run(program, *arguments):
        command = [folder / "bin" / program, *map(str, arguments)]
        return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True)

    return run


def test_the_wheel_has_one_top_level_name(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {
        "keras_f2a",
        f"keras_f2a-{VERSION}.dist-info",
    }
    assert {"keras_f2a/py.typed", "keras_f2a/export/probes/litert_probe.py"} <= set(names)
    assert "keras_f2a/data/bundled_scenes/test/Scene_000_flash.webp" in names


def test_one_wheel_serves_all_versions_of_python(wheel):
    require_program("cc", "gcc libc6-dev")
    assert "-cp311-abi3-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if "_row_kernel" in name]


def test_without_a_compiler_the_package_installs_and_results_are_the_same(
    base, tmp_path_factory, tmp_path
):
    folder = tmp_path_factory.mktemp("plain")
    plain = build_wheel(
        tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("wheel"), CC="false"
    )
    with zipfile.ZipFile(plain) as archive:
        assert not [name for name in archive.namelist() if "_row_kernel" in name]
    link_packages(environment(folder, plain), needed(requirements_of(plain)))
    for run, name in ((base, "compiled"), (runner(folder, tmp_path), "plain")):
        done = run("keras-f2a", "correct", PHOTO, "--output", tmp_path / name)
        assert done.returncode == 0, done.stderr
    results = [(tmp_path / name / PHOTO.name).read_bytes() for name in ("compiled", "plain")]
    assert results[0] == results[1]


def test_the_base_is_small(wheel):
    packages = needed(requirements_of(wheel))
    assert not {"tensorflow", "keras", "opencv-python-headless", "scipy"} & packages.keys()
    with zipfile.ZipFile(wheel) as archive:
        size = sum(item.file_size for item in archive.infolist())
    for package in packages.values():
        files = [file.locate() for file in package.files if "__pycache__" not in file.parts]
        size += sum(file.stat().st_size for file in files if file.is_file())
    assert size <= LARGEST_BASE


@pytest.mark.parametrize(
    "command", [["keras-f2a", "correct"], ["python", "-m", "keras_f2a.correct"]]
)
def test_the_base_corrects_a_photograph_within_seconds(base, tmp_path, command):
    assert base("python", "-c", "import tensorflow").returncode == 1
    start = time.perf_counter()
    done = base(*command, PHOTO, "--output", tmp_path)
    assert done.returncode == 0, done.stderr
    assert time.perf_counter() - start < 20
    assert (tmp_path / PHOTO.name).is_file()


@pytest.mark.parametrize("command", COMMANDS)
def test_the_base_explains_every_command(base, command):
    done = base("keras-f2a", command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"usage: keras-f2a {command}" in done.stdout


@pytest.mark.parametrize(
    ("extra", "arguments"),
    [
        ("train", ["train", "--demo"]),
        ("train", ["reproduce"]),
        ("train", ["correct", PHOTO, "--output", "out", "--model", KERAS_FILE]),
        ("evaluate", ["evaluate", "--data", BUNDLED_SCENES, "--methods", "flash", "--output", "o"]),
        ("export", ["export", "--output", "out"]),
        ("ray", ["cluster", "correct", BUNDLED_SCENES, "--output", "out"]),
        ("server", ["serve"]),
        ("server", ["watch", BUNDLED_SCENES, "out"]),
        ("hub", ["card", "--output", "README.md"]),
        ("hub", ["correct", PHOTO, "--output", "out", "--model", "hf://user/model"]),
        ("pytorch", ["import-authors", PHOTO, "--output", "generator.keras"]),
    ],
)
def test_a_missing_package_is_one_line_that_names_the_extra(base, extra, arguments):
    done = base("keras-f2a", *arguments)
    [line] = done.stderr.splitlines()
    assert line.startswith(f"keras-f2a {arguments[0]}")
    assert f"pip install 'keras_f2a[{extra}]'" in line
    assert done.returncode == 2


def test_a_name_whose_package_is_missing_says_the_extra(base):
    done = base("python", "-c", "import keras_f2a; keras_f2a.VGG16Generator")
    assert "pip install 'keras_f2a[train]'" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("demo", ["android", "web"])
def test_without_a_clone_a_demo_says_what_it_needs(full, demo):
    done = full("keras-f2a", "export", f"--{demo}")
    [line] = done.stderr.splitlines()
    assert line.startswith(f"keras-f2a export: error: --{demo} {demo}_demo: ")
    assert "a clone of keras_f2a" in line
    assert done.returncode == 2


def test_the_wheel_evaluates_and_exports_elsewhere(full, tmp_path):
    done = full("keras-f2a", "evaluate", "--data", BUNDLED_SCENES, "--limit", 2,
                "--methods", "flash", "--output", tmp_path / "table")  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = full("python", "-m", "keras_f2a.export", "--output", tmp_path / "files",
                "--formats", "float32", "--size", "64x48")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "files").glob("*.tflite"))


def test_a_checkout_that_is_not_installed_exports_too(tmp_path):
    for name in ("keras_f2a", "export"):
        (tmp_path / name).symlink_to(ROOT / name)
    packages = [path for path in sys.path if path.endswith("site-packages")]
    for arguments in (["export", "--help"], ["keras_f2a", "export", "--help"]):
        # -S skips the editable install, which a `.pth` file in the environment would add.
        code = f"import sys; sys.path += {packages}; sys.argv[1:] = {arguments[1:]}; import runpy; "
        code += f"runpy.run_module({arguments[0]!r}, run_name='__main__', alter_sys=True)"
        done = subprocess.run(
            [sys.executable, "-S", "-c", code], cwd=tmp_path, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "--formats" in done.stdout
