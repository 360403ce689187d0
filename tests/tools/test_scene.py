import numpy as np
import pytest

from tools.scenes.camera import View, clearance, recomposed
from tools.scenes.layouts.all_layouts import LAYOUTS
from tools.scenes.lighting import AMBIENT_SOURCES
from tools.scenes.scene import is_clear, sample_scene

VIEW = View(np.array([0.0, -1.0, 1.0]), np.array([0.0, 0.0, 1.0]), 50.0)


def vertices_of(scene):
    return np.concatenate([mesh.vertices for mesh, _ in scene.thing])


def test_same_place_gives_same_scene():
    first, second = sample_scene(3, "train", 2), sample_scene(3, "train", 2)
    assert np.array_equal(vertices_of(first), vertices_of(second))
    for (_, one), (_, other) in zip(first.thing, second.thing, strict=True):
        assert np.array_equal(one.reflectance, other.reflectance)
    assert np.array_equal(first.flash.position, second.flash.position)
    assert first.seed == second.seed


@pytest.mark.parametrize("place", [(4, "train", 2), (3, "test", 2), (3, "train", 2, 1)])
def test_other_places_give_other_scenes_of_the_same_layout(place):
    first, second = sample_scene(3, "train", 2), sample_scene(*place)
    assert first.layout == second.layout
    assert first.seed != second.seed
    assert not np.array_equal(vertices_of(first), vertices_of(second))


def test_layouts_take_turns():
    names = [sample_scene(0, "train", index).layout for index in range(len(LAYOUTS))]
    assert names == list(LAYOUTS)


def test_every_scene_has_every_source_of_light():
    scene = sample_scene(0, "train", 1)
    assert tuple(scene.ambient) == AMBIENT_SOURCES
    assert 0 < np.linalg.norm(scene.flash.position - scene.view.origin) <= 0.12


def test_unknown_split():
    with pytest.raises(ValueError, match="unknown split 'validation'"):
        sample_scene(0, "validation", 0)


def test_another_lens_keeps_the_target_and_its_size():
    wide = recomposed(VIEW, 70.0)
    half_width = [
        np.linalg.norm(view.target - view.origin) * np.tan(np.radians(view.field_of_view / 2))
        for view in (VIEW, wide)
    ]
    assert half_width[0] == pytest.approx(half_width[1])
    np.testing.assert_allclose(wide.forward, VIEW.forward)
    assert wide.origin[1] > VIEW.origin[1]


def test_a_rolled_camera_keeps_its_axis_and_turns_its_sides():
    rolled = View(VIEW.origin, VIEW.target, VIEW.field_of_view, roll=90.0)
    np.testing.assert_allclose(rolled.forward, VIEW.forward)
    # After a clockwise roll, its right side points down.
    np.testing.assert_allclose(rolled.right, -VIEW.up, atol=1e-12)
    np.testing.assert_allclose(rolled.up, VIEW.right, atol=1e-12)
    assert recomposed(rolled, 70.0).roll == 90.0


def test_clearance_sees_only_what_is_in_front():
    behind, ahead = [0.0, -1.1, 1.0], [0.0, -0.5, 1.0]
    assert clearance(VIEW, np.array([behind])) == np.inf
    assert clearance(VIEW, np.array([behind, ahead])) == pytest.approx(0.5)


def test_scene_with_something_at_the_lens_is_not_clear():
    scene = next(s for s in (sample_scene(0, "train", 5, a) for a in range(9)) if is_clear(s))
    mesh, material = scene.thing[0]
    spot = scene.view.origin + 0.1 * scene.view.forward
    scene.thing.append((mesh.scaled(0, 0, 0).moved(*spot), material))
    assert not is_clear(scene)
