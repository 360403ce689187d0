"""Scenes with models and people."""

import numpy as np
import pytest

from tools.assets.whitelist import kinds_for
from tools.scenes.layouts import furnished
from tools.scenes.scene import is_clear, sample_scene
from tools.scenes.things.models import Assets, load_model


@pytest.fixture(scope="module")
def assets(cache):
    return Assets(cache, "train")


PLACES = [
    (kind, turns.index(layout))
    for kind, turns in furnished.TURNS.items()
    if kind != "procedural"
    for layout in dict.fromkeys(turns)
]


@pytest.mark.parametrize(("kind", "number"), PLACES)
def test_layouts_have_sound_meshes_and_a_clear_view(assets, kind, number):
    attempts = (
        sample_scene(11, "train", number, attempt, kind=kind, assets=assets) for attempt in range(4)
    )
    scene = next(scene for scene in attempts if is_clear(scene))
    assert scene.layout == furnished.TURNS[kind][number].__name__
    for mesh, material in scene.thing:
        assert np.isfinite(mesh.vertices).all()
        assert mesh.faces.max() < len(mesh.vertices) == len(mesh.uv)
        assert mesh.normals is None or mesh.normals.shape == mesh.vertices.shape
        assert np.min(material.reflectance) >= 0 and np.max(material.reflectance) <= 1
    below = min(mesh.vertices[:, 2].min() for mesh, _ in scene.thing)
    assert below > -0.25


def test_a_scene_depends_on_its_place_alone(assets):
    first, again = (sample_scene(1, "train", 4, kind="models", assets=assets) for _ in range(2))
    other = sample_scene(2, "train", 4, kind="models", assets=assets)
    for (one, material), (two, same) in zip(first.thing, again.thing, strict=True):
        np.testing.assert_array_equal(one.vertices, two.vertices)
        np.testing.assert_array_equal(material.reflectance, same.reflectance)
    assert first.seed == again.seed != other.seed


def test_windows_and_the_rest_of_the_room_show_panoramas(assets):
    scene = sample_scene(0, "train", 0, kind="models", assets=assets)
    for source in ("window", "room"):
        picture = scene.ambient[source][0].picture
        np.testing.assert_allclose(picture.mean((0, 1)), 1, rtol=1e-3)
        assert picture.std() > 0.1


def test_test_scenes_show_no_model_of_training_scenes(cache):
    seen = {
        split: {key for keys in kinds_for(split).values() for key in keys}
        for split in ("train", "test")
    }
    assert seen["train"] and seen["test"]
    assert not seen["train"] & seen["test"]
    pictures = {split: set(Assets(cache, split).photographs) for split in ("train", "test")}
    assert not pictures["train"] & pictures["test"]


def test_mixed_scenes_take_all_kinds_in_turn():
    names = [furnished.layout_for("mixed", index).__name__ for index in range(40)]
    own = {kind: [layout.__name__ for layout in turns] for kind, turns in furnished.TURNS.items()}
    people = [name for name in names if name in own["people"]]
    assert people == (own["people"] * 2)[: len(people)] and len(people) == 8
    assert sum(name in own["procedural"] for name in names) >= 8


def test_a_kind_that_needs_assets_says_so():
    with pytest.raises(ValueError, match="'people' need assets"):
        sample_scene(0, "train", 0, kind="people")
    with pytest.raises(ValueError, match="unknown kind 'cats'"):
        furnished.layout_for("cats", 0)


def test_a_missing_model_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="run tools.scene_assets"):
        Assets(tmp_path, "train")


def test_a_model_is_as_large_as_its_catalog_says_and_stands_on_the_ground(cache):
    model = load_model(cache / "models" / "Scopia" / "table4.npz")
    vertices = np.concatenate([mesh.vertices for mesh in model.meshes])
    np.testing.assert_allclose(vertices.min(0), [-0.7, -0.4, 0], atol=1e-5)
    np.testing.assert_allclose(vertices.max(0), [0.7, 0.4, 0.75], atol=1e-5)
    assert [surface["name"] for surface in model.surfaces] == ["wood", "plain"]
    assert model.pictures[0].shape == (4, 6, 3)
