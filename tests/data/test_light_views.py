"""Views under described lights are written and read back."""

import numpy as np
import pytest

from keras_f2a.data.light_numbers import LIGHT_NUMBERS, PLACE_NUMBERS, describe_light
from keras_f2a.data.light_shards import read_views, write_shard
from keras_f2a.data.light_views import encode_view
from keras_f2a.support.errors import InputError


def smooth(height, width, low, high):
    y, x = np.mgrid[:height, :width] / max(height, width)
    return (low + (high - low) * (0.6 * x + 0.4 * y))[..., None].repeat(3, -1)


def view(scene, split="train", shape=(24, 32), x=-0.8):
    numbers = [x, 0.6, 0.0, 0.1, 0.5, -0.5, 0.1, -1.0, 0.0]
    return encode_view(
        metadata={"scene": scene, "view": 0, "split": split, "layout": "portrait"},
        flash=smooth(*shape, 0.5, 2),
        lights=[("window", numbers, smooth(*shape, 4, 1)), ("room", numbers, smooth(*shape, 1, 2))],
        normal=np.broadcast_to(np.array([0.6, 0.0, 0.8]), (*shape, 3)),
        distance=smooth(*shape, 1, 4)[..., 0],
        subject_distance=2.0,
    )


def test_a_view_comes_back_in_linear_light(tmp_path):
    write_shard(tmp_path / "views_00000.npz", [view(3), view(4, shape=(32, 24), x=0.8)])
    first, second = read_views(tmp_path)
    assert (first.scene, second.scene) == (3, 4)
    assert second.flash.shape == (32, 24, 3)
    wanted = smooth(24, 32, 4, 1)
    assert first.lights.shape == (2, 24, 32, 3)
    np.testing.assert_allclose(first.lights[0], wanted / wanted.mean(), rtol=0.08, atol=0.03)
    assert first.flash.mean() == pytest.approx(1, abs=1e-3)
    np.testing.assert_allclose(first.normal[12, 16], [0.6, 0, 0.8], atol=0.03)
    near = 2.0 / smooth(24, 32, 1, 4)[..., :1]
    np.testing.assert_allclose(first.inverse_depth, near, rtol=0.08, atol=0.03)
    assert first.kinds == ("window", "room")
    assert first.sides == (-1, 0) and second.sides == (1, 0)
    assert first.descriptions.shape == (2, LIGHT_NUMBERS)
    assert first.descriptions[0, PLACE_NUMBERS:].tolist() == [0, 1, 0, 0]


def test_scenes_kept_for_tests_are_apart(tmp_path):
    write_shard(tmp_path / "views_00000.npz", [view(0), view(19, "test"), view(20)])
    assert [one.scene for one in read_views(tmp_path)] == [0, 20]
    assert [one.scene for one in read_views(tmp_path, "held_out")] == [19]


def test_what_is_wrong_is_said_in_one_line(tmp_path):
    with pytest.raises(InputError, match="has no views"):
        list(read_views(tmp_path))
    write_shard(tmp_path / "views_00000.npz", [view(0)])
    with pytest.raises(InputError, match="'valid' is unknown"):
        list(read_views(tmp_path, "valid"))
    path = tmp_path / "views_00000.npz"
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(InputError, match="views_00000.npz: is damaged"):
        list(read_views(tmp_path))


@pytest.mark.parametrize(
    "change",
    [
        {"records": b"5"},
        {"records": b"[5]"},
        {"records": b'[{"lights": 5, "split": "train"}]'},
        {"records": b'[{"lights": [5, 6], "split": "train", "scene": 0, "nearest": 1}]'},
        {"ends": [3]},
        {"ends": 7},
    ],
)
def test_records_of_another_form_are_damage(tmp_path, change):
    path = tmp_path / "views_00000.npz"
    write_shard(path, [view(0)])
    with np.load(path) as stored:
        arrays = dict(stored)
    for name, content in change.items():
        is_text = isinstance(content, bytes)
        arrays[name] = np.frombuffer(content, np.uint8) if is_text else np.array(content)
    np.savez(path, **arrays)
    with pytest.raises(InputError, match="views_00000.npz: is damaged"):
        list(read_views(tmp_path))


def test_a_description_tells_left_from_right():
    left = describe_light(np.array([-0.9, 0, 0, 0, 1, 0, 0, -1, 0]), "lamp")
    right = describe_light(np.array([0.9, 0, 0, 0, -1, 0, 0, -1, 0]), "lamp")
    assert left[0] == -right[0] != 0
    assert left.dtype == np.float32
