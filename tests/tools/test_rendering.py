"""Rendering with Mitsuba, and its command, skipped where Mitsuba is not installed.

Mitsuba runs in separate processes, because its LLVM conflicts with the one in TensorFlow.
"""

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tools.render_scenes as command
from tools.scenes import collection
from tools.scenes.lighting import AMBIENT_SOURCES

ROOT = Path(__file__).parents[2]
OPTIONS = ("--train", "1", "--test", "1", "--size", "32x24", "--samples", "4", "--processes", "1")


def run(*arguments):
    for package in ("mitsuba", "pyoidn"):
        # Importing it into this process would crash TensorFlow.
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"no {package}")
    ended = subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended


def test_the_command_renders_and_goes_on_where_it_was(tmp_path):
    options = ("-m", "tools.render_scenes", "--output", tmp_path, "--variants", "2", *OPTIONS)
    assert "rendered 2/2" in run(*options).stderr
    files = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.*")}
    assert len([path for path in files if path.suffix == ".webp"]) == 2 * 2 * 2
    assert not [path for path in files if path.suffix == ".part"]
    lost = collection.lights_path(tmp_path / "lights", "train", 0)
    beside = collection.geometry_path(tmp_path / "lights", "train", 0)
    check_geometry(collection.load_geometry(beside))
    before = collection.load_lights(lost)
    check_pictures(before)
    lost.unlink()
    flash, ambient = collection.pair_paths(tmp_path, "test", 0, 1)
    ambient.unlink()
    assert "rendered 1/1  train 0" in run(*options).stderr
    for name, picture in collection.load_lights(lost).items():
        np.testing.assert_array_equal(picture, before[name], err_msg=name)
    shadow = flash.with_name(flash.name.replace("_flash.webp", "_shadow.png"))
    kept = set(files) - {lost, beside, ambient, flash, shadow}
    assert all(path.stat().st_mtime_ns == files[path] for path in kept)
    with Image.open(flash) as one, Image.open(ambient) as other:
        assert one.format == other.format == "WEBP"
        assert one.size == other.size
    with Image.open(shadow) as mask:
        assert (mask.format, mask.mode, mask.size) == ("PNG", "L", one.size)


def check_pictures(pictures):
    assert tuple(pictures) == ("flash", *AMBIENT_SOURCES)
    for name, picture in pictures.items():
        assert sorted(picture.shape) == [3, 24, 32], name
        assert np.isfinite(picture).all() and picture.min() >= 0, name
        assert picture.mean() == pytest.approx(1, abs=0.01), name
    for source in AMBIENT_SOURCES:
        assert not np.allclose(pictures["flash"], pictures[source], atol=0.1), source


def check_geometry(maps):
    shape = maps["distance"].shape
    assert sorted(shape) == [24, 32]
    assert (maps["distance"] > 0.1).all()
    assert maps["normal"].shape == maps["albedo"].shape == (*shape, 3)
    np.testing.assert_allclose(np.linalg.norm(maps["normal"], axis=-1), 1, atol=0.02)
    visible = maps["flash_visibility"]
    assert visible.shape == shape
    assert 0 <= visible.min() < 0.5 < visible.mean() <= visible.max() == 1


def fail_first(options, place):
    """Fail for the first scene, and otherwise stand in for rendering."""
    if place == ("train", 0):
        raise RuntimeError("scene 0 failed")
    time.sleep(0.05)
    options.output.joinpath(f"rendered_{place[1]}").touch()


def test_a_failed_scene_ends_the_command_without_those_that_wait(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(command, "render_one", fail_first)
    arguments = ["--output", str(tmp_path), "--train", "200", "--test", "0", "--processes", "1"]
    assert command.main(arguments) == 1
    assert "render_scenes: scene 0 failed" in capsys.readouterr().err
    assert len(list(tmp_path.glob("rendered_*"))) < 100


@pytest.mark.parametrize("interrupted", ["save_pair", "save_shadow"])
def test_an_interrupted_test_scene_gets_its_pair_and_its_shadow(interrupted, tmp_path, monkeypatch):
    options = command.parse_arguments(["--output", str(tmp_path)])
    place = ("test", 0)
    random = np.random.default_rng(0).uniform(0.1, 1, (24, 32, 3)).astype(np.float32)
    pictures = dict.fromkeys(("flash", *AMBIENT_SOURCES), random)
    collection.save_lights(collection.lights_path(options.lights, *place), pictures)
    maps = {"distance": random[..., 0], "flash_visibility": random[..., 1]}
    maps |= {"normal": random, "albedo": random}
    collection.save_geometry(collection.geometry_path(options.lights, *place), maps)

    def stop(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(collection, interrupted, stop)
        command.develop_one(options, place)
    command.develop_one(options, place)
    flash, ambient = collection.pair_paths(tmp_path, *place, 0)
    shadow = flash.with_name(flash.name.replace("_flash.webp", "_shadow.png"))
    assert flash.is_file() and ambient.is_file() and shadow.is_file()


def test_without_llvm_the_slower_variant_is_taken():
    program = (
        "import ctypes, os\n"
        "os.environ.pop('DRJIT_LIBLLVM_PATH', None)\n"
        "def missing(name): raise OSError(name)\n"
        "import mitsuba\n"
        "ctypes.CDLL = missing\n"
        "from tools.scenes.rendering import mitsuba_variant\n"
        "print(mitsuba_variant.VARIANT)"
    )
    assert run("-c", program).stdout.strip() == "scalar_rgb"


def test_light_pictures_keep_their_shape_on_disk(tmp_path):
    picture = np.random.default_rng(0).uniform(0.1, 5, (6, 8, 3)).astype(np.float32)
    path = collection.lights_path(tmp_path, "test", 7)
    collection.save_lights(path, {"flash": picture, "window": 0 * picture})
    loaded = collection.load_lights(path)
    np.testing.assert_allclose(loaded["flash"], picture / picture.mean(), rtol=1e-3)
    assert not loaded["window"].any()


def test_dull_pairs_are_rejected():
    rng = np.random.default_rng(0)
    flash = (255 * rng.uniform(0.1, 0.9, (24, 32, 1)).repeat(3, axis=2)).astype(np.uint8)
    ambient = (0.7 * flash).astype(np.uint8)
    assert collection.is_good(flash, ambient)
    assert not collection.is_good(flash, flash)
    assert not collection.is_good(np.zeros_like(flash), ambient)
    assert not collection.is_good(np.full_like(flash, 255), ambient)
    assert not collection.is_good(flash, 255 - flash)


def test_command_needs_a_proper_size(capsys):
    with pytest.raises(SystemExit) as stop:
        command.parse_arguments(["--output", "x", "--size", "320"])
    assert stop.value.code == 2
    assert "'320' is not WIDTHxHEIGHT" in capsys.readouterr().err
