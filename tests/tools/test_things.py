import numpy as np
import pytest

from tools.scenes.layouts.all_layouts import LAYOUTS
from tools.scenes.scene import is_clear, sample_scene
from tools.scenes.surfaces import textures
from tools.scenes.things import objects, plants, toys
from tools.scenes.things.parts import bounds


@pytest.mark.parametrize("table", [objects.OBJECTS, toys.TOYS, plants.PLANTS])
def test_objects_are_sound_and_stand_on_the_ground(table):
    for name, maker in table.items():
        thing = maker(np.random.default_rng(5))
        low, high = bounds(thing)
        assert -0.05 < low[2] < 0.05, name
        assert 0.02 < (high - low).max() < 2.0, name
        for mesh, _ in thing:
            assert np.isfinite(mesh.vertices).all(), name
            assert mesh.faces.max() < len(mesh.vertices) == len(mesh.uv), name


def test_textures_are_reflectances():
    for name, texture in textures.TEXTURES.items():
        image = texture(np.random.default_rng(1))
        assert image.shape == (textures.SIZE, textures.SIZE, 3), name
        assert image.dtype == np.float32, name
        assert image.min() >= 0 and image.max() <= 1 and image.std() > 0, name


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_have_sound_meshes_and_a_clear_view(name):
    place = list(LAYOUTS).index(name)
    scene = next(
        scene
        for scene in (sample_scene(11, "train", place, attempt) for attempt in range(3))
        if is_clear(scene)
    )
    assert scene.layout == name
    for mesh, material in scene.thing:
        assert np.isfinite(mesh.vertices).all()
        assert mesh.faces.max() < len(mesh.vertices) == len(mesh.uv)
        assert np.min(material.reflectance) >= 0 and np.max(material.reflectance) <= 1
    offsets = np.concatenate([mesh.vertices for mesh, _ in scene.thing]) - scene.view.origin
    ahead = offsets @ scene.view.forward / np.linalg.norm(offsets, axis=1)
    assert (ahead > np.cos(np.radians(scene.view.field_of_view / 2))).any()
