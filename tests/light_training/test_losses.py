"""Losses and scores of placed light match values computed by hand."""

import ast
from pathlib import Path

import numpy as np
import pytest

import keras_f2a
from keras_f2a.light_training.compiled_model import build_compiled_model, build_network
from keras_f2a.light_training.losses import GeometryLoss, PictureLoss, SmoothnessLoss, relight
from keras_f2a.light_training.scores import light_names, score
from keras_f2a.light_training.settings import LightTrainingSettings
from keras_f2a.models import PlacedLight
from keras_f2a.support.errors import InputError
from keras_f2a.support.srgb import from_linear, to_linear
from tests.made_up_views import made_up_view

PACKAGE = Path(keras_f2a.__file__).parent


def test_a_gain_shines_in_linear_light_at_the_photographs_mean(rng):
    flash = rng.uniform(0.1, 0.6, (2, 8, 8, 3)).astype("float32")
    log_gain = rng.normal(0, 0.3, (2, 3, 8, 8, 1)).astype("float32")
    found = np.asarray(relight(flash, log_gain))
    wanted = to_linear(flash)[:, None] * np.exp(log_gain)
    wanted *= to_linear(flash).mean((1, 2, 3))[:, None, None, None, None] / wanted.mean(
        (2, 3, 4), keepdims=True
    )
    np.testing.assert_allclose(found, from_linear(np.minimum(wanted, 1)), atol=2e-3)
    # The overall brightness does not matter.
    np.testing.assert_allclose(relight(flash, log_gain + 1), found, atol=1e-4)
    unchanged = relight(flash, np.zeros_like(log_gain))
    np.testing.assert_allclose(unchanged, np.repeat(flash[:, None], 3, 1), atol=1e-3)


def test_a_constant_error_has_no_gradient():
    target = np.full((2, 1, 8, 8, 4), 0.5, "float32")
    target[..., 3] = 1
    result = np.full((2, 1, 8, 8, 3), 0.7, "float32")
    for weight in (0.0, 1.0):
        assert float(PictureLoss(weight)(target, result)) == pytest.approx(0.2, abs=1e-6)


def test_gradients_count_at_two_scales():
    target = np.zeros((1, 1, 8, 8, 4), "float32")
    target[..., 3] = 1
    result = np.zeros((1, 1, 8, 8, 3), "float32")
    result[..., 4:, :] = 0.8
    # One step of 0.8 in 7 columns, and one in the single step between two coarse columns.
    assert float(PictureLoss(1.0)(target, result)) == pytest.approx(0.4 + 0.8 / 7 + 0.8, abs=1e-5)


def test_a_pixel_without_weight_does_not_count():
    target = np.zeros((1, 1, 8, 8, 4), "float32")
    assert float(PictureLoss(1.0)(target, np.ones((1, 1, 8, 8, 3), "float32"))) == 0


def test_the_gain_may_change_at_edges_alone():
    gain = np.zeros((1, 1, 4, 4, 1), "float32")
    gain[..., 2:, :] = 1
    plain = np.ones((1, 1, 4, 4, 2), "float32")
    assert float(SmoothnessLoss()(plain, gain)) == pytest.approx(1 / 3)
    plain[..., 1, 0] = 0  # the steps from the second column to the third
    assert float(SmoothnessLoss()(plain, gain)) == 0
    rows = gain.transpose(0, 1, 3, 2, 4)
    assert float(SmoothnessLoss()(plain, rows)) == pytest.approx(1 / 3)


def test_geometry_counts_where_something_is():
    target = np.zeros((1, 2, 2, 4), "float32")
    target[..., 2] = 1
    result = np.zeros_like(target)
    assert float(GeometryLoss()(target, result)) == 0
    target[0, 0, 0, 3] = 5
    # Of 16 numbers, the normal's third component is off by 1, and the clipped depth by 3.
    assert float(GeometryLoss()(target, result)) == pytest.approx(4 / 16)


def test_what_learns_is_the_network(rng):
    settings = LightTrainingSettings(width=0.1)
    network = build_network(settings)
    model = build_compiled_model(network, settings, 10)
    assert {id(v) for v in model.trainable_variables} == {
        id(v) for v in network.trainable_variables
    }
    assert set(model.output) == {"gain", "picture", "geometry", "flash_share"}
    without = build_network(LightTrainingSettings(width=0.1, geometry_weight=0.0, flash_weight=0.0))
    assert not without.geometry
    assert not without.tells_flash
    assert set(build_compiled_model(without, settings, 10).output) == {"gain", "picture"}


class Ramp:
    """Stand-in for a network: light from the left brightens the left side, or the right side."""

    tells_flash = False

    def __init__(self, sign):
        self.sign = sign

    def predict_on_batch(self, inputs):
        flash, lights = inputs
        height, width = flash.shape[1:3]
        ramp = np.linspace(-1, 1, width, dtype="float32")[None, None, None, :, None]
        gain = self.sign * lights[:, :, :1, None, None] * ramp
        return {"gain": np.broadcast_to(gain, (1, lights.shape[1], height, width, 1))}


def test_scores_tell_right_from_wrong_for_each_light():
    views = [made_up_view(1), made_up_view(2)]
    right, wrong = score(Ramp(0.5), views, 32), score(Ramp(-0.5), views, 32)
    assert (right["sides"], wrong["sides"]) == (1.0, 0.0)
    assert right["number/sides"] == 4
    for name in ("window-left", "window-right", "lamp-left", "lamp-right"):
        assert right[f"gain_db/{name}"] > 0.3 > -0.3 > wrong[f"gain_db/{name}"]
        assert right[f"number/{name}"] == 2
    assert right["gain_db/room"] == pytest.approx(0, abs=0.01)
    assert right["number"] == 12
    unchanged = score(PlacedLight(width=0.1), views, 32)
    assert unchanged["gain_db"] == pytest.approx(0, abs=1e-3)


def test_nothing_to_score_is_an_error():
    with pytest.raises(InputError, match="there is no light to score; give `views`"):
        score(Ramp(0.5), [], 32)


def test_a_light_is_named_by_kind_and_side():
    assert light_names(made_up_view(1, names=("lamp-right", "room", "window-left"))) == [
        "lamp-right",
        "room",
        "window-left",
    ]


def test_nothing_on_the_way_needs_tensorflow():
    """Keras's other backends can train it. Imports inside functions are for special cases."""
    waiting = ["light_training/compiled_model.py", "light_training/scores.py"]
    waiting += ["runs/light_run.py", "data/light_batches.py", "models/placed_light.py"]
    seen = set()
    while waiting:
        name = waiting.pop()
        if name in seen or not (PACKAGE / name).is_file():
            continue
        seen.add(name)
        for node in ast.parse((PACKAGE / name).read_text()).body:
            modules = [alias.name for alias in getattr(node, "names", [])]
            modules += [getattr(node, "module", None) or ""]
            assert not any(module.split(".")[0] == "tensorflow" for module in modules), name
            if isinstance(node, ast.ImportFrom) and node.module.startswith("keras_f2a"):
                waiting.append("/".join(node.module.split(".")[1:]) + ".py")
    assert "models/image_layers.py" in seen and "runs/light_checkpoint.py" in seen
