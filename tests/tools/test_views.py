"""Views under named lights, and their command, skipped where Mitsuba is not installed."""

import functools
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tools.render_views as command
from keras_f2a.data.light_shards import read_views
from tools.scenes.layouts import furnished
from tools.scenes.rendering.flat_scene import NO_LIGHT, flatten
from tools.scenes.scene import sample_scene
from tools.scenes.things.models import Assets
from tools.scenes.views.named_lights import description, lights_of

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def scene(cache):
    return sample_scene(4, "train", 0, kind="views", assets=Assets(cache, "train"))


def test_a_flat_scene_draws_every_light_by_its_power(scene):
    lights, glow = lights_of(scene, np.random.default_rng(0))
    flat = flatten(scene.thing, tuple(light.panels for light in lights), glow)
    assert flat.faces.max() < len(flat.vertices) == len(flat.normals) == len(flat.uv)
    assert len(flat.faces) == len(flat.face_material) == len(flat.face_light)
    corners = flat.vertices[flat.faces].astype(float)
    sides = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    areas = np.linalg.norm(np.cross(*sides), axis=1) / 2
    for number, light in enumerate(lights):
        own = flat.face_light == number
        start, end = flat.light_starts[number : number + 2]
        np.testing.assert_array_equal(np.sort(flat.light_faces[start:end]), np.flatnonzero(own))
        if light.panels:
            assert (flat.face_density * areas)[own].sum() == pytest.approx(1, rel=1e-3)
            wanted = sum(panel.width * panel.height for panel in light.panels)
            assert areas[own].sum() == pytest.approx(wanted, rel=1e-3)
    assert not flat.face_density[flat.face_light == NO_LIGHT].any()
    last = flat.textures.reshape(-1, 3)
    assert (last[:, 0] + last[:, 1] * last[:, 2] <= len(flat.texels)).all()


def test_windows_and_lamps_stand_at_both_sides_of_the_camera(scene):
    lights, _ = lights_of(scene, np.random.default_rng(0))
    for kind in ("window", "lamp"):
        pair = [light for light in lights if light.kind == kind][:2]
        sides = [np.sign(description(light, scene.view)[0]) for light in pair]
        assert sorted(sides) == [-1, 1], kind
    above = description(lights[0], scene.view)
    assert np.linalg.norm(above[:3]) == pytest.approx(1, abs=1e-3)
    assert above[5] < 0 or above[4] != 0


def test_a_third_of_the_views_shows_people():
    names = [furnished.layout_for("views", index).__name__ for index in range(24)]
    people = {layout.__name__ for layout in furnished.TURNS["people"]}
    people |= {layout.__name__ for layout in furnished.TURNS["plain"]}
    assert sum(name in people for name in names) == 8
    assert sum("wide_room" in name for name in names) == 4


def run(*arguments):
    return run_python("-m", "tools.render_views", *arguments)


def run_python(*arguments):
    for package in ("mitsuba", "pyoidn"):
        # Importing it into this process would crash TensorFlow.
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"no {package}")
    command_line = [sys.executable, *arguments]
    return subprocess.run(command_line, cwd=ROOT, capture_output=True, text=True)


def test_the_command_resumes_and_lights_come_from_the_named_side(cache, tmp_path):
    options = ["--output", str(tmp_path), "--assets", str(cache), "--scenes", "2", "--views", "2"]
    options += ["--shard-scenes", "1", "--size", "32x24", "--seed", "4"]
    first = run(*options)
    if "LLVM" in first.stderr:
        pytest.skip("no LLVM")
    assert first.returncode == 0, first.stderr
    assert "CPU-seconds" in first.stderr
    paths = sorted(tmp_path.glob("views_*.npz"))
    assert len(paths) == 2
    kept, lost = paths[0].stat().st_mtime_ns, paths[1].read_bytes()
    paths[1].unlink()
    assert "shard 1 (1/1)" in run(*options).stderr
    assert paths[0].stat().st_mtime_ns == kept
    assert paths[1].read_bytes() == lost
    views = list(read_views(tmp_path))
    assert views
    check_sides(views)
    other = run(*options[:-1], "5")
    assert other.returncode == 2
    assert "was started with --seed 4" in other.stderr


def test_a_later_run_with_more_scenes_finds_every_shard_whole(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(command, "render_views", lambda seed, index, **_: asked.append(index) or [])
    words = f"--output {tmp_path} --assets {tmp_path} --shard-scenes 4 --scenes"
    for scenes in (6, 8):
        options = command.parse_arguments([*words.split(), str(scenes)])
        for number in command.missing_shards(options):
            command.render_shard(options, number)
    assert asked == list(range(8))


TRACING = """
import json, sys
import drjit as dr
import numpy as np
from tools.scenes.rendering import all_lights
from tools.scenes.rendering.flat_scene import flatten
from tools.scenes.scene import sample_scene
from tools.scenes.views.named_lights import lights_of

dr.set_flag(dr.JitFlag.KernelHistory, True)
size, samples = (16, 12), int(sys.argv[2])
all_lights.ASKED_LATER = int(sys.argv[1])
programs, means = [], []
for index in (0, 3):
    scene = sample_scene(4, "train", index)
    lights, glow = lights_of(scene, np.random.default_rng(0))
    flat = flatten(scene.thing, tuple(light.panels for light in lights[:6]), glow)
    world = all_lights.World(flat)
    dr.kernel_history_clear()
    traced = world.trace(scene.view, scene.flash, size, samples=samples, seed=7)
    ran = [kernel for kernel in dr.kernel_history() if kernel["type"] == dr.KernelType.JIT]
    paths = size[0] * size[1] * samples
    programs.append([kernel["hash"] for kernel in ran if kernel["size"] == paths])
    means.append(np.sqrt(traced.lights).mean((1, 2, 3)).tolist())
print(json.dumps([programs, means]))
"""


@functools.cache
def traced(asked_later, samples=512):
    """Return the hashes of the path-tracing kernels for two scenes, and each light's brightness."""
    ran = run_python("-c", TRACING, str(asked_later), str(samples))
    if "LLVM" in ran.stderr:
        pytest.skip("no LLVM")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_all_pictures_of_all_scenes_come_from_one_program_that_runs_once():
    (first, second), _ = traced(3)
    assert len(first) == 1
    assert first == second


def test_lights_that_are_asked_count_for_those_that_are_not():
    for few, all_of_them in zip(traced(3)[1], traced(6)[1], strict=True):
        np.testing.assert_allclose(few, all_of_them, rtol=0.02)


def check_sides(views):
    """Check that surfaces facing right are brighter under the right window than under the left."""
    signs = []
    for view in views:
        windows = {
            side: picture.mean(-1)
            for kind, side, picture in zip(view.kinds, view.sides, view.lights, strict=True)
            if kind == "window" and side
        }
        if set(windows) == {-1, 1}:
            ratio = np.log((windows[1] + 0.05) / (windows[-1] + 0.05))
            signs.append(np.corrcoef(view.normal[..., 0].ravel(), ratio.ravel())[0, 1])
    assert signs and np.mean(signs) > 0.1


def test_a_missing_cache_is_one_line(tmp_path, capsys):
    code = command.main(["--output", str(tmp_path / "a"), "--assets", str(tmp_path / "none")])
    assert code == 1
    assert capsys.readouterr().err.count("\n") == 1
