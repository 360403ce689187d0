"""The placed-light network runs its decoder once for each light, at any image size."""

import keras
import numpy as np
import pytest

from keras_f2a.data.described_lights import NAMED, describe_direction
from keras_f2a.data.light_numbers import LIGHT_NUMBERS
from keras_f2a.models import PlacedLight
from keras_f2a.models.light_layers import Modulate, Positions


@pytest.fixture(scope="module")
def network():
    """Return a network with random weights, so that its lights have an effect."""
    model = PlacedLight(width=0.1)
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(0, 0.2, weight.shape) for weight in model.get_weights()])
    return model


def tensors(rng, size=(24, 32), lights=3, batch=2):
    flash = rng.uniform(size=(batch, *size, 3)).astype("float32")
    told = rng.normal(size=(batch, lights, 13)).astype("float32")
    return [keras.ops.convert_to_tensor(one) for one in (flash, told)]


def test_the_network_takes_what_is_told_of_a_light():
    """Data and networks cannot share the constant, because networks know nothing about the data."""
    told = describe_direction(NAMED["room"])
    assert PlacedLight(width=0.1).inputs[1].shape[-1] == len(told) == LIGHT_NUMBERS


def test_size_at_full_width():
    assert PlacedLight().count_params() == 1_342_572
    assert PlacedLight(geometry=False).count_params() == 1_331_612


@pytest.mark.parametrize("size", [(24, 32), (37, 29), (5, 7)])
def test_any_size_and_number_of_lights(network, rng, size):
    for lights in (1, 4):
        answer = network(tensors(rng, size, lights))
        assert answer["gain"].shape == (2, lights, *size, 1)
        assert answer["geometry"].shape == (2, *size, 4)
        assert np.abs(answer["gain"]).max() < np.log(10)
        np.testing.assert_allclose(
            np.linalg.norm(answer["geometry"][..., :3], axis=-1), 1, atol=0.02
        )
        assert np.min(answer["geometry"][..., 3]) > 0


@pytest.mark.parametrize("dtype", ["float32", "mixed_bfloat16", "mixed_float16"])
def test_half_precision_does_not_round_what_is_told_of_a_light(rng, dtype):
    model = PlacedLight(width=0.1, dtype=dtype)
    flash, lights = tensors(rng)
    standardized = keras.Model(model.inputs, model.get_layer("light_standardize").output)
    expected = (np.asarray(lights) - model.light_center) / model.light_scale
    np.testing.assert_allclose(
        np.asarray(standardized([flash, lights])), expected.reshape(-1, 13), atol=1e-5
    )


def test_changes_nothing_before_training(rng):
    answer = PlacedLight(width=0.1)(tensors(rng))
    assert np.abs(answer["gain"]).max() == 0


def test_a_light_is_answered_alike_alone_and_among_others(network, rng):
    flash, lights = tensors(rng)
    together = network([flash, lights])["gain"]
    for number in range(3):
        alone = network([flash, lights[:, number : number + 1]])["gain"]
        np.testing.assert_allclose(alone[:, 0], together[:, number], atol=1e-4)
    assert np.abs(together[:, 0] - together[:, 1]).max() > 0.01


def test_encoder_once_and_decoder_for_each_light_give_the_same(network, rng):
    flash, lights = tensors(rng)
    features = network.encoder()(flash)["features"]
    assert len(features) == 4
    for number in range(3):
        gain = network.decoder()([*features, lights[:, number]])
        np.testing.assert_allclose(gain, network([flash, lights])["gain"][:, number], atol=1e-4)
    # The decoder shares the network's weights.
    assert network.decoder().count_params() + network.encoder().count_params() < (
        network.count_params()
    )


@pytest.mark.parametrize("reduction", [2, 4])
def test_a_reduced_network_sees_a_large_photograph_as_a_small_one(network, rng, reduction):
    flash, lights = tensors(rng)
    large = keras.ops.repeat(keras.ops.repeat(flash, reduction, axis=1), reduction, axis=2)
    reduced = network.reduced(reduction)
    answer, small = reduced([large, lights]), network([flash, lights])
    assert answer["gain"].shape == (2, 3, 24 * reduction, 32 * reduction, 1)
    assert answer["geometry"].shape == (2, 24 * reduction, 32 * reduction, 4)
    back = np.asarray(answer["gain"]).reshape(2, 3, 24, reduction, 32, reduction).mean((3, 5))
    # After upsampling and averaging, a gain keeps everything except its sharpest edges.
    wanted = np.asarray(small["gain"])[..., 0]
    assert np.abs(back - wanted).mean() < 0.2 * np.abs(wanted - wanted.mean()).mean()
    features = reduced.encoder()(large)["features"]
    assert features[0].shape[1:3] == (24, 32)
    alone = reduced.decoder()([*features, lights[:, 0]])
    np.testing.assert_allclose(alone, answer["gain"][:, 0], atol=1e-4)
    odd = reduced([large[:, :-3, 5:], lights])["gain"]
    assert odd.shape == (2, 3, 24 * reduction - 3, 32 * reduction - 5, 1)


def test_tells_the_flash_s_share_where_it_is_asked_to(rng):
    flash, lights = tensors(rng)
    network = PlacedLight(width=0.1, tells_flash=True)
    share = network([flash, lights])["flash_share"]
    assert share.shape == (2, 1)
    assert 0 < np.min(share) <= np.max(share) < 1
    np.testing.assert_allclose(network.encoder()(flash)["flash_share"], share, atol=1e-6)
    np.testing.assert_allclose(network.flash_reader()(flash), share, atol=1e-6)
    assert network.reduced(2).tells_flash
    silent = PlacedLight(width=0.1)
    assert set(silent.encoder()(flash)) == {"features"}
    with pytest.raises(ValueError, match="does not tell the flash's share"):
        silent.flash_reader()


def test_learns_which_side_the_light_comes_from(rng):
    """One description brightens the left side, the other the right side."""
    keras.utils.set_random_seed(1)
    model = PlacedLight(width=0.1, geometry=False)
    flash, _ = tensors(rng, (16, 16), batch=4)
    lights = np.zeros((4, 2, 13), "float32")
    lights[:, 0, 0], lights[:, 1, 0] = -0.9, 0.9
    ramp = np.linspace(0.5, -0.5, 16, dtype="float32")[None, None, None, :, None]
    wanted = np.broadcast_to(np.concatenate([ramp, -ramp], axis=1), (4, 2, 16, 16, 1))
    model.compile(keras.optimizers.Adam(1e-2), {"gain": "mae"})
    lost = model.fit([flash, lights], {"gain": wanted}, epochs=60, verbose=0).history["loss"]
    assert lost[-1] < 0.4 * lost[0]
    gain = np.asarray(model([flash, keras.ops.convert_to_tensor(lights)])["gain"])
    left = gain[..., :8, 0].mean(axis=(2, 3)) - gain[..., 8:, 0].mean(axis=(2, 3))
    assert (left[:, 0] > 0.1).all() and (left[:, 1] < -0.1).all()


def test_normalization_is_stored_with_the_model(network, rng, tmp_path):
    center, scale = tuple(rng.normal(size=13)), tuple(rng.uniform(0.5, 2, 13))
    other = PlacedLight(width=0.1, light_center=center, light_scale=scale)
    other.set_weights(network.get_weights())
    flash, lights = tensors(rng)
    own = PlacedLight().get_config()
    same = (lights - center) / scale * own["light_scale"] + own["light_center"]
    np.testing.assert_allclose(
        other([flash, lights])["gain"],
        network([flash, keras.ops.cast(same, "float32")])["gain"],
        atol=1e-3,
    )
    other.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert again.light_center == center and again.light_scale == scale


def test_positions_are_mirrored_by_a_mirror(rng):
    right_and_down = np.asarray(Positions()(np.zeros((1, 3, 4, 2), "float32")))[0]
    np.testing.assert_allclose(right_and_down[0, :, 0], [-0.75, -0.25, 0.25, 0.75])
    np.testing.assert_allclose(right_and_down[:, 0, 1], [-0.5, 0, 0.5])


def test_modulation_scales_and_shifts():
    features = np.ones((1, 1, 2, 2), "float32")
    lit = Modulate()([features, np.array([[1, 0, 5, -1]], "float32")])
    np.testing.assert_allclose(lit, [[[[7, 0], [7, 0]]]])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"width": 0}, "width must be positive"),
        ({"light_center": (0,) * 12}, "light_center must be 13 finite numbers"),
        ({"light_center": (float("nan"),) * 13}, "light_center must be 13 finite numbers"),
        ({"light_scale": (0,) * 13}, "light_scale must be positive"),
        ({"reduction": 3}, r"reduction must be one of \(1, 2, 4\), not 3"),
        ({"reduction": 10**9}, "reduction must be one of"),
    ],
)
def test_arguments_out_of_range_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        PlacedLight(**given)
