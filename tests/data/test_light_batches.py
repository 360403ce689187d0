"""Training examples from rendered views are functions of the seed, the epoch and a number."""

from dataclasses import replace

import numpy as np
import pytest

from keras_f2a.data.described_lights import mirror_lights
from keras_f2a.data.light_batches import (
    LightDataSettings,
    encoded_views,
    epoch_order,
    steps_in_epoch,
    training_batches,
)
from keras_f2a.data.light_camera import Camera, develop
from keras_f2a.data.light_samples import (
    match_mean,
    plain_sample,
    resized_size,
    training_sample,
)
from keras_f2a.data.light_views import decode_view
from keras_f2a.support.errors import InputError
from keras_f2a.support.srgb import to_linear
from tests.made_up_views import NAMES, made_up_folder, made_up_view


@pytest.fixture
def views(tmp_path):
    return encoded_views(made_up_folder(tmp_path))


def first(batches, count):
    return [next(batches) for _ in range(count)]


def equal(one, other):
    return all(
        np.array_equal(a[name], b[name])
        for part in zip(one, other, strict=True)
        for a, b in [part]
        for name in a
    )


def test_batches_are_a_function_of_seed_and_epoch(views):
    settings = LightDataSettings(batch_size=2, long_side=16)
    steps = steps_in_epoch(views, 2)
    assert steps == 3
    whole = first(training_batches(views, settings, seed=3), 2 * steps)
    later = first(training_batches(views, settings, seed=3, first_epoch=1), steps)
    assert all(equal(*both) for both in zip(whole[steps:], later, strict=True))
    assert not equal(whole[0], whole[steps])
    other = next(training_batches(views, settings, seed=4))
    assert not equal(whole[0], other)


def test_several_processes_make_the_same_batches(views):
    settings = LightDataSettings(batch_size=2, long_side=16)
    alone = first(training_batches(views, settings, seed=3), 5)
    batches = training_batches(views, replace(settings, workers=2), seed=3)
    together = first(batches, 5)
    batches.close()
    assert all(equal(*both) for both in zip(alone, together, strict=True))


def test_every_batch_has_one_shape_and_each_shape_comes_first(views):
    for epoch in range(3):
        order = epoch_order(views, 2, seed=0, epoch=epoch)
        shapes = [{views[i].size for i in batch} for batch in order]
        assert all(len(shape) == 1 for shape in shapes)
        assert shapes[0] != shapes[1]
        assert len({i for batch in order for i in batch}) == 6
    assert epoch_order(views, 2, seed=0, epoch=0) != epoch_order(views, 2, seed=0, epoch=1)


def test_shapes_and_ranges_are_those_of_the_network(views):
    settings = LightDataSettings(batch_size=2, lights=8, long_side=24)
    inputs, targets = next(training_batches(views, settings, seed=0))
    height, width = inputs["flash"].shape[1:3]
    assert sorted((height, width)) == [18, 24]
    assert inputs["lights"].shape == (2, 8, 13)
    assert targets["picture"].shape == (2, 8, height, width, 4)
    assert targets["gain"].shape == (2, 8, height, width, 2)
    assert targets["geometry"].shape == (2, height, width, 4)
    for array in (*inputs.values(), *targets.values()):
        assert array.dtype == np.float32
    assert inputs["flash"].min() >= 0 and inputs["flash"].max() <= 1
    assert targets["picture"].min() >= 0 and targets["picture"].max() <= 1
    assert targets["gain"].min() >= 0 and targets["gain"].max() <= 1


class Scripted:
    """Stand-in for a random generator with scripted draws for crop and flip, and without noise."""

    def __init__(self, flip):
        noise = [0.9, 0.0]
        self.draws = iter([0.9, np.zeros(2), 0.9, 0.0 if flip else 0.9, *noise, *noise])

    def permutation(self, count):
        return np.arange(count)

    def random(self, count=None):
        return next(self.draws)

    def uniform(self, low, high):
        return (low + high) / 2

    def normal(self, mean=0.0, deviation=1.0, size=None):
        return mean if size is None else np.zeros(size)

    def dirichlet(self, weights):
        return weights / weights.sum()

    def standard_normal(self, shape, dtype):
        return np.zeros(shape, dtype)


def test_a_mirrored_view_has_its_light_mirrored():
    kind = {"lights": len(NAMES), "long_side": 32, "zoom": (0.6, 1.0)}
    as_is = training_sample(made_up_view(1), Scripted(False), **kind)
    mirror = training_sample(made_up_view(1), Scripted(True), **kind)
    np.testing.assert_array_equal(mirror.flash, as_is.flash[:, ::-1])
    np.testing.assert_array_equal(mirror.pictures, as_is.pictures[:, :, ::-1])
    np.testing.assert_array_equal(mirror.mixed, as_is.mixed[:, ::-1])
    np.testing.assert_array_equal(mirror.lights, mirror_lights(as_is.lights))
    np.testing.assert_array_equal(mirror.geometry[..., 0], -as_is.geometry[:, ::-1, 0])
    np.testing.assert_array_equal(mirror.geometry[..., 1:], as_is.geometry[:, ::-1, 1:])
    # A horizontal step is stored at its left pixel, which is the other pixel in the mirror image.
    np.testing.assert_array_equal(mirror.plain[:, :, :-1, 0], as_is.plain[:, :, -2::-1, 0])
    np.testing.assert_array_equal(mirror.plain[..., 1], as_is.plain[:, :, ::-1, 1])
    assert as_is.plain[:, :, -1, 0].max() == mirror.plain[:, :, -1, 0].max() == 0


def test_lights_from_the_left_brighten_the_left():
    sample = plain_sample(made_up_view(1), 32)
    halves = {}
    for name, picture in zip(NAMES, sample.pictures[..., :3], strict=True):
        halves[name] = picture[:, :16].mean() - picture[:, 16:].mean()
    assert halves["lamp-left"] > 0.05 and halves["window-left"] > 0.05
    assert halves["lamp-right"] < -0.05 and halves["window-right"] < -0.05


def test_targets_have_the_photographs_mean():
    sample = plain_sample(made_up_view(1), 32)
    wanted = to_linear(sample.flash).mean((0, 1))
    for picture in sample.pictures[..., :3]:
        np.testing.assert_allclose(to_linear(picture).mean((0, 1)), wanted, rtol=0.05)


def test_a_target_that_is_black_stays_so():
    black = np.zeros((4, 4, 3), np.float32)
    np.testing.assert_array_equal(match_mean(black, np.full_like(black, 0.5)), black)


def test_edges_are_not_plain():
    sample = plain_sample(made_up_view(1), 32)
    rows, columns = sample.plain.shape[1:3]
    assert (columns, rows) == (32, 24)
    # The left edge is wall. The middle row crosses the ball's outline.
    wall, outline = sample.plain[:, :, :2], sample.plain[:, rows // 2, :, 0]
    assert np.median(wall) > 0.5
    assert outline.min(axis=-1).max() < 0.2


def test_a_close_face_before_a_dark_wall_is_not_burned_out():
    radiance = np.full((30, 40, 3), 0.002, np.float32)
    radiance[:, 10:30] = 6.0 * np.linspace(0.5, 1, 20)[None, :, None]
    radiance[:, 15:25] += 1
    assert (develop(radiance, Camera()) > 0.995).mean() < 0.2


def test_sections_and_sizes_follow_the_settings(views):
    assert resized_size(views[0], 16) == (12, 16) and resized_size(views[1], 16) == (16, 12)
    rng = np.random.default_rng(0)
    sample = training_sample(views[1], rng, lights=2, long_side=16, zoom=(0.5, 0.5))
    assert sample.flash.shape == (12, 16, 3)


def test_a_number_of_scenes_may_be_chosen(tmp_path):
    folder = made_up_folder(tmp_path)
    assert [view.record["scene"] for view in encoded_views(folder, scenes=2)] == [0, 1]
    assert [view.record["scene"] for view in encoded_views(folder, "held_out")] == [6, 7]


def test_too_few_views_are_an_error(tmp_path, views):
    with pytest.raises(
        InputError, match="batch_size=5: the 6 views do not fill a batch of one shape"
    ):
        steps_in_epoch(views, 5)
    made_up_folder(tmp_path / "none", training=0, held_out=1)
    with pytest.raises(InputError, match="has no views of the split train"):
        encoded_views(str(tmp_path / "none"))


def test_mixed_photographs_have_any_share_of_flash_and_often_none(views):
    settings = LightDataSettings(batch_size=2, long_side=16)
    batches = first(training_batches(views, settings, seed=0), 60)
    shares = np.concatenate([targets["flash_share"] for _, targets in batches])
    assert (shares[:, 0] == 1).all()
    assert 0.4 < (shares[:, 1] == 0).mean() < 0.6
    some = shares[:, 1][shares[:, 1] > 0]
    assert some.min() < 0.1
    assert some.max() > 0.9
    for inputs, _ in batches[:3]:
        assert inputs["mixed"].shape == inputs["flash"].shape
        assert inputs["mixed"].min() >= 0
        assert inputs["mixed"].max() <= 1


def test_a_plain_sample_s_mixed_photograph_has_all_lights_and_no_flash():
    view = made_up_view(0)
    sample = plain_sample(view, 32)
    np.testing.assert_array_equal(sample.flash_shares, [1, 0])
    lit = decode_view(view, size=(32, 24)).lights.mean(axis=0)
    np.testing.assert_allclose(sample.mixed, develop(lit, Camera()), atol=1e-6)
